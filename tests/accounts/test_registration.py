"""Signing up and confirming an address: nobody learns who has an account, and a mail scanner confirms nothing."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts import registration, services
from consult.accounts.models import MailToken, Person, Role, TokenPurpose
from consult.audit.models import AuditEntry
from consult.core import clock, passwords
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.privacy import retention
from tests.browser import NAMESPACE, document, text_of

PASSWORD = "sette gatti sul campanile"
LINK = re.compile(r"http://localhost:8000(/(?:conferma|reimposta)/[\w-]+)")


@pytest.fixture
def town(make):
    make.authority()
    return make.town()


def register(visitor, town=None, **changes):
    fields = {"email": "nuova@example.org", "password": PASSWORD, "display_name": "Nora Nuova",
              "municipality": str(town.id) if town else "0", "of_age": "y", **changes}
    return visitor.submit("/registrati", {name: value for name, value in fields.items() if value is not None})


def mails():
    return db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def link():
    return LINK.search(mails()[-1].text)[1]


def person(email="nuova@example.org"):
    return db.session.scalar(sa.select(Person).where(Person.email == email))


def test_whoever_registers_confirms_and_signs_in(browser, town):
    visitor = browser()
    response = register(visitor, town, email=" Nuova@Example.org ")
    assert (response.status_code, response.location) == (303, "/posta-inviata")
    nora = person()
    assert (nora.display_name, nora.municipality_id, nora.confirmed_at) == ("Nora Nuova", town.id, None)
    assert mails()[-1].recipient == "nuova@example.org"
    confirmed = visitor.submit(link())
    assert (confirmed.status_code, confirmed.location) == (303, "/accedi")
    assert "Il tuo indirizzo è confermato." in text_of(visitor.get("/accedi"))
    assert visitor.submit("/accedi", {"email": "nuova@example.org", "password": PASSWORD}).status_code == 303
    assert "Nora Nuova" in text_of(visitor.get("/profilo"))
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["Registered", "Confirmed", "SignedIn"]


def test_opening_the_link_confirms_nothing(browser, town):
    visitor = browser()
    register(visitor, town)
    address = link()
    for _ in range(3):
        page = visitor.get(address)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
    visitor._client.head(address)
    assert person().confirmed_at is None
    assert visitor.submit(address).status_code == 303
    assert person().confirmed_at is not None


def test_a_link_is_good_once(browser, town):
    visitor = browser()
    register(visitor, town)
    address = link()
    visitor.submit(address)
    again = visitor.get(address)
    assert again.status_code == 410
    assert "Questo link non vale più" in text_of(again)
    assert visitor.post(address).status_code == 410


def test_a_link_lasts_two_days(browser, town):
    visitor = browser()
    register(visitor, town)
    address = link()
    with clock.at(clock.now() + timedelta(hours=47, minutes=59)):
        assert visitor.get(address).status_code == 200
    with clock.at(clock.now() + timedelta(hours=48, minutes=1)):
        assert visitor.get(address).status_code == 410
        assert visitor.post(address).status_code == 410
    assert person().confirmed_at is None


def test_a_link_is_good_for_its_purpose_only(browser, town):
    visitor = browser()
    register(visitor, town)
    token = link().rpartition("/")[2]
    assert visitor.get(f"/reimposta/{token}").status_code == 410
    assert visitor.post(f"/reimposta/{token}", {"password": "un'altra password mia"}).status_code == 410
    assert person().confirmed_at is None


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 5000, "%00", "%ff%fe", "..", "1", "-1", "'--"])
def test_a_made_up_link_is_worth_nothing(browser, town, token):
    for path in ("/conferma", "/reimposta"):
        assert browser().get(f"{path}/{token}").status_code in (404, 410)
        assert browser().post(f"{path}/{token}").status_code in (404, 410)


def test_only_a_hash_of_the_link_is_kept(browser, town):
    register(browser(), town)
    token = link().rpartition("/")[2]
    kept = db.session.scalars(sa.select(MailToken)).one()
    assert kept.token_hash == services.hashed(token)


def test_a_known_address_gets_the_same_answer_and_another_mail(browser, town, make):
    make.person(email="nota@example.org", display_name="Nota Daprima", password_hash="intatta")
    new, known = browser(), browser()
    answers = [register(new, town), register(known, town, email="nota@example.org", display_name="Altro Nome")]
    assert {(a.status_code, a.location) for a in answers} == {(303, "/posta-inviata")}
    assert text_of(new.get("/posta-inviata")) == text_of(known.get("/posta-inviata"))
    assert [m.subject for m in mails()] == ["Conferma il tuo indirizzo e-mail", "Hai già un account"]
    assert not LINK.search(mails()[-1].text)
    assert (person("nota@example.org").password_hash, person("nota@example.org").display_name) == (
        "intatta", "Nota Daprima")


def test_a_closed_account_gets_the_same_answer_and_stays_closed(browser, town, make):
    services.close(make.person(email="chiusa@example.org"), actor=None)
    response = register(browser(), town, email="chiusa@example.org")
    assert (response.status_code, response.location) == (303, "/posta-inviata")
    assert mails()[-1].subject == "L’account con questo indirizzo è chiuso"


def test_what_a_stranger_registered_before_does_not_become_the_owners(browser, town):
    """Somebody registers with another's address and a password of their own; the owner's registration replaces it."""
    register(browser(), town, password="la chiave del ladro", display_name="Il Ladro")
    former = link()
    register(browser(), town)
    assert browser().get(former).status_code == 410
    owner = browser()
    assert "Nora Nuova" in text_of(owner.get(link()))
    owner.submit(link())
    assert passwords.right(PASSWORD, person().password_hash)
    assert not passwords.right("la chiave del ladro", person().password_hash)


def test_mails_repeat_nothing_that_a_stranger_typed(browser, town):
    register(browser(), town, display_name="Vinci un premio subito qui")
    assert "premio" not in mails()[-1].subject + mails()[-1].text


def test_links_are_built_from_the_address_of_the_site_whatever_host_was_asked(browser, make):
    visitor = browser()
    lie = {"base_url": "http://evil.example", "headers": {"X-Forwarded-Host": "evil.example"}}
    page = visitor.get("/conferma", **lie).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    make.person(email="nuova@example.org", confirmed_at=None)
    answer = visitor.post("/conferma", {"email": "nuova@example.org", "csrf_token": token}, **lie)
    assert answer.status_code == 303
    assert LINK.search(mails()[-1].text)
    assert "evil" not in mails()[-1].text


@pytest.mark.parametrize(("language", "subject"), [
    ("it", "Conferma il tuo indirizzo e-mail"), ("en", "Confirm your e-mail address"),
    ("de", "Bestätigen Sie Ihre E-Mail-Adresse"), ("fr", "Confirmez votre adresse e-mail"),
])
def test_the_mail_is_in_the_language_of_the_page(browser, town, language, subject):
    visitor = browser()
    visitor.get(f"/registrati?lingua={language}")
    register(visitor, town)
    assert (mails()[-1].subject, mails()[-1].language, person().language) == (subject, language, language)
    assert "Unione di prova" in mails()[-1].text


def test_a_mail_says_who_writes_and_why_in_plain_text(browser, town):
    register(browser(), town)
    text = mails()[-1].text
    assert "Unione di prova" in text
    assert "si è registrato con questo indirizzo" in text
    assert "Se non hai chiesto nulla" in text
    assert "http://localhost:8000" in text
    assert "<" not in text
    assert "&" not in text


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"email": ""}, "Scrivi il tuo indirizzo e-mail"),
    ({"email": "non è un indirizzo"}, "Questo non è un indirizzo e-mail"),
    ({"email": f"{'a' * 64}@{'b' * 200}.it"}, "Questo non è un indirizzo e-mail"),
    ({"email": "uno@example.org\r\nBcc: altri@example.org"}, "Questo non è un indirizzo e-mail"),
    ({"password": ""}, "Scegli una password."),
    ({"password": "corta"}, "troppo corta: servono almeno 12 caratteri"),
    ({"password": "x y z " * 25}, "troppo lunga: può avere al massimo 128 caratteri"),
    ({"password": "password1234"}, "Molte persone usano questa password"),
    ({"password": "Buongiorno123"}, "Molte persone usano questa password"),
    ({"password": "aaaaaaaaaaaaaaaa"}, "Molte persone usano questa password"),
    ({"password": "dimostrazione"}, "Molte persone usano questa password"),
    ({"password": "noranuova 1999"}, "contiene il tuo nome o il tuo indirizzo"),
    ({"password": "la mia nuova@example.org"}, "contiene il tuo nome o il tuo indirizzo"),
    ({"display_name": ""}, "Scrivi il nome con cui vuoi comparire."),
    ({"display_name": "   "}, "Scrivi un nome di almeno due lettere."),
    ({"display_name": "\u200b\u200b\u200b"}, "Scrivi un nome di almeno due lettere."),
    ({"display_name": "nora@example.org"}, "Scrivi un nome, non un indirizzo"),
    ({"display_name": "x" * 81}, "80"),
    ({"municipality": ""}, "Scegli il comune in cui vivi."),
    ({"of_age": None}, "Spunta la casella"),
])
def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(browser, town, changes, sentence):
    response = register(browser(), town, **changes)
    assert response.status_code == 200
    assert sentence in text_of(response)
    page = response.get_data(as_text=True)
    if "display_name" not in changes:
        assert 'value="Nora Nuova"' in page
    assert PASSWORD not in page
    assert person() is None
    assert mails() == []


@pytest.mark.parametrize("municipality", ["999999999", "2147483648", "9" * 20, "-1", "x", "1; DROP TABLE person"])
def test_a_municipality_that_was_not_offered_is_refused(browser, town, municipality):
    response = register(browser(), town, municipality=municipality)
    assert response.status_code == 200
    assert person() is None


def test_whoever_lives_elsewhere_can_register(browser, town):
    register(browser(), None)
    assert person().municipality_id is None


@pytest.mark.parametrize("name", [
    "<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "Zoë 李 Ñandú", "O’Neil & figli"])
def test_a_name_is_kept_as_typed_and_shown_harmless(browser, town, name):
    visitor = browser()
    register(visitor, town, display_name=name)
    assert person().display_name == name
    page = visitor.get(link())
    assert name in text_of(page)
    assert "<script>alert" not in page.get_data(as_text=True)
    assert "<img src=x" not in page.get_data(as_text=True)


def test_a_password_of_128_characters_in_any_script_is_welcome(browser, town):
    password = ("été Straße 李 🌻 " * 20)[:127] + "!"
    assert register(browser(), town, password=password).status_code == 303
    assert passwords.right(password, person().password_hash)


@pytest.mark.parametrize(("path", "fields"), [
    ("/registrati", {"password": PASSWORD, "display_name": "Nora Nuova", "municipality": "0", "of_age": "y"}),
    ("/conferma", {}), ("/password-dimenticata", {})])
def test_a_machine_that_fills_in_every_field_gets_the_usual_answer_and_nothing_else(browser, town, path, fields):
    response = browser().submit(path, {"email": "nuova@example.org", "topic": "https://spam.example", **fields})
    assert (response.status_code, response.location) == (303, "/posta-inviata")
    assert person() is None
    assert mails() == []


@pytest.mark.parametrize("path", ["/registrati", "/conferma", "/password-dimenticata"])
def test_no_person_meets_the_field_for_machines(browser, town, path):
    """Not by reading, not by tabbing, not by letting the browser or a manager of passwords fill the form in."""
    page = document(browser().get(path))
    hiding = [box for box in page.iter(f"{NAMESPACE}div") if box.get("class") == "trap"]
    assert [box.get("aria-hidden") for box in hiding] == ["true"]
    field, label = next(hiding[0].iter(f"{NAMESPACE}input")), next(hiding[0].iter(f"{NAMESPACE}label"))
    assert (field.get("tabindex"), field.get("autocomplete"), field.get("value")) == ("-1", "off", "")
    assert (field.get("name"), label.get("for")) == ("topic", field.get("id"))  # a name that no autofill knows
    assert field.get("required") is None
    assert label.text == "Lascia vuoto questo campo"
    assert {"data-1p-ignore", "data-lpignore", "data-bwignore", "data-form-type"} <= set(field.attrib)


def test_columns_that_the_form_does_not_offer_are_not_taken(browser, town):
    register(browser(), town, confirmed_at="2020-01-01", is_staff="1", role="platform_admin", id="7", title="Sindaca",
             closed_at="x", source="x")
    nora = person()
    assert (nora.confirmed_at, nora.title, nora.role_grants, nora.source) == (None, "", [], None)


def test_a_form_sent_twice_registers_once_and_sends_one_mail(browser, town):
    visitor = browser()
    form = visitor.form("/registrati")
    fields = {**form["fields"], "email": "nuova@example.org", "password": PASSWORD, "display_name": "Nora Nuova",
              "municipality": "0", "of_age": "y"}
    answers = [visitor.post("/registrati", fields) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, "/posta-inviata")] * 2
    assert len(mails()) == 1


def test_a_form_put_right_is_accepted_with_the_same_key(browser, town):
    visitor = browser()
    form = visitor.form("/registrati")
    fields = {**form["fields"], "email": "nuova@example.org", "password": "corta", "display_name": "Nora Nuova",
              "municipality": "0", "of_age": "y"}
    assert visitor.post("/registrati", fields).status_code == 200
    assert visitor.post("/registrati", {**fields, "password": PASSWORD}).status_code == 303
    assert person() is not None


@pytest.mark.parametrize(("who", "subject"), [
    ("waiting", "Conferma il tuo indirizzo e-mail"),
    ("confirmed", "Hai già un account"),
    ("closed", "L’account con questo indirizzo è chiuso"),
    ("nobody", "Non c’è un account con questo indirizzo"),
])
def test_the_link_can_be_asked_for_again_with_one_answer_for_all(browser, town, make, who, subject):
    if who != "nobody":
        make.person(email="nuova@example.org", confirmed_at=None if who == "waiting" else clock.now(),
                    closed_at=clock.now() if who == "closed" else None)
    response = browser().submit("/conferma", {"email": "Nuova@example.org"})
    assert (response.status_code, response.location) == (303, "/posta-inviata")
    assert [(m.recipient, m.subject) for m in mails()] == [("nuova@example.org", subject)]
    assert bool(LINK.search(mails()[-1].text)) is (who == "waiting")


def test_accounts_that_nobody_confirms_are_dropped_after_two_weeks(app, make, town):
    registration.register("nuova@example.org", password=PASSWORD, name="Nora", municipality_id=None, language="it")
    kept = [make.person(email="confermata@example.org"), make.person(email=None, confirmed_at=None),
            make.person(Role.MODERATOR, email="invitata@example.org", confirmed_at=None, password_hash="x")]
    with clock.at(clock.now() + timedelta(days=13)):
        retention.run(clock.today())
        assert person() is not None
    with clock.at(clock.now() + timedelta(days=15)):
        retention.run(clock.today())
        db.session.expire_all()
        assert person() is None
    assert db.session.scalar(sa.select(sa.func.count(MailToken.id))) == 0
    assert len(db.session.scalars(sa.select(Person).where(Person.id.in_([p.id for p in kept]))).all()) == 3


def test_two_who_follow_a_link_at_once_use_it_once(app, make, town):
    registration.register("nuova@example.org", password=PASSWORD, name="Nora", municipality_id=None, language="it")
    token = link().rpartition("/")[2]
    assert registration.holder(token, TokenPurpose.CONFIRM)
    assert registration.confirm(token) is not None
    assert registration.confirm(token) is None


def test_a_link_is_sent_even_if_an_older_one_with_its_number_was_forgotten(browser, make):
    """SQLite gives the number of a deleted row to the next: the key of a message must not depend on it."""
    make.authority()
    make.town()
    for address in ("prima@example.org", "seconda@example.org"):
        registration.register(address, password="una frase lunga", name="Ada", municipality_id=None, language="it")
        db.session.flush()
        db.session.execute(sa.delete(MailToken))
    sent = db.session.scalars(sa.select(OutboxMessage.recipient).order_by(OutboxMessage.id)).all()
    assert sent == ["prima@example.org", "seconda@example.org"]
