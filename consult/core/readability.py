"""How easily an Italian text is read: the Gulpease index (Lucisano and Piemontese, GULP, Rome 1988).

89 + (300 × sentences − 10 × letters) / words, between 0 and 100. It needs no dictionary and was made for Italian: from
80 upwards a text is easy for whoever finished primary school, from 60 for whoever finished lower secondary school, from
40 for whoever finished upper secondary school.
"""

import enum
import re
from dataclasses import dataclass

from consult.core import richtext

LEAST_WORDS = 15
"""Of a shorter text the index says nothing."""
LONG_SENTENCE = 30
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+(?:[.,]\d+)*")
_ABBREVIATION = re.compile(r"\b(?:art|artt|n|nn|es|ecc|pag|sig|sigg|dott|ing|arch|prof|mq|km|ca|cfr|co|lett|tel|St)\.",
                           re.IGNORECASE)
_END = re.compile(r"[.!?…;]+(?=\s|$)|\n\s*(?:\n|[-*+•]\s|\d+[.)]\s)")
_HEADING = re.compile(r"(?m)^(\s{0,3}#{1,6}\s.*?)\s*$")
_MARKS = re.compile(r"(?m)^\s{0,3}(?:#{1,6}|>|[-*+]|\d+[.)])\s+|[*_`]|https?://\S+|\]\([^)]*\)|\[")


class Ease(enum.Enum):
    """For whom a text is easy."""

    VERY_EASY = "very_easy"
    EASY = "easy"
    HARD = "hard"
    VERY_HARD = "very_hard"


@dataclass(frozen=True)
class Readability:
    """The index of a text, what it is made of, and where to begin if it is to be easier."""

    index: int
    words: int
    sentences: int
    letters: int
    longest: str
    """The beginning of the longest sentence, where it is long."""
    longest_words: int

    @property
    def ease(self) -> Ease:
        return next((ease for least, ease in ((80, Ease.VERY_EASY), (60, Ease.EASY), (40, Ease.HARD))
                     if self.index >= least), Ease.VERY_HARD)


def measured(text: str) -> Readability | None:
    """The readability of a Markdown text; None where it is too short to tell."""
    sentences = _sentences(text)
    counted = [(len(_WORD.findall(sentence)), sentence) for sentence in sentences]
    words = sum(count for count, _sentence in counted)
    if words < LEAST_WORDS:
        return None
    letters = sum(sum(map(str.isalnum, word)) for sentence in sentences for word in _WORD.findall(sentence))
    most, longest = max(counted, key=lambda pair: pair[0])
    return Readability(index=gulpease(letters, words, len(sentences)), words=words, sentences=len(sentences),
                       letters=letters, longest_words=most,
                       longest=richtext.excerpt(longest, 90) if most > LONG_SENTENCE else "")


def gulpease(letters: int, words: int, sentences: int) -> int:
    """The index from its three counts, as a whole number between 0 and 100."""
    return max(0, min(100, round(89 + (300 * sentences - 10 * letters) / words)))


def _sentences(text: str) -> list[str]:
    """The sentences of a text, the items of a list and its headings each as one, without the marks of Markdown."""
    parts, last = [], 0
    whole = _HEADING.sub(r"\1.", richtext.plain(text))
    whole = _ABBREVIATION.sub(lambda found: found[0][:-1] + "\u00b7", whole)
    for end in _END.finditer(whole):
        parts.append(whole[last:end.start()])
        last = end.end() if end[0].strip() == end[0] else end.start() + 1
    parts.append(whole[last:])
    bare = (" ".join(_MARKS.sub("", part).replace("\u00b7", ".").split()) for part in parts)
    return [sentence for sentence in bare if _WORD.search(sentence)]
