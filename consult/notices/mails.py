"""Mail of what has happened: one for many things, at the pace of each reader."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from itsdangerous import BadSignature, URLSafeSerializer

from consult.accounts.models import Person
from consult.core import clock, config, jobs, outbox
from consult.core.db import db
from consult.notices import queries, words
from consult.notices.models import Happening, NoticePace, Pace

MOST = 20
"""Things told in one mail; of the others their number, and where to read them."""
HOUR = 7
"""From which hour of the day, in Rome, daily and weekly mails leave."""
TOGETHER = timedelta(minutes=5)
"""How long mails that leave at once wait for what happens next, so that a lively discussion is one mail and not ten."""
SETTLED = timedelta(seconds=15)
"""How old something must be: of two acts at the same instant the first may be kept last."""
BATCH = 200


@jobs.every_minute
def write() -> None:
    """Write to everybody whose time has come and for whom there is something new."""
    upto = db.session.scalar(sa.select(sa.func.max(Happening.id)).where(Happening.at <= clock.now() - SETTLED)) or 0
    if upto:
        while len(due := _due(upto)) and _tell(due, upto):
            jobs.keep()


def _due(upto: int) -> list[int]:
    """Some of those whose time has come and who hear of something that they have not had by mail."""
    now = clock.now()
    ripe = sa.or_(*(sa.and_(NoticePace.pace == pace, NoticePace.mailed_at <= before)
                    for pace, before in _before(now).items()))
    news = sa.exists().where(Happening.id > NoticePace.mailed_to, Happening.id <= upto,
                             queries.heard_by(NoticePace.person_id), queries.not_told_before(NoticePace.person_id))
    return list(db.session.scalars(
        sa.select(NoticePace.person_id).join(Person, Person.id == NoticePace.person_id)
        .where(ripe, news, Person.email.is_not(None), Person.closed_at.is_(None))
        .order_by(NoticePace.person_id).limit(BATCH)))


def _before(now: datetime) -> dict[Pace, datetime]:
    """For each pace, whoever was written to before this instant is written to again."""
    seven = clock.local(now).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if seven > now:
        seven -= timedelta(days=1)
    return {Pace.AT_ONCE: now - TOGETHER, Pace.DAILY: seven, Pace.WEEKLY: seven - timedelta(days=seven.weekday())}


def _tell(due: list[int], upto: int) -> bool:
    """Write to these people; each has had everything up to here then, whatever becomes of the mail."""
    paces = {one.person_id: one for one in db.session.scalars(
        sa.select(NoticePace).where(NoticePace.person_id.in_(due)).with_for_update(skip_locked=True))}
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(paces))).all()
    for person in people:
        kept = paces[person.id]
        news, how_many = queries.since(person.id, kept.mailed_to, upto, MOST)
        kept.mailed_to, kept.mailed_at = upto, clock.now()
        if news:
            outbox.post(person.email, "notices", key=f"notices-{secrets.token_hex(12)}", language=person.language,
                        unsubscribe=f"/avvisi/basta/{token(person.id)}", news=[words.told(one) for one in news],
                        how_many=how_many, more=how_many - len(news), pace=kept.pace.value)
    return bool(people)


def token(person_id: int) -> str:
    """What stands for a person in the link that stops the mails: good without signing in, and for nothing else."""
    return str(_signer().dumps(person_id))


def person_of(token: str) -> Person | None:
    """The person of a link; None for one that we did not write."""
    try:
        id = _signer().loads(token)
    except BadSignature:
        return None
    return db.session.get(Person, id) if isinstance(id, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(config.current().secret_key, salt="unsubscribe")
