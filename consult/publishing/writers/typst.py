"""PDF/UA-1 through Typst: the text travels as data, never as markup."""

import json
from pathlib import Path
from typing import Any

import typst

from consult.publishing.document import Document, plain

TEMPLATE = Path(__file__).with_name("plan.typ")
FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts"
STANDARDS = ["ua-1", "a-2a"]

_compile: Any = typst.compile  # its published types leave out what it takes


def write(document: Document, target: Path) -> None:
    """Write a tagged PDF: every table has its headings, every drawing its words, and the compiler checks both."""
    made = _compile(
        TEMPLATE, format="pdf", sys_inputs={"document": json.dumps(plain(document), ensure_ascii=False)},
        font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_standards=STANDARDS)
    target.write_bytes(made)


def drawing(svg: str, *, dots: int = 200) -> bytes:
    """A drawing as PNG, for formats that cannot show SVG everywhere; `dots` to the inch."""
    page = ('#set page(width: auto, height: auto, margin: 4pt)\n'
            '#image(bytes(sys.inputs.svg), format: "svg", width: 16cm, alt: "")')
    made = _compile(page.encode(), format="png", ppi=float(dots), sys_inputs={"svg": svg},
                         font_paths=[str(FONTS)], ignore_system_fonts=True)
    return bytes(made if isinstance(made, bytes) else made[0])
