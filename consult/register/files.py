"""The register as files: CSV and JSON, written line by line as the lines are read."""

import json
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from consult.core import languages, spreadsheet
from consult.moderation import matters
from consult.moderation.words import DONE
from consult.register.queries import Line
from consult.register.words import ORIGINS, OUTCOMES, reason_label

PORTION = 200
"""Lines that are sent at once."""


def as_csv(lines: Iterable[Line]) -> Iterator[bytes]:
    """The lines for a spreadsheet, in the reader's language."""
    language = languages.current()
    held: list[list[object]] = [[
        _("Date"), _("Percorso"), _("Phase"), _("Kind"), _("Decision"), _("Reason"), _("Version of the rules"),
        _("Origin"), _("Hours to decide"), _("Review")]]
    mark = b""
    for line in lines:
        held.append([
            line.day.isoformat(), line.process or "", line.phase or "", str(matters.label(line.source, line.kind)),
            str(DONE[line.act]), reason_label(line.reason, line.rule_version), line.rule_version,
            str(ORIGINS[line.origin]), "" if line.hours is None else line.hours,
            str(OUTCOMES[line.outcome]) if line.outcome else ""])
        if len(held) >= PORTION:
            yield spreadsheet.as_csv(held, language).removeprefix(mark)
            held, mark = [], BOM
    yield spreadsheet.as_csv(held, language).removeprefix(mark)


BOM = b"\xef\xbb\xbf"
"""Stands once, at the beginning of a file."""


def as_json(lines: Iterable[Line]) -> Iterator[bytes]:
    """The lines for programmes, with codes beside the words; one array."""
    held, start = [], "["
    for line in lines:
        held.append(json.dumps(_plain(line), ensure_ascii=False))
        if len(held) >= PORTION:
            yield (start + ",\n".join(held)).encode()
            held, start = [], ",\n"
    yield ((start if held or start == "[" else "") + ",\n".join(held) + "]\n").encode()


def _plain(line: Line) -> dict[str, object]:
    return {
        "date": line.day.isoformat(), "percorso": line.process, "phase": line.phase, "kind": line.kind,
        "act": line.act.value, "reason": line.reason or None,
        "reason_label": reason_label(line.reason, line.rule_version) or None,
        "rule_version": line.rule_version or None, "origin": line.origin.value, "automated_decision": False,
        "hours_to_decide": line.hours, "review": line.outcome,
    }
