"""One accessible HTML file: styles and drawings within it, nothing asked from elsewhere."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from consult.core import richtext
from consult.publishing.document import Document

_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True,
                     lstrip_blocks=True)
"""Apart from the templates of the site, whose pages may hold no styles of their own."""


def write(document: Document, target: Path) -> None:
    """Write the document as one file, piece by piece."""
    template, notes = _pages.get_template("document.html"), list[str]()

    def note(text: str) -> int:
        notes.append(text)
        return len(notes)

    with target.open("w", encoding="utf-8") as file:
        file.writelines(template.generate(document=document, drawing=richtext.shown, note=note, notes=notes))
