"""DOCX and ODT through Pandoc, which is given the tree of the document: no text is ever parsed as markup."""

import json
import os
import subprocess
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pypandoc

from consult.publishing.document import Block, Code, Document, Figure, Heading, List, Paragraph, Quote, Table, Words
from consult.publishing.writers import typst

Node = dict[str, Any]
NOTHING: list[Any] = ["", [], []]
REGIONS = {"it": "it-IT", "en": "en-GB", "de": "de-DE", "fr": "fr-FR"}
PATIENCE = 600
"""Seconds after which Pandoc is given up."""


class WritingError(Exception):
    """Pandoc could not write the document; the message is what it said."""


def docx(document: Document, target: Path) -> None:
    """Write a DOCX: rows of headings are marked as such, drawings have their words."""
    _write(document, target, "docx")


def odt(document: Document, target: Path) -> None:
    """Write an ODT; Pandoc leaves out the words of drawings, so they are put in afterwards."""
    _write(document, target, "odt")
    _describe(target, [figure.alt for figure in document.figures()])


def _write(document: Document, target: Path, form: str) -> None:
    with tempfile.TemporaryDirectory(prefix="consult-document-") as folder:
        tree = Path(folder) / "document.json"
        pictures = _drawn(document, Path(folder))
        tree.write_text(json.dumps(_tree(document, pictures), ensure_ascii=False), encoding="utf-8")
        made_on = datetime(document.made_on.year, document.made_on.month, document.made_on.day, tzinfo=UTC)
        command = [pypandoc.get_pandoc_path(), "--from=json", f"--to={form}", "--standalone", "--table-of-contents",
                   "--toc-depth=2", f"--output={target}", str(tree)]
        done = subprocess.run(  # noqa: S603 - no word of the command comes from a participant
            command, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(int(made_on.timestamp()))})
        if done.returncode:
            raise WritingError(done.stderr[:300])


def _drawn(document: Document, folder: Path) -> dict[int, str]:
    """Every drawing as a PNG file, by the identity of its block."""
    names = {}
    for number, figure in enumerate(document.figures(), 1):
        name = folder / f"drawing-{number}.png"
        name.write_bytes(typst.drawing(figure.svg))
        names[id(figure)] = str(name)
    return names


def _tree(document: Document, pictures: dict[int, str]) -> Node:
    meta = {"title": document.title, "subtitle": document.subtitle, "lang": REGIONS[document.language[:2]],
            "toc-title": document.labels.get("contents", "")}
    said: dict[str, Node] = {name: {"t": "MetaInlines", "c": _text(text)} for name, text in meta.items() if text}
    said["author"] = {"t": "MetaList", "c": [{"t": "MetaInlines", "c": _text(document.authority)}]}
    said["date"] = {"t": "MetaInlines", "c": _text(f"{document.edition}, {document.date_in_words}")}
    blocks = [node for block in document.blocks for node in _nodes(block, pictures)]
    blocks.append({"t": "Para", "c": _text(document.labels.get("made", ""))})
    return {"pandoc-api-version": [1, 23, 1], "meta": said, "blocks": blocks}


def _nodes(block: Block, pictures: dict[int, str]) -> list[Node]:
    if isinstance(block, Heading):
        return [{"t": "Header", "c": [block.level, NOTHING, _text(block.text)]}]
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
        nodes += [{"t": "Link", "c": [NOTHING, inner, [span.link, ""]]}] if span.link else inner
    return nodes


def _text(text: str) -> list[Node]:
    nodes: list[Node] = []
    for line in text.split("\n"):
        nodes += [{"t": "LineBreak"}, {"t": "Str", "c": line}]
    return nodes[1:]


def _describe(target: Path, words: list[str]) -> None:
    """Put the words of each drawing into its frame, in the order in which they stand."""
    with zipfile.ZipFile(target) as packed:
        parts = [(entry, packed.read(entry)) for entry in packed.infolist()]
    fresh = target.with_suffix(".described")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry, content in parts:
            if entry.filename == "content.xml":
                content = _described(content.decode("utf-8"), words).encode("utf-8")  # noqa: PLW2901 - the same part
            packed.writestr(entry, content, entry.compress_type)
    fresh.replace(target)


def _described(content: str, words: list[str]) -> str:
    pieces = content.split("</draw:frame>")
    if len(pieces) - 1 != len(words):
        raise WritingError(f"{len(pieces) - 1} frames for {len(words)} drawings")
    return "".join(f"{piece}<svg:desc>{escape(text)}</svg:desc></draw:frame>"
                   for piece, text in zip(pieces, words, strict=False)) + pieces[-1]
