"""A valley of made-up voices: two camps, a plain and a mountain that want the money divided otherwise."""

import random
from dataclasses import dataclass

import pytest

from consult.core.db import db
from consult.opinions import bulk
from consult.opinions.models import Conversation, Statement

CAMPS = {"river": (9, 9, 1, 1, 9), "work": (1, 1, 9, 9, 9)}
"""Of ten of each camp, how many agree with the first statements."""


@dataclass
class Valley:
    """A conversation with its statements: four that part the camps, one that unites, one that parts the heights."""

    conversation: Conversation
    statements: list[Statement]

    def voices(self, how_many, places, *, first=0):
        """So many voices, of both camps in turn, from these places in turn."""
        made = []
        for number in range(first, first + how_many):
            rng = random.Random(f"voice {number}")  # noqa: S311 - made-up answers
            place = places[(number // 2) % len(places)]
            chances = (*CAMPS["river" if number % 2 else "work"], 9 if place.belt == "montagna" else 1, 5, 5)
            made.append(bulk.Voice(
                tag=f"{rng.getrandbits(128):032x}", municipality_id=place.id,
                stances={one.id: 1 if rng.random() * 10 < chance else -1
                         for one, chance in zip(self.statements, chances, strict=True)}))
        return made


@pytest.fixture
def places(make):
    """Two places in the plain, two in the mountains."""
    return [make.municipality(name, belt=belt) for name, belt in (
        ("Piano di Sotto", "pianura"), ("Piano di Sopra", "pianura"), ("Monte Corno", "montagna"),
        ("Monte Acuto", "montagna"))]


@pytest.fixture
def valley(make, places):
    """A conversation that nobody has answered yet."""
    conversation = make.conversation(results_visible="live", seed="0" * 31 + "1")
    db.session.refresh(conversation)
    return Valley(conversation, [make.statement(conversation=conversation) for _ in range(8)])
