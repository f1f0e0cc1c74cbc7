"""Every way of voting, by its name."""

from collections.abc import Mapping

from consult.methods.choices import Approval, Single
from consult.methods.greedy import Greedy
from consult.methods.interface import Method

METHODS: Mapping[str, Method] = {method.name: method for method in (Single(), Approval(), Greedy())}
