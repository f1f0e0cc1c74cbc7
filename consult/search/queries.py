"""Which contributions hold some words, and which say the like of a text."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.search import services, stemming, weighing
from consult.search.models import SearchDocument, SearchPosting, SearchWord

MOST_WORDS = 8
PASSAGE = 220
"""Letters of a passage around a word that was found."""

THRESHOLD = 0.3
"""From which likeness on, between 0 and 1, two texts say the like: chosen on one half of the labelled pairs."""
MOST_ALIKE = 5
RARE = 1500
"""Postings that are looked through for candidates, those of the rarest stems first."""
CANDIDATES = 40
TELLING = 4
"""Words that a text must hold before anything is said to be like it."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all of some words, the last of which may only have begun."""

    words: tuple[str, ...] = ()
    language: str = stemming.DEFAULT
    groups: tuple[frozenset[str], ...] = ()
    """For each word the stems under which it may stand in the index."""

    def __bool__(self) -> bool:
        return bool(self.words)

    def hits(self, word: str, language: str) -> bool:
        """Whether a folded word of a text in a language is one of those looked for."""
        if not self.words or len(word) < 2:
            return False
        return word.startswith(self.words[-1]) or any(stemming.stem(word, language) in one for one in self.groups)

    def marked(self, text: str, language: str) -> list[tuple[str, bool]]:
        """A text in pieces, each with whether it is a word that was looked for."""
        found: list[tuple[str, bool]] = []
        for piece, word in stemming.pieces(text):
            hit = self.hits(word, language)
            if found and found[-1][1] is hit:
                found[-1] = (found[-1][0] + piece, hit)
            else:
                found.append((piece, hit))
        return found

    def passage(self, text: str, language: str) -> list[tuple[str, bool]]:
        """The part of a text in which the first of the words stands, marked; its beginning where none does."""
        start = 0
        for piece, word in stemming.pieces(text):
            if self.hits(word, language):
                break
            start += len(piece)
        else:
            start = 0
        begin = max(0, start - PASSAGE // 3)
        begin = text.find(" ", begin) + 1 if begin and start else 0
        end = len(text) if len(text) <= begin + PASSAGE else text.rfind(" ", begin, begin + PASSAGE)
        shown = text[begin:end if end > begin else begin + PASSAGE]
        return [*([("… ", False)] if begin else []), *self.marked(shown, language),
                *([(" …", False)] if end < len(text) else [])]


def wanted(asked: str, language: str) -> Wanted:
    """What somebody typed, as the index knows it; words that say nothing are left out."""
    words = tuple(stemming.telling(asked, language))[:MOST_WORDS]
    return Wanted(words, language, tuple(
        frozenset(stemming.stem(word, each) for each in (language, stemming.DEFAULT)) for word in words))


def holding(looked_for: Wanted, activity_ids: Sequence[int]) -> list[sa.ColumnElement[bool]]:
    """The conditions under which a contribution holds every one of the words, the last of them at least begun."""
    if not looked_for:
        return []
    *whole, last = [sorted(stems) for stems in looked_for.groups]
    begun = sa.union(*(sa.select(sa.literal(stem)) for stem in last), _beginning(looked_for.words[-1], activity_ids))
    one_of: list[sa.ColumnElement[bool]] = [SearchPosting.stem.in_(stems) for stems in whole]
    return [Contribution.id.in_(sa.select(SearchPosting.contribution_id).where(
        SearchPosting.activity_id.in_(activity_ids), one)) for one in [*one_of, SearchPosting.stem.in_(begun)]]


def _beginning(letters: str, activity_ids: Sequence[int]) -> sa.Select[Any]:
    """The stems of words that begin with some letters."""
    return sa.select(SearchWord.stem).where(
        SearchWord.activity_id.in_(activity_ids), SearchWord.word >= letters, SearchWord.word < f"{letters}{{")


@dataclass(frozen=True)
class Alike:
    """A contribution that says the like: how much, between 0 and 1, and the words by which it does."""

    contribution_id: int
    likeness: float
    words: tuple[str, ...] = field(default=())


def similar(activity_id: int, title: str, body: str, *, language: str = stemming.DEFAULT, but: int | None = None,
            threshold: float = THRESHOLD, most: int = MOST_ALIKE) -> list[Alike]:
    """Public contributions of an activity that say the like of a text, the likest first.

    The measure is the cosine of the weights of their stems (tf·idf; Manning, Raghavan and Schütze, "Introduction to
    Information Retrieval", 2008, §6.3). Candidates are those that share rare stems. Four queries whatever the text.
    """
    words = services.counted(title, body, language)
    own = weighing.stems(words)
    if len(own) < TELLING:
        return []
    spread = _spread(activity_id, own)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(SearchDocument).where(
        SearchDocument.activity_id == activity_id)) or 0
    candidates = _candidates(activity_id, own, spread, but)
    documents = _documents(candidates)
    theirs_too = {stem for found in documents.values() for stem in weighing.stems(found)}
    spread |= _spread(activity_id, theirs_too - spread.keys())
    mine = weighing.weighed(own, spread, total)
    found = []
    for id, theirs in documents.items():
        weighed = weighing.weighed(weighing.stems(theirs), spread, total)
        likeness = weighing.cosine(mine, weighed)
        if likeness >= threshold:
            found.append(Alike(id, likeness, weighing.shared(mine, weighed, theirs)))
    return sorted(found, key=lambda one: (-one.likeness, one.contribution_id))[:most]


def _spread(activity_id: int, stems: Iterable[str]) -> dict[str, int]:
    """In how many contributions each stem stands; those of several forms of a word are added up."""
    wanted = sorted(stems)
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(SearchWord.stem, sa.func.sum(SearchWord.documents)).where(
        SearchWord.activity_id == activity_id, SearchWord.stem.in_(wanted)).group_by(SearchWord.stem))
    return {stem: int(number) for stem, number in rows}


def _candidates(activity_id: int, own: Mapping[str, int], spread: Mapping[str, int], but: int | None) -> list[int]:
    rare: list[str] = []
    room = RARE
    for stem in sorted(own.keys() & spread.keys(), key=lambda one: (spread[one], one)):
        if rare and spread[stem] > room:
            break
        rare.append(stem)
        room -= spread[stem]
    if not rare:
        return []
    rows = db.session.execute(sa.select(SearchPosting.contribution_id, SearchPosting.stem).where(
        SearchPosting.activity_id == activity_id, SearchPosting.stem.in_(rare)).limit(2 * RARE))
    scores: dict[int, float] = defaultdict(float)
    for id, stem in rows:
        scores[id] += own[stem] / (spread[stem] + 1)
    scores.pop(but or 0, None)
    return sorted(scores, key=lambda one: (-scores[one], one))[:CANDIDATES]


def _documents(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(SearchDocument.contribution_id, SearchDocument.words)
        .join(Contribution, Contribution.id == SearchDocument.contribution_id)
        .where(SearchDocument.contribution_id.in_(ids), Contribution.state == State.PUBLISHED))
    return {id: words for id, words in rows}  # noqa: C416 - a result has keys, which dict() would ask for


class Texts:
    """Some texts that stand in no index, such as answers to a question, compared as contributions are."""

    def __init__(self, texts: Mapping[Any, str], *, language: str = stemming.DEFAULT) -> None:
        self._language = language
        self._words = {key: services.counted("", text, language) for key, text in texts.items()}
        self._spread = Counter(stem for words in self._words.values() for stem in weighing.stems(words))
        self._weights = {key: self._weighed(words) for key, words in self._words.items()}

    def like(self, text: str, *, most: int = MOST_ALIKE,
             threshold: float = THRESHOLD) -> list[tuple[Any, float, tuple[str, ...]]]:
        """Those that say the like of a text, the likest first: which, how much, and the words by which they do.

        Answers are short, so one word in common can be enough.
        """
        words = services.counted("", text, self._language)
        mine = self._weighed(words)
        alike = [(key, likeness) for key, weights in self._weights.items()
                 if (likeness := weighing.cosine(mine, weights)) >= threshold]
        return [(key, likeness, weighing.shared(mine, self._weights[key], words))
                for key, likeness in sorted(alike, key=lambda one: -one[1])[:most]]

    def _weighed(self, words: Mapping[str, Sequence[Any]]) -> dict[str, float]:
        return weighing.weighed(weighing.stems(words), self._spread, len(self._words))
