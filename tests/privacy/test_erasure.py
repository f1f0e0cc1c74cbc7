"""Erasing a person: all that tells who it was goes, all that counts stays, and no backup brings anybody back."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.former import FormerIdentity
from consult.accounts.models import BrowserSession, MailToken, Person, Role, Verification, VerificationMethod
from consult.accounts.services import RoleError
from consult.contributions.models import Contribution, Flag, Follow, Revision, State
from consult.core import clock, outbox
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.privacy import erasure, exports
from consult.processes import services as processes
from consult.proposals.models import Proposal
from consult.voting import queries as voting_queries
from consult.voting import services as voting
from consult.voting.models import BallotPaper, Support, SupportTally
from tests import recount
from tests.browser import text_of
from tests.privacy.conftest import PASSWORD


def everywhere():
    """Every value in every table, as one text."""
    found = []
    for table in db.metadata.sorted_tables:
        found += [repr(tuple(row)) for row in db.session.execute(sa.select(table))]
    return "\n".join(found)


def leave(browser, person, texts="stay"):
    visitor = browser(person)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    return visitor, visitor.submit("/profilo/elimina", {"texts": texts, "sure": "y"})


def test_whoever_leaves_takes_along_all_that_tells_who_they_were(browser, lives, settings):
    carla, other = lives("carla"), lives("ugo")
    exports.ask(carla)
    assert recount.drift() == []
    counted = recount_of_supports()
    visitor, answer = leave(browser, carla, "withdraw")
    assert (answer.status_code, answer.location) == (303, "/")
    assert recount.drift() == []
    assert recount_of_supports() == counted
    db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.key.startswith(erasure.FAREWELL)))
    held = everywhere()
    for told in ("carla@example.org", "carla Segni", "carla tit", "carla chiede", "carla corpo", "carla bozza",
                 "carla commenta", "carla segnala"):
        assert told not in held, told
    for kept in ("carla soc", "carla voce soc", "carla eccede", "carla risponde", "ugo Segni", "ugo corpo",
                 "ugo bozza"):
        assert kept in held, kept
    for model in (BrowserSession, MailToken, Follow, Verification, Revision):
        column = model.editor_id if model is Revision else model.person_id
        assert db.session.scalars(sa.select(column)).all().count(carla.id) == 0, model
    assert "Accedi" in text_of(visitor.get("/profilo/dati", follow_redirects=True))
    assert other.email


def recount_of_supports():
    return dict(db.session.execute(sa.select(Contribution.code, Contribution.support_count)
                                   .where(Contribution.support_count > 0)).all())


def test_what_somebody_wrote_can_stay_without_them(browser, lives):
    carla = lives("carla")
    leave(browser, carla)
    assert recount.drift() == []
    proposal = db.session.scalars(sa.select(Proposal).where(Proposal.title == "carla chiede")).one()
    assert proposal.state is State.PUBLISHED
    page = text_of(browser().get(f"/proposte/{proposal.id}-{proposal.slug}"))
    assert "carla corpo due" in page
    assert "carla Segni" not in page
    assert "una persona non più iscritta" in page
    assert "carla corpo uno" not in everywhere()
    drafts = sa.select(sa.func.count()).select_from(Proposal).where(Proposal.title == "carla bozza")
    assert db.session.scalar(drafts) == 0


def test_what_was_withdrawn_is_read_nowhere(browser, lives, everything):
    carla = lives("carla")
    proposal = db.session.scalars(sa.select(Proposal).where(Proposal.title == "carla chiede")).one()
    before = f"/proposte/{proposal.id}-{proposal.slug}"
    listed = f"/raccolte/{everything['call'].id}"
    assert "carla chiede" in text_of(browser().get(listed))  # and the page is kept for the next visitor
    leave(browser, carla, "withdraw")
    assert "carla chiede" not in text_of(browser().get(listed))
    assert browser().get(before).status_code == 404
    assert "carla commenta" not in text_of(browser().get(everything["target"].thread.path))


def test_votes_stay_counted_and_nobody_votes_twice(make, browser, lives, everything):
    carla, ballot = lives("carla"), everything["ballot"]
    unverified = make.person(email="uno@example.org")
    voting.cast(ballot, unverified, {"B02": 1})  # under the number of the account, as nothing else is known yet
    db.session.add(Verification(person=unverified, method=VerificationMethod.DESK,
                                municipality_id=unverified.municipality_id, identifier_hash="u" * 64))
    db.session.flush()
    db.session.expire(unverified, ["verifications"])
    for person in (carla, unverified):
        erasure.erase(person, withdraw=False, actor=person)
    assert papers() == [["B01"], ["B02"]]
    for email, hashed in (("carla2@example.org", "hashcarla".ljust(64, "0")), ("uno2@example.org", "u" * 64)):
        again = make.person(email=email)
        db.session.add(Verification(person=again, method=VerificationMethod.DESK,
                                    municipality_id=again.municipality_id, identifier_hash=hashed))
        db.session.flush()
        assert voting_queries.has_voted(ballot, again), email
        voting.cast(ballot, again, {"B03": 1})
        voting.support(everything["target"], again)
    assert papers() == [["B03"], ["B03"]]
    assert everything["target"].support_count == 2
    assert recount.drift() == []


def papers():
    return sorted(map(list, db.session.scalars(sa.select(BallotPaper.marks))))


def test_supports_become_numbers_when_nobody_can_support_twice_any_more(make, lives, everything):
    carla, call = lives("carla"), everything["target"].activity
    plain = make.person()
    voting.support(everything["target"], plain)
    erasure.erase(plain, withdraw=False, actor=plain)
    assert supporters() == {carla.id}  # nothing tells who `plain` was, so nothing is to be recognised
    erasure.erase(carla, withdraw=False, actor=carla)
    assert supporters() == {carla.id}
    call.closes_at = clock.now() - timedelta(minutes=1)
    processes.announce_passages()
    assert supporters() == set()
    assert everything["target"].support_count == 2
    assert db.session.scalar(sa.select(sa.func.sum(SupportTally.count))) == 3
    assert recount.drift() == []


def supporters():
    return set(db.session.scalars(sa.select(Support.person_id)))


def test_the_code_of_who_left_goes_with_the_last_thing_that_was_open(make, lives, everything):
    carla = lives("carla")
    erasure.erase(carla, withdraw=False, actor=carla)
    assert db.session.scalars(sa.select(FormerIdentity.person_id)).all() == [carla.id]
    with clock.at(clock.now() + timedelta(days=30)):
        assert erasure.forget_identities() == 1


def test_where_nothing_is_open_no_code_is_kept(make):
    person = make.person()
    db.session.add(Verification(person=person, method=VerificationMethod.DESK, identifier_hash="a" * 64,
                                municipality_id=person.municipality_id))
    db.session.flush()
    db.session.expire(person)
    erasure.erase(person, withdraw=False, actor=person)
    assert db.session.scalars(sa.select(FormerIdentity.person_id)).all() == []


def test_the_last_message_goes_to_the_address_and_the_address_goes_after_it(browser, lives, app):
    carla = lives("carla")
    leave(browser, carla)
    last = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.recipient == "carla@example.org")).all()
    assert [message.subject for message in last] == ["Il tuo account è stato eliminato"]
    outbox.send_due()
    from_now = clock.now() + timedelta(hours=1)
    assert outbox.forget(before=from_now, most=99) >= 1
    assert "carla@example.org" not in everywhere()


@pytest.mark.parametrize("fields", [{}, {"texts": "stay"}, {"sure": "y"}, {"texts": "altro", "sure": "y"},
                                    {"texts": "\x00", "sure": "y"}])
def test_nobody_is_erased_by_half_a_form(browser, lives, fields):
    carla = lives("carla")
    visitor = browser(carla)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    answer = visitor.post("/profilo/elimina", fields)
    assert answer.status_code == 200
    assert carla.erased_at is None


def test_the_last_administrator_cannot_leave(browser, make, lives):
    carla = lives("carla")
    make.person()
    from_roles = make.person(Role.PLATFORM_ADMIN, Role.MODERATOR, email="ada@example.org")
    with pytest.raises(RoleError):
        erasure.erase(from_roles, withdraw=False, actor=from_roles)
    assert (from_roles.erased_at, len(from_roles.role_grants)) == (None, 2)
    assert carla.erased_at is None


def test_a_password_typed_long_ago_is_not_enough(browser, lives):
    carla = lives("carla")
    visitor = browser(carla)
    assert visitor.get("/profilo/elimina").location == "/profilo/riconosci?next=/profilo/elimina"
    wrong = visitor.submit("/profilo/riconosci?next=/profilo/elimina", {"password": "sbagliata"})
    assert "Non è la tua password attuale." in text_of(wrong)
    known = visitor.submit("/profilo/riconosci?next=/profilo/elimina", {"password": PASSWORD})
    assert known.location == "/profilo/elimina"
    assert visitor.get("/profilo/elimina").status_code == 200
    clock.shift(timedelta(minutes=11))
    assert visitor.get("/profilo/elimina").status_code == 303
    assert visitor.post("/profilo/elimina", {"texts": "stay", "sure": "y"}).status_code == 303
    assert carla.erased_at is None


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_typing_the_password_leads_nowhere_else(browser, lives, target):
    visitor = browser(lives("carla"))
    assert visitor.submit(f"/profilo/riconosci?next={target}", {"password": PASSWORD}).location == "/"


@pytest.fixture
def older(app, settings, tmp_path):
    """`older()` puts back the database as it was when the fixture was called for; SQLite only, as files are."""
    if not settings.is_sqlite:
        pytest.skip("a copy of a file stands for a backup")
    path = tmp_path / "consult.sqlite3"

    def keep():
        db.session.commit()
        with closing(sqlite3.connect(path)) as now, closing(sqlite3.connect(tmp_path / "older.sqlite3")) as backup:
            now.backup(backup)

        def put_back():
            db.session.remove()
            db.engine.dispose()
            for leftover in tmp_path.glob("consult.sqlite3-*"):
                leftover.unlink()
            shutil.copyfile(tmp_path / "older.sqlite3", path)

        return put_back

    return keep


def test_a_restored_backup_brings_nobody_back(app, browser, make, lives, older):
    carla, ugo = lives("carla"), lives("ugo")
    numbers = carla.id, ugo.id
    put_back = older()
    leave(browser, carla, "withdraw")
    erasure.note_erasures()
    put_back()
    assert db.session.get(Person, numbers[0]).email == "carla@example.org"
    done = app.test_cli_runner().invoke(args=["privacy", "reapply"])
    assert (done.exit_code, done.output.strip()) == (0, "1 erased again.")
    db.session.expire_all()
    assert db.session.get(Person, numbers[0]).email is None
    assert db.session.get(Person, numbers[1]).email == "ugo@example.org"
    assert "carla corpo" not in everywhere()
    assert recount.drift() == []
    assert app.test_cli_runner().invoke(args=["privacy", "reapply"]).output.strip() == "Nobody had to be erased again."


def test_a_number_given_anew_is_somebody_else(app, make, lives):
    carla = lives("carla")
    erasure.erase(carla, withdraw=False, actor=carla)
    erasure.note_erasures()
    carla.erased_at, carla.created_at = None, clock.now() + timedelta(minutes=1)  # as a restore may give it
    db.session.flush()
    assert erasure.reapply() == []


def test_the_list_holds_numbers_and_times_only_and_each_once(app, lives):
    carla = lives("carla")
    erasure.erase(carla, withdraw=True, actor=carla)
    erasure.note_erasures()
    erasure.note_erasures()
    text = erasure.list_of_erasures().read_text()
    assert text == f'{{"id": {carla.id}, "at": "{carla.erased_at.isoformat()}", "withdraw": true}}\n'
    assert erasure.list_of_erasures().stat().st_mode & 0o777 == 0o600


def test_a_line_of_which_half_was_written_is_written_again(app, lives):
    carla = lives("carla")
    erasure.list_of_erasures().write_text('{"id": 1, "at"')
    erasure.erase(carla, withdraw=True, actor=carla)
    erasure.note_erasures()
    assert [line.id for line in erasure.noted()] == [carla.id]


def test_erasing_twice_is_erasing_once(lives):
    carla = lives("carla")
    erasure.erase(carla, withdraw=False, actor=carla)
    at = carla.erased_at
    erasure.erase(carla, withdraw=True, actor=carla)
    assert (carla.erased_at, carla.withdrew) == (at, False)


def test_an_undecided_report_stays_without_the_words_of_who_made_it(lives, everything):
    carla = lives("carla")
    erasure.erase(carla, withdraw=False, actor=carla)
    assert db.session.scalars(sa.select(Flag.note).where(Flag.person_id == carla.id)).all() == [""]
    assert everything["target"].flag_count == 1


def test_the_office_can_erase_whoever_asks_by_letter(app, lives):
    carla = lives("carla")
    db.session.commit()
    runner = app.test_cli_runner()
    done = runner.invoke(args=["privacy", "erase", "carla@example.org", "--texts", "stay", "--yes"])
    assert done.exit_code == 0, done.output
    db.session.expire_all()
    assert carla.erased_at is not None
    assert runner.invoke(args=["privacy", "erase", "nessuno@example.org", "--texts", "stay", "--yes"]).exit_code == 1
