"""Which texts say nearly the same as an earlier one: measured as similar proposals are, gathered around the first."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from consult.search import stemming, weighing
from consult.sorting.topics import Words

NEAR = 0.6
"""Likeness from which on two texts are nearly one: twice that of similar proposals, less than that of copies."""
TELLING = 4
"""Stems that a text must hold before anything is near it."""
RAREST = 12
"""Candidates share one of so many stems, the rarest of a text."""
ROOM = 200
"""Candidates that are looked at for one stem."""
CANDIDATES = 30


def groups(texts: Mapping[int, Words]) -> dict[int, tuple[int, float]]:
    """By text: the first of its group, and how far it is like that one; what nothing is near is not there.

    The first of a group is the one with the smallest number, and each other is as near to it as is asked: so a group
    never drifts from text to text.
    """
    stems = {id: weighing.stems(texts[id]) for id in sorted(texts)}
    spread = Counter(stem for own in stems.values() for stem in own)
    weights = {id: weighing.weighed(own, spread, len(stems)) for id, own in stems.items() if len(own) >= TELLING}
    firsts: defaultdict[str, list[int]] = defaultdict(list)
    found: dict[int, tuple[int, float]] = {}
    for id, own in weights.items():
        rare = sorted(own, key=lambda stem: (spread[stem], stem))[:RAREST]
        common = Counter(first for stem in rare for first in firsts[stem][:ROOM])
        likest = sorted(common, key=lambda first: (-common[first], first))[:CANDIDATES]
        like = [(weighing.cosine(own, weights[first]), -first) for first in likest]
        likeness, first = max(like, default=(0.0, 0))
        if likeness >= NEAR:
            found[id] = (-first, round(likeness, 4))
            found.setdefault(-first, (-first, 1.0))
            continue
        for stem in rare:
            firsts[stem].append(id)
    return found


def matching(text: str, language: str, stems: Mapping[str, int]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether its words say what other stems say."""
    stopped = stemming.STOPPED.get(language, stemming.STOPPED[stemming.DEFAULT])
    found: list[tuple[str, bool]] = []
    for piece, word in stemming.pieces(text):
        hit = len(word) > 1 and word not in stopped and stemming.stem(word, language) in stems
        if found and (found[-1][1] is hit or not word.strip()):
            found[-1] = (found[-1][0] + piece, found[-1][1])
        else:
            found.append((piece, hit))
    return found
