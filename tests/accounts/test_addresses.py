"""Moving an account to another address: two links, both needed; the old address can stop it."""

import pytest
import sqlalchemy as sa

from consult.accounts import addresses, registration, services
from consult.accounts.addresses import AddressChange
from consult.accounts.models import MailToken, TokenPurpose
from consult.audit.models import AuditEntry
from consult.core import clock, passwords
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from tests.browser import text_of

PASSWORD = "una panchina sotto il tiglio"
OLD, NEW = "cittadina@example.org", "nuova@example.com"
PAGE = "/profilo/indirizzo"


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(email=OLD, password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def visitor(browser, citizen):
    started = browser(citizen)
    started.submit("/profilo/riconosci", {"password": PASSWORD})
    return started


def link(address):
    """The path of the latest link sent to an address."""
    text = db.session.scalars(sa.select(OutboxMessage.text).where(OutboxMessage.recipient == address)
                              .order_by(OutboxMessage.id.desc())).first()
    return "/cambio-indirizzo/" + text.partition("/cambio-indirizzo/")[2].split()[0]


def subjects(address):
    return db.session.scalars(sa.select(OutboxMessage.subject).where(OutboxMessage.recipient == address)
                              .order_by(OutboxMessage.id)).all()


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def ask(visitor, email=NEW):
    return visitor.submit(PAGE, {"email": email})


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_the_address_changes_once_both_links_were_followed(visitor, browser, citizen, order):
    assert ask(visitor, " Nuova@Example.COM ").status_code == 303
    assert f"Hai chiesto di passare a {NEW}" in text_of(visitor.get("/profilo"))
    paths = [link(address) for address in order]
    elsewhere = browser()
    assert elsewhere.submit(paths[0]).location == "/accedi"
    assert citizen.email == OLD
    assert "Ora apri anche il link" in text_of(elsewhere.get("/accedi"))
    elsewhere.submit(paths[1])
    assert citizen.email == NEW
    assert "da ora accedi con quello nuovo" in text_of(elsewhere.get("/accedi"))
    assert [subjects(address)[-1] for address in (OLD, NEW)] == ["Il tuo indirizzo e-mail è cambiato"] * 2
    assert recorded()[-4:] == ["AddressChangeAsked", "AddressAgreed", "AddressAgreed", "AddressChanged"]
    assert db.session.scalars(sa.select(AddressChange)).all() == []
    assert services.authenticate(NEW, PASSWORD) is citizen
    assert services.authenticate(OLD, PASSWORD) is None


def test_looking_at_a_link_changes_nothing(visitor, browser, citizen):
    ask(visitor)
    for address in (OLD, NEW):
        page = browser().get(link(address))
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
    assert citizen.email == OLD
    assert not db.session.scalars(sa.select(AddressChange)).one().agreed(addresses.Side.OLD)


def test_one_link_twice_is_not_both(visitor, browser, citizen):
    ask(visitor)
    for _ in range(2):
        browser().post(link(NEW), {"choice": "agree"})
    assert citizen.email == OLD


def test_the_old_address_can_stop_it(visitor, browser, citizen):
    ask(visitor)
    new = link(NEW)
    browser().submit(new)
    assert "fermalo" in text_of(browser().get(link(OLD)))
    browser().submit(link(OLD), button=("choice", "stop"))
    assert recorded()[-1] == "AddressChangeStopped"
    assert browser().get(new).status_code == 410
    assert citizen.email == OLD


def test_the_new_address_cannot_stop_what_it_was_asked(visitor, browser, citizen):
    ask(visitor)
    browser().post(link(NEW), {"choice": "stop"})
    assert db.session.scalars(sa.select(AddressChange)).one().agreed(addresses.Side.NEW)


def test_it_can_be_stopped_from_the_profile(visitor, citizen):
    ask(visitor)
    assert visitor.submit("/profilo", action=f"{PAGE}/ferma").location == "/profilo"
    assert "i due link non valgono più" in text_of(visitor.get("/profilo"))
    assert visitor.post(f"{PAGE}/ferma").status_code == 303
    assert recorded().count("AddressChangeStopped") == 1


def test_it_asks_for_the_password_first(browser, citizen):
    visitor = browser(citizen)
    assert visitor.get(PAGE).location == f"/profilo/riconosci?next={PAGE}"
    assert visitor.post(PAGE, {"email": NEW}).location.startswith("/profilo/riconosci")
    assert db.session.scalars(sa.select(AddressChange)).all() == []


def test_asking_again_makes_the_links_before_worthless(visitor, browser):
    ask(visitor)
    before = link(NEW)
    ask(visitor, "altra@example.com")
    assert browser().get(before).status_code == 410
    assert browser().get(link("altra@example.com")).status_code == 200


@pytest.mark.parametrize("event", ["password", "time", "closing"])
def test_links_die(visitor, browser, citizen, event):
    ask(visitor)
    paths = [link(OLD), link(NEW)]
    if event == "password":
        services.set_password(citizen, "un ponte nuovo sul torrente", actor=None)
    elif event == "closing":
        services.close(citizen, actor=None)
    with clock.at(clock.now() + (addresses.LASTS + clock.timedelta(hours=1) if event == "time"
                                 else clock.timedelta())):
        for path in paths:
            assert browser().get(path).status_code == browser().post(path).status_code == 410
    assert citizen.email == OLD


def test_links_to_a_new_password_sent_to_the_old_address_die_with_it(visitor, browser, citizen):
    registration.ask_reset(OLD, language="it")
    ask(visitor)
    for address in (OLD, NEW):
        browser().submit(link(address))
    token = db.session.scalars(sa.select(MailToken).where(MailToken.purpose == TokenPurpose.RESET)).one()
    assert token.used_at is not None


def test_whether_the_new_address_has_an_account_shows_only_in_its_mail(visitor, browser, make, citizen):
    make.person(email=NEW)
    taken = ask(visitor)
    page = text_of(visitor.get("/profilo"))
    assert subjects(NEW) == ["Hai già un account"]
    assert subjects(OLD) == ["Vuoi cambiare il tuo indirizzo e-mail?"]
    browser().submit(link(OLD))
    assert citizen.email == OLD
    free = ask(visitor, "libera@example.com")
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    assert text_of(visitor.get("/profilo")).replace("libera@example.com", NEW)[:200] == page[:200]


def test_of_two_who_want_one_address_one_gets_it(visitor, browser, make, citizen):
    other = make.person(email="altra@example.org", password_hash=citizen.password_hash)
    addresses.ask(other, NEW)
    theirs = [link("altra@example.org"), link(NEW)]
    ask(visitor)
    mine = [link(OLD), link(NEW)]
    for path in mine:
        browser().submit(path)
    late = browser()
    for path in theirs:
        late.submit(path)
    assert (citizen.email, other.email) == (NEW, "altra@example.org")
    assert "ora è di qualcun altro" in text_of(late.get("/accedi"))


@pytest.mark.parametrize(("email", "sentence"), [
    ("", "Scrivi il nuovo indirizzo e-mail"), ("x", "non è un indirizzo"),
    ("Cittadina@Example.org", "È l’indirizzo che il tuo account ha già."),
    ("a@mailinator.com", "usa e getta"), ("a@" + "b" * 300 + ".org", "troppo lungo"), ("a\x00@example.com", ""),
])
def test_what_cannot_be_an_address_gets_a_sentence(visitor, citizen, email, sentence):
    response = ask(visitor, email)
    assert response.status_code == 200 if sentence else response.status_code in (200, 303)
    assert sentence in text_of(response)


@pytest.mark.parametrize("token", ["x", "%00", "a" * 5000, "..%2f", "é"])
def test_a_made_up_link_is_worthless(browser, citizen, token):
    assert browser().get(f"/cambio-indirizzo/{token}").status_code in (404, 410)
    assert browser().post(f"/cambio-indirizzo/{token}").status_code in (404, 410)
