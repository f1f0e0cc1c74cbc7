"""What every form does with what it is sent: tidied, bounded, one act however often sent, told what is wrong."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import redirect
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import db
from consult.core.forms import Form, OnceForm, VersionedForm, argument, choices, chosen_id
from consult.core.once import OnceKey, forget


class Sample(Form):
    title = StringField("Titolo")
    body = TextAreaField("Testo")
    short = StringField("Breve", [Length(min=3, max=5)])
    password = PasswordField("Password")


class Creating(OnceForm):
    name = StringField("Nome", [InputRequired("Scrivi un nome.")])


class Numbers(Form):
    age = IntegerField("Età", [Optional(), NumberRange(min=1, max=9)])
    day = DateField("Giorno", [Optional()])
    town = SelectField("Comune", coerce=chosen_id, choices=choices([("", "Scegli"), ("3", "Tre")]))


@pytest.fixture
def bare_app(bare_app):
    """The application with a page that makes a person, once."""

    def create():
        form = Creating()
        if not form.accepted():
            return f'<form>{form.once()}</form>{"".join(form.name.errors)}'
        person = Person(display_name=form.name.data)
        db.session.add(person)
        db.session.flush()
        events.record(events.Event(actor_id=None))
        return redirect(f"/persone/{person.id}", 303)

    bare_app.add_url_rule("/prova", "p_create", create, methods=["GET", "POST"])
    bare_app.add_url_rule("/altra", "p_other", create, methods=["GET", "POST"])
    return bare_app


@pytest.fixture
def filled(app):
    """Fill in a form as a browser sends it, in the language asked for."""

    def fill(kind, language="it", **fields):
        with app.test_request_context(f"/?lingua={language}", method="POST"):
            app.config["WTF_CSRF_ENABLED"] = False
            form = kind(formdata=MultiDict(fields))
            form.validate()
            return form, {field.name: [str(error) for error in field.errors] for field in form if field.errors}

    return fill


def people():
    return db.session.scalar(sa.select(sa.func.count(Person.id)).where(Person.display_name == "Nora"))


# tidy and bounded
@pytest.mark.parametrize(("typed", "kept"), [
    ("  ciao  ", "ciao"), ("a\x00b", "ab"), ("a\r\nb\rc", "a\nb\nc"), ("\u202eabc\u2066", "abc"), ("a\x07\x1bb", "ab"),
    ("\ud800x", "?x"), ("tab\tresta", "tab\tresta"), ("àèìòù ß 李 🌻", "àèìòù ß 李 🌻"), ("<b>&amp;", "<b>&amp;"),
])
def test_typed_texts_are_tidied_and_otherwise_left_alone(filled, typed, kept):
    form, _errors = filled(Sample, title=typed, body=typed, short="abc")
    assert (form.title.data, form.body.data) == (kept, kept)


def test_a_password_is_left_as_typed(filled):
    form, _errors = filled(Sample, password="  con spazi \x07 ", short="abc")
    assert form.password.data == "  con spazi \x07 "


@pytest.mark.parametrize(("field", "most"), [("title", 200), ("body", 20_000), ("password", 200)])
def test_no_field_is_without_a_limit(filled, field, most):
    assert filled(Sample, **{field: "x" * most, "short": "abc"})[1] == {}
    _form, errors = filled(Sample, **{field: "x" * (most + 1), "short": "abc"})
    assert errors == {field: [f"È troppo lungo: al massimo {most} caratteri."]}


@pytest.mark.parametrize(("language", "sentence"), [
    ("it", "Scrivi da 3 a 5 caratteri."), ("en", "Write between 3 and 5 characters."),
    ("de", "Schreiben Sie zwischen 3 und 5 Zeichen."), ("fr", "Écrivez entre 3 et 5 caractères."),
])
def test_what_is_wrong_is_said_in_the_language_of_the_page(filled, language, sentence):
    assert filled(Sample, language, short="troppo lungo")[1] == {"short": [sentence]}


@pytest.mark.parametrize(("fields", "errors"), [
    ({"age": "x"}, {"age": ["Scrivi un numero intero."]}),
    ({"age": "٣"}, {}),
    ({"age": "10"}, {"age": ["Scrivi un numero da 1 a 9."]}),
    ({"age": "9" * 5000}, {"age": ["Scrivi un numero intero."]}),
    ({"day": "31/02/2027"}, {"day": ["Questa non è una data."]}),
    ({"day": "99999-01-01"}, {"day": ["Questa non è una data."]}),
    ({"town": "4"}, {"town": ["Scegli una delle voci proposte."]}),
    ({"town": "x"}, {"town": ["Scegli una delle voci proposte."]}),
    ({"town": "9" * 30}, {"town": ["Scegli una delle voci proposte."]}),
    ({"town": "3", "age": "3", "day": "2027-03-31"}, {}),
])
def test_values_of_the_wrong_kind_are_told(filled, fields, errors):
    assert filled(Numbers, **{"town": "", **fields})[1] == errors


@pytest.mark.parametrize(("value", "id"), [(None, None), ("", None), ("None", None), ("7", 7), ("007", 7)])
def test_an_optional_choice_is_a_number_or_nothing(value, id):
    assert chosen_id(value) == id


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "2147483648", "9" * 30, " 7"])
def test_what_is_no_number_of_a_row_is_refused(app, value):
    with app.test_request_context("/"), pytest.raises(ValueError, match="Scegli una delle voci proposte"):
        chosen_id(value)


@pytest.mark.parametrize(("query", "text"), [
    ("/?q=%20ciao%20", "ciao"), ("/", ""), ("/?q=a%00b", "ab"), ("/?q=%ff", "%FF"), ("/?q=" + "x" * 900, "x" * 200),
])
def test_a_word_of_the_address_is_tidied_and_cut(app, query, text):
    with app.test_request_context(query):
        assert argument("q") == text


@pytest.mark.parametrize(("value", "seen"), [
    ("3", 3), ("", -1), ("x", -1), ("-1", -1), ("9" * 30, -1), ("1e3", -1)])
def test_a_version_that_was_tampered_with_is_no_version(filled, value, seen):
    assert filled(VersionedForm, version=value)[0].seen == seen


# one act, however often sent
def test_a_form_sent_twice_is_one_act_with_one_answer(browser, make):
    make.authority()
    visitor = browser()
    fields = {"name": "Nora", "once": "chiave", "csrf_token": visitor.token()}
    answers = [visitor.post("/prova", fields) for _ in range(3)]
    assert {(a.status_code, a.location) for a in answers} == {(303, answers[0].location)}
    assert people() == 1


def test_a_form_shown_again_is_another_act(browser, make):
    make.authority()
    visitor = browser()
    first, second = visitor.get("/prova").get_data(as_text=True), visitor.get("/prova").get_data(as_text=True)
    assert first != second
    token = visitor.token()
    for once in ("a", "b"):
        visitor.post("/prova", {"name": "Nora", "once": once, "csrf_token": token})
    assert people() == 2


def test_a_form_put_right_is_accepted_under_its_key(browser, make):
    make.authority()
    visitor = browser()
    fields = {"once": "chiave", "csrf_token": visitor.token()}
    assert "Scrivi un nome." in visitor.post("/prova", fields).get_data(as_text=True)
    assert visitor.post("/prova", {**fields, "name": "Nora"}).status_code == 303
    assert people() == 1


def test_the_key_counts_for_one_browser_and_one_address(browser, make):
    make.authority()
    one, other = browser(), browser(make.person())
    for visitor in (one, other):
        for path in ("/prova", "/altra"):
            visitor.post(path, {"name": "Nora", "once": "chiave"})
    assert people() == 4


def test_two_clicks_at_the_same_instant_are_one_act(browser, make, bare_app):
    make.authority()
    visitor = browser()
    fields = {"name": "Nora", "once": "chiave", "csrf_token": visitor.token()}
    cookie = visitor._client.get_cookie("consult").value
    db.session.remove()
    answers, together = [], threading.Barrier(4)

    def click():
        client = bare_app.test_client()
        client.set_cookie("consult", cookie)
        together.wait()
        answers.append(client.post("/prova", data=fields))

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert {(a.status_code, a.location) for a in answers} == {(303, answers[0].location)}
    assert people() == 1


@pytest.mark.parametrize("once", ["", "x" * 5000, "\x00", "'; --", "🌻"])
def test_an_odd_key_does_no_harm(browser, make, once):
    make.authority()
    visitor = browser()
    assert visitor.post("/prova", {"name": "Nora", "once": once}).status_code in (200, 303)


def test_keys_are_forgotten_when_no_form_can_be_sent_again(browser, make):
    make.authority()
    browser().post("/prova", {"name": "Nora", "once": "chiave"})
    for before, kept in ((clock.now() - timedelta(hours=1), 1), (clock.now() + timedelta(hours=1), 0)):
        forget(before=before, most=9)
        assert db.session.scalar(sa.select(sa.func.count(OnceKey.key))) == kept
