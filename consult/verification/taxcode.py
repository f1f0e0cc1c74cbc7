"""The Italian tax code (codice fiscale): its form, its check character, the day of birth it tells.

Source: D.M. 23 December 1976 and D.M. 12 March 1974; letters in place of digits tell apart people whose codes would be
the same. Whoever has only a provisional code has eleven digits, checked as a VAT number is.
"""

import re
from datetime import date

PREFIX = "TINIT-"
"""What SPID and eIDAS put before an Italian tax code."""
_FORM = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
_PROVISIONAL = re.compile(r"[0-9]{11}")
_MONTHS = "ABCDEHLMPRST"
_DIGITS = dict(zip("LMNPQRSTUV", "0123456789", strict=True))
_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
"""What the letters A to Z, and the digits as A to J, count for in an odd place."""
_FEMALE = 40


def tidy(typed: str) -> str:
    """A tax code in its one form: capitals, no spaces, no prefix."""
    return "".join(typed.split()).upper().removeprefix(PREFIX)


def sound(code: str) -> bool:
    """True if a tidied code has the right form and check character."""
    if _PROVISIONAL.fullmatch(code):
        return _luhn(code)
    return bool(_FORM.fullmatch(code)) and check_character(code[:15]) == code[15]


def check_character(first: str) -> str:
    """The sixteenth character that belongs to the first fifteen."""
    total = 0
    for place, character in enumerate(first):
        value = int(character) if character.isdigit() else ord(character) - ord("A")
        total += value if place % 2 else _ODD[value]
    return chr(ord("A") + total % 26)


def _luhn(code: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(code)]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def tells(code: str, born: date) -> bool:
    """True if a sound code may belong to somebody born on a day; a provisional code tells no day."""
    if len(code) != 16:
        return True
    year = int("".join(_DIGITS.get(character, character) for character in code[6:8]))
    day = int("".join(_DIGITS.get(character, character) for character in code[9:11]))
    return (year, _MONTHS.index(code[8]) + 1, day % _FEMALE) == (born.year % 100, born.month, born.day)


def is_one(typed: str) -> bool:
    """True if something typed is a tax code, whatever its spelling."""
    return sound(tidy(typed))
