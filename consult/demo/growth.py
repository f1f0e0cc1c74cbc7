"""Large made-up data for measurements: people, proposals, comments, supports and submissions in batches."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person, Role, RoleGrant, Verification, VerificationMethod
from consult.comments import quoting
from consult.comments.models import Agreement, Comment, Stance
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, Flag, FlagReason, State, Thread
from consult.core import clock, richtext
from consult.core.db import db
from consult.demo import bulk, draws, words
from consult.moderation import record
from consult.moderation.matters import Passage, snapshot_of
from consult.moderation.models import Act, Decision, Origin, Reason
from consult.moderation.words import STANDARD
from consult.processes.models import Axis, Channel
from consult.proposals.models import Proposal, ProposalCall, slug_of
from consult.territory.models import Municipality
from consult.voting.models import Support

BATCH = 5000
CROWD = (Person.email.is_(None), Person.closed_at.is_(None), Person.source.is_(None))
"""Those who may be made to write: nobody's accounts, and nobody who was imported."""
STATES = (State.PUBLISHED, State.PENDING, State.HIDDEN, State.WITHDRAWN)
HOW_OFTEN = (0.965, 0.02, 0.01, 0.005)
STANCES = (Stance.FAVOURABLE, Stance.NEUTRAL, Stance.AGAINST, Stance.QUESTION)
REPLIES, QUOTING, FLAGGED, VERIFIED = 0.28, 0.2, 0.003, 0.5
NOTE = "Così com’è non può stare in pubblico."
"""What the author of a hidden text was told."""
RECENT = 30
"""Replies go to one of the latest comments of a thread."""
HOTTEST = 0.3
"""The share of the comments that go to the proposal discussed most."""
AGREEING = 0.8
"""The share of those who say something to a comment with a click that agree with it."""


@dataclass(frozen=True)
class Inhabitant:
    id: int
    municipality_id: int | None
    verified: bool


@dataclass
class Target:
    """A proposal that is discussed and supported."""

    id: int
    thread_id: int
    axis_id: int | None
    since: datetime
    theme: words.Theme | None = None


@dataclass(frozen=True)
class Spoken:
    """A comment or a reply that can be answered: `root_id` is the comment of the first level it belongs to."""

    id: int
    root_id: int
    body: str


class Growth:
    """What one run adds to a call; each step writes in batches, and whoever calls keeps them one by one."""

    def __init__(self, call: ProposalCall, seed: str) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - made-up texts, no secrets
        self.call_id = call.id
        self.begins, self.ends = call.opens_at, clock.now()
        axes = db.session.execute(sa.select(Axis.code, Axis.id).where(Axis.process_id == call.process_id))
        self.axes = {code: id for code, id in axes}  # noqa: C416 - a result has keys, which dict() would ask for
        towns = db.session.execute(sa.select(Municipality.id, Municipality.population).order_by(Municipality.id)).all()
        self.towns, self.weights = [town.id for town in towns], [town.population + 1 for town in towns]
        self.moderator_id = db.session.scalar(
            sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.MODERATOR).order_by(RoleGrant.id).limit(1))
        self.themes: dict[int, words.Theme] = {}
        self.crowd: list[Inhabitant] = []

    def people(self, how_many: int) -> Iterator[int]:
        """Confirmed people without an e-mail, half of them verified."""
        for size in _batches(how_many):
            rows = [{"id": id, "display_name": words.short_name(self.rng), "municipality_id": town, "title": "",
                     "language": "it", "created_at": self.begins, "confirmed_at": self.begins}
                    for id, town in zip(bulk.take_ids(Person, size),
                                        self.rng.choices(self.towns, self.weights, k=size), strict=True)]
            bulk.write(Person, rows)
            bulk.write(Verification, [
                {"person_id": row["id"], "method": VerificationMethod.CODE, "municipality_id": row["municipality_id"],
                 "age_band": "", "created_at": self.begins} for row in rows if self.rng.random() < VERIFIED])
            yield size

    def proposals(self, how_many: int) -> Iterator[int]:
        """Proposals of everybody on every theme, most of them public."""
        self.crowd = _inhabitants()
        for size in _batches(how_many, 1000):
            ids, threads = bulk.take_ids(Contribution, size), bulk.take_ids(Thread, size)
            made = [self._proposal(author, id, thread, code) for author, id, thread, code in zip(
                self._active(size), ids, threads, self._codes("proposal", size), strict=True)]
            bulk.write(Thread, [thread for _common, _own, thread in made])
            self._write(Proposal, [common for common, _own, _thread in made], [own for _common, own, _thread in made])
            yield size

    def _proposal(self, author: Inhabitant, id: int, thread_id: int, code: str) -> tuple[dict[str, Any], ...]:
        theme = self.rng.choice(words.THEMES)
        self.themes[id] = theme
        said = theme.proposal(self.rng)
        slug = slug_of(said.title)
        at = self.begins + (self.ends - self.begins) * self.rng.random() * 0.6
        own = {"id": id, "title": said.title, "slug": slug, "body": said.body, "body_html": words.html(said.body),
               "summary": richtext.excerpt(said.body), "axis_id": self.axes.get(theme.axis), "submitted_at": at}
        thread = {"id": thread_id, "activity_id": self.call_id, "label": {"it": said.title}, "locked": False,
                  "path": f"/proposte/{id}-{slug}"}
        return self._common("proposal", id, code, author, thread_id, at), own, thread

    def comments(self, how_many: int) -> Iterator[int]:
        """Comments, replies and agreements on the public proposals: one is discussed most, most of them little."""
        targets, self.crowd = self._targets(), _inhabitants()
        order = draws.deck(draws.shares(how_many, self._discussed(len(targets))), self.rng)
        recent: list[list[Spoken]] = [[] for _ in targets]
        for start in range(0, how_many, BATCH):
            part = order[start:start + BATCH]
            common, own = [], []
            for number, (which, id, author, code) in enumerate(zip(
                    part, bulk.take_ids(Contribution, len(part)), self._active(len(part)),
                    self._codes("comment", len(part)), strict=True)):
                target = targets[which]
                at = self.begins + (self.ends - self.begins) * ((start + number + self.rng.random()) / how_many)
                about = self.rng.choice(recent[which]) if recent[which] and self.rng.random() < REPLIES else None
                row = self._common("comment", id, code, author, target.thread_id, max(at, target.since),
                                   about.root_id if about else None)
                comment = self._comment(id, self._theme(target), about)
                if row["state"] is State.PUBLISHED:
                    said = Spoken(id, about.root_id if about else id, comment["body"])
                    recent[which] = [*recent[which][1 - RECENT:], said]
                common.append(row)
                own.append(comment)
            agreements = self._agreements(common)
            self._write(Comment, common, own)
            bulk.write(Agreement, agreements)
            yield len(part)

    def _comment(self, id: int, theme: words.Theme, about: Spoken | None) -> dict[str, Any]:
        stance = None if about else self.rng.choices(STANCES, (55, 18, 15, 12))[0]
        body = theme.comment(self.rng, stance) if stance else theme.reply(self.rng)
        quoted = about if about and self.rng.random() < QUOTING else None
        return {"id": id, "body": body, "body_html": words.html(body), "stance": stance, "official": False,
                "quoted_id": quoted.id if quoted else None,
                "quote": quoting.beginning(quoted.body) if quoted else ""}

    def _agreements(self, comments: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What people say to comments with a click, most of them to few; the comments count it."""
        rows: list[dict[str, Any]] = []
        for comment in comments:
            how_many = int(self.rng.paretovariate(2)) - 1 if comment["state"] is State.PUBLISHED else 0
            said = [{"comment_id": comment["id"], "person_id": one.id, "agrees": self.rng.random() < AGREEING,
                     "given_at": comment["created_at"] + (self.ends - comment["created_at"]) * self.rng.random()}
                    for one in self.rng.sample(self.crowd, min(how_many, len(self.crowd)))]
            comment["agree_count"] = sum(row["agrees"] for row in said)
            comment["disagree_count"] = len(said) - comment["agree_count"]
            rows += said
        return rows

    def supports(self, how_many: int) -> Iterator[int]:
        """Supports of different people for the public proposals, by the same fame as comments."""
        targets, people = self._targets(), _inhabitants()
        given: dict[int, set[int]] = {target.id: set() for target in targets}
        for contribution_id, person_id in db.session.execute(
                sa.select(Support.contribution_id, Support.person_id).where(Support.contribution_id.in_(given))):
            given[contribution_id].add(person_id)
        rows: list[dict[str, Any]] = []
        room = [len(people) - len(already) for already in given.values()]
        for target, share in zip(targets, self._shares(how_many, room), strict=True):
            drawn = self.rng.sample(people, min(len(people), share + len(given[target.id])))
            rows += [self._support(target, one) for one in
                     [one for one in drawn if one.id not in given[target.id]][:share]]
            if len(rows) >= BATCH:
                yield self._supported(rows)
        yield self._supported(rows)

    def _support(self, target: Target, one: Inhabitant) -> dict[str, Any]:
        return {"contribution_id": target.id, "person_id": one.id, "municipality_id": one.municipality_id,
                "verified": one.verified, "given_at": target.since + (self.ends - target.since) * self.rng.random()}

    def _supported(self, rows: list[dict[str, Any]]) -> int:
        bulk.write(Support, rows)
        written = len(rows)
        rows.clear()
        return written

    def _shares(self, total: int, room: list[int]) -> list[int]:
        """Shares by fame, none larger than its room: what is over goes to the first that have some left."""
        shares = draws.shares(total, self._fame(len(room))) if room else []
        over = sum(max(0, share - most) for share, most in zip(shares, room, strict=True))
        for index, most in enumerate(room):
            more = min(over, max(0, most - shares[index]))
            shares[index], over = min(shares[index], most) + more, over - more
        return shares

    def _fame(self, how_many: int) -> list[float]:
        ranks = list(range(how_many))
        self.rng.shuffle(ranks)
        return [1 / (rank + 3) ** 0.9 for rank in ranks]

    def _discussed(self, how_many: int) -> list[float]:
        """As fame is spread, but for the hottest thread."""
        weights = self._fame(how_many)
        most = max(range(how_many), key=weights.__getitem__, default=0)
        if how_many > 1:
            weights[most] = (sum(weights) - weights[most]) * HOTTEST / (1 - HOTTEST)
        return weights

    def _codes(self, kind: str, how_many: int) -> list[str]:
        call = db.session.get_one(ProposalCall, self.call_id)
        stem, _dash, first = contributions.next_code(call, kind, how_many).rpartition("-")
        return [f"{stem}-{int(first) + number:04}" for number in range(how_many)]

    def _active(self, how_many: int) -> list[Inhabitant]:
        """Some people write often, many once."""
        return [self.crowd[int(len(self.crowd) * self.rng.random() ** 2)] for _ in range(how_many)]

    def _targets(self) -> list[Target]:
        rows = db.session.execute(
            sa.select(Proposal.id, Proposal.thread_id, Proposal.axis_id, Proposal.created_at)
            .where(Contribution.activity_id == self.call_id, Contribution.state == State.PUBLISHED,
                   Proposal.replaced_at.is_(None))
            .order_by(Proposal.id))
        return [Target(id, thread_id, axis_id, since) for id, thread_id, axis_id, since in rows if thread_id]

    def _theme(self, target: Target) -> words.Theme:
        if target.theme is None:
            near = [theme for theme in words.THEMES if self.axes.get(theme.axis) == target.axis_id]
            target.theme = self.themes.get(target.id) or self.rng.choice(near or words.THEMES)
        return target.theme

    def _common(self, kind: str, id: int, code: str, author: Inhabitant, thread_id: int, at: datetime,
                about_id: int | None = None) -> dict[str, Any]:
        state = self.rng.choices(STATES, HOW_OFTEN)[0]
        flagged = state is State.PUBLISHED and self.rng.random() < FLAGGED
        return {"id": id, "kind": kind, "code": code, "activity_id": self.call_id, "author_id": author.id,
                "organisation_id": None, "municipality_id": author.municipality_id, "about_id": about_id,
                "thread_id": thread_id, "state": state, "language": "it", "channel": Channel.ONLINE,
                "flag_count": int(flagged), "created_at": at,
                "published_at": at if state in (State.PUBLISHED, State.HIDDEN) else None}

    def _write(self, model: Any, common: list[dict[str, Any]], own: list[dict[str, Any]]) -> None:
        bulk.write(Contribution, common)
        bulk.write(model, own)
        bulk.write(Flag, [
            {"contribution_id": row["id"], "person_id": self.rng.choice(self.crowd).id,
             "reason": self.rng.choice(list(FlagReason)), "created_at": row["created_at"] + timedelta(hours=2)}
            for row in common if row["flag_count"]])
        texts = {row["id"]: snapshot_of(Passage(name, row[name]) for name in model.texts if name in row) for row in own}
        self._record([
            {"subject": f"contribution:{row['id']}", "kind": row["kind"], "contribution_id": row["id"],
             "activity_id": row["activity_id"], "moderator_id": self.moderator_id, "role": Role.MODERATOR,
             "act": Act.HIDE, "version_seen": 1, "reason": self.rng.choice(list(Reason)).value, "note": NOTE,
             "rule_version": STANDARD, "origin": Origin.OWN, "snapshot": texts[row["id"]],
             "details": {"before": State.PUBLISHED.value}, "decided_at": row["created_at"] + timedelta(hours=5)}
            for row in common if row["state"] is State.HIDDEN and self.moderator_id])

    def _record(self, decisions: list[dict[str, Any]]) -> None:
        """Decisions follow each other in the record, also those made up."""
        size, digest = record.length()
        rows = list(record.chained(decisions, size, digest))
        bulk.write(Decision, rows)
        if rows:
            record.end_at(size + len(rows), rows[-1]["digest"])


def _inhabitants() -> list[Inhabitant]:
    verified = sa.exists().where(Verification.person_id == Person.id)
    rows = db.session.execute(
        sa.select(Person.id, Person.municipality_id, verified)
        .where(*CROWD).order_by(Person.id))
    return [Inhabitant(*row) for row in rows]


def _batches(how_many: int, size: int = BATCH) -> Iterator[int]:
    for start in range(0, how_many, size):
        yield min(size, how_many - start)
