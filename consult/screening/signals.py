"""Signs that the words alone give: each is a small function that says where it stands."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from consult.screening import insults as offensive
from consult.screening.models import Signal
from consult.screening.personal import personal_data

MOST_LINKS = 2
"""So many links anybody may need."""
LEAST_CAPITALS = 20
"""Letters in capitals from which on somebody shouts."""

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"”»]+|(?<![\w@.-])[\w-]+\.(?:com|net|org|info|shop|online|biz|xyz|"
                   r"ly|it|me|to)/[^\s<>()\[\]\"”»]*", re.IGNORECASE)
_PUBLIC = re.compile(r"^(?:https?://)?(?:[\w-]+\.)*(?:gov\.it|europa\.eu|normattiva\.it|gazzettaufficiale\.it|"
                     r"(?:comune|comuni|unione|provincia|regione|ausl|asl)[.-][\w.-]+)(?:[/:?#]|$)", re.IGNORECASE)
_SHORTENED = re.compile(r"^(?:https?://)?(?:www\.)?(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|t\.me|wa\.me|cutt\.ly|is\.gd|"
                        r"ow\.ly|rb\.gy|shorturl\.at)/", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A sign, and where in a text it stands."""

    signal: Signal
    what: str = ""
    field: str = ""
    begins: int = 0
    ends: int = 0
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What the office keeps for the signs to go by."""

    insults: Sequence[str] = offensive.INSULTS
    of_people: Sequence[str] = offensive.OF_PEOPLE
    contacts: Collection[str] = ()


def links(text: str, field: str = "", lists: Lists | None = None) -> Iterator[Found]:
    """More links than one needs, or one that hides where it leads; those to public bodies do not count."""
    found = [match for match in _LINK.finditer(text) if not _PUBLIC.match(match[0])]
    if len(found) > MOST_LINKS or any(_SHORTENED.match(match[0]) for match in found):
        yield Found(signal=Signal.LINKS, field=field, begins=found[0].start(), ends=found[-1].end(),
                    number=len(found))


def personal(text: str, field: str = "", lists: Lists | None = None) -> Iterator[Found]:
    """Data that lead to a person."""
    for one in personal_data(text, (lists or Lists()).contacts):
        yield Found(signal=Signal.PERSONAL, what=one.sort, field=field, begins=one.begins, ends=one.ends)


def insults(text: str, field: str = "", lists: Lists | None = None) -> Iterator[Found]:
    """Words of the lists of the office."""
    lists = lists or Lists()
    for begins, ends in offensive.insults(text, lists.insults, lists.of_people):
        yield Found(signal=Signal.INSULT, field=field, begins=begins, ends=ends)


def capitals(text: str, field: str = "", lists: Lists | None = None) -> Iterator[Found]:
    """Words in capitals one after another, more than names and abbreviations need."""
    for run in _shouted(text):
        letters = sum(len(word[0]) for word in run)
        if letters >= LEAST_CAPITALS and len(run) > 2 and any(len(word[0]) > 5 for word in run):
            yield Found(signal=Signal.CAPITALS, field=field, begins=run[0].start(), ends=run[-1].end())


def _shouted(text: str) -> Iterator[list[re.Match[str]]]:
    """Words in capitals that follow each other; a single letter breaks nothing."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if word[0].isupper():
            run.append(word)
        elif len(word[0]) > 1:
            yield run
            run = []
    yield run


BY_WORDS: dict[Signal, Callable[..., Iterator[Found]]] = {
    Signal.PERSONAL: personal, Signal.INSULT: insults, Signal.LINKS: links, Signal.CAPITALS: capitals,
}
