"""The percorso that receives an import: its authority, places, axes and the call that holds the proposals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import sqlalchemy as sa

from consult.core.db import Base, db
from consult.core.languages import Localized
from consult.core.richtext import render_staff
from consult.importing.decidim import ProposalRecord
from consult.planning.models import Objective, Paragraph, Plan, PlanState, Section
from consult.processes.models import Axis, Phase, PhaseKind, Process
from consult.proposals.models import ProposalCall
from consult.territory.models import Authority, AuthorityKind, Municipality

DAY = timedelta(days=1)
Row = TypeVar("Row", bound=Base)
INTRODUCTION = (
    "Questo percorso è stato portato qui da un'altra piattaforma. Le proposte, i commenti, i sostegni e gli esiti "
    "sono quelli pubblicati allora; i sostegni sono arrivati come numeri e non dicono da chi vengono."
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How the percorso that receives an import is called, and in which language people wrote."""

    slug: str
    code: str
    title: str
    authority: str
    language: str


class Frame:
    """Found if an earlier import made it, else made; new axes, themes and districts are added to it."""

    def __init__(self, choice: Choice, records: Sequence[ProposalRecord]) -> None:
        self.prefix = f"decidim:{choice.slug}"
        found = db.session.scalar(sa.select(Process).where(Process.slug == choice.slug))
        self.process = found or _process(choice, records)
        self.process_id = self.process.id
        self.call = db.session.scalar(sa.select(ProposalCall).where(ProposalCall.source == self.prefix)) or _call(
            self.process, self.prefix, choice)
        self.axes = self._axes({r.axis for r in records})
        self.districts = self._districts({r.district for r in records if r.district})
        self._themes({(r.axis[0], *r.theme) for r in records if r.theme})

    def _axes(self, named: Iterable[tuple[int, str]]) -> dict[int, int]:
        known = {axis.code: axis for axis in self.process.axes}
        for number, name in sorted(named):
            if f"A{number}" not in known:
                known[f"A{number}"] = _kept(Axis(process=self.process, code=f"A{number}", position=number,
                                                 title=Localized.of(name), summary=Localized()))
        return {int(code[1:]): axis.id for code, axis in known.items()}

    def _themes(self, named: Iterable[tuple[int, int, str]]) -> None:
        """What the other system calls subcategories are the objectives of the plan."""
        known = set(db.session.scalars(sa.select(Objective.code).where(Objective.axis_id.in_(self.axes.values()))))
        for axis, number, name in sorted(named):
            if f"A{axis}.{number}" not in known:
                known.add(f"A{axis}.{number}")
                _kept(Objective(axis_id=self.axes[axis], code=f"A{axis}.{number}", position=number, title=name[:240]))

    def _districts(self, named: Iterable[tuple[int, str]]) -> dict[int, int]:
        code = self.process.code
        authority = self.process.authority
        known = {place.istat_code: place.id for place in authority.municipalities}
        for number, name in sorted(named):
            key = f"{code}{number:03}"
            if key not in known:
                known[key] = _kept(Municipality(authority=authority, istat_code=key, name=name, position=number)).id
        return {int(key[len(code):]): id for key, id in known.items()}


def _kept(thing: Row) -> Row:
    db.session.add(thing)
    db.session.flush()
    return thing


def _process(choice: Choice, records: Sequence[ProposalRecord]) -> Process:
    first, last = min(r.created_at for r in records), max(r.created_at for r in records)
    authority = _kept(Authority(kind=AuthorityKind.MUNICIPALITY, name=choice.authority, short_name=choice.authority))
    process = Process(authority=authority, slug=choice.slug, code=choice.code, title=Localized.of(choice.title),
                      summary=Localized.of(INTRODUCTION), vision=Localized(), published=True)
    _kept(process)
    bounds = ((PhaseKind.ANALYSIS, "Verso il Piano", first - 180 * DAY, first - DAY),
              (PhaseKind.CONCERTATION, "Il Piano come momento di concertazione", first - DAY, last + 31 * DAY),
              (PhaseKind.PACT, "Il Patto per lo sviluppo", last + 31 * DAY, last + 210 * DAY))
    for position, (kind, title, starts, ends) in enumerate(bounds, 1):
        _kept(Phase(process=process, position=position, kind=kind, title=Localized.of(title), purpose=Localized(),
                    starts_at=starts, ends_at=ends))
    plan = Plan(process=process, slug=choice.slug, title=choice.title, first_year=last.year, last_year=last.year + 3,
                state=PlanState.DRAFT)
    _kept(plan)
    section = Section(plan=plan, code="S1", position=1, title="Da dove viene questo piano", body=INTRODUCTION)
    _kept(section)
    _kept(Paragraph(section=section, position=1, text=INTRODUCTION, html=render_staff(INTRODUCTION)))
    db.session.refresh(process)
    return process


def _call(process: Process, source: str, choice: Choice) -> ProposalCall:
    phase = next(phase for phase in process.phases if phase.kind is PhaseKind.CONCERTATION)
    call = ProposalCall(
        phase=phase, title=Localized.of(f"Proposte per {choice.title}"), intro=Localized.of(INTRODUCTION),
        negotiable=Localized(), opens_at=phase.starts_at, closes_at=phase.ends_at, source=source, supports_open=False)
    _kept(call)
    return call
