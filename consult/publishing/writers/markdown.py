"""Markdown that any tool reads as it was meant, alone or with its data: every sign that could be markup is escaped."""

import base64
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from consult.core import spreadsheet
from consult.publishing.document import Block, Code, Document, Figure, Heading, List, Paragraph, Quote, Table, Words
from consult.publishing.writers import data

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|~$^&]|:(?=//))")
"""What means something anywhere in a line, to the dialects of Markdown that are most used."""
_OPENING = re.compile(r"^(\s*)([-+=#]|\d+(?=[.)](?:\s|$)))", re.MULTILINE)
"""What means something where a line begins: a list, a heading, a rule. Codes such as ROV-P-0012 stay as they are."""


def write(document: Document, target: Path) -> None:
    """Write the document; each drawing is followed by its table, which says the same in figures."""
    with target.open("w", encoding="utf-8") as file:
        for line in _Writing(document).lines():
            file.write(line + "\n")


def folder(document: Document, target: Path) -> None:
    """Write a ZIP: the text, each table as CSV, each chart as a drawing, and the whole as JSON; the same every time."""
    parts = {"document.md": "\n".join(_Writing(document, beside=True).lines()).encode() + b"\n",
             "document.json": data.text(document).encode()}
    for number, table in enumerate(tables(document), 1):
        rows = [table.header, *(["".join(span.text for span in cell) for cell in row] for row in table.rows)]
        parts[_named("tables", number, "csv")] = spreadsheet.as_csv(rows, document.language)
    for number, figure in enumerate(document.figures(), 1):
        parts[_named("charts", number, "svg")] = figure.svg.encode()
    if document.emblem:
        parts["emblem.png"] = base64.b64decode(document.emblem.png)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(parts):
            packed.writestr(zipfile.ZipInfo(name), parts[name], zipfile.ZIP_DEFLATED)


def _named(kind: str, number: int, ending: str) -> str:
    return f"{kind}/{number:03}.{ending}"


class _Writing:
    """One writing of a document; with `beside`, tables and charts lie in files of their own too."""

    def __init__(self, document: Document, *, beside: bool = False) -> None:
        self.document, self.beside = document, beside
        self.notes: list[str] = []
        self.files: dict[int, str] = {}
        for kind, ending, blocks in (("tables", "csv", tables(document)), ("charts", "svg", list(document.figures()))):
            self.files |= {id(block): _named(kind, number, ending) for number, block in enumerate(blocks, 1)}

    def lines(self) -> Iterable[str]:
        """The document line by line, some of which are several."""
        document = self.document
        if self.beside:
            yield from _front(document)
        yield f"# {escaped(document.title)}\n"
        for text in (document.subtitle, document.authority, document.edition, document.date_in_words):
            if text:
                yield f"{escaped(text)}\n"
        yield f"## {escaped(document.labels.get('contents', ''))}\n"
        for block in document.blocks:
            if isinstance(block, Heading) and block.level <= 2:
                yield f"{'  ' * (block.level - 1)}- {escaped(block.shown)}"
        yield ""
        for block in document.blocks:
            yield self._block(block)
            yield ""
        yield escaped(document.labels.get("made", ""))
        for number, text in enumerate(self.notes, 1):
            yield f"\n[^{number}]: {escaped(text)}"

    def _block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return f"{'#' * (block.level + 1)} {escaped(block.shown)}"
        if isinstance(block, Paragraph):
            return self._spans(block.spans).strip()
        if isinstance(block, List):
            marks = (f"{i}." if block.ordered else "-" for i in range(1, len(block.items) + 1))
            return "\n".join(_indented("\n\n".join(map(self._block, item)), f"{mark} ")
                             for mark, item in zip(marks, block.items, strict=False))
        if isinstance(block, Quote):
            return "\n".join(f"> {line}" for line in "\n\n".join(map(self._block, block.blocks)).split("\n"))
        if isinstance(block, Code):
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", block.text)), 3)
            return f"{fence}\n{block.text}\n{fence}"
        if isinstance(block, Figure):
            return self._figure(block)
        return self._table(block)

    def _figure(self, figure: Figure) -> str:
        told = escaped(figure.alt)
        return f"**{escaped(figure.caption)}**  \n" + (f"![{told}]({self.files[id(figure)]})" if self.beside else told)

    def _table(self, table: Table) -> str:
        rules = ["---:" if side == "right" else "---" for side in table.align]
        lines = [f"**{escaped(table.caption)}**\n"] if table.caption else []
        lines.append("| " + " | ".join(escaped(head) for head in table.header) + " |")
        lines.append("| " + " | ".join(rules) + " |")
        lines += ["| " + " | ".join(self._spans(cell, line_end="<br>") for cell in row) + " |" for row in table.rows]
        if self.beside and id(table) in self.files:
            lines.append(f"\n[CSV]({self.files[id(table)]})")
        return "\n".join(lines)

    def _spans(self, spans: Words, line_end: str = "\\\n") -> str:
        said = []
        for span in spans:
            text = line_end.join(escaped(line) for line in span.text.split("\n"))
            core = text.strip()
            if core:
                before, after = text[:len(text) - len(text.lstrip())], text[len(text.rstrip()):]
                core = f"*{core}*" if span.italic else core
                core = f"**{core}**" if span.bold else core
                text = f"{before}{f'[{core}](<{span.link}>)' if span.link else core}{after}"
            if span.note:
                self.notes.append(span.note)
                text += f"[^{len(self.notes)}]"
            said.append(text)
        return "".join(said)


def tables(document: Document) -> list[Table]:
    """The tables that stand in no other block, in their order."""
    return [block for block in document.blocks if isinstance(block, Table)]


def _front(document: Document) -> Iterable[str]:
    """What the document is, as programs that read Markdown expect it at its head: strings of JSON are YAML too."""
    yield "---"
    for name in ("title", "subtitle", "authority", "edition", "made_on", "language"):
        yield f"{name}: {json.dumps(str(getattr(document, name)), ensure_ascii=False)}"
    yield "---\n"


def _indented(text: str, mark: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([mark + first, *(" " * len(mark) + line if line else "" for line in rest)])


def escaped(text: str) -> str:
    """The same words, none of whose signs mean anything to Markdown."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.split("\n")))
    return _OPENING.sub(lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}",
                        line)
