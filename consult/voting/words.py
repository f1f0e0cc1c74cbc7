"""How a ballot works, in plain words: the same sentences on its page and in its results."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.contributions.models import FlagReason
from consult.methods import papers, poll
from consult.methods.grades import grades
from consult.methods.interface import Form, Marks, Method, Rules
from consult.methods.registry import METHODS
from consult.processes.models import Audience
from consult.processes.words import AUDIENCES
from consult.voting.models import Ballot, BallotOption, Secrecy


def audience(ballot: Ballot) -> LazyString:
    """Who can vote: an account is needed in any case, so that nobody votes twice."""
    verified = ballot.audience is Audience.VERIFIED
    return AUDIENCES[Audience.VERIFIED if verified else Audience.SIGNED_IN]


SECRECY = {
    Secrecy.PUBLIC: _l("An open vote"),
    Secrecy.PSEUDONYMOUS: _l("A vote under a code"),
    Secrecy.SECRET: _l("A secret vote"),
}

WITHHELD: dict[FlagReason, LazyString] = {
    FlagReason.OFFENCE: _l("it insults or threatens somebody"),
    FlagReason.PERSONAL_DATA: _l("it reveals somebody's personal data"),
    FlagReason.DISCRIMINATION: _l("it discriminates against people"),
    FlagReason.ILLEGAL: _l("it seems to break the law"),
    FlagReason.SPAM: _l("it is advertising"),
    FlagReason.OFF_TOPIC: _l("it has nothing to do with the subject"),
}
"""Why readers do not get what was said with reservation."""


def secrecy(ballot: Ballot) -> LazyString:
    """Who can know how somebody voted."""
    if ballot.secrecy is Secrecy.SECRET:
        return _l(
            "Your paper lies under a code made from a key that is kept outside the database: neither your name nor the "
            "time is written on it. When the ballot closes the key is destroyed; from then on nobody can find out "
            "whose a paper was.")
    if ballot.secrecy is Secrecy.PUBLIC:
        return _l(
            "Your paper lies under a code, without your name and without the time. The key to the codes is never "
            "destroyed: the office can find out whose a paper is, also after the ballot. Do not take part here if that "
            "troubles you.")
    return _l(
        "Your paper lies under a code made from a key that is kept outside the database: neither your name nor the "
        "time is written on it. The key exists so that you can change your vote and nobody votes twice; only whoever "
        "holds both the key and the database could find out whose a paper is.")


def chance(ballot: Ballot) -> LazyString:
    """What the seed is for, which stands beside this sentence."""
    if ballot.shuffled:
        return _l("This number was drawn before the ballot opened. It decides the order in which each person finds the "
                  "options, and what nothing else decides in the count:")
    return _l("This number was drawn before the ballot opened. It decides what nothing else decides in the count:")


ORGANISATIONS_VOTE = _l(
    "In this ballot organisations vote, one paper each: whoever holds the mandate of a verified organisation casts it.")
RESULTS = _l(
    "Until it closes nobody sees what was chosen, the staff included: only how many have voted. Then the papers are "
    "counted and the result is published for all, in total and by municipality.")


def all_given(most: int) -> LazyString:
    """Why somebody cannot support one more proposal of a call."""
    return _n("You support %(num)s proposal of this call, and each person can support only that many. Take your "
              "support back there to give it here.",
              "You support %(num)s proposals of this call, and each person can support only that many. Take one "
              "support back to give it here.", most)
QUESTIONS = poll.QUESTIONS
FEW = 11
"""How many scores stand beside one another; where there are more, the score is typed."""


def values_of(rules: Rules) -> Sequence[tuple[int, LazyString | str]]:
    """What may be said of an option, the best first, with its words; nothing where a number is typed."""
    form = METHODS[rules.method].form
    if form is Form.STANCES:
        return [(mark, papers.STANCES[mark]) for mark in (1, 0, 2)]
    if form is Form.CONSENT:
        return [(mark, papers.CONSENTS[mark]) for mark in (1, 2, 0)]
    if form is Form.GRADES:
        return list(reversed(list(enumerate(grades(rules)))))
    lowest, highest = int(rules.parameters.get("lowest", 0)), int(rules.parameters.get("highest", 10))
    return [(score, str(score)) for score in range(lowest, highest + 1)] if highest - lowest < FEW else []


def points(rules: Rules) -> int:
    """How many points one paper shares out."""
    return int(rules.parameters.get("points", 10))


def cost(rules: Rules, marks: Marks) -> int:
    """What is chosen on a paper costs together, in whole euros."""
    return sum(rules.costs[code] for code in marks)


def said(method: Method, rules: Rules, marks: Marks, options: Sequence[BallotOption]) -> Sequence[LazyString]:
    """A paper in words, a sentence for each mark."""
    titles = {option.code: option.title for option in options}
    return papers.said(method, rules, marks, lambda code: titles[code])
