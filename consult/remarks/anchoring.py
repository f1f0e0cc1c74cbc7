"""Finding again in a later text the words that something was said about: placed only where it is sure, else nowhere.

Three things speak for a place: that the paragraph is the same (its number stays when its text is edited), that the
words are the same, and that those around them are. Where they disagree, or where two places, in the earlier or in the
later text, are too much alike to be told apart, a person decides.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

AROUND = 10
"""Words looked at on each side of the passage."""
CLOSE = 0.15
"""Two places whose likeness differs by no more cannot be told apart."""
MOST_CANDIDATES = 8
LONG = 8
"""Words of a passage that is known by itself, wherever it is moved."""
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Passage:
    """A paragraph by its number, as plain words."""

    id: int
    text: str


@dataclass(frozen=True)
class Anchor:
    """Where something was said: a paragraph, and from which to which character; `whole` where all of it is meant."""

    paragraph: int
    start: int
    end: int
    whole: bool = False


@dataclass(frozen=True)
class Placed:
    """Where it stands now, how much alike it is between 0 and 1, and whether nothing at all has changed."""

    paragraph: int
    start: int
    end: int
    likeness: float
    same: bool = False


@dataclass(frozen=True)
class _Fit:
    """How a passage fits into a paragraph: likeness of its words, and of those around them."""

    start: int
    end: int
    words: float
    around: float

    @property
    def score(self) -> float:
        return 0.6 * self.words + 0.4 * self.around


@dataclass(frozen=True)
class _Window:
    """The words of a passage with those around it, in small letters."""

    before: tuple[str, ...]
    words: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def all(self) -> list[str]:
        return [*self.before, *self.words, *self.after]


class Text:
    """A whole text, made ready to be looked through."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = {passage.id: passage for passage in passages}
        self.words = {id: [word.casefold() for word in _WORD.findall(one.text)] for id, one in self.passages.items()}
        self.times = Counter(one.text for one in self.passages.values())

    @cached_property
    def _holding(self) -> Mapping[str, list[int]]:
        found = defaultdict[str, list[int]](list)
        for id, words in self.words.items():
            for word in set(words):
                found[word].append(id)
        return found

    def candidates(self, words: Sequence[str]) -> list[int]:
        """The paragraphs that share the rarest of these words with it, the likeliest first."""
        weights = defaultdict[int, float](float)
        for word in set(words):
            holding = self._holding.get(word, ())
            for id in holding:
                weights[id] += 1 / len(holding)
        return sorted(weights, key=lambda one: (-weights[one], one))[:MOST_CANDIDATES]


def place(anchor: Anchor, before: Text, after: Text) -> Placed | None:
    """Where in the later text the passage of the earlier one stands; None where nobody but a person can say."""
    own = before.passages.get(anchor.paragraph)
    if own is None or not 0 <= anchor.start < anchor.end <= len(own.text):
        return None
    here = after.passages.get(own.id)
    if here is not None and here.text == own.text and before.times[own.text] == after.times[own.text]:
        return Placed(own.id, anchor.start, anchor.end, 1.0, same=True)
    if _told_apart(anchor, own, before, after):
        return _whole(own, before, after) if anchor.whole else _passage(anchor, own, before, after)
    return None


def _told_apart(anchor: Anchor, own: Passage, before: Text, after: Text) -> bool:
    """Whether no other paragraph of the earlier text says nearly the same, or each that does stands unchanged."""
    if before.times[own.text] > 1:
        return False
    window = _window(own.text, anchor)
    for id in before.candidates(window.all):
        if id == own.id:
            continue
        other = before.passages[id].text
        if any(fit.words >= 0.6 and fit.around >= 0.5 for fit in _fits(window, other)) and not (
                after.times[other] == before.times[other] and id in after.passages
                and after.passages[id].text == other):
            return False
    return True


def _passage(anchor: Anchor, own: Passage, before: Text, after: Text) -> Placed | None:
    window = _window(own.text, anchor)
    fits = [(id, fit) for id in {*after.candidates(window.all), *({own.id} & after.passages.keys())}
            for fit in _fits(window, after.passages[id].text) if fit.words >= 0.5]
    fits = [(id, fit) for id, fit in fits if id == own.id or not _was_there(window, id, before, fit)]
    if not fits:
        return None
    fits.sort(key=lambda pair: (-pair[1].score, pair[0] != own.id, pair[1].start))
    id, best = fits[0]
    if any(other.score > best.score - CLOSE for _id, other in fits[1:]):
        return None
    at_home = id == own.id and best.words >= 0.75 and best.around >= 0.3
    led_there = best.words >= 0.9 and best.around >= 0.6 and own.id not in {one for one, _fit in fits}
    known = len(window.words) >= LONG and best.words == 1 and own.id not in {one for one, _fit in fits}
    if not (at_home or ((led_there or known) and _led_back(id, best, own, before, after))):
        return None
    return Placed(id, best.start, best.end, best.score)


def _led_back(id: int, fit: _Fit, own: Passage, before: Text, after: Text) -> bool:
    """Whether what was found, looked for in the earlier text, leads to the paragraph it was looked for."""
    window = _window(after.passages[id].text, Anchor(id, fit.start, fit.end))
    scores = {one: max((each.score for each in _fits(window, before.passages[one].text)), default=0.0)
              for one in {*before.candidates(window.all), own.id}}
    return all(score < scores[own.id] - CLOSE / 3 for one, score in scores.items() if one != own.id)


def _was_there(window: _Window, id: int, before: Text, fit: _Fit) -> bool:
    """Whether the paragraph said so before already: then these are its own words, and not those that are looked for."""
    return id in before.passages and any(
        earlier.score >= fit.score - 2 * CLOSE for earlier in _fits(window, before.passages[id].text))


def _whole(own: Passage, before: Text, after: Text) -> Placed | None:
    """A paragraph that is meant as a whole: the same, edited, or the one that has taken all of it in."""
    words = before.words[own.id]
    if own.id in after.passages:
        return _taken_in(words, own.id, after, least=0.7)
    found = []
    for id in after.candidates(words):
        placed = _taken_in(words, id, after, least=0.9)
        held = _taken_in(words, id, before, least=0.0) if placed and id in before.passages else None
        as_long = placed and len(_spans(after.passages[id].text[placed.start:placed.end])) <= 1.3 * len(words)
        if placed and as_long and (held is None or held.likeness < placed.likeness - CLOSE):
            found.append(placed)
    return found[0] if len(found) == 1 else None


def _taken_in(words: Sequence[str], id: int, text: Text, *, least: float) -> Placed | None:
    """The part of a paragraph that says so much of the words, two and more in a row."""
    blocks = [block for block in SequenceMatcher(None, words, text.words[id], autojunk=False).get_matching_blocks()
              if block.size >= 2]
    covered = sum(block.size for block in blocks) / len(words)
    if not blocks or covered < least:
        return None
    spans = _spans(text.passages[id].text)
    return Placed(id, spans[blocks[0].b][0], spans[blocks[-1].b + blocks[-1].size - 1][1], covered)


def _window(text: str, anchor: Anchor) -> _Window:
    words = [(found[0].casefold(), found.start(), found.end()) for found in _WORD.finditer(text)]
    inside = [place for place, (_word, start, end) in enumerate(words) if start < anchor.end and end > anchor.start]
    first, last = (inside[0], inside[-1] + 1) if inside else (0, 0)
    plain = [word for word, _start, _end in words]
    return _Window(tuple(plain[max(0, first - AROUND):first]), tuple(plain[first:last]),
                   tuple(plain[last:last + AROUND]))


def _spans(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _WORD.finditer(text)]


def _fits(window: _Window, text: str) -> list[_Fit]:
    """Each place of a paragraph that may be the passage: where its very words stand, or else where most do."""
    words = [found.casefold() for found in _WORD.findall(text)]
    size = len(window.words)
    if not size or not words:
        return []
    starts = [at for at in range(len(words) - size + 1) if tuple(words[at:at + size]) == window.words]
    ranges = [(at, at + size) for at in starts] or _aligned(window, words)
    spans = _spans(text)
    return [_Fit(spans[first][0], spans[last - 1][1], _likeness(window.words, words[first:last]),
                 _around(window, words, first, last)) for first, last in ranges]


def _aligned(window: _Window, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the passage comes to lie when it is laid, with the words around it, over the paragraph."""
    begin, end = len(window.before), len(window.before) + len(window.words)
    matched = {block.a + step: block.b + step for block in SequenceMatcher(
        None, window.all, words, autojunk=False).get_matching_blocks() for step in range(block.size)}
    inside = [matched[place] for place in range(begin, end) if place in matched]
    left = matched.get(begin - 1)
    right = matched.get(end)
    first = left + 1 if left is not None else min(inside, default=None)
    last = right if right is not None else max(inside, default=-2) + 1
    if first is None or last <= first or last > len(words):
        return []
    return [(first, last)]


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _around(window: _Window, words: Sequence[str], first: int, last: int) -> float:
    """How much of what stands on both sides stands there still; where nothing stood, the edge of the paragraph does."""
    left = words[max(0, first - len(window.before) - 2):first]
    right = words[last:last + len(window.after) + 2]
    sides = [(window.before, left), (window.after, right)]
    given = sum(len(side) for side, _there in sides)
    if not given:
        return 1.0 if first == 0 and last == len(words) else 0.0
    return sum(sum(block.size for block in SequenceMatcher(None, side, there, autojunk=False).get_matching_blocks())
               for side, there in sides) / given
