"""A single choice: everybody ticks one option."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods.approval import Approval
from consult.methods.interface import Rules


class Single(Approval):
    """One option each: the one that most papers choose comes first."""

    name = "single"

    @property
    def title(self) -> LazyString:
        return _l("Single choice")

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        if rules.maximum != 1:
            return [_l("With a single choice, one paper may choose one option.")]
        return super().parameter_faults(rules)
