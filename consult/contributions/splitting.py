"""How a text of some kind becomes several: said by the feature of the kind, for whoever may split."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import LazyString

from consult.accounts.models import Person
from consult.contributions.models import Contribution


class SplittingError(ValueError):
    """A splitting that cannot be, or not be undone, with the sentence that says why; nothing is changed."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Splitting(ABC):
    """One kind of texts that can be split; the original stays readable and leads to its parts."""

    fields: ClassVar[str]
    """The template that shows the fields of `parts`, there named `parts`."""

    @abstractmethod
    def possible(self, thing: Any) -> bool:
        """Whether it can be split as it stands."""

    @abstractmethod
    def parts(self, thing: Any) -> Any:
        """The form in which the parts are written, within the form of whoever splits; its `written` are texts."""

    @abstractmethod
    def split(self, thing: Any, actor: Person, written: Mapping[str, str], *, reason: str, until: datetime) -> None:
        """Make these parts of it, which its followers hear of after an instant. Raises SplittingError."""

    @abstractmethod
    def join(self, thing: Any, actor: Person) -> None:
        """Let it stand by itself again. Raises SplittingError where somebody has acted on its parts."""


_ways: dict[str, Splitting] = {}


def of(kind: str) -> Callable[[type[Splitting]], type[Splitting]]:
    """Register how things of a kind are split."""

    def register(way: type[Splitting]) -> type[Splitting]:
        _ways[kind] = way()
        return way

    return register


def way(thing: Any) -> Splitting | None:
    """How something is split; none for what cannot be."""
    return _ways.get(thing.kind) if isinstance(thing, Contribution) else None
