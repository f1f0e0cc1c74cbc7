"""What awaits the staff, and how the plan office sets up a percorso."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Audience, Process
from consult.proposals.models import ProposalCall
from consult.results.models import Outcome, Verdict
from tests.browser import text_of

DAY = timedelta(days=1)
OFFICE = (Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)


@pytest.fixture
def desk(browser, make):
    make.process()
    return browser(make.person(Role.PLAN_OFFICE))


def typed(instant):
    return clock.local(instant).strftime("%Y-%m-%dT%H:%M")


def recorded():
    names = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id))
    return [name for name in names if name != "SignedIn"]


@pytest.mark.parametrize("role", [None, *Role])
def test_the_dashboard_is_for_the_staff(browser, make, role):
    make.call()
    person = make.person(role) if role else make.person()
    assert browser(person).get("/ufficio").status_code == (200 if role else 404)


def test_a_visitor_is_asked_to_sign_in(browser, make):
    make.process()
    assert browser().get("/ufficio").location.startswith("/accedi?next=/ufficio")


@pytest.mark.parametrize("role", [None, *Role])
def test_setting_up_is_for_the_plan_office(browser, make, role):
    call = make.call()
    who = browser(make.person(role) if role else make.person())
    paths = ["/ufficio/percorsi/prova", "/ufficio/percorsi/prova/presentazione",
             "/ufficio/percorsi/prova/nuova-raccolta", f"/ufficio/fasi/{call.phase_id}", f"/ufficio/attivita/{call.id}",
             f"/ufficio/attivita/{call.id}/proroga", f"/ufficio/attivita/{call.id}/sospendi"]
    assert {who.get(path).status_code for path in paths} == {200 if role in OFFICE else 403}
    assert {who.post(path).status_code for path in paths[1:]} == {200 if role in OFFICE else 403}
    assert who.post(f"/ufficio/attivita/{call.id}/riprendi").status_code == (303 if role in OFFICE else 403)


def test_whoever_sets_up_one_percorso_sets_up_no_other(browser, make):
    make.process()
    other = make._add(Process(authority=make.authority(), slug="altro", code="ALT", title=Localized.of("Altro"),
                              summary=Localized(), vision=Localized()))
    who = browser(make.person(Role.PLAN_OFFICE, process=other))
    assert who.get("/ufficio/percorsi/altro").status_code == 200
    assert who.get("/ufficio/percorsi/prova").status_code == 403
    assert "Prova 2035" not in text_of(who.get("/ufficio")).partition("Percorsi")[2].partition("Unione di prova")[0]


@pytest.mark.parametrize("path", ["/ufficio/percorsi/nessuno/presentazione", "/ufficio/fasi/999",
                                  "/ufficio/attivita/999", "/ufficio/attivita/99999999999999999999",
                                  "/ufficio/attivita/x/proroga"])
def test_what_does_not_exist_is_unknown(desk, path):
    assert desk.get(path).status_code == 404
    assert desk.post(path).status_code == 404


def test_the_dashboard_says_what_awaits(browser, make):
    make.call(title=Localized.of("Chiude presto"))
    make.call("coming", title=Localized.of("Apre presto"))
    make.call(title=Localized.of("Ferma"), suspended_reason="neve")
    make.call(title=Localized.of("Nascente"), published=False)
    make.call("closed", title=Localized.of("Finita"))
    make.proposal(state=State.PENDING)
    page = text_of(browser(make.person(Role.PLATFORM_ADMIN)).get("/ufficio"))
    for said in ("Proposte: 1 attende una decisione", "Chiude presto", "Apre presto", "Ferma", "Nascente",
                 "Finita Si sta contando", "Ruoli"):
        assert said in page


def test_the_dashboard_costs_few_questions_however_much_there_is(browser, make, queries):
    for when in ("open", "coming", "closed"):
        for _each in range(6):
            make.call(when)
            make.ballot(when)
    who = browser(make.person(Role.PLATFORM_ADMIN))
    with queries() as seen:
        assert who.get("/ufficio").status_code == 200
    assert len([s for s in seen if s.lstrip().upper().startswith("SELECT")]) <= 10


def call_fields(make, **changes):
    return {"phase": str(make.phase().id), "title_it": "Idee per la piazza", "title_de": "Ideen für den Platz",
            "intro_it": "Che cosa vorresti?", "opens_at": typed(clock.now() + DAY),
            "closes_at": typed(clock.now() + 40 * DAY), "audience": "verified", "moderation": "before",
            "engagement_level": "co_design", "results_visible": "after_close", "published": "y", "supports_open": "y",
            **changes}


def test_a_call_is_prepared_and_published(desk, make, browser):
    response = desk.submit("/ufficio/percorsi/prova/nuova-raccolta", call_fields(make))
    call = db.session.scalars(sa.select(ProposalCall)).one()
    assert (response.status_code, response.location) == (303, f"/ufficio/attivita/{call.id}")
    assert call.title == {"it": "Idee per la piazza", "de": "Ideen für den Platz"}
    assert call.audience is Audience.VERIFIED
    assert recorded() == ["CallPrepared"]
    assert "Idee per la piazza" in text_of(browser().get("/percorsi/prova/partecipa"))


def test_a_call_sent_twice_is_prepared_once(desk, make):
    path = "/ufficio/percorsi/prova/nuova-raccolta"
    fields = {**desk.form(path)["fields"], **call_fields(make)}
    answers = [desk.post(path, fields) for _each in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].location == answers[1].location
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalCall)) == 1


def test_less_than_four_weeks_is_advised_against(desk, make):
    fields = call_fields(make, closes_at=typed(clock.now() + 20 * DAY))
    page = desk.get(desk.submit("/ufficio/percorsi/prova/nuova-raccolta", fields).location)
    assert "meno di quattro settimane" in text_of(page)


@pytest.mark.parametrize(("changes", "said"), [
    ({"title_it": ""}, "Dai un titolo all’attività."),
    ({"title_it": "x" * 201}, "al massimo 200 caratteri"),
    ({"opens_at": "domani"}, "Questa non è una data con l’ora."),
    ({"opens_at": ""}, "Indica quando si apre."),
    ({"opens_at": "0001-01-01T00:00"}, "Questa non è una data con l’ora."),
    ({"closes_at": "9999-12-31T23:59"}, "Questa non è una data con l’ora."),
    ({"closes_at": "2001-01-01T00:00"}, "La chiusura deve venire dopo l’apertura."),
    ({"closes_at": "2099-01-01T00:00"}, "Per allora la fase è finita"),
    ({"audience": "friends"}, "Scegli una delle voci proposte."),
    ({"phase": "999"}, "Scegli una delle voci proposte."),
    ({"phase": "x"}, "Scegli una delle voci proposte."),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, make, changes, said):
    response = desk.submit("/ufficio/percorsi/prova/nuova-raccolta", call_fields(make, **changes))
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert said in page
    assert "Che cosa vorresti?" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalCall)) == 0


def test_an_activity_is_changed_and_what_is_untouched_stays_to_the_second(desk, make):
    call = make.call("coming", closes_at=clock.now().replace(second=59, microsecond=5) + 30 * DAY)
    closes_at = call.closes_at
    response = desk.submit(f"/ufficio/attivita/{call.id}", {"title_it": "Un altro titolo"})
    assert response.status_code == 303
    assert call.title == {"it": "Un altro titolo"}
    assert call.closes_at == closes_at
    assert recorded() == ["ActivityChanged"]


@pytest.mark.parametrize("kind", ["survey", "ballot", "call"])
def test_every_kind_of_activity_can_be_changed(desk, make, kind):
    activity = getattr(make, kind)()
    assert desk.submit(f"/ufficio/attivita/{activity.id}", {"title_it": "Nuovo"}).status_code == 303
    assert activity.title == {"it": "Nuovo"}


def test_of_an_open_activity_the_times_are_not_offered(desk, make):
    call = make.call()
    before = (call.opens_at, call.closes_at)
    assert 'name="closes_at"' not in desk.get(f"/ufficio/attivita/{call.id}").get_data(as_text=True)
    desk.submit(f"/ufficio/attivita/{call.id}", {"opens_at": typed(clock.now()), "closes_at": typed(clock.now() + DAY)})
    assert (call.opens_at, call.closes_at) == before


def test_a_stale_change_shows_both_texts(desk, make):
    call = make.call(title=Localized.of("Prima"))
    form = desk.form(f"/ufficio/attivita/{call.id}")
    desk.submit(f"/ufficio/attivita/{call.id}", {"title_it": "Salvato da altri"})
    response = desk.post(form["action"], {**form["fields"], "title_it": "Scritto da me"})
    page = text_of(response)
    assert response.status_code == 409
    assert "Salvato da altri" in page
    assert "Scritto da me" in page
    assert call.title == {"it": "Salvato da altri"}


def test_the_closing_is_put_off_with_a_sentence_for_everyone(desk, make, browser):
    call = make.call()
    later = call.closes_at + 3 * DAY
    response = desk.submit(f"/ufficio/attivita/{call.id}/proroga",
                           {"closes_at": typed(later), "notice": "Prorogata per la neve."})
    assert response.status_code == 303
    assert typed(call.closes_at) == typed(later)
    assert recorded() == ["ActivityExtended"]
    assert "Prorogata per la neve." in text_of(browser().get("/percorsi/prova/partecipa"))


@pytest.mark.parametrize(("when", "days", "said"), [
    ("open", 0, "Per prorogarla scegli una chiusura dopo quella attuale."),
    ("closed", 9, "Si è già chiusa e i suoi risultati sono fissati"),
    ("open", 300, "Per allora la fase è finita")])
def test_a_closing_that_cannot_be_is_refused(desk, make, when, days, said):
    call = make.call(when)
    response = desk.submit(f"/ufficio/attivita/{call.id}/proroga",
                           {"closes_at": typed(call.closes_at + days * DAY), "notice": "Motivo"})
    assert said in text_of(response)
    assert recorded() == []


def test_an_activity_is_suspended_and_goes_on(desk, make, browser):
    call = make.call()
    assert desk.submit(f"/ufficio/attivita/{call.id}/sospendi", {"reason": "verifica in corso"}).status_code == 303
    assert "È sospesa: verifica in corso" in text_of(browser().get("/percorsi/prova/partecipa"))
    desk.submit(f"/ufficio/attivita/{call.id}", action=f"/ufficio/attivita/{call.id}/riprendi")
    assert call.takes()
    assert recorded() == ["ActivitySuspended", "ActivityResumed"]


def test_suspending_needs_a_reason(desk, make):
    call = make.call()
    assert "Spiega perché" in text_of(desk.submit(f"/ufficio/attivita/{call.id}/sospendi", {"reason": " "}))
    assert call.suspended_reason == ""


def test_a_phase_is_moved(desk, make):
    phase = make.phase()
    response = desk.submit(f"/ufficio/fasi/{phase.id}", {"ends_at": typed(phase.ends_at + 3 * DAY)})
    assert response.status_code == 303
    assert recorded() == ["PhaseChanged"]


def test_a_phase_cannot_run_into_the_next(desk, make):
    phase = make.phase()
    response = desk.submit(f"/ufficio/fasi/{phase.id}", {"ends_at": typed(phase.ends_at + 30 * DAY)})
    assert "Per allora è iniziata la fase successiva" in text_of(response)


def test_a_percorso_is_described_and_published(desk, make, browser):
    make.process().published = False
    assert browser().get("/percorsi/prova").status_code == 404
    response = desk.submit("/ufficio/percorsi/prova/presentazione", {"title_it": "Prova nuova", "published": "y"})
    assert response.status_code == 303
    assert recorded() == ["ProcessChanged"]
    assert "Prova nuova" in text_of(browser().get("/percorsi/prova"))


@pytest.mark.parametrize("role", [None, *Role])
def test_whose_task_it_is_to_answer_finds_what_has_no_answer(browser, make, role):
    make.proposal()
    who = browser(make.person(role) if role else make.person())
    answers = {Role.PLAN_OFFICE, Role.STEERING, Role.PLATFORM_ADMIN}
    assert who.get("/ufficio/percorsi/prova/senza-esito").status_code == (200 if role in answers else 403)
    assert ("1 proposta non ha ancora un esito." in text_of(who.get("/ufficio"))) is (role in answers)


def test_the_most_supported_is_answered_first(desk, make):
    make.proposal(title="Poco sostenuta", support_count=1)
    make.proposal(title="Molto sostenuta", support_count=9)
    make.proposal(title="In attesa", state=State.PENDING)
    answered = make.proposal(title="Ha già una risposta", support_count=20)
    make._add(Outcome(contribution=answered, verdict=Verdict.ACCEPTED, reasons="Perché è giusta e si può fare.",
                      proposed_on=clock.today()))
    page = text_of(desk.get("/ufficio/percorsi/prova/senza-esito"))
    assert page.index("Molto sostenuta") < page.index("Poco sostenuta")
    assert "In attesa" not in page
    assert "Ha già una risposta" not in page


def test_the_list_of_what_has_no_answer_costs_the_same_however_long(desk, make, queries):
    def ask():
        with queries() as seen:
            assert desk.get("/ufficio/percorsi/prova/senza-esito").status_code == 200
        return len([s for s in seen if s.lstrip().upper().startswith("SELECT")])

    make.proposal()
    few = ask()
    for _each in range(9):
        make.proposal(author=make.person(municipality=make.municipality()))
    assert ask() == few <= 10
