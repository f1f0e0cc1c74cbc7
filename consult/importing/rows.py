"""Writing imported contributions as rows, many at a time, and counting them anew at the end."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.comments.models import Comment, Stance
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State, Thread
from consult.core import clock, richtext
from consult.core.db import db, insert, table
from consult.core.languages import Localized
from consult.importing.decidim import CommentRecord, ProposalRecord
from consult.importing.frame import Frame
from consult.processes.models import Channel, ParticipationCount, PhaseParticipant
from consult.proposals.models import Proposal
from consult.results.models import Outcome, Verdict
from consult.voting.models import SupportTally

STANCES = {1: Stance.FAVOURABLE, 0: Stance.NEUTRAL, -1: Stance.AGAINST}
LONGEST_TITLE = 150
REASONS = ("Esito importato: nella piattaforma di provenienza la proposta risultava «{state}». "
           "Le motivazioni non facevano parte dei dati pubblicati.")


class Writer:
    """Writes batches; a row whose source is known already is left as it is."""

    def __init__(self, frame: Frame, language: str) -> None:
        self.frame, self.language = frame, language
        self.shortened = self.new_people = 0
        self._people: dict[str, int] = {}
        self._organisations: dict[str, int] = {}
        self._threads: dict[int, int] = {}
        self._ids: dict[int, int] = {}
        """The comments of this import: the number there, the id here."""

    def proposals(self, batch: Sequence[ProposalRecord]) -> tuple[int, int]:
        """Write proposals with their threads, supports and outcomes; answers how many were new and how many known."""
        known = self._known([self._source("p", r.id) for r in batch])
        fresh = [r for r in batch if self._source("p", r.id) not in known]
        for record in batch:
            if (found := known.get(self._source("p", record.id))) is not None and found[1] is not None:
                self._threads[record.id] = found[1]
        if not fresh:
            return 0, len(batch)
        self._meet({r.author for r in fresh}, {r.author for r in fresh if r.source == "organization"})
        number = int(contributions.next_code(self.frame.call, "proposal", len(fresh)).rpartition("-")[2])
        threads = self._new_threads(fresh)
        ids = self._new_contributions([self._proposal_row(r, number + i, threads[i]) for i, r in enumerate(fresh)])
        db.session.execute(sa.insert(table(Proposal)), [self._proposal_text(r, ids[i]) for i, r in enumerate(fresh)])
        db.session.execute(sa.update(Thread), [
            {"id": threads[i], "path": f"/proposte/{ids[i]}-{richtext.slug(r.title)}"} for i, r in enumerate(fresh)])
        self._outcomes(fresh, ids)
        return len(fresh), len(batch) - len(fresh)

    def comments(self, batch: Sequence[CommentRecord]) -> tuple[int, int]:
        """Write comments; those that answer others come in a later batch than what they answer."""
        known = self._known([self._source("c", r.id) for r in batch])
        fresh = [r for r in batch if self._source("c", r.id) not in known]
        self._ids.update({r.id: known[self._source("c", r.id)][0] for r in batch if self._source("c", r.id) in known})
        if not fresh:
            return 0, len(batch)
        self._meet({r.author for r in fresh}, {r.author for r in fresh if r.for_organisation})
        number = int(contributions.next_code(self.frame.call, "comment", len(fresh)).rpartition("-")[2])
        ids = self._new_contributions([self._comment_row(r, number + i) for i, r in enumerate(fresh)])
        db.session.execute(sa.insert(table(Comment)), [
            {"id": ids[i], "body": r.body, "body_html": richtext.render(r.body),
             "stance": STANCES.get(r.stance) if r.stance is not None else None, "official": False}
            for i, r in enumerate(fresh)])
        self._ids.update({r.id: ids[i] for i, r in enumerate(fresh)})
        return len(fresh), len(batch) - len(fresh)

    def count_anew(self) -> None:
        """Every counter of the percorso from its rows: threads, proposals, comments, participation."""
        call = self.frame.call
        reply = sa.orm.aliased(Contribution)
        shown = sa.and_(Contribution.state == State.PUBLISHED, Contribution.kind == "comment")
        in_thread = sa.select(sa.func.count()).where(Contribution.thread_id == Thread.id, shown).scalar_subquery()
        db.session.execute(sa.update(Thread).where(Thread.activity_id == call.id).values(comment_count=in_thread))
        threaded = sa.select(Thread.comment_count).where(Thread.id == Contribution.thread_id).scalar_subquery()
        tallied = (sa.select(sa.func.coalesce(sa.func.sum(SupportTally.count), 0))
                   .where(SupportTally.contribution_id == Contribution.id).scalar_subquery())
        ours = (Contribution.activity_id == call.id,)
        db.session.execute(sa.update(Contribution).where(*ours, Contribution.kind == "proposal")
                           .values(comment_count=threaded, support_count=tallied))
        answers = (sa.select(sa.func.count(reply.id))
                   .where(reply.about_id == Contribution.id, reply.state == State.PUBLISHED).scalar_subquery())
        answered = sa.select(Contribution.about_id).where(*ours, Contribution.about_id.is_not(None))
        db.session.execute(sa.update(Contribution).where(Contribution.id.in_(answered))
                           .values(comment_count=answers).execution_options(synchronize_session=False))
        self._participation()
        db.session.expire_all()

    def _participation(self) -> None:
        call = self.frame.call
        phase = call.phase_id
        public = (Contribution.activity_id == call.id, Contribution.state == State.PUBLISHED)
        db.session.execute(sa.delete(ParticipationCount).where(ParticipationCount.phase_id == phase))
        place = sa.func.coalesce(Contribution.municipality_id, 0)
        by_kind = (sa.select(sa.literal(phase), sa.literal(call.id), Contribution.kind, place, sa.func.count())
                   .where(*public).group_by(Contribution.kind, place))
        supports = (sa.select(sa.literal(phase), sa.literal(call.id), sa.literal("support"),
                              SupportTally.municipality_id, sa.func.sum(SupportTally.count))
                    .join(Contribution, Contribution.id == SupportTally.contribution_id)
                    .where(*public).group_by(SupportTally.municipality_id))
        authors = sa.select(sa.literal(phase), Contribution.author_id).where(*public).distinct()
        db.session.execute(insert(PhaseParticipant).from_select(["phase_id", "person_id"], authors)
                           .on_conflict_do_nothing())
        people = (sa.select(sa.literal(phase), sa.literal(0), sa.literal("person"), sa.literal(0), sa.func.count())
                  .where(PhaseParticipant.phase_id == phase).having(sa.func.count() > 0))
        columns = ["phase_id", "activity_id", "kind", "municipality_id", "count"]
        for counted in (by_kind, supports, people):
            db.session.execute(sa.insert(ParticipationCount).from_select(columns, counted))

    def _source(self, kind: str, number: int) -> str:
        return f"{self.frame.prefix}:{kind}:{number}"

    def _known(self, sources: list[str]) -> dict[str, tuple[int, int | None]]:
        rows = db.session.execute(sa.select(Contribution.source, Contribution.id, Contribution.thread_id)
                                  .where(Contribution.source.in_(sources)))
        return {str(source): (id, thread) for source, id, thread in rows}

    def _meet(self, authors: set[int], organisations: set[int]) -> None:
        """Have a person for each number that writes, and an organisation where it wrote as one."""
        wanted = {f"{self.frame.prefix}:u:{number}": number for number in authors} | {
            f"{self.frame.prefix}:u:{number}": number for number in organisations}
        missing = {source: number for source, number in wanted.items() if source not in self._people}
        if missing:
            self._people.update(self._found(Person, Person.source, missing))
            new = [{"source": source, "display_name": f"Partecipante {number}" if number else "Incontro pubblico",
                    "title": "", "language": "it", "created_at": clock.now()}
                   for source, number in missing.items() if source not in self._people]
            if new:
                self.new_people += len(new)
                db.session.execute(sa.insert(table(Person)), new)
                self._people.update(self._found(Person, Person.source, missing))
        slugs = {f"{self.frame.process.slug}-{number}"[:80]: number for number in organisations}
        missing = {slug: number for slug, number in slugs.items() if slug not in self._organisations}
        if missing:
            self._organisations.update(self._found(Organisation, Organisation.slug, missing))
            new = [{"slug": slug, "name": f"Organizzazione {number}", "description": "", "created_at": clock.now()}
                   for slug, number in missing.items() if slug not in self._organisations]
            if new:
                db.session.execute(sa.insert(table(Organisation)), new)
                self._organisations.update(self._found(Organisation, Organisation.slug, missing))

    @staticmethod
    def _found(model: Any, key: Any, wanted: dict[str, int]) -> dict[str, int]:
        rows = db.session.execute(sa.select(key, model.id).where(key.in_(list(wanted))))
        return {str(name): int(id) for name, id in rows}

    def _person(self, number: int) -> int:
        return self._people[f"{self.frame.prefix}:u:{number}"]

    def _organisation(self, number: int, speaks: bool) -> int | None:
        return self._organisations[f"{self.frame.process.slug}-{number}"[:80]] if speaks else None

    def _new_threads(self, fresh: Sequence[ProposalRecord]) -> list[int]:
        rows = [{"activity_id": self.frame.call.id, "label": Localized.of(r.title[:200]), "path": "", "locked": True}
                for r in fresh]
        ids = list(db.session.scalars(sa.insert(Thread).returning(Thread.id, sort_by_parameter_order=True), rows))
        self._threads.update({r.id: ids[i] for i, r in enumerate(fresh)})
        return ids

    @staticmethod
    def _new_contributions(rows: list[dict[str, Any]]) -> list[int]:
        into = table(Contribution)
        made = sa.insert(into).returning(into.c.id, sort_by_parameter_order=True)
        return list(db.session.scalars(made, rows))

    def _row(self, kind: str, code: int, number: int, **values: Any) -> dict[str, Any]:
        created: datetime = values["created_at"].astimezone(UTC)
        state = State.HIDDEN if values.pop("hidden") else State.PUBLISHED
        return {
            "kind": kind, "code": f"{self.frame.process.code}-{contributions.LETTERS[kind]}-{code:04}",
            "activity_id": self.frame.call.id, "state": state, "language": self.language, "version": 1,
            "support_count": 0, "comment_count": 0, "flag_count": 0, "source": self._source(kind[0], number),
            **values, "created_at": created, "published_at": created if state is State.PUBLISHED else None}

    def _proposal_row(self, record: ProposalRecord, code: int, thread: int) -> dict[str, Any]:
        return self._row(
            "proposal", code, record.id, author_id=self._person(record.author), about_id=None, thread_id=thread,
            organisation_id=self._organisation(record.author, record.source == "organization"),
            municipality_id=self.frame.districts[record.district[0]] if record.district else None,
            channel=Channel.ASSEMBLY if record.source == "meeting" else Channel.IMPORTED,
            created_at=record.created_at, hidden=record.hidden)

    def _comment_row(self, record: CommentRecord, code: int) -> dict[str, Any]:
        return self._row(
            "comment", code, record.id, author_id=self._person(record.author),
            thread_id=self._threads[record.proposal], municipality_id=None, channel=Channel.IMPORTED,
            organisation_id=self._organisation(record.author, record.for_organisation),
            about_id=self._ids[record.answers] if record.answers is not None else None,
            created_at=record.created_at, hidden=record.hidden)

    def _proposal_text(self, record: ProposalRecord, id: int) -> dict[str, Any]:
        title, body = record.title, record.body
        if len(title) > LONGEST_TITLE:  # nothing is lost: the whole title opens the text
            self.shortened += 1
            title, body = title[:LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…", f"{title}\n\n{body}"
        return {"id": id, "title": title, "slug": richtext.slug(record.title), "body": body,
                "body_html": richtext.render(body), "summary": richtext.excerpt(body),
                "axis_id": self.frame.axes[record.axis[0]], "submitted_at": record.created_at}

    def _outcomes(self, fresh: Sequence[ProposalRecord], ids: list[int]) -> None:
        tallies = [{"contribution_id": ids[i], "channel": Channel.IMPORTED, "count": r.supports,
                    "municipality_id": self.frame.districts[r.district[0]] if r.district else 0}
                   for i, r in enumerate(fresh) if r.supports]
        if tallies:
            db.session.execute(sa.insert(SupportTally), tallies)
        on = self.frame.call.closes_at.date()
        db.session.execute(sa.insert(Outcome), [
            {"contribution_id": ids[i], "verdict": Verdict.ACCEPTED if r.accepted else Verdict.NOT_ACCEPTED,
             "reasons": REASONS.format(state="accettata" if r.accepted else "respinta"), "proposed_on": on,
             "decided_by": self.frame.process.authority.name, "decided_on": on, "version": 1,
             "updated_at": clock.now()}
            for i, r in enumerate(fresh)])
