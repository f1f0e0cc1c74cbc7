"""Who copies sheets of paper and takes answers from files, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core.policy import Rules, refusing
from consult.entry.models import EntryBatch, EntryFile, EntrySheet
from consult.processes.policy import activity_open
from consult.verification.policy import desk_or_plan_office


@refusing(_l("This batch was undone."))
def batch_stands(person: Any, thing: EntryBatch | EntrySheet) -> bool:
    """Holds for a batch that was not undone, and for its sheets."""
    return (thing.batch if isinstance(thing, EntrySheet) else thing).undone_at is None


@refusing(_l("This batch came from a file: sheets are keyed in a batch of their own."))
def batch_of_sheets(person: Any, thing: EntryBatch) -> bool:
    """Holds for a batch that was not made of a file."""
    return not thing.from_file


@refusing(_l("This file was taken already."))
def file_waits(person: Any, thing: EntryFile) -> bool:
    """Holds for a file of which nothing was made yet."""
    return thing.batch_id is None


@refusing(_l("On this sheet there is nothing to compare."))
def keyings_differ(person: Any, thing: EntrySheet) -> bool:
    """Holds for a sheet on which two people differ."""
    return thing.differs


RULES: Rules = {
    "entry.see": [[desk_or_plan_office]],
    "entry.start": [[desk_or_plan_office, activity_open]],
    "entry.key": [[desk_or_plan_office, batch_stands, batch_of_sheets, activity_open]],
    "entry.compare": [[desk_or_plan_office, batch_stands, keyings_differ, activity_open]],
    "entry.undo": [[plan_office, batch_stands, activity_open]],
    "entry.send": [[plan_office, activity_open]],
    "entry.look": [[plan_office]],
    "entry.take": [[plan_office, file_waits, activity_open]],
    "entry.let_go": [[plan_office, file_waits]],
}
