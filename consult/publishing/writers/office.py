"""DOCX and ODT: what Pandoc writes, made to look like one of our documents, with drawings that stay sharp."""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from consult.publishing.document import Document, Heading, WritingError
from consult.publishing.writers import blacking, looks, pandoc, typst

Parts = Mapping[str, Callable[[str], str]]
DRAWN_TOO = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
"""By this name Word knows that a picture has a drawing beside it, which it prefers."""
DRAWINGS = 'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
A_PICTURE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
NO_RULE = '<style:table-cell-properties fo:border="none" />'
RULE = ('<style:table-cell-properties fo:border="none" fo:border-bottom="0.5pt solid #d6dce3" '
        'fo:padding="0.1cm" />')
ONSET = ('<style:style style:name="Onset" style:family="paragraph" style:parent-style-name="Heading_20_1">'
         '<style:paragraph-properties fo:break-before="page"/></style:style>')
"""A part that begins a page."""


def docx(document: Document, target: Path, styles: bytes = b"") -> None:
    """Write a DOCX: rows of headings are marked as such, drawings have their words. Raises WritingError.

    `styles` is a DOCX whose styles, margins, head and foot are taken in place of ours.
    """
    drawn = _drawn(document)
    pandoc.run(_tree(document, drawn), document, target, "docx", styles or looks.ours("docx"))
    vectors = _vectors(target, drawn, "word/media/")
    _rework(target, {
        "word/document.xml": lambda text: _docx_text(text, vectors, _onsets(document)),
        "word/_rels/document.xml.rels": lambda text: text.replace("</Relationships>", "".join(
            f'<Relationship Type="{A_PICTURE}" Id="{name}v" Target="media/{name}.svg" />' for name in vectors)
            + "</Relationships>"),
        "[Content_Types].xml": lambda text: re.sub(
            r"(<Types [^>]*>)", r'\1<Default Extension="svg" ContentType="image/svg+xml" />', text, count=1),
    }, {f"word/media/{name}.svg": svg for name, svg in vectors.items()})


def odt(document: Document, target: Path, styles: bytes = b"") -> None:
    """Write an ODT; Pandoc leaves out the words of drawings, so they are put in afterwards. Raises WritingError.

    `styles` is an ODT whose styles, margins, head and foot are taken in place of ours.
    """
    drawn = _drawn(document)
    tree = _tree(document, drawn)
    pandoc.run(tree, document, target, "odt", styles or looks.ours("odt"))
    vectors, words = _vectors(target, drawn, "Pictures/"), list(blacking.alts(tree["blocks"]))
    _rework(target, {
        "content.xml": lambda text: _odt_text(text, vectors, words, _onsets(document)),
        "META-INF/manifest.xml": lambda text: text.replace("</manifest:manifest>", "".join(
            f'<manifest:file-entry manifest:media-type="image/svg+xml" manifest:full-path="Pictures/{name}.svg" />'
            for name in vectors) + "</manifest:manifest>"),
    }, {f"Pictures/{name}.svg": svg for name, svg in vectors.items()})


def _drawn(document: Document) -> dict[int, tuple[bytes, str]]:
    """Every drawing as a PNG and as it was drawn, by the identity of its block."""
    return {id(figure): (typst.drawing(figure.svg), figure.svg) for figure in document.figures()}


def _tree(document: Document, drawn: Mapping[int, tuple[bytes, str]]) -> pandoc.Node:
    return pandoc.tree(document, {block: pandoc.picture("png", png) for block, (png, _svg) in drawn.items()})


def _vectors(target: Path, drawn: Mapping[int, tuple[bytes, str]], folder: str) -> dict[str, bytes]:
    """The drawings of the pictures that Pandoc has put into a folder, by what it calls these."""
    of = {png: svg.encode() for png, svg in drawn.values()}
    with zipfile.ZipFile(target) as packed:
        kept = {Path(name).stem: packed.read(name) for name in packed.namelist() if name.startswith(folder)}
    return {name: of[content] for name, content in sorted(kept.items()) if content in of}


def _onsets(document: Document) -> list[str]:
    """The anchors of the headings that begin a page: that of the contents, the first, and those that say so."""
    headings = [(block.anchor or f"h{number}", block) for number, block in enumerate(document.blocks)
                if isinstance(block, Heading) and block.level == 1]
    return ["contents", *(name for name, block in headings if block.page or block is headings[0][1])]


def _docx_text(text: str, vectors: Iterable[str], onsets: Iterable[str]) -> str:
    """Pages begin where they should, rows stay whole and are named by their first cell, pictures have drawings."""
    names = "|".join(map(re.escape, onsets))
    text = re.sub(rf'(w:name="(?:{names})" />\s*<w:p><w:pPr><w:pStyle w:val="Heading1" />)',
                  r"\1<w:pageBreakBefore />", text)
    text = text.replace('w:firstColumn="0"', 'w:firstColumn="1"').replace('w:val="0020" />', 'w:val="00A0" />')
    text = text.replace("<w:tr><w:tc>", "<w:tr><w:trPr><w:cantSplit /></w:trPr><w:tc>").replace(
        "<w:tr><w:trPr><w:tblHeader", "<w:tr><w:trPr><w:cantSplit /><w:tblHeader")
    text = re.sub(r'(<pic:cNvPr descr=")data:[^"]*"', r'\1"', text)  # the whole picture once more, as its words
    for name in vectors:
        text = text.replace(f'<a:blip r:embed="{name}" />', (
            f'<a:blip r:embed="{name}"><a:extLst><a:ext uri="{DRAWN_TOO}"><asvg:svgBlip {DRAWINGS} r:embed="{name}v" />'
            "</a:ext></a:extLst></a:blip>"))
    return text


def _odt_text(text: str, vectors: Iterable[str], words: list[str], onsets: Iterable[str]) -> str:
    """Rows have their lines, pages begin where they should, pictures have drawings and all have their words."""
    text = text.replace(NO_RULE, RULE).replace("</office:automatic-styles>", f"{ONSET}</office:automatic-styles>", 1)
    names = "|".join(map(re.escape, onsets))
    text = re.sub(rf'<text:h text:style-name="Heading_20_1"( text:outline-level="1"><text:bookmark-start text:name='
                  rf'"(?:{names})" />)', r'<text:h text:style-name="Onset"\1', text)
    for name in vectors:
        image = f'<draw:image xlink:href="Pictures/{name}.png"'
        text = text.replace(image, f'{image.replace(".png", ".svg")} xlink:type="simple" xlink:show="embed" '
                                   f'xlink:actuate="onLoad" />{image}')
    return "".join(_described(text, words))


def _described(text: str, words: list[str]) -> Iterator[str]:
    pieces = text.split("</draw:frame>")
    if len(pieces) - 1 != len(words):
        raise WritingError(f"{len(pieces) - 1} frames for {len(words)} drawings")
    for piece, said in zip(pieces, words, strict=False):
        yield f"{piece}<svg:desc>{escape(said)}</svg:desc></draw:frame>"
    yield pieces[-1]


def _rework(target: Path, changes: Parts, added: Mapping[str, bytes]) -> None:
    """Change some parts of a packed document and add others, and leave the rest as it is."""
    fresh = target.with_name(f"{target.name}.reworked")
    try:
        looks.repack(target, fresh, changes, added)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
