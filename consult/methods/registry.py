"""Every way of voting, by its name."""

from collections.abc import Mapping

from consult.methods.approval import Approval
from consult.methods.borda import Borda
from consult.methods.consent import Consent
from consult.methods.equal_shares import EqualShares
from consult.methods.greedy import Greedy
from consult.methods.greedy_threshold import GreedyThreshold
from consult.methods.interface import Method
from consult.methods.judgement import Judgement
from consult.methods.points import Points
from consult.methods.poll import Poll
from consult.methods.runoff import Runoff
from consult.methods.schulze import Schulze
from consult.methods.score import Score
from consult.methods.single import Single
from consult.methods.stances import Stances

METHODS: Mapping[str, Method] = {method.name: method for method in (
    Single(), Approval(), Stances(), Score(), Judgement(), Schulze(), Runoff(), Borda(), Points(), Greedy(),
    GreedyThreshold(), EqualShares(), Consent(), Poll())}
