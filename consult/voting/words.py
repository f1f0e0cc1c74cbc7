"""How a ballot works, in plain words: the same sentences on its page and in its results."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.processes.models import Audience
from consult.processes.words import AUDIENCES
from consult.voting.models import Ballot, Secrecy
from consult.voting.tally import Rules, euros


def audience(ballot: Ballot) -> LazyString:
    """Who can vote: an account is needed in any case, so that nobody votes twice."""
    verified = ballot.audience is Audience.VERIFIED
    return AUDIENCES[Audience.VERIFIED if verified else Audience.SIGNED_IN]


def choosing(rules: Rules) -> list[LazyString]:
    """What one paper may hold."""
    said = [_how_many(rules)]
    if rules.budget is not None:
        said.append(_l("Together what you choose may cost at most %(budget)s.", budget=euros(rules.budget)))
    return said


def _how_many(rules: Rules) -> LazyString:
    least, most = rules.minimum, rules.maximum
    if least == most:
        return _n("Choose %(num)s option.", "Choose %(num)s options.", most)
    if least == 0:
        return _n("Choose up to %(num)s option, or none: a blank paper counts as one.",
                  "Choose up to %(num)s options, or none: a blank paper counts as one.", most)
    return _l("Choose from %(least)s to %(most)s options.", least=least, most=most)


def counting(rules: Rules) -> LazyString:
    """How the votes become a result, ties included."""
    if rules.budget is not None:
        return _l(
            "Options are funded in the order of their votes, as long as what is left of the budget pays for them; one "
            "that does not fit is passed over. Of options with the same number of votes the cheaper comes first, of "
            "equally cheap ones the one whose code comes first. What nobody chose is not funded.")
    return _l("The option with the most votes comes first. Where several have the most, the ballot decides nothing "
              "between them.")


def secrecy(ballot: Ballot) -> LazyString:
    """Who can know how somebody voted."""
    if ballot.secrecy is Secrecy.SECRET:
        return _l(
            "Your paper lies under a code made from a key that is kept outside the database: neither your name nor the "
            "time is written on it. When the ballot closes the key is destroyed; from then on nobody can find out "
            "whose a paper was.")
    return _l(
        "Your paper lies under a code made from a key that is kept outside the database: neither your name nor the "
        "time is written on it. The key exists so that you can change your vote and nobody votes twice; only whoever "
        "holds both the key and the database could find out whose a paper is.")


RESULTS = _l(
    "Until it closes nobody sees what was chosen, the staff included: only how many have voted. Then the papers are "
    "counted and the result is published for all, in total and by municipality.")


def all_given(most: int) -> LazyString:
    """Why somebody cannot support one more proposal of a call."""
    return _n("You support %(num)s proposal of this call, and each person can support only that many. Take your "
              "support back there to give it here.",
              "You support %(num)s proposals of this call, and each person can support only that many. Take one "
              "support back to give it here.", most)
