"""Signs that the fonts at hand cannot draw: a PDF that everyone can read may hold none of them."""

import unicodedata
from functools import cache
from typing import Any

from consult.core.later import typst

INSTEAD = "\N{REPLACEMENT CHARACTER}"
_PROBE = b"""
#set document(title: "probe")
#set text(font: json(bytes(sys.inputs.fonts)), lang: "it")
#for sign in sys.inputs.signs.codepoints() { box(sign) }
"""
_known: dict[str, bool] = {}

_untyped: Any = typst  # its published types leave out what it takes


def drawable(text: str, fonts: str, folders: tuple[str, ...], standards: tuple[str, ...]) -> str:
    """The same text, with `INSTEAD` for what none of the fonts can draw and nothing for what is invisible anyway.

    `fonts` names the families as a JSON list, `folders` says where they lie beside those of the compiler. What was
    found out of a sign is remembered.
    """
    asked = {sign for sign in set(text) if not sign.isascii() and sign not in _known}
    _find_out("".join(sorted(asked)), fonts, folders, standards)
    missing = {ord(sign): _instead(sign) for sign in set(text) if _known.get(sign) is False}
    return text.translate(missing) if missing else text


def _find_out(signs: str, fonts: str, folders: tuple[str, ...], standards: tuple[str, ...]) -> None:
    """Draw all at once, and where the compiler refuses, each half apart."""
    if not signs:
        return
    try:
        _untyped.compile(_PROBE, format="pdf", sys_inputs={"fonts": fonts, "signs": signs}, font_paths=list(folders),
                 ignore_system_fonts=True, pdf_standards=list(standards))
    except typst.TypstError:
        if len(signs) == 1:
            _known[signs] = False
            return
        half = len(signs) // 2
        _find_out(signs[:half], fonts, folders, standards)
        _find_out(signs[half:], fonts, folders, standards)
    else:
        _known.update(dict.fromkeys(signs, True))


@cache
def _instead(sign: str) -> str:
    invisible = unicodedata.category(sign) in {"Cf", "Mn", "Me", "Zs", "Zl", "Zp"}
    return " " if unicodedata.category(sign).startswith("Z") else "" if invisible else INSTEAD
