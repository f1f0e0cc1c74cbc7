"""Home, percorso, phase, what one can take part in, and the pages the law asks for: for whom and with what."""

import re
from datetime import timedelta

import pytest

from consult.accounts.models import Role
from consult.core import clock
from consult.core.languages import Localized
from consult.processes.models import BlackoutWindow
from tests.browser import text_of

DAY = timedelta(days=1)
PATHS = ["/", "/percorsi", "/percorsi/prova", "/percorsi/prova/fasi/2", "/percorsi/prova/partecipa", "/pagine/privacy",
         "/pagine/note-legali", "/pagine/regole", "/pagine/accessibilita"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", [None, *Role])
def test_every_page_is_for_everyone(browser, make, path, role):
    make.call()
    person = make.person(role) if role else None
    assert browser(person).get(path).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_a_visitor_gets_no_cookie_and_no_form(browser, make, path):
    make.call()
    response = browser().get(path)
    assert "Set-Cookie" not in response.headers
    assert 'method="post"' not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_costs_few_questions_however_much_there_is(browser, make, queries, path):
    for when in ("open", "coming", "closed"):
        for _each in range(5):
            make.call(when)
            make.survey(when=when)
            make.ballot(when)
    for _each in range(8):
        make.proposal(author=make.person(municipality=make.municipality()))
    visitor = browser(make.person(Role.MODERATOR))
    with queries() as seen:
        assert visitor.get(path).status_code == 200
    asked = [s for s in seen if s.lstrip().upper().startswith("SELECT")]
    assert len(asked) <= 12, "\n".join(s[:60] + " … " + s[s.find("FROM"):][:150] for s in asked)


@pytest.mark.parametrize("path", ["/percorsi/altro", "/percorsi/prova/fasi/4", "/percorsi/prova/fasi/0",
                                  "/percorsi/prova/fasi/99999999999", "/percorsi/altro/partecipa", "/pagine/altro",
                                  "/percorsi/%00", "/percorsi/%ff", "/percorsi/" + "x" * 3000])
def test_what_does_not_exist_is_unknown(browser, make, path):
    make.process()
    assert browser().get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_a_fresh_installation_says_what_to_do(browser, app, path):
    response = browser().get(path)
    assert response.status_code == (404 if "prova" in path else 200)
    if path == "/":
        assert "flask --app app demo load" in text_of(response)


def test_without_a_public_percorso_the_home_page_says_so(browser, make):
    make.process().published = False
    assert "Nessun percorso è ancora pubblico" in text_of(browser().get("/"))


@pytest.mark.parametrize("path", ["/percorsi/prova", "/percorsi/prova/fasi/2", "/percorsi/prova/partecipa"])
def test_what_is_not_public_is_seen_by_staff_only(browser, make, path):
    make.process().published = False
    assert browser().get(path).status_code == 404
    assert browser(make.person()).get(path).status_code == 404
    assert browser(make.person(Role.PLAN_OFFICE)).get(path).status_code == 200


def test_an_activity_that_is_not_public_is_listed_for_staff_only(browser, make):
    make.call(published=False, title=Localized.of("In preparazione"))
    path = "/percorsi/prova/partecipa"
    assert "In preparazione" not in text_of(browser().get(path))
    assert "In preparazione" in text_of(browser(make.person(Role.PLAN_OFFICE)).get(path))
    assert "In preparazione" not in text_of(browser(make.person(Role.PLAN_OFFICE)).get("/"))


def test_the_timeline_follows_the_clock(browser, make):
    process = make.process()
    first, second, third = process.phases
    for instant, states in [
        (first.starts_at - DAY, ["In arrivo", "In arrivo", "In arrivo"]),
        (first.starts_at, ["Siamo qui", "In arrivo", "In arrivo"]),
        (second.ends_at - DAY, ["Conclusa", "Siamo qui", "In arrivo"]),
        (second.ends_at, ["Conclusa", "Conclusa", "In arrivo"]),
        (third.ends_at, ["Conclusa", "Conclusa", "Conclusa"]),
    ]:
        with clock.at(instant):
            page = text_of(browser().get("/percorsi/prova"))
        line = page[page.index("A che punto siamo"):page.index("Che cosa puoi fare adesso")]
        assert re.findall("In arrivo|Siamo qui|Conclusa", line) == states


@pytest.mark.parametrize(("when", "heading", "tag"), [
    ("open", "Aperte ora", "Aperta ora"), ("coming", "Stanno per aprirsi", "In arrivo"),
    ("closed", "Già concluse", "Conclusa")])
def test_activities_are_listed_by_where_they_stand(browser, make, when, heading, tag):
    make.call(when, title=Localized.of("Raccolta di idee"))
    page = text_of(browser().get("/percorsi/prova/partecipa"))
    assert f"{heading} Raccolta di proposte {tag} Raccolta di idee" in page
    assert ("Proponi e sostieni" in page) is (when == "open")


def test_a_suspended_activity_says_why(browser, make):
    make.call(suspended_reason="si cambia il regolamento")
    page = text_of(browser().get("/percorsi/prova/partecipa"))
    assert "È sospesa: si cambia il regolamento" in page
    assert "Proponi e sostieni" not in page


def test_before_elections_everything_is_paused(browser, make):
    call = make.call()
    call.phase.process.blackouts.append(BlackoutWindow(
        starts_at=clock.now() - DAY, ends_at=clock.now() + DAY, reason=Localized.of("Elezioni comunali")))
    page = text_of(browser().get("/percorsi/prova/partecipa"))
    assert "La partecipazione è sospesa prima delle elezioni" in page
    assert "Proponi e sostieni" not in page


def test_what_closes_first_comes_first(browser, make):
    make.call(title=Localized.of("Seconda"), closes_at=clock.now() + 4 * DAY)
    make.call(title=Localized.of("Prima"), closes_at=clock.now() + 2 * DAY)
    page = text_of(browser().get("/"))
    assert page.index("Prima") < page.index("Seconda")


@pytest.mark.parametrize(("left", "said"), [(timedelta(minutes=1), "Ultimo giorno"), (2 * DAY, "Ancora 2 giorni")])
def test_a_card_says_how_long_it_stays_open(browser, make, left, said):
    call = make.call()
    noon = clock.local(clock.now()).replace(hour=12)
    call.closes_at = noon + left
    with clock.at(noon):
        assert said in text_of(browser().get("/"))


def test_who_may_take_part_and_what_it_counts_for_is_said_in_words(browser, make):
    make.call()
    page = text_of(browser().get("/percorsi/prova/partecipa"))
    assert "Chi ha un account" in page
    assert "Chiediamo il tuo parere, lo valutiamo e diciamo che cosa ne abbiamo fatto e perché." in page


def test_a_text_in_another_language_is_marked(browser, make):
    make.process()
    page = browser().get("/?lingua=de").get_data(as_text=True)
    assert '<h1 id="hero-title" data-element="page-name" lang="it">' in page
