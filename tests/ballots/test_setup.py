"""The office sets up a ballot on one page, as without JavaScript."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.methods.registry import METHODS
from consult.places.models import Place
from consult.processes.models import Audience, ResultsVisible
from consult.voting import queries as voting
from consult.voting import services as casting
from consult.voting.models import Ballot, BallotOption, Secrecy
from tests.ballots.conftest import NEW, latest, prepared, said
from tests.browser import text_of
from tests.factories import DAY


def test_every_way_of_voting_can_be_set_up(desk, make):
    make.town()
    for method in METHODS:
        ballot = prepared(desk, make, method)
        titles = [str(option.title) for option in ballot.options if option.group != "merger"]
        assert titles == ["Un parco", "Una biblioteca", "Un ponte"]
        assert (ballot.method, ballot.published, ballot.secrecy) == (method, False, Secrecy.PSEUDONYMOUS)
        shown = desk.get(f"/ufficio/votazioni/{ballot.id}").get_data(as_text=True)
        assert ballot.seed in shown
        assert "da sistemare" not in shown
        page = f"/ufficio/votazioni/{ballot.id}/prepara"
        before = (ballot.version, ballot.parameters, ballot.minimum, ballot.maximum, [o.code for o in ballot.options])
        assert desk.submit(page, {"published": "y"}).status_code == 303
        after = latest()
        assert after.published
        assert before == (after.version - 1, after.parameters, after.minimum, after.maximum,
                          [o.code for o in after.options])
        assert desk.get(f"/votazioni/{ballot.id}").status_code == 200
        preview = desk.get(f"/ufficio/votazioni/{ballot.id}/anteprima?in=de").get_data(as_text=True)
        assert "Un ponte" in preview


def test_the_form_is_filled_in_and_explains_each_way_of_voting(desk, make):
    town = make.town()
    answer = desk.submit(NEW, {name: value for name, value in said(make).items() if name.endswith(("_it", "_at"))
                               or name.startswith("option") or name == "phase"})
    assert answer.status_code == 303, text_of(answer)
    assert (latest().method, voting.electorate(latest())) == ("approval", {town.id: 1000})
    page = text_of(desk.get(NEW))
    for method in METHODS.values():
        assert str(method.title) in page
    assert page.count("Tre schede, per esempio:") == len(METHODS)


def test_parameters_conditions_and_voters_are_kept(desk, make):
    town, other = make.town(), make.municipality("Altrove", population=0)
    ballot = prepared(desk, make, "greedy_threshold", **{
        "threshold_percent": "5", "lots": "Monte: 2000\nPiano: 1.500", "option0_lot": "Monte", "exclusive": "1, 3",
        "option1_town": str(other.id), "skip": [], "secrecy": "secret", "only_from": [town.istat_code],
        f"eligible_{town.istat_code}": "800", f"eligible_{other.istat_code}": "70", "condition_turnout_percent": "30",
        "condition_approved_places_percent": "50", "condition_approved_places_places": "2", "maximum": "2",
        "grades_it": "brutto\nbello", "option2_place": "-1"})
    assert ballot.parameters == {"threshold": 2, "threshold_percent": 5, "lots": {"Monte": 2000, "Piano": 1500},
                                 "exclusive": [["02", "01"]], "skip": False, "paper_budget": True}
    assert ballot.conditions == [{"kind": "turnout", "percent": 30},
                                 {"kind": "approved_places", "percent": 50, "places": 2}]
    assert [(str(o.title), o.cost, o.group, o.municipality_id) for o in ballot.options] == [
        ("Un ponte", 3000, "", None), ("Un parco", 1000, "Monte", None), ("Una biblioteca", 2000, "", other.id)]
    assert voting.electorate(ballot) == {town.id: 800}
    assert (ballot.secrecy, ballot.maximum, ballot.audience) == (Secrecy.SECRET, 2, Audience.VERIFIED)
    desk.submit(f"/ufficio/votazioni/{ballot.id}/prepara")
    assert latest().version == 1


REFUSED = [
    ("approval", {"question_it": ""}, "Scrivi che cosa si chiede."),
    ("approval", {"option1_title": "un parco"}, "c’è due volte"),
    ("approval", {"minimum": "3", "maximum": "2"}, "correggi i due numeri"),
    ("single", {"minimum": "2"}, "scrivi 0 o 1"),
    ("approval", {"maximum": "9"}, ""),
    ("greedy", {"budget": ""}, "quanto si può spendere"),
    ("greedy", {"option0_cost": "5000"}, "più di tutto il budget"),
    ("greedy", {"lots": "Monte"}, "Scrivi il nome del lotto"),
    ("greedy", {"exclusive": "1, 9"}, "almeno due righe"),
    ("approval", {"condition_approved_places_percent": "50"}, "Scrivi anche questo numero"),
    ("approval", {"audience": "signed_in", "eligible": "10"}, "la residenza va verificata"),
    ("approval", {"condition_turnout_percent": "30", "eligible": ""}, "quanti possono votare"),
    ("approval", {"proposal_codes": "PRV-P-9999"}, "Non c’è una proposta pubblica"),
    ("approval", {"results_visible": "live"}, ""),
    ("approval", {"closes_at": "2020-01-01T10:00"}, "chiusura"),
]


def test_what_cannot_be_is_refused_with_a_sentence(desk, make):
    town = make.town()
    for way, changes, sentence in REFUSED:
        fields = said(make, way, **changes)
        if "eligible" in fields:
            fields[f"eligible_{town.istat_code}"] = fields.pop("eligible")
        answer = desk.post(NEW, fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "form-error" in page
        assert sentence in page, (way, changes)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 0


def test_what_is_not_asked_for_a_way_of_voting_does_not_matter(desk, make):
    ballot = prepared(desk, make, "approval", budget="-5", points="x", grades_it="uno", lots="Monte")
    assert (ballot.budget, ballot.parameters) == (None, {})


def test_a_draft_can_wait_for_its_options_but_not_be_public(desk, make):
    ballot = prepared(desk, make, option0_title="", option1_title="", option2_title="")
    page = f"/ufficio/votazioni/{ballot.id}"
    assert "Scrivi almeno 2 opzioni" in text_of(desk.get(page))
    assert "Scrivi almeno 2 opzioni" in text_of(desk.submit(f"{page}/prepara", {"published": "y"}))
    assert "Scrivi almeno 2 opzioni" in text_of(desk.submit(f"/ufficio/attivita/{ballot.id}", {"published": "y"}))
    assert not latest().published


def test_more_rows_can_be_had_before_saving(desk, make):
    answer = desk.post(NEW, said(make, more="1", **{f"option{at}_title": "" for at in (3, 4)}))
    assert answer.status_code == 200
    assert "Opzione 10" in text_of(answer)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 0


def test_options_are_taken_over_from_proposals(desk, make):
    town = make.town()
    ticked, named = make.proposal(title="Una pista", cost=Decimal("1500.50")), make.proposal(title="Un forno")
    hidden = make.proposal(title="Nascosta", call=make.call("open", published=False))
    db.session.add(Place(contribution_id=ticked.id, municipality_id=town.id))
    ballot = prepared(desk, make, "points", budget="9000", proposals=[str(ticked.id)],
                      proposal_codes=named.code.lower(), option3_contribution=str(hidden.id), option3_title="Quarta")
    found = {str(o.title): (o.cost, o.municipality_id, o.contribution_id) for o in ballot.options}
    assert found["Una pista"] == (1501, town.id, ticked.id)
    assert found["Un forno"] == (None, None, named.id)
    assert found["Quarta"] == (None, None, None)
    desk.submit(f"/ufficio/votazioni/{ballot.id}/prepara", {"option0_title": "Un parco grande"})
    again = {str(o.title): (o.code, o.contribution_id) for o in latest().options}
    assert again["Un parco grande"][0] == "01"
    assert again["Una pista"][1] == ticked.id


@pytest.mark.parametrize("began", [False, True])
def test_an_option_loses_its_words_with_its_proposal_until_the_ballot_has_begun(make, browser, began):
    proposal = make.proposal(title="Una pista")
    ballot = make.ballot("open" if began else "coming", options=2)
    option = ballot.options[0]
    option.contribution_id, option.title = proposal.id, Localized.of(proposal.title)
    db.session.flush()
    if began:
        casting.open_log(ballot)
    contributions.change_state(proposal, State.HIDDEN, None)
    db.session.commit()
    page = text_of(browser().get(f"/votazioni/{ballot.id}"))
    assert ("Una pista" in page) is began
    assert (proposal.code in page) is not began


def test_a_stale_form_shows_both_texts(desk, make):
    ballot = prepared(desk, make)
    page = f"/ufficio/votazioni/{ballot.id}/prepara"
    form = desk.form(page)["fields"]
    desk.submit(page, {"option0_title": "Un giardino"})
    answer = desk.post(page, {**form, "option0_title": "Un orto"})
    assert answer.status_code == 409
    assert "Un orto" in text_of(answer)
    assert str(latest().options[0].title) == "Un giardino"


def test_once_people_vote_only_what_is_said_around_it_changes(desk, make):
    ballot = make.ballot(audience=Audience.SIGNED_IN)
    page, general = f"/ufficio/votazioni/{ballot.id}/prepara", f"/ufficio/attivita/{ballot.id}"
    fields = desk.form(page)["fields"]
    assert not {"question_it", "method", "option0_title", "published"} & set(fields)
    assert "cambierebbe il significato" in text_of(desk.get(page))
    assert desk.submit(page, {"title_it": "Un titolo migliore"}).status_code == 303
    for changes in ({"audience": "verified"}, {"minimum_age": "18"}, {"published": []}, {"results_visible": "staff"},
                    {"results_visible": "live"}, {"engagement_level": "co_decision"}):
        assert desk.submit(general, changes).status_code == 200
    assert desk.submit(general, {"intro_it": "Più chiaro."}).status_code == 303
    ballot = latest()
    assert (str(ballot.title), str(ballot.intro)) == ("Un titolo migliore", "Più chiaro.")
    assert (ballot.audience, ballot.published) == (Audience.SIGNED_IN, True)
    assert ballot.results_visible is ResultsVisible.AFTER_CLOSE
    casting.cast(ballot, make.person(), {"B01": 1})
    overview = text_of(desk.get(f"/ufficio/votazioni/{ballot.id}"))
    assert "1 Schede nell’urna" in overview or "Schede nell’urna 1" in overview


def test_a_copy_has_everything_but_the_times(desk, make):
    town = make.town()
    first = prepared(desk, make, "greedy", secrecy="secret", **{f"eligible_{town.istat_code}": "55"})
    page = f"{NEW}?come={first.id}"
    times = {name: value for name, value in said(make).items() if name.endswith("_at") or name == "phase"}
    assert desk.submit(page, times, action=NEW).status_code == 303
    copy = latest()
    assert copy.id != first.id
    assert copy.seed != first.seed
    assert (copy.method, copy.budget, copy.secrecy) == ("greedy", 4000, Secrecy.SECRET)
    assert [(o.code, o.title, o.cost) for o in copy.options] == [(o.code, o.title, o.cost) for o in first.options]
    assert voting.electorate(copy) == {town.id: 55}


def test_a_ballot_that_does_not_take_place(desk, make):
    gone, page = prepared(desk, make).id, "/ufficio/votazioni/{}"
    kept = prepared(desk, make)
    cancel = page.format(gone) + "/annulla"
    assert desk.submit(page.format(gone), {}, action=cancel).status_code == 303
    assert db.session.get(Ballot, gone) is None
    assert not db.session.scalar(sa.select(BallotOption.id).where(BallotOption.ballot_id == gone))
    desk.submit(page.format(kept.id) + "/prepara", {"published": "y"})
    cancel = page.format(kept.id) + "/annulla"
    desk.submit(page.format(kept.id), {"reason": ""}, action=cancel)
    assert not latest().notice
    desk.submit(page.format(kept.id), {"reason": "Il consiglio ha rinviato."}, action=cancel)
    assert "Il consiglio ha rinviato." in text_of(desk.get(f"/votazioni/{kept.id}"))
    clock.shift(3 * DAY)
    assert not latest().takes()
    events = list(db.session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event == "BallotCancelled")))
    assert len(events) == 2


def test_an_open_ballot_is_not_cancelled(desk, make):
    answer = desk.post(f"/ufficio/votazioni/{make.ballot().id}/annulla", {"version": "1", "reason": "No"})
    assert answer.status_code == 403


def test_options_are_translated_until_people_vote(desk, make):
    ballot = prepared(desk, make, option0_text="Con alberi")
    page = f"/ufficio/votazioni/{ballot.id}/traduzioni"
    said_in_german = {"title_01": "Ein Park", "text_01": "Mit Bäumen"}
    assert desk.submit(f"{page}?in=de", said_in_german, action=page).status_code == 303
    option = latest().options[0]
    assert (option.title["de"], option.text["de"], option.title["it"]) == ("Ein Park", "Mit Bäumen", "Un parco")
    desk.submit(f"/ufficio/votazioni/{ballot.id}/prepara", {"option0_title": "Un parco grande"})
    assert latest().options[0].title == {"it": "Un parco grande", "de": "Ein Park"}
    opened = make.ballot()
    answer = desk.submit(f"/ufficio/votazioni/{opened.id}/traduzioni?in=de", {"title_B01": "Eins"},
                         action=f"/ufficio/votazioni/{opened.id}/traduzioni")
    assert "cambierebbe il significato" in text_of(answer)


def test_only_the_office_of_the_percorso_sets_up(browser, make):
    ballot = make.ballot(when="coming")
    for who in (make.person(Role.MODERATOR), make.person(verified=True)):
        for page in (NEW, *(f"/ufficio/votazioni/{ballot.id}{rest}" for rest in ("", "/prepara", "/anteprima"))):
            assert browser(who).get(page).status_code == 403


def test_queries_do_not_grow_with_options_or_proposals(desk, make, queries):
    counts = []
    for number in (2, 12):
        ballot = make.ballot(when="coming", options=number)
        for _ in range(number):
            make.proposal()
        for page in ("", "/prepara", "/anteprima"):
            with queries() as seen:
                assert desk.get(f"/ufficio/votazioni/{ballot.id}{page}").status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]


def test_no_option_is_lost_however_many_there_are(desk, make):
    ballot = make.ballot(when="coming", options=300, maximum=2)
    for option in ballot.options[:100]:
        option.text = Localized.of("è" * 1000)
    db.session.commit()
    page = f"/ufficio/votazioni/{ballot.id}/prepara"
    fields = desk.form(page)["fields"]
    assert "al massimo 300" in text_of(desk.post(page, {**fields, "option300_title": "Una di troppo"}))
    assert desk.post(page, {**fields, "option299_title": "L’ultima"}).status_code == 303
    codes = [option.code for option in latest().options]
    assert (len(codes), str(latest().options[299].title), latest().version) == (300, "L’ultima", 2)
    assert "L’ultima" in text_of(desk.get(f"/ufficio/votazioni/{ballot.id}/anteprima"))
    some = {name: said for name, said in fields.items() if not name.startswith("option") or name.startswith("option0_")}
    assert desk.post(page, {**some, "version": "2", "option0_title": ""}).status_code == 303
    assert {option.code for option in latest().options} == set(codes) - {fields["option0_code"]}
    copy = desk.form(f"{NEW}?come={ballot.id}")["fields"]
    assert copy["option298_title"] == "L’ultima"
