"""How far a ballot has come, and what of it can then no longer change."""

from flask_babel import lazy_gettext as _l

from consult.ledger import queries as ledgers
from consult.processes.models import Standing
from consult.voting.models import Ballot

MEANING = ("question", "method", "parameters", "conditions", "minimum", "maximum", "budget", "secrecy", "seed",
           "shuffled", "by_organisation", "audience", "minimum_age", "maximum_age", "only_from", "workers_too",
           "only_categories", "codes_allowed", "engagement_level")
"""What a paper says and for whom: whoever has voted has voted on this."""
SETTLED = _l("People can vote already, or papers are in the box: what is asked, how it is counted and who votes no "
             "longer change, because it would change what the papers mean. You can still mend the title and the "
             "introduction, put off the closing, or suspend the ballot.")
STAYS_PUBLIC = _l("People vote in it: it stays public. To stop it, suspend it and say why.")
NEVER_LIVE = _l("While a ballot is open nobody sees what was chosen: show the results after it closes.")
PROMISED = _l("People vote knowing that the results will be public: that stays so.")


def begun(ballot: Ballot) -> bool:
    """True once somebody could vote in it."""
    return ballot.takes().standing is not Standing.COMING


def settled(ballot: Ballot) -> bool:
    """True once what is asked, how, and of whom no longer changes: people vote, or papers lie or lay in the box.

    The ledger of a ballot begins with all this when its first paper comes.
    """
    return ballot.paper_count > 0 or begun(ballot) or ledgers.exists(ballot.id)
