"""Versions of the privacy notice: published by the office, noted at registration, asked for again, blocking nobody."""

import pytest
import sqlalchemy as sa

from consult.accounts import registration
from consult.accounts.models import Person, Role
from consult.core.db import db
from consult.core.languages import Localized
from consult.privacy import queries, services
from consult.privacy.models import NoticeRead, PrivacyNotice
from tests.browser import text_of

PUBLISH = "/ufficio/informativa"
FIELDS = {"text_it": "## Titolare\n\nL'Unione **di prova**.", "changes_it": "Cambia il responsabile."}


@pytest.fixture
def office(make):
    make.process()
    return make.person(Role.PLAN_OFFICE)


def read():
    return db.session.execute(sa.select(NoticeRead.person_id, NoticeRead.version)
                              .order_by(NoticeRead.person_id, NoticeRead.version)).all()


def test_a_new_version_takes_the_place_of_the_former(browser, office):
    assert "In breve" in text_of(browser().get("/pagine/privacy"))
    answer = browser(office).submit(PUBLISH, FIELDS)
    assert (answer.status_code, answer.location) == (303, PUBLISH)
    page = browser().get("/pagine/privacy").get_data(as_text=True)
    assert "<strong>di prova</strong>" in page
    assert "In breve" not in page
    assert "Versione 1" in page
    assert 'data-table="retention"' in page
    listed = text_of(browser(office).get(PUBLISH))
    assert "Cambia il responsabile." in listed


def test_whoever_has_an_account_is_asked_to_read_it_and_can_go_on_meanwhile(browser, make, office):
    reader = browser(make.person())
    assert "è cambiata" not in text_of(reader.get("/"))
    browser(office).submit(PUBLISH, FIELDS)
    page = text_of(reader.get("/percorsi"))
    assert "L'informativa sulla privacy è cambiata" in page
    assert "Cambia il responsabile." in page
    assert reader.get(f"/raccolte/{make.call().id}/proponi").status_code == 200
    assert "è cambiata" not in text_of(browser().get("/percorsi"))  # visitors have no account to be asked about
    answer = reader.submit("/percorsi", action="/profilo/informativa")
    assert (answer.status_code, answer.location) == (303, "/percorsi")
    assert "è cambiata" not in text_of(reader.get("/percorsi"))
    assert read() == [(reader.person_id, 1)]
    reader.post("/profilo/informativa", {"next": "/"})
    assert read() == [(reader.person_id, 1)]


def test_at_registration_the_version_in_force_is_noted(app, make, office):
    def register(email):
        registration.register(email, password="sette gatti sul campanile", name="Nora", municipality_id=None,
                              language="it")
        return db.session.scalars(sa.select(Person).where(Person.email == email)).one()

    first = register("prima@example.org")
    services.publish(Localized.of("Testo."), Localized.of("Nuova."), office)
    second = register("dopo@example.org")
    assert read() == [(first.id, 0), (second.id, 1)]
    assert queries.unread(first).version == 1
    assert queries.unread(second) is None


@pytest.mark.parametrize(("role", "status"), [
    (Role.PLAN_OFFICE, 200), (Role.PLATFORM_ADMIN, 200), (Role.MODERATOR, 403), (None, 403)])
def test_who_may_publish(browser, make, office, role, status):
    who = make.person(role) if role else make.person()
    assert browser(who).get(PUBLISH).status_code == status
    assert browser(who).post(PUBLISH, FIELDS).status_code == (303 if status == 200 else 403)


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"text_it": ""}, "Scrivi il testo dell'informativa in italiano."),
    ({"text_it": "   "}, "Scrivi il testo dell'informativa in italiano."),
    ({"changes_it": ""}, "in una frase, in italiano, che cosa cambia"),
    ({"text_it": "x" * 30001}, "30000"),
    ({"changes_it": "x" * 301}, "300"),
])
def test_a_notice_that_cannot_be_published(browser, office, changes, sentence):
    answer = browser(office).submit(PUBLISH, {**FIELDS, **changes})
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert db.session.scalars(sa.select(PrivacyNotice)).all() == []


def test_a_notice_sent_twice_is_published_once(browser, office):
    visitor = browser(office)
    fields = {**visitor.form(PUBLISH)["fields"], **FIELDS}
    assert [visitor.post(PUBLISH, fields).status_code for _ in range(2)] == [303, 303]
    assert [notice.version for notice in queries.notices()] == [1]


def test_html_in_a_notice_does_nothing(browser, office):
    browser(office).submit(PUBLISH, {**FIELDS, "text_it": "<script>alert(1)</script>[x](javascript:alert(1))",
                                     "changes_it": "<img src=x onerror=alert(1)>"})
    for page in (browser().get("/pagine/privacy"), browser(office).get("/")):
        text = page.get_data(as_text=True)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text


def test_the_sentence_leads_nowhere_else(browser, make, office):
    services.publish(Localized.of("Testo."), Localized.of("Nuova."), office)
    answer = browser(make.person()).post("/profilo/informativa", {"next": "https://evil.example/"})
    assert answer.location == "/"
