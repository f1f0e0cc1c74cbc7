"""Whether papers can be given out one by one: a ranking that only one person has filled in is as good as a name."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

RANKED = frozenset({"schulze", "runoff", "borda"})
RARE = _l("What is on each paper is not published: there are more ways of ranking these options than people who voted, "
          "and a ranking that occurs once could be recognised by whoever asked somebody to fill it in like that.")


def withheld(method: str, options: int, papers: Iterable[Mapping[str, int]]) -> LazyString | None:
    """Why papers are not given out one by one; None where they are.

    Where there are more full rankings than papers, and one of them occurs once; one that leaves out the last is full.
    """
    if method not in RANKED:
        return None
    rankings = Counter(tuple(sorted(marks.items())) for marks in papers)
    full = [times for ranking, times in rankings.items()
            if len({place for _code, place in ranking}) == len(ranking) >= options - 1]
    return RARE if 1 in full and math.factorial(options) > rankings.total() else None
