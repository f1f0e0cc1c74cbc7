"""What must leave the process by mail: one row per message, written with the act, sent later and retried."""

import enum
import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import render_template
from flask_babel import force_locale
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import blackout, clock, config, jobs
from consult.core.config import Settings
from consult.core.db import Base, db, insert, pk, rows_deleted, rows_touched, table
from consult.core.statements import made_once

log = logging.getLogger("consult.outbox")

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
PATIENCE = timedelta(hours=72)
LEASE = timedelta(minutes=5)


class MessageState(enum.Enum):
    DUE = "due"
    SENT = "sent"
    FAILED = "failed"


class OutboxMessage(Base):
    """One message to one address."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.Index("ix_outbox_message_due", "state", "not_before"),
        sa.Index("ix_outbox_message_batch", "batch", sqlite_where=sa.text("batch <> ''"),
                 postgresql_where=sa.text("batch <> ''")),
    )

    id: Mapped[pk]
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(2), default="it")
    state: Mapped[MessageState] = mapped_column(default=MessageState.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(default=clock.now)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")
    batch: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    """What it tells of, where that can be undone for a while: its messages are dropped together then."""
    unsubscribe: Mapped[str] = mapped_column(sa.String(300), default="")
    """The address to which a mail program sends, with one click of its reader, that no more is wanted (RFC 8058)."""


@dataclass
class _Batch:
    """Messages that are held back together."""

    name: str
    until: datetime
    rows: list[dict[str, Any]] = field(default_factory=list)


_holding: ContextVar[_Batch | None] = ContextVar("holding_back", default=None)


@contextmanager
def held_back(batch: str, *, until: datetime) -> Iterator[None]:
    """Have all that is posted meanwhile wait until an instant, under a name by which it can be dropped before.

    It is written in one go, at the end: what many asked for is told to as many.
    """
    held = _Batch(batch, until)
    token = _holding.set(held)
    try:
        yield
        if held.rows:
            db.session.execute(_writing(), held.rows)
    finally:
        _holding.reset(token)


def drop(batch: str) -> bool:
    """Drop the messages of a batch unsent; False, and nothing is dropped, where one has left or is leaving."""
    own = sa.select(OutboxMessage.attempts).where(OutboxMessage.batch == batch).with_for_update()
    if any(db.session.scalars(own)):
        return False
    db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.batch == batch))
    return True


def post(recipient: str | None, template: str, *, key: str, language: str = "it", unsubscribe: str = "",
         **context: object) -> None:
    """Write a mail to be sent after the commit; the template's first line is its subject.

    Links in it begin with `{{ address }}`, the public address of the installation, whatever host was asked. Within
    `held_back` it waits.
    `unsubscribe` is the path that stops mails like this one. Nothing is written for a person without an address, or
    where the key was used before.
    """
    if not recipient:
        return
    subject, text = composed(template, language=language, unsubscribe=unsubscribe, **context)
    held = _holding.get()
    row = {
        "key": key, "batch": held.name if held else "", "not_before": held.until if held else clock.now(),
        "recipient": recipient, "subject": subject, "language": language,
        "unsubscribe": config.current().address + unsubscribe if unsubscribe else "", "text": text}
    if held:
        held.rows.append(row)
    elif rows_touched(_writing(), **row):
        jobs.after_commit(send_due)


def composed(template: str, *, language: str, unsubscribe: str = "", **context: object) -> tuple[str, str]:
    """The subject and the text of a mail, as `post` would send them."""
    with force_locale(language):
        whole = render_template(f"mail/{template}.txt", address=config.current().address, unsubscribe=unsubscribe,
                                **context)
    subject, _, text = blackout.plain(whole, language).strip().partition("\n")
    return " ".join(subject.split())[:300], re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"


@made_once
def _writing() -> Any:
    return insert(table(OutboxMessage)).on_conflict_do_nothing(index_elements=["key"])


@jobs.task
@jobs.every_minute
def send_due() -> None:
    """Send every message that is due; what fails waits longer each time, and is given up after three days.

    Each message is claimed in a transaction of its own before it leaves: a worker that dies after sending
    causes at most one duplicate, with the same Message-ID.
    """
    while (message := _claim()) is not None:
        try:
            _send(message, config.current())
        except (OSError, smtplib.SMTPException, ValueError) as fault:  # a value that no header can hold is one
            _postpone(message, fault)
        else:
            # the text may hold a link that opens an account: it is kept no longer than it takes to send it
            _note(message, state=MessageState.SENT, sent_at=clock.now(), last_error="", text="", unsubscribe="")


def forget(*, before: datetime, most: int) -> int:
    """Drop messages written before an instant that were sent or given up: whom we wrote to is nobody's business.

    At most so many; answers how many went.
    """
    return rows_deleted(OutboxMessage, OutboxMessage.state != MessageState.DUE, OutboxMessage.created_at < before,
                        most=most)


def _claim() -> OutboxMessage | None:
    """Take one due message off the others' hands for a few minutes.

    What is answered belongs to no transaction: nobody who writes waits for a mail server.
    """
    now = clock.now()
    due = (sa.select(OutboxMessage)
           .where(OutboxMessage.state == MessageState.DUE, OutboxMessage.not_before <= now)
           .order_by(OutboxMessage.not_before).limit(1).with_for_update(skip_locked=True))
    message = db.session.scalars(due).first()
    if message is not None:
        message.attempts += 1
        message.not_before = now + LEASE
        db.session.flush()
        db.session.expunge(message)
    db.session.commit()
    return message


def _postpone(message: OutboxMessage, fault: Exception) -> None:
    now = clock.now()
    given_up = now - message.created_at > PATIENCE
    _note(message, last_error=f"{type(fault).__name__}: {fault}"[:300],
          not_before=now + min(FIRST_WAIT * 2 ** min(message.attempts - 1, 20), LONGEST_WAIT),
          state=MessageState.FAILED if given_up else MessageState.DUE)
    log.warning("message %s was not sent (attempt %s): %s", message.id, message.attempts, type(fault).__name__)


def _note(message: OutboxMessage, **facts: object) -> None:
    db.session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == message.id).values(**facts))
    db.session.commit()


def _send(message: OutboxMessage, settings: Settings) -> None:
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = settings.mail_sender
    mail["To"] = message.recipient
    mail["Date"] = format_datetime(message.created_at)
    domain = parseaddr(settings.mail_sender)[1].partition("@")[2]
    mail["Message-ID"] = f"<{message.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)  # drops what describes another content
    mail["Content-Language"] = message.language
    if not settings.mail_url:
        _keep_as_file(mail, Path(settings.instance) / "mail", message.id)
        return
    with _server(settings.mail_url) as server:
        server.send_message(mail)


def _server(url: str) -> smtplib.SMTP:
    """The mail server of the settings; over TLS only if its certificate is one that this machine trusts."""
    address = urlsplit(url)
    host, port = address.hostname or "localhost", address.port or 0
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=20, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=20)
    try:
        if address.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _keep_as_file(mail: EmailMessage, folder: Path, number: int) -> None:
    """Without a mail server the message is kept where the operator can read it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / f"{number:06}.eml").write_bytes(bytes(mail))
