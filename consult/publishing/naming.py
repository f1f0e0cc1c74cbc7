"""Who is named beside what they wrote: organisations, and people only where house and person both choose so."""

from collections.abc import Mapping

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core.db import db, table
from consult.core.personal_words import masked
from consult.planning.said import Voice
from consult.processes.models import Activity, Phase, Process
from consult.publishing.models import Names

KINDS = ("proposal", "remark")


def shown(process: Process, names: Names) -> Mapping[str, str]:
    """The names that authors show on the site, by the code of what they wrote for nobody but themselves.

    Nothing, and no query, unless names are asked for.
    """
    if names is not Names.SHOWN:
        return {}
    said = table(Contribution)
    ours = (sa.select(Activity.id).join(Phase, Phase.id == Activity.phase_id)
            .where(Phase.process_id == process.id, Activity.published))
    rows = db.session.execute(
        sa.select(said.c.code, Person).join(Person, Person.id == said.c.author_id)
        .where(said.c.activity_id.in_(ours), said.c.kind.in_(KINDS), said.c.state == State.PUBLISHED,
               said.c.organisation_id.is_(None), Person.shows_name, ~Person.minor, Person.erased_at.is_(None)))
    return {code: masked(person.shown_name) for code, person in rows}


def voice(code: str, speaks: Voice, known: Mapping[str, str]) -> str:
    """In whose name something was said."""
    name = known.get(code)
    return f"{name} ({speaks})" if name else str(speaks)
