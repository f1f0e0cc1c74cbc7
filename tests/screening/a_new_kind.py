"""A kind of contribution that nothing knows: run by `test_new_kind` in a process of its own, as a class stays."""

from datetime import timedelta
from typing import ClassVar

from consult.accounts.models import Role
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, FlagReason, State
from consult.core import clock
from consult.core.db import db
from consult.moderation import queries, queue, record
from consult.moderation import services as moderation
from consult.moderation.models import Act, Origin, Reason
from consult.screening import queries as screening
from consult.screening.models import Signal
from tests.browser import text_of
from tests.factories import WHY

SPOKEN: dict[str, str] = {}
"""What was said on each tape, by its code."""


class Tape(Contribution):
    """Something said into a recorder at a meeting."""

    __mapper_args__: ClassVar = {"polymorphic_identity": "tape"}
    texts: ClassVar[tuple[str, ...]] = ("words",)

    @property
    def words(self):
        return SPOKEN[self.code]

    @words.setter
    def words(self, words):
        SPOKEN[self.code] = words


def tape(make, number, words):
    SPOKEN[f"ROC-N-{number}"] = words
    author = make.person(created_at=clock.now() - timedelta(days=100))
    found = Tape(code=f"ROC-N-{number}", activity=make.call(), author=author)
    contributions.begin(found, State.PUBLISHED)
    return found


def test_a_kind_that_nothing_names_is_screened_queued_decided_and_recorded(browser, make):
    moderator = make.person(Role.MODERATOR)
    hinted = tape(make, 1, "Il sindaco è un cretino.")
    held = tape(make, 2, "Chiamate la Rita al 347 1234567.")
    reported = tape(make, 3, "Una frase qualunque detta in assemblea.")
    contributions.flag(reported, make.person(), reason=FlagReason.SPAM, note="Pubblicità")
    assert (hinted.state, held.state) == (State.PUBLISHED, State.PENDING)
    assert [one.signal for one in screening.findings(held)] == [Signal.PERSONAL]
    rows = queue.queue(moderator).items
    assert {(row.matter.number, row.origin) for row in rows} == {
        (hinted.id, Origin.SCREENED), (held.id, Origin.HELD), (reported.id, Origin.FLAGGED)}
    assert queue.counted(moderator) == {("contribution", "tape"): 3}
    page = text_of(browser(moderator).get(f"/moderazione/{held.id}"))
    assert "Chiamate la Rita al 347 1234567." in page
    assert "forma di un numero di telefono" in page
    assert browser(moderator).get("/moderazione").status_code == 200
    made = [moderation.decide(db.session.get_one(Tape, one.id), moderator, act=act, reason=Reason.OFFENCE, note=WHY,
                              seen=moderation.mark(one))
            for one, act in ((hinted, Act.KEEP), (held, Act.APPROVE), (reported, Act.HIDE))]
    assert [one.kind for one in made] == ["tape"] * 3
    assert [one.state for one in (hinted, held, reported)] == [State.PUBLISHED, State.PUBLISHED, State.HIDDEN]
    moderation.take_back(made[2], reported, moderator)
    assert [one.act for one in queries.decisions_on(f"contribution:{reported.id}")] == [Act.UNDO, Act.HIDE]
    assert record.verify() == []
    assert [row.matter.number for row in queue.queue(moderator).items] == [reported.id]
