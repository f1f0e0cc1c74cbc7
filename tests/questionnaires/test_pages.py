"""The plan office makes a questionnaire in pages, as without JavaScript."""

import io
import json

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.questionnaires import definition, services
from consult.questionnaires.models import QuestionnaireVersion
from consult.surveys import services as answering
from consult.surveys.models import QuestionKind, Submission, Survey
from tests.browser import text_of
from tests.enclosures import picture
from tests.factories import DAY
from tests.payloads import MALFORMED
from tests.questionnaires.conftest import described, some
from tests.questionnaires.test_xlsform import every_kind


def typed(instant):
    return clock.local(instant).strftime("%Y-%m-%dT%H:%M")


def dates(make, **changes):
    return {"phase": str(make.phase().id), "title_it": "Muoversi", "intro_it": "Come ti muovi?",
            "opens_at": typed(clock.now() + DAY), "closes_at": typed(clock.now() + 40 * DAY), **changes}


def latest():
    return db.session.scalars(sa.select(Survey).order_by(Survey.id.desc())).first()


def recorded():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


def act(desk, survey, **fields):
    version = db.session.scalar(sa.select(Survey.definition_version).where(Survey.id == survey.id))
    return desk.post(f"/ufficio/questionari/{survey.id}/ordina", {"version": str(version), **fields})


def codes(survey):
    return [[one["code"] for one in section["questions"]] for section in described(survey)["sections"]]


def test_a_survey_is_prepared_and_written_in_pages(desk, make):
    answer = desk.submit("/ufficio/percorsi/prova/nuovo-questionario", dates(make, anonymous=[], may_change="y",
                                                                            close_at="500"))
    survey = latest()
    assert answer.status_code == 303
    assert answer.location == f"/ufficio/questionari/{survey.id}"
    assert (survey.published, survey.anonymous, survey.may_change, survey.close_at) == (False, False, True, 500)
    page = f"/ufficio/questionari/{survey.id}"
    assert desk.submit(f"{page}/sezioni/nuova", {"title_it": "Tu", "title_de": "Du"}).status_code == 303
    new = f"{page}/sezioni/1/nuova-domanda?tipo="
    desk.submit(f"{new}single_choice", {
        "prompt_it": "Prendi il bus?", "required": "y", "option0_label_it": "Sì, sempre", "option1_label_it": "Mai",
        "option1_code": "never", "option2_label_it": "Altro", "option2_other": "y", "option2_quota": "9",
        "option1_place": "-1"}, action=f"{page}/sezioni/1/nuova-domanda")
    desk.submit(f"{new}number", {"prompt_it": "Quanti anni hai?", "minimum": "14", "unit_it": "anni"},
                action=f"{page}/sezioni/1/nuova-domanda")
    one, other = definition.questions(described(survey))
    assert (one["code"], one["kind"], one["required"]) == ("prendi_il_bus", "single_choice", True)
    assert [(o["code"], o["other"], o["quota"]) for o in one["options"]] == [
        ("never", False, None), ("si_sempre", False, None), ("altro", True, 9)]
    assert (other["minimum"], other["unit"]) == (14, {"it": "anni"})
    assert recorded().count("QuestionnaireChanged") == 3
    assert [v.number for v in db.session.scalars(sa.select(QuestionnaireVersion))] == [1, 2, 3, 4]


@pytest.mark.parametrize("kind", QuestionKind, ids=lambda kind: kind.value)
def test_every_kind_has_its_page(desk, built, kind):
    survey = built(published=False)
    new = f"/ufficio/questionari/{survey.id}/sezioni/1/nuova-domanda"
    rows = {f"{part}{at}_label_it": f"Voce {at}" for part in ("option", "row") for at in (0, 1)}
    offered = desk.form(f"{new}?tipo={kind.value}", action=new)["fields"]
    answer = desk.submit(f"{new}?tipo={kind.value}", {"prompt_it": "Che cosa?", **{
        name: value for name, value in rows.items() if name in offered}}, action=new)
    assert answer.status_code == 303
    one = definition.question(described(survey), "che_cosa")
    assert one["kind"] == kind.value
    page = f"/ufficio/questionari/{survey.id}/domande/che_cosa"
    assert desk.submit(page, {"prompt_it": "Che cosa, poi?"}).status_code == 303
    assert definition.question(described(survey), "che_cosa") == {**one, "prompt": {"it": "Che cosa, poi?"}}


def test_buttons_put_in_order_copy_and_remove(desk, built):
    survey = built(published=False)
    act(desk, survey, act="up", question="age")
    assert codes(survey) == [["age", "bus"], ["quality", "why"]]
    act(desk, survey, act="down", question="bus")
    assert codes(survey)[0] == ["age", "bus"]  # the second section depends on it
    act(desk, survey, act="double", question="age")
    act(desk, survey, act="to", question="age_2", to="2")
    assert codes(survey) == [["age", "bus"], ["quality", "why", "age_2"]]
    act(desk, survey, act="place", question="age_2", to="2", place="0")
    act(desk, survey, act="double", section="2")
    assert codes(survey)[2] == ["age_2_2", "quality_2", "why_2"]
    assert described(survey)["sections"][2]["questions"][2]["shown_if"]["all"][0]["question"] == "quality_2.times"
    act(desk, survey, act="remove", section="2")
    act(desk, survey, act="remove", question="age")
    assert codes(survey) == [["age", "bus"], ["age_2_2", "quality_2", "why_2"]]  # a condition asks it
    for code in ("why_2", "age"):
        act(desk, survey, act="remove", question=code)
    assert codes(survey) == [["bus"], ["age_2_2", "quality_2"]]


@pytest.mark.parametrize("fields", [
    {}, {"act": "up"}, {"act": "fly", "question": "bus"}, {"act": "up", "question": "nobody"},
    {"act": "up", "section": "9"},
    {"act": "to", "question": "bus"}, {"act": "to", "question": "bus", "to": "77"}, {"act": "place", "section": "1"},
    {"act": "to", "section": "1", "to": "²"}])
def test_what_no_button_sends_is_refused(desk, built, fields):
    assert act(desk, built(published=False), **fields).status_code == 400


def test_conditions_are_built_part_by_part(desk, built):
    survey = built(published=False)
    page = f"/ufficio/questionari/{survey.id}/condizione"
    assert desk.get(f"{page}?di=section:2&domanda=age").status_code == 200
    post = {"version": "1", "act": "add", "asked": "age", "test": "at_least", "number": "18"}
    assert desk.post(f"{page}?di=section:2", post).status_code == 303
    desk.post(f"{page}?di=section:2", {"version": "2", "act": "any"})
    assert described(survey)["sections"][1]["shown_if"] == {"any": [
        {"question": "bus", "is": "yes"}, {"question": "age", "at_least": 18}]}
    desk.post(f"{page}?di=section:2", {"version": "3", "act": "remove", "part": "0"})
    assert described(survey)["sections"][1]["shown_if"] == {"question": "age", "at_least": 18}
    act(desk, survey, act="double", question="bus")
    assert "option:bus_2:yes" in desk.get(f"/ufficio/questionari/{survey.id}/domande/bus_2").get_data(as_text=True)
    desk.post(f"{page}?di=option:bus_2:yes", {"version": "5", "act": "add", "asked": "bus", "test": "is_not:no"})
    assert definition.question(described(survey), "bus_2")["options"][0]["shown_if"] == {
        "question": "bus", "is_not": "no"}
    stale = desk.post(f"{page}?di=section:2", {"version": "1", "act": "remove", "part": "0"})
    assert stale.status_code == 303
    assert described(survey)["sections"][1]["shown_if"]


@pytest.mark.parametrize("target", ["", "section:9", "question:nobody", "option:bus:none", "option:quality:bad", "x",
                                    "section:²"])
def test_a_condition_of_nothing_is_unknown(desk, built, target):
    assert desk.get(f"/ufficio/questionari/{built().id}/condizione?di={target}").status_code == 404


def test_a_stale_edit_shows_both_texts(desk, built, make):
    survey = built(published=False)
    page = f"/ufficio/questionari/{survey.id}/domande/bus"
    form = desk.form(page)
    data = some()
    data["sections"][0]["questions"][0]["prompt"]["it"] = "Di un altro"
    services.change(survey, make.person(), {**data, "title": survey.title, "intro": survey.intro}, seen=1)
    db.session.commit()
    answer = desk.post(page, {**form["fields"], "prompt_it": "Di uno"})
    assert answer.status_code == 409
    assert "Di un altro" in text_of(answer)
    assert "Di uno" in text_of(answer)


def test_translations_stand_beside_the_texts(desk, built):
    survey = built(published=False)
    page = f"/ufficio/questionari/{survey.id}/traduzioni"
    fields = desk.form(f"{page}?in=fr", action=page)["fields"]
    desk.submit(f"{page}?in=fr", {name: f"T{name}" for name in fields if name.startswith("t") and name[1:].isdigit()},
                action=page)
    data = described(survey)
    assert definition.untranslated(data, ["fr", "en"])["fr"] == 0
    assert data["sections"][0]["questions"][0]["prompt"]["it"] == "Prendi il bus?"


def test_the_preview_keeps_nothing(desk, built, make):
    make.municipality(istat_code="036001")
    survey = built(every_kind(), published=False)
    page = f"/ufficio/questionari/{survey.id}/anteprima"
    assert "Fährst du Bus?" in text_of(desk.get(f"{page}?in=de"))
    assert "survey.js" in desk.get(page).get_data(as_text=True)
    desk.post(f"{page}?in=it", {"part": "1", "go": "next", "q1": "yes"})
    assert db.session.scalars(sa.select(Submission)).all() == []


def test_the_preview_opens_on_one_page_what_depends_on_it(desk, built):
    survey = built(published=False)
    page = desk.get(f"/ufficio/questionari/{survey.id}/anteprima").get_data(as_text=True)
    assert "data-rules" in page
    bus = next(question for section in survey.sections for question in section.questions if question.code == "bus")
    path = f"/ufficio/questionari/{survey.id}/anteprima"
    answer = desk.post(f"{path}?in=it", {
        **desk.form(path, action=path)["fields"], f"q{bus.id}": "yes", "go": "send", "municipality": "0"})
    assert "aprono altre domande" in text_of(answer)


def test_what_is_worth_a_thought_is_said_and_hinders_nothing(desk, make):
    survey, data = make.survey(published=False, when="coming"), some()
    data["sections"][0]["questions"].append({"code": "who", "kind": "short_text", "prompt": {"it": "Nome e cognome"}})
    services.build(survey, data)
    db.session.commit()
    page = f"/ufficio/questionari/{survey.id}"
    assert "Il questionario è anonimo, ma" in text_of(desk.get(page))
    desk.submit(f"{page}/impostazioni", {"anonymous": []})
    assert "Il questionario è anonimo, ma" not in text_of(desk.get(page))
    assert desk.submit(f"/ufficio/attivita/{survey.id}", {"published": "y"}).status_code == 303


def test_a_survey_with_faults_is_not_published(desk, make):
    survey = make.survey(published=False, when="coming")
    data = definition.describe(survey)
    data["sections"][0]["questions"][0]["options"] = []
    services.build(survey, data)
    answer = desk.submit(f"/ufficio/attivita/{survey.id}", {"published": "y"})
    assert answer.status_code == 200
    assert "Scrivi almeno due risposte" in text_of(answer)
    assert "Scrivi almeno due risposte" in text_of(desk.get(f"/ufficio/questionari/{survey.id}"))
    services.build(survey, some())
    db.session.commit()
    assert desk.submit(f"/ufficio/attivita/{survey.id}", {"published": "y"}).status_code == 303
    assert db.session.get(Survey, survey.id).published


def test_once_answered_only_mending_is_done(desk, built):
    survey = built()
    answering.answer(survey, None, municipality_id=None, given={"bus": ["yes"]})
    db.session.commit()
    page = f"/ufficio/questionari/{survey.id}/domande/bus"
    refused = desk.submit(page, {"option1_label_it": ""})
    assert refused.status_code == 200
    assert "restano, nel loro ordine" in text_of(refused)
    assert desk.submit(page, {"option3_label_it": "Di rado", "note": "Mancava"}).status_code == 303
    assert [v.note for v in db.session.scalars(sa.select(QuestionnaireVersion))] == ["", "Mancava"]
    refused = desk.submit(f"/ufficio/questionari/{survey.id}/impostazioni", {"anonymous": []})
    assert refused.status_code == 200
    assert survey.anonymous
    assert "Di rado" in text_of(desk.get(f"/ufficio/questionari/{survey.id}/versioni/2"))
    assert "Mancava" in text_of(desk.get(f"/ufficio/questionari/{survey.id}/versioni"))


def test_a_copy_begins_without_answers_also_in_another_phase(desk, built, make):
    survey = built()
    answering.answer(survey, None, municipality_id=None, given={"bus": ["yes"]})
    db.session.commit()
    like = f"survey:{survey.id}"
    desk.submit(f"/ufficio/percorsi/prova/nuovo-questionario?come={like}", dates(
        make, phase=str(make.phase(3).id), title_it="Di nuovo", opens_at=typed(clock.now() + 110 * DAY),
        closes_at=typed(clock.now() + 150 * DAY)), action="/ufficio/percorsi/prova/nuovo-questionario")
    copy = latest()
    assert copy.id != survey.id
    assert copy.phase == make.phase(3)
    assert copy.submission_count == 0
    assert described(copy)["sections"] == described(survey)["sections"]


def test_one_that_is_ready_is_taken(desk, make):
    path = "/ufficio/percorsi/prova/nuovo-questionario"
    desk.submit(f"{path}?come=pronto:services", dates(make), action=path)
    assert codes(latest())[0] == ["used"]
    assert desk.get(f"{path}?come=pronto:nothing").status_code == 200
    assert desk.get(f"{path}?come=survey:999").status_code == 200


def brought(desk, survey, content, name="domande.json"):
    page = f"/ufficio/questionari/{survey.id}/porta"
    answer = desk.submit(page, {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 200
    return answer


def test_a_file_is_looked_through_before_it_is_taken_over(desk, make):
    make.municipality(istat_code="036001")
    survey = make.survey(published=False)
    db.session.commit()
    before = described(survey)
    content = json.dumps(definition.compact(every_kind())).encode()
    answer = brought(desk, survey, content)
    assert described(survey) == before
    assert "Domanda points" in text_of(answer)
    taken = desk.post(f"/ufficio/questionari/{survey.id}/porta", {"version": "1", "definition": content.decode()})
    assert taken.status_code == 303
    assert described(survey)["sections"] == every_kind()["sections"]
    assert described(survey)["title"] == before["title"]


def test_files_go_out_as_they_come_in(desk, built, make):
    make.municipality(istat_code="036001")
    survey = built(every_kind(), published=False)
    page = f"/ufficio/questionari/{survey.id}"
    assert json.loads(desk.get(f"{page}/domande.json").data) == definition.compact(described(survey))
    xlsx = desk.get(f"{page}/domande.xlsx").data
    answer = brought(desk, survey, xlsx, "domande.xlsx")
    assert "Domanda points" in text_of(answer)


@pytest.mark.parametrize("content", [b"x", b"[]", b"{}", b"[" * 5000, b"PK\x03\x04junk", b"\xff\xfe", b"1" * 500_000])
def test_what_is_no_questionnaire_is_refused_with_a_sentence(desk, built, content):
    survey = built(published=False)
    assert "alert-danger" in brought(desk, survey, content).get_data(as_text=True)
    answer = desk.post(f"/ufficio/questionari/{survey.id}/porta", {
        "version": "1", "definition": content.decode("latin-1")})
    assert answer.status_code in (200, 303, 400, 413)
    assert described(survey)["sections"] == definition.whole(some())["sections"]


def test_a_picture_is_kept_with_its_words(desk, built):
    survey = built(published=False)
    page = f"/ufficio/questionari/{survey.id}/domande/bus"
    answer = desk.submit(page, {"files": (io.BytesIO(picture()), "bus.png"), "alt": "Un autobus"},
                         action=f"{page}/immagine")
    assert answer.status_code == 303
    one = definition.question(described(survey), "bus")
    assert len(one["image"]) == 32
    assert one["image_alt"] == {"it": "Un autobus"}
    assert "Un autobus" in desk.get(page).get_data(as_text=True)
    desk.submit(page, {"remove": "1"}, action=f"{page}/immagine")
    assert definition.question(described(survey), "bus")["image"] is None


def test_only_the_plan_office_makes_questionnaires(browser, make, built):
    survey = built()
    for person in (None, make.person(), make.person(Role.MODERATOR)):
        visitor = browser(person)
        for path in ("", "/impostazioni", "/anteprima", "/versioni", "/domande/bus", "/porta", "/domande.json"):
            assert visitor.get(f"/ufficio/questionari/{survey.id}{path}").status_code in (303, 302, 403)


@pytest.mark.parametrize("junk", MALFORMED)
def test_bad_input_is_no_error(desk, built, junk):
    survey = built(published=False)
    page = f"/ufficio/questionari/{survey.id}"
    for path, fields in (("domande/bus", {"prompt_it": junk, "option0_label_it": junk, "option0_code": junk,
                                          "option0_place": junk, "version": junk, "option0_quota": junk}),
                         ("sezioni/1", {"title_it": junk, "version": junk}), ("sezioni/nuova", {"title_it": junk}),
                         ("condizione?di=section:2", {"act": junk, "asked": junk, "test": junk, "version": junk}),
                         ("ordina", {"act": "up", "question": junk, "version": junk}),
                         ("porta", {"definition": junk, "version": junk}),
                         ("impostazioni", {"close_at": junk, "version": junk}),
                         ("traduzioni?in=de", {"t0": junk, "version": junk})):
        assert desk.post(f"{page}/{path}", fields).status_code < 500, path


def test_queries_do_not_grow_with_questions(desk, built, queries):
    counts = []
    for more in (1, 30):
        data = some()
        data["sections"][0]["questions"] += [
            definition.blank("question", code=f"x{n}", kind="single_choice", prompt={"it": "Che cosa?"}, options=[
                definition.blank("option", code=f"o{at}", label={"it": "Una"}) for at in range(4)])
            for n in range(more)]
        survey = built(data, published=False)
        db.session.commit()
        for path in ("", "/anteprima", "/domande/bus", "/domande.xlsx"):
            with queries() as seen:
                assert desk.get(f"/ufficio/questionari/{survey.id}{path}").status_code == 200
            counts.append(len(seen))
    assert counts[:4] == counts[4:]
    assert max(counts) < 30
