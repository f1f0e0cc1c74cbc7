"""Questionnaires that are ready, for what every percorso asks sooner or later."""

import json
from functools import cache
from pathlib import Path

from consult.core.languages import Localized
from consult.questionnaires import definition
from consult.questionnaires.definition import Data

SHELF = Path(__file__).parent / "library"


@cache
def _all() -> dict[str, Data]:
    return {path.stem: definition.whole(json.loads(path.read_text(encoding="utf-8")))
            for path in sorted(SHELF.glob("*.json"))}


def ready() -> dict[str, Localized]:
    """The titles of those that there are, by name."""
    return {name: Localized.of(data["title"]) for name, data in _all().items()}


def questionnaire(name: str) -> Data | None:
    """One of them, whole; None for a name that is none."""
    found = _all().get(name)
    return json.loads(json.dumps(found)) if found else None
