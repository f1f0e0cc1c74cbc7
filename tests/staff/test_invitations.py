"""Roles by invitation, and what is told of a change of role."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from consult.accounts import services as accounts
from consult.accounts.models import Person, Role, RoleGrant
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.invitations import services as sending
from consult.invitations.models import Invitation
from consult.staff import services
from tests.browser import text_of

UGO = "ugo@example.org"


@pytest.fixture
def admin(make):
    make.authority()
    return make.person(Role.PLATFORM_ADMIN, email="admin@example.org", display_name="Ada")


@pytest.fixture
def guest(make):
    return make.person(email=UGO, display_name="Ugo", password_hash=None)


def mails(recipient=UGO):
    return db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.recipient == recipient)
                              .order_by(OutboxMessage.id)).all()


def link():
    return re.search(r"/inviti/ruoli/\S+", mails()[-1].text)[0]


def invite(browser, admin, **fields):
    return browser(admin).submit("/ufficio/ruoli/invita", {"email": UGO, "role": "moderator", **fields})


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def test_somebody_is_invited_to_a_role_in_a_percorso_and_takes_it_up(browser, admin, guest, make):
    process = make.process()
    assert invite(browser, admin, process_id=str(process.id)).location == "/ufficio/ruoli"
    mail = mails()[-1]
    assert mail.subject == "Hai un invito a un ruolo: Moderazione"
    assert "Prova 2035" in mail.text
    assert UGO in text_of(browser(admin).get("/ufficio/ruoli"))
    visitor, path = browser(guest), link()
    assert "Moderazione" in text_of(visitor.get(path))
    answered = visitor.submit(path)
    assert (answered.status_code, answered.location) == (303, "/accedi")
    assert visitor.get("/profilo").status_code == 303  # signed out: rights come with a new session
    assert guest.holds(Role.MODERATOR, process_id=process.id)
    assert guest.role_grants[0].process_id == process.id
    assert [e for e in recorded() if e != "SignedIn"] == [
        "InvitationSent", "InvitationAccepted", "SignedOut", "RoleGranted"]
    assert mails()[-1].subject == "Hai un nuovo ruolo: Moderazione"
    assert UGO not in text_of(browser(admin).get("/ufficio/ruoli")).partition("Inviti in attesa")[2]


def test_whoever_has_no_account_registers_with_the_address_first(browser, admin):
    assert invite(browser, admin).status_code == 303
    path = link()
    assert "registrati" in text_of(browser().get(path))
    accounts_before = db.session.scalar(sa.select(sa.func.count(Person.id)))
    assert browser().post(path).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == accounts_before


def test_nobody_takes_up_the_role_of_another(browser, admin, guest, make):
    invite(browser, admin)
    other, path = make.person(), link()
    assert "a un altro indirizzo" in text_of(browser(other).get(path))
    assert browser(other).post(path).status_code == 403
    assert browser(admin).post(path).status_code == 403
    assert other.role_grants == []


def test_a_link_to_a_role_is_good_once_and_for_seven_days(browser, admin, guest):
    invite(browser, admin)
    path = link()
    clock.shift(clock.timedelta(days=7, minutes=1))
    assert browser(guest).get(path).status_code == 410
    clock.shift(clock.timedelta())
    assert browser(guest).submit(path).status_code == 303
    accounts.revoke(guest, Role.MODERATOR)
    assert browser(guest).get(path).status_code == 410
    assert browser(guest).post(path).status_code == 410
    assert guest.role_grants == []


def test_an_invitation_is_withdrawn(browser, admin, guest):
    invite(browser, admin)
    id = db.session.scalars(sa.select(Invitation.id)).one()
    action = f"/ufficio/ruoli/inviti/{id}/ritira"
    assert browser(guest).post(action).status_code == 403
    assert browser(admin).submit("/ufficio/ruoli", action=action).status_code == 303
    assert browser(guest).get(link()).status_code == 410
    assert "InvitationWithdrawn" in recorded()


def test_the_invitations_of_a_former_administrator_are_worthless(browser, admin, guest, make):
    accounts.grant(make.person(), Role.PLATFORM_ADMIN)
    invite(browser, admin)
    accounts.revoke(admin, Role.PLATFORM_ADMIN)
    assert browser(guest).get(link()).status_code == 410


def test_a_link_to_a_role_is_not_one_to_an_organisation(browser, admin, guest):
    invite(browser, admin)
    token = link().rpartition("/")[2]
    assert browser(guest).get(f"/inviti/organizzazioni/{token}").status_code == 410
    assert browser(guest).post(f"/inviti/organizzazioni/{token}").status_code == 410
    id = db.session.scalars(sa.select(Invitation.id)).one()
    assert browser(admin).post(f"/profilo/organizzazioni/inviti/{id}/ritira").status_code == 403
    assert browser(guest).get(f"/inviti/ruoli/{token}").status_code == 200


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"email": ""}, "Scrivi l’indirizzo e-mail di chi avrà il ruolo."),
    ({"email": "nessuno"}, "indirizzo"),
    ({"role": ""}, "Scegli un ruolo."),
    ({"role": "emperor"}, "Scegli una delle voci proposte."),
    ({"process_id": "99999999999"}, "Scegli una delle voci proposte."),
])
def test_what_is_wrong_with_an_invitation_is_said(browser, admin, changes, sentence):
    answered = invite(browser, admin, **changes)
    assert answered.status_code == 200
    assert sentence in text_of(answered)
    assert mails() == []


def test_a_platform_administrator_of_one_percorso_is_not_invited(browser, admin, make):
    answered = invite(browser, admin, role="platform_admin", process_id=str(make.process().id))
    assert "non indicare un percorso" in text_of(answered)
    assert mails() == []


def test_only_who_administers_the_platform_invites(browser, make):
    make.authority()
    for person in (make.person(), make.person(Role.PLAN_OFFICE), make.person(Role.MODERATOR)):
        assert browser(person).get("/ufficio/ruoli/invita").status_code == 403
    assert browser().get("/ufficio/ruoli/invita").status_code == 303


def test_of_a_hundred_acceptances_at_once_one_takes_the_role(bare_app, app, browser, admin, guest):
    invite(browser, admin)
    token, guest_id = link().rpartition("/")[2], guest.id
    db.session.commit()

    def accept(_number):
        with bare_app.app_context():
            invitation = sending.with_token(token)
            won = invitation is not None and services.accept(invitation, db.session.get(Person, guest_id))
            db.session.commit()
            db.session.remove()
            return won

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(accept, range(100)))
    assert answers.count(True) == 1
    assert db.session.scalar(sa.select(sa.func.count(RoleGrant.id)).where(RoleGrant.person_id == guest_id)) == 1
    assert recorded().count("RoleGranted") == 1


# what is told
def test_whoever_gets_or_loses_a_role_is_told_in_their_language(app, admin, make):
    person, process = make.person(email=UGO, language="de"), make.process()
    accounts.grant(person, Role.STEERING, process_id=process.id, actor=admin)
    accounts.revoke(person, Role.STEERING, process_id=process.id, actor=admin)
    given, taken = mails()
    assert (given.subject, taken.subject) == ("Sie haben eine neue Rolle: Steuerungsgruppe",
                                              "Eine Ihrer Rollen ist beendet: Steuerungsgruppe")
    assert "Prova 2035" in given.text
    assert "/permessi" in given.text


def test_a_role_that_was_held_already_is_not_told_again(app, admin, make):
    person = make.person(email=UGO)
    for _ in range(2):
        accounts.grant(person, Role.MODERATOR, actor=admin)
    assert len(mails()) == 1
