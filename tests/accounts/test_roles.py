"""Roles: who gives them, what they change, and that nobody can lock the house from inside."""

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from consult.accounts import registration, services
from consult.accounts.models import Person, Role, RoleGrant
from consult.audit.models import AuditEntry
from consult.core import passwords
from consult.core.db import db
from tests.browser import text_of

PASSWORD = "sette gatti sul campanile"


@pytest.fixture
def admin(make):
    make.authority()
    return make.person(Role.PLATFORM_ADMIN, email="admin@example.org", display_name="Ada")


@pytest.fixture
def citizen(make):
    return make.person(email="carla@example.org", display_name="Carla")


def recorded():
    return [(entry.event, entry.facts) for entry in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]


# the services
def test_a_role_is_given_once_and_recorded(app, citizen, admin):
    assert services.grant(citizen, Role.MODERATOR, actor=admin) is True
    assert services.grant(citizen, Role.MODERATOR, actor=admin) is False
    assert citizen.holds(Role.MODERATOR)
    assert recorded() == [("RoleGranted", {"person_id": citizen.id, "role": "moderator", "process_id": None})]


def test_a_role_for_one_percorso_is_told_from_one_for_all(app, citizen, make):
    process = make.process()
    assert services.grant(citizen, Role.MODERATOR, process_id=process.id) is True
    assert services.grant(citizen, Role.MODERATOR, process_id=process.id) is False
    assert services.grant(citizen, Role.MODERATOR) is True
    assert services.revoke(citizen, Role.MODERATOR) is True
    assert citizen.holds(Role.MODERATOR, process_id=process.id)
    assert not citizen.holds(Role.MODERATOR, process_id=process.id + 1)
    assert services.revoke(citizen, Role.MODERATOR) is False
    assert services.revoke(citizen, Role.MODERATOR, process_id=process.id) is True
    assert citizen.role_grants == []


def test_getting_and_losing_a_role_ends_every_session(browser, citizen):
    visitor = browser(citizen)
    services.grant(citizen, Role.MODERATOR)
    assert visitor.get("/profilo").status_code == 303
    visitor = browser(citizen)
    assert visitor.get("/profilo").status_code == 200
    services.revoke(citizen, Role.MODERATOR)
    assert visitor.get("/profilo").status_code == 303


def test_the_platform_is_administered_whole(app, citizen, make):
    with pytest.raises(services.RoleError), force_locale("en"):
        services.grant(citizen, Role.PLATFORM_ADMIN, process_id=make.process().id)
    assert citizen.role_grants == []


def test_somebody_always_administers_the_platform(app, admin, citizen, make):
    with pytest.raises(services.RoleError):
        services.revoke(admin, Role.PLATFORM_ADMIN)
    services.grant(citizen, Role.PLATFORM_ADMIN)
    services.close(citizen, actor=None)
    with pytest.raises(services.RoleError):
        services.revoke(admin, Role.PLATFORM_ADMIN)
    services.grant(make.person(), Role.PLATFORM_ADMIN)
    assert services.revoke(admin, Role.PLATFORM_ADMIN) is True


# the page
def test_only_who_administers_the_platform_sees_and_gives_roles(browser, admin, citizen, make):
    grant = citizen and make.person(Role.MODERATOR).role_grants[0]
    for person in (citizen, make.person(Role.MODERATOR), make.person(Role.PLAN_OFFICE), make.person(Role.STEERING)):
        visitor = browser(person)
        assert visitor.get("/ufficio/ruoli").status_code == 403
        fields = {"email": citizen.email, "role": "moderator"}
        assert visitor.post("/ufficio/ruoli", fields).status_code == 403
        assert visitor.post(f"/ufficio/ruoli/{grant.id}/revoca").status_code == 403
    assert browser().get("/ufficio/ruoli").status_code == 303
    assert citizen.role_grants == []


def test_an_administrator_gives_and_takes_back_a_role_by_address(browser, admin, citizen, make):
    process, visitor = make.process(), browser(admin)
    response = visitor.submit("/ufficio/ruoli", {"email": " Carla@Example.org", "role": "plan_office",
                                                 "process_id": str(process.id)})
    assert (response.status_code, response.location) == (303, "/ufficio/ruoli")
    assert citizen.holds(Role.PLAN_OFFICE, process_id=process.id)
    page = text_of(visitor.get("/ufficio/ruoli"))
    assert "Il ruolo è assegnato" in page
    assert "carla@example.org" in page
    id = db.session.scalars(sa.select(RoleGrant.id).where(RoleGrant.person_id == citizen.id)).one()
    assert visitor.submit("/ufficio/ruoli", action=f"/ufficio/ruoli/{id}/revoca").status_code == 303
    assert citizen.role_grants == []
    assert [event for event, _facts in recorded()] == ["SignedIn", "RoleGranted", "RoleRevoked"]
    assert visitor.post(f"/ufficio/ruoli/{id}/revoca").status_code == 404


def test_a_role_given_to_oneself_holds_under_a_new_session(browser, admin):
    visitor = browser(admin)
    visitor.submit("/ufficio/ruoli", {"email": admin.email, "role": "moderator"})
    assert visitor.get("/ufficio/ruoli").status_code == 200
    assert admin.holds(Role.MODERATOR)


def test_the_last_administrator_is_told_why_the_role_stays(browser, admin):
    visitor = browser(admin)
    grant = admin.role_grants[0]
    visitor.submit("/ufficio/ruoli", action=f"/ufficio/ruoli/{grant.id}/revoca")
    assert "Non resterebbe nessuno ad amministrare la piattaforma" in text_of(visitor.get("/ufficio/ruoli"))
    assert admin.holds(Role.PLATFORM_ADMIN)


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"email": ""}, "Scrivi l’indirizzo e-mail di chi avrà il ruolo."),
    ({"email": "nessuno@example.org"}, "Nessuno ha un account attivo e confermato"),
    ({"role": ""}, "Scegli un ruolo."),
    ({"role": "emperor"}, "Scegli una delle voci proposte."),
    ({"process_id": "77"}, "Scegli una delle voci proposte."),
    ({"process_id": "99999999999"}, "Scegli una delle voci proposte."),
])
def test_what_is_wrong_is_said(browser, admin, citizen, changes, sentence):
    response = browser(admin).submit("/ufficio/ruoli", {"email": citizen.email, "role": "moderator", **changes})
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert citizen.role_grants == []


def test_a_platform_administrator_of_one_percorso_is_refused_with_a_sentence(browser, admin, citizen, make):
    response = browser(admin).submit("/ufficio/ruoli", {"email": citizen.email, "role": "platform_admin",
                                                        "process_id": str(make.process().id)})
    assert "non indicare un percorso" in text_of(response)
    assert citizen.role_grants == []


def test_the_page_asks_no_more_for_many_roles(browser, admin, make, queries):
    visitor = browser(admin)
    with queries() as few:
        visitor.get("/ufficio/ruoli")
    for _ in range(10):
        make.person(Role.MODERATOR)
    with queries() as many:
        visitor.get("/ufficio/ruoli")
    assert len(many) == len(few) <= 8


# the commands
@pytest.fixture
def run(app):
    """Run a command as from a terminal, after keeping what the test has built."""
    runner = app.test_cli_runner()

    def command(*arguments, typed=""):
        db.session.commit()
        done = runner.invoke(args=["people", *arguments], input=typed)
        db.session.expire_all()
        return done

    return command


def test_the_first_administrator_of_a_fresh_installation(run, browser, make):
    make.authority()
    made = run("create", "Anna@Example.org", "--name", "Anna Conti", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (made.exit_code, made.output.splitlines()[-1]) == (0, "anna@example.org can sign in.")
    assert PASSWORD not in made.output
    given = run("grant", "anna@example.org", "platform_admin")
    assert (given.exit_code, given.output) == (0, "anna@example.org is now platform_admin.\n")
    visitor = browser()
    assert visitor.submit("/accedi", {"email": "anna@example.org", "password": PASSWORD}).status_code == 303
    assert visitor.get("/ufficio/ruoli").status_code == 200


@pytest.mark.parametrize(("email", "name", "password", "sentence"), [
    ("no address", "Anna", PASSWORD, "This is not an e-mail address"),
    ("anna@example.org", "Anna", "short", "This password is too short"),
    ("anna@example.org", "Anna Conti", "annaconti2026", "This password contains your name"),
    ("anna@example.org", "@", PASSWORD, "Write a name of at least two letters."),
    ("carla@example.org", "Carla", PASSWORD, "Somebody has an account with this address."),
])
def test_an_account_that_cannot_be_made(run, citizen, email, name, password, sentence):
    done = run("create", email, "--name", name, typed=f"{password}\n{password}\n")
    assert done.exit_code == 1
    assert sentence in done.output
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_a_command_for_one_percorso(run, citizen, make):
    make.process()
    assert run("grant", "carla@example.org", "moderator", "--process", "prova").exit_code == 0
    assert citizen.holds(Role.MODERATOR, process_id=make.process().id)
    assert "had this role already" in run("grant", "carla@example.org", "moderator", "--process", "prova").output
    assert "carla@example.org" in run("list", "--staff").output
    assert "[moderator of prova]" in run("list").output
    assert run("revoke", "carla@example.org", "moderator").exit_code == 1
    assert run("revoke", "carla@example.org", "moderator", "--process", "prova").exit_code == 0
    assert run("list", "--staff").output == ""


@pytest.mark.parametrize(("arguments", "status", "sentence"), [
    (("grant", "nobody@example.org", "moderator"), 1, "Nobody has registered with nobody@example.org."),
    (("grant", "carla@example.org", "moderator", "--process", "no"), 1, "There is no percorso named 'no'."),
    (("revoke", "carla@example.org", "moderator"), 1, "does not have this role for the whole site."),
    (("revoke", "admin@example.org", "platform_admin"), 1, "Nobody would be left to administer the platform"),
    (("grant", "carla@example.org", "emperor"), 2, "is not one of"),
    (("grant", "carla@example.org"), 2, "Missing argument"),
    (("create", "x@example.org"), 2, "Missing option '--name'"),
])
def test_a_command_that_is_refused_or_misused(run, admin, citizen, arguments, status, sentence):
    done = run(*arguments)
    assert done.exit_code == status
    assert sentence in done.output
    assert citizen.role_grants == []


def test_a_closed_account_by_command(run, browser, citizen):
    visitor = browser(citizen)
    assert run("close", "carla@example.org").exit_code == 0
    assert visitor.get("/profilo").status_code == 303
    assert "(closed)" in run("list").output


@pytest.mark.parametrize("command", ["create", "grant", "revoke", "close", "list"])
def test_every_command_has_an_example(run, command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"flask --app app people {command}" in done.output


def test_an_account_made_by_command_needs_no_confirmation(app):
    person = registration.create("anna@example.org", password=PASSWORD, name="Anna")
    assert person.is_active
    assert passwords.right(PASSWORD, person.password_hash)
