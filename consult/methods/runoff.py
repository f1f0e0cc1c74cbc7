"""Instant run-off: whoever is last leaves, and the papers go on to the next option, until one has the majority."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.choices import NOBODY
from consult.methods.interface import Column, Figure, Grid, Line, Names, Paper, Result, Rules, Tie, Titled
from consult.methods.ranked import NOTHING, Ranked, flat, in_order
from consult.methods.sifting import Sifted, sift
from consult.methods.wording import figure, listed, share

BY_SUM = _l("that together they had fewer votes than the next")
BY_FIRSTS = _l("the number of first choices")


@dataclass(frozen=True)
class Round:
    """Votes of those still in, papers that name none of them any more, and who leaves after it."""

    votes: dict[str, int]
    exhausted: int
    leaves: tuple[str, ...] = ()
    tie: Tie | None = None


@dataclass
class Count:
    """The rounds of a run-off."""

    rounds: list[Round] = field(default_factory=list)

    @property
    def winner(self) -> str | None:
        votes = self.rounds[-1].votes if self.rounds else {}
        best = max(votes, key=lambda code: votes[code], default=None)
        return best if best is not None and votes[best] else None

    @property
    def order(self) -> tuple[tuple[str, ...], ...]:
        """The winner, the others of the last round, then those that left, the last to leave first."""
        last = lots.ranks(self.rounds[-1].votes, lambda code: self.rounds[-1].votes[code])
        return (*last, *(tuple(sorted(gone.leaves)) for gone in reversed(self.rounds[:-1])))


def run(rules: Rules, sifted: Sifted) -> Count:
    """Count round by round: those last leave until one has more than half of the papers that still name somebody."""
    held: dict[str, list[tuple[list[str], int]]] = {code: [] for code in rules.codes}
    exhausted = _deal([(in_order(marks), times) for marks, times in sifted.piles], held)
    count, firsts = Count(), None
    while True:
        votes = {code: sum(times for _paper, times in papers) for code, papers in held.items()}
        firsts = firsts or votes
        if len(held) == 1 or 2 * max(votes.values()) > sum(votes.values()) or not any(votes.values()):
            count.rounds.append(Round(votes, exhausted))
            return count
        leaves, tie = _last(rules, votes, firsts, len(count.rounds) + 1)
        count.rounds.append(Round(votes, exhausted, leaves, tie))
        freed = [pile for code in leaves for pile in held.pop(code)]
        exhausted += _deal(freed, held)


def _deal(piles: Iterable[tuple[list[str], int]], held: dict[str, list[tuple[list[str], int]]]) -> int:
    """Give each pile to the first it names of those still in, and answer how many papers name none."""
    exhausted = 0
    for ranked, times in piles:
        at = next((at for at, code in enumerate(ranked) if code in held), None)
        if at is None:
            exhausted += times
        else:
            held[ranked[at]].append((ranked[at:], times))
    return exhausted


def _last(rules: Rules, votes: dict[str, int], firsts: dict[str, int],
          number: int) -> tuple[tuple[str, ...], Tie | None]:
    """Who leaves, and the tie that there was.

    Of several that are last all leave if together they have fewer votes than the next; else the one with the fewest
    first choices, and of those the last by lot.
    """
    by_votes: defaultdict[int, list[str]] = defaultdict(list)
    for code in sorted(votes):
        by_votes[votes[code]].append(code)
    fewest, *others = sorted(by_votes)
    last = by_votes[fewest]
    if len(last) == 1:
        return (last[0],), None
    if others and fewest * len(last) < others[0]:
        leaves, reason = tuple(last), BY_SUM
    else:
        weakest = [code for code in last if firsts[code] == min(firsts[code] for code in last)]
        leaves, reason = (lots.drawn(rules, weakest)[-1],), BY_FIRSTS if len(weakest) == 1 else lots.BY_LOT
    stays = [code for code in last if code not in leaves]
    return leaves, Tie(among=tuple(last), chosen=stays[0] if len(stays) == 1 else None, decided_by=reason,
                       dropped=leaves, round=number)


class Runoff(Ranked):
    """Whoever is last leaves, round by round."""

    name = "runoff"
    equals = False

    @property
    def title(self) -> LazyString:
        return _l("Order of preference, in rounds (instant run-off)")

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [
            _l("Each paper counts for the option that it puts first. If none has more than half, the option with the "
               "fewest votes leaves, and its papers count for the next option that they name and that is still in; "
               "and so on, until one has more than half of the papers that still name somebody."),
            _l("If several are last with equal votes, all of them leave if together they have fewer votes than the "
               "next; else the one with the fewest first choices leaves. If these are equal too, a lot that was "
               "published before the vote decides: of the options concerned, the one whose SHA-256 of “seed:code” is "
               "the highest leaves.")]

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        count = run(rules, sifted)
        winner = count.winner
        return Result(
            valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=(winner,) if winner else (),
            order=count.order, grids=_grids(count, sifted.blank),
            ties=tuple(each.tie for each in count.rounds if each.tie is not None) if winner else (),
            facts={"rounds": [{"votes": each.votes, "exhausted": each.exhausted - sifted.blank,
                               "leaves": list(each.leaves)} for each in count.rounds]})

    def because(self, _rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        if not result.winners:
            return [NOBODY]
        rounds, best = result.facts["rounds"], result.winners[0]
        votes, continuing = rounds[-1]["votes"][best], sum(rounds[-1]["votes"].values())
        counted = {"title": names(best), "votes": figure(votes), "papers": figure(continuing),
                   "share": share(votes, continuing)}
        if len(rounds) == 1:
            said = [_l("“%(title)s” has more than half of the first choices: %(votes)s of %(papers)s (%(share)s).",
                       **counted)]
        else:
            said = [_l("“%(title)s” comes first in round %(round)s, with %(votes)s of the %(papers)s papers that still "
                       "name somebody (%(share)s).", round=len(rounds), **counted)]
            leader = _leader(rounds[0]["votes"])
            if leader and leader != best:
                said.append(_l("“%(title)s” had the most first choices.", title=names(leader)))
        return [*said, *(_l("In round %(round)s these were last with equal votes: %(titles)s. Out went %(gone)s; what "
                            "decided it was %(reason)s.", round=tie.round, titles=listed(tie.among, names),
                            gone=listed(tie.dropped, names), reason=tie.decided_by) for tie in result.ties)]


def _leader(votes: dict[str, int]) -> str | None:
    """The only one with the most votes, if there is one."""
    best = [code for code, number in votes.items() if number == max(votes.values())]
    return best[0] if len(best) == 1 else None


def _grids(count: Count, blank: int) -> tuple[Grid, ...]:
    codes, first, last = flat(count.order), count.rounds[0].votes, count.rounds[-1].votes
    options = Grid(
        code="options", caption=_l("First choices and votes of the last round"), heading=_l("Option"), chart=True,
        columns=(Column(label=_l("First choices")), Column(label=_l("Votes in the last round"))),
        lines=tuple(Line(label=Titled(code), values=(first[code], last.get(code, NOTHING))) for code in codes))
    lines = [Line(label=Titled(code), values=tuple(_in_round(each, code) for each in count.rounds)) for code in codes]
    lines.append(Line(label=_l("Papers that name nobody still in"),
                      values=tuple(each.exhausted - blank for each in count.rounds)))
    rounds = Grid(
        code="rounds", caption=_l("Round by round"), heading=_l("Option"), lines=tuple(lines),
        columns=tuple(Column(label=_l("Round %(number)s", number=number))
                      for number in range(1, len(count.rounds) + 1)))
    return options, rounds


def _in_round(each: Round, code: str) -> Figure:
    return each.votes.get(code, NOTHING)
