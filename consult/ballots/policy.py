"""Who sets up ballots, and what of their papers everybody may have."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, staff
from consult.ballots import state
from consult.ballots.models import PapersFile
from consult.core.policy import Rules, refusing
from consult.processes.policy import activity_of, is_public
from consult.results.policy import for_everyone
from consult.voting.models import Ballot


@refusing(_l("The ballot has closed: nothing more comes into the box, and nothing leaves it."))
def not_closed(person: Any, thing: Ballot | PapersFile) -> bool:
    """Holds until the ballot closes."""
    return not activity_of(thing).over()


@refusing(_l("The ballot has opened: it can be closed or suspended, but no longer cancelled."))
def not_opened(person: Any, thing: Ballot) -> bool:
    """Holds until the ballot opens."""
    return not state.begun(thing)


@refusing(_l("There are papers in the box: take them out first."))
def box_empty(person: Any, thing: Ballot) -> bool:
    """Holds while nobody has voted."""
    return thing.paper_count == 0


@refusing(_l("This file was taken already."))
def papers_file_waits(person: Any, thing: PapersFile) -> bool:
    """Holds for a file that was not taken."""
    return thing.taken_at is None


@refusing(_l("This file was not taken: none of its papers is in the box."))
def papers_file_taken(person: Any, thing: PapersFile) -> bool:
    """Holds for a file whose papers are in the box."""
    return thing.taken_at is not None


@refusing(_l("The papers are published once the ballot has closed and its results are public."))
def counted(person: Any, thing: Ballot) -> bool:
    """Holds once the papers were counted."""
    return thing.over()


RULES: Rules = {
    "ballot.prepare": [[plan_office]],
    "ballot.cancel": [[plan_office, not_opened, box_empty]],
    "ballot.papers": [[is_public, counted, for_everyone], [staff, counted]],
    "ballot.import": [[plan_office, not_closed]],
    "ballot.look": [[plan_office]],
    "ballot.take": [[plan_office, papers_file_waits, not_closed]],
    "ballot.let_go": [[plan_office, papers_file_waits]],
    "ballot.undo": [[plan_office, papers_file_taken, not_closed]],
}
