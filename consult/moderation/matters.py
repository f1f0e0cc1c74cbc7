"""What can lie before the moderators: a feature says how its things are found and changed, and that is all.

Contributions are one source, whatever their kind; a kind that is added later needs nothing here. A source registers
itself:

    @matters.source("attachment")
    class Attached(Source): ...
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

import sqlalchemy as sa
from flask_babel import LazyString

from consult.accounts.models import Organisation, Person
from consult.contributions.models import State
from consult.core.db import db
from consult.ledger.canonical import canonical
from consult.moderation.models import Act, Origin
from consult.processes.models import Activity

T = TypeVar("T")


@dataclass(frozen=True)
class Passage:
    """A part of what somebody wrote: the name of the field it stands in, and the words as they were typed."""

    field: str
    text: str


def snapshot_of(passages: Iterable[Passage]) -> str:
    """SHA-256 of some words with the names of their fields, in hexadecimal digits."""
    return hashlib.sha256(canonical([[p.field, p.text] for p in passages])).hexdigest()


class Matter(ABC):
    """One thing that lies, or can lie, before the moderators: whose it is, where it stands, what it says."""

    source: ClassVar[str]

    @property
    @abstractmethod
    def number(self) -> int:
        """Its id within the source."""

    @property
    def subject(self) -> str:
        """What names it everywhere in moderation, as in `contribution:12`."""
        return f"{self.source}:{self.number}"

    kind: str
    code: str
    """What people call it by."""
    heading: str
    language: str
    author_id: int | None
    author: Person | None
    organisation_id: int | None
    organisation: Organisation | None
    process_id: int | None
    activity: Activity | None
    state: State
    version: int
    """Grows with every change of the text."""
    address: str
    """The page on which it is read; empty where there is none."""
    contribution_id: int | None = None
    reportable: ClassVar[bool] = False
    """True for what readers can report."""
    decider_id: int | None = None
    """Who took the decision that is looked at again: somebody else decides now."""

    @property
    @abstractmethod
    def thing(self) -> Any:
        """The row itself, for features that know it."""

    @abstractmethod
    def passages(self) -> Sequence[Passage]:
        """All that was written, in the order in which it is read."""

    @abstractmethod
    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        """Let these words stand in place of those that are there; the earlier ones are kept for nobody's eyes."""

    @property
    @abstractmethod
    def reported(self) -> bool:
        """True while there are flags that nobody has decided."""

    @property
    def pointed_out(self) -> bool:
        """True while it lies before the moderators though it is public and nobody has reported it."""
        return False

    @abstractmethod
    def hold(self) -> None:
        """Read state and version anew and keep others from changing them until the transaction ends."""

    def learn(self, answers: Mapping[str, Any]) -> None:
        """Take what was answered before the decision, so that it is not asked again."""
        self.answered = answers

    @abstractmethod
    def settle_flags(self) -> None:
        """Every flag is answered by the decision that is being made."""

    @abstractmethod
    def reopen_flags(self, since: Any) -> None:
        """Flags settled at an instant wait again."""

    @abstractmethod
    def pass_to(self, state: State, actor: Person | None) -> None:
        """Publish, hide or hold it."""

    @abstractmethod
    def flagged_by(self, person: Person) -> bool:
        """True for whoever asked the moderators to look at it."""

    def told(self) -> Sequence[Person]:
        """Who hears of what is decided: whoever wrote it."""
        return [self.author] if self.author else []

    def concerns(self, person: Any) -> bool:
        """True for whoever may read why it was decided so, and object: who wrote it, alone or with others."""
        written_by = getattr(self.thing, "written_by", None)
        if written_by is not None:
            return bool(written_by(person))
        return bool(person.is_authenticated) and self.author_id == person.id

    def correction(self, person: Any) -> str:
        """The path on which whoever it concerns can put it right; empty where they cannot."""
        return ""

    @property
    def readable(self) -> bool:
        """True while everybody reads it, so that anybody can report it."""
        return self.state is State.PUBLISHED

    @property
    def reported_as(self) -> str:
        """The name under which readers report it."""
        return self.subject

    def once(self, ask: Callable[[str], T]) -> T:
        """What the database answers of its subject, asked once however often it is wanted."""
        known = self.__dict__.setdefault("_known", {})
        if ask not in known:
            known[ask] = ask(self.subject)
        return cast(T, known[ask])

    @property
    def activity_id(self) -> int | None:
        return self.activity.id if self.activity else None

    def snapshot(self) -> str:
        """SHA-256 of the words as they stand, in hexadecimal digits."""
        return snapshot_of(self.passages())


class Aftermath(Matter):
    """What lies before somebody else after a first decision: the row of its own, with the matter that it is about."""

    def __init__(self, row: Any, about: Matter, *, process_id: int | None, decider_id: int) -> None:
        self._row, self.about = row, about
        self.code, self.heading, self.language = about.code, about.heading, about.language
        self.author_id, self.author = about.author_id, about.author
        self.organisation_id, self.organisation = about.organisation_id, about.organisation
        self.process_id, self.activity = process_id, about.activity
        self.contribution_id, self.decider_id = about.contribution_id, decider_id
        self.state = State.WITHDRAWN  # so that nothing is offered that is decided of texts

    settled_at: ClassVar[str]
    """The attribute of the row that says whether it is still to be decided."""

    @property
    def number(self) -> int:
        return int(self._row.id)

    @property
    def thing(self) -> Any:
        return self._row

    @property
    def version(self) -> int:  # type: ignore[override]
        return self.about.version

    @property
    def reported_as(self) -> str:
        return self.about.reported_as

    def passages(self) -> Sequence[Passage]:
        return self.about.passages()

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        self.about.rewrite(passages, actor, reason=reason)

    @property
    def reported(self) -> bool:
        return False

    def hold(self) -> None:
        db.session.refresh(self._row, [self.settled_at], with_for_update=True)
        self.about.hold()

    def settle_flags(self) -> None:
        """Reports are settled by the decision on the text itself."""

    def reopen_flags(self, since: Any) -> None:
        """As they were."""

    def pass_to(self, state: State, actor: Person | None) -> None:
        self.about.pass_to(state, actor)

    def flagged_by(self, person: Person) -> bool:
        return self.about.flagged_by(person)


class Source(ABC):
    """Where matters of one sort come from."""

    name: ClassVar[str]
    desk: ClassVar[str] = ""
    """Where its things are decided, for those that have a page of their own: the path before their number."""
    headlines: ClassVar[Mapping[Act, LazyString]] = {}
    """What happened, in a few words, where it is not said as of any text."""
    effects: ClassVar[Mapping[Act, LazyString]] = {}
    """What an act restricts, likewise."""
    initiatives: ClassVar[Mapping[Origin, LazyString]] = {}
    """On whose initiative it is decided, likewise."""

    @abstractmethod
    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        """Those of these ids that exist, whole, in a bounded number of queries."""

    def listed(self, numbers: Iterable[int]) -> dict[int, Matter]:
        """The same, to be shown in a list: what a line does not say need not be at hand."""
        return self.find(numbers)

    @abstractmethod
    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        """What waits and why: for each origin a select of COLUMNS, without an order."""

    @abstractmethod
    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        """What one and what several of each kind are called."""


COLUMNS = ("number", "kind", "since", "activity_id", "author_id", "organisation_id", "channel")
"""What each select of a source answers, by these labels; `activity_id` is NULL for what belongs to no percorso.

One that answers `decider_id` too stands in the queue of everybody but this person.
"""

_sources: dict[str, Source] = {}


def source(name: str) -> Any:
    """Register a source; things of it are named `name:12`."""

    def register(kind: type[Source]) -> type[Source]:
        kind.name = name
        _sources[name] = kind()
        return kind

    return register


def sources() -> list[Source]:
    """All that is known."""
    return list(_sources.values())


def of_source(subject: str) -> Source | None:
    """The source of what has this name."""
    return _sources.get(subject.partition(":")[0])


def desk(source: str) -> str:
    """The path before the number of what has a page of its own on which it is decided; empty for all others."""
    return _sources[source].desk if source in _sources else ""


def find(subjects: Iterable[str], *, whole: bool = True) -> dict[str, Matter]:
    """The matters of these names that exist; a bounded number of queries for each source.

    Unless they are wanted whole, they are those of a list.
    """
    wanted: dict[str, list[int]] = {}
    for subject in subjects:
        name, _colon, number = subject.partition(":")
        if name in _sources and number.isascii() and number.isdigit() and len(number) < 10:
            wanted.setdefault(name, []).append(int(number))
    return {f"{name}:{number}": matter for name, numbers in wanted.items()
            for number, matter in _of(_sources[name], numbers, whole).items()}


def _of(source: Source, numbers: Iterable[int], whole: bool) -> dict[int, Matter]:
    return source.find(numbers) if whole else source.listed(numbers)


def matter(subject: str) -> Matter | None:
    """The matter of a name."""
    return find([subject]).get(subject)


def label(source: str, kind: str, *, several: bool = False) -> Any:
    """What a kind is called; its code where nobody has named it."""
    named = _sources[source].labels().get(kind) if source in _sources else None
    return named[1 if several else 0] if named else kind
