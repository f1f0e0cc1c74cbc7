"""Mandates: invited, taken up, ended; and what was written with them stays."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from consult.accounts import services as accounts
from consult.accounts.models import Mandate, MandateKind, Role
from consult.audit.models import AuditEntry
from consult.comments import services as comments
from consult.contributions.services import MandateError
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.invitations import services as sending
from consult.invitations.models import Invitation
from consult.organisations import queries, services
from consult.proposals import services as proposals
from consult.proposals.services import Wording
from tests.browser import text_of

BODY = "Chiediamo una panchina all’ombra davanti alla scuola, per chi aspetta."


@pytest.fixture
def signer(make):
    make.authority()
    return make.person(display_name="Carla", email="carla@example.org")


@pytest.fixture
def organisation(make, signer):
    organisation = make.organisation(name="Pro Loco")
    db.session.add(Mandate(person=signer, organisation=organisation, kind=MandateKind.SIGNS))
    db.session.flush()
    return organisation


@pytest.fixture
def guest(make):
    return make.person(display_name="Ugo", email="ugo@example.org")


def mails(recipient):
    return db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.recipient == recipient)
                              .order_by(OutboxMessage.id)).all()


def link(recipient):
    """The path in the last invitation that an address got."""
    return re.search(r"/inviti/organizzazioni/\S+", mails(recipient)[-1].text)[0]


def invite(browser, person, organisation, email="ugo@example.org", kind="speaks"):
    return browser(person).submit(f"/profilo/organizzazioni/{organisation.id}/invita", {"email": email, "kind": kind})


def kinds_of(person):
    return [mandate.kind.value for mandate in person.mandates if mandate.ended_at is None]


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


# inviting and accepting
def test_somebody_is_invited_accepts_and_speaks(browser, signer, organisation, guest):
    assert invite(browser, signer, organisation).status_code == 303
    assert "ugo@example.org" in text_of(browser(signer).get(f"/profilo/organizzazioni/{organisation.id}"))
    visitor, path = browser(guest), link("ugo@example.org")
    assert "Parlare a nome di Pro Loco" in text_of(visitor.get(path))
    answered = visitor.submit(path)
    assert (answered.status_code, answered.location) == (303, f"/profilo/organizzazioni/{organisation.id}")
    assert (kinds_of(guest), [o.name for o in guest.organisations]) == (["speaks"], ["Pro Loco"])
    assert [m.subject for m in mails(signer.email)] == ["Un’altra persona parla a nome di Pro Loco"]
    assert [e for e in recorded() if "Sign" not in e] == ["InvitationSent", "InvitationAccepted", "MandateGiven"]


def test_a_visitor_signs_in_first_and_comes_back(browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    path = link("ugo@example.org")
    page = browser().get(path)
    assert page.status_code == 200
    assert f"/accedi?next={path}" in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    assert browser().post(path).status_code == 303
    assert kinds_of(guest) == []


def test_looking_at_a_link_does_not_use_it(browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    for _ in range(3):
        assert browser(guest).get(link("ugo@example.org")).status_code == 200
    assert browser(guest).submit(link("ugo@example.org")).status_code == 303


def test_the_answer_is_the_same_whether_the_address_is_known(browser, signer, organisation, guest, queries):
    answers, statements = [], []
    for email in ("ugo@example.org", "nessuno@example.org"):
        page = browser(signer)
        form = page.form(f"/profilo/organizzazioni/{organisation.id}/invita")
        with queries() as seen:
            answered = page.post(form["action"], {**form["fields"], "email": email, "kind": "speaks"})
        answers.append((answered.status_code, answered.location))
        statements.append(len(seen))
    assert answers[0] == answers[1]
    assert statements[0] == statements[1]
    known, unknown = mails("ugo@example.org")[0], mails("nessuno@example.org")[0]
    assert known.subject == unknown.subject
    assert re.sub(r"/inviti/organizzazioni/\S+", "", known.text) == re.sub(
        r"/inviti/organizzazioni/\S+", "", unknown.text)


def test_an_address_is_known_however_it_is_spelt(browser, signer, organisation, guest):
    invite(browser, signer, organisation, email=" UGO@Example.org ")
    assert browser(guest).submit(link("ugo@example.org")).status_code == 303
    assert kinds_of(guest) == ["speaks"]


@pytest.mark.parametrize("who", ["another person", "whoever invited"])
def test_nobody_takes_up_the_invitation_of_another_address(browser, signer, organisation, guest, make, who):
    invite(browser, signer, organisation)
    other = make.person(email="altra@example.org") if who == "another person" else signer
    path = link("ugo@example.org")
    page = browser(other).get(path)
    assert "a un altro indirizzo" in text_of(page)
    assert "ugo@example.org" not in text_of(page)
    assert browser(other).post(path).status_code == 403
    assert browser(guest).submit(path).status_code == 303


def test_a_link_is_good_once(browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    path, visitor = link("ugo@example.org"), browser(guest)
    visitor.submit(path)
    services.end(guest.mandates[0], actor=signer)
    assert visitor.get(path).status_code == 410
    assert visitor.post(path).status_code == 410
    assert kinds_of(guest) == []


def test_a_link_is_good_for_seven_days(browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    path = link("ugo@example.org")
    clock.shift(clock.timedelta(days=6, hours=23))
    assert browser(guest).get(path).status_code == 200
    clock.shift(clock.timedelta(days=7, minutes=1))
    assert browser(guest).get(path).status_code == 410
    assert browser(guest).post(path).status_code == 410
    assert kinds_of(guest) == []


def test_a_withdrawn_invitation_opens_nothing(browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    id = db.session.scalars(sa.select(Invitation.id)).one()
    page = f"/profilo/organizzazioni/{organisation.id}"
    action = f"/profilo/organizzazioni/inviti/{id}/ritira"
    assert browser(guest).post(action).status_code == 403
    assert browser(signer).submit(page, action=action).status_code == 303
    assert browser(guest).get(link("ugo@example.org")).status_code == 410
    assert "ugo@example.org" not in text_of(browser(signer).get(page))
    assert browser(signer).post(action).status_code == 303


def test_a_second_invitation_takes_the_place_of_the_first(browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    first = link("ugo@example.org")
    invite(browser, signer, organisation, kind="signs")
    assert browser(guest).get(first).status_code == 410
    browser(guest).submit(link("ugo@example.org"))
    assert kinds_of(guest) == ["signs"]


def test_whoever_has_left_leaves_no_invitations_behind(browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    services.end(signer.mandates[0], actor=signer)
    assert browser(guest).get(link("ugo@example.org")).status_code == 410


def test_only_so_many_invitations_wait(app, signer, organisation):
    for number in range(sending.MOST_WAITING):
        services.invite(organisation, MandateKind.SPEAKS, f"p{number}@example.org", inviter=signer, language="it")
    with pytest.raises(sending.InvitationError):
        services.invite(organisation, MandateKind.SPEAKS, "uno@example.org", inviter=signer, language="it")


def test_nothing_is_kept_of_the_secret_of_a_link(browser, signer, organisation):
    invite(browser, signer, organisation)
    token = link("ugo@example.org").rpartition("/")[2]
    kept = db.session.scalars(sa.select(Invitation.token_hash)).one()
    assert token not in kept
    assert accounts.hashed(token) == kept


def test_invitations_that_ran_out_are_forgotten(app, signer, organisation):
    services.invite(organisation, MandateKind.SPEAKS, "ugo@example.org", inviter=signer, language="it")
    db.session.commit()
    ran_out = db.session.scalars(sa.select(Invitation.expires_at)).one()
    sending.forget(before=ran_out, most=9)
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 1
    sending.forget(before=ran_out + clock.timedelta(seconds=1), most=9)
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 0


@pytest.mark.parametrize("token", ["x", "è" * 40, "a" * 3000, "%00"])
def test_a_link_that_never_was(browser, make, token):
    make.authority()
    assert browser().get(f"/inviti/organizzazioni/{token}").status_code in {404, 410}
    assert browser(make.person()).post(f"/inviti/organizzazioni/{token}").status_code in {404, 410}


def test_of_a_hundred_acceptances_at_once_one_wins(bare_app, app, make, browser, signer, organisation, guest):
    invite(browser, signer, organisation)
    token = link("ugo@example.org").rpartition("/")[2]
    guest_id = guest.id
    db.session.commit()

    def accept(_number):
        with bare_app.app_context():
            invitation = sending.with_token(token)
            won = invitation is not None and services.accept(
                invitation, db.session.get(type(guest), guest_id))
            db.session.commit()
            db.session.remove()
            return won

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(accept, range(100)))
    assert answers.count(True) == 1
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count(Mandate.id)).where(Mandate.person_id == guest_id)) == 1


# who may give and take what
@pytest.mark.parametrize(("kind", "offered"), [("speaks", ["speaks"]), ("signs", ["speaks", "signs"])])
def test_whoever_only_speaks_invites_only_to_speak(browser, make, organisation, kind, offered):
    person = make.person()
    db.session.add(Mandate(person=person, organisation=organisation, kind=MandateKind(kind)))
    db.session.flush()
    page = browser(person).get(f"/profilo/organizzazioni/{organisation.id}/invita").get_data(as_text=True)
    assert re.findall(r'type="radio" value="(\w+)"', page) == offered
    invite(browser, person, organisation, kind="signs")
    assert bool(mails("ugo@example.org")) is ("signs" in offered)


def test_nobody_invites_for_an_organisation_that_is_not_theirs_or_not_verified(browser, make, signer, organisation):
    assert browser(make.person()).get(f"/profilo/organizzazioni/{organisation.id}/invita").status_code == 403
    waiting = make.organisation(signer, verified_at=None)
    assert browser(signer).get(f"/profilo/organizzazioni/{waiting.id}/invita").status_code == 403


def test_whoever_signs_ends_mandates_and_whoever_speaks_does_not(browser, make, signer, organisation, guest):
    services.give(guest, organisation, MandateKind.SPEAKS, actor=signer)
    theirs, signed = guest.mandates[0], signer.mandates[0]
    assert browser(guest).post(f"/profilo/organizzazioni/mandati/{signed.id}/revoca").status_code == 403
    assert browser(make.person()).post(f"/profilo/organizzazioni/mandati/{theirs.id}/revoca").status_code == 403
    page = f"/profilo/organizzazioni/{organisation.id}"
    assert browser(signer).submit(page, action=f"/profilo/organizzazioni/mandati/{theirs.id}/revoca").status_code == 303
    assert guest.organisations == []
    assert mails(guest.email)[-1].subject == "Non parli più a nome di Pro Loco"
    assert browser(signer).post(f"/profilo/organizzazioni/mandati/{theirs.id}/revoca").status_code == 403


def test_somebody_who_spoke_can_sign_later_and_both_mandates_are_kept(app, signer, organisation, guest):
    for kind in (MandateKind.SPEAKS, MandateKind.SPEAKS, MandateKind.SIGNS, MandateKind.SPEAKS):
        services.give(guest, organisation, kind, actor=signer)
    assert kinds_of(guest) == ["signs"]
    assert sorted(mandate.kind.value for mandate in guest.mandates) == ["signs", "speaks"]
    services.end(next(m for m in guest.mandates if m.ended_at is None), actor=signer)
    services.give(guest, organisation, MandateKind.SPEAKS, actor=signer)
    assert (kinds_of(guest), len(guest.mandates)) == (["speaks"], 3)


# the plan office
def test_the_plan_office_is_told_when_nobody_is_left_and_can_invite(browser, make, signer, organisation, guest):
    office = make.person(Role.PLAN_OFFICE, email="ufficio@example.org")
    services.give(guest, organisation, MandateKind.SPEAKS, actor=signer)
    services.end(guest.mandates[0], actor=guest)
    assert mails(office.email) == []
    browser(signer).submit("/profilo", action=f"/profilo/organizzazioni/{signer.mandates[0].id}/lascia")
    assert [m.subject for m in mails(office.email)] == ["Nessuno parla più a nome di Pro Loco"]
    assert "Pro Loco" in text_of(browser(office).get("/ufficio/organizzazioni"))
    invite(browser, office, organisation, kind="signs")
    browser(guest).submit(link("ugo@example.org"))
    assert kinds_of(guest) == ["signs"]


def test_whoever_closes_an_account_speaks_for_nobody(app, make, signer, organisation):
    office = make.person(Role.PLAN_OFFICE, email="ufficio@example.org")
    services.invite(organisation, MandateKind.SPEAKS, "ugo@example.org", inviter=signer, language="it")
    accounts.close(signer, actor=signer)
    db.session.refresh(signer)
    assert kinds_of(signer) == []
    assert len(mails(office.email)) == 1
    assert queries.mandates_of(organisation) == []
    assert db.session.scalars(sa.select(Invitation)).one().waits() is False


def test_where_there_is_no_plan_office_the_administrators_are_told(app, make, signer, organisation):
    admin = make.person(Role.PLATFORM_ADMIN, email="admin@example.org")
    services.end(signer.mandates[0], actor=signer)
    assert len(mails(admin.email)) == 1


# contributions
def test_the_mandate_of_that_day_stays_on_what_was_written(app, make, signer, organisation):
    mandate, call = signer.mandates[0], make.call()
    proposal = proposals.submit(call, signer, Wording(title="Panchine", body=BODY, organisation=organisation))
    comment = comments.post(proposal.thread, signer, body="D’accordo.", organisation=organisation)
    own = comments.post(proposal.thread, signer, body="Per me.")
    assert (proposal.mandate_id, comment.mandate_id, own.mandate_id) == (mandate.id, mandate.id, None)
    services.end(mandate, actor=signer)
    db.session.refresh(signer)
    assert (proposal.mandate_id, proposal.byline, comment.byline) == (mandate.id, "Pro Loco", "Pro Loco")
    proposals.edit(proposal, signer, Wording(title="Panchine e ombra", body=BODY, organisation=organisation),
                   seen=proposal.version)
    assert (proposal.mandate_id, proposal.organisation) == (mandate.id, organisation)


def test_nobody_writes_for_an_organisation_without_its_mandate(app, make, signer, organisation, guest):
    call, thread = make.call(), make.proposal().thread
    with pytest.raises(MandateError):
        proposals.submit(call, guest, Wording(title="Panchine", body=BODY, organisation=organisation))
    with pytest.raises(MandateError):
        comments.post(thread, guest, body="A nome loro.", organisation=organisation)


def test_a_draft_is_sent_with_the_mandate_of_the_day_it_is_sent(browser, app, make, signer, organisation):
    draft = proposals.save_draft(make.call(), signer, Wording(title="Panchine", body=BODY, organisation=organisation))
    services.end(signer.mandates[0], actor=signer)
    db.session.refresh(signer)
    with pytest.raises(MandateError):
        proposals.edit(draft, signer, proposals.worded(draft), seen=draft.version, send=True)
    visitor, path = browser(signer), f"/proposte/{draft.id}/modifica"
    assert "Non parli più a nome di Pro Loco" in text_of(visitor.get(path))
    assert visitor.submit(path, button=("act", "submit")).status_code == 303
    assert (draft.organisation_id, draft.mandate_id) == (None, None)
