"""Where a second factor is obligatory no role counts without one, whichever door one came by."""

import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from consult.accounts import queries, services
from consult.accounts.models import Role
from consult.contributions.queries import visible_to
from consult.core import passwords, policy
from consult.core.config import Settings, SettingsError
from consult.core.db import db
from consult.office import queries as office
from tests.browser import Browser, text_of
from tests.conftest import settings_for
from tests.factors.conftest import PASSWORD

STAFF_PAGES = ["/ufficio", "/moderazione", "/ufficio/ruoli", "/ufficio/domini", "/ufficio/secondo-passo"]
SET_UP = "/profilo/secondo-passo"


@pytest.fixture
def settings(database_url, tmp_path):
    return settings_for(tmp_path, database_url, second_factor="")


@pytest.fixture
def admin(make):
    make.authority()
    return make.person(Role.PLATFORM_ADMIN, email="cittadina@example.org", password_hash=passwords.hashed(PASSWORD))


def test_outside_the_demonstration_the_staff_owe_one_unless_chosen_otherwise(tmp_path):
    def chosen(**values):
        return settings_for(tmp_path, "sqlite://", **{"second_factor": "", **values}).second_factor_for

    assert chosen() == "staff"
    assert chosen(demo=True) == "off"
    assert chosen(demo=True, second_factor="staff") == "staff"
    assert chosen(second_factor="all") == "all"
    with pytest.raises(SettingsError, match="second_factor must be staff, all or off"):
        Settings.load({"CONSULT_SECOND_FACTOR": "some"}, tmp_path)


def test_whoever_owes_one_is_led_to_it_at_sign_in(browser, admin, sign_in):
    visitor = browser()
    response = sign_in(visitor, next="/ufficio/ruoli")
    assert (response.status_code, response.location) == (303, f"{SET_UP}?next=/ufficio/ruoli")
    page = text_of(visitor.get(response.location))
    assert "Prima una cosa: imposta un secondo passaggio di accesso." in page
    assert "Serve per il lavoro che fai qui." in page


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_every_page_of_the_staff_leads_there(browser, admin, path):
    visitor = browser(admin)
    response = visitor.get(path)
    assert (response.status_code, response.location) == (303, f"{SET_UP}?next={path}")


def test_once_it_is_set_up_the_pages_open(browser, admin, set_up):
    visitor = browser(admin)
    set_up(visitor)
    for path in STAFF_PAGES:
        assert visitor.get(path).status_code == 200, path


def test_the_menu_offers_no_desk_before(browser, admin):
    page = text_of(browser(admin).get("/profilo"))
    assert "Moderazione" not in page.partition("Il tuo profilo")[0]


def test_no_action_at_all_is_open_for_the_sake_of_a_role(app, admin):
    """Side doors: the whole policy, asked as an administrator who showed no second factor and as one without roles."""
    person = services.who(services.start_session(admin))
    assert person.roles_sleep
    asked = {predicate for clauses in policy.actions().values() for clause in clauses for predicate in clause
             if predicate.roles}
    assert len(asked) >= 5
    for predicate in asked:
        assert not predicate(person, None), predicate.name
        administrators = Role.PLATFORM_ADMIN.value in predicate.roles
        assert predicate.remedy(person, None) == (services.SECOND_FACTOR_PAGE if administrators else "")


def test_no_list_shows_more_for_the_sake_of_a_role(app, admin, make):
    make.process()
    make.proposal()
    awake = services.who(services.start_session(admin, second_factor=True))
    assert len(office.processes(awake)) == 1
    db.session.expunge(awake)
    asleep = services.who(services.start_session(db.session.merge(awake)))
    assert office.processes(asleep) == []
    assert "draft" not in str(visible_to(asleep).compile(compile_kwargs={"literal_binds": True}))


def test_no_code_reads_the_roles_of_whoever_asks_past_the_gate():
    """Roles are read through `holds`, `was_given` in the gate itself, or `active_grants`."""
    house = Path(__file__).resolve().parents[2]
    found = subprocess.run(["grep", "-rnE", r"(me\(\)|person|user|current_user)\.(role_grants|was_given)", "consult"],
                           cwd=house, capture_output=True, text=True, check=False).stdout.splitlines()
    allowed = {"consult/accounts/policy.py", "consult/accounts/services.py", "consult/accounts/cli.py",
               "consult/accounts/holdings.py", "consult/demo/people.py", "consult/privacy/erasure.py"}
    assert {line.partition(":")[0] for line in found} - allowed == set()


def test_a_citizen_owes_none(browser, admin, make, sign_in):
    make.person(email="altra@example.org", password_hash=passwords.hashed(PASSWORD))
    assert sign_in(browser(), email="altra@example.org").location == "/"


def test_the_staff_may_meanwhile_do_what_citizens_may(browser, admin):
    visitor = browser(admin)
    assert visitor.get("/profilo").status_code == 200
    assert visitor.submit("/profilo", {"display_name": "Ada"}).status_code == 303


def test_removing_the_last_one_puts_the_roles_to_sleep_again(browser, admin, set_up):
    visitor = browser(admin)
    set_up(visitor)
    visitor.submit(SET_UP, action=f"{SET_UP}/app/togli")
    assert visitor.get("/ufficio").location.startswith(SET_UP)


def test_a_role_given_to_whoever_is_signed_in_does_not_wake_by_itself(browser, admin, make):
    citizen = make.person()
    visitor = browser(citizen)
    services.grant(citizen, Role.MODERATOR)
    assert visitor.get("/moderazione").location.startswith("/accedi")
    assert browser(citizen).get("/moderazione").location.startswith(SET_UP)


class TestForAll:
    """Where everybody owes one."""

    @pytest.fixture
    def settings(self, database_url, tmp_path):
        return settings_for(tmp_path, database_url, second_factor="all")

    def test_nothing_but_what_a_visitor_may_do_is_allowed_before(self, browser, make):
        make.authority()
        proposal = make.proposal(call=make.call())
        visitor = browser(make.person(password_hash=passwords.hashed(PASSWORD)))
        page = f"/proposte/{proposal.id}-{proposal.slug}"
        assert visitor.get(page).status_code == 200
        refused = visitor.get(f"/raccolte/{proposal.activity_id}/proponi")
        assert refused.location.startswith(SET_UP)
        assert visitor.get(SET_UP).status_code == 200
        assert visitor.get("/profilo").status_code == 200
        assert visitor.get("/profilo/riconosci").status_code == 200

    def test_everything_is_allowed_after(self, browser, make, set_up):
        make.authority()
        call = make.call()
        visitor = browser(make.person(password_hash=passwords.hashed(PASSWORD)))
        set_up(visitor)
        assert visitor.get(f"/raccolte/{call.id}/proponi").status_code == 200


class TestInTheDemonstration:
    """Everything works without."""

    @pytest.fixture
    def settings(self, database_url, tmp_path):
        return settings_for(tmp_path, database_url, second_factor="", demo=True)

    def test_the_staff_work_without(self, app, admin):
        visitor = Browser(app, admin)
        for path in STAFF_PAGES:
            assert visitor.get(path).status_code == 200, path


def test_whoever_has_none_is_seen_by_the_administrator(browser, admin, set_up, make):
    make.person(Role.MODERATOR, display_name="Berto Senza")
    visitor = browser(admin)
    set_up(visitor)
    page = text_of(visitor.get("/ufficio/secondo-passo"))
    assert "Berto Senza" in page
    assert page.index("Berto Senza") < page.rindex(admin.display_name)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(queries.RoleGrant)) == 2
