"""Papers on which each option gets a mark of its own: a stance, a score, a grade, a consent."""

from abc import abstractmethod
from collections import Counter

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods.interface import Marks, Method, Rules
from consult.methods.sifting import Sifted

Tallies = dict[str, Counter[int]]
"""How often each mark was given, by code of the option."""


class Marked(Method):
    """A way of voting in which options are judged one by one."""

    @abstractmethod
    def allowed(self, rules: Rules) -> range:
        """The marks that an option may get."""

    @abstractmethod
    def wrong(self, rules: Rules) -> LazyString:
        """What to say of another mark."""

    def fault(self, rules: Rules, marks: Marks) -> LazyString | None:
        costs, allowed = rules.costs, self.allowed(rules)
        if any(code not in costs or mark not in allowed for code, mark in marks.items()):
            return self.wrong(rules)
        if len(marks) < rules.minimum:
            return too_few(rules)
        return None

    def may_leave_out(self, rules: Rules) -> list[LazyString]:
        """How many options may be left without a mark."""
        if rules.minimum >= len(rules.options):
            return [_l("Leave none out.")]
        if rules.minimum == 0:
            return [_l("You may leave out as many as you like: a blank paper counts as one.")]
        return [_n("You may leave some out, but not all: mark at least %(num)s.",
                   "You may leave some out: mark at least %(num)s.", rules.minimum)]


def too_few(rules: Rules) -> LazyString:
    """What to say of a paper that marks too few options."""
    return _n("Mark at least %(num)s option.", "Mark at least %(num)s options.", rules.minimum)


def tallies(rules: Rules, sifted: Sifted) -> Tallies:
    """How often each option got each mark."""
    found: Tallies = {code: Counter() for code in rules.codes}
    for marks, times in sifted.piles:
        for code, mark in marks.items():
            found[code][mark] += times
    return found
