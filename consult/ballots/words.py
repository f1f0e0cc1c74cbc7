"""How a ballot is explained to whoever sets it up."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.voting.models import Secrecy

SECRECY: dict[Secrecy, tuple[LazyString, LazyString]] = {
    Secrecy.PUBLIC: (
        _l("A. Like a signature"),
        _l("The staff can know who voted for what, as under a petition. For matters in which one stands up for "
           "something with one's name; not where anybody could be put under pressure.")),
    Secrecy.PSEUDONYMOUS: (
        _l("B. Under a code"),
        _l("Nobody reads a name on a paper, only a code. The key of the codes is kept outside the database until the "
           "results can no longer be contested, so that a double vote can be struck out. Right for budgets and for "
           "most consultations.")),
    Secrecy.SECRET: (
        _l("C. Secret"),
        _l("As under a code, but the key is destroyed when the ballot closes: from then on nobody, not even whoever "
           "runs the site, can find out whose a paper was, and a double vote can no longer be struck out. For delicate "
           "questions. Honestly said: while the ballot is open a dishonest administrator could still find out.")),
}
"""What the three levels are called, and what they mean."""

GOOD_FOR: dict[str, LazyString] = {
    "single": _l("Two options, or a choice that everybody already knows well."),
    "approval": _l("Several options, of which more than one may be fine."),
    "stances": _l("Several points to be settled one by one."),
    "score": _l("How much each option is liked, in numbers."),
    "judgement": _l("How good each option is, in words: extreme grades weigh no more than others."),
    "schulze": _l("One winner among several, whom more people prefer to each of the others."),
    "runoff": _l("One winner with a majority, without going to vote twice."),
    "borda": _l("The option that stands high for most, even if it is the first of few."),
    "points": _l("Priorities: how much more one thing matters than another."),
    "greedy": _l("A budget that goes to the projects with the most votes."),
    "greedy_threshold": _l("The same, and projects with few votes are never funded."),
    "equal_shares": _l("A budget in which every voter has the same share, so that small places and groups get theirs."),
    "consent": _l("Commitments of the pact that nobody should have reasons against."),
    "poll": _l("Whether to merge, and what the new municipality would be called."),
}
"""What each way of voting is right for, in one line."""

PREFILLED = _l("There are no figures by age here: these are all residents, of whatever age.")
ELIGIBLE = _l("Put in how many may vote, as the electoral roll or the register says. Turnout is measured against them. "
              "Leave a number empty where nobody votes.")
SHUFFLED = _l("So that none has the advantage of standing first. The order of each person can be worked out again from "
              "the number that was drawn for this ballot, which is public.")
CONDITIONS: dict[str, LazyString] = {
    "turnout": _l("How large a part of those who may vote has to take part."),
    "turnout_places": _l("How large a part of those who may vote has to take part, and in how many municipalities."),
    "papers": _l("How many papers have to be cast altogether."),
    "papers_places": _l("How many papers have to be cast in a municipality, and in how many municipalities."),
    "votes": _l("How many votes what comes first has to have."),
    "share": _l("What comes first needs more than this part of the papers. With 50 it takes more than half."),
    "approved_places": _l("What comes first needs more than this part of the papers of a municipality, in so many "
                          "municipalities."),
}
"""What each condition asks for, beside its numbers."""
NUMBERS: dict[str, LazyString] = {
    "percent": _l("Percent"), "places": _l("Municipalities, at least"), "number": _l("Number, at least"),
}
"""What the numbers of a condition are called."""
