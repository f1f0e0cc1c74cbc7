"""What must be there before each passage and each file, what is missing of it, and what in it names a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.concluding import contents, queries, responses, scanning, snapshots
from consult.concluding.models import SHORTEST, Act, HarmlessMark, Part, ParticipatoryProposalDocument
from consult.concluding.passages import NEXT, SEEN, WHOLE, last, terms
from consult.concluding.words import FIELDS, PARTS, REFUSALS, Field
from consult.core.personal_words import Alarm
from consult.processes.models import Process
from consult.publishing.document import Document
from consult.results.services import fingerprint

RESPONSES, DOCUMENT, RESOLUTION = "responses", "document", "draft"
"""Places that are no field: the table of the answers, and each document as it is made."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something that should be there before a passage; only what is not `advised` keeps it from being made."""

    label: LazyString
    missing: Sequence[str | LazyString] = ()
    advised: bool = False

    @property
    def met(self) -> bool:
        return not self.missing

    @property
    def hinders(self) -> bool:
        return bool(self.missing) and not self.advised


class Whole:
    """The document of a percorso with all that is known of it: asked once, however many passages are looked at."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.document: ParticipatoryProposalDocument | None = queries.of(process)
        self.passages = list(self.document.passages) if self.document else []
        self.written = snapshots.texts(self.document)
        self.content: dict[str, Any] = queries.content(process, self.document)

    @cached_property
    def made(self) -> Document:
        """The document as a tree."""
        return contents.document(self.content, self.passages)

    @cached_property
    def draft(self) -> Document:
        """The draft of the resolution as a tree."""
        return contents.resolution(self.content, self.written, self.sha256)

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of what the document says."""
        return fingerprint(snapshots.as_json(self.content))

    @cached_property
    def alarms(self) -> list[Alarm]:
        """All that was found, also what was marked as harmless; what a field shows is told once."""
        fields = {**self.content["fields"], **{name: self.written.get(name, "") for name in _names(Part.RESOLUTION)}}
        answers = {f"{RESPONSES}:{one['code']}": "\n".join((one["what"], one["reasons"], one["decided_by"], one["act"]))
                   for one in self.content["responses"]}
        found = scanning.alarms({
            **fields, **answers, DOCUMENT: _plain(self.made), RESOLUTION: _plain(self.draft)}, self.process.id)
        told = {(one.sort, one.words) for one in found if one.place not in {DOCUMENT, RESOLUTION}}
        return [one for one in found if one.place not in {DOCUMENT, RESOLUTION} or (one.sort, one.words) not in told]

    @cached_property
    def harmless(self) -> Mapping[tuple[str, str, str], HarmlessMark]:
        """The marks that hold: of several on the same words the last."""
        marks = {(one.place, one.sort, one.words): one for one in (self.document.alarms if self.document else ())}
        return {key: one for key, one in marks.items() if one.harmless}

    @cached_property
    def open_alarms(self) -> list[Alarm]:
        """What keeps the document from leaving."""
        return [one for one in self.alarms if one.key not in self.harmless]

    def alarms_in(self, *, draft: bool) -> list[Alarm]:
        """Those that stand in the document, or in the draft of the resolution: the answers stand in both."""
        own, other = (_names(Part.RESOLUTION), DOCUMENT) if draft else (snapshots.NAMES, RESOLUTION)
        return [one for one in self.open_alarms
                if one.place in own or (one.place not in FIELDS and one.place != other)]

    def empty(self, fields: Iterable[Field]) -> list[LazyString]:
        """Those of these fields that say less than a sentence."""
        texts = {**self.content["fields"], **{name: self.written.get(name, "") for name in _names(Part.RESOLUTION)}}
        return [one.label for one in fields if one.needed and len(texts.get(one.name, "").strip()) < _least(one)]

    def refusal(self, act: Act) -> LazyString | None:
        """Why a passage cannot follow now, and what to do; None where it can."""
        if self.document is None:
            return _l("Nothing is written yet: begin with the first part.")
        if (self.document.stage, act) not in NEXT:
            return REFUSALS[act]
        done = next((one.done for one in terms(self.passages) if one.act is act), None)
        return REFUSALS[act] if act is Act.REPORT and done else None

    def needs(self, act: Act) -> list[Need]:
        """What should be there before a passage."""
        found: list[Need] = []
        if act in WHOLE:
            fields = [field for part, (_title, each) in PARTS.items() if part is not Part.RESOLUTION for field in each]
            found.append(Need(label=_l("Every field has at least a sentence"), missing=self.empty(fields)))
        if act in SEEN:
            alarms = [*self.alarms_in(draft=False), *(self.alarms_in(draft=True) if act is Act.DELIVER else ())]
            found.append(Need(label=_l("No personal data stand in it"), missing=_how_many(len(set(alarms)))))
        if act is Act.SEND:
            checked = self.document is not None and self.document.stage.value == "checked"
            found.append(Need(label=_l("The negotiation table has checked it, where that is possible"), advised=True,
                              missing=() if checked else [_l("Not recorded.")]))
        if act in WHOLE:
            found.append(Need(label=_l("Every proposal and every remark has an outcome"), advised=True,
                              missing=_unanswered(responses.unanswered(self.content["responses"]))))
        if act is Act.DELIVER:
            found.append(Need(label=_l("The draft resolution is written"), advised=True,
                              missing=self.empty(PARTS[Part.RESOLUTION][1])))
        if act is Act.NOTE:
            reported = last(self.passages, Act.REPORT) is not None
            found.append(Need(label=_l("The final report was sent"), advised=True,
                              missing=() if reported else [_l("Not recorded.")]))
        return found

    def hindrances(self, act: Act) -> list[Need]:
        """What keeps a passage from being made."""
        return [one for one in self.needs(act) if one.hinders]


def _names(part: Part) -> tuple[str, ...]:
    return tuple(field.name for field in PARTS[part][1])


def _least(field: Field) -> int:
    """Who decides may be named in a word."""
    return 3 if field.name == "organ" else SHORTEST


def _plain(made: Document) -> str:
    return "\n\n".join((made.title, made.subtitle, made.authority, *contents.plain(made.blocks)))


def _how_many(alarms: int) -> list[LazyString]:
    return [_n("%(num)s place to look at", "%(num)s places to look at", alarms)] if alarms else []


def _unanswered(many: int) -> list[LazyString]:
    return [_n("%(num)s has none yet", "%(num)s have none yet", many)] if many else []
