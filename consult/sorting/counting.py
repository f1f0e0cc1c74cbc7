"""The tags that count, as tables: in how many contributions each was found, in all, by municipality and by category.

What people write is public together with where they live and for whom they speak, so nothing of it is kept back, as
in the results of calls; who supported it is not counted here.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Organisation
from consult.contributions.models import Contribution
from consult.core.charts import Column, Row, Table
from consult.core.db import db, table
from consult.core.languages import Localized, everywhere
from consult.crossings.queries import categories
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.sorting.corpus import lying_there
from consult.sorting.models import DECIDED, Tag, TagFound, TagReading

NOWHERE = 0
"""Stands for people of no municipality of the percorso, and for organisations of no category."""
CITIZENS = -1
"""Stands for people who speak for themselves."""
NO_TAG = 0
Cells = Mapping[int, Counter[int]]
"""By tag and by place or category: how many contributions."""

METHOD = _l("Two people read each contribution without knowing what the other found; where they differed it was "
            "decided. In one contribution several tags can be found, so shares add up to more than the whole. What "
            "people write is public with their municipality, so no figure is kept back.")


def by_place(process: Process) -> Cells:
    """How many contributions hold each tag by municipality; under no tag those that were read and hold none."""
    return _counted(process, sa.func.coalesce(Contribution.municipality_id, NOWHERE))


def by_category(process: Process) -> Cells:
    """The same by category of the organisation they are in the name of."""
    own = table(Organisation)
    said = sa.case((Contribution.organisation_id.is_(None), CITIZENS), else_=sa.func.coalesce(
        sa.select(own.c.category_id).where(own.c.id == Contribution.organisation_id).scalar_subquery(), NOWHERE))
    return _counted(process, said)


def _counted(process: Process, by: sa.ColumnElement[Any]) -> Cells:
    cells: dict[int, Counter[int]] = defaultdict(Counter)
    found = sa.select(TagFound.tag_id, by, sa.func.count()).select_from(TagFound).join(
        Contribution, Contribution.id == TagFound.contribution_id).where(
        TagFound.seat == DECIDED, lying_there(process)).group_by(TagFound.tag_id, by)
    none = sa.select(by, sa.func.count()).select_from(TagReading).join(
        Contribution, Contribution.id == TagReading.contribution_id).where(
        TagReading.seat == DECIDED, lying_there(process), ~sa.exists().where(
            TagFound.contribution_id == TagReading.contribution_id, TagFound.seat == DECIDED)).group_by(by)
    for tag_id, place, number in db.session.execute(found):
        cells[tag_id][place] += number
    for place, number in db.session.execute(none):
        cells[NO_TAG][place] += number
    return cells


def tables(process: Process, tags: Sequence[Tag], *, contributions: int, counting: int) -> list[Table]:
    """The three tables: five queries, however many contributions and tags there are."""
    places, kinds = by_place(process), by_category(process)
    towns = {town.id: Localized.of(town.name) for town in processes.municipalities(process)}
    groups = {CITIZENS: everywhere(_l("Citizens")), **{one.id: one.name for one in categories()}}
    offered = [tag for tag in tags if not tag.retired or places[tag.id].total()]
    return [
        _whole(offered, places, contributions, counting),
        _crossed("places", _l("Tags by municipality"), offered, places,
                 {**towns, NOWHERE: everywhere(_l("Elsewhere or not stated"))}),
        _crossed("categories", _l("Tags by who wrote"), offered, kinds,
                 {**groups, NOWHERE: everywhere(_l("Organisations of no category"))})]


def _whole(tags: Sequence[Tag], cells: Cells, contributions: int, counting: int) -> Table:
    rows = [Row(label=tag.name, values=_with_share(cells[tag.id].total(), counting)) for tag in tags]
    rows.append(Row(label=everywhere(_l("None of the tags fits")),
                    values=_with_share(cells[NO_TAG].total(), counting)))
    rows.append(Row(label=everywhere(_l("Contributions with tags that count")), total=True,
                    values=_with_share(counting, counting)))
    rows.append(Row(label=everywhere(_l("Contributions in all")), values=(contributions, "–"), total=True))
    return Table(code="tags", caption=everywhere(_l("What contributions speak of, by tags")), chart=True,
                 heading=everywhere(_l("Tag")), rows=tuple(rows), note=everywhere(METHOD), columns=(
                     Column(label=everywhere(_l("Contributions"))),
                     Column(label=everywhere(_l("Share of those that were tagged")), unit="share")))


def _with_share(number: int, of: int) -> tuple[int, float | str]:
    return number, round(number / of, 4) if of else "–"


def _crossed(code: str, caption: Any, tags: Sequence[Tag], cells: Cells, names: Mapping[int, Localized]) -> Table:
    """Figures by column; what belongs to none of the columns is told with those of nowhere."""
    shown = {NO_TAG: everywhere(_l("None of the tags fits"))}
    lines = [(tag.id, tag.name) for tag in tags] + list(shown.items())
    moved = {id: Counter(dict.fromkeys(names, 0)) for id, _label in lines}
    for id, counts in moved.items():
        for place, number in cells[id].items():
            counts[place if place in names else NOWHERE] += number
    columns = [name for name in names if name > NOWHERE or any(counts[name] for counts in moved.values())]
    return Table(code=f"tags-{code}", caption=everywhere(caption), heading=everywhere(_l("Tag")),
                 columns=tuple(Column(label=names[name]) for name in columns),
                 rows=tuple(Row(label=label, values=tuple(moved[id][name] for name in columns))
                            for id, label in lines))
