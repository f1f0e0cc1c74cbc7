"""Words as they are found: accents folded, apostrophes split, without those that say nothing, cut to their stems."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import snowballstemmer

ALGORITHMS = {"it": "italian", "en": "english", "de": "german", "fr": "french"}
DEFAULT = "it"
LONGEST = 40
"""Letters of a word that count."""

_WORD = re.compile(r"[^\W_]+")
_LISTS = Path(__file__).resolve().parent / "stopwords"


def _list(name: str) -> frozenset[str]:
    return frozenset((_LISTS / f"{name}.txt").read_text(encoding="utf-8").split())


STOPPED = {language: _list(language) for language in ALGORITHMS}
"""Words that say nothing, by language, without accents."""
WEAK = _list("weak")
"""Words that stand in every proposal: they are found, but make no two of them alike."""


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """A word without capitals and accents: `Più` becomes `piu`."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))[:LONGEST]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """What the forms of a folded word share; in a language that is not known, as in Italian."""
    return str(_stemmer(language if language in ALGORITHMS else DEFAULT).stemWord(word))


@lru_cache(maxsize=len(ALGORITHMS))
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(ALGORITHMS[language])


def words_of(text: str) -> Iterator[str]:
    """The words of a text, folded, one after another; single letters are left out."""
    for found in _WORD.finditer(text):
        word = folded(found[0])
        if len(word) > 1:
            yield word


def telling(text: str, language: str) -> Iterator[str]:
    """The words of a text that say something in its language."""
    stopped = STOPPED.get(language, STOPPED[DEFAULT])
    return (word for word in words_of(text) if word not in stopped)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """A text in pieces that together are the text again, each with its folded word; what is no word has none."""
    end = 0
    for found in _WORD.finditer(text):
        if found.start() > end:
            yield text[end:found.start()], ""
        yield found[0], folded(found[0])
        end = found.end()
    if end < len(text):
        yield text[end:], ""


def as_written(text: str) -> dict[str, str]:
    """How each folded word of a text stands in it where it first does."""
    found: dict[str, str] = {}
    for piece, word in pieces(text):
        found.setdefault(word, piece)
    return found
