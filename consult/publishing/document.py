"""A document before it has a format: blocks and spans of plain text. What people typed is text here, never markup."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

LINKS = ("https://", "http://", "mailto:")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
Align = Literal["left", "right"]


class WritingError(Exception):
    """A document could not be written in a format; the message is what its tool said."""


def literal(text: str) -> str:
    """Text that every format can hold: no control characters, no halves of characters, no tricks of direction."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _literally(thing: Any, *names: str) -> None:
    """Keep these fields of a block as text that every format can hold, whoever filled them."""
    for name in names:
        value = getattr(thing, name)
        object.__setattr__(thing, name, tuple(map(literal, value)) if isinstance(value, tuple) else literal(value))


@dataclass(frozen=True)
class Span:
    """Some words of one style.

    `link` is an address that a reader may safely follow, `to` the anchor of a heading of the document; `note` stands
    at the foot of the page. Each may be empty.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""
    to: str = ""
    note: str = ""


Words = tuple[Span, ...]


def words(text: str, *, bold: bool = False) -> Words:
    """Plain text as spans."""
    return (Span(literal(text), bold=bold),) if text else ()


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`level` 1 is a part of the document, 2 to 4 lie within it; `page` has it begin one, in print.

    `anchor` is what cross references lead to, made by `anchor_of`; `number` is the code by which people know what it
    is about, or else given by `in_order`.
    """

    kind: str = "heading"
    level: int
    text: str
    page: bool = False
    anchor: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        _literally(self, "text")

    @property
    def shown(self) -> str:
        """The words with their number."""
        return f"{self.number} {self.text}" if self.number else self.text


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Some spans; `small` is set smaller, for notes."""

    kind: str = "paragraph"
    spans: Words
    small: bool = False


@dataclass(frozen=True, kw_only=True)
class List:
    """Points, each of one or more blocks."""

    kind: str = "list"
    items: "tuple[tuple[Block, ...], ...]"
    ordered: bool = False


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Blocks said by somebody else."""

    kind: str = "quote"
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, kw_only=True)
class Code:
    """Text whose spaces count."""

    kind: str = "code"
    text: str

    def __post_init__(self) -> None:
        _literally(self, "text")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Cells under a row of headings; the first cell of a row names it. `widths` are shares that add up to 1."""

    kind: str = "table"
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    align: tuple[Align, ...]
    widths: tuple[float, ...]

    def __post_init__(self) -> None:
        _literally(self, "caption", "header")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing with the words that stand for it."""

    kind: str = "figure"
    svg: str
    alt: str
    caption: str

    def __post_init__(self) -> None:
        _literally(self, "alt", "caption")


@dataclass(frozen=True)
class Emblem:
    """The coat of arms on the first page: a picture as PNG in Base64, and the words that stand for it."""

    png: str
    alt: str

    def __post_init__(self) -> None:
        _literally(self, "alt")


Block = Heading | Paragraph | List | Quote | Code | Table | Figure


@dataclass(frozen=True, kw_only=True)
class Document:
    """Everything a writer needs. `labels` are the few words that formats add, in the document's language."""

    title: str
    subtitle: str
    authority: str
    edition: str
    made_on: date
    date_in_words: str
    language: str
    blocks: tuple[Block, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    emblem: Emblem | None = None

    def __post_init__(self) -> None:
        _literally(self, "title", "subtitle", "authority", "edition")

    def figures(self) -> Iterator[Figure]:
        """The drawings in the order in which they stand; they are never inside another block."""
        return (block for block in self.blocks if isinstance(block, Figure))


def in_order(blocks: Iterable[Block], *, numbered: bool = False) -> tuple[Block, ...]:
    """The same blocks with headings that never skip a level, as readers of the outline expect.

    With `numbered`, headings have numbers such as 2.1, but for those that have a code and what lies within them. What
    leads to an anchor that is not there, or is there already, leads nowhere.
    """
    ordered: list[Block] = []
    numbers: list[int] = []
    coded: list[bool] = []
    seen: set[str] = set()
    for block in blocks:
        if isinstance(block, Heading):
            level = min(block.level, len(numbers) + 1)
            numbers = [*numbers[:level], *[0] * (level - len(numbers))]
            numbers[-1] += not block.number
            coded = [*coded[:level - 1], bool(block.number)]
            number = block.number or (_written(numbers) if numbered and not any(coded) else "")
            ordered.append(replace(block, level=level, anchor="" if block.anchor in seen else block.anchor,
                                   number=number))
            seen.add(block.anchor)
        else:
            ordered.append(block)
    return tuple(_leading(block, seen) for block in ordered)


def _written(numbers: list[int]) -> str:
    return f"{numbers[0]}." if len(numbers) == 1 else ".".join(map(str, numbers))


def _leading(block: Block, anchors: set[str]) -> Block:
    """The block whose cross references all lead somewhere."""
    def kept(spans: Words) -> Words:
        return tuple(replace(one, to="") if one.to and one.to not in anchors else one for one in spans)

    if isinstance(block, Paragraph):
        return replace(block, spans=kept(block.spans))
    if isinstance(block, Table):
        return replace(block, rows=tuple(tuple(kept(cell) for cell in row) for row in block.rows))
    if isinstance(block, List):
        return replace(block, items=tuple(tuple(_leading(inner, anchors) for inner in item) for item in block.items))
    return block


def anchor_of(code: str) -> str:
    """What a cross reference to a code is called: letters, digits and hyphens."""
    return "c-" + re.sub(r"[^A-Za-z0-9]+", "-", code)


def safe_link(address: str) -> str:
    """The address if a reader may follow it from a document, else nothing."""
    address = literal(address).strip()
    return address if address.lower().startswith(LINKS) and not re.search(r"[\s\"<>\\]", address) else ""


def plain(thing: Any) -> Any:
    """The same as dictionaries and lists, for writers that speak JSON."""
    if hasattr(thing, "__dataclass_fields__"):
        return {name: plain(getattr(thing, name)) for name in thing.__dataclass_fields__}
    if isinstance(thing, Mapping):
        return {key: plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain(item) for item in thing]
    return thing.isoformat() if isinstance(thing, date) else thing
