"""What somebody keys of a paper, and when two people have keyed the same."""

import re
from collections.abc import Mapping
from typing import Any

from consult.methods.interface import Marks
from consult.polling.models import Spoiled

Keyed = Mapping[str, Any]
"""What stands on a paper: see BoxPaper."""


def copied(marks: Marks, caveats: Mapping[str, str]) -> Keyed:
    """What is keyed of a paper that is counted, with the reservations that stand on it, by code of the commitment."""
    keyed = {"marks": dict(sorted(marks.items()))}
    said = {code: " ".join(caveats[code].split()) for code in sorted(caveats)}
    return {**keyed, "caveats": said} if said else keyed


def spoiled(reason: Spoiled) -> Keyed:
    """What is keyed of a paper that is not counted."""
    return {"spoiled": reason.value}


def same(one: Keyed, other: Keyed) -> bool:
    """Whether two people agree: in marks, and where something is written in words, in each word but not each comma."""
    return _meaning(one) == _meaning(other)


def _meaning(keyed: Keyed) -> Keyed:
    return {**keyed, "caveats": {code: re.findall(r"\w+", text.casefold())
                                 for code, text in keyed.get("caveats", {}).items()}}
