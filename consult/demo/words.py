"""Made-up Italian names and texts, put together from pieces so that no two read the same."""

import random
import re
from dataclasses import dataclass
from typing import Any

from consult.comments.models import Stance
from consult.demo.story import read

_WORDS = read("words.yaml")
_NAMES: list[str] = _WORDS["names"].split()
_INITIALS = "ABCDEFGLMNPRSTVZ"
STANCES = {Stance.FAVOURABLE: "for", Stance.NEUTRAL: "neutral", Stance.AGAINST: "against",
           Stance.QUESTION: "question"}

Piece = str | list[str]
Pattern = tuple[Piece, ...]
"""What stands fixed in a sentence and, where it may vary, what it is chosen from."""


def short_name(rng: random.Random) -> str:
    """A first name and the initial of a surname, as most people choose to be shown."""
    return f"{rng.choice(_NAMES)} {rng.choice(_INITIALS)}."


def html(text: str) -> str:
    """What the renderer of texts makes of one of these, which hold nothing but plain paragraphs, at once."""
    return "".join(f"<p>{paragraph}</p>\n" for paragraph in text.split("\n\n"))


@dataclass(frozen=True)
class Wording:
    """A made-up proposal."""

    title: str
    body: str


class Theme:
    """A subject that people of the valley talk about: gives proposals, and what is said of them."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.axis: str = told["axis"]
        general = {name: _with_towns(_WORDS[name])
                   for name in ("places", "since", "who", "one", "people", "help", "cost")}
        self._slots = {"place": general["places"], "since": general["since"], "who": general["who"],
                       "one": general["one"], "person": general["people"], "help": general["help"],
                       "cost": general["cost"], "thing": told["things"], "benefit": told["benefits"],
                       "lived": told["lived"]}
        self._slots["problem"] = [problem.replace("{one}", one) for problem in told["problems"]
                                  for one in (general["one"] if "{one}" in problem else [""])]
        self._said = {kind: [self._pattern(text) for text in texts] for kind, texts in _WORDS["comments"].items()}
        self._wishes = [self._pattern(text) for text in _WORDS["wishes"]]
        self._points = [self._pattern(text) for text in _WORDS["points"]]
        self._problems = [self._pattern(text) for text in ("{place} {problem}.", "{since} {problem}.",
                                                           "{since} {place} {problem}.", "{problem}.")]
        self._reasons = [self._pattern(text) for text in ("{person} {lived}.", "Sarebbe importante per {who}.",
                                                          "Oggi {problem}.", "Ne parlano tutti {place}.")]
        self._ends = [self._pattern(text) for text in ("{help}", "{cost}", "{cost} {help}")]

    def proposal(self, rng: random.Random) -> Wording:
        """A title, and a text of three to six sentences in one or two paragraphs."""
        thing, place = rng.choice(self._slots["thing"]), rng.choice(self._slots["place"])
        request = f"{rng.choice(_WORDS['ask'])} {thing} {place}, {rng.choice(self._slots['benefit'])}."
        first = [_said(rng.choice(self._problems), rng), request]
        if rng.random() < 0.7:
            first.insert(1, _said(rng.choice(self._reasons), rng))
        body = " ".join(first)
        if rng.random() < 0.6:
            body += ("\n\n" if rng.random() < 0.4 else " ") + _said(rng.choice(self._ends), rng)
        return Wording(_capital(f"{thing} {place}"), body)

    def comment(self, rng: random.Random, stance: Stance) -> str:
        """One to four sentences for, against, neither, or asking something."""
        patterns = [rng.choice(self._said[STANCES[stance]]),
                    *rng.sample(self._said["more"], rng.choice((0, 0, 1, 1, 1, 2, 3)))]
        return " ".join(_said(pattern, rng) for pattern in patterns)

    def reply(self, rng: random.Random) -> str:
        """One or two sentences in answer to a comment."""
        sentence = _said(rng.choice(self._said["reply"]), rng)
        return f"{sentence} {_said(rng.choice(self._said['more']), rng)}" if rng.random() < 0.35 else sentence

    def wish(self, rng: random.Random) -> str:
        """One sentence about a service that is missing."""
        return _said(rng.choice(self._wishes), rng)

    def point(self, rng: random.Random) -> str:
        """One sentence about a place that should be mended."""
        return _said(rng.choice(self._points), rng)

    def _pattern(self, text: str) -> Pattern:
        parts = re.split(r"\{(\w+)\}", text)
        return tuple(self._slots[part] if index % 2 else part for index, part in enumerate(parts) if part)


def _with_towns(texts: list[str]) -> list[str]:
    return [text.replace("{town}", town) for text in texts
            for town in (_WORDS["towns"] if "{town}" in text else [""])]


def _said(pattern: Pattern, rng: random.Random) -> str:
    return _capital("".join(piece if isinstance(piece, str) else rng.choice(piece) for piece in pattern))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


THEMES = [Theme(told) for told in _WORDS["themes"]]
ROADS = [theme for theme in THEMES if theme.axis == "A4"]
"""What people say about moving around the valley."""
