"""For whom an activity is meant, said before anybody writes, and why somebody does not belong to them."""

from collections.abc import Iterable
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person, Tie, Verification
from consult.core.policy import Reason
from consult.processes import queries, words
from consult.processes.models import Activity, Audience, Channel
from consult.verification import ages, bearers
from consult.verification.bearers import Bearer, Bond


def refusal(person: Any, activity: Activity) -> Reason | None:
    """Why somebody does not belong to those for whom an activity is meant; None if they do."""
    if activity.audience is Audience.ANYONE and not narrowed(activity):
        return None
    if not somebody(person, activity):
        return why_nobody(person, activity)
    return _without_category(person, activity) or _unverified(person, activity) or _of_another_age(person, activity)


def somebody(person: Any, activity: Activity) -> bool:
    """True for whoever has signed in, and for whoever brings a code where one is enough."""
    return bool(person.is_authenticated) or (activity.codes_allowed and isinstance(person, Bearer)
                                             and person.opens(activity.id, activity.process_id))


def why_nobody(person: Any, activity: Activity) -> Reason:
    """What a visitor lacks to count as somebody."""
    if not activity.codes_allowed:
        return _l("Here a code is not enough: sign in to take part.") if (
            isinstance(person, Bearer)) else _l("Sign in to take part.")
    if isinstance(person, Bearer):
        return _l("The code that you brought is for something else. Sign in to take part, or use a code that was made "
                  "for this.")
    return _l("Sign in to take part, or use the code that you were given.")


def channel_of(person: Any) -> Channel:
    """By which way somebody takes part who does so on this site: codes of an assembly are used in its room."""
    return Channel.ASSEMBLY if isinstance(person, Bearer) and person.in_assembly else Channel.ONLINE


def narrowed(activity: Activity) -> bool:
    """True where more is asked than an account or a verification."""
    return bool(activity.only_categories or activity.only_from) or not (
        activity.minimum_age is None and activity.maximum_age is None)


def asks_verification(activity: Activity) -> bool:
    """True where only a verification can tell who belongs: of a place or of an age nobody is believed."""
    return activity.audience is Audience.VERIFIED or bool(activity.only_from) or not (
        activity.minimum_age is None and activity.maximum_age is None)


def _without_category(person: Person | Bearer, activity: Activity) -> Reason | None:
    if not activity.only_categories:
        return None
    own = {organisation.category.code for organisation in person.organisations if organisation.category}
    if own & set(activity.only_categories):
        return None
    return _l("This activity is for whoever speaks for an organisation of these categories: %(names)s.",
              names=", ".join(queries.names_of_categories(activity.only_categories)))


def _unverified(person: Person | Bearer, activity: Activity) -> Reason | None:
    if not asks_verification(activity):
        return None
    ties = _ties(person, activity)
    if not ties:
        return _l("This activity is for people of whom it was verified that they live, work or study here. There are "
                  "several ways of being verified: they are in your profile.") if activity.workers_too else _l(
            "This activity is for people whose residence was verified. There are several ways of having it verified: "
            "they are in your profile.")
    if activity.only_from and not {tie.municipality.istat_code for tie in ties} & set(activity.only_from):
        names = ", ".join(queries.names_of_municipalities(activity.only_from))
        return _l("This activity is for whoever lives, works or studies in: %(names)s.", names=names) if (
            activity.workers_too) else _l("This activity is for the residents of: %(names)s.", names=names)
    return None


def _ties(person: Person | Bearer, activity: Activity) -> list[Verification | Bond]:
    """What is known of where somebody belongs; a code tied to them speaks only where nothing else does."""

    def counting(ties: Iterable[Verification | Bond]) -> list[Verification | Bond]:
        return [one for one in ties if one.tie is Tie.RESIDES or activity.workers_too]

    held = counting(person.holding)
    if held or not activity.codes_allowed or isinstance(person, Bearer):
        return held
    return counting(bearers.bonds(person, activity.id, activity.process_id))


def _of_another_age(person: Person | Bearer, activity: Activity) -> Reason | None:
    if ages.within(person.age_band, activity.minimum_age, activity.maximum_age):
        return None
    if not person.age_band:
        return _l("This activity is for people %(ages)s, and your verification does not tell your age. Have it "
                  "verified with a digital identity, with the register or at the help desk.", ages=words.ages(activity))
    return _l("This activity is for people %(ages)s. If your age has changed since you were verified, verify anew.",
              ages=words.ages(activity))


def sentences(activity: Activity) -> list[LazyString]:
    """Everything that is asked of whoever takes part, each a sentence or a part of one."""
    asked: list[LazyString] = [words.AUDIENCES[activity.audience]]
    if activity.workers_too and asks_verification(activity):
        asked = [_l("People who were verified: whoever lives, works or studies here")]
    if activity.only_from:
        asked.append(_l("Only from: %(names)s", names=", ".join(queries.names_of_municipalities(activity.only_from))))
    if activity.minimum_age is not None or activity.maximum_age is not None:
        asked.append(_l("Only people %(ages)s", ages=words.ages(activity)))
    if activity.codes_allowed:
        asked.append(_l("A code that the office gave you is enough, without an account"))
    if activity.only_categories:
        asked.append(_l("Only whoever speaks for an organisation of: %(names)s",
                        names=", ".join(queries.names_of_categories(activity.only_categories))))
    return asked
