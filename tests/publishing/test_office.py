"""DOCX and ODT as LibreOffice shows them: what is said of their pages is read from the pages it makes."""

import re
import subprocess
import zipfile
from datetime import date

import pytest

from consult.publishing.document import Document, Figure, Heading, Paragraph, Table, in_order, words
from consult.publishing.writers import looks, office
from tests.publishing import reading
from tests.publishing.test_writers import CHART

WRITERS = {"docx": office.docx, "odt": office.odt}
ROWS = 90
"""More than a page holds."""


def document(**values):
    rows = tuple((words(f"ROV-P-{n:04}"), words(f"Titolo {n}")) for n in range(ROWS))
    return Document(**{
        "title": "Piano di prova", "subtitle": "Di tutti", "authority": "Unione di prova", "edition": "0.3",
        "made_on": date(2027, 3, 4), "date_in_words": "4 marzo 2027", "language": "it",
        "labels": {"contents": "Indice", "made": "Fatto dalla piattaforma."},
        "blocks": in_order([
            Heading(level=1, text="Visione"), Paragraph(spans=words("Nel 2035 una valle")),
            Figure(svg=CHART, alt="Grafico: in autobus 37", caption="Come ci si muove"),
            Heading(level=1, text="Proposte", page=True),
            Table(caption="Proposte ed esiti", header=("Codice", "Proposta"), rows=rows, align=("left", "left"),
                  widths=(.3, .7)),
            Heading(level=1, text="Come è fatto", page=True), Paragraph(spans=words("Con cura."))], numbered=True),
        **values})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The document in both forms, with the PDF that LibreOffice makes of each."""
    made = tmp_path_factory.mktemp("office")
    for suffix, write in WRITERS.items():
        write(document(), made / f"plan.{suffix}")
        (made / suffix).mkdir()
        subprocess.run(["soffice", f"-env:UserInstallation=file://{made}/profile", "--headless", "--convert-to", "pdf",
                        "--outdir", str(made / suffix), str(made / f"plan.{suffix}")],
                       check=True, capture_output=True, timeout=120)
    return made


def pages(folder, suffix):
    printed = subprocess.run(["pdftotext", "-layout", str(folder / suffix / "plan.pdf"), "-"], check=True,
                             capture_output=True, text=True).stdout
    return [re.sub(r"\s+", " ", page).strip() for page in printed.split("\f")[:-1]]


@pytest.mark.parametrize("suffix", WRITERS)
def test_each_part_begins_where_it_should(folder, suffix):
    first, second, third, *rest = pages(folder, suffix)
    assert first.startswith("Piano di prova Di tutti Unione di prova 0.3, 4 marzo 2027")
    assert second.startswith("Indice")
    assert "1. Visione" in second
    assert third.startswith("1. Visione Nel 2035 una valle")
    assert "Come ci si muove" in third
    assert rest[0].startswith("2. Proposte Proposte ed esiti Codice Proposta ROV-P-0000")
    assert rest[-1].startswith("3. Come è fatto Con cura. Fatto dalla piattaforma.")


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_headings_of_a_long_table_stand_on_each_of_its_pages(folder, suffix):
    those = [page for page in pages(folder, suffix) if "ROV-P-" in page]
    assert len(those) > 1
    assert all("Codice Proposta ROV-P-" in page for page in those)
    assert [int(found) for page in those for found in re.findall(r"ROV-P-(\d+)", page)] == list(range(ROWS))


@pytest.mark.parametrize("suffix", WRITERS)
def test_pages_are_a4_and_have_their_number(folder, suffix):
    said = subprocess.run(["pdfinfo", str(folder / suffix / "plan.pdf")], check=True, capture_output=True, text=True)
    assert "(A4)" in said.stdout
    assert [page.rsplit(" ", 1)[1] for page in pages(folder, suffix)[1:]] == [
        str(n) for n in range(2, len(pages(folder, suffix)) + 1)]


def test_a_drawing_stays_one_on_the_page(folder):
    images = subprocess.run(["pdfimages", "-list", str(folder / "odt" / "plan.pdf")], check=True, capture_output=True,
                            text=True).stdout.splitlines()
    assert images[2:] == []
    assert "In autobus" in pages(folder, "odt")[2]


@pytest.mark.parametrize(("suffix", "drawing", "text", "told"), [
    ("docx", "word/media/", "word/document.xml", 'svgBlip [^>]*r:embed="(.+?)v"'),
    ("odt", "Pictures/", "content.xml", 'xlink:href="Pictures/(.+?).svg"')])
def test_a_drawing_lies_beside_its_picture(folder, suffix, drawing, text, told):
    with zipfile.ZipFile(folder / f"plan.{suffix}") as packed:
        (name,) = re.findall(told, packed.read(text).decode())
        assert packed.read(f"{drawing}{name}.svg").decode() == CHART
        assert packed.read(f"{drawing}{name}.png").startswith(b"\x89PNG")
        listed = packed.read("[Content_Types].xml" if suffix == "docx" else "META-INF/manifest.xml").decode()
    assert "image/svg+xml" in listed


def test_a_picture_is_not_told_once_more_as_the_words_of_a_picture(folder):
    assert "base64" not in "".join(value for element in reading.part(folder / "plan.docx", "word/document.xml").iter()
                                   for value in element.attrib.values())


@pytest.mark.parametrize("suffix", WRITERS)
def test_our_styles_can_be_changed_and_given_back(folder, suffix, tmp_path):
    ours = looks.ours(suffix)
    target = tmp_path / f"plan.{suffix}"
    WRITERS[suffix](document(), target, ours)
    assert target.read_bytes() == (folder / f"plan.{suffix}").read_bytes()
    WRITERS[suffix](document(), target, ours_in(ours, tmp_path, "0B3B6F", "7A1F1F"))
    styles = "word/styles.xml" if suffix == "docx" else "styles.xml"
    with zipfile.ZipFile(target) as packed:
        assert "7A1F1F" in packed.read(styles).decode()


def ours_in(ours, folder, before, after):
    (folder / "ours").write_bytes(ours)
    looks.repack(folder / "ours", folder / "theirs", {
        name: lambda text: text.replace(before, after) for name in ("word/styles.xml", "styles.xml")}, {})
    return (folder / "theirs").read_bytes()
