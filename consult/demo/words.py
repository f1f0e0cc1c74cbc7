"""Made-up Italian names and texts."""

import random

from consult.demo.story import read

_WORDS = read("words.yaml")
_NAMES: list[str] = _WORDS["names"].split()


def short_name(rng: random.Random) -> str:
    """A first name and the initial of a surname, as most people choose to be shown."""
    return f"{rng.choice(_NAMES)} {rng.choice('ABCDEFGLMNPRSTVZ')}."
