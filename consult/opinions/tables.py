"""A map in figures: all statements, by group, municipality and kind of organisation; what is small is kept back."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.charts import Column, Row, Table
from consult.core.disclosure import MINIMUM
from consult.core.languages import Localized, everywhere
from consult.mapping.counts import interval
from consult.opinions import queries
from consult.opinions.concord import BASE
from consult.opinions.models import Conversation, Statement
from consult.processes import queries as processes


def of_map(conversation: Conversation, content: dict[str, Any], found: Mapping[int, Statement]) -> list[Table]:
    """The tables of a map; a statement stands in its words where `found` has it, else by its code."""
    if not content["statements"]:
        return []
    labels = [_label(one, found.get(one["id"])) for one in content["statements"]]
    towns = {town.id: Localized.of(town.name) for town in processes.municipalities(conversation.phase.process)}
    places = [towns.get(id or 0, everywhere(_l("Elsewhere or not stated"))) for id in content["municipalities"]["ids"]]
    kinds = queries.category_names(content["categories"]["ids"])
    groups = [*(everywhere(_l("Group %(letter)s", letter=letter)) for letter in content["letters"]),
              everywhere(_l("In no group"))]
    return [
        _all(content, labels), *_plane(content),
        *(_by("groups", _l("Who agrees, by group"), _l("Who disagrees, by group"), labels, groups, content["groups"])
          if content["letters"] else ()),
        *(_by("municipalities", _l("Who agrees, by municipality"), _l("Who disagrees, by municipality"), labels, places,
              content["municipalities"]) if len(places) > 1 else ()),
        *(_by("categories", _l("Which organisations agree, by kind"), _l("Which organisations disagree, by kind"),
              labels, kinds, content["categories"]) if len(kinds) > 1 else ())]


def _label(one: Mapping[str, Any], statement: Statement | None) -> Localized:
    return Localized.of(f"{one['code']}: {statement.text}" if statement else one["code"])


def _all(content: dict[str, Any], labels: Sequence[Localized]) -> Table:
    rows = []
    for label, one in zip(labels, content["statements"], strict=True):
        agreed, disagreed, passed = one["counts"]
        total = agreed + disagreed + passed
        sure = [round(float(end), 4) for end in interval(agreed, total)] if total >= BASE else (None, None)
        figures = (agreed, disagreed, passed, total, *sure)
        rows.append(Row(label=label, values=figures if total >= MINIMUM else (None,) * len(figures)))
    return Table(code="statements", caption=everywhere(_l("How each statement was answered")),
                 heading=everywhere(_l("Statement")), rows=tuple(rows),
                 columns=(*_columns(_l("Agree"), _l("Disagree"), _l("Pass"), _l("Answers")), *(
                     Column(label=everywhere(label), unit="share") for label in (
                         _l("Agree, at least (95 percent interval)"), _l("Agree, at most (95 percent interval)")))))


def _plane(content: dict[str, Any]) -> list[Table]:
    """What the drawing shows, as a table."""
    if not content["letters"]:
        return []
    rows = [Row(label=everywhere(_l("Group %(letter)s", letter=letter)), values=(size, size / content["participants"]))
            for letter, size in zip(content["letters"], content["sizes"], strict=True)]
    return [Table(code="sizes", caption=everywhere(_l("How large the groups are")), heading=everywhere(_l("Group")),
                  columns=(Column(label=everywhere(_l("People and organisations"))),
                           Column(label=everywhere(_l("Share of those who answered")), unit="share")),
                  rows=tuple(rows), chart=True)]


def _by(code: str, agreeing: LazyString, disagreeing: LazyString, labels: Sequence[Localized],
        names: Sequence[Localized], cells: Mapping[str, Any]) -> list[Table]:
    heading, total = everywhere(_l("Statement")), everywhere(_l("Total"))
    columns = (*(Column(label=name) for name in names), Column(label=total))
    made = []
    for answer, caption in (("agreed", agreeing), ("disagreed", disagreeing)):
        lines = zip(labels, cells[answer], cells[f"{answer}_all"], strict=True)
        made.append(Table(code=f"{code}-{answer}", caption=everywhere(caption), heading=heading, columns=columns,
                          rows=tuple(Row(label=label, values=(*shown, whole)) for label, shown, whole in lines)))
    return made


def _columns(*labels: LazyString) -> tuple[Column, ...]:
    return tuple(Column(label=everywhere(label)) for label in labels)
