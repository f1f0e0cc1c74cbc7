"""What was asked, said and done: written from the figures, published, kept; and phases that close once it is told."""

import json
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts.models import Role
from consult.contributions.models import Follow, State
from consult.core import clock
from consult.core.db import StaleVersionError, UnchangeableError, db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.planning.models import TraceLink
from consult.processes import services as processes
from consult.processes.models import ResultsVisible
from consult.processes.services import TimetableError
from consult.restitution import counting, mails, queries, services
from consult.restitution.models import PhaseClosing, RestitutionEdition
from consult.results import services as results
from consult.results.models import Verdict
from tests.browser import text_of
from tests.factories import DAY

DONE = "Gli orari della corriera cambiano da gennaio: la corsa delle sette arriva fino a Monte."
TEXTS = {"asked": Localized.of("Come vi spostate ogni giorno, e che cosa vi manca?"),
         "said": Localized.of("Mancano le corse della sera; sul parcheggio i pareri sono divisi."),
         "done": Localized({"it": DONE, "de": "Der Bus fährt ab Januar auch nach Monte hinauf."})}
WHY = "La Provincia risponde entro giugno, e il piano non può aspettare."


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def call(make):
    """A call of the first phase, which is over; its results are frozen."""
    phase = make.phase(1)
    return make.call("closed", phase=phase, opens_at=phase.starts_at + DAY, closes_at=phase.ends_at - DAY)


def published(of, office, seen=0):
    return services.publish(services.save(of, office, TEXTS, seen=seen), office)


def frozen(activity):
    return results.freeze(activity)


def test_it_begins_from_what_was_asked_and_counted(make, office, call):
    for verdict in (Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.NOT_ACCEPTED):
        make.outcome(make.proposal(call=call), verdict)
    sheet = frozen(call)
    begun = services.begun(call)
    assert begun["asked"] == call.intro
    assert begun["said"]["it"] in json.loads(sheet.content)["conclusion"]["it"]
    assert begun["done"]["it"].splitlines() == [
        "Che cosa ne è stato di 3 proposte:", "", "- Accolta: 2", "- Non accolta: 1"]


def test_what_is_published_stays_and_the_next_edition_follows_it(make, office, call, browser):
    frozen(call)
    first = published(call, office)
    with pytest.raises(UnchangeableError):
        _rewrite(first)
    db.session.refresh(first)
    changed = {**TEXTS, "done": Localized.of("Da gennaio la corriera sale a Monte, e da marzo anche la sera.")}
    kept = services.save(call, office, changed, seen=1)
    address = f"/risultati/{call.id}/restituzione"
    assert DONE in text_of(browser().get(address)), "what is not published is the staff's"
    assert services.publish(kept, office).number == 2
    now, before = browser().get(address), browser().get(f"{address}/1")
    assert "e da marzo anche la sera" in text_of(now)
    assert DONE in text_of(before)
    assert "non vale più" in text_of(before)
    assert browser().get(f"{address}/3").status_code == 404
    assert "ab Januar auch nach Monte" in text_of(browser().get(f"{address}/1?lingua=de"))


def _rewrite(edition):
    with db.session.begin_nested():
        edition.done = Localized.of("Altro.")
        db.session.flush()


def test_what_was_changed_meanwhile_is_not_overwritten(make, office, call, browser):
    services.save(call, office, TEXTS, seen=0)
    with pytest.raises(StaleVersionError):
        services.save(call, office, TEXTS, seen=0)
    desk = browser(office)
    answer = desk.post(f"/ufficio/attivita/{call.id}/restituzione",
                       {"version": "0", "done_it": "Un'altra cosa del tutto.", "act": "save"})
    assert answer.status_code == 409
    assert DONE in text_of(answer)
    assert "Un'altra cosa del tutto." in text_of(answer)


@pytest.mark.parametrize("part", services.PARTS)
def test_less_than_a_sentence_is_not_published_and_what_was_typed_stays(make, office, call, browser, part):
    frozen(call)
    typed = {f"{name}_it": text["it"] for name, text in TEXTS.items()} | {f"{part}_it": "Boh."}
    answer = browser(office).post(f"/ufficio/attivita/{call.id}/restituzione",
                                  {**typed, "version": "0", "act": "publish"})
    assert answer.status_code == 200
    assert "almeno una frase" in text_of(answer)
    assert "Boh." in answer.get_data(as_text=True)
    assert queries.of(call) is None, "nothing was kept by half"


def test_nothing_is_told_before_the_results_are_counted_and_nothing_while_it_lasts(make, office, call, browser):
    with pytest.raises(services.RestitutionError):
        published(call, office)
    assert browser(office).get(f"/ufficio/attivita/{make.call().id}/restituzione").status_code == 403
    assert browser(make.person(Role.STEERING)).get(f"/ufficio/attivita/{call.id}/restituzione").status_code == 403
    assert browser().get(f"/risultati/{call.id}/restituzione").status_code == 404


def test_results_for_the_staff_are_not_told_here_either(make, office, call):
    make.proposal(call=call)
    call.results_visible = ResultsVisible.STAFF
    frozen(call)
    figures = counting.figures_of(call)
    assert (figures.figures, figures.channels, str(figures.conclusion)) == ((), {}, "")


def test_authors_and_followers_are_told_once(make, office, call, app):
    author, follower, other = make.person(), make.person(), make.person()
    proposal = make.proposal(call=call, author=author)
    make.proposal(call=call, author=author)
    make.proposal(call=call, author=other, state=State.HIDDEN)
    db.session.add(Follow(person_id=follower.id, contribution_id=proposal.id))
    frozen(call)
    edition = published(call, office)
    for _again in range(2):
        mails.tell(edition.restitution_id)
    sent = db.session.scalars(sa.select(OutboxMessage)).all()
    assert sorted(one.recipient for one in sent) == sorted([author.email, follower.email])
    assert all(f"/risultati/{call.id}/restituzione" in one.text for one in sent)


VERDICTS = st.sampled_from([None, *Verdict])
PROPOSALS = st.lists(st.tuples(st.booleans(), st.sampled_from([State.PUBLISHED, State.HIDDEN]), VERDICTS,
                               st.integers(0, 3), st.booleans()), max_size=7)


@given(told=PROPOSALS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_figures_are_those_of_a_plain_recount(make, told):
    make.plan(), make.town(), make.person(), make.process()
    with db.session.begin_nested() as whole:
        axis, section = make.axis(), make.section()
        call = make.call()
        for ours, state, verdict, comments, linked in told:
            proposal = make.proposal(call=call, state=state, axis=axis if ours else None)
            for _ in range(comments):
                make.comment(proposal.thread)
            if verdict:
                make.outcome(proposal, verdict)
            if linked:
                make.link(proposal, section)
        public = [one for one in told if one[1] is State.PUBLISHED]
        of_axis, of_call = counting.figures_of(axis), counting.figures_of(call)
        mine = [one for one in public if one[0]]
        assert [figure.value for figure in of_axis.figures] == [
            len(mine), 0, sum(one[3] for one in mine), sum(one[4] for one in mine), 0]
        for sheet, those in ((of_axis, mine), (of_call, public)):
            counted = {row.label["en"]: row.values[0] for table in sheet.tables for row in table.rows}
            names = {None: "No outcome yet", **{v: str(w) for v, w in ENGLISH.items()}}
            assert counted == {names[v]: n for v, n in Counter(one[2] for one in those).items()}
        assert db.session.scalar(sa.select(sa.func.count(TraceLink.id))) == sum(one[4] for one in told)
        whole.rollback()


ENGLISH = {Verdict.ACCEPTED: "Accepted", Verdict.PARTLY: "Accepted in part", Verdict.NOT_ACCEPTED: "Not accepted",
           Verdict.OUT_OF_SCOPE: "Outside the plan", Verdict.UNDER_REVIEW: "Under review"}


def test_a_phase_closes_once_everything_is_answered(make, office, call, browser):
    phase, proposal = call.phase, make.proposal(call=call, title="Una panchina al capolinea")
    hidden = make.call("closed", phase=phase, opens_at=call.opens_at, closes_at=call.closes_at, published=False)
    frozen(call)
    desk = browser(office)
    page = text_of(desk.get(f"/ufficio/fasi/{phase.id}/chiusura"))
    assert str(call.title) in page
    assert "Una panchina al capolinea" in page
    assert str(hidden.title) not in page
    refused = desk.post(f"/ufficio/fasi/{phase.id}/chiudi", {"reason": "Perché sì."})
    assert "almeno una frase" in text_of(refused)
    assert "Perché sì." in refused.get_data(as_text=True)
    assert queries.closing_of(phase) is None
    published(call, office)
    outcome = make.outcome(proposal, Verdict.UNDER_REVIEW)
    assert queries.missing(phase).contributions == 1, "under review is no answer"
    outcome.verdict = Verdict.PARTLY
    assert not queries.missing(phase)
    assert desk.post(f"/ufficio/fasi/{phase.id}/chiudi", {}).status_code == 303
    closing = queries.closing_of(phase)
    assert (closing.without_restitution, closing.without_outcome, closing.reason) == (0, 0, "")
    assert "La fase è stata chiusa" in text_of(browser().get("/percorsi/prova/fasi/1"))
    assert desk.post(f"/ufficio/fasi/{phase.id}/chiudi", {}).status_code == 403


def test_it_closes_all_the_same_for_a_reason_that_everybody_reads(make, office, call, browser):
    make.proposal(call=call)
    make.proposal(call=call)
    assert browser(office).post(f"/ufficio/fasi/{call.phase.id}/chiudi", {"reason": WHY}).status_code == 303
    page = text_of(browser().get("/percorsi/prova/fasi/1"))
    for said in (WHY, office.shown_name, "2 tra proposte e osservazioni non avevano un esito"):
        assert said in page


def test_the_database_refuses_a_closing_without_its_reason(make, office, call):
    for reason in ("", "   " * 10, "Troppo breve"):
        row = sa.insert(PhaseClosing).values(phase_id=call.phase_id, without_restitution=1, without_outcome=0,
                                             closed_at=clock.now(), reason=reason)
        with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
            db.session.execute(row)


def test_a_phase_that_lasts_is_not_closed_and_one_that_is_closed_does_not_move(make, office, call):
    running = make.phase(2)
    with pytest.raises(services.RestitutionError):
        services.close(running, office, reason=WHY)
    services.close(call.phase, office, reason=WHY)
    with pytest.raises(TimetableError):
        processes.change_phase(call.phase, office, seen=call.phase.version, ends_at=call.phase.ends_at + DAY)
    processes.change_phase(call.phase, office, seen=call.phase.version, title=Localized.of("La prima fase"))
    with pytest.raises(services.RestitutionError):
        services.close(call.phase, office, reason=WHY)


def test_the_clock_alone_opens_the_closing(make, office, browser):
    phase = make.phase(2)
    assert browser(office).post(f"/ufficio/fasi/{phase.id}/chiudi", {"reason": WHY}).status_code == 403
    clock.shift(phase.ends_at - clock.now() + DAY)
    assert browser(office).post(f"/ufficio/fasi/{phase.id}/chiudi", {"reason": WHY}).status_code == 303


PAGES = (
    "/percorsi/prova/restituzione", "/percorsi/prova/fasi/1/restituzione", "/percorsi/prova/fasi/1",
    "/ufficio/percorsi/prova/restituzioni", "/ufficio/fasi/{phase}/chiusura",
    "/percorsi/prova/assi/{axis}/restituzione", "/ufficio/assi/{axis_id}/restituzione",
    "/risultati/{call}/restituzione", "/ufficio/attivita/{call}/restituzione")


def test_pages_cost_the_same_with_ten_times_as_much(make, office, browser, queries, call):
    axis, counts = make.axis(), {page: [] for page in PAGES}
    published(axis, office)
    frozen(call)
    published(call, office)
    for size in (1, 10):
        for _ in range(size):
            other = make.call("closed", phase=call.phase, opens_at=call.opens_at, closes_at=call.closes_at)
            make.proposal(call=call, axis=axis)
            frozen(other)
            published(other, office)
            published(make.axis(), office)
        desk = browser(office)
        for page in PAGES:
            here = page.format(call=call.id, phase=call.phase_id, axis=axis.code, axis_id=axis.id)
            assert desk.get(here).status_code == 200
            with queries() as seen:
                desk.get(here)
            counts[page].append(len(seen))
    assert all(first == then <= 20 for first, then in counts.values()), counts


def test_editions_of_a_percorso_are_the_last_of_each(make, office, call):
    frozen(call)
    published(call, office)
    published(call, office, seen=1)
    (found,) = queries.of_process(call.phase.process).values()
    assert found.number == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RestitutionEdition)) == 2
