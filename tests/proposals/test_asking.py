"""What a call asks beside title and text: themes, categories, a cost, files, own fields."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from consult.contributions.models import State
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.privacy import erasure, exports
from consult.proposals import answers, calls, services
from consult.proposals.calls import FieldWording, InUseError
from consult.proposals.models import Asking, FieldAnswer, FieldKind, Proposal
from tests import recount
from tests.browser import text_of
from tests.payloads import XSS, dangers

TITLE = "Più corse la sera"
BODY = "Chiediamo due corse in più dopo le venti, perché chi lavora in città possa tornare."


def proposals():
    return db.session.scalars(sa.select(Proposal).order_by(Proposal.id)).all()


def send(page, call, **fields):
    typed = {"title": TITLE, "body": BODY, **fields}
    return page.submit(f"/raccolte/{call.id}/proponi", typed, button=("act", "submit"))


def wording(field, **changes):
    return FieldWording(**{"kind": field.kind, "label": field.label, "help": field.help, "required": field.required,
                           "options": [option.name for option in field.options], **changes})


def test_only_the_themes_of_the_call_are_offered(browser, make):
    one, other = make.axis(), make.axis()
    call = make.call(only_axes=[one.code])
    page = browser(make.person())
    shown = page.get(f"/raccolte/{call.id}/proponi").get_data(as_text=True)
    assert str(one.title) in shown
    assert f'value="{other.id}"' not in shown
    assert send(page, call, axis=other.id).status_code == 200
    assert send(page, call, axis=one.id).status_code == 303


@pytest.mark.parametrize(("asking", "status", "field"), [
    (Asking.NOT, 303, False), (Asking.OPTIONAL, 303, True), (Asking.REQUIRED, 200, True)])
def test_a_theme_a_category_and_a_cost_are_asked_as_the_call_says(browser, make, categories, asking, status, field):
    make.axis()
    for name in ("axis", "category", "cost"):
        call = make.call(**{f"asks_{name}": asking})
        categories(call, "Un luogo", "Un servizio")
        page = browser(make.person())
        assert (f'name="{name}"' in page.get(f"/raccolte/{call.id}/proponi").get_data(as_text=True)) is field
        assert send(page, call).status_code == status


def test_a_category_and_a_cost_are_kept_and_shown(browser, make, categories):
    call = make.call(asks_cost=Asking.REQUIRED)
    chosen = categories(call, "Un luogo", "Un servizio")[1]
    response = send(browser(make.person()), call, category=chosen.id, cost="1.500,50")
    [proposal] = proposals()
    assert (proposal.category_id, proposal.cost) == (chosen.id, Decimal("1500.50"))
    said = text_of(browser().get(response.location))
    assert "Un servizio" in said
    assert "1.500,50 €" in said


@pytest.mark.parametrize(("typed", "sentence"), [
    ("tanto", "Scrivi un numero, in cifre."), ("-1", "Scrivi un numero non inferiore a zero."),
    ("1,234", "al massimo 2 cifre dopo la virgola"), ("10000000000", "Questo numero è troppo grande"),
    ("9" * 40, "Scrivi un numero, in cifre."), ("1e5", "Scrivi un numero, in cifre."), ("NaN", "in cifre")])
def test_a_cost_that_is_none_is_told_and_kept_in_the_form(browser, make, typed, sentence):
    call = make.call(asks_cost=Asking.OPTIONAL)
    response = send(browser(make.person()), call, cost=typed)
    assert sentence in text_of(response)
    assert f'value="{typed}"' in response.get_data(as_text=True)
    assert proposals() == []


def test_files_that_are_obligatory_are_missed(browser, make):
    call = make.call(asks_attachments=Asking.REQUIRED)
    page = browser(make.person())
    assert "almeno un’immagine o un documento" in text_of(send(page, call))
    assert page.submit(f"/raccolte/{call.id}/proponi", {"title": TITLE}, button=("act", "draft")).status_code == 303


def test_a_place_that_is_obligatory_is_missed_and_lies_where_the_call_says(browser, make):
    here, elsewhere = make.municipality(), make.municipality()
    call = make.call(asks_place=Asking.REQUIRED, only_places=[here.istat_code])
    page = browser(make.person())
    assert "Questa raccolta chiede un luogo" in text_of(send(page, call))
    assert send(page, call, place_municipality=elsewhere.id).status_code == 200
    assert send(page, call, place_municipality=here.id).status_code == 303


ANSWERS = [
    (FieldKind.SHORT_TEXT, "Gli anziani", "Gli anziani"),
    (FieldKind.LONG_TEXT, "Molti **anziani** soli", "Molti anziani soli"),
    (FieldKind.NUMBER, "1.250,5", "1.250,5"), (FieldKind.NUMBER, "0", "0"), (FieldKind.NUMBER, "-3", "-3"),
    (FieldKind.DATE, "2027-03-05", "5 marzo 2027")]


@pytest.mark.parametrize(("kind", "typed", "shown"), ANSWERS)
def test_an_answer_is_kept_in_a_row_shown_and_found_again_in_the_form(browser, make, ask, kind, typed, shown):
    author, call = make.person(), make.call()
    field = ask(call, kind, "La domanda in più", required=True)
    page = browser(author)
    response = send(page, call, **{f"own_{field.id}": typed})
    said = text_of(page.get(response.location))
    assert "La domanda in più" in said
    assert shown in said
    again = page.form(f"/proposte/{proposals()[0].id}/modifica")
    page.post(again["action"], again["fields"])
    assert proposals()[0].version == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FieldAnswer)) == 1


def test_a_choice_is_one_of_the_options(browser, make, ask):
    call = make.call()
    field, other = (ask(call, FieldKind.CHOICE, options=options) for options in (("Sì", "No"), ("Bianco", "Nero")))
    page = browser(make.person())
    for wrong in (other.options[0].id, "99999999", "x", "-1"):
        assert send(page, call, **{f"own_{field.id}": wrong}).status_code == 200
    response = send(page, call, **{f"own_{field.id}": field.options[1].id})
    assert proposals()[0].answers[0].option_id == field.options[1].id
    assert "No" in text_of(page.get(response.location))


@pytest.mark.parametrize(("kind", "typed", "sentence"), [
    (FieldKind.SHORT_TEXT, "x" * 201, "Scrivi al massimo 200 caratteri."), (FieldKind.SHORT_TEXT, " ", "Rispondi"),
    (FieldKind.LONG_TEXT, "x" * 4001, "Scrivi al massimo 4.000 caratteri."), (FieldKind.LONG_TEXT, "", "Rispondi"),
    (FieldKind.NUMBER, "molti", "Scrivi un numero, in cifre."), (FieldKind.NUMBER, "", "Scrivi un numero, in cifre."),
    (FieldKind.DATE, "domani", "Questa non è una data."), (FieldKind.DATE, "0001-01-01", "Questa non è una data."),
    (FieldKind.DATE, "", "Scegli un giorno."), (FieldKind.CHOICE, "", "Scegli una di queste voci.")])
def test_an_answer_that_cannot_be_is_told_in_a_sentence(browser, make, ask, kind, typed, sentence):
    call = make.call()
    field = ask(call, kind, required=True, options=("Sì", "No") if kind is FieldKind.CHOICE else ())
    response = send(browser(make.person()), call, **{f"own_{field.id}": typed})
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert BODY in response.get_data(as_text=True)
    assert proposals() == []


def test_no_answer_runs_in_the_browser_of_its_readers(browser, make, ask):
    call = make.call()
    short, long = ask(call), ask(call, FieldKind.LONG_TEXT)
    page, reader = browser(make.person()), browser()
    for payload in XSS:
        response = send(page, call, **{f"own_{short.id}": payload[:200], f"own_{long.id}": payload})
        assert dangers(reader.get(response.location).get_data(as_text=True)) == []


def test_what_a_call_asks_no_more_stays_on_what_was_sent_in(browser, make, ask):
    author, call = make.person(), make.call(asks_cost=Asking.OPTIONAL)
    field = ask(call)
    page = browser(author)
    response = send(page, call, cost="200", **{f"own_{field.id}": "Gli anziani"})
    call.asks_cost = Asking.NOT
    calls.ask(field, author, asked=False)
    page.submit(f"/proposte/{proposals()[0].id}/modifica", {"title": "Un altro titolo", "reason": "È più chiaro."})
    said = text_of(page.get(response.location, follow_redirects=True))
    assert "Un altro titolo" in said
    assert "Gli anziani" in said
    assert proposals()[0].cost == 200


def test_the_outline_stands_in_the_form_and_is_no_proposal(browser, make):
    call = make.call(body_template="Qual è il problema?\n\nChe cosa proponi per risolverlo, in concreto?")
    page = browser(make.person())
    form = page.form(f"/raccolte/{call.id}/proponi")
    assert form["fields"]["body"].startswith("Qual è il problema?")
    assert "di tuo non c’è ancora nulla" in text_of(page.post(form["action"], {**form["fields"], "title": TITLE}))
    filled = {**form["fields"], "title": TITLE, "body": form["fields"]["body"] + " Una corsa."}
    assert page.post(form["action"], filled).status_code == 303


def test_a_field_with_answers_is_mended_only_so_that_they_stay_valid(make, ask):
    officer, call = make.person(), make.call()
    field = ask(call, FieldKind.CHOICE, options=("Si", "No"))
    chosen = make.proposal(call=call)
    chosen.answers.append(FieldAnswer(field_id=field.id, option_id=field.options[0].id))
    make.proposal(call=call)
    db.session.flush()
    spelt = [Localized.of("Sì"), Localized.of("No")]
    with pytest.raises(InUseError, match="kind"):
        calls.mend_field(field, officer, wording(field, kind=FieldKind.SHORT_TEXT), seen=1)
    with pytest.raises(InUseError, match="options"):
        calls.mend_field(field, officer, wording(field, options=[Localized.of("No")]), seen=1)
    with pytest.raises(InUseError, match="required"):
        calls.mend_field(field, officer, wording(field, required=True), seen=1)
    with pytest.raises(InUseError, match="label"):
        calls.remove_field(field, officer)
    with pytest.raises(StaleVersionError):
        calls.mend_field(field, officer, wording(field), seen=7)
    calls.mend_field(field, officer, wording(field, options=[*spelt, Localized.of("Forse")],
                                             label=Localized.of("Davvero?")), seen=1)
    assert [str(option.name) for option in field.options] == ["Sì", "No", "Forse"]
    assert [shown.value for shown in answers.shown(chosen)] == [Localized.of("Sì")]


def test_a_field_without_answers_is_free(make, ask):
    officer, call = make.person(), make.call()
    field = ask(call, FieldKind.CHOICE, options=("Sì", "No"))
    calls.mend_field(field, officer, wording(field, kind=FieldKind.DATE, options=(), required=True), seen=1)
    assert (field.kind, field.options, field.required) == (FieldKind.DATE, [], True)
    calls.remove_field(field, officer)
    assert call.fields == []


def test_nothing_becomes_obligatory_that_was_left_out(make, ask):
    call = make.call()
    make.proposal(call=call, state=State.DRAFT)
    make.proposal(call=call, state=State.WITHDRAWN)
    ask(call, required=True)
    make.proposal(call=call)
    with pytest.raises(InUseError, match="required"):
        ask(call, required=True)


def test_fields_are_asked_in_their_order(make, ask):
    officer, call = make.person(), make.call()
    first, second, third = ask(call), ask(call), ask(call)
    calls.move_field(third, officer, up=True)
    assert [field.id for field in call.fields] == [first.id, third.id, second.id]
    calls.move_field(first, officer, up=False)
    calls.move_field(second, officer, up=False)
    assert [field.id for field in call.fields] == [third.id, first.id, second.id]


def test_a_category_that_was_chosen_is_spelt_anew_but_not_removed(make, categories):
    officer, call = make.person(), make.call()
    used, _free = categories(call, "Un lugo", "Un servizio")
    make.proposal(call=call, category=used)
    with pytest.raises(InUseError, match="categories"):
        calls.set_categories(call, officer, [Localized.of("Un servizio")])
    calls.set_categories(call, officer, [Localized.of("Un luogo")])
    assert [(one.id, str(one.name)) for one in call.categories] == [(used.id, "Un luogo")]


def test_answers_are_in_the_copy_of_ones_data_and_go_with_what_was_withdrawn(make, ask):
    author, call = make.person(), make.call()
    field = ask(call, label="Chi ne ha bisogno?")
    proposal = services.submit(call, author, services.Wording(
        title=TITLE, body=BODY, cost=Decimal(200), answers={field.id: "Mia zia Pina"}))
    with zipfile.ZipFile(io.BytesIO(exports.packed(author))) as copy:
        told = "".join(copy.read(name).decode() for name in copy.namelist())
    assert "Mia zia Pina" in told
    assert "200" in told
    services.withdraw(proposal, author)
    erasure.erase(author, withdraw=True, actor=author)
    assert db.session.scalars(sa.select(FieldAnswer)).all() == []
    assert proposal.cost is None
    assert recount.drift() == []


def test_a_deleted_draft_takes_its_answers_along(make, ask):
    author, call = make.person(), make.call()
    field = ask(call)
    draft = services.save_draft(call, author, services.Wording(title=TITLE, body="", answers={field.id: "Io"}))
    services.withdraw(draft, author)
    assert db.session.scalars(sa.select(FieldAnswer)).all() == []


def test_a_day_is_kept_as_a_day(make, ask):
    author, call = make.person(), make.call()
    field = ask(call, FieldKind.DATE)
    said = {field.id: date(2027, 3, 5)}
    proposal = services.submit(call, author, services.Wording(title=TITLE, body=BODY, answers=said))
    db.session.expire_all()
    assert answers.of(proposal) == said
