"""Remarks: one, those of an edition or a paragraph, those without a place, and all of them with their answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names, whole_activity
from consult.core import diff, paging
from consult.core.db import db
from consult.core.diff import Piece
from consult.editions import queries as editions
from consult.editions import snapshot
from consult.editions.models import PlanEdition
from consult.planning.models import DraftConsultation, Plan
from consult.planning.said import Voice
from consult.remarks.models import Placing, Remark, RemarkPlace, Wish
from consult.results import queries as results
from consult.results.models import Outcome, Verdict

PUBLIC = Contribution.state == State.PUBLISHED


@dataclass(frozen=True)
class Wanted:
    """Which remarks are asked for."""

    paragraph: int | None = None
    wish: Wish | None = None
    verdict: Verdict | None = None
    unanswered: bool = False
    text: str = ""


def remark(id: int) -> Remark | None:
    """A remark with its edition and all that decides what may be done with it."""
    found = db.session.scalars(sa.select(Remark).where(Remark.id == id).options(
        *by_names(), joinedload(Remark.edition).options(undefer(PlanEdition.content), joinedload(PlanEdition.plan)),
        joinedload(Remark.thread), *whole_activity(Remark.activity.of_type(DraftConsultation)))).unique().first()
    if found is not None and found.thread is not None:
        set_committed_value(found.thread, "discussed", found)
    return found


def judged(remark: Remark) -> bool:
    """Whether an outcome was proposed."""
    return results.outcome_of(remark) is not None


def listed(edition: PlanEdition, wanted: Wanted, after: str | None) -> paging.Page:
    """What is public of what was said of an edition, the latest first."""
    rows = sa.select(Remark).where(Remark.edition_id == edition.id, PUBLIC)
    if wanted.paragraph is not None:
        rows = rows.where(Remark.paragraph == wanted.paragraph)
    if wanted.wish is not None:
        rows = rows.where(Remark.wish == wanted.wish)
    if wanted.text:
        like = f"%{wanted.text.replace('%', '').replace('_', '')}%"
        rows = rows.where(sa.or_(Remark.body.ilike(like), Remark.wording.ilike(like), Remark.quote.ilike(like),
                                 Contribution.code.ilike(like)))
    answered = sa.select(Outcome.contribution_id)
    if wanted.unanswered:
        rows = rows.where(Contribution.id.not_in(answered))
    elif wanted.verdict is not None:
        rows = rows.where(Contribution.id.in_(answered.where(Outcome.verdict == wanted.verdict)))
    return paging.page(rows.options(*by_names(), joinedload(Remark.thread)),
                       [paging.Order(Contribution.id, descending=True)], after=after)


def counted(edition: PlanEdition) -> dict[int, int]:
    """How many public remarks stand at each paragraph of an edition: made on it, or carried to it."""
    made = (sa.select(Remark.paragraph.label("paragraph"), sa.func.count().label("many"))
            .where(Remark.edition_id == edition.id, PUBLIC).group_by(Remark.paragraph))
    carried = (sa.select(RemarkPlace.paragraph, sa.func.count())
               .join(Contribution, Contribution.id == RemarkPlace.remark_id)
               .where(RemarkPlace.edition_id == edition.id, RemarkPlace.paragraph.is_not(None), PUBLIC)
               .group_by(RemarkPlace.paragraph))
    found: dict[int, int] = {}
    rows: Sequence[Any] = db.session.execute(sa.union_all(made, carried)).all()
    for paragraph, many in rows:
        found[paragraph] = found.get(paragraph, 0) + many
    return found


def at_paragraph(edition: PlanEdition, paragraph: int) -> Sequence[Remark]:
    """Public remarks made on earlier editions that were carried to a paragraph of this one."""
    return db.session.scalars(
        sa.select(Remark).join(RemarkPlace, RemarkPlace.remark_id == Remark.id)
        .where(RemarkPlace.edition_id == edition.id, RemarkPlace.paragraph == paragraph, PUBLIC)
        .options(*by_names(), joinedload(Remark.thread)).order_by(Contribution.id)).all()


def on_paragraph(id: int, how_many: int) -> Sequence[Remark]:
    """What is public of what was said of a paragraph, in whatever edition, the latest first."""
    return db.session.scalars(sa.select(Remark).where(Remark.paragraph == id, PUBLIC)
                              .order_by(Contribution.id.desc()).limit(how_many)).all()


def editions_after(edition: PlanEdition) -> Sequence[PlanEdition]:
    """Those that were kept later."""
    return db.session.scalars(sa.select(PlanEdition).where(
        PlanEdition.plan_id == edition.plan_id, PlanEdition.number > edition.number).options(
        undefer(PlanEdition.content)).order_by(PlanEdition.number)).all()


def to_carry(edition: PlanEdition) -> list[tuple[Remark, RemarkPlace | None]]:
    """What was said of the editions before one and has no place in it yet; with the last place found by hand."""
    whole = joinedload(Remark.edition).undefer(PlanEdition.content)
    there = sa.select(RemarkPlace.remark_id).where(RemarkPlace.edition_id == edition.id)
    remarks = db.session.scalars(
        sa.select(Remark).join(PlanEdition, PlanEdition.id == Remark.edition_id)
        .where(PlanEdition.plan_id == edition.plan_id, PlanEdition.number < edition.number,
               Remark.id.not_in(there)).options(whole).order_by(Remark.id)).all()
    by_hand = {place.remark_id: place for place in db.session.scalars(
        sa.select(RemarkPlace).join(PlanEdition, PlanEdition.id == RemarkPlace.edition_id)
        .where(PlanEdition.plan_id == edition.plan_id, PlanEdition.number < edition.number,
               RemarkPlace.how == Placing.BY_HAND)
        .options(joinedload(RemarkPlace.edition).undefer(PlanEdition.content)).order_by(PlanEdition.number))}
    return [(remark, by_hand.get(remark.id)) for remark in remarks]


def places_of(remark: Remark) -> Sequence[RemarkPlace]:
    """Where a remark stands in later editions, in their order."""
    return db.session.scalars(
        sa.select(RemarkPlace).join(PlanEdition, PlanEdition.id == RemarkPlace.edition_id)
        .where(RemarkPlace.remark_id == remark.id)
        .options(joinedload(RemarkPlace.edition), joinedload(RemarkPlace.placed_by)).order_by(PlanEdition.number)).all()


def orphans(edition: PlanEdition) -> Sequence[RemarkPlace]:
    """What has no place in an edition, but what was taken back."""
    return db.session.scalars(
        sa.select(RemarkPlace).join(Remark, Remark.id == RemarkPlace.remark_id)
        .where(RemarkPlace.edition_id == edition.id, RemarkPlace.how == Placing.ORPHAN,
               Contribution.state != State.WITHDRAWN)
        .options(joinedload(RemarkPlace.remark).joinedload(Remark.edition)).order_by(RemarkPlace.id)).all()


def placed_by_hand(edition: PlanEdition) -> Sequence[RemarkPlace]:
    """What the office has found a place for in an edition."""
    return db.session.scalars(
        sa.select(RemarkPlace).where(RemarkPlace.edition_id == edition.id, RemarkPlace.how == Placing.BY_HAND)
        .options(joinedload(RemarkPlace.remark), joinedload(RemarkPlace.placed_by)).order_by(RemarkPlace.id)).all()


def place(id: int) -> RemarkPlace | None:
    """A place, or the want of one, with its remark and edition."""
    return db.session.scalar(sa.select(RemarkPlace).where(RemarkPlace.id == id).options(
        joinedload(RemarkPlace.remark).joinedload(Remark.edition),
        joinedload(RemarkPlace.edition).options(undefer(PlanEdition.content), joinedload(PlanEdition.plan))))


@dataclass(frozen=True)
class Response:
    """A remark with its answer, as the response document tells it."""

    code: str
    edition: str
    cited: str
    """The number of the paragraph in the edition on which it was made."""
    quote: str
    wish: Wish
    wording: str
    text: str
    """In Markdown; where a moderator has blacked out words, they are not in it."""
    voice: Voice
    verdict: Verdict | None
    reasons: str
    decided: bool
    decision: str
    decided_on: date | None
    place: RemarkPlace | None
    """Where it stands in the latest edition; none where there is no later one."""
    change: Sequence[Piece]
    """What changed in its paragraph from the one to the other; nothing where nothing did, or where it has no place."""


def response(plan: Plan) -> list[Response]:
    """Every public remark on the plan with its answer, in the order of the text, in seven queries however many."""
    remarks = db.session.scalars(
        sa.select(Remark).join(PlanEdition, PlanEdition.id == Remark.edition_id)
        .where(PlanEdition.plan_id == plan.id, PUBLIC).options(*by_names(), joinedload(Remark.edition))).all()
    outcomes = results.outcomes_for(one.id for one in remarks)
    latest = editions.latest(plan)
    places = {one.remark_id: one for one in db.session.scalars(
        sa.select(RemarkPlace).where(RemarkPlace.edition_id == (latest.id if latest else 0)))}
    texts = _texts({one.edition_id for one in remarks} | ({latest.id} if latest else set()))
    told = [_response(one, outcomes.get(one.id), places.get(one.id), texts) for one in remarks]
    return sorted(told, key=lambda one: ([int(part) for part in one.cited.split(".") if part.isdecimal()], one.code))


def _texts(edition_ids: Iterable[int]) -> dict[tuple[int, int], str]:
    """The paragraphs of some editions, by edition and paragraph."""
    rows = db.session.execute(sa.select(PlanEdition.id, PlanEdition.content).where(
        PlanEdition.id.in_(list(edition_ids))))
    return {(id, node.id): node.plain for id, content in rows
            for node in snapshot.paragraphs(snapshot.from_json(content))}


def _response(one: Remark, outcome: Outcome | None, place: RemarkPlace | None,
              texts: dict[tuple[int, int], str]) -> Response:
    before = texts.get((one.edition_id, one.paragraph), "")
    after = texts.get((place.edition_id, place.paragraph), "") if place and place.paragraph else before
    return Response(
        code=one.code, edition=one.edition.name, cited=one.cited, quote=one.quote, wish=one.wish, wording=one.wording,
        text=one.body, voice=Voice(one.organisation.name if one.organisation else None,
                                   one.municipality.name if one.municipality else None),
        verdict=outcome.verdict if outcome else None, reasons=outcome.reasons if outcome else "",
        decided=bool(outcome and outcome.decided), decision=outcome.decision if outcome else "",
        decided_on=outcome.decided_on if outcome else None, place=place,
        change=diff.pieces(before, after) if before != after else [])
