"""An exploratory poll on a merger: whether to merge, and under which name; two questions, told separately."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.choices import NOBODY, summed
from consult.methods.interface import (
    Column,
    Form,
    Grid,
    Line,
    Marks,
    Method,
    Names,
    Paper,
    Result,
    Rules,
    Tie,
    Titled,
)
from consult.methods.marked import too_few
from consult.methods.sifting import Sifted, sift
from consult.methods.wording import figure, listed, share

MERGER, NAME = "merger", "name"
QUESTIONS = {MERGER: _l("Merger"), NAME: _l("Name")}


class Poll(Method):
    """Two questions on one paper: they are counted each by itself, and decide nothing."""

    name = "poll"
    form = Form.POLL

    @property
    def title(self) -> LazyString:
        return _l("Exploratory poll on a merger")

    def choosing(self, _rules: Rules) -> Sequence[LazyString]:
        return [_l("There are two questions: whether to merge, and which name the new municipality would have. Choose "
                   "one answer to each; you may answer only one of them, and choose a name also if you are against.")]

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [_l("The two questions are counted separately. The poll shows what people think; it decides nothing, "
                   "also where answers have the same number of votes.")]

    def fault(self, rules: Rules, marks: Marks) -> LazyString | None:
        groups = _groups(rules)
        if any(code not in groups or mark != 1 for code, mark in marks.items()):
            return _l("Choose among the options shown, each at most once.")
        answered = [groups[code] for code in marks]
        if len(set(answered)) < len(answered):
            return _l("Choose one answer to each question.")
        if len(marks) < rules.minimum:
            return too_few(rules)
        return None

    def adds(self, _rules: Rules, marks: Marks) -> Marks:
        return marks

    @property
    def added(self) -> LazyString:
        return _l("Votes")

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        votes, groups = summed(sifted), _groups(rules)
        order: list[tuple[str, ...]] = []
        winners: list[str] = []
        ties, grids = [], []
        for question in QUESTIONS:
            codes = [code for code in rules.codes if groups[code] == question]
            ranks = lots.ranks(codes, lambda code: votes[code])
            order.extend(ranks)
            grids.append(_grid(question, ranks, votes, _answered(sifted, codes)))
            if ranks and votes[ranks[0][0]]:
                winners.extend(ranks[0])
                if len(ranks[0]) > 1:
                    ties.append(Tie(among=ranks[0], chosen=None, decided_by=lots.BY_NOTHING))
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=tuple(winners),
                      order=tuple(order), grids=tuple(grids), ties=tuple(ties),
                      facts={"votes": dict(votes)})

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        votes, groups, said = result.facts["votes"], _groups(rules), []
        for question, title in QUESTIONS.items():
            first = [code for code in result.winners if groups[code] == question]
            answers = sum(votes.get(code, 0) for code in rules.codes if groups[code] == question)
            if len(first) == 1:
                said.append(_l("%(question)s: most papers say “%(title)s”, %(votes)s of the %(answers)s that answer "
                               "(%(share)s).", question=title, title=names(first[0]), votes=figure(votes[first[0]]),
                               answers=figure(answers), share=share(votes[first[0]], answers)))
            elif first:
                said.append(_l("%(question)s: %(titles)s have the same number of votes, %(votes)s.", question=title,
                               titles=listed(first, names), votes=figure(votes[first[0]])))
        return said or [NOBODY]

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        groups = [option.group for option in rules.options]
        if set(groups) - set(QUESTIONS):
            return [_l("Each option answers one of the two questions: merger or name.")]
        if min(groups.count(question) for question in QUESTIONS) < 2:
            return [_l("Give each of the two questions at least two answers.")]
        return ()


def _groups(rules: Rules) -> dict[str, str]:
    return {option.code: option.group for option in rules.options}


def _answered(sifted: Sifted, codes: Iterable[str]) -> int:
    """How many papers answer a question."""
    own = set(codes)
    return sum(times for marks, times in sifted.piles if own & marks.keys())


def _grid(question: str, ranks: Sequence[Sequence[str]], votes: Marks, answered: int) -> Grid:
    return Grid(code=question, caption=QUESTIONS[question], heading=_l("Answer"), chart=True, columns=(
        Column(label=_l("Votes")), Column(label=_l("Share of those who answer"), unit="share")), lines=tuple(
        Line(label=Titled(code), values=(votes[code], Fraction(votes[code], answered) if answered else 0))
        for rank in ranks for code in rank))
