"""What the lines in double braces stood for: kept with its data, but for words that people can take back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consult.core import charts
from consult.core.languages import Localized
from consult.editions.snapshot import Node
from consult.planning import blocks
from consult.planning.blocks import Indicators, Result, Shown
from consult.planning.models import Plan

LIVE = ("action", "quote", "fault")
"""What is shown as it is now: an action stands in the edition itself, and of a quote only the line is kept."""


def kept(one: Shown) -> dict[str, Any]:
    """The data of a block as plain values."""
    told: dict[str, Any] = {"kind": one.kind}
    if isinstance(one, Result):
        return {**told, "activity_id": one.activity_id, "sha256": one.sha256, "frozen_at": one.frozen_at.isoformat(),
                "sheet": _sheet(one.title, one.figures, one.tables)}
    if isinstance(one, Indicators):
        return {**told, "sources": list(one.sources), "sheet": _sheet(Localized(), (), one.tables)}
    return told


def _sheet(title: Localized, figures: Any, tables: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(charts.Sheet(
        kind="", title=title, method=Localized(), figures=tuple(figures), tables=tuple(tables), channels={}).as_json())
    return plain


def read(plan: Plan, tree: Node) -> dict[str, Shown]:
    """What each block of an edition stands for, by its key, to be shown."""
    found: dict[str, Shown] = {}
    live = {}
    for node in tree.below():
        if node.kind == "block":
            data = node.fields["stands_for"]
            if data["kind"] in LIVE:
                live[node.key] = str(node.fields["text"]).strip()
            else:
                found[node.key] = _read(data)
    now = blocks.shown(plan, live.values()) if live else {}
    return {**found, **{key: now[line] for key, line in live.items()}}


def _read(data: Mapping[str, Any]) -> Shown:
    sheet = charts.Sheet.from_json(json.dumps(data["sheet"]))
    if data["kind"] == "indicators":
        return Indicators(sheet.tables, data["sources"])
    return Result(data["activity_id"], sheet.title, sheet.figures, sheet.tables, data["sha256"],
                  datetime.fromisoformat(data["frozen_at"]))
