"""The kinds of documents: a feature registers what it can tell of a percorso, and every form is written of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString

from consult.core.languages import Localized
from consult.processes.models import Process
from consult.publishing.document import Document
from consult.publishing.models import Names


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Something of a percorso that a document can be about: a plan, a phase, the percorso itself."""

    code: str
    """As it is stored: `plan:1`, `phase:3`."""
    title: str | Localized
    thing: Any
    """What rules are asked of and documents are built from; it has a `process_id`."""
    file: str
    """How files about it are called; the language and the form are put after it."""


def _nothing(_thing: Any) -> Sequence[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of document, told apart by its code; those with a lower position stand first."""

    code: str
    position: int
    label: LazyString
    use: LazyString
    """What it tells, in a sentence."""
    subjects: Callable[[Process], Sequence[Subject]]
    """What of a percorso it can be made of now, in a number of queries that does not grow."""
    build: Callable[[Any, Names], Document]
    """The tree of a document about a thing, in the language in force; it only reads."""
    hindered: Callable[[Any], Sequence[str]] = _nothing
    """Sentences that say why it cannot be made of a thing as that stands."""
    action: str = "document.make"
    """What somebody must be allowed to do with the thing, beside having documents made."""
    public: bool = True
    """Whether everyone may read what was made; else only the plan office."""


class HinderedError(ValueError):
    """A document cannot be made of something as that stands; each sentence says why."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Offer documents of a kind; a code belongs to one."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"registered twice: {kind.code}")


def every() -> list[Kind]:
    """All kinds, in the order in which they are offered."""
    return sorted(_kinds.values(), key=lambda kind: kind.position)


def public() -> list[str]:
    """The codes of those that everyone may read."""
    return [kind.code for kind in _kinds.values() if kind.public]


def called(code: str) -> Kind | None:
    """The kind with a code."""
    return _kinds.get(code)


def subject(process: Process, kind: str, code: str) -> Subject | None:
    """What of a percorso a document of a kind is about; nothing where it is gone, or where there is no such kind."""
    found = called(kind)
    return next((one for one in found.subjects(process) if one.code == code), None) if found else None
