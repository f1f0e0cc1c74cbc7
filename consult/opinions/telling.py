"""A map in words: how many took part, what unites, who differs in what; and where one person stands, only for them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.accounts.policy import staff
from consult.core.charts import Table
from consult.opinions import drawing, maps, queries, tables
from consult.opinions.models import Conversation, OpinionMap, Participant, Statement
from consult.opinions.words import BELTS, TENDENCIES, WHY_NOT
from consult.processes.models import ResultsVisible

MOST = 5
"""Statements named in each part."""
LEAST_AREAS = 2
"""Of fewer places nothing is said."""


@dataclass(frozen=True)
class Line:
    """A statement, where it can still be read, and what is said of it."""

    code: str
    statement: Statement | None
    said: LazyString | str


@dataclass(frozen=True)
class GroupTold:
    """A group by its letter, and what marks it."""

    letter: str
    title: LazyString
    said: LazyString
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that the page says of a map."""

    lead: Sequence[LazyString]
    united: Sequence[Line]
    groups: Sequence[GroupTold]
    shared: Sequence[Line] = ()
    shared_said: LazyString | str = ""
    divided: Sequence[Line] = ()
    divided_said: LazyString | str = ""
    untold: LazyString | str = ""
    categories: Sequence[Line] = ()
    tables: Sequence[Table] = ()
    plane: drawing.Plane | None = None
    method: Sequence[LazyString] = field(default_factory=tuple)


def visible(person: Any, conversation: Conversation) -> bool:
    """Whether somebody sees the map: as the activity says of its results."""
    if conversation.results_visible is ResultsVisible.STAFF:
        return bool(person.is_authenticated) and staff(person, conversation)
    return conversation.over() or conversation.results_visible is ResultsVisible.LIVE


def told(conversation: Conversation, shown: OpinionMap) -> Told:
    """What the page says of a map; statements in their present words, by their code alone where they are not public."""
    content = json.loads(shown.content)
    found = queries.texts([one["id"] for one in content["statements"]])
    return in_words(content, found, tables.of_map(conversation, content, found))


def in_words(content: dict[str, Any], found: dict[int, Statement], made: Sequence[Table]) -> Told:
    """The same of the content of a map."""

    def line(number: int, said: LazyString | str) -> Line:
        one = content["statements"][number]
        return Line(one["code"], found.get(one["id"]), said)

    territory = content["territory"]
    return Told(
        lead=lead(content), tables=made, plane=drawing.drawn(content), method=method(content),
        united=[line(number, tendency(way, band)) for number, way, band in content["united"][:MOST]],
        groups=[_group(content, number, line) for number in range(len(content["letters"]))],
        shared=[line(number, tendency(way, band)) for number, way, band in _only_shared(content)[:MOST]],
        shared_said=shared_said(content) if territory["shared"] else "",
        divided=[line(number, divided(content, sides)) for number, sides in territory["divided"][:MOST]],
        divided_said=_l("Here the parts of the territory differ by more than chance would explain:"),
        untold="" if territory["shared"] or territory["divided"] else untold(content),
        categories=[line(number, tendency(way, band)) for number, way, band in content["categories"]["shared"][:MOST]])


def lead(content: dict[str, Any]) -> list[LazyString]:
    """How many took part, and which groups there are or why there are none."""
    said = [_n("%(count)s person or organisation has answered,", "%(count)s people and organisations have answered,",
               content["participants"], count=_number(content["participants"])),
            _n("giving %(count)s answer.", "giving %(count)s answers altogether.", content["answers"],
               count=_number(content["answers"]))]
    letters = content["letters"]
    if not letters:
        return [*said, _l("There are no clear groups: %(why)s", why=WHY_NOT[content["why"]])]
    sizes = LazyString(lambda: ", ".join(
        _("%(letter)s with %(count)s", letter=letter, count=format_decimal(size))
        for letter, size in zip(letters, content["sizes"], strict=True)))
    return [*said, _n("%(num)s group of people who answer alike stands out: %(sizes)s.",
                      "%(num)s groups of people who answer alike stand out: %(sizes)s.", len(letters), sizes=sizes)]


def tendency(way: int, band: str) -> LazyString:
    """Where most stand, as in "a clear majority agrees"."""
    return TENDENCIES[way, band]


def _group(content: dict[str, Any], number: int, line: Callable[[int, Any], Line]) -> GroupTold:
    letter = content["letters"][number]
    marks = content["marks"][number][:MOST]
    return GroupTold(
        letter, _l("What unites group %(letter)s", letter=letter),
        _n("%(count)s person or organisation. What sets the group apart from the others:",
           "%(count)s people and organisations. What sets the group apart from the others:",
           content["sizes"][number], count=_number(content["sizes"][number])),
        [line(at, tendency(way, band)) for at, way, band in marks])


def _only_shared(content: dict[str, Any]) -> list[Any]:
    """What the places share and was not said yet of all."""
    said = {(at, way) for at, way, _band in content["united"][:MOST]}
    return [one for one in content["territory"]["shared"] if (one[0], one[1]) not in said]


def shared_said(content: dict[str, Any]) -> LazyString:
    """How many statements all places share: among those that unite all, and beside them."""
    territory = content["territory"]
    among = len(territory["shared"]) - len(_only_shared(content))
    if not among:
        return _l("All %(heard)s municipalities of which enough people have answered lean the same way, and none "
                  "dissents, on:", heard=territory["heard"])
    return _n("All %(heard)s municipalities of which enough people have answered lean the same way, and none dissents, "
              "on %(num)s of the statements that unite all.", "All %(heard)s municipalities of which enough people "
              "have answered lean the same way, and none dissents, on %(num)s of the statements that unite all.",
              among, heard=territory["heard"])


def untold(content: dict[str, Any]) -> LazyString:
    """Why nothing is said of the territory."""
    if content["territory"]["heard"] < LEAST_AREAS:
        return _l("Too few people of each municipality have answered for anything to be said of the territory.")
    return _l("There is no statement on which all municipalities lean the same way, and none that sets its parts "
              "clearly apart.")


def divided(content: dict[str, Any], sides: Sequence[Sequence[Any]]) -> LazyString:
    """How each part of the territory leans, as in "plain: most agree; mountain: most disagree"."""
    def said() -> str:
        return "; ".join(
            _("%(where)s: %(said)s", where=BELTS.get(where, where), said=TENDENCIES[way, band])
            for where, way, band in sides)

    return LazyString(said)


def method(content: dict[str, Any]) -> list[LazyString]:
    """How sure it is, and how it was made."""
    sure = [] if content["silhouette"] is None else [
        _l("Groups are shown only where they stand apart (here %(apart)s; at least 0.35 on a scale up to 1 is asked "
           "for) and come out again when three in ten participants are left out at random (here %(stable)s; at least "
           "0.8 is asked for).", apart=_two(content["silhouette"]), stable=_two(content["stability"]))]
    return [
        *sure,
        _n("%(count)s of those who answered has answered enough to be placed on the map; all answers count in the "
           "figures.", "%(count)s of those who answered have answered enough to be placed on the map; all answers "
           "count in the figures.", content["mapped"], count=_number(content["mapped"])),
        _l("Whoever answers alike stands close together: the two directions in which answers differ most are found "
           "(principal components), then groups of neighbours (k-means). A statement marks a group where it is "
           "answered there otherwise than elsewhere, beyond a margin that chance passes one time in ten. The parts of "
           "the territory are compared with a margin of one time in a hundred, and a municipality with few answers is "
           "drawn towards the mean of all."),
        _l("Words such as “a clear majority” stand for bands: over a half, from 60, from 75 and from 90 percent. "
           "Shares of fewer than ten answers are not said. In the tables figures behind which fewer than five people "
           "stand are kept back (ten for kinds of organisations), with those that would give them away."),
    ]


def standing(conversation: Conversation, known: Participant, shown: OpinionMap) -> LazyString | str:
    """Where one participant stands on the map that is shown, for nobody but them; from their own answers alone."""
    content = json.loads(shown.content)
    if not content["letters"]:
        return ""
    letter = maps.letter_of(content, {one.statement.id: one.stance for one in queries.said(conversation, known.tag)})
    if letter is None:
        return _l("Answer a few more statements to see which group you stand close to.")
    return _l("On this map you stand closest to group %(letter)s. Only you see this.", letter=letter)


def _number(value: int) -> LazyString:
    return LazyString(format_decimal, value)


def _two(value: float) -> LazyString:
    return LazyString(format_decimal, value, "0.00")
