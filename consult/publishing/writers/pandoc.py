"""DOCX, ODT and EPUB through Pandoc, which is given the tree of the document: no text is ever parsed as markup."""

import base64
import hashlib
import json
import os
import subprocess
import tempfile
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

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
from consult.publishing.writers import blacking, data, typst

Node = dict[str, Any]
NOTHING: list[Any] = ["", [], []]
REGIONS = {"it": "it-IT", "en": "en-GB", "de": "de-DE", "fr": "fr-FR"}
FRUGAL = ("+RTS", "-c", "-RTS")
"""Pandoc then needs two thirds of the memory for a long table, and a third more time."""
NO_RULE = '<style:table-cell-properties fo:border="none" />'
RULE = ('<style:table-cell-properties fo:border="none" fo:border-bottom="0.5pt solid #d6dce3" '
        'fo:padding="0.1cm" />')
PATIENCE = 600
"""Seconds after which Pandoc is given up."""


def docx(document: Document, target: Path, styles: Path | None = None) -> None:
    """Write a DOCX: rows of headings are marked as such, drawings have their words. Raises WritingError.

    `styles` is a DOCX whose styles, margins, head and foot are taken in place of ours.
    """
    _write(_tree(document, _drawn(document)), document, target, "docx", styles)
    if styles is None:
        _rework(target, "word/styles.xml", _ruled)


def odt(document: Document, target: Path, styles: Path | None = None) -> None:
    """Write an ODT; Pandoc leaves out the words of drawings, so they are put in afterwards. Raises WritingError.

    `styles` is an ODT whose styles, margins, head and foot are taken in place of ours.
    """
    tree = _tree(document, _drawn(document))
    _write(tree, document, target, "odt", styles)
    _rework(target, "content.xml", lambda content: _described(
        content.replace(NO_RULE, RULE), list(blacking.alts(tree["blocks"]))))


def epub(document: Document, target: Path) -> None:
    """Write an EPUB 3, whose table of contents readers of books show by themselves. Raises WritingError."""
    pictures = {id(figure): _picture("svg+xml", figure.svg.encode()) for figure in document.figures()}
    tree = _tree(document, pictures, contents=False)
    fingerprint = hashlib.sha256(data.text(document).encode()).hexdigest()
    tree["meta"] |= {"identifier": _inlines_meta(f"urn:uuid:{uuid.UUID(fingerprint[:32])}"),
                     "date": _inlines_meta(document.made_on.isoformat()),
                     "toc-title": _inlines_meta(document.labels.get("contents", ""))}
    tree["blocks"].insert(0, {"t": "Para", "c": _text(f"{document.edition}, {document.date_in_words}")})
    _write(tree, document, target, "epub3", None)


def _inlines_meta(text: str) -> Node:
    return {"t": "MetaInlines", "c": _text(text)}


def _write(content: Node, document: Document, target: Path, form: str, styles: Path | None) -> None:
    """Run Pandoc in its sandbox: it reads the tree and nothing else, so the drawings travel within."""
    with tempfile.TemporaryDirectory(prefix="consult-document-") as folder:
        tree = Path(folder) / "document.json"
        with tree.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
        made_on = datetime(document.made_on.year, document.made_on.month, document.made_on.day, tzinfo=UTC)
        command = [pypandoc.get_pandoc_path(), *FRUGAL, "--sandbox", "--from=json", f"--to={form}", "--standalone",
                   f"--output={target}", *([f"--reference-doc={styles}"] if styles else []), str(tree)]
        try:
            done = subprocess.run(  # noqa: S603 - no word of the command comes from a participant
                command, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=folder,
                env={**os.environ, "SOURCE_DATE_EPOCH": str(int(made_on.timestamp()))})
        except subprocess.TimeoutExpired as late:
            raise WritingError(f"Pandoc needed more than {PATIENCE} seconds") from late
        if done.returncode:
            raise WritingError(done.stderr[:300] or f"Pandoc ended with {done.returncode}")


def _drawn(document: Document) -> dict[int, str]:
    """Every drawing as a PNG within an address, by the identity of its block."""
    return {id(figure): _picture("png", typst.drawing(figure.svg)) for figure in document.figures()}


def _picture(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _tree(document: Document, pictures: dict[int, str], *, contents: bool = True) -> Node:
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


def _rework(target: Path, part: str, change: Callable[[str], str]) -> None:
    """Change one part of a packed document, and leave the others as they are."""
    fresh = target.with_name(f"{target.name}.reworked")
    try:
        with zipfile.ZipFile(target) as before, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as after:
            for entry in before.infolist():
                content = before.read(entry)
                if entry.filename == part:
                    content = change(content.decode("utf-8")).encode("utf-8")
                after.writestr(entry, content, entry.compress_type)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _ruled(styles: str) -> str:
    """A line under each row of a table, which the styles of Pandoc leave out."""
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="D6DCE3"/>'
                    for side in ("top", "bottom", "insideH"))
    before, table, after = styles.partition('w:styleId="Table">')
    return before + table + after.replace('<w:tblInd w:w="0" w:type="dxa" />',
                                          f'<w:tblInd w:w="0" w:type="dxa" /><w:tblBorders>{lines}</w:tblBorders>', 1)


def _described(content: str, words: list[str]) -> str:
    pieces = content.split("</draw:frame>")
    if len(pieces) - 1 != len(words):
        raise WritingError(f"{len(pieces) - 1} frames for {len(words)} drawings")
    return "".join(f"{piece}<svg:desc>{escape(text)}</svg:desc></draw:frame>"
                   for piece, text in zip(pieces, words, strict=False)) + pieces[-1]
