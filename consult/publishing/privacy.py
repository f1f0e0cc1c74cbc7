"""What people typed, without what would let somebody reach or identify a person."""

import re

from flask_babel import gettext as _

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_TAX_CODE = re.compile(r"\b[A-Za-z]{6}[\dL-NP-Vl-np-v]{2}[A-EHLMPR-Ta-ehlmpr-t][\dL-NP-Vl-np-v]{2}[A-Za-z]"
                       r"[\dL-NP-Vl-np-v]{3}[A-Za-z]\b")
"""The sixteen signs of the Italian codice fiscale, also where digits were replaced by letters (D.M. 23/12/1976)."""
_PHONE = re.compile(r"""
    (?<![\w.,/-])(?!\d{1,2}[./-]\d{1,2}[./-]\d{4}\b)  # not within a number or a code, and no date
    (?: (?:\+|00)\d{1,3}[ .\-/]?(?:\d[ .\-/]?){6,11}\d  # with the code of a country
      | 3\d{2}[ .\-/]?(?:\d[ .\-/]?){5,6}\d  # a mobile
      | 0\d{1,3}[ .\-/](?:\d[ .\-/]?){5,7}\d  # a district and a number
    )(?![\w-])""", re.VERBOSE)
"""Numbers written as people write telephone numbers in Italy or with the code of a country; sums and years are not."""


def masked(text: str) -> str:
    """The text with words instead of e-mail addresses, telephone numbers and tax codes."""
    for pattern, words in ((_MAIL, _("[e-mail address left out]")), (_TAX_CODE, _("[tax code left out]")),
                           (_PHONE, _("[telephone number left out]"))):
        text = pattern.sub(str(words), text)
    return text
