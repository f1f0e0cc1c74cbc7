"""The emblem of the authority on the first page of its documents, or a drawn one that is nobody's."""

import base64
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from consult.core import config
from consult.publishing.document import Emblem
from consult.publishing.writers import typst

NAME = "emblem.png"
MOST_BYTES = 2 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_NEUTRAL = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 112" width="96" height="112">'
    '<path d="M6 6h84v52c0 26-20 40-42 48C26 98 6 84 6 58z" fill="#ffffff" stroke="#0b3b6f" stroke-width="5"/>'
    '<path d="M18 62l18-24 14 16 10-12 18 20v4H18z" fill="#0b3b6f"/>'
    '<path d="M22 76c9-6 17-6 26 0s17 6 26 0" fill="none" stroke="#0066cc" stroke-width="5"/></svg>')
"""Hills above a river in a shield."""


def of(authority: str) -> Emblem:
    """What lies in the instance folder as `emblem.png`, else the drawn one."""
    given = _given(Path(config.current().instance) / NAME)
    if given:
        return Emblem(png=base64.b64encode(given).decode(),
                      alt=str(_("Emblem of %(authority)s", authority=authority)))
    return Emblem(png=drawn(), alt=str(_("Drawing: hills above a river in a shield")))


def _given(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        return b""
    content = path.read_bytes()
    return content if content.startswith(_PNG) else b""


@cache
def drawn() -> str:
    """Ours, as PNG in Base64."""
    return base64.b64encode(typst.drawing(_NEUTRAL, dots=60)).decode()
