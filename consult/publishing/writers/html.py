"""One accessible HTML file: styles and drawings within it, nothing asked from elsewhere."""

from pathlib import Path

from flask import current_app

from consult.core import richtext
from consult.publishing.document import Document


def write(document: Document, target: Path) -> None:
    """Write the document as one file. Needs an application context, for the template."""
    template = current_app.jinja_env.get_template("publishing/export/document.html")
    with target.open("w", encoding="utf-8") as file:
        file.writelines(template.generate(document=document, drawing=richtext.shown))
