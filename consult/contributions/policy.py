"""Conditions that hold for contributions of every kind."""

from typing import Any

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator
from consult.contributions import subjects
from consult.contributions.models import Contribution, State, Thread
from consult.core import clock
from consult.core.policy import Reason, Rules, refusing, signed_in
from consult.processes.policy import is_public


@refusing(_l("This is not public."))
def published(person: Any, thing: Contribution) -> bool:
    """Holds for what everyone can read."""
    return thing.state is State.PUBLISHED


@refusing(_l("This has not been sent in yet."))
def sent_in(person: Any, thing: Contribution) -> bool:
    """Holds for everything but drafts, which are nobody's business but their author's."""
    return thing.state is not State.DRAFT


@refusing(_l("Only whoever wrote this can do that."))
def author(person: Any, thing: Contribution) -> bool:
    """Holds for whoever wrote the contribution."""
    return thing.written_by(person)


@refusing(_l("You cannot report what you wrote yourself."))
def not_author(person: Any, thing: Contribution) -> bool:
    """Holds for everybody else."""
    return not thing.written_by(person)


def _when_next(person: Any, _thing: Any) -> Reason:
    return _l("Nearly all you reported was found to be within the rules: for now you can report one text a day, the "
              "next one from %(when)s. How to object stands under “My reports” in your profile.",
              when=format_datetime(person.next_flag_at, "d MMMM y, HH:mm"))


@refusing(_when_next)
def a_report_left(person: Any, thing: Any) -> bool:
    """Holds for everybody but those whose reports were nearly all unfounded: one a day is left to them."""
    next_one = getattr(person, "next_flag_at", None)
    return next_one is None or next_one <= clock.now()


@refusing(_l("This was withdrawn or hidden: it can no longer change."))
def standing(person: Any, thing: Contribution) -> bool:
    """Holds for what is public or waits for a moderator."""
    return thing.state in {State.PENDING, State.PUBLISHED}


@refusing(_l("This was withdrawn: it can no longer change."))
def correctable(person: Any, thing: Contribution) -> bool:
    """Holds for what is public or waits for a moderator, and for what was hidden: changed, it is read again."""
    return thing.state in {State.PENDING, State.PUBLISHED, State.HIDDEN}


@refusing(_l("What is discussed here is not public at the moment."))
def about_something_public(person: Any, thing: Thread | Contribution) -> bool:
    """Holds for what stands on its own, and for threads and comments on what can be read by all."""
    thread = thing if isinstance(thing, Thread) else thing.thread if thing.in_thread else None
    if thread is None:
        return True
    return (thread.discussed is None or thread.discussed.public) and subjects.readable(thread)


RULES: Rules = {
    "contribution.read": [[published, about_something_public, is_public], [author], [sent_in, moderator]],
    "contribution.flag": [[published, about_something_public, not_author, signed_in, a_report_left]],
}
