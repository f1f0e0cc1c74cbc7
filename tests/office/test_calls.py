"""The plan office sets a call up: what is asked, how many, how supported, own fields, like an earlier one."""

import io

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.proposals import services as proposals
from consult.proposals.models import Asking, CallField, FieldKind, ProposalCall
from consult.proposals.services import Wording
from consult.voting import services as voting
from tests.browser import text_of
from tests.factories import DAY
from tests.payloads import MALFORMED


@pytest.fixture
def desk(browser, make):
    return browser(make.person(Role.PLAN_OFFICE))


def typed(instant):
    return clock.local(instant).strftime("%Y-%m-%dT%H:%M")


def fields(make, **changes):
    return {"phase": str(make.phase().id), "title_it": "Idee per la piazza", "intro_it": "Che cosa vorresti?",
            "opens_at": typed(clock.now() + DAY), "closes_at": typed(clock.now() + 40 * DAY), **changes}


def last_call():
    return db.session.scalars(sa.select(ProposalCall).order_by(ProposalCall.id.desc())).first()


def recorded():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


def new_field(desk, call, **typed_in):
    return desk.submit(f"/ufficio/raccolte/{call.id}/campi/nuovo", {"label_it": "Chi ne ha bisogno?", **typed_in})


def test_everything_is_set_in_one_page(desk, make):
    axis, town = make.axis(), make.municipality()
    desk.submit("/ufficio/percorsi/prova/nuova-raccolta", fields(
        make, most_per_person="3", most_per_organisation="5", supports="limited", supports_each="4",
        asks_axis="required", only_axes=[axis.code], asks_place="required", only_places=[town.istat_code],
        asks_cost="optional", asks_attachments="optional", categories_it="Un luogo\n\n Un  servizio \n",
        categories_de="Ein Ort\nEin Dienst", body_template="Qual è il problema?", guide="Scrivi **chiaro**."))
    call = last_call()
    assert (call.most_per_person, call.most_per_organisation, call.supports_open, call.supports_each) == (3, 5, True, 4)
    assert (call.asks_axis, call.asks_place, call.asks_cost) == (Asking.REQUIRED, Asking.REQUIRED, Asking.OPTIONAL)
    assert (call.only_axes, call.only_places) == ([axis.code], [town.istat_code])
    assert [dict(one.name) for one in call.categories] == [
        {"it": "Un luogo", "de": "Ein Ort"}, {"it": "Un servizio", "de": "Ein Dienst"}]
    assert (call.body_template, call.guide) == ("Qual è il problema?", "Scrivi **chiaro**.")
    before = call.version
    assert desk.submit(f"/ufficio/attivita/{call.id}").status_code == 303
    assert (last_call().version, recorded().count("ActivityChanged")) == (before, 0)


@pytest.mark.parametrize(("supports", "each", "kept"), [
    ("off", "", (False, None)), ("on", "7", (True, None)), ("limited", "7", (True, 7))])
def test_supports_are_off_on_or_limited(desk, make, supports, each, kept):
    desk.submit("/ufficio/percorsi/prova/nuova-raccolta", fields(make, supports=supports, supports_each=each))
    assert (last_call().supports_open, last_call().supports_each) == kept


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"supports": "limited"}, "Indica quante proposte può sostenere ogni persona."),
    ({"supports": "limited", "supports_each": "0"}, "fra 1 e 1.000"), ({"most_per_person": "-1"}, "fra 1 e 1.000"),
    ({"most_per_person": "99999999999"}, "fra 1 e 1.000"), ({"most_per_person": "tre"}, "numero intero"),
    ({"supports": "maybe"}, "Scegli"), ({"asks_cost": "maybe"}, "Scegli"), ({"only_axes": ["X9"]}, "Scegli"),
    ({"categories_it": "Uno\nUno"}, "La stessa riga c’è due volte"),
    ({"categories_it": "Uno\nDue", "categories_de": "Eins"}, "tante righe quante in italiano"),
    ({"categories_it": "x" * 121}, "al massimo 40 righe"), ({"body_template": "x" * 3001}, "3000")])
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, make, changes, sentence):
    response = desk.submit("/ufficio/percorsi/prova/nuova-raccolta", fields(make, **changes))
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert "Che cosa vorresti?" in response.get_data(as_text=True)
    assert last_call() is None


def test_the_number_of_supports_is_not_set_below_what_somebody_has_given(desk, make):
    call, person = make.call(supports_each=3), make.person()
    for _ in range(2):
        voting.support(make.proposal(call=call), person)
    path = f"/ufficio/attivita/{call.id}"
    refused = desk.submit(path, {"supports": "limited", "supports_each": "1"})
    assert "Qualcuno sostiene già 2 proposte" in text_of(refused)
    assert desk.submit(path, {"supports": "limited", "supports_each": "2"}).status_code == 303


def test_a_category_that_was_chosen_stays_and_nothing_else_is_changed(desk, make, categories):
    call = make.call()
    used = categories(call, "Un luogo", "Un servizio")[0]
    make.proposal(call=call, category=used)
    response = desk.submit(f"/ufficio/attivita/{call.id}", {"categories_it": "Un servizio", "title_it": "Altro"})
    assert response.status_code == 200
    assert "«Un luogo» non si può togliere: ce l’ha 1 proposta." in text_of(response)
    assert call.title != {"it": "Altro"}
    assert len(call.categories) == 2


def test_own_fields_are_added_ordered_mended_and_removed(desk, make):
    call = make.call()
    assert new_field(desk, call, help_it="Per esempio gli anziani.").status_code == 303
    new_field(desk, call, label_it="Quando?", kind="choice", options_it="Subito\nPoi", required="y")
    first, second = call.fields
    assert (str(first.help), first.kind, second.required) == ("Per esempio gli anziani.", FieldKind.SHORT_TEXT, True)
    assert [str(option.name) for option in second.options] == ["Subito", "Poi"]
    path = f"/ufficio/raccolte/{call.id}/campi"
    desk.submit(f"/ufficio/attivita/{call.id}", action=f"{path}/{second.id}/su")
    assert [field.id for field in call.fields] == [second.id, first.id]
    desk.submit(f"{path}/{first.id}", {"label_it": "Chi ne avrà bisogno?"})
    assert str(first.label) == "Chi ne avrà bisogno?"
    desk.submit(f"/ufficio/attivita/{call.id}", action=f"{path}/{first.id}/togli")
    assert [field.id for field in call.fields] == [second.id]
    assert [event for event in recorded() if event.startswith("CallField")] == [
        "CallFieldAdded", "CallFieldAdded", "CallFieldChanged", "CallFieldChanged", "CallFieldRemoved"]


def test_a_field_that_has_answers_says_so_and_is_asked_no_more(desk, make):
    call, author = make.call(), make.person()
    new_field(desk, call)
    [field] = call.fields
    proposals.submit(call, author, Wording(title="Una panchina", body="x" * 50, answers={field.id: "Gli anziani"}))
    path = f"/ufficio/raccolte/{call.id}/campi/{field.id}"
    assert "1 proposta risponde a questo campo." in text_of(desk.get(path))
    refused = desk.submit(path, {"kind": "date"})
    assert refused.status_code == 200
    assert "il tipo di risposta resta" in text_of(refused)
    assert "non si può togliere" in text_of(desk.post(f"{path}/togli", follow_redirects=True))
    desk.submit(f"/ufficio/attivita/{call.id}", action=f"{path}/smetti")
    assert field.retired
    desk.submit(f"/ufficio/attivita/{call.id}", action=f"{path}/chiedi")
    assert not field.retired


def test_a_stale_change_of_a_field_shows_both(desk, make):
    call = make.call()
    new_field(desk, call)
    path = f"/ufficio/raccolte/{call.id}/campi/{call.fields[0].id}"
    form = desk.form(path)
    desk.submit(path, {"label_it": "Salvato da altri"})
    response = desk.post(path, {**form["fields"], "label_it": "Scritto da me"})
    assert response.status_code == 409
    assert "Salvato da altri" in text_of(response)


@pytest.mark.parametrize(("typed_in", "sentence"), [
    ({"label_it": ""}, "Scrivi che cosa si chiede."), ({"kind": "poem"}, "Scegli"),
    ({"kind": "choice"}, "almeno due opzioni"), ({"kind": "choice", "options_it": "Una"}, "almeno due opzioni")])
def test_a_field_that_cannot_be_is_told(desk, make, typed_in, sentence):
    call = make.call()
    assert sentence in text_of(new_field(desk, call, **typed_in))
    assert call.fields == []


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_fields_break_nothing(desk, make, text):
    call = make.call()
    assert new_field(desk, call, label_it=text, kind="choice", options_it=text).status_code in (200, 303)
    assert desk.submit(f"/ufficio/attivita/{call.id}", {"categories_it": text}).status_code in (200, 303)


def test_a_new_call_is_like_an_earlier_one_but_for_its_times(desk, make, categories):
    earlier = make.call("closed", title=Localized.of("La prima raccolta"), most_per_person=2, supports_each=3,
                        asks_cost=Asking.REQUIRED, guide="Scrivi chiaro.")
    categories(earlier, "Un luogo", "Un servizio")
    new_field(desk, earlier, kind="choice", label_it="Quando?", options_it="Subito\nPoi", required="y")
    path = f"/ufficio/percorsi/prova/nuova-raccolta?come={earlier.id}"
    form = desk.form(path)
    assert form["fields"]["opens_at"] == ""
    assert "published" not in form["fields"]
    times = {name: fields(make)[name] for name in ("phase", "opens_at", "closes_at")}
    desk.post("/ufficio/percorsi/prova/nuova-raccolta", {**form["fields"], **times})
    call = last_call()
    assert call.id != earlier.id
    assert (call.title, call.most_per_person, call.supports_each, call.asks_cost, call.guide, call.published) == (
        {"it": "La prima raccolta"}, 2, 3, Asking.REQUIRED, "Scrivi chiaro.", False)
    assert [str(one.name) for one in call.categories] == ["Un luogo", "Un servizio"]
    [field] = call.fields
    assert (str(field.label), field.required, [str(o.name) for o in field.options]) == (
        "Quando?", True, ["Subito", "Poi"])
    assert len(earlier.fields) == 1


@pytest.mark.parametrize("come", ["999", "x", "", "99999999999", "-1"])
def test_a_call_that_is_not_there_is_nobodys_model(desk, make, come):
    make.process()
    assert desk.get(f"/ufficio/percorsi/prova/nuova-raccolta?come={come}").status_code == 200


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.STEERING])
def test_only_the_plan_office_sets_up(browser, make, role):
    call = make.call()
    page = browser(make.person(*([role] if role else [])))
    for path in ("campi/nuovo", "proposte.csv"):
        assert page.get(f"/ufficio/raccolte/{call.id}/{path}").status_code == 403
    for act in ("su", "giu", "togli", "chiedi", "smetti"):
        assert page.post(f"/ufficio/raccolte/{call.id}/campi/1/{act}").status_code == 403


def test_a_field_of_another_call_is_unknown(desk, make):
    one, other = make.call(), make.call()
    new_field(desk, one)
    id = db.session.scalar(sa.select(CallField.id))
    assert desk.get(f"/ufficio/raccolte/{other.id}/campi/{id}").status_code == 404
    assert desk.post(f"/ufficio/raccolte/{other.id}/campi/{id}/togli").status_code == 404


def test_the_office_takes_all_that_was_sent_in_as_a_table(desk, make, queries):
    call = make.call()
    new_field(desk, call, label_it="Quante?", kind="number")
    [field] = call.fields
    for number in range(3):
        proposals.submit(call, make.person(), Wording(title=f"=Proposta {number}", body="x" * 50,
                                                      answers={field.id: proposals.Decimal("1.5")}))
    make.proposal(call=call, state=State.DRAFT, title="Una bozza")
    csv = desk.get(f"/ufficio/raccolte/{call.id}/proposte.csv").get_data().decode("utf-8-sig").splitlines()
    assert csv[0].startswith("Codice;")
    assert len(csv) == 4
    assert "'=Proposta 0" in csv[1]
    assert ";1,5;" in csv[1]
    book = load_workbook(io.BytesIO(desk.get(f"/ufficio/raccolte/{call.id}/proposte.xlsx").get_data()))
    assert book.active["A1"].value == "Codice"
    with queries() as few:
        desk.get(f"/ufficio/raccolte/{call.id}/proposte.csv")
    for _ in range(5):
        make.proposal(call=call)
    with queries() as many:
        desk.get(f"/ufficio/raccolte/{call.id}/proposte.csv")
    assert len(many) <= len(few)
