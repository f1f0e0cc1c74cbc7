"""How long each class of data is kept, and what happens then: one table, applied once a day and shown to everybody.

The durations are those that a data protection officer is asked to approve; the setting `retention` changes them.
What goes, goes in small steps, so that nobody who writes waits.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from consult.accounts import registration
from consult.accounts.models import MailToken, Person, RoleGrant
from consult.accounts.services import RoleError
from consult.attachments import services as attachments
from consult.audit.models import AuditEntry
from consult.contributions.models import Flag
from consult.core import clock, config, jobs, once, outbox
from consult.core.config import Settings, SettingsError
from consult.core.db import db, insert, rows_deleted, rows_touched
from consult.core.outbox import MessageState, OutboxMessage
from consult.invitations import services as invitations
from consult.notices.models import Happening
from consult.privacy import erasure, exports
from consult.privacy.models import NoticeRead, RetentionRun
from consult.publishing import services as publishing
from consult.publishing.models import DocumentState, MadeDocument
from consult.resuming import services as resuming

BATCH = 200
HOUR = 3
"""From which hour of the day, in Rome, the rules are applied: when few are about."""
NOTICE = timedelta(days=30)
"""How long before an account that nobody uses is erased its owner is written to."""

Apply = Callable[[datetime, int], int]
"""Lets go of at most so many things older than an instant; answers how many went."""


@dataclass(frozen=True)
class Rule:
    """A class of data, how many days it is kept, what happens then, and how; without `apply` it goes by itself."""

    code: str
    what: LazyString
    days: int
    then: LazyString
    apply: Apply | None
    since: LazyString | None = None
    """From when the days are counted, where that is not plain."""

    @property
    def kept(self) -> int:
        """The days for which this installation keeps it."""
        return config.current().days_kept.get(self.code, self.days)


def _sessions(before: datetime, most: int) -> int:
    return registration.forget_sessions(before=before, most=most)


def _links(before: datetime, most: int) -> int:
    return registration.forget_links(before=before, most=most)


def _once_keys(before: datetime, most: int) -> int:
    return once.forget(before=before, most=most)


def _messages(before: datetime, most: int) -> int:
    return outbox.forget(before=before, most=most)


def _invitations(before: datetime, most: int) -> int:
    return invitations.forget(before=before, most=most)


def _saved_answers(before: datetime, most: int) -> int:
    return resuming.forget(before=before, most=most)


def _farewells(before: datetime, most: int) -> int:
    return rows_deleted(OutboxMessage, OutboxMessage.key.startswith(erasure.FAREWELL),
                        OutboxMessage.state != MessageState.DUE, OutboxMessage.created_at < before, most=most)


def _copies(before: datetime, most: int) -> int:
    return exports.forget(before=before, most=most)


def _uploads(before: datetime, most: int) -> int:
    return attachments.forget(before=before, most=most)


def _identities(_before: datetime, _most: int) -> int:
    return erasure.forget_identities()


def _unconfirmed(before: datetime, most: int) -> int:
    """An account that never was one leaves nothing; one to which something leads by now is erased."""
    found = registration.unconfirmed(before=before, most=most)
    for person in found:
        db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.recipient == person.email))
        try:
            with db.session.begin_nested():
                for model in (MailToken, NoticeRead):
                    db.session.execute(sa.delete(model).where(model.person_id == person.id))
                db.session.delete(person)
        except IntegrityError:
            erasure.erase(person, withdraw=True, actor=None, say_goodbye=False)
    return len(found)


_LAST_USED = sa.func.coalesce(Person.signed_in_at, Person.confirmed_at, Person.created_at)
_USED_BY_NOBODY = (Person.email.is_not(None), Person.confirmed_at.is_not(None), Person.closed_at.is_(None),
                   Person.erased_at.is_(None), ~sa.exists().where(RoleGrant.person_id == Person.id))


def _unused(before: datetime, most: int) -> int:
    """First they are written to; whoever does not sign in within a month is erased."""
    warn = sa.select(Person).where(*_USED_BY_NOBODY, before + NOTICE > _LAST_USED, Person.warned_at.is_(None))
    for person in db.session.scalars(warn.order_by(Person.id).limit(most)).all():
        person.warned_at = clock.now()
        outbox.post(person.email, "privacy_unused", language=person.language, days=NOTICE.days,
                    key=f"unused-{person.id}-{clock.today().isoformat()}")
    gone = sa.select(Person).where(*_USED_BY_NOBODY, before > _LAST_USED, Person.warned_at < clock.now() - NOTICE)
    return _erase(gone, most)


def _closed(before: datetime, most: int) -> int:
    return _erase(sa.select(Person).where(Person.closed_at < before, Person.erased_at.is_(None)), most)


def _erase(which: sa.Select[Person], most: int) -> int:
    """At most so many, but never the last who administers the platform."""
    gone = 0
    for person in db.session.scalars(which.order_by(Person.id).limit(most)).all():
        with suppress(RoleError):
            erasure.erase(person, withdraw=False, actor=None)
            gone += 1
    return gone


def _request_ids(before: datetime, most: int) -> int:
    some = sa.select(AuditEntry.id).where(AuditEntry.at < before, AuditEntry.request_id != "").limit(most)
    return rows_touched(sa.update(AuditEntry).where(AuditEntry.id.in_(some)).values(request_id="")
                        .execution_options(synchronize_session=False))


def _reports(before: datetime, most: int) -> int:
    return rows_deleted(Flag, Flag.decided_at < before, most=most)


def _documents(before: datetime, most: int) -> int:
    """Documents that failed, or in whose place there is a newer one alike."""
    newer = sa.orm.aliased(MadeDocument)
    replaced = sa.exists().where(
        newer.process_id == MadeDocument.process_id, newer.kind == MadeDocument.kind,
        newer.subject == MadeDocument.subject, newer.format == MadeDocument.format,
        newer.language == MadeDocument.language, newer.names == MadeDocument.names,
        newer.state == DocumentState.READY, newer.id > MadeDocument.id)
    old = sa.select(MadeDocument).where(
        MadeDocument.finished_at < before, sa.or_(MadeDocument.state == DocumentState.FAILED, replaced))
    found = db.session.scalars(old.order_by(MadeDocument.id).limit(most)).all()
    for document in found:
        publishing.file_of(document).unlink(missing_ok=True)
        db.session.delete(document)
    return len(found)


def _letters(before: datetime, most: int) -> int:
    """Messages that became files, as there is no mail server."""
    folder = Path(config.current().instance) / "mail"
    old = [file for file in sorted(folder.glob("*.eml")) if file.stat().st_mtime < before.timestamp()][:most]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _happenings(before: datetime, most: int) -> int:
    return rows_deleted(Happening, Happening.at < before, most=most)


def _runs(before: datetime, most: int) -> int:
    return rows_deleted(RetentionRun, RetentionRun.started_at < before, most=most)


RULES: tuple[Rule, ...] = (
    Rule("unconfirmed", _l("Accounts whose address nobody has confirmed"), 14, _l("they are deleted"), _unconfirmed),
    Rule("inactive", _l("Accounts that nobody uses"), 730,
         _l("their owner is written to a month before, then they are erased; what they wrote stays without a name"),
         _unused, _l("from the last sign-in")),
    Rule("closed", _l("Accounts that were closed"), 365,
         _l("they are erased; what they wrote stays without a name"), _closed, _l("from the closing")),
    Rule("identities", _l("Codes of verified people who deleted their account"), 0,
         _l("they are deleted once everything has closed in which somebody could have taken part twice"), _identities),
    Rule("sessions", _l("Open sessions of browsers"), 0, _l("they are deleted"), _sessions,
         _l("from their end, seven days after sign-in or twelve hours for the staff")),
    Rule("links", _l("Links sent by mail to confirm an address or choose a password"), 7, _l("they are deleted"),
         _links, _l("from when they run out")),
    Rule("saved_answers", _l("Answers to a survey that somebody saved to go on later"), 30,
         _l("they are deleted; when they are sent or the survey closes, at once"), _saved_answers),
    Rule("invitations", _l("Invitations sent by mail"), 30, _l("they are deleted"), _invitations,
         _l("from when they run out")),
    Rule("once", _l("Marks by which a form sent twice is known"), 2, _l("they are deleted"), _once_keys),
    Rule("messages", _l("Messages sent: address and subject, as the text goes once it is sent"), 90,
         _l("they are deleted"), _messages),
    Rule("farewells", _l("The last message, to whoever deleted their account"), 0,
         _l("it is deleted once it is sent"), _farewells),
    Rule("letters", _l("Messages kept as files where there is no mail server"), 30, _l("they are deleted"), _letters),
    Rule("copies", _l("Copies of one's data"), 7, _l("they are deleted"), _copies),
    Rule("uploads", _l("Files chosen for a text that was never sent in, and files that belong to nothing"), 1,
         _l("they are deleted"), _uploads),
    Rule("documents", _l("Documents in whose place there is a newer one"), 365, _l("they are deleted"),
         _documents),
    Rule("reports", _l("Reports by readers that were decided"), 1826, _l("they are deleted"), _reports,
         _l("from the decision")),
    Rule("request_ids", _l("Numbers of requests in the register of acts"), 30,
         _l("they are removed: entries of the same request can no longer be told"), _request_ids),
    Rule("happenings", _l("Notices of what happened"), 365, _l("they are deleted"), _happenings),
    Rule("runs", _l("The register of these deletions"), 730, _l("it is deleted"), _runs),
    Rule("verifications", _l("Verifications, and how the help desk made them"), 0,
         _l("they hold for one or two years, as the profile says; renewed or run out, they go with the account"), None),
    Rule("registers", _l("Registers of residents, as codes that lead to nobody without a key"), 0,
         _l("each new register of a municipality takes the place of the former"), None),
    Rule("begun", _l("What was begun at a door and not ended: a second step, a new passkey or app, a form sent before "
                     "signing in, another address"), 0,
         _l("it is deleted after ten minutes to two days"), None),
    Rule("guesses", _l("Wrong passwords and codes, counted under marks that lead to no address of a device"), 1,
         _l("they are forgotten"), None, _l("from the last one")),
    Rule("logs", _l("Addresses of devices in the logs"), 0, _l("they are never written"), None),
)


def check(settings: Settings) -> None:
    """Raise SettingsError where the setting names a class of data that there is not."""
    unknown = sorted(set(settings.days_kept) - {rule.code for rule in RULES if rule.apply})
    if unknown:
        known = ", ".join(rule.code for rule in RULES if rule.apply)
        raise SettingsError([f"retention names what is not kept: {', '.join(unknown)}. There are: {known}."])


@jobs.every_minute
def daily() -> None:
    """Apply every rule once a day: at night, or as soon as the site is up again."""
    if clock.local(clock.now()).hour >= HOUR:
        run(clock.today())


def run(day: date) -> dict[str, int]:
    """Apply each rule that was not applied on this day; answers how many things went by each."""
    done = set(db.session.scalars(sa.select(RetentionRun.rule).where(RetentionRun.day == day)))
    return {rule.code: _run(rule, day) for rule in RULES if rule.apply and rule.code not in done}


def _run(rule: Rule, day: date) -> int:
    claim = insert(RetentionRun).values(day=day, rule=rule.code, started_at=clock.now(), removed=0)
    if not rows_touched(claim.on_conflict_do_nothing()):
        return 0  # another process does it
    jobs.keep()
    removed, before = 0, clock.now() - timedelta(days=rule.kept)
    assert rule.apply is not None, "called for rules that are applied"  # noqa: S101 - for whoever checks the types
    while True:
        step = rule.apply(before, BATCH)
        removed += step
        _note(rule, day, removed=removed)
        jobs.keep()
        if step < BATCH:
            break
    _note(rule, day, finished_at=clock.now())
    jobs.keep()
    return removed


def _note(rule: Rule, day: date, **facts: object) -> None:
    db.session.execute(sa.update(RetentionRun).where(RetentionRun.day == day, RetentionRun.rule == rule.code)
                       .values(**facts).execution_options(synchronize_session=False))
