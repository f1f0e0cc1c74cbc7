"""Consent with reservations, for the commitments of a pact."""

from collections import Counter
from collections.abc import Iterable, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.choices import NOBODY
from consult.methods.interface import Column, Form, Grid, Line, Marks, Names, Paper, Result, Rules, Titled
from consult.methods.marked import Marked, Tallies, tallies
from consult.methods.sifting import sift
from consult.methods.wording import figure, listed, share

OBJECTION, CONSENT, RESERVATION = 0, 1, 2


class Consent(Marked):
    """A commitment is agreed on when nobody objects, or only as many as was announced."""

    name = "consent"
    form = Form.CONSENT

    @property
    def title(self) -> LazyString:
        return _l("Consent with reservations")

    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        return [_l("On each commitment say whether you consent, consent with a reservation, or object: object only to "
                   "what would do harm."), *self.may_leave_out(rules)]

    def counting(self, rules: Rules) -> Sequence[LazyString]:
        most = _most_objections(rules)
        return [_l("A commitment is agreed on when at least one paper consents and none objects; reservations do not "
                   "stop it, and are shown.") if not most else
                _l("A commitment is agreed on when at least one paper consents and at most %(percent)s of those that "
                   "speak on it object; reservations do not stop it, and are shown.", percent=share(most, 100))]

    def allowed(self, _rules: Rules) -> range:
        return range(3)

    def wrong(self, _rules: Rules) -> LazyString:
        return _l("On each of the commitments shown say whether you consent, consent with a reservation, or object.")

    def adds(self, _rules: Rules, marks: Marks) -> Marks:
        return {code: 1 for code, mark in marks.items() if mark != OBJECTION}

    def against(self, _rules: Rules, marks: Marks) -> Marks:
        return {code: 1 for code, mark in marks.items() if mark == OBJECTION}

    @property
    def opposed(self) -> LazyString:
        return _l("Objections")

    @property
    def added(self) -> LazyString:
        return _l("Consents, with or without reservations")

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        counts = tallies(rules, sifted)
        order = lots.ranks(rules.codes, lambda code: (-counts[code][OBJECTION], counts[code][CONSENT],
                                                      counts[code][RESERVATION]))
        agreed = tuple(code for rank in order for code in rank if _agreed(rules, counts[code]))
        lines = [Line(label=Titled(code), values=(
            counts[code][CONSENT], counts[code][RESERVATION], counts[code][OBJECTION],
            sifted.valid - counts[code].total(), _outcome(counts[code], code in agreed)))
            for rank in order for code in rank]
        grid = Grid(code="options", caption=_l("Consent to each commitment"), heading=_l("Commitment"), chart=True,
                    columns=(Column(label=_l("Consent")), Column(label=_l("With a reservation")),
                             Column(label=_l("Objection")), Column(label=_l("Left out")),
                             Column(label=_l("Outcome"), unit="text")), lines=tuple(lines))
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=agreed, order=order,
                      grids=(grid,), facts=_facts(rules, counts))

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        facts = result.facts
        if not any(facts["votes"].values()) and not any(facts["against"].values()):
            return [NOBODY]
        clear = [code for code in result.winners if not facts["reservations"][code]]
        said = [_l("Agreed on without reservations: %(titles)s.", titles=listed(clear, names))] if clear else []
        spoke = {code: figure(facts["votes"][code] + facts["against"][code]) for code in rules.codes}
        said += [_l("“%(title)s” is agreed on; papers with a reservation: %(reservations)s of %(papers)s.",
                    title=names(code), reservations=figure(facts["reservations"][code]), papers=spoke[code])
                 for code in result.winners if code not in clear]
        said += [_l("“%(title)s” is not agreed on; papers that object: %(objections)s of %(papers)s.",
                    title=names(code), objections=figure(facts["against"][code]), papers=spoke[code])
                 for code in rules.codes if code not in result.winners]
        return said

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        most = rules.parameters.get("most_objections", 0)
        if not isinstance(most, int) or not 0 <= most < 100:
            return [_l("The part of the papers that may object is a whole number of percent under 100.")]
        return ()


def _most_objections(rules: Rules) -> int:
    return int(rules.parameters.get("most_objections", 0))


def _agreed(rules: Rules, count: Counter[int]) -> bool:
    return (count[CONSENT] + count[RESERVATION] > 0
            and count[OBJECTION] * 100 <= _most_objections(rules) * count.total())


def _outcome(count: Counter[int], agreed: bool) -> LazyString:
    if not agreed:
        return _l("Not agreed on")
    return _l("Agreed on with reservations") if count[RESERVATION] else _l("Agreed on")


def _facts(rules: Rules, counts: Tallies) -> dict[str, dict[str, int]]:
    return {"votes": {code: counts[code][CONSENT] + counts[code][RESERVATION] for code in rules.codes},
            "reservations": {code: counts[code][RESERVATION] for code in rules.codes},
            "against": {code: counts[code][OBJECTION] for code in rules.codes}}
