"""Markdown that any tool reads as it was meant: every sign that could be markup is escaped."""

import re
from collections.abc import Iterable
from pathlib import Path

from consult.publishing.document import Block, Code, Document, Figure, Heading, List, Paragraph, Quote, Table, Words

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|~$^&]|:(?=//))")
"""What means something anywhere in a line, to the dialects of Markdown that are most used."""
_OPENING = re.compile(r"^(\s*)([-+=#]|\d+(?=[.)](?:\s|$)))", re.MULTILINE)
"""What means something where a line begins: a list, a heading, a rule. Codes such as ROV-P-0012 stay as they are."""


def write(document: Document, target: Path) -> None:
    """Write the document; each drawing is followed by its table, which says the same in figures."""
    with target.open("w", encoding="utf-8") as file:
        for line in _lines(document):
            file.write(line + "\n")


def _lines(document: Document) -> Iterable[str]:
    yield f"# {escaped(document.title)}\n"
    for text in (document.subtitle, document.authority, document.edition, document.date_in_words):
        if text:
            yield f"{escaped(text)}\n"
    yield f"## {escaped(document.labels.get('contents', ''))}\n"
    for block in document.blocks:
        if isinstance(block, Heading) and block.level <= 2:
            yield f"{'  ' * (block.level - 1)}- {escaped(block.text)}"
    yield ""
    for block in document.blocks:
        yield _block(block)
        yield ""
    yield escaped(document.labels.get("made", ""))


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * (block.level + 1)} {escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _spans(block.spans).strip()
    if isinstance(block, List):
        marks = (f"{i}." if block.ordered else "-" for i in range(1, len(block.items) + 1))
        return "\n".join(_indented("\n\n".join(map(_block, item)), f"{mark} ")
                         for mark, item in zip(marks, block.items, strict=False))
    if isinstance(block, Quote):
        return "\n".join(f"> {line}" for line in "\n\n".join(map(_block, block.blocks)).split("\n"))
    if isinstance(block, Code):
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", block.text)), 3)
        return f"{fence}\n{block.text}\n{fence}"
    if isinstance(block, Figure):
        return f"**{escaped(block.caption)}**  \n{escaped(block.alt)}"
    return _table(block)


def _table(table: Table) -> str:
    rules = ["---:" if side == "right" else "---" for side in table.align]
    lines = [f"**{escaped(table.caption)}**\n"] if table.caption else []
    lines.append("| " + " | ".join(escaped(head) for head in table.header) + " |")
    lines.append("| " + " | ".join(rules) + " |")
    lines += ["| " + " | ".join(_spans(cell, line_end="<br>") for cell in row) + " |" for row in table.rows]
    return "\n".join(lines)


def _spans(spans: Words, line_end: str = "\\\n") -> str:
    said = []
    for span in spans:
        text = line_end.join(escaped(line) for line in span.text.split("\n"))
        core = text.strip()
        if core:
            before, after = text[:len(text) - len(text.lstrip())], text[len(text.rstrip()):]
            core = f"*{core}*" if span.italic else core
            core = f"**{core}**" if span.bold else core
            text = f"{before}{f'[{core}](<{span.link}>)' if span.link else core}{after}"
        said.append(text)
    return "".join(said)


def _indented(text: str, mark: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([mark + first, *(" " * len(mark) + line if line else "" for line in rest)])


def escaped(text: str) -> str:
    """The same words, none of whose signs mean anything to Markdown."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.split("\n")))
    return _OPENING.sub(lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}",
                        line)
