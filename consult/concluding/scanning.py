"""Looking for personal data in everything that leaves: what the screening knows, and names of people who took part."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import db
from consult.governance.models import BodyMember, GovernanceBody
from consult.screening import services as screening
from consult.screening.personal import personal_data

MOST_WORDS = 4
"""Words of the longest name that is looked for."""
NEAR = 60
"""Letters before and after what was found that are shown with it."""
AT_ONCE = 30_000
"""Names asked for in one statement, which both databases take."""
_WORD = re.compile(r"[^\W_][\w.'’-]*")
_TITLE = re.compile(
    r"\b(?:sig(?:\.ra|nor|nora|norina)?|dott(?:\.ssa|or|oressa)?|dr(?:\.ssa)?|ing(?:egner)?|arch(?:itett[oa])?|"
    r"avv(?:ocat[oa])?|geom(?:etra)?|rag(?:ionier[ea])?|prof(?:\.ssa|essor|essore|essoressa)?|cav|suor)"
    r"\.? +(?-i:([A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’-]+){0,2}))", re.IGNORECASE)


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


def alarms(texts: Mapping[str, str], process_id: int) -> list[Alarm]:
    """What in these texts, by place, tells who somebody is, in the order of the places.

    Asks the database for the words that begin with a capital, however many people there are.
    """
    contacts = screening.setting().lists.contacts
    runs = {place: list(_runs(text)) for place, text in texts.items()}
    names = _held({name for each in runs.values() for _begins, _ends, spelt in each for name in spelt})
    members = _members(process_id)
    found: list[Alarm] = []
    for place, text in texts.items():
        spots = [*_data(text, contacts), *_titles(text), *_names(runs[place], names, members)]
        found += [_alarm(place, text, *spot) for spot in _apart(spots)]
    return found


Spot = tuple[int, int, str]


def _data(text: str, contacts: Collection[str]) -> Iterator[Spot]:
    yield from ((one.begins, one.ends, one.sort) for one in personal_data(text, contacts))


def _titles(text: str) -> Iterator[Spot]:
    yield from ((match.start(1), match.end(1), "person") for match in _TITLE.finditer(text))


def _names(runs: Iterable[tuple[int, int, tuple[str, ...]]], names: Collection[str],
           members: Collection[str]) -> Iterator[Spot]:
    for begins, ends, spelt in runs:
        if any(name in members for name in spelt):
            yield begins, ends, "member"
        elif any(name in names for name in spelt):
            yield begins, ends, "account"


def _apart(spots: Iterable[Spot]) -> list[Spot]:
    """Of spots that overlap the longest, first to last."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda one: (one[0] - one[1], one[0])):
        if all(spot[1] <= other[0] or spot[0] >= other[1] for other in kept):
            kept.append(spot)
    return sorted(kept)


def _alarm(place: str, text: str, begins: int, ends: int, sort: str) -> Alarm:
    before, after = text[max(0, begins - NEAR):begins], text[ends:ends + NEAR]
    if begins > NEAR:
        before = f"…{before.partition(' ')[2]}"
    if len(text) > ends + NEAR:
        after = f"{after.rpartition(' ')[0]}…"
    return Alarm(place, begins, ends, sort, " ".join(text[begins:ends].replace("*", "").split())[:200],
                 (before.replace("\n", " "), after.replace("\n", " ")))


def _runs(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Two to four words that may be a name, or one that nobody would write but as one; with how it may be spelt."""
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


def _held(candidates: Collection[str]) -> set[str]:
    """Which of these are the names of accounts."""
    found, names = set[str](), sorted(candidates)
    for first in range(0, len(names), AT_ONCE):
        found.update(db.session.scalars(sa.select(Person.display_name).where(
            Person.display_name.in_(names[first:first + AT_ONCE]), Person.erased_at.is_(None))))
    return found


def _members(process_id: int) -> set[str]:
    """The written names of those who sit on bodies of the percorso."""
    return set(db.session.scalars(
        sa.select(BodyMember.name).join(GovernanceBody, GovernanceBody.id == BodyMember.body_id)
        .where(GovernanceBody.process_id == process_id, BodyMember.name != "")))
