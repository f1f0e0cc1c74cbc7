"""Reading documents back: the words in them, and what a machine is told about them."""

import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pikepdf
from markdown_it import MarkdownIt

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def part(path: Path, name: str) -> ET.Element:
    """One part of a packed document."""
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return ET.fromstring(packed.read(name))  # noqa: S314 - made by ourselves a moment ago


def words_of(path: Path) -> str:
    """The words of a document in the order of reading, whatever its format, with single spaces."""
    return " ".join({".docx": _docx, ".odt": _odt, ".pdf": _pdf, ".html": _html, ".md": _markdown, ".epub": _epub,
                     ".json": _json, ".zip": _folder}[path.suffix](path).split())


def without_spaces(text: str) -> str:
    """For formats that break lines where they like."""
    return re.sub(r"\s", "", text)


def _docx(path: Path) -> str:
    return "".join(_spoken(part(path, "word/document.xml"), {f"{W}t"}, {f"{W}p", f"{W}br", f"{W}tab"}))


def _odt(path: Path) -> str:
    body = part(path, "content.xml")
    return "".join(_spoken_all(body))


def _spoken(root: ET.Element, telling: set[str], ending: set[str]) -> Iterator[str]:
    for element in root.iter():
        if element.tag in ending:
            yield " "
        if element.tag in telling:
            yield element.text or ""


def _spoken_all(element: ET.Element) -> Iterator[str]:
    if element.tag in {f"{TEXT}p", f"{TEXT}h", f"{TEXT}line-break", f"{TEXT}tab"}:
        yield " "
    if element.tag == f"{TEXT}s":
        yield " " * int(element.get(f"{TEXT}c", "1"))
    yield element.text or ""
    for child in element:
        yield from _spoken_all(child)
        yield child.tail or ""


def _pdf(path: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", "-nopgbrk", path, "-"], capture_output=True, text=True,
                          check=True).stdout


def _html(path: Path) -> str:
    return _read(path.read_text(encoding="utf-8"))


def _markdown(path: Path) -> str:
    """As a tool that lets every HTML pass would show it: what was meant as text must not become markup."""
    tool = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return _read(tool.render(path.read_text(encoding="utf-8")))


def _epub(path: Path) -> str:
    return " ".join(_read(page) for _name, page in pages_of(path))


def pages_of(path: Path) -> list[tuple[str, str]]:
    """The pages of an EPUB by their names, that of its contents among them."""
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        assert packed.namelist()[0] == "mimetype"
        return [(name, packed.read(name).decode()) for name in sorted(packed.namelist()) if name.endswith(".xhtml")]


def _json(path: Path) -> str:
    said = []

    def walk(thing: object) -> None:
        if isinstance(thing, str):
            said.append(thing)
        elif isinstance(thing, dict):
            for name, value in thing.items():
                if name not in {"svg", "png"}:
                    walk(value)
        elif isinstance(thing, list):
            for value in thing:
                walk(value)
            said.append(" ")

    walk(json.loads(path.read_text(encoding="utf-8")))
    return "".join(said)


def _folder(path: Path) -> str:
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        _front, text = packed.read("document.md").decode().removeprefix("---\n").split("---\n\n", 1)
    return _read(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(
        re.sub(r"!\[((?:\\.|[^\]\\])*)\]\(charts/\d+\.svg\)", r"\1", text)))


def elements(html: str) -> list[str]:
    """The names of all elements of a page."""
    return [str(e.tag).rpartition("}")[2] for e in html5lib.parse(html).iter() if isinstance(e.tag, str)]


def _read(html: str) -> str:
    said = []

    def walk(element: ET.Element) -> None:
        name = str(element.tag).rpartition("}")[2]
        if name in {"style", "title"}:
            return
        if name in {"p", "td", "th", "li", "br", "h1", "h2", "h3", "h4", "h5", "figcaption", "caption"}:
            said.append(" ")
        said.append(element.text or "")
        for child in element:
            walk(child)
            said.append(child.tail or "")

    walk(html5lib.parse(html))
    return "".join(said)


def structure(path: Path) -> Iterator[pikepdf.Dictionary]:
    """The elements of the structure tree of a PDF."""
    with pikepdf.open(path) as pdf:
        waiting = [pdf.Root.StructTreeRoot]
        while waiting:
            element = waiting.pop()
            if not isinstance(element, pikepdf.Dictionary):
                continue
            if "/S" in element:
                yield element
            kids = element.get("/K", [])
            waiting += list(kids) if isinstance(kids, pikepdf.Array) else [kids]
