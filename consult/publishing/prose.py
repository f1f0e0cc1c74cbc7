"""What the staff wrote in Markdown, as blocks of a document."""

from collections.abc import Callable, Iterable, Iterator

from markdown_it.token import Token

from consult.core import richtext
from consult.publishing.document import (
    Block,
    Code,
    Heading,
    List,
    Paragraph,
    Quote,
    Span,
    Table,
    Words,
    literal,
    safe_link,
    words,
)

Embedded = Callable[[str], Iterable[Block]]
"""What a line in double braces stands for."""


def _typed(line: str) -> Iterable[Block]:
    """Where lines in braces stand for nothing, they are words as they were typed."""
    return (Paragraph(spans=words(line)),)


def blocks(text: str, *, level: int = 3, embedded: Embedded = _typed) -> tuple[Block, ...]:
    """A Markdown text as blocks; its headings stand at `level` or deeper."""
    return tuple(_blocks(iter(richtext.staff_tokens(text)), "", level, embedded))


def _blocks(tokens: Iterator[Token], until: str, level: int, embedded: Embedded = _typed) -> Iterator[Block]:
    for token in tokens:
        if token.type == until:
            return
        if token.type == "paragraph_open":
            yield Paragraph(spans=_spans(next(tokens)))
        elif token.type == "heading_open":
            text = "".join(span.text for span in _spans(next(tokens)))
            yield Heading(level=min(level + int(token.tag[1]) - 1, 4), text=text)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield _list(tokens, token.type.replace("open", "close"), level)
        elif token.type == "blockquote_open":
            yield Quote(blocks=tuple(_blocks(tokens, "blockquote_close", level)))
        elif token.type in ("fence", "code_block"):
            yield Code(text=literal(token.content.rstrip("\n")))
        elif token.type == "table_open":
            yield _table(tokens)
        elif token.type == "embed":
            yield from embedded(token.content)


def _list(tokens: Iterator[Token], until: str, level: int) -> List:
    items = []
    for token in tokens:
        if token.type == until:
            break
        if token.type == "list_item_open":
            items.append(tuple(_blocks(tokens, "list_item_close", level)))
    return List(items=tuple(items), ordered=until.startswith("ordered"))


def _table(tokens: Iterator[Token]) -> Table:
    rows: list[list[Words]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_spans(token))
    header = tuple("".join(span.text for span in cell) for cell in rows[0])
    return Table(caption="", header=header, rows=tuple(tuple(row) for row in rows[1:]),
                 align=tuple("left" for _ in header), widths=tuple(1 / len(header) for _ in header))


def _spans(token: Token) -> Words:
    spans: list[Span] = []
    bold = italic = 0
    link = ""
    for child in token.children or ():
        if child.type == "strong_open":
            bold += 1
        elif child.type == "strong_close":
            bold -= 1
        elif child.type == "em_open":
            italic += 1
        elif child.type == "em_close":
            italic -= 1
        elif child.type == "link_open":
            link = safe_link(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            link = ""
        elif child.type in ("softbreak", "hardbreak"):
            spans.append(Span(" " if child.type == "softbreak" else "\n"))
        elif child.content:
            spans.append(Span(literal(child.content), bool(bold), bool(italic), child.type == "code_inline", link))
    return tuple(spans)
