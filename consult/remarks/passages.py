"""Choosing words in a paragraph: sentence by sentence, or by typing or pasting them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consult.core import diff
from consult.core.diff import Piece
from consult.editions.models import PlanEdition
from consult.editions.snapshot import Node
from consult.planning.models import DraftConsultation
from consult.remarks.models import Wish

AROUND = 60
"""Characters kept of what stands before and after a passage."""
_ENDS = re.compile(r"(?<=[.!?;:])\s+(?=[\w«“\"(])")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ALIKE = {"'": "['’‘]", "’": "['’‘]", "‘": "['’‘]", '"': '["“”«»]', "“": '["“”«»]', "”": '["“”«»]', "«": '["“”«»]',
          "»": '["“”«»]', "-": "[-–—]", "–": "[-–—]", "—": "[-–—]"}


@dataclass(frozen=True)
class Spot:
    """A paragraph of an edition, and the consultation in which it can be spoken about."""

    edition: PlanEdition
    paragraph: Node
    cited: str
    consultation: DraftConsultation
    latest: bool
    """It is the edition on which people are asked now."""

    @property
    def activity(self) -> DraftConsultation:
        return self.consultation

    @property
    def process_id(self) -> int:
        return self.consultation.process_id


@dataclass(frozen=True)
class Chosen:
    """The words that were chosen, by the characters between which they stand."""

    starts_at: int
    ends_at: int
    whole: bool = False


class NotThereError(ValueError):
    """The paragraph has no such words."""


class SeveralTimesError(ValueError):
    """The paragraph has these words more than once."""


def sentences(text: str) -> list[Chosen]:
    """The sentences of a paragraph, by their places."""
    starts = [0, *(found.end() for found in _ENDS.finditer(text))]
    ends = [*(found.start() for found in _ENDS.finditer(text)), len(text)]
    return [Chosen(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def found(text: str, words: str) -> Chosen:
    """Where words stand in a paragraph, however their spaces, capitals and quotation marks were typed.

    Whole words are looked for first; of what begins or ends within a word, as a finger selects it, the whole word is
    taken. Raises NotThereError and SeveralTimesError: where they stand is never guessed.
    """
    tokens = _TOKEN.findall(words)
    if not tokens:
        raise NotThereError(words)
    pattern = r"\s*".join(_ALIKE.get(token, re.escape(token)) for token in tokens)
    begins, ends = (r"\b" if token[0].isalnum() else "" for token in (tokens[0], tokens[-1]))
    places = list(re.finditer(f"{begins}{pattern}{ends}", text, re.IGNORECASE)) or list(re.finditer(
        (r"\w*" if begins else "") + pattern + (r"\w*" if ends else ""), text, re.IGNORECASE))
    if not places:
        raise NotThereError(words)
    if len(places) > 1:
        raise SeveralTimesError(words)
    return Chosen(places[0].start(), places[0].end())


def around(text: str, chosen: Chosen) -> tuple[str, str]:
    """What stands before and after a passage."""
    return text[max(0, chosen.starts_at - AROUND):chosen.starts_at], text[chosen.ends_at:chosen.ends_at + AROUND]


def wished(text: str, starts_at: int, ends_at: int, wish: Wish, wording: str) -> str:
    """The paragraph as it would be."""
    before, words, after = text[:starts_at], text[starts_at:ends_at], text[ends_at:]
    if wish is Wish.REPLACE:
        return f"{before}{wording}{after}"
    if wish is Wish.INSERT:
        return f"{before}{words} {wording}{after}"
    return " ".join(f"{before}{after}".split()) if wish is Wish.DELETE else text


def change(text: str, starts_at: int, ends_at: int, wish: Wish, wording: str) -> Sequence[Piece]:
    """What would differ in the paragraph, word by word; nothing for a plain remark."""
    return [] if wish is Wish.REMARK else diff.pieces(text, wished(text, starts_at, ends_at, wish, wording))
