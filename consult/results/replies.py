"""Answers that fit many proposals, written once by the plan office and begun from afterwards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db, hold
from consult.core.languages import Localized
from consult.processes.models import Process
from consult.proposals.models import Proposal
from consult.results.models import ReplyTemplate, Verdict

PLACEHOLDERS = ("code", "title")
_BRACED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, kw_only=True)
class ReplyTemplateSaved(events.Event):
    template_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyTemplateRemoved(events.Event):
    template_id: int


def of_process(process: Process) -> Sequence[ReplyTemplate]:
    """The templates of a percorso, by name."""
    return db.session.scalars(sa.select(ReplyTemplate).where(ReplyTemplate.process_id == process.id)
                              .order_by(ReplyTemplate.name, ReplyTemplate.id)).all()


def fits(template: ReplyTemplate, proposal: Proposal) -> bool:
    """Whether a template is one of the percorso of a proposal."""
    return template.process_id == proposal.process_id


def filled(template: ReplyTemplate, proposal: Proposal) -> str:
    """The text for one proposal, in its language or else in Italian, with its code and title put in."""
    return put_in(template.text.in_language(proposal.language), code=proposal.code, title=proposal.title)


def put_in(text: str, **said: str) -> str:
    """A text with code and title put in; what stands between braces and means nothing stays as it is."""
    return _BRACED.sub(lambda found: said.get(found[1].strip(), found[0]), text)


def unknown_placeholders(text: str) -> list[str]:
    """What stands between braces and means nothing."""
    return [name for name in _BRACED.findall(text) if name.strip() not in PLACEHOLDERS]


def add(process: Process, actor: Person, *, name: str, verdict: Verdict, text: Localized) -> ReplyTemplate:
    """Keep a new template."""
    template = ReplyTemplate(process=process, name=name, verdict=verdict, text=text)
    db.session.add(template)
    db.session.flush()
    events.record(ReplyTemplateSaved(actor_id=actor.id, template_id=template.id))
    return template


def change(template: ReplyTemplate, actor: Person, *, name: str, verdict: Verdict, text: Localized, seen: int) -> None:
    """Change a template; what was answered with it stays as it was. Raises StaleVersionError if somebody was faster."""
    hold(template, seen)
    template.name, template.verdict, template.text, template.version = name, verdict, text, seen + 1
    db.session.flush()
    events.record(ReplyTemplateSaved(actor_id=actor.id, template_id=template.id))


def remove(template: ReplyTemplate, actor: Person) -> None:
    """Do away with a template; what was answered with it stays as it was."""
    id = template.id
    db.session.delete(template)
    db.session.flush()
    events.record(ReplyTemplateRemoved(actor_id=actor.id, template_id=id))
