"""Every format holds the same words, figures and charts; nothing that was typed is ever read as markup."""

import csv
import json
import re
import subprocess
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from consult.core.blackout import MARK
from consult.publishing.document import (
    Code,
    Document,
    Figure,
    Heading,
    List,
    Paragraph,
    Quote,
    Span,
    Table,
    WritingError,
    in_order,
    literal,
    safe_link,
    words,
)
from consult.publishing.models import DocumentFormat
from consult.publishing.writers import data, glyphs, html, markdown, office, pandoc, typst
from tests.publishing import reading

HOSTILE = [
    '#let x = 1; #eval("1") #include "/etc/passwd" #image("x.png")',
    "$ x^2 $ and $$y$$ \\(z\\) \\frac{1}{2} \\input{/etc/passwd} \\\\",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    ']]> <![CDATA[x]]> &lt;b&gt; &amp; &#106; <!-- x --> <?xml?> <!ENTITY x SYSTEM "file:///etc/passwd">',
    "{{7*7}} {% raw %} ${7*7} <%= 7*7 %> #{7*7}",
    "=cmd()|' /C calc'!A0", "+1+1", "-1-1", "@SUM(1)",
    "# heading", "## two {#id .class}", "- list", "* list", "1. list", "1) list", "> quote", "---", "===", "***",
    "| a | b |", "```raw", "`{=html}<b>x</b>`", "~~~", "~~no~~ ~sub~ ^sup^", "[x](javascript:alert(1))",
    "![x](http://evil.example/x.png)", "[x]: http://evil.example", "[^1]", "<http://evil.example>",
    "**bold** _it_ __b__",
    "    indented", "line \\", "a_b_c snake_case", "::: {.div}", ":::", "\\newpage", "[[wiki]]", "==mark==",
    "@cite [@cite]",
    "“quotes” ‘single’ -- --- ... «guillemets»", "tab\there", "&nbsp;&copy;", "%s %(x)s {0}",
    "https://ok.example/?a=1&b=2",
    "😀 👩‍👩‍👧 🇮🇹 ❤️ 👍🏽", "àèìòù ß ñ ł ő Ω Я", "x" * 6000,
]
"""What people type who mean harm or by accident; in a document each is only words."""

PROSE = {"html", "head", "body", "h1", "h2", "h3", "h4", "h5", "p", "ul", "ol", "li", "blockquote", "pre", "code",
         "table", "caption", "thead", "tbody", "tr", "th", "td", "strong", "em", "br"}
PAGE = {"title", "meta", "style", "header", "nav", "main", "footer", "div", "a", "figure", "figcaption", "svg", "text",
        "rect"}
"""What a page of its own has beside: the links lead to its headings."""

WRITERS = {"docx": office.docx, "odt": office.odt, "pdf": typst.write, "html": html.write, "md": markdown.write,
           "epub": pandoc.epub, "json": data.write, "zip": markdown.folder}
CHART = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 52" width="640" height="52">'
         '<text x="0" y="16" font-family="Titillium Web" font-size="14">In autobus</text>'
         '<rect x="0" y="23" width="300" height="18" fill="#0066cc"/></svg>')


def document(*blocks, **values):
    return Document(**{
        "title": "Piano di prova", "subtitle": "Di tutti", "authority": "Unione di prova", "edition": "0.3",
        "made_on": date(2027, 3, 4), "date_in_words": "4 marzo 2027", "language": "it", "blocks": in_order(blocks),
        "labels": {"contents": "Indice", "made": "Fatto dalla piattaforma.", "replaced": "Alcuni segni mancano."},
        **values})


def table(*rows, **values):
    return Table(**{"caption": "Proposte ed esiti", "header": ("Codice", "Proposta"), "align": ("left", "right"),
                    "widths": (.3, .7), "rows": rows, **values})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One document with everything, in every format."""
    folder = tmp_path_factory.mktemp("whole")
    made = document(
        Heading(level=1, text="Visione"), Paragraph(spans=(*words("Nel 2035 "), Span("una valle", bold=True))),
        Paragraph(spans=(Span("il sito", link="https://example.org/?a=1&b=2"), Span(" in corsivo", italic=True))),
        List(items=((Paragraph(spans=words("primo")),), (Paragraph(spans=words("secondo")),
                                                         List(items=((Paragraph(spans=words("dentro")),),)))),),
        List(items=((Paragraph(spans=words("uno")),), (Paragraph(spans=words("due")),)), ordered=True),
        Quote(blocks=(Paragraph(spans=words("Lo dice il Forum")),)), Code(text="a  b\n  ```c"),
        Heading(level=2, text="Risultati"), Figure(svg=CHART, alt="Grafico: in autobus 37", caption="Come ci si muove"),
        table((words("ROV-P-0012"), (*words("Più autobus", bold=True), Span("\n"), *words("un cittadino di Rocca"))),
              (words("ROV-P-0013"), words("42"))),
        Heading(level=1, text="Come è fatto"), Paragraph(spans=words("Nota"), small=True))
    for suffix, write in WRITERS.items():
        write(made, folder / f"plan.{suffix}")
    return folder


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_format_has_all_the_words(whole, suffix):
    said = reading.words_of(whole / f"plan.{suffix}")
    for text in ("Piano di prova", "Di tutti", "Unione di prova", "0.3", "4 marzo 2027", "Visione", "una valle",
                 "il sito", "primo", "secondo", "dentro", "uno", "due", "Lo dice il Forum", "Come ci si muove",
                 "Proposte ed esiti", "Codice", "ROV-P-0012", "Più autobus", "un cittadino di Rocca", "42",
                 "Come è fatto", "Nota", "Fatto dalla piattaforma."):
        assert text in said, text


def test_a_code_is_found_in_the_source_of_markdown(whole):
    assert "ROV-P-0012" in (whole / "plan.md").read_text()


def test_the_docx_has_marked_headings_rows_words_for_drawings_and_its_language(whole):
    body = reading.part(whole / "plan.docx", "word/document.xml")
    assert [e.get("descr") for e in body.iter(f"{reading.DRAWING}docPr")] == ["Grafico: in autobus 37"]
    assert len(list(body.iter(f"{reading.W}tblHeader"))) == 1
    styles = {e.get(f"{reading.W}val") for e in body.iter(f"{reading.W}pStyle")}
    assert {"Title", "Heading1", "Heading2"} <= styles
    languages = {e.get(f"{reading.W}val") for e in reading.part(whole / "plan.docx", "word/styles.xml").iter(
        f"{reading.W}lang")}
    assert languages == {"it-IT"}
    names = {e.get(f"{reading.W}name") for e in body.iter(f"{reading.W}bookmarkStart")}
    links = {e.get(f"{reading.W}anchor") for e in body.iter(f"{reading.W}hyperlink")} - {None}
    assert links
    assert links <= names


def test_the_odt_has_words_for_drawings_heading_rows_and_its_language(whole):
    body = reading.part(whole / "plan.odt", "content.xml")
    assert [e.text for e in body.iter(f"{reading.SVG}desc")] == ["Grafico: in autobus 37"]
    assert len(list(body.iter(f"{reading.TABLE}table-header-rows"))) == 1
    assert len(list(body.iter(f"{reading.TEXT}h"))) >= 3
    with_language = subprocess.run(["unzip", "-p", whole / "plan.odt", "styles.xml", "meta.xml"], capture_output=True,
                                   text=True, check=True).stdout
    assert 'fo:language="it"' in with_language or "<dc:language>it" in with_language


def test_the_pdf_is_tagged_speaks_italian_and_has_words_for_its_drawings(whole):
    path = whole / "plan.pdf"
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "it-IT"
        assert str(pdf.docinfo["/Title"]) == "Piano di prova"
        metadata = str(pdf.open_metadata())
        assert "pdfuaid" in metadata
        assert "pdfaid" in metadata
        assert "/Outlines" in pdf.Root
    kinds = [str(element.S) for element in reading.structure(path)]
    for kind in ("/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L", "/LI"):
        assert kind in kinds, kind
    assert [str(e.Alt) for e in reading.structure(path) if str(e.S) == "/Figure"] == ["Grafico: in autobus 37"]


def test_the_html_stands_alone(whole):
    text = (whole / "plan.html").read_text()
    found = reading.elements(text)
    assert not {"script", "link", "img", "iframe"} & set(found)
    assert found.count("h1") == 1
    assert "svg" in found
    assert '<html lang="it">' in text
    assert 'scope="row"' in text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """One document in which everything that can be typed is typed everywhere, in every format."""
    folder = tmp_path_factory.mktemp("hostile")
    short = [text[:400] for text in HOSTILE]
    made = document(
        *(block for text in short for block in (Heading(level=1, text=literal(text)), Paragraph(spans=words(text)))),
        List(items=tuple((Paragraph(spans=words(text)),) for text in short)),
        Quote(blocks=tuple(Paragraph(spans=words(text, bold=True)) for text in short)), Code(text="\n".join(short)),
        Figure(svg=CHART, alt=short[0] + short[2] + short[3], caption=short[2]),
        table(*((words(text), words(text)) for text in HOSTILE), caption=short[2], header=(short[2], short[0])),
        title=short[2], subtitle=short[0], authority=short[3], edition=short[4])
    for suffix, write in WRITERS.items():
        write(made, folder / f"plan.{suffix}")
    return folder


@pytest.mark.parametrize("suffix", WRITERS)
def test_what_was_typed_comes_out_as_it_was_typed(hostile, suffix):
    said = reading.without_spaces(reading.words_of(hostile / f"plan.{suffix}"))
    if suffix == "pdf":  # the longest word goes on over pages, each of which has a head
        assert said.count("x") > 2 * 6000
    typed = HOSTILE[:-1] if suffix == "pdf" else HOSTILE
    lost = [text for text in typed if reading.without_spaces(literal(text)) not in said]
    assert lost == []


def test_no_typed_text_becomes_an_element_of_a_page(hostile):
    page = (hostile / "plan.html").read_text()
    assert set(reading.elements(page)) <= PROSE | PAGE
    text = reading.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(
        (hostile / "plan.md").read_text())
    assert set(reading.elements(text)) <= PROSE
    for name, page in reading.pages_of(hostile / "plan.epub"):
        known = PROSE | PAGE | {"section", "link", "img", "hr", "span", "col", "colgroup"}
        assert set(reading.elements(page)) <= known, name
        assert not re.search(r'(?:src|href)="(?!\.\./|ch\d|text/|title_page|nav|#|styles)', page), name


def test_no_cell_of_the_tables_beside_the_text_is_a_formula(hostile):
    with zipfile.ZipFile(hostile / "plan.zip") as packed:
        rows = list(csv.reader(packed.read("tables/001.csv").decode("utf-8-sig").splitlines(), delimiter=";"))
    cells = [cell for row in rows for cell in row if cell]
    assert len(cells) > 2 * len(HOSTILE)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_no_typed_text_becomes_a_link_a_field_or_a_file(hostile):
    body = reading.part(hostile / "plan.docx", "word/document.xml")
    assert not list(body.iter(f"{reading.W}instrText"))
    assert not list(body.iter(f"{reading.W}fldSimple"))
    relations = reading.part(hostile / "plan.docx", "word/_rels/document.xml.rels")
    assert not [r.get("Target") for r in relations if r.get("TargetMode") == "External"]
    content = reading.part(hostile / "plan.odt", "content.xml")
    links = [e.get("{http://www.w3.org/1999/xlink}href") for e in content.iter(f"{reading.TEXT}a")]
    assert all(link.startswith("#") for link in links)
    with pikepdf.open(hostile / "plan.pdf") as pdf:
        addresses = [a.A.URI for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a and "/URI" in a.A]
    assert addresses == []


def test_a_sign_that_no_font_draws_is_replaced_in_the_pdf_only_and_it_says_so(tmp_path):
    made = document(Heading(level=1, text="中文 titolo"), Paragraph(spans=words("prima 中文 dopo 🌳 עברית")))
    typst.write(made, tmp_path / "plan.pdf")
    said = reading.words_of(tmp_path / "plan.pdf")
    assert "prima �� dopo 🌳" in said
    assert "Alcuni segni mancano." in said
    html.write(made, tmp_path / "plan.html")
    assert "中文" in reading.words_of(tmp_path / "plan.html")


def test_signs_are_found_out_once(monkeypatch):
    args = (json.dumps(typst.FAMILIES), (str(typst.FONTS),), typst.STANDARDS)
    assert glyphs.drawable("à 日", *args) == "à �"
    monkeypatch.setattr(glyphs, "_untyped", None)
    assert glyphs.drawable("日 à", *args) == "� à"


@pytest.mark.parametrize(("typed", "kept"), [
    ("a\x00b\x07c\x1b[31m", "abc[31m"), ("a\u202eb\u2066c", "abc"), ("a\ud800b", "ab"), ("a\ufffe\uffffb", "ab"),
    ("a\r\nb\rc", "a\nb\nc"), ("è\u0301 😀", "è\u0301 😀"),
])
def test_text_keeps_what_every_format_can_hold(typed, kept):
    assert literal(typed) == kept


@pytest.mark.parametrize(("address", "kept"), [
    ("https://example.org/a?b=c", True), ("http://example.org", True), ("mailto:a@example.org", True),
    ("javascript:alert(1)", False), ("data:text/html,x", False), ("file:///etc/passwd", False), ("//evil", False),
    ("https://a b", False), ('https://a"b', False), ("", False), ("HTTPS://EXAMPLE.ORG", True),
])
def test_links_lead_where_a_reader_may_safely_go(address, kept):
    assert bool(safe_link(address)) is kept


def test_every_format_has_a_writer():
    assert {form.value for form in DocumentFormat} == set(WRITERS)


def test_a_table_as_long_as_a_book_is_a_list_in_the_pdf_with_the_same_words(tmp_path):
    rows = [(words(f"ROV-P-{n:04}"), (*words(f"Titolo {n}", bold=True), Span("\n"), *words("un cittadino")),
             words("Accolta"), words("–")) for n in range(401)]
    made = document(table(*rows, header=("Codice", "Proposta", "Esito", "Nel piano"), align=("left",) * 4,
                          widths=(.2, .3, .3, .2)))
    typst.write(made, tmp_path / "plan.pdf")
    said = reading.words_of(tmp_path / "plan.pdf")
    assert "ROV-P-0400 Titolo 400 · un cittadino Esito: Accolta" in said
    assert "Nel piano" not in said
    kinds = [str(element.S) for element in reading.structure(tmp_path / "plan.pdf")]
    assert "/Table" not in kinds
    assert kinds.count("/LI") >= 401


def test_what_a_tool_refuses_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(typst, "TEMPLATE", tmp_path / "broken.typ")
    (tmp_path / "broken.typ").write_text('#panic("no")')
    with pytest.raises(WritingError, match="no"):
        typst.write(document(), tmp_path / "plan.pdf")
    assert not (tmp_path / "plan.pdf").exists()
    monkeypatch.setattr(pandoc, "FRUGAL", ("--no-such-option",))
    with pytest.raises(WritingError, match="no-such-option"):
        office.docx(document(), tmp_path / "plan.docx")


def test_what_was_blacked_out_is_drawn_with_words_for_whoever_does_not_see_it(tmp_path):
    said, text = "passaggio oscurato", f"Chiamate lo {MARK} o lo {MARK}."
    made = document(
        Heading(level=1, text=f"Il {MARK}"), Paragraph(spans=words(text)),
        Figure(svg=CHART, alt="Grafico: in autobus 37", caption="Come ci si muove"),
        table((words("ROV-P-0012"), words(text))),
        labels={"contents": "Indice", "made": "Fatto.", "blacked": said})
    for suffix in ("docx", "odt", "pdf"):
        WRITERS[suffix](made, tmp_path / f"plan.{suffix}")
    body = reading.part(tmp_path / "plan.docx", "word/document.xml")
    alts = [e.get("descr") for e in body.iter(f"{reading.DRAWING}docPr")]
    assert alts == [said, said, "Grafico: in autobus 37", said, said]
    with zipfile.ZipFile(tmp_path / "plan.odt") as packed:
        content = packed.read("content.xml").decode()
    assert re.findall(r"<svg:desc>(.*?)</svg:desc>", content) == alts
    assert MARK not in content + ET.tostring(body, encoding="unicode")
    assert f"Il [{said}]" in content
    told = [str(one["/Alt"]) for one in reading.structure(tmp_path / "plan.pdf") if "/Alt" in one]
    assert told.count(said) == 6  # the heading stands in the table of contents too
