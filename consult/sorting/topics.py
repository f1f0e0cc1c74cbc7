"""What many texts speak of: topics found by the words that stand together, and told by these words.

Each text is a row of weights of stems (tf·idf, as for similar proposals), of length 1. The rows are taken apart into
few topics whose weights are never below nothing (Lee and Seung, "Algorithms for non-negative matrix factorization",
NIPS 13, 2001), beginning from texts that are unlike each other (as the successive projection algorithm finds them:
Gillis and Vavasis, IEEE Transactions on Pattern Analysis and Machine Intelligence 36, 2014). Nothing is drawn at
random and texts are put in an order of their own first: the same texts give the same topics, in whatever order they
come.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consult.core.later import numpy as np
from consult.search import weighing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Words = Mapping[str, Sequence[Any]]
"""The words of a text, each with its stem and its weight, as `search.services.counted` gives them."""

LEAST = 3
"""How many people must have written a word before a topic is told by it: so no name that one of them let slip."""
TOO_COMMON = 0.5
"""In which share of the texts a word stands that tells no topic from another."""
MOST_STEMS = 1500
WORDS = 8
FEWEST, MOST = 2, 12
"""How many topics can be looked for."""
BARELY = 0.1
"""A text that is less like every topic speaks of none."""
ROUNDS = 60
FEW = 200
"""Texts under which topics say little."""
TEXTS_A_TOPIC = 3
_NOTHING = 1e-12
_LITTLE = 1e-4
"""What begins at nothing would stay at nothing."""


@dataclass(frozen=True)
class Found:
    """Topics, the one most spoken of first: of each its words with their weights, and which texts speak of it."""

    words: list[list[tuple[str, float]]]
    texts: dict[int, tuple[int, float]]
    """By text: the number of its topic, from 1, and how far its words are like those of the topic, between 0 and 1.
    What speaks of none is not there."""


def proposed(texts: int) -> int:
    """How many topics are looked for among so many texts where nobody says how many."""
    return max(FEWEST, min(MOST, round(math.sqrt(texts / 4))))


def find(texts: Mapping[int, Words], wanted: int = 0, authors: Mapping[int, int] | None = None) -> Found:
    """Find the topics of some texts, as many as wanted or fewer where there are few texts.

    Texts of which no author is told are taken to be each by somebody else.
    """
    ordered = sorted((tuple(sorted((word, stem, weight) for word, (stem, weight) in words.items())), id)
                     for id, words in texts.items())
    ids = [id for _words, id in ordered]
    stems = [weighing.stems(texts[id]) for id in ids]
    spread = Counter(stem for own in stems for stem in own)
    known = _vocabulary(len(ids), spread, _people(ids, stems, authors or {}))
    number = min(wanted or proposed(len(ids)), len(ids) // TEXTS_A_TOPIC, len(known))
    if number < 1:
        return Found([], {})
    rows = _table(stems, spread, known)
    shares, topics = _apart(rows, number)
    return _told(ids, shares.argmax(axis=1), _likeness(rows, topics), topics, list(known), _forms(texts.values()))


def _people(ids: Sequence[int], stems: Sequence[Mapping[str, int]], authors: Mapping[int, int]) -> dict[str, int]:
    """By how many people each stem was written."""
    wrote: dict[str, set[int]] = defaultdict(set)
    for id, own in zip(ids, stems, strict=True):
        for stem in own:
            wrote[stem].add(authors.get(id, -id))
    return {stem: len(people) for stem, people in wrote.items()}


def _vocabulary(texts: int, spread: Mapping[str, int], people: Mapping[str, int]) -> dict[str, int]:
    """The stems by which topics are told, in the order of their letters, each with its place."""
    most = max(LEAST, int(texts * TOO_COMMON))
    fit = sorted((stem for stem, number in spread.items() if people[stem] >= LEAST and number <= most),
                 key=lambda stem: (-spread[stem], stem))[:MOST_STEMS]
    return {stem: at for at, stem in enumerate(sorted(fit))}


def _table(stems: Sequence[Mapping[str, int]], spread: Counter[str], known: Mapping[str, int]) -> "Floats":
    rows = np.zeros((len(stems), len(known)))
    for at, own in enumerate(stems):
        for stem, weight in weighing.weighed(own, spread, len(stems)).items():
            if stem in known:
                rows[at, known[stem]] = weight
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def _apart(rows: "Floats", number: int) -> "tuple[Floats, Floats]":
    """The table as texts by topics times topics by stems."""
    shares, topics = _beginning(rows, number)
    for _round in range(ROUNDS):
        topics *= (shares.T @ rows) / (shares.T @ shares @ topics + _NOTHING)
        shares *= (rows @ topics.T) / (shares @ (topics @ topics.T) + _NOTHING)
    sums = topics.sum(axis=1)
    sums = np.where(sums > _NOTHING, sums, 1.0)
    return shares * sums, topics / sums[:, None]


def _beginning(rows: "Floats", number: int) -> "tuple[Floats, Floats]":
    """Texts amid many that are like them and unlike those taken before: the first guess at what topics say."""
    among = rows @ (rows.T @ rows)
    left = among.copy()
    topics = np.empty((number, rows.shape[1]))
    for at in range(number):
        lengths = np.linalg.norm(left, axis=1)
        chosen = int(lengths.argmax())
        topics[at] = among[chosen] / max(float(np.linalg.norm(among[chosen])), _NOTHING)
        direction = left[chosen] / max(float(lengths[chosen]), _NOTHING)
        left -= np.outer(left @ direction, direction)
    return rows @ topics.T + _LITTLE, topics + _LITTLE


def _forms(texts: Iterable[Words]) -> dict[str, str]:
    """For each stem the word by which it stands most often."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for words in texts:
        for word, (stem, weight) in words.items():
            counted[stem][word] += weight
    return {stem: min(words, key=lambda word: (-words[word], word)) for stem, words in counted.items()}


def _likeness(rows: "Floats", topics: "Floats") -> "Floats":
    """How far each text, whose length is 1, is like each topic."""
    lengths = np.linalg.norm(topics, axis=1)
    return rows @ (topics / np.where(lengths > _NOTHING, lengths, 1.0)[:, None]).T


def _told(ids: Sequence[int], best: "NDArray[np.intp]", likeness: "Floats", topics: "Floats", stems: Sequence[str],
          forms: Mapping[str, str]) -> Found:
    spoken = {id: (int(best[at]), round(float(likeness[at, best[at]]), 4))
              for at, id in enumerate(ids) if likeness[at, best[at]] >= BARELY}
    number = Counter(topic for topic, _share in spoken.values())
    words = {topic: [(forms[stems[at]], round(float(topics[topic, at]), 4))
                     for at in sorted(range(len(stems)), key=lambda at: (-topics[topic, at], stems[at]))[:WORDS]
                     if topics[topic, at] > 1e-4] for topic in number}
    order = sorted(number, key=lambda topic: (-number[topic], words[topic]))
    place = {topic: at for at, topic in enumerate(order, 1)}
    return Found([words[topic] for topic in order],
                 {id: (place[topic], share) for id, (topic, share) in spoken.items()})
