"""Addresses to throw away: compared by their labels, edited by the administrator, refused with a sentence."""

import pytest
import sqlalchemy as sa

from consult.accounts import domains
from consult.accounts.models import Person, Role
from consult.audit.models import AuditEntry
from consult.core.db import db
from tests.browser import text_of

PAGE = "/ufficio/domini"
FIELDS = {"password": "sette gatti sul campanile", "display_name": "Nora", "municipality": "0", "of_age": "y"}


@pytest.fixture
def office(browser, make):
    make.authority()
    return browser(make.person(Role.PLATFORM_ADMIN))


@pytest.fixture
def visitor(browser, make):
    make.authority()
    return browser()


def facts():
    return [(entry.event, entry.facts) for entry in db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event.like("Domain%")).order_by(AuditEntry.id))]


@pytest.mark.parametrize(("email", "refused"), [
    ("a@mailinator.com", True), ("a@MAILINATOR.com", True), ("a@sub.mailinator.com", True),
    ("a@a.b.c.mailinator.com", True), ("a@notmailinator.com", False), ("a@mailinator.com.example.org", False),
    ("a@mailinator.it", False), ("a@com", False), ("mailinator.com@example.org", False), ("", False), ("x", False),
    ("a@xn--mailinator-.com", False), ("a@mailinator\u3002com", True),
])
def test_labels_are_compared_and_not_letters(app, email, refused):
    assert (domains.why_refused(email) is not None) is refused


def test_nobody_registers_with_one(visitor):
    response = visitor.submit("/registrati", {**FIELDS, "email": "nora@yopmail.com"})
    assert response.status_code == 200
    assert "Gli indirizzi di questo servizio sono usa e getta" in text_of(response)
    assert db.session.scalar(sa.select(Person.id).where(Person.email == "nora@yopmail.com")) is None
    assert visitor.submit("/registrati", {**FIELDS, "email": "nora@example.org"}).status_code == 303


def test_the_administrator_adds_a_domain_and_lets_it_in_again(office, app):
    assert office.submit(PAGE, {"domain": " @Usaegetta.Example.COM. "}).location == PAGE
    assert domains.why_refused("x@posta.usaegetta.example.com") is not None
    assert "usaegetta.example.com" in text_of(office.get(PAGE))
    assert "erano già rifiutati" in text_of(again(office, "usaegetta.example.com"))
    office.post(f"{PAGE}/ammetti", {"domain": "usaegetta.example.com"})
    assert domains.why_refused("x@usaegetta.example.com") is None
    assert facts() == [("DomainRefused", {"domain": "usaegetta.example.com"}),
                       ("DomainLetIn", {"domain": "usaegetta.example.com"})]


def again(office, domain):
    office.submit(PAGE, {"domain": domain})
    return office.get(PAGE)


def test_one_of_the_list_of_the_house_can_be_let_in_and_refused_again(office, app):
    office.post(f"{PAGE}/ammetti", {"domain": "yopmail.com"})
    assert domains.why_refused("x@yopmail.com") is None
    assert "yopmail.com" in domains.lists().let_in
    office.submit(PAGE, {"domain": "yopmail.com"})
    assert domains.why_refused("x@yopmail.com") is not None
    assert domains.lists().let_in == []
    assert [event for event, _facts in facts()] == ["DomainLetIn", "DomainRefused"]


def test_an_address_can_be_tried(office):
    assert "x@a.yopmail.com viene rifiutato." in text_of(office.get(f"{PAGE}?indirizzo=x@a.yopmail.com"))
    assert "x@example.org può registrarsi." in text_of(office.get(f"{PAGE}?indirizzo=x@example.org"))


@pytest.mark.parametrize("domain", ["", "x", "com", "a b.it", "\x00", "a" * 300 + ".it", "<b>.it", "-.it", "1.2.3.4"])
def test_what_is_no_domain_gets_a_sentence(office, domain):
    response = office.submit(PAGE, {"domain": domain})
    assert response.status_code == 200
    assert "error-summary" in response.get_data(as_text=True)
    assert office.post(f"{PAGE}/ammetti", {"domain": domain}).status_code == 303
    assert facts() == []


@pytest.mark.parametrize("roles", [(), (Role.PLAN_OFFICE,), (Role.MODERATOR,)])
def test_only_the_administrator_of_the_platform(browser, make, roles):
    make.authority()
    visitor = browser(make.person(*roles))
    assert visitor.get(PAGE).status_code == 403
    assert visitor.post(PAGE, {"domain": "example.org"}).status_code == 403
    assert visitor.post(f"{PAGE}/ammetti", {"domain": "yopmail.com"}).status_code == 403


def test_the_list_of_the_house_is_in_the_form_in_which_domains_are_compared():
    assert all(domains.named(name) == name for name in domains._shipped())
