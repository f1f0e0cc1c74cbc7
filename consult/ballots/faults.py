"""What is wrong with a ballot as it is being set up, each with the field at which it can be put right."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.ballots.drafts import Draft
from consult.methods import conditions
from consult.methods.interface import Form
from consult.methods.registry import METHODS
from consult.methods.wording import euros
from consult.processes.models import Audience

MOST_OPTIONS = 300
"""On the page, in a file and taken over from proposals alike."""
ONE_IS_ENOUGH = (Form.STANCES, Form.CONSENT)
"""Papers on which each option is answered by itself."""


@dataclass(frozen=True)
class Fault:
    """Something to put right. One that does not block can wait until the ballot becomes public."""

    field: str
    sentence: LazyString
    blocks: bool = True


def faults(draft: Draft) -> list[Fault]:
    """What is wrong; empty where the ballot can be public."""
    return [*_of_options(draft), *_of_money(draft), *_of_method(draft), *_of_voters(draft), *_of_conditions(draft)]


def unready(wrong: Sequence[Fault]) -> LazyString:
    """Why a ballot cannot be public yet."""
    return _n("It cannot be public yet: %(num)s thing is to be put right. %(first)s",
              "It cannot be public yet: %(num)s things are to be put right. The first: %(first)s",
              len(wrong), first=wrong[0].sentence)


def _of_options(draft: Draft) -> list[Fault]:
    titles = [str(one.title.in_language("it")).casefold() for one in draft.options]
    found = []
    least = 1 if METHODS[draft.method].form in ONE_IS_ENOUGH else 2
    if len(titles) < least:
        found.append(Fault("options", _n("Write at least %(num)s option.", "Write at least %(num)s options.", least),
                           blocks=False))
    if len(titles) > MOST_OPTIONS:
        found.append(Fault("options", _l("These are %(number)s options: a ballot has at most %(most)s.",
                                         number=len(titles), most=MOST_OPTIONS)))
    if draft.withdrawn:
        found.append(Fault("options", _l("Withdrawn from the pact in the meantime: %(codes)s. Take these options away.",
                                         codes=", ".join(draft.withdrawn)), blocks=False))
    grouped = [(title, one.group) for title, one in zip(titles, draft.options, strict=True)]
    if twice := next((one for at, one in enumerate(grouped) if one in grouped[:at]), None):
        place = max(at for at, one in enumerate(grouped) if one == twice)
        found.append(Fault("options", _l("“%(title)s” is there twice: nobody could tell the two apart.",
                                         title=draft.options[place].title)))
    return found


def _of_money(draft: Draft) -> list[Fault]:
    """A budget is spent on what has a cost, and nothing dearer than all of it can be voted for."""
    if not METHODS[draft.method].needs_budget and not draft.budget:
        return []
    if not draft.budget:
        return [Fault("budget", _l("Say how much can be spent, in whole euros."))]
    found = []
    for one in draft.options:
        if not one.cost:
            found.append(Fault("options", _l("Say what “%(title)s” costs: with a budget every option has its cost.",
                                             title=one.title), blocks=False))
        elif one.cost > draft.budget:
            found.append(Fault("options", _l(
                "“%(title)s” costs %(cost)s, more than the whole budget of %(budget)s: it could never be funded. Take "
                "it away or put the cost right.", title=one.title, cost=euros(one.cost), budget=euros(draft.budget))))
    return found[:5]


def _of_method(draft: Draft) -> list[Fault]:
    """What the way of voting itself refuses; once the options are there, as it counts them."""
    priceless = draft.budget is not None and not all(one.cost for one in draft.options)
    if len(draft.options) < 2 or priceless or (METHODS[draft.method].needs_budget and not draft.budget):
        return []
    return [Fault("method", sentence) for sentence in METHODS[draft.method].parameter_faults(draft.rules)]


def _of_voters(draft: Draft) -> list[Fault]:
    found = []
    if draft.eligible and draft.audience is not Audience.VERIFIED and not draft.by_organisation:
        found.append(Fault("audience", _l(
            "You say how many residents may vote: then residence must be verified, otherwise more could vote than "
            "there are. Choose people whose residence was verified, or leave the numbers empty.")))
    if draft.audience is Audience.ANYONE:
        found.append(Fault("audience", _l("Whoever votes needs an account, so that everybody votes once.")))
    return found


def _of_conditions(draft: Draft) -> list[Fault]:
    """What cannot hold: more municipalities than there are, or a turnout of nobody knows how many."""
    kinds = {condition["kind"] for condition in draft.conditions}
    found = [Fault("conditions", sentence) for sentence in conditions.faults(list(draft.conditions), draft.towns)]
    if kinds & {"turnout", "turnout_places"} and not draft.eligible:
        found.append(Fault("eligible", _l(
            "You ask for a turnout: say how many may vote in each municipality, so that it can be measured.")))
    return found
