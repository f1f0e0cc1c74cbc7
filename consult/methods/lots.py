"""What decides where nothing else does: a lot that was published before anybody voted."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods.interface import Names, Rules, Tie
from consult.methods.wording import listed

BY_LOT = _l("the lot announced before the vote")
BY_COST = _l("the lower cost")
BY_CODE = _l("the code that comes first")
BY_VOTES = _l("the number of votes")
BY_NOTHING = _l("nothing")

LOT = _l("What is still equal is decided by a lot that was published before the vote: of the options concerned, the "
         "one whose SHA-256 of “seed:code” is the lowest comes first.")


def lot(seed: str, code: str) -> str:
    """The SHA-256, in hexadecimal, of the seed, a colon and the code: the lowest comes first."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def drawn(rules: Rules, codes: Iterable[str]) -> list[str]:
    """Codes in the order of the lot."""
    return sorted(codes, key=lambda code: (lot(rules.seed, code), code))


def ranks(codes: Iterable[str], key: Callable[[str], Any]) -> tuple[tuple[str, ...], ...]:
    """Codes by descending key; those with the same key share a rank, in order of code."""
    by_key: dict[Any, list[str]] = {}
    for code in sorted(codes):
        by_key.setdefault(key(code), []).append(code)
    return tuple(tuple(by_key[value]) for value in sorted(by_key, reverse=True))


def first(rules: Rules, order: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
    """The winner of an order of ranks, and the tie that the lot decided, if there was one."""
    if not order:
        return (), ()
    best = drawn(rules, order[0])
    if len(best) == 1:
        return (best[0],), ()
    return (best[0],), (Tie(among=tuple(sorted(best)), chosen=best[0], decided_by=BY_LOT),)


def told(ties: Iterable[Tie], names: Names) -> list[LazyString]:
    """A sentence for each tie: who stood equal, who came first, and what decided it."""
    return [_l("%(titles)s stood equal: “%(chosen)s” came first, and what decided it was %(reason)s.",
               titles=listed(tie.among, names), chosen=names(tie.chosen), reason=tie.decided_by)
            if tie.chosen is not None else
            _l("%(titles)s stand equal: the ballot decides nothing between them.", titles=listed(tie.among, names))
            for tie in ties]
