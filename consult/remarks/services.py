"""Speaking about a passage of the draft, and finding it again in the next text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.contributions import services as contributions
from consult.contributions.models import State, Thread
from consult.core import clock, events, richtext
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.editions import snapshot
from consult.editions.models import PlanEdition
from consult.editions.snapshot import Node
from consult.remarks import anchoring, queries
from consult.remarks.anchoring import Anchor, Passage, Text
from consult.remarks.models import Placing, Remark, RemarkPlace, Wish
from consult.remarks.passages import Chosen, Spot, around


@dataclass(frozen=True, kw_only=True)
class RemarkMade(events.Event):
    remark_id: int
    edition_id: int


@dataclass(frozen=True, kw_only=True)
class RemarkWithdrawn(events.Event):
    remark_id: int


@dataclass(frozen=True, kw_only=True)
class RemarkPlaced(events.Event):
    """Somebody of the office found a place for what had none."""

    remark_id: int
    edition_id: int
    paragraph: int


def write(spot: Spot, author: Person, chosen: Chosen, *, wish: Wish, wording: str, body: str,
          organisation: Organisation | None = None, language: str = "it") -> Remark:
    """Say something of a passage, or how it should be; it waits for a moderator where the consultation asks for it.

    Raises MandateError where the author does not speak for the organisation.
    """
    text = spot.paragraph.plain
    prefix, suffix = around(text, chosen)
    consultation = spot.consultation
    remark = Remark(
        code=contributions.next_code(consultation, "remark"), activity=consultation, author=author,
        municipality_id=author.residence_id, language=language, edition=spot.edition, paragraph=spot.paragraph.id,
        cited=spot.cited, whole=chosen.whole, quote=text[chosen.starts_at:chosen.ends_at], prefix=prefix,
        suffix=suffix, starts_at=chosen.starts_at, ends_at=chosen.ends_at, wish=wish,
        wording=wording if wish in (Wish.REPLACE, Wish.INSERT) else "", body=body, body_html=richtext.render(body))
    remark.thread = Thread(activity=consultation, label=Localized.of(remark.code))
    contributions.sign(remark, author, organisation)
    contributions.begin(remark, contributions.first_state(consultation))
    remark.thread.path = f"/osservazioni/{remark.id}"
    db.session.flush()
    events.record(RemarkMade(actor_id=author.id, remark_id=remark.id, edition_id=spot.edition.id))
    for later in queries.editions_after(spot.edition):
        carry(later)
    return remark


def withdraw(remark: Remark, actor: Person) -> None:
    """Take back what was said. Raises PassageError where it can no longer be."""
    contributions.change_state(remark, State.WITHDRAWN, actor)
    events.record(RemarkWithdrawn(actor_id=actor.id, remark_id=remark.id))


def carry(edition: PlanEdition) -> int:
    """Find a place in an edition for all that was said of those before it; answers how many have none.

    What cannot be placed with certainty is an orphan. What has a place in it already keeps it.
    """
    there = snapshot.from_json(edition.content)
    after, cited = _text(there), snapshot.numbers(there)
    texts: dict[int, Text] = {}
    orphans = 0
    for remark, by_hand in queries.to_carry(edition):
        source = by_hand.edition if by_hand else remark.edition
        if source.id not in texts:
            texts[source.id] = _text(snapshot.from_json(source.content))
        place = _place(remark, edition, anchoring.place(_anchor(remark, by_hand), texts[source.id], after), cited)
        orphans += place.how is Placing.ORPHAN
        db.session.add(place)
    db.session.flush()
    return orphans


def _text(plan: Node) -> Text:
    return Text(Passage(node.id, node.plain) for node in snapshot.paragraphs(plan))


def _anchor(remark: Remark, by_hand: RemarkPlace | None) -> Anchor:
    if by_hand is not None and by_hand.paragraph is not None:
        return Anchor(by_hand.paragraph, by_hand.starts_at or 0, by_hand.ends_at or 0, whole=True)
    return Anchor(remark.paragraph, remark.starts_at, remark.ends_at, remark.whole)


def _place(remark: Remark, edition: PlanEdition, placed: anchoring.Placed | None,
           cited: Mapping[str, str]) -> RemarkPlace:
    if placed is None:
        return RemarkPlace(remark=remark, edition=edition, how=Placing.ORPHAN)
    return RemarkPlace(
        remark=remark, edition=edition, how=Placing.SAME if placed.same else Placing.FOUND,
        paragraph=placed.paragraph, cited=cited.get(f"paragraph:{placed.paragraph}", ""), starts_at=placed.start,
        ends_at=placed.end, likeness=round(placed.likeness * 100))


def place_by_hand(place: RemarkPlace, actor: Person, paragraph: Node, cited: str) -> None:
    """Say in which paragraph an orphan belongs. Raises StaleVersionError where somebody was faster."""
    db.session.refresh(place, ["how"], with_for_update=True)
    if place.how is not Placing.ORPHAN:
        raise StaleVersionError(0)
    place.how, place.paragraph, place.cited = Placing.BY_HAND, paragraph.id, cited
    place.starts_at, place.ends_at, place.placed_at, place.placed_by = 0, len(paragraph.plain), clock.now(), actor
    db.session.flush()
    events.record(RemarkPlaced(actor_id=actor.id, remark_id=place.remark_id, edition_id=place.edition_id,
                               paragraph=paragraph.id))


def paragraphs_of(edition: PlanEdition) -> Sequence[tuple[Node, str]]:
    """The paragraphs of an edition with the numbers under which they are cited."""
    plan = snapshot.from_json(edition.content)
    cited = snapshot.numbers(plan)
    return [(node, cited[node.key]) for node in snapshot.paragraphs(plan)]


def forget(remarks: sa.Select[Remark]) -> None:
    """Leave nothing of the words of these remarks but the code, under which others may have cited them."""
    for remark in db.session.scalars(remarks).all():
        remark.wish, remark.wording, remark.body, remark.body_html = Wish.REMARK, "", "", ""
    db.session.flush()
