"""Blacking out passages and bringing them back, in the text and in whatever repeats it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import events, richtext
from consult.core.db import db
from consult.moderation.acts import RefusedError
from consult.moderation.matters import Matter, Passage
from consult.moderation.models import Decision
from consult.moderation.services import TooLateError
from consult.redactions import copies, queries
from consult.redactions.models import CoveredCopy, Redaction
from consult.redactions.passages import MARK, Place, filled, marked


@dataclass(frozen=True, kw_only=True)
class PassagesRead(events.Event):
    """A moderator has opened words that are blacked out."""

    subject: str


def cover(matter: Matter, decision: Decision, places: Sequence[Place], moderator: Person) -> None:
    """Put marks where these words stand, and keep the words. Raises RefusedError where they no longer stand there."""
    passages = matter.passages()
    texts = {passage.field: passage.text for passage in passages}
    if any(MARK[0] in texts.get(place.field, "")[place.start:place.end] for place in places):
        raise RefusedError(_l("A part of the passage is blacked out already: choose what stands before or after it."))
    if not places or any(place.end > len(texts.get(place.field, "")) or place.length < 1 for place in places):
        raise RefusedError(_l("The passage no longer stands there: look at the text again."))
    before, after = _html(matter), marked(passages, places)
    _make_room(matter, texts, places)
    counts = {passage.field: passage.text.count(MARK) for passage in after}
    for place in places:
        text = texts[place.field]
        db.session.add(Redaction(
            subject=matter.subject, contribution_id=matter.contribution_id, decision_id=decision.id,
            field=place.field, words=text[place.start:place.end], marks=counts[place.field],
            place=text[:place.start].count(MARK) + sum(
                other.field == place.field and other.start < place.start for other in places)))
    _rewrite(matter, after, moderator, decision)
    if isinstance(matter.thing, Contribution):
        copies.cover(matter.thing, matter.subject, before)


def _make_room(matter: Matter, texts: dict[str, str], places: Iterable[Place]) -> None:
    """What is blacked out already stands after as many marks more as are put before it."""
    for one in queries.standing(matter.subject):
        text = texts.get(one.field, "")
        new = [place for place in places if place.field == one.field]
        if text.count(MARK) != one.marks:
            one.lost = True
        elif new:
            starts = _starts(text)
            one.place += sum(place.start < starts[one.place] for place in new)
            one.marks += len(new)


def _starts(text: str) -> list[int]:
    found, at = [], text.find(MARK)
    while at >= 0:
        found.append(at)
        at = text.find(MARK, at + len(MARK))
    return found


def uncover(matter: Matter, wanted: Sequence[Redaction], moderator: Person, decision: Decision) -> None:
    """Put these words back where they stood. Raises RefusedError where nobody can tell any more where that is."""
    texts = {passage.field: passage.text for passage in matter.passages()}
    if not wanted or any(not one.words or texts.get(one.field, "").count(MARK) != one.marks for one in wanted):
        raise RefusedError(_l("Its author has changed the text since: nobody can tell where the words stood. Ask the "
                              "author to write them again."))
    filling = Counter[str]()
    for one in sorted(wanted, key=lambda each: each.place):
        nth = one.place - filling[one.field]
        one.start, one.uncovered_by_id = _starts(texts[one.field])[nth], decision.id
        texts[one.field] = filled(texts[one.field], nth, one.words)
        filling[one.field] += 1
    db.session.flush()
    for other in queries.standing(matter.subject):
        other.place -= sum(one.field == other.field and one.place < other.place for one in wanted)
        other.marks -= filling[other.field]
    _rewrite(matter, [Passage(name, text) for name, text in texts.items()], moderator, decision)
    if isinstance(matter.thing, Contribution):
        copies.follow(matter.thing, matter.subject)


def cover_again(matter: Matter, decision: Decision, moderator: Person) -> None:
    """Black out anew what a decision had brought back, within the seconds in which that can be undone."""
    again, standing = queries.uncovered_by(decision.id), queries.standing(matter.subject)
    texts, before = {passage.field: passage.text for passage in matter.passages()}, _html(matter)
    for one in sorted(again, key=lambda each: each.start or 0, reverse=True):
        start, text = one.start or 0, texts[one.field]
        if text[start:start + len(one.words)] != one.words:
            raise TooLateError(decision.id)
        texts[one.field] = text[:start] + MARK + text[start + len(one.words):]
        one.start = one.uncovered_by_id = None
    for other in standing:
        for one in sorted(again, key=lambda each: each.place):
            if one.field == other.field:
                other.place += one.place <= other.place
                other.marks += 1
    _rewrite(matter, [Passage(name, text) for name, text in texts.items()], moderator, decision)
    if isinstance(matter.thing, Contribution):
        copies.cover(matter.thing, matter.subject, before)


def forget(matter: Matter, decision: Decision, moderator: Person) -> None:
    """Take back, within seconds, all that a decision has blacked out: as if it had never been."""
    made = queries.made_by(decision.id)
    try:
        uncover(matter, made, moderator, decision)
    except RefusedError as changed:
        raise TooLateError(decision.id) from changed
    for one in made:
        db.session.delete(one)
    db.session.flush()


def note_reading(matter: Matter, moderator: Person) -> Sequence[Redaction]:
    """The words that are blacked out, for a moderator: that they were opened is noted."""
    events.record(PassagesRead(actor_id=moderator.id, subject=matter.subject))
    return queries.standing(matter.subject)


def forget_words(contribution_ids: sa.Select[int]) -> None:
    """The words go with whoever wrote them, and what copies of them said."""
    gone = sa.select(Redaction.subject).where(Redaction.contribution_id.in_(contribution_ids))
    db.session.execute(sa.delete(CoveredCopy).where(CoveredCopy.subject.in_(gone))
                       .execution_options(synchronize_session=False))
    db.session.execute(sa.update(Redaction).where(Redaction.contribution_id.in_(contribution_ids)).values(words="")
                       .execution_options(synchronize_session=False))


def _rewrite(matter: Matter, passages: Sequence[Passage], moderator: Person, decision: Decision) -> None:
    before = {passage.field: passage.text for passage in matter.passages()}
    db.session.flush()
    matter.rewrite([one for one in passages if one.text != before[one.field]], moderator, reason=decision.reason or "")


def _html(matter: Matter) -> str:
    return richtext.render(next((one.text for one in matter.passages() if one.field == "body"), ""))
