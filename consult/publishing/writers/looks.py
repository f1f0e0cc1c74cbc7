"""How our DOCX and ODT look, as files that an office can change and give back: those of Pandoc, with styles of ours."""

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pypandoc

from consult.publishing.document import WritingError

INK, BRAND, FAINT = "17324D", "0B3B6F", "D6DCE3"
FONT = "Calibri"
"""Word has it, and LibreOffice one of the same widths."""
SIZES = {"Heading1": 19, "Heading2": 14, "Heading3": 12, "Heading4": 11}
"""Of headings, in points."""
Change = Callable[[str], str]
Packed = Path | io.BytesIO


@cache
def ours(form: str) -> bytes:
    """The file with our styles for `docx` or `odt`. Raises WritingError."""
    done = subprocess.run(  # noqa: S603 - no word of the command comes from outside
        [pypandoc.get_pandoc_path(), "--print-default-data-file", f"reference.{form}"], capture_output=True,
        check=False)
    if done.returncode:
        raise WritingError(f"Pandoc has no styles to begin with: {done.stderr[:200]!r}")
    made = io.BytesIO()
    changes, added = (_DOCX, {"word/footer1.xml": _FOOTER.encode()}) if form == "docx" else (_ODT, {})
    repack(io.BytesIO(done.stdout), made, changes, added)
    return made.getvalue()


def repack(packed: Packed, fresh: Packed, changes: Mapping[str, Change], added: Mapping[str, bytes]) -> None:
    """Write a packed document with some of its parts changed and others added; the same gives the same."""
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            content = before.read(entry)
            if change := changes.get(entry.filename):
                content = change(content.decode()).encode()
            after.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), content, entry.compress_type)
        for name, content in sorted(added.items()):
            after.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def replaced(text: str, pattern: str, instead: str) -> str:
    """The text with something in it put otherwise. Raises WritingError where it is not there."""
    fresh, times = re.subn(pattern, lambda _found: instead, text, flags=re.DOTALL)
    if not times:
        raise WritingError(f"The styles of Pandoc have no {pattern}")
    return fresh


def _docx_styles(styles: str) -> str:
    styles = replaced(styles, r"<w:docDefaults>.*?</w:docDefaults>", (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_font(11)}<w:lang w:val="it-IT"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="140" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        '</w:docDefaults>'))
    kept = "<w:keepNext/><w:keepLines/>"
    for name, said, based, paragraph, letters in (
        ("Title", "Title", "Normal", '<w:spacing w:before="2800" w:after="120"/>', f"<w:b/>{_font(32, BRAND)}"),
        ("Subtitle", "Subtitle", "Normal", '<w:spacing w:after="480"/>', _font(15, INK)),
        ("Author", "Author", "Normal", kept, f"<w:b/>{_font(11, INK)}"),
        ("Date", "Date", "Normal", '<w:spacing w:after="480"/>', _font(11, INK)),
        *((name, f"heading {name[-1]}", "Normal",
           f'{kept}<w:spacing w:before="{size * 20}" w:after="120"/><w:outlineLvl w:val="{int(name[-1]) - 1}"/>',
           f"<w:b/>{_font(size, BRAND if size > 14 else INK)}") for name, size in SIZES.items()),
        ("Caption", "Caption", "Normal", '<w:spacing w:before="160" w:after="80"/>', f"<w:b/>{_font(10, INK)}"),
        ("Compact", "Compact", "BodyText", '<w:spacing w:before="36" w:after="36"/>', ""),
    ):
        styles = replaced(styles, rf'<w:style [^>]*w:styleId="{name}">.*?</w:style>', (
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{said}"/><w:basedOn w:val="{based}"/>'
            f'<w:next w:val="BodyText"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>'))
    styles = replaced(styles, r'<w:style [^>]*w:styleId="Table">.*?</w:style>', _DOCX_TABLE)
    return replaced(styles, r'<w:style [^>]*w:styleId="Hyperlink">.*?</w:style>', (
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr>'
        f'<w:color w:val="{BRAND}"/><w:u w:val="single"/></w:rPr></w:style>'))


def _font(points: int, colour: str = "") -> str:
    return (f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
            + (f'<w:color w:val="{colour}"/>' if colour else "")
            + f'<w:sz w:val="{points * 2}"/><w:szCs w:val="{points * 2}"/>')


def _rule(side: str, eighths: int, colour: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{colour}"/>'


_DOCX_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/><w:basedOn w:val="TableNormal"/>'
    '<w:qFormat/><w:rPr><w:sz w:val="19"/><w:szCs w:val="19"/></w:rPr><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    f'<w:tblBorders>{"".join(_rule(side, 4, FAINT) for side in ("top", "bottom", "insideH"))}</w:tblBorders>'
    '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="80" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>'
    '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>{_rule("bottom", 8, INK)}</w:tcBorders>'
    '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>')
_NAMES = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
          'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')
_FOOTER = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<w:ftr {_NAMES}><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>'
    f'<w:rPr>{_font(9)}</w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr>{_font(9)}</w:rPr>'
    '<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    f'<w:r><w:rPr>{_font(9)}</w:rPr><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>')
_SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/><w:footnotePr><w:numRestart w:val="eachSect"/>'
    '</w:footnotePr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1361" w:right="1304" w:bottom="1247" w:left="1304" w:header="708" w:footer="624" w:gutter="0"/>'
    '<w:titlePg/></w:sectPr></w:body>')
"""A4, with the number of the page at its foot but for the first."""
_DOCX: Mapping[str, Change] = {
    "word/styles.xml": _docx_styles,
    "word/document.xml": lambda text: replaced(text, r"<w:sectPr>.*?</w:sectPr>\s*</w:body>", _SECTION),
    "word/_rels/document.xml.rels": lambda text: text.replace("</Relationships>", (
        '<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" '
        'Id="rIdFooter" Target="footer1.xml"/></Relationships>')),
    "[Content_Types].xml": lambda text: text.replace("</Types>", (
        '<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.footer+xml"/></Types>')),
}


def _odt_styles(styles: str) -> str:
    for there, instead in (
        (r'fo:page-width="8.5in"\s+fo:page-height="11in"', 'fo:page-width="21cm" fo:page-height="29.7cm"'),
        (r'fo:margin-top="1in"\s+fo:margin-bottom="1in" fo:margin-left="1in"\s+fo:margin-right="1in"',
         'fo:margin-top="2.4cm" fo:margin-bottom="1.6cm" fo:margin-left="2.3cm" fo:margin-right="2.3cm"'),
        (r'svg:font-family="Arial"', f'svg:font-family="{FONT}"'),
        (r"""svg:font-family="'Times New Roman'"\s+style:font-family-generic="roman\"""",
         f'svg:font-family="{FONT}" style:font-family-generic="swiss"'),
        (r'<style:table-row-properties fo:keep-together="auto" />',
         '<style:table-row-properties fo:keep-together="always"/>'),
        (r'style:use-window-font-color="true"\s+style:font-name="Times New Roman" fo:font-size="12pt"',
         f'fo:color="#{INK}" style:font-name="Times New Roman" fo:font-size="11pt"'),
    ):
        styles = replaced(styles, there, instead)
    for name, display, parent, above, points, colour, more in (
        ("Title", "Title", "Standard", 5, 32, BRAND, ""), ("Subtitle", "Subtitle", "Standard", 0, 15, INK, ""),
        ("Author", "Author", "Standard", .6, 11, INK, ""), ("Date", "Date", "Standard", 0, 11, INK, ""),
        *((f"Heading_20_{name[-1]}", f"Heading {name[-1]}", "Heading", size / 28, size, BRAND if size > 14 else INK,
           f' style:default-outline-level="{name[-1]}"') for name, size in SIZES.items()),
        ("Caption", "Caption", "Standard", .3, 10, INK, ""),
        ("Table_20_Contents", "Table Contents", "Standard", .03, 9.5, INK, ""),
    ):
        weight = "normal" if name in ("Subtitle", "Date", "Table_20_Contents") else "bold"
        below = .03 if parent == "Standard" and name.startswith("Table") else .2
        kept = "" if name.startswith("Table") else ' fo:keep-with-next="always"'
        styles = re.sub(rf'<style:style style:name="{name}"\s.*?</style:style>', "", styles, flags=re.DOTALL)
        styles = replaced(styles, r"(?=<text:outline-style )", (
            f'<style:style style:name="{name}" style:display-name="{display}" style:family="paragraph" '
            f'style:parent-style-name="{parent}" style:next-style-name="Text_20_body"{more}>'
            f'<style:paragraph-properties fo:margin-top="{above:.2f}cm" fo:margin-bottom="{below}cm"{kept}/>'
            f'<style:text-properties fo:font-size="{points}pt" fo:font-weight="{weight}" fo:color="#{colour}"/>'
            '</style:style>'))
    return styles


_ODT: Mapping[str, Change] = {"styles.xml": _odt_styles}
