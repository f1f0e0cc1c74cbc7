"""Which paragraph of an earlier text lives on in a later one, so that what was said about it stays with it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

SIMILAR = 0.6
"""The least likeness, between 0 and 1, at which a changed paragraph is still the same one."""


def successors(before: Sequence[str], after: Sequence[str]) -> list[int | None]:
    """For each paragraph of a later text, the index of the earlier one that it continues, or None if it is new.

    An earlier paragraph is continued at most once. Equal ones are paired first, in order; then the others, the
    most alike first and of these the nearest, down to a likeness of `SIMILAR`: twice the words in common, in
    order, over all the words of both (the ratio of difflib, on words and punctuation).
    """
    found: list[int | None] = [None] * len(after)
    places = defaultdict(list)
    for index, text in enumerate(before):
        places[text].append(index)
    for index, text in enumerate(after):
        if places[text]:
            found[index] = places[text].pop(0)
    taken = {index for index in found if index is not None}
    left = [index for index in range(len(before)) if index not in taken]
    fresh = [index for index, partner in enumerate(found) if partner is None]
    pairs = _likenesses(before, after, left, fresh)
    for likeness, _apart, new, old in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if likeness >= SIMILAR and found[new] is None and old not in taken:
            found[new] = old
            taken.add(old)
    return found


def _likenesses(before: Sequence[str], after: Sequence[str], left: Sequence[int],
                fresh: Sequence[int]) -> list[tuple[float, int, int, int]]:
    """Likeness, distance, later and earlier paragraph, for every pair that may be alike enough."""
    pairs = []
    earlier = {index: _words(before[index]) for index in left}
    for new in fresh:
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(_words(after[new]))
        for old in left:
            matcher.set_seq1(earlier[old])
            if matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR:
                pairs.append((matcher.ratio(), abs(new - old), new, old))
    return pairs


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text.casefold())
