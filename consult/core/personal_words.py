"""Words by which somebody could be reached or known: found in a text, and left out of one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _

MOST_WORDS = 4
"""Words of the longest name that is looked for."""
NEAR = 60
"""Letters before and after what was found that are shown with it."""
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
_WORD = re.compile(r"[^\W_][\w.'’-]*")
_TITLE = re.compile(
    r"\b(?:sig(?:\.ra|nor|nora|norina)?|dott(?:\.ssa|or|oressa)?|dr(?:\.ssa)?|ing(?:egner)?|arch(?:itett[oa])?|"
    r"avv(?:ocat[oa])?|geom(?:etra)?|rag(?:ionier[ea])?|prof(?:\.ssa|essor|essore|essoressa)?|cav|suor)"
    r"\.? +(?-i:([A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’-]+){0,2}))", re.IGNORECASE)

Spot = tuple[int, int, str]
"""Where something begins and ends in a text, and of which sort it is."""


def masked(text: str) -> str:
    """The text with words instead of e-mail addresses, telephone numbers and tax codes."""
    for pattern, words in ((_MAIL, _("[e-mail address left out]")), (_TAX_CODE, _("[tax code left out]")),
                           (_PHONE, _("[telephone number left out]"))):
        text = pattern.sub(str(words), text)
    return text


@dataclass(frozen=True, order=True)
class Alarm:
    """Words that look like a personal datum: in which place, of which sort, and among which words."""

    place: str
    begins: int
    ends: int
    sort: str
    words: str
    around: tuple[str, str] = ("", "")

    @property
    def key(self) -> tuple[str, str, str]:
        """By which a mark finds it again, wherever in its place it moves."""
        return self.place, self.sort, self.words


def reaching(text: str) -> Iterator[Spot]:
    """E-mail addresses, telephone numbers and tax codes."""
    for sort, pattern in (("mail", _MAIL), ("tax_code", _TAX_CODE), ("phone", _PHONE)):
        yield from ((match.start(), match.end(), sort) for match in pattern.finditer(text))


def titled(text: str) -> Iterator[Spot]:
    """Names that follow a title, as in "dott.ssa Rossi"."""
    yield from ((match.start(1), match.end(1), "person") for match in _TITLE.finditer(text))


def apart(spots: Iterable[Spot]) -> list[Spot]:
    """Of spots that overlap the longest, first to last."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda one: (one[0] - one[1], one[0])):
        if all(spot[1] <= other[0] or spot[0] >= other[1] for other in kept):
            kept.append(spot)
    return sorted(kept)


def alarm(place: str, text: str, spot: Spot) -> Alarm:
    """What was found at a spot, with the words around it."""
    begins, ends, sort = spot
    before, after = text[max(0, begins - NEAR):begins], text[ends:ends + NEAR]
    if begins > NEAR:
        before = f"…{before.partition(' ')[2]}"
    if len(text) > ends + NEAR:
        after = f"{after.rpartition(' ')[0]}…"
    return Alarm(place, begins, ends, sort, " ".join(text[begins:ends].replace("*", "").split())[:200],
                 (before.replace("\n", " "), after.replace("\n", " ")))


Run = tuple[int, int, tuple[str, ...]]
"""Where words that may be a name begin and end, and how it may be spelt."""


def runs(text: str) -> Iterator[Run]:
    """Two to four words that may be a name, or one that nobody would write but as one."""
    words = list(_WORD.finditer(text))
    for at, word in enumerate(words):
        if any(c.isdigit() for c in word[0]) and any(c.isalpha() for c in word[0]):
            yield word.start(), word.end(), (word[0].rstrip(".-'’"),)
        for many in range(2, MOST_WORDS + 1):
            run = words[at:at + many]
            if len(run) == many and _like_a_name(run, text):
                last = run[-1][0] if len(run[-1][0]) < 3 else run[-1][0].rstrip(".")  # "S." keeps its full stop
                yield run[0].start(), run[-1].start() + len(last), _spellings([one[0] for one in run])


def _like_a_name(run: list[re.Match[str]], text: str) -> bool:
    """Capitals at both ends and only spaces between: "Anna de Luca" is one, "del Comune" is none."""
    ends = any(one[0].endswith(".") and len(one[0]) > 3 for one in run[:-1])  # "S." is an initial, "Sala." ends one
    together = all(text[one.end():two.start()].strip(" \t*") in {"", "\n"} for one, two in pairwise(run))
    return together and not ends and run[0][0][0].isupper() and run[-1][0][0].isupper()


def _spellings(words: list[str]) -> tuple[str, ...]:
    """As it stands, with capitals only at the beginnings, without a last full stop, and with the family name first."""
    bare = [*words[:-1], words[-1].rstrip(".'’-")]
    turned = [*bare[1:], bare[0]], [bare[-1], *bare[:-1]]
    plain = [" ".join(each) for each in (words, bare, *turned)]
    return tuple(dict.fromkeys([*plain, *(one.title() for one in plain)]))
