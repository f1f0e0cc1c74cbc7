"""Majority judgement: grades in words, of which the middle one counts.

Balinski, Laraki: "A theory of measuring, electing, and ranking", PNAS 104 (2007). Equal middle grades are told apart
by their majority value: the middle grade is taken away from each, again and again, until what is left differs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.choices import NOBODY
from consult.methods.grades import MOST, grades
from consult.methods.interface import Column, Form, Grid, Line, Marks, Names, Paper, Result, Rules, Tie, Titled
from consult.methods.marked import Marked, Tallies, tallies
from consult.methods.sifting import sift
from consult.methods.wording import listed, share

BY_MAJORITY_VALUE = _l("the grades next to the middle one")


def majority_value(count: Counter[int]) -> bytes:
    """The grades in the order in which the lower middle one is taken away: the greater of two is the better option.

    `count` is how often each grade, 0 for the worst and at most 255, was given.
    """
    ascending = b"".join(bytes([grade]) * count[grade] for grade in sorted(count))
    size = len(ascending)
    middle = (size - 1) // 2
    value = bytearray(size)
    if size % 2:  # the middle one, then one below and one above in turn
        value[0::2] = ascending[middle:]
        value[1::2] = ascending[:middle][::-1]
    else:  # of two in the middle the lower, then the one above, and so on outwards
        value[0::2] = ascending[:size // 2][::-1]
        value[1::2] = ascending[size // 2:]
    return bytes(value)


class Judgement(Marked):
    """Each option is graded; the one whose middle grade is best comes first."""

    name = "judgement"
    form = Form.GRADES

    @property
    def title(self) -> LazyString:
        return _l("Majority judgement")

    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        words = grades(rules)
        return [_l("Give each option a grade, from “%(worst)s” to “%(best)s”; several may have the same.",
                   worst=words[0], best=words[-1]), *self.may_leave_out(rules)]

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [
            _l("The grade of an option is the one in the middle of all its grades: at least half of the papers give "
               "that or a better one. The option with the best grade comes first. An option that a paper leaves out "
               "gets the worst grade from it; a blank paper gives none."),
            _l("Where grades are equal, the middle one of each is taken away, again and again, until they differ."),
            lots.LOT]

    def allowed(self, rules: Rules) -> range:
        return range(len(grades(rules)))

    def wrong(self, _rules: Rules) -> LazyString:
        return _l("Give the options shown one of the grades shown.")

    def adds(self, rules: Rules, marks: Marks) -> Marks:
        upper = -(-len(grades(rules)) // 2)
        return {code: 1 for code, mark in marks.items() if mark >= upper}

    @property
    def added(self) -> LazyString:
        return _l("Grades of the upper half")

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        graded = sifted.valid - sifted.blank
        counts = tallies(rules, sifted)
        for count in counts.values():
            count[0] += graded - count.total()  # left out: the worst
        values = {code: majority_value(count) for code, count in counts.items()}
        order = lots.ranks(rules.codes, lambda code: values[code]) if graded else ()
        winners, ties = lots.first(rules, order)
        middle = {code: value[0] for code, value in values.items() if value}
        near = tuple(code for code in rules.codes if winners and middle[code] == middle[winners[0]])
        if len(near) > len(order[0] if order else ()):
            ties = (Tie(among=near, chosen=winners[0], decided_by=BY_MAJORITY_VALUE), *ties)
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=winners,
                      order=order or (tuple(sorted(rules.codes)),), ties=ties,
                      grids=_grids(rules, order or (rules.codes,), counts, middle, graded),
                      facts={"middle": middle, "graded": graded, "distribution": {
                          code: [count[grade] for grade in self.allowed(rules)] for code, count in counts.items()}})

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        if not result.winners:
            return [NOBODY]
        best, middle, words = result.winners[0], result.facts["middle"], grades(rules)
        reached = sum(result.facts["distribution"][best][middle[best]:])
        said = [_l("“%(title)s” comes first with the grade “%(grade)s”: %(share)s of the papers give it that or a "
                   "better one.", title=names(best), grade=words[middle[best]],
                   share=share(reached, result.facts["graded"]))]
        for tie in result.ties:
            if tie.decided_by is BY_MAJORITY_VALUE:
                said.append(_l("%(titles)s have the same grade; of those, once the middle grades were taken away one "
                               "after the other, “%(title)s” kept the best.", titles=listed(tie.among, names),
                               title=names(best)))
            else:
                said.extend(lots.told([tie], names))
        return said

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        if not 2 <= len(grades(rules)) <= MOST:
            return [_l("Give from %(least)s to %(most)s grades, the worst first.", least=2, most=MOST)]
        return ()


def _grids(rules: Rules, order: Sequence[Sequence[str]], counts: Tallies, middle: dict[str, int],
           graded: int) -> tuple[Grid, ...]:
    words, codes = grades(rules), [code for rank in order for code in rank]
    at_least = {code: sum(count for grade, count in counts[code].items() if grade >= middle.get(code, 0))
                for code in codes}
    options = Grid(
        code="options", caption=_l("The grade of each option"), heading=_l("Option"),
        columns=(Column(label=_l("Papers with that grade or a better one"), unit="share"),
                 Column(label=_l("Grade"), unit="text")),
        lines=tuple(Line(label=Titled(code), values=(
            Fraction(at_least[code], graded) if graded else 0, words[middle.get(code, 0)])) for code in codes))
    distribution = Grid(
        code="grades", caption=_l("How often each grade was given"), heading=_l("Option"), chart=True,
        columns=tuple(Column(label=words[grade]) for grade in reversed(range(len(words)))),
        lines=tuple(Line(label=Titled(code), values=tuple(
            counts[code][grade] for grade in reversed(range(len(words))))) for code in codes))
    return options, distribution
