"""Comparing two texts word by word, and bringing together two changes of the same text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import groupby

from flask_babel import gettext as _

from consult.core import richtext

_WORD = r"[^\W_]+(?:['’.,][^\W_]+)*"
_TEXT = re.compile(rf"{_WORD}|\n|[^\S\n]+|.", re.DOTALL)
_HTML = re.compile(rf"<[^>]*>|&[#\w]+;|{_WORD}|\s+|.", re.DOTALL)
EASY_WORK, MOST_WORK = 60_000, 300_000
"""Pairs of equal words up to which all of them are looked at, or all but the commonest words; where there are more,
texts are compared line by line."""
_HOLDS_BLOCKS = {"": "p", "blockquote": "p", "ul": "li", "ol": "li"}
"""In which elements no bare text can stand, and what it is wrapped in there."""


@dataclass(frozen=True)
class Change:
    """Where words were replaced: those from `start` to `end` of the one text by `words` of the other."""

    start: int
    end: int
    words: tuple[str, ...]

    def touches(self, other: "Change") -> bool:
        """True if both change the same words, or one puts something where the other does."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Piece:
    """Words that stand in both texts, or only in the later one, or only in the earlier one."""

    mark: str
    """`ins`, `del`, or nothing."""
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """Two texts as one sequence: leave out what was added and it is the earlier, what was removed the later."""
    found: list[Piece] = []
    for removed, added, same in _compared(_TEXT.findall(before), _TEXT.findall(after)):
        found += [Piece(mark, "".join(words))
                  for mark, words in (("del", removed), ("ins", added), ("", same)) if words]
    return found


def source(before: str, after: str) -> str:
    """Two texts compared as they were typed, as HTML to be shown with its line ends."""
    return "".join(_marked(piece.mark, escape(piece.text.replace("\n", "¶\n") if piece.mark else piece.text))
                   for piece in pieces(before, after))


def readable(before: str, after: str) -> str:
    """Two texts that `richtext` has made into HTML compared as they are read: the later, with what is new and gone."""
    out, inside = [], list[str]()
    for removed, added, same in _whole_elements(_compared(_HTML.findall(before), _HTML.findall(after))):
        gone = "".join(" " if _is_tag(token) else token for token in removed).strip()
        if gone:
            wrap = _HOLDS_BLOCKS.get(inside[-1] if inside else "", "")
            out.append(f"<{wrap}><del>{gone}</del></{wrap}>" if wrap else f"<del>{gone}</del>")
        for is_tag, run in groupby(added, _is_tag):
            tokens = list(run)
            out += _follow(tokens, inside) if is_tag else [_inserted("".join(tokens))]
        out += _follow(same, inside)
    html = richtext.sanitize("".join(out), tags=richtext.TAGS | {"ins", "del"})
    return re.sub(r"<(ins|del)>(.*?)</\1>", lambda found: _marked(found[1], found[2]), html, flags=re.DOTALL)


def _whole_elements(parts: Iterable["Part"]) -> list["Part"]:
    """Where what is gone ends with the beginning of an element, let it rather begin with the one before it."""
    found = list[Part]()
    for removed, added, same in parts:
        tag = removed[-1] if removed and not added and _is_tag(removed[-1]) else None
        if tag and found and not tag.startswith("</") and found[-1][2] and found[-1][2][-1] == tag:
            found[-1] = (found[-1][0], found[-1][1], found[-1][2][:-1])
            found.append(([tag, *removed[:-1]], added, [tag, *same]))
        else:
            found.append((removed, added, same))
    return found


def merged(base: str, one: str, other: str) -> str | None:
    """A text with the changes of both: None where they touch the same words."""
    words = _TEXT.findall(base)
    mine, theirs = _changes(words, _TEXT.findall(one)), _changes(words, _TEXT.findall(other))
    theirs = [change for change in theirs if change not in mine]
    if any(change.touches(another) for change in mine for another in theirs):
        return None
    out, place = list[str](), 0
    for change in sorted([*mine, *theirs], key=lambda change: (change.start, change.end)):
        out += [*words[place:change.start], *change.words]
        place = change.end
    return "".join([*out, *words[place:]])


def _changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    found, place = [], 0
    for removed, added, same in _compared(before, after):
        if removed or added:
            found.append(Change(place, place + len(removed), tuple(added)))
        place += len(removed) + len(same)
    return found


Part = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""What is gone, what is new, and what follows in both."""


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    """Two sequences of words in parts; spaces between two changes belong to the changes."""
    removed, added, same, spaces = list[str](), list[str](), list[str](), list[str]()
    for gone, new, kept in _raw(before, after):
        if gone or new:
            if same:
                yield _trimmed(removed, added, same)
                removed, added, same = [], [], []
            removed += [*spaces, *gone]
            added += [*spaces, *new]
            spaces = []
        blank = not same and (removed or added) and "\n" not in kept and all(word.isspace() for word in kept)
        if blank:
            spaces += kept
        else:
            same += [*spaces, *kept]
            spaces = []
    if removed or added or same or spaces:
        yield _trimmed(removed, added, [*same, *spaces])


def _trimmed(removed: list[str], added: list[str], same: list[str]) -> Part:
    """What both end with is the same in both."""
    shared = _common(removed[::-1], added[::-1])
    return (removed[:len(removed) - shared], added[:len(added) - shared], [*removed[len(removed) - shared:], *same])


def _raw(before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    """Compare what lies between the common beginning and the common end."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    old, new = before[start:len(before) - end], after[start:len(after) - end]
    if start:
        yield (), (), before[:start]
    yield from _matched(old, new, _by_lines if _work(old, new) > MOST_WORK else _by_words)
    if end:
        yield (), (), before[len(before) - end:]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _work(old: Sequence[str], new: Sequence[str]) -> int:
    counts: dict[str, int] = {}
    for word in new:
        counts[word] = counts.get(word, 0) + 1
    return sum(counts.get(word, 0) for word in old if word == "\n" or not word.isspace())


Matcher = Callable[[Sequence[str], Sequence[str]], Iterator[Part]]


def _matched(old: Sequence[str], new: Sequence[str], how: Matcher) -> Iterator[Part]:
    if not old or not new:
        if old or new:
            yield old, new, ()
        return
    yield from how(old, new)


def _by_words(old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    """Compare the words without the spaces after them, then those: else each space would be like any other."""
    one, other = _units(old), _units(new)
    at_one = at_other = 0
    commonest_too = _work(old, new) <= EASY_WORK
    matcher = SequenceMatcher(None, [unit[0] for unit in one], [unit[0] for unit in other], not commonest_too)
    for block in matcher.get_matching_blocks():
        yield _flat(one[at_one:block.a]), _flat(other[at_other:block.b]), ()
        at_one, at_other = block.a + block.size, block.b + block.size
        for left, right in zip(one[block.a:at_one], other[block.b:at_other], strict=True):
            yield (), (), left[:1]
            yield ((), (), left[1:]) if left == right else (left[1:], right[1:], ())


def _units(words: Sequence[str]) -> list[Sequence[str]]:
    """Each word with the space after it."""
    starts = [place for place, word in enumerate(words) if place == 0 or not word.isspace() or word == "\n"]
    return [words[start:end] for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]


def _flat(units: Sequence[Sequence[str]]) -> list[str]:
    return [word for unit in units for word in unit]


def _by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    """Lines first, then the words of those that differ where they are few enough."""
    lines_old, lines_new = _lines(old), _lines(new)
    for kind, o1, o2, n1, n2 in SequenceMatcher(None, lines_old, lines_new).get_opcodes():
        gone, come = _flat(lines_old[o1:o2]), _flat(lines_new[n1:n2])
        if kind == "equal":
            yield (), (), gone
        elif gone and come and _work(gone, come) <= MOST_WORK:
            yield from _by_words(gone, come)
        else:
            yield gone, come, ()


def _lines(words: Sequence[str]) -> list[Sequence[str]]:
    lines, line = list[Sequence[str]](), list[str]()
    for word in words:
        line.append(word)
        if "\n" in word:
            lines.append(tuple(line))
            line = []
    return [*lines, tuple(line)] if line else lines


def _is_tag(token: str) -> bool:
    return token.startswith("<")


def _follow(tokens: Sequence[str], inside: list[str]) -> list[str]:
    """The same tokens; keeps in which elements one is after them."""
    for token in tokens:
        if token.startswith("</"):
            if inside:
                inside.pop()
        elif _is_tag(token):
            name = re.match(r"<(\w+)", token)
            if name and name[1] not in {"br", "hr"}:
                inside.append(name[1])
    return list(tokens)


def _inserted(text: str) -> str:
    return f"<ins>{text}</ins>" if text.strip() else text


def _marked(mark: str, html: str) -> str:
    """A piece with the words that say to whoever does not see it what became of it."""
    if not mark:
        return html
    begins, ends = (_("Added:"), _("end of what was added")) if mark == "ins" else (
        _("Removed:"), _("end of what was removed"))
    return (f'<{mark}><span class="visually-hidden">{escape(begins)} </span>{html}'
            f'<span class="visually-hidden"> ({escape(ends)}) </span></{mark}>')
