"""Results and outcomes as people read them, and as the staff records them."""

import csv
import hashlib
import io

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.processes.models import ResultsVisible
from consult.results import services
from consult.results.models import Outcome, ReplacedSheet, ResultSheet, Verdict
from consult.voting import services as voting
from consult.voting.models import BallotPaper
from tests.browser import text_of

MISSING = 2 ** 31 - 1
REASONS = "La proposta risponde a un bisogno di molte famiglie."


@pytest.fixture
def ballot(make):
    """A ballot that has closed and is frozen."""
    ballot = make.ballot(maximum=1)
    for choice in ("B01", "B01", "B02"):
        voting.cast(ballot, make.person(), {choice: 1})
    ballot.opens_at, ballot.closes_at = clock.now() - clock.timedelta(days=9), clock.now() - clock.timedelta(days=2)
    db.session.flush()
    services.freeze(ballot)
    return ballot


def test_frozen_results_are_shown_with_figures_method_and_fingerprint(ballot, browser):
    page = browser().get(f"/risultati/{ballot.id}")
    sheet = db.session.scalar(sa.select(ResultSheet))
    words = text_of(page)
    for said in ("Progetto 1", "Voti per ciascuna opzione", sheet.sha256, "«Progetto 1»: 2 voti su 3 schede"):
        assert said in words
    assert "<svg" in page.get_data(as_text=True)


def test_the_data_have_the_fingerprint_that_the_page_says(ballot, browser):
    answer = browser().get(f"/risultati/{ballot.id}.json")
    assert answer.mimetype == "application/json"
    assert hashlib.sha256(answer.get_data()).hexdigest() in text_of(browser().get(f"/risultati/{ballot.id}"))


@pytest.mark.parametrize(("language", "delimiter", "head"), [
    ("it", ";", ["Opzione", "Voti", "Quota delle schede"]), ("en", ",", ["Option", "Votes", "Share of the papers"]),
    ("de", ";", ["Option", "Stimmen", "Anteil der Stimmzettel"]),
])
def test_each_table_is_a_file_in_the_language_of_the_reader(ballot, browser, language, delimiter, head):
    answer = browser().get(f"/risultati/{ballot.id}/options.csv?lingua={language}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=delimiter))
    assert rows[0] == head
    assert rows[1][:2] == ["Progetto 1", "2"]


@pytest.mark.parametrize("address", [
    "/risultati/{id}/nothing.csv", "/risultati/{id}/%00.csv", "/risultati/{missing}", "/risultati/{missing}.json",
    "/risultati/99999999999999999999", "/risultati/{missing}/verifica", "/percorsi/nessuno/risultati",
])
def test_what_is_not_there_is_not_found(ballot, browser, address):
    assert browser().get(address.format(id=ballot.id, missing=MISSING)).status_code == 404


def test_results_still_to_come_say_when(make, browser):
    ballot, call = make.ballot(), make.call("closed")
    page = text_of(browser().get(f"/risultati/{ballot.id}"))
    assert "Progetto 1" not in page
    assert str(clock.local(ballot.closes_at).year) in page
    assert browser().get(f"/risultati/{call.id}").status_code == 200
    for address in (f"/risultati/{ballot.id}.json", f"/risultati/{ballot.id}/options.csv",
                    f"/risultati/{ballot.id}/verifica"):
        assert browser(make.person(Role.PLATFORM_ADMIN)).get(address).status_code == 404


@pytest.mark.parametrize("suffix", ["", ".json", "/options.csv", "/verifica"])
def test_results_for_the_staff_are_unknown_to_everybody_else(make, ballot, browser, suffix):
    ballot.results_visible = ResultsVisible.STAFF
    address = f"/risultati/{ballot.id}{suffix}"
    assert browser().get(address).status_code == 404
    assert browser(make.person()).get(address).status_code == 404
    assert browser(make.person(Role.PLAN_OFFICE)).get(address).status_code == 200
    assert ballot.title.in_language("it") not in text_of(browser().get("/percorsi/prova/risultati"))
    assert ballot.title.in_language("it") not in text_of(browser().get("/percorsi/prova")).partition("decis")[2]


def test_a_check_says_that_nothing_was_changed_and_when_something_was(ballot, browser):
    address = f"/risultati/{ballot.id}/verifica"
    assert "alert-danger" not in browser().get(address).get_data(as_text=True)
    db.session.execute(sa.update(ResultSheet).values(content=sa.func.replace(ResultSheet.content, "B", "C")))
    assert "alert-danger" in browser().get(address).get_data(as_text=True)


def test_all_results_of_the_percorso_stand_on_one_page(make, ballot, browser):
    coming = make.call()
    make.outcome(make.proposal(call=coming, title="Una panchina"), Verdict.PARTLY)
    page = text_of(browser().get("/percorsi/prova/risultati"))
    for said in (str(ballot.title), str(coming.title), "Accolta in parte", "Una panchina"):
        assert said in page


def test_the_results_page_costs_the_same_with_ten_times_as_much(make, browser, queries):
    counts = []
    for _round, size in enumerate((2, 20)):
        for _ in range(size):
            services.freeze(make.call("closed"))
            make.outcome(make.proposal())
        reader = browser()
        reader.get("/percorsi/prova/risultati")
        with queries() as seen:
            reader.get("/percorsi/prova/risultati?nuovo=" + str(size))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14


def test_phase_percorso_and_card_lead_to_the_results(ballot, browser):
    way = f'href="/risultati/{ballot.id}"'
    for address in ("/percorsi/prova/fasi/2", "/percorsi/prova", "/percorsi/prova/partecipa"):
        assert way in browser().get(address).get_data(as_text=True), address


# outcomes

def test_the_staff_propose_an_outcome_and_everybody_reads_it(make, browser):
    proposal, steering = make.proposal(), make.person(Role.STEERING)
    page = f"/proposte/{proposal.id}-proposta"
    answer = browser(steering).submit(f"/proposte/{proposal.id}/esito", {"verdict": "partly", "reasons": REASONS})
    assert (answer.status_code, answer.location.endswith(f"{page}#esito")) == (303, True)
    words = text_of(browser().get(page))
    for said in ("Accolta in parte", REASONS):
        assert said in words
    assert db.session.scalar(sa.select(OutboxMessage.recipient)) == proposal.author.email


def test_the_plan_office_records_the_decision(make, browser):
    proposal, office = make.proposal(), make.person(Role.PLAN_OFFICE)
    make.outcome(proposal, Verdict.PARTLY, proposed=Verdict.PARTLY, proposed_by=office)
    answer = browser(office).submit(f"/proposte/{proposal.id}/esito/decisione",
                                    {"verdict": "accepted", "decided_by": "Giunta, delibera 7/2026"})
    assert answer.status_code == 303
    words = text_of(browser().get(f"/proposte/{proposal.id}-proposta"))
    for said in ("Accolta", "accolta in parte", "Giunta, delibera 7/2026"):
        assert said in words


@pytest.mark.parametrize("changes", [
    {}, {"verdict": "perhaps"}, {"reasons": ""}, {"reasons": "Sì."}, {"reasons": "x" * 5000}, {"on": ""},
    {"on": "2999-01-01"}, {"on": "ieri"}, {"on": "0001-01-01"}, {"reasons": "\x00" * 30}, {"on": "2026-02-31"},
])
def test_a_faulty_outcome_is_shown_again_with_what_was_typed(make, browser, changes):
    proposal, steering = make.proposal(), browser(make.person(Role.STEERING))
    whole = {"verdict": "partly", "reasons": REASONS, **changes} if changes else {"verdict": "", "reasons": REASONS}
    page = steering.submit(f"/proposte/{proposal.id}/esito", whole)
    assert page.status_code == 200
    assert "error-summary" in page.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outcome)) == 0
    if "reasons" not in changes:
        assert REASONS in page.get_data(as_text=True)


@pytest.mark.parametrize("version", ["0", "7", "-1", "x", "9" * 30])
def test_a_stale_outcome_is_shown_with_both_texts(make, browser, version):
    proposal, steering = make.proposal(), browser(make.person(Role.STEERING))
    make.outcome(proposal, reasons="Il testo che un'altra persona ha salvato nel frattempo.")
    page = steering.submit(f"/proposte/{proposal.id}/esito",
                           {"verdict": "partly", "reasons": REASONS, "version": version})
    assert page.status_code == 409
    for text in ("nel frattempo", REASONS):
        assert text in text_of(page)


def test_who_may_not_is_refused(make, browser):
    proposal = make.proposal()
    make.outcome(proposal)
    for person, proposing, deciding in ((make.person(), 403, 403), (make.person(Role.STEERING), 200, 403),
                                        (proposal.author, 403, 403)):
        assert browser(person).get(f"/proposte/{proposal.id}/esito").status_code == proposing
        assert browser(person).get(f"/proposte/{proposal.id}/esito/decisione").status_code == deciding
    assert browser().get(f"/proposte/{proposal.id}/esito").status_code == 303


def test_a_decision_needs_a_proposed_outcome(make, browser):
    office = browser(make.person(Role.PLAN_OFFICE))
    assert office.get(f"/proposte/{make.proposal().id}/esito/decisione").status_code == 403


@pytest.mark.parametrize("address", ["/proposte/{}/esito", "/proposte/{}/esito/decisione"])
def test_what_is_hidden_or_missing_is_unknown(make, browser, address):
    office = browser(make.person(Role.PLAN_OFFICE))
    for id in (make.proposal(state=State.HIDDEN).id, MISSING, 10 ** 20):
        assert office.get(address.format(id)).status_code == 404


def test_hostile_reasons_are_shown_as_text(make, browser):
    proposal = make.proposal()
    make.outcome(proposal, reasons="<script>alert(1)</script> perché non è possibile")
    page = browser().get(f"/proposte/{proposal.id}-proposta").get_data(as_text=True)
    assert "<script>alert(1)" not in page


def test_a_list_shows_outcomes_without_asking_for_each(make, browser, queries):
    counts = []
    for size in (2, 12):
        call = make.call()
        for _ in range(size):
            make.outcome(make.proposal(call=call))
        reader = browser()
        with queries() as seen:
            page = reader.get(f"/raccolte/{call.id}")
        assert text_of(page).count("Accolta") >= size
        counts.append(len([statement for statement in seen if "FROM outcome" in statement]))
    assert counts == [1, 1]


def test_each_sheet_stays_under_its_address_also_once_others_replaced_it(ballot, browser):
    sheet = db.session.scalar(sa.select(ResultSheet))
    first, text = sheet.sha256, sheet.content
    db.session.delete(db.session.scalars(sa.select(BallotPaper)).first())
    db.session.flush()
    services.replace(sheet, Localized.of("Una scheda non valeva."))
    assert sheet.sha256 != first
    for fingerprint, content, word in ((first, text, "Non valgono più"), (sheet.sha256, sheet.content, "citare")):
        for name in (fingerprint[:16], fingerprint):
            assert word in text_of(browser().get(f"/risultati/foglio/{name}"))
            assert browser().get(f"/risultati/foglio/{name}.json").get_data().decode() == content
    check = text_of(browser().get(f"/risultati/foglio/{first[:16]}/verifica"))
    assert "Una scheda non valeva." in check
    assert "l’impronta calcolata ora è quella" in check
    db.session.execute(sa.update(ReplacedSheet).values(content=sa.func.replace(ReplacedSheet.content, "B", "C")))
    assert "alert-danger" in browser().get(f"/risultati/foglio/{first[:16]}/verifica").get_data(as_text=True)


@pytest.mark.parametrize("name", ["0" * 16, "abc", "g" * 16, "%25", "A" * 16])
def test_a_sheet_that_never_was_is_unknown(ballot, browser, name):
    for suffix in ("", ".json", "/verifica"):
        assert browser().get(f"/risultati/foglio/{name}{suffix}").status_code == 404


def test_the_sheet_of_results_for_the_staff_is_theirs(make, ballot, browser):
    ballot.results_visible = ResultsVisible.STAFF
    sheet = db.session.scalar(sa.select(ResultSheet))
    assert browser().get(f"/risultati/foglio/{sheet.sha256[:16]}").status_code == 404
    assert browser(make.person(Role.PLAN_OFFICE)).get(f"/risultati/foglio/{sheet.sha256[:16]}").status_code == 200
