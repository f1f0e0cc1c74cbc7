"""The pages as people of the plan office use them, without JavaScript."""

import pytest

from consult.accounts.models import Role
from consult.codings import queries, quoting, services
from consult.contributions.models import State
from consult.core import disclosure
from consult.core.db import db
from consult.processes.services import announce_passages
from consult.surveys import queries as surveys
from tests.browser import text_of


@pytest.fixture
def anna(desk, browser):
    return browser(desk.anna)


def boxes(key, *codes):
    return {f"codes-{key[0]}-{key[1]}": [str(code.id) for code in codes] or ["none"]}


def test_the_way_leads_from_the_written_answers_to_the_codes(desk, anna):
    desk.answer("Più autobus")
    assert "Code what people wrote" in text_of(anna.get(f"/questionari/{desk.survey.id}/testi"))
    page = text_of(anna.get(f"/ufficio/questionari/{desk.survey.id}/codifica"))
    assert "1 answer" in page
    assert "There are no codes yet" in text_of(anna.get(desk.path))


def test_a_code_is_added_changed_moved_retired_and_merged(desk, anna):
    for name in ("Trasporti", "Autobus"):
        assert anna.submit(f"{desk.path}/codici/nuovo", {"name_it": name}).status_code == 303
    again = anna.submit(f"{desk.path}/codici/nuovo", {"name_it": "autobus"})
    assert again.status_code == 200
    assert "There is a code of this name already." in text_of(again)
    first, second = queries.codes(desk.asked)
    changed = anna.submit(f"{desk.path}/codici/{first.id}", {"name_it": "Mezzi", "definition_it": "Bus"})
    assert changed.status_code == 303
    assert anna.submit(desk.path, action=f"{desk.path}/codici/{first.id}/sposta").status_code == 303
    assert [str(code.name) for code in queries.codes(desk.asked)] == ["Autobus", "Mezzi"]
    assert anna.submit(desk.path, action=f"{desk.path}/codici/{second.id}/ritira").status_code == 303
    assert "No longer offered" in text_of(anna.get(desk.path))
    assert anna.submit(desk.path, action=f"{desk.path}/codici/{second.id}/ritira").status_code == 303
    assert not db.session.get_one(type(second), second.id).retired
    assert anna.submit(f"{desk.path}/codici/{second.id}/unisci").status_code == 303
    assert "“Autobus” is part of “Mezzi” now." in text_of(anna.get(desk.path))


def test_an_old_page_of_a_code_gets_both_texts(desk, anna):
    code = desk.code("Trasporti")
    form = anna.form(f"{desk.path}/codici/{code.id}")
    anna.submit(f"{desk.path}/codici/{code.id}", {"name_it": "Mezzi"})
    stale = anna.post(form["action"], {**form["fields"], "name_it": "Bus"})
    assert stale.status_code == 409
    assert "Mezzi" in text_of(stale)
    assert "Bus" in text_of(stale)


def test_two_read_decide_and_see_how_far_they_agree(desk, anna, browser):
    keys, code = [desk.answer(f"Risposta numero {number}") for number in range(3)], desk.code("Trasporti")
    reading = f"{desk.path}/leggi"
    assert anna.submit(reading, {**boxes(keys[0], code), **boxes(keys[1])}).status_code == 303
    assert "2 of 3 read by you" in text_of(anna.get(reading))
    bruno = browser(desk.bruno)
    page = bruno.get(reading)
    assert "The other reader" not in text_of(page)
    assert "checked" not in page.get_data(as_text=True)
    bruno.submit(reading, {**boxes(keys[0], code), **boxes(keys[1], code)})
    seen = text_of(bruno.get(f"{reading}?vista=lette"))
    assert "The other reader" in seen
    assert "Risposta numero 2" not in seen
    deciding = f"{desk.path}/differenze"
    assert "Risposta numero 0" not in text_of(anna.get(deciding))
    assert anna.submit(deciding, boxes(keys[1], code)).status_code == 303
    assert "Nothing is left to decide" in text_of(anna.get(deciding))
    assert "Decided by Anna." in text_of(anna.get(f"{deciding}?vista=decise"))
    told = text_of(anna.get(f"{desk.path}/esito"))
    assert "It rests on 2 answers that both have read." in told
    assert "That is few" in told
    assert "Figures are shown as soon as five answers have codes that count." in told


def test_kappa_that_there_is_none_of_is_said(desk, anna):
    key, code = desk.answer("Autobus"), desk.code("Trasporti")
    for person in (desk.anna, desk.bruno):
        desk.read(person, {key: [code]})
    told = text_of(anna.get(f"{desk.path}/esito"))
    assert "Mean kappa of the codes undefined" in told
    assert "100.0" in told


@pytest.mark.parametrize("sent", [{}, {"codes-xyz-0": "1"}, {"codes-KEY-0": ["none", "CODE"]}])
def test_ticks_that_say_nothing_are_asked_for_again(desk, anna, sent):
    key, code = desk.answer("Autobus"), desk.code("Trasporti")
    data = {name.replace("KEY", key[0]): [str(code.id) if one == "CODE" else one for one in value]
            if isinstance(value, list) else value for name, value in sent.items()}
    answer = anna.submit(f"{desk.path}/leggi", data)
    assert answer.status_code in {200, 409}
    assert queries.progress(desk.asked).by_seat == {1: 0, 2: 0}


@pytest.mark.parametrize("value", ["99999999", "0", "abc", "1" * 30, "-1"])
def test_ids_that_are_none_are_no_codes(desk, anna, value):
    key = desk.answer("Autobus")
    desk.code("Trasporti")
    answer = anna.submit(f"{desk.path}/leggi", {f"codes-{key[0]}-{key[1]}": [value]})
    assert answer.status_code < 500
    assert queries.answers(desk.asked, [key])[key].codes.get(1, set()) == set()


def test_a_page_of_a_reader_that_is_old_gets_both(desk, anna):
    key, one, other = desk.answer("Autobus"), desk.code("Trasporti"), desk.code("Scuola")
    form = anna.form(f"{desk.path}/leggi")
    anna.submit(f"{desk.path}/leggi", boxes(key, one))
    stale = anna.post(form["action"], {**form["fields"], **boxes(key, other)})
    assert stale.status_code == 409
    assert "Trasporti" in text_of(stale)
    assert "Scuola" in text_of(stale)


def test_a_third_reads_the_reason_and_can_take_over(desk, anna, browser, make):
    key, code = desk.answer("Autobus"), desk.code("Trasporti")
    desk.read(desk.anna, {key: [code]})
    desk.read(desk.bruno, {key: [code]})
    third = browser(make.person(Role.PLAN_OFFICE))
    refused = third.get(f"{desk.path}/leggi")
    assert refused.status_code == 403
    assert "Two people read these answers already" in text_of(refused)
    assert third.submit(desk.path, action=f"{desk.path}/lettori/2/subentra").status_code == 303
    assert third.get(f"{desk.path}/leggi").status_code == 200
    assert anna.post(f"{desk.path}/lettori/2/subentra").status_code == 403


def test_others_are_kept_out(desk, browser, make):
    key, code = desk.answer("Autobus", consent="yes"), desk.code("Trasporti")
    for who in (None, make.person(), make.person(Role.MODERATOR)):
        visitor = browser(who)
        for path in ("", f"/codici/{code.id}", "/leggi", "/differenze", "/esito", "/citazioni",
                     f"/citazioni/{key[0]}/0"):
            assert visitor.get(desk.path + path).status_code in {302, 303, 403}


@pytest.mark.parametrize("path", ["/codici/999", "/codici/999/unisci", "/citazioni/nessuna/0", "/citazioni/x/99"])
def test_what_is_not_there_is_unknown(desk, anna, path):
    desk.code("Trasporti")
    assert anna.get(desk.path + path).status_code == 404


def test_codes_of_another_question_are_unknown(desk, anna, make):
    code, consent = desk.code("Trasporti"), surveys.questions(desk.survey)[1]
    other = f"/ufficio/questionari/{desk.survey.id}/codifica/{consent.id}"
    assert anna.get(other).status_code == 404
    assert anna.get(f"{other}/codici/{code.id}").status_code == 404


def test_a_coding_is_finished_once_the_survey_has_closed_and_its_counts_are_public(desk, anna, browser):
    keys, code = [desk.answer("Autobus la sera") for _ in range(6)], desk.code("Trasporti")
    for person in (desk.anna, desk.bruno):
        desk.read(person, {key: [code] for key in keys[:5]})
    assert anna.post(f"{desk.path}/concludi").status_code == 403
    assert "What people wrote, by codes" in text_of(anna.get(f"/questionari/{desk.survey.id}/risultati"))
    services.choose_consent(desk.asked, surveys.questions(desk.survey)[1].id, desk.anna, seen=1)
    desk.close()
    announce_passages()
    public = browser().get(f"/risultati/{desk.survey.id}")
    assert "What people wrote" in text_of(public)
    assert anna.submit(desk.path, action=f"{desk.path}/concludi").status_code == 303
    assert anna.get(f"{desk.path}/leggi").status_code == 403
    assert anna.post(f"{desk.path}/codici/{code.id}/ritira").status_code == 403


def test_a_quote_stands_with_the_results_once_they_are_out(desk, anna, browser):
    key = desk.answer("Vorrei più autobus la sera, grazie", consent="yes")
    for _ in range(disclosure.MINIMUM):
        desk.answer("Autobus", consent="yes")
    consent = surveys.questions(desk.survey)[1]
    assert anna.submit(f"{desk.path}/citazioni", {"consent": str(consent.id)}).status_code == 303
    quoting_page = f"{desk.path}/citazioni/{key[0]}/0"
    wrong = anna.submit(quoting_page, {"text": "Vorrei più treni"})
    assert wrong.status_code == 200
    assert "word for word" in text_of(wrong)
    kept = anna.submit(quoting_page, {"text": "Vorrei più autobus la sera […]", "with_place": "y"})
    assert kept.status_code == 303
    assert "Chosen quotes" in text_of(anna.get(f"{desk.path}/citazioni"))
    quoting.stand(quoting.one(desk.asked, key).quote, State.PUBLISHED, actor=None)
    assert [one.place for _asked, all in quoting.published(desk.survey) for one in all] == ["Roccaprova"]
    desk.close()
    announce_passages()
    assert "Vorrei più autobus la sera […]" in text_of(browser().get(f"/risultati/{desk.survey.id}"))
    for reader, offered in ((browser(), True), (anna, False)):  # who chose a quote cannot report it
        assert ("/segnala/quote/" in reader.get(f"/risultati/{desk.survey.id}").text) is offered
    assert anna.submit(f"{desk.path}/citazioni", action=f"{quoting_page}/togli").status_code == 303
    assert "Vorrei più" not in text_of(browser().get(f"/risultati/{desk.survey.id}"))


def test_the_number_of_queries_of_the_pages_does_not_grow(desk, anna, request):
    codes = [desk.code(name) for name in ("Uno", "Due")]
    told = []
    for _round in range(2):
        keys = [desk.answer(f"Risposta {number} sugli autobus", consent="yes") for number in range(9)]
        desk.read(desk.anna, dict.fromkeys(keys[:6], codes))
        desk.read(desk.bruno, dict.fromkeys(keys[:6], codes[:1]))
        numbers = []
        for path in ("", "/leggi", "/leggi?vista=lette", "/differenze", "/esito", "/citazioni"):
            anna.get(desk.path + path)
            with request.getfixturevalue("queries")() as seen:
                assert anna.get(desk.path + path).status_code == 200
            numbers.append(len(seen))
        told.append(numbers)
    assert told[0] == told[1]
