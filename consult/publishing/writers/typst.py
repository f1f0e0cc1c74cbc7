"""PDF/UA-1 through Typst: the text travels as data, never as markup."""

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from consult.core.later import typst
from consult.publishing.document import Document, WritingError, plain
from consult.publishing.writers import glyphs

HOUSE = Path(__file__).resolve().parents[3]
TEMPLATE = Path(__file__).with_name("plan.typ")
FONTS = HOUSE / "consult" / "static" / "vendor" / "fonts"
FAMILIES = ["Titillium Web", "Libertinus Serif", "DejaVu Sans Mono", "Noto Emoji"]
"""The first and the last lie in FONTS, the others come with the compiler: what one cannot draw the next may."""
STANDARDS = ("ua-1", "a-2a")
PATIENCE = 600
"""Seconds after which Typst is given up."""

_untyped: Any = typst  # its published types leave out what it takes


def write(document: Document, target: Path) -> None:
    """Write a tagged PDF: every table has its headings, every drawing its words, and the compiler checks both.

    What no font can draw is replaced, and the document then says so. Raises WritingError.
    """
    typeset(TEMPLATE, plain(document), target)


def typeset(template: Path, document: dict[str, Any], target: Path) -> None:
    """Write a tagged PDF by a template of ours, which reads what it sets from `document.json`. Raises WritingError.

    Where the document says of what day it is, nothing of the clock goes into the file: the same gives the same.
    """
    emblem, day = document.get("emblem"), document.get("made_on")
    with tempfile.TemporaryDirectory(prefix="consult-document-") as folder:
        if emblem:
            (Path(folder) / "emblem.png").write_bytes(base64.b64decode(emblem["png"]))
            document = document | {"emblem": {"alt": emblem["alt"]}}
        text = json.dumps(document, ensure_ascii=False)
        shown = glyphs.drawable(text, json.dumps(FAMILIES), (str(FONTS),), STANDARDS)
        replaced = shown.count(glyphs.INSTEAD) > text.count(glyphs.INSTEAD)
        (Path(folder) / "document.json").write_text(shown, encoding="utf-8")
        _typeset(
            input=shutil.copy(template, folder), output=str(target.absolute()), root=folder, format="pdf",
            font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_standards=list(STANDARDS),
            timestamp=int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) if day else None,
            sys_inputs={"fonts": json.dumps(FAMILIES), "replaced": "yes" if replaced else ""})


def _typeset(**options: Any) -> None:
    command = [sys.executable, "-m", "consult.publishing.writers.typesetting"]
    try:
        done = subprocess.run(  # noqa: S603 - no word of the command comes from a participant
            command, input=json.dumps(options), capture_output=True, text=True, check=False, timeout=PATIENCE,
            cwd=HOUSE)
    except subprocess.TimeoutExpired as late:
        raise WritingError(f"Typst needed more than {PATIENCE} seconds") from late
    if done.returncode:
        raise WritingError(done.stderr.strip()[-300:] or f"Typst ended with {done.returncode}")


def drawing(svg: str, *, dots: int = 200) -> bytes:
    """A drawing as PNG, for formats that cannot show SVG everywhere; `dots` to the inch."""
    page = ('#set page(width: auto, height: auto, margin: 4pt)\n'
            '#set text(font: json(bytes(sys.inputs.fonts)))\n'
            '#image(bytes(sys.inputs.svg), format: "svg", width: 16cm, alt: "")')
    try:
        made = _untyped.compile(page.encode(), format="png", ppi=float(dots), font_paths=[str(FONTS)],
                        ignore_system_fonts=True, sys_inputs={"svg": svg, "fonts": json.dumps(FAMILIES)})
    except typst.TypstError as fault:
        raise WritingError(str(fault)[:300]) from fault
    return bytes(made if isinstance(made, bytes) else made[0])
