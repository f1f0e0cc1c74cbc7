"""What a file of papers holds, whatever its format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString

from consult.methods.interface import Paper, Rules


class UnreadableError(ValueError):
    """A file that cannot be read, with a sentence that names the line and says what is wrong with it."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A ballot in a file: its rules as far as the format knows them, titles of the options, and its papers.

    `places` are names of municipalities by the number that stands in the papers; `selected` are the options that the
    file says have won; `meta` is what else it says of itself.
    """

    rules: Rules
    titles: Mapping[str, str]
    papers: Sequence[Paper]
    places: Mapping[int, str] = field(default_factory=dict)
    selected: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
