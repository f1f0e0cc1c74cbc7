"""A participatory budget by votes, of the projects that reach a number of votes."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods.funding import Limits
from consult.methods.greedy import Greedy
from consult.methods.interface import Result, Rules
from consult.methods.wording import figure, share


class GreedyThreshold(Greedy):
    """Projects funded in the order of their votes, of those that reach a number of votes."""

    name = "greedy_threshold"

    @property
    def title(self) -> LazyString:
        return _l("Participatory budget, by votes with a threshold")

    def limits(self, rules: Rules, papers: int) -> Limits:
        percent = rules.parameters.get("threshold_percent")
        if percent is None:
            return Limits.of(rules.parameters)
        return Limits.of({**rules.parameters, "threshold": -(-papers * int(percent) // 100)})  # rounded up

    def counting(self, rules: Rules) -> Sequence[LazyString]:
        percent = rules.parameters.get("threshold_percent")
        said = (_l("An option needs the votes of at least %(percent)s of the papers to be funded.",
                   percent=share(int(percent), 100)) if percent is not None else
                _l("An option needs at least %(votes)s votes to be funded.",
                   votes=figure(int(rules.parameters.get("threshold", 1)))))
        return [said, *super().counting(rules)]

    def before_funding(self, result: Result) -> Sequence[LazyString]:
        votes, threshold = result.facts["votes"], result.facts["threshold"]
        under = sum(1 for (code,) in result.order if votes.get(code, 0) < threshold)
        return [_n("%(num)s option stayed under the threshold of %(votes)s votes.",
                   "%(num)s options stayed under the threshold of %(votes)s votes.", under,
                   votes=figure(threshold))] if under else []

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        least = rules.parameters.get("threshold_percent", rules.parameters.get("threshold"))
        if not isinstance(least, int) or least < 1 or ("threshold_percent" in rules.parameters and least > 100):
            return [*super().parameter_faults(rules), _l("Say how many votes, or which part of the papers, an option "
                                                         "needs to be funded.")]
        return super().parameter_faults(rules)
