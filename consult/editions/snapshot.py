"""The whole plan as one tree of plain values: what an edition keeps, and how it is read again."""

import enum
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstanceState, RelationshipDirection

from consult.analysis.models import Indicator
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.planning import queries as planning
from consult.planning.blocks import Shown
from consult.planning.models import Paragraph, Plan, TraceLink
from consult.planning.said import meeting, minutes, public_minutes
from consult.results.models import ResultSheet

FORMAT = 1
APART = frozenset({"id", "position", "version", "updated_at", "removed_at", "body"})
"""What is not kept of a part: its place is that in the tree, and the text of a section that of its paragraphs."""


NUMBERED = frozenset({"section", "axis", "objective", "action", "paragraph"})


@dataclass(frozen=True)
class Node:
    """A part of the plan: `id` is its number in the database, which it keeps from edition to edition."""

    kind: str
    id: int
    fields: Mapping[str, Any]
    parts: tuple["Node", ...] = field(default=())

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    def below(self) -> Iterator["Node"]:
        """It and all that stands in it, in the order in which it is read."""
        yield self
        for part in self.parts:
            yield from part.below()

    def of(self, kind: str) -> list["Node"]:
        """Those of its parts that are of a kind."""
        return [part for part in self.parts if part.kind == kind]

    @property
    def plain(self) -> str:
        """The words of a paragraph as they are read, without what makes them bold or a list."""
        return words_of(str(self.fields.get("html", "")))

    @property
    def says_something(self) -> bool:
        """False for headings and rules, which nobody comments."""
        return not str(self.fields.get("html", "")).startswith(("<h3", "<h4", "<hr"))


def words_of(html: str) -> str:
    """HTML as plain words, each space one."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"</?(?:strong|em|a|code)\b[^>]*>", "", html))).split())


def taken(plan: Plan, kept: Callable[[Shown], dict[str, Any]]) -> Node:
    """The plan as it stands now, with all its parts and the links that everybody can read.

    `kept` answers the data of what a line in double braces stands for.
    """
    whole = planning.whole(plan, sources_each=1)
    links = _links([part.section.id for part in whole.sections], [part.action.id for part in whole.actions])
    sections = [Node("section", part.section.id, _fields(part.section), (
        *(_paragraph(one, whole.blocks.get(one.text.strip()), kept) for one in part.paragraphs),
        *links.get(("section", part.section.id), ()))) for part in whole.sections]
    axes = [Node("axis", part.axis.id, _fields(part.axis), tuple(
        Node("objective", each.objective.id, _fields(each.objective), tuple(
            Node("action", one.action.id, _fields(one.action), (
                *_rows(one.action), *links.get(("action", one.action.id), ())))
            for one in each.actions)) for each in part.objectives)) for part in whole.axes]
    return Node("plan", plan.id, _fields(plan), (*sections, *axes))


def _paragraph(one: Paragraph, stands_for: Shown | None, kept: Callable[[Shown], dict[str, Any]]) -> Node:
    fields = _fields(one)
    if stands_for is None:
        return Node("paragraph", one.id, fields)
    return Node("block", one.id, {**fields, "stands_for": kept(stands_for)})


def _rows(row: Any) -> list[Node]:
    """What belongs to a part and is its own: each row that is loaded with it, but what leads to people."""
    state: InstanceState[Any] = sa.inspect(row)
    return [Node(cast(sa.Table, relation.target).name, each.id, _fields(each))
            for relation in state.mapper.relationships
            if relation.direction is RelationshipDirection.ONETOMANY and relation.key not in state.unloaded
            and not any(key.column.table.name == "person" for key in cast(sa.Table, relation.target).foreign_keys)
            for each in getattr(row, relation.key)]


def _fields(row: Any) -> dict[str, Any]:
    """The columns of a row that are its own: whatever the model has, but for what leads to other rows."""
    state: InstanceState[Any] = sa.inspect(row)
    own = {attribute.key: _value(getattr(row, attribute.key)) for attribute in state.mapper.column_attrs
           if attribute.key not in APART and not attribute.columns[0].foreign_keys}
    named = {relation.key: [str(one.name) for one in getattr(row, relation.key)]
             for relation in state.mapper.relationships
             if relation.direction is RelationshipDirection.MANYTOMANY and relation.key not in state.unloaded}
    return {**own, **named}


def _value(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    return value


def _links(sections: Sequence[int], actions: Sequence[int]) -> dict[tuple[str, int], tuple[Node, ...]]:
    """What each section and action comes from: codes of public contributions and of indicators, meetings whose minutes
    were approved, and frozen results with their hash.
    """
    rows = db.session.execute(
        sa.select(TraceLink, Contribution.code, ResultSheet.activity_id, ResultSheet.sha256, Indicator.code,
                  meeting.c.id)
        .outerjoin(Contribution, Contribution.id == TraceLink.contribution_id)
        .outerjoin(ResultSheet, ResultSheet.id == TraceLink.result_sheet_id)
        .outerjoin(Indicator, Indicator.id == TraceLink.indicator_id)
        .outerjoin(minutes, minutes.c.id == TraceLink.minutes_id)
        .outerjoin(meeting, meeting.c.id == minutes.c.meeting_id)
        .where(sa.or_(TraceLink.section_id.in_(sections), TraceLink.action_id.in_(actions)),
               sa.or_(TraceLink.contribution_id.is_(None), Contribution.state == State.PUBLISHED),
               sa.or_(TraceLink.minutes_id.is_(None), public_minutes()))
        .order_by(TraceLink.id)).all()
    found: dict[tuple[str, int], tuple[Node, ...]] = {}
    for link, code, activity_id, sha256, measured, meeting_id in rows:
        where = ("section", link.section_id) if link.section_id else ("action", link.action_id or 0)
        source: dict[str, Any] = {"contribution": code} if code else (
            {"indicator": measured} if measured else {"minutes": meeting_id} if meeting_id
            else {"results": activity_id, "sha256": sha256})
        if link.paragraph_id:
            source["paragraph"] = link.paragraph_id
        node = Node("link", link.id, {**source, "relation": link.relation.value, "reason": link.reason})
        found[where] = (*found.get(where, ()), node)
    return found


def as_json(plan: Node) -> str:
    """The one canonical text of a tree: sorted keys, no spaces, UTF-8."""
    return json.dumps({"format": FORMAT, **_plain(plan)}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(node: Node) -> dict[str, Any]:
    return {"kind": node.kind, "id": node.id, "fields": dict(node.fields),
            "parts": [_plain(part) for part in node.parts]}


def from_json(text: str) -> Node:
    """The tree that `as_json` wrote."""
    return _node(json.loads(text))


def _node(raw: Mapping[str, Any]) -> Node:
    return Node(raw["kind"], raw["id"], raw["fields"], tuple(_node(part) for part in raw["parts"]))


def numbers(plan: Node) -> dict[str, str]:
    """The number under which each part is read and cited: 2 a section or axis, 2.3 its third paragraph or objective."""
    found: dict[str, str] = {}
    _number(found, plan.parts, "")
    return found


def _number(found: dict[str, str], parts: Iterable[Node], before: str) -> None:
    place = 0
    for part in parts:
        if part.kind not in NUMBERED or (part.kind == "paragraph" and not part.says_something):
            continue
        place += 1
        found[part.key] = f"{before}{place}"
        _number(found, part.parts, f"{before}{place}.")


def paragraphs(plan: Node) -> list[Node]:
    """Every paragraph that says something, in the order in which it is read."""
    return [node for node in plan.below() if node.kind == "paragraph" and node.says_something]
