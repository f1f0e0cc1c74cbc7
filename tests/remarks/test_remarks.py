"""Remarks on the draft: on chosen words, beside their paragraph, answered, and carried to the next text."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.editions import services as editions
from consult.planning import services as planning
from consult.planning.models import PlanState
from consult.remarks import passages, queries, services
from consult.remarks.models import Placing, Remark, RemarkPlace, Wish
from consult.remarks.passages import NotThereError, SeveralTimesError
from consult.restitution import queries as restitution
from consult.results.models import Verdict
from tests.browser import text_of

TEXT = """La Giunta risponde entro trenta giorni. Pubblica lo stato di **ciascun impegno**.

Un autobus parte ogni ora.

Il mulino resta chiuso d'inverno."""
LATER = """Un autobus parte ogni ora.

La Giunta risponde entro sessanta giorni. Pubblica lo stato di **ciascun impegno**."""
PLAN = "/piani/prova-2035"


@pytest.fixture
def section(make):
    section = make.section(TEXT)
    make.consultation()
    return section


@pytest.fixture
def edition(make, section):
    return make.edition()


def write_path(edition, section):
    return f"{PLAN}/edizioni/{edition.number}/paragrafi/{section.paragraphs[0].id}/osserva"


def said(**changes):
    return {"passage": "tutto", "words": "", "wish": "remark", "wording": "", "body": "Trenta giorni sono troppi.",
            **changes}


def test_a_sentence_is_chosen_and_replaced_without_scripts(browser, make, section, edition):
    page = browser(make.person())
    path = write_path(edition, section)
    sent = said(passage="0", wish="replace", wording="La Giunta risponde entro dieci giorni.")
    answer = page.submit(path, sent)
    remark = db.session.scalars(sa.select(Remark)).one()
    assert answer.location == f"/osservazioni/{remark.id}"
    assert (remark.quote, remark.cited, remark.wish) == ("La Giunta risponde entro trenta giorni.", "1.1", Wish.REPLACE)
    assert (remark.prefix, remark.suffix) == ("", " Pubblica lo stato di ciascun impegno.")
    assert remark.code[-7:] == "-O-0001"
    shown = browser().get(answer.location).get_data(as_text=True)
    assert re.search(r"<del>.*trenta.*</del><ins>.*dieci.*</ins>", shown)
    beside = browser().get(f"{PLAN}/edizioni/{edition.number}").get_data(as_text=True)
    assert 'data-remarks="1"' in beside
    listed = browser().get(f"{PLAN}/edizioni/{edition.number}/osservazioni")
    assert remark.code in text_of(listed)


@pytest.mark.parametrize(("words", "quote"), [
    ("lo stato di ciascun impegno", "lo stato di ciascun impegno"), ("LO  STATO\ndi", "lo stato di")])
def test_words_are_pasted_as_they_are_read(browser, make, section, edition, words, quote):
    browser(make.person()).submit(write_path(edition, section), said(passage="parole", words=words))
    assert db.session.scalars(sa.select(Remark)).one().quote == quote


@pytest.mark.parametrize("fault", [
    {"passage": "parole", "words": "il sindaco"}, {"passage": "parole", "words": ""}, {"passage": "9"},
    {"wish": "insert"}, {"wish": "altro"}, {"body": "No"}, {"wish": "replace", "wording": "   "}])
def test_what_cannot_be_taken_is_told_what_to_do(browser, make, section, edition, fault):
    answer = browser(make.person()).submit(write_path(edition, section), said(**fault))
    assert answer.status_code == 200
    assert "error-summary" in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(Remark)).all() == []


def test_words_that_stand_twice_are_not_guessed():
    with pytest.raises(SeveralTimesError):
        passages.found("Ogni anno il Forum, ogni anno la Giunta.", "ogni anno")
    with pytest.raises(NotThereError):
        passages.found("Ogni anno.", "  ")
    cut = passages.found("Sei comuni condividono già servizi.", "omuni condividono già se")
    assert (cut.starts_at, cut.ends_at) == (4, 34)
    chosen = passages.found("Detto «l’orto» e l'orto nuovo.", "l'orto nuovo")
    assert (chosen.starts_at, chosen.ends_at) == (17, 29)


@pytest.mark.parametrize(("wish", "wording", "after"), [
    (Wish.DELETE, "", "Uno tre."), (Wish.INSERT, "e mezzo", "Uno due e mezzo tre."), (Wish.REPLACE, "2", "Uno 2 tre."),
    (Wish.REMARK, "", "Uno due tre.")])
def test_the_paragraph_as_it_would_be(wish, wording, after):
    assert passages.wished("Uno due tre.", 4, 7, wish, wording) == after


def test_who_speaks_and_when(browser, make, section, edition):
    path = write_path(edition, section)
    assert browser().get(path).location.startswith("/accedi")
    editions.make(make.plan(), None, name="0.4", kind=PlanState.IN_CONSULTATION)
    db.session.commit()
    assert browser(make.person()).get(path).status_code == 403


def test_after_the_change_each_has_its_place_or_is_an_orphan(browser, make, section, edition):
    kept = make.remark(edition, "Un autobus parte ogni ora.")
    changed = make.remark(edition, "La Giunta risponde entro trenta giorni.")
    gone = make.remark(edition, "Il mulino resta chiuso d'inverno.")
    office = make.person(Role.PLAN_OFFICE)
    planning.edit_section(section, office, seen=1, title=section.title, body=LATER)
    later = make.edition(PlanState.PROPOSED, name="0.9")
    assert services.carry(later) == 1
    places = {place.remark_id: place for place in db.session.scalars(sa.select(RemarkPlace))}
    assert [places[one.id].how for one in (kept, changed, gone)] == [Placing.SAME, Placing.FOUND, Placing.ORPHAN]
    assert (places[kept.id].cited, places[changed.id].cited) == ("1.1", "1.2")
    page = browser(office)
    db.session.commit()
    assert gone.code in text_of(page.get(f"{PLAN}/edizioni/2/senza-posto"))
    path = f"/osservazioni/posti/{places[gone.id].id}"
    page.submit(path, {"paragraph": str(places[changed.id].paragraph)})
    db.session.refresh(places[gone.id])
    assert (places[gone.id].how, places[gone.id].placed_by_id) == (Placing.BY_HAND, office.id)
    assert places[gone.id].placed_at is not None
    assert services.carry(later) == 0
    assert len(db.session.scalars(sa.select(RemarkPlace)).all()) == 3
    assert "1.2" in text_of(browser().get(f"/osservazioni/{gone.id}"))
    third = make.edition(PlanState.ADOPTED, name="1.0")
    assert services.carry(third) == 0
    assert queries.places_of(gone)[-1].cited == "1.2"


def test_each_remark_has_its_answer_in_the_response(browser, make, section, edition, queries_of_response):
    first, second = make.remark(edition, "trenta giorni"), make.remark(edition, "ogni ora", state=State.HIDDEN)
    third = make.remark(edition, "Un autobus")
    page = browser(make.person(Role.PLAN_OFFICE))
    db.session.commit()
    page.submit(f"/osservazioni/{first.id}/esito", {
        "verdict": Verdict.PARTLY.value, "reasons": "Sessanta giorni bastano a tutti gli uffici.", "on": today()})
    page.submit(f"/osservazioni/{first.id}/esito/decisione", {
        "verdict": Verdict.ACCEPTED.value, "reasons": "Il Consiglio accoglie la richiesta.", "on": today(),
        "decided_by": "Consiglio dell'Unione", "act": "n. 3"})
    assert "Il Consiglio accoglie la richiesta." in text_of(browser().get(f"/osservazioni/{first.id}"))
    told = queries_of_response()
    assert [(one.code, one.verdict, one.decided) for one in told] == [
        (first.code, Verdict.ACCEPTED, True), (third.code, None, False)]
    assert second.code not in {one.code for one in told}
    assert told[0].decision == "Consiglio dell'Unione, n. 3"
    withdrawn = browser(first.author).post(f"/osservazioni/{first.id}/ritira")
    assert withdrawn.status_code == 403
    assert browser(third.author).post(f"/osservazioni/{third.id}/ritira").status_code == 303
    assert db.session.get(Remark, third.id).state is State.WITHDRAWN


@pytest.fixture
def queries_of_response(make):
    return lambda: queries.response(make.plan())


def today():
    return clock.today().isoformat()


def test_a_phase_still_owes_answers_to_remarks(make, browser, section, edition):
    browser(make.person()).submit(write_path(edition, section), said())
    remark = db.session.scalars(sa.select(Remark)).one()
    phase = remark.activity.phase
    assert restitution.missing(phase).contributions == 1
    page = browser(make.person(Role.PLAN_OFFICE)).get(f"/ufficio/fasi/{phase.id}/chiusura").get_data(as_text=True)
    assert f'href="/osservazioni/{remark.id}/esito"' in page
    make.outcome(remark, Verdict.ACCEPTED)
    assert restitution.missing(phase).contributions == 0
