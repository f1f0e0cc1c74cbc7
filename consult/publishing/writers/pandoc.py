"""EPUB through Pandoc, and what other forms that it writes begin with: the tree of the document, never markup."""

import base64
import hashlib
import json
import os
import subprocess
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypandoc

from consult.publishing.document import (
    Block,
    Code,
    Document,
    Figure,
    Heading,
    List,
    Paragraph,
    Quote,
    Table,
    Words,
    WritingError,
)
from consult.publishing.writers import blacking, data

Node = dict[str, Any]
NOTHING: list[Any] = ["", [], []]
REGIONS = {"it": "it-IT", "en": "en-GB", "de": "de-DE", "fr": "fr-FR"}
FRUGAL = ("+RTS", "-c", "-RTS")
"""Pandoc then needs two thirds of the memory for a long table, and a third more time."""
PATIENCE = 600
"""Seconds after which Pandoc is given up."""


def epub(document: Document, target: Path) -> None:
    """Write an EPUB 3, whose table of contents readers of books show by themselves. Raises WritingError."""
    pictures = {id(figure): picture("svg+xml", figure.svg.encode()) for figure in document.figures()}
    content = tree(document, pictures, contents=False)
    fingerprint = hashlib.sha256(data.text(document).encode()).hexdigest()
    content["meta"] |= {"identifier": _inlines_meta(f"urn:uuid:{uuid.UUID(fingerprint[:32])}"),
                     "date": _inlines_meta(document.made_on.isoformat()),
                     "toc-title": _inlines_meta(document.labels.get("contents", ""))}
    content["blocks"].insert(0, {"t": "Para", "c": _text(f"{document.edition}, {document.date_in_words}")})
    run(content, document, target, "epub3")


def _inlines_meta(text: str) -> Node:
    return {"t": "MetaInlines", "c": _text(text)}


def run(content: Node, document: Document, target: Path, form: str, styles: bytes = b"") -> None:
    """Run Pandoc in its sandbox: it reads the tree and nothing else, so the drawings travel within.

    `styles` is a file of the same form whose styles, margins, head and foot are taken. Raises WritingError.
    """
    with tempfile.TemporaryDirectory(prefix="consult-document-") as folder:
        tree = Path(folder) / "document.json"
        with tree.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
        if styles:
            (Path(folder) / "styles").write_bytes(styles)
        made_on = datetime(document.made_on.year, document.made_on.month, document.made_on.day, tzinfo=UTC)
        command = [pypandoc.get_pandoc_path(), *FRUGAL, "--sandbox", "--from=json", f"--to={form}", "--standalone",
                   f"--output={target}", *(["--reference-doc=styles"] if styles else []), str(tree)]
        try:
            done = subprocess.run(  # noqa: S603 - no word of the command comes from a participant
                command, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=folder,
                env={**os.environ, "SOURCE_DATE_EPOCH": str(int(made_on.timestamp()))})
        except subprocess.TimeoutExpired as late:
            raise WritingError(f"Pandoc needed more than {PATIENCE} seconds") from late
        if done.returncode:
            raise WritingError(done.stderr[:300] or f"Pandoc ended with {done.returncode}")


def picture(kind: str, content: bytes) -> str:
    """A picture within an address."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def tree(document: Document, pictures: dict[int, str], *, contents: bool = True) -> Node:
    """The document as Pandoc reads it; `pictures` has the address of each drawing, by the identity of its block."""
    meta = {"title": document.title, "subtitle": document.subtitle, "lang": REGIONS[document.language[:2]]}
    said: dict[str, Node] = {name: {"t": "MetaInlines", "c": _text(text)} for name, text in meta.items() if text}
    said["author"] = {"t": "MetaList", "c": [{"t": "MetaInlines", "c": _text(document.authority)}]}
    said["date"] = {"t": "MetaInlines", "c": _text(f"{document.edition}, {document.date_in_words}")}
    blocks = [*_emblem(document), *(_contents(document) if contents else [])]
    for number, block in enumerate(document.blocks):
        blocks += _nodes(block, pictures, name=f"h{number}")
    blocks.append({"t": "Para", "c": _text(document.labels.get("made", ""))})
    if said_of_bars := document.labels.get("blacked"):
        blocks = blacking.drawn(blocks, said_of_bars)
    return {"pandoc-api-version": [1, 23, 1], "meta": said, "blocks": blocks}


def _emblem(document: Document) -> list[Node]:
    if document.emblem is None:
        return []
    size = ["", [], [["height", "2.4cm"]]]
    file = f"data:image/png;base64,{document.emblem.png}"
    return [{"t": "Para", "c": [{"t": "Image", "c": [size, _text(document.emblem.alt), [file, ""]]}]}]


def _contents(document: Document) -> list[Node]:
    """The parts and chapters as links: the table of contents of these formats stays empty until somebody fills it."""
    parts: list[tuple[Node, list[list[Node]]]] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Heading) and block.level <= 2:
            goal = f"#{block.anchor or f'h{number}'}"
            entry = {"t": "Plain", "c": [{"t": "Link", "c": [NOTHING, _text(block.shown), [goal, ""]]}]}
            if block.level == 1:
                parts.append((entry, []))
            elif parts:
                parts[-1][1].append([entry])
    items = [[entry, {"t": "BulletList", "c": chapters}] if chapters else [entry] for entry, chapters in parts]
    title = {"t": "Header", "c": [1, ["contents", [], []], _text(document.labels.get("contents", ""))]}
    return [title, {"t": "BulletList", "c": items}] if items else []


def _nodes(block: Block, pictures: dict[int, str], *, name: str = "") -> list[Node]:
    if isinstance(block, Heading):
        return [{"t": "Header", "c": [block.level, [block.anchor or name, [], []], _text(block.shown)]}]
    if isinstance(block, Paragraph):
        return [{"t": "Para", "c": _inlines(block.spans)}]
    if isinstance(block, List):
        items = [[node for inner in item for node in _nodes(inner, pictures)] for item in block.items]
        if block.ordered:
            return [{"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], items]}]
        return [{"t": "BulletList", "c": items}]
    if isinstance(block, Quote):
        return [{"t": "BlockQuote", "c": [node for inner in block.blocks for node in _nodes(inner, pictures)]}]
    if isinstance(block, Code):
        return [{"t": "CodeBlock", "c": [NOTHING, block.text]}]
    if isinstance(block, Figure):
        return _figure(block, pictures[id(block)])
    return [_table(block)]


def _figure(figure: Figure, file: str) -> list[Node]:
    width = ["", [], [["width", "16cm"]]]
    image = {"t": "Image", "c": [width, _text(figure.alt), [file, ""]]}
    caption = [None, [{"t": "Plain", "c": _text(figure.caption)}]]
    return [{"t": "Figure", "c": [NOTHING, caption, [{"t": "Plain", "c": [image]}]]}]


def _table(table: Table) -> Node:
    sides = {"left": {"t": "AlignLeft"}, "right": {"t": "AlignRight"}}
    columns = [[sides[side], {"t": "ColWidth", "c": width}]
               for side, width in zip(table.align, table.widths, strict=True)]
    caption = [None, [{"t": "Plain", "c": _text(table.caption)}] if table.caption else []]
    head = [NOTHING, [[NOTHING, [_cell(_text(name)) for name in table.header]]]]
    rows = [[NOTHING, [_cell(_inlines(cell)) for cell in row]] for row in table.rows]
    return {"t": "Table", "c": [NOTHING, caption, columns, head, [[NOTHING, 1, [], rows]], [NOTHING, []]]}


def _cell(inlines: list[Node]) -> list[Any]:
    return [NOTHING, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": inlines}]]


def _inlines(spans: Words) -> list[Node]:
    nodes: list[Node] = []
    for span in spans:
        inner = [{"t": "Code", "c": [NOTHING, span.text]}] if span.code else _text(span.text)
        inner = [{"t": "Emph", "c": inner}] if span.italic else inner
        inner = [{"t": "Strong", "c": inner}] if span.bold else inner
        goal = span.link or (f"#{span.to}" if span.to else "")
        nodes += [{"t": "Link", "c": [NOTHING, inner, [goal, ""]]}] if goal else inner
        if span.note:
            nodes.append({"t": "Note", "c": [{"t": "Para", "c": _text(span.note)}]})
    return nodes


def _text(text: str) -> list[Node]:
    nodes: list[Node] = []
    for line in text.split("\n"):
        nodes += [{"t": "LineBreak"}, {"t": "Str", "c": line}]
    return nodes[1:]
