"""The document as data: its whole tree as the one canonical JSON text."""

import json
from pathlib import Path

from consult.publishing.document import Document, plain

SCHEMA = "consult-document/1"


def write(document: Document, target: Path) -> None:
    """Write the tree with everything in it."""
    target.write_text(text(document), encoding="utf-8")


def text(document: Document) -> str:
    """Sorted keys, no spaces, UTF-8, as of frozen results."""
    return json.dumps({"schema": SCHEMA, **plain(document)}, sort_keys=True, ensure_ascii=False,
                      separators=(",", ":")) + "\n"
