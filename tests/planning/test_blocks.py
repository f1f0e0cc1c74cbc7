"""Lines in double braces stand for results, indicators, project sheets and quotes, or say why they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.models import Role
from consult.codings import asked as askings
from consult.codings import quoting
from consult.codings import services as coding
from consult.contributions.models import State
from consult.core import richtext
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning import blocks, services
from consult.planning.models import Plan, PlanState
from consult.processes.models import Channel, ResultsVisible
from consult.publishing import contents
from consult.publishing.document import Figure, Table
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys.models import QuestionKind
from tests.browser import text_of

PLAN = "/piani/prova-2035"


@pytest.fixture
def office(make, browser):
    """Somebody of the plan office who reads English: the tests name msgids."""
    make.plan()
    office = browser(make.person(Role.PLAN_OFFICE))
    office.get(f"{PLAN}?lingua=en")
    return office


@given(st.lists(st.sampled_from(["Un testo.", "- punto", "> detto", "{{ azione A1 }}", "  {{ x }}", "", "# Titolo"])))
def test_every_line_of_its_own_is_a_block_or_is_told_to_be_astray(typed):
    text = "\n".join(typed)
    found = [line.strip() for line in blocks.lines(text)] + [fault.typed for fault in blocks.astray(text)]
    assert sorted(found) == sorted(line.strip() for line in typed if line.strip().startswith("{{"))
    assert [block.source.strip() for block in richtext.staff_blocks(text) if richtext.embeds(block.source)] \
        == [line.strip() for line in blocks.lines(text)]


def test_a_line_ends_the_paragraph_before_it_and_in_code_it_is_code():
    text = "Ecco:\n{{ azione A1 }}\nE poi.\n\n    {{ azione A2 }}\n\n```\n{{ azione A3 }}\n```"
    assert blocks.lines(text) == ["{{ azione A1 }}"]
    assert blocks.astray(text) == []
    assert [fault.typed for fault in blocks.astray("Vedi {{ azione A1 }} qui.\n\n- {{ azione A2 }}")] \
        == ["{{ azione A1 }}", "{{ azione A2 }}"]


@pytest.mark.parametrize("line", ["{{ }}", "{{ grafico 3 }}", "{{ azione }}", "{{ risultato dodici }}",
                                  "{{ risultato 99 }}", "{{ azione Z9 }}", "{{ citazione 00000000 }}",
                                  "{{ indicatori nulla }}", "{{ azione A1 A2 }}", "{{ risultato 1 2 3 4 }}",
                                  "{{ <script>alert(1)</script> }}"])
def test_what_stands_for_nothing_says_why_and_keeps_the_plan_from_leaving_the_desk(make, office, browser, line):
    section = make.section("Un paragrafo.\n\n" + line)
    fault = blocks.shown(section.plan, [line])[line]
    assert fault.kind == "fault"
    assert str(fault.sentence)
    assert office.get(PLAN).data.count(b'data-block="fault"') == 1
    assert b'data-block="fault"' in browser().get(PLAN).data
    with pytest.raises(blocks.UnreadableBlocksError):
        services.take_to(section.plan, PlanState.IN_CONSULTATION, make.person(), edition="1")
    refused = office.submit(f"{PLAN}/stato", {"state": "in_consultation", "edition": "1"})
    assert refused.status_code == 200
    assert "stands for nothing" in text_of(refused)
    about = f"plan/plan:{section.plan_id}"
    asked = office.submit("/percorsi/prova/documenti", {"about": about, "format": "html", "language": "it"})
    assert "stands for nothing" in text_of(asked)
    assert db.session.get(Plan, section.plan_id).state is PlanState.DRAFT


def everything(make):
    """A section with a block of each kind but the quote."""
    sheet = make.result()
    action = make.action(code="A1.2.1", title="Una corsa ogni ora", lead="Unione", cost=250_000)
    place = make.municipality()
    make.indicator({place: 1200}, code="residenti", title=Localized.of("Residenti"), unit=Localized.of("persone"))
    section = make.section(f"Prima.\n\n{{{{ risultato {sheet.activity_id} T1 }}}}\n\n{{{{ risultato {sheet.activity_id}"
                           " }}\n\n{{ indicatori demografia }}\n\n{{ indicatori residenti }}\n\n{{ azione a1.2.1 }}")
    db.session.commit()
    return section, sheet, action


def test_the_plan_shows_what_its_lines_stand_for(make, office, browser):
    section, sheet, _action = everything(make)
    page = browser().get(PLAN).data.decode()
    assert page.count('data-block="result"') == 2
    assert page.count('data-block="indicators"') == 2
    assert page.count('data-block="action"') == 1
    assert "{{" not in page
    assert 'data-table="T1"' in page
    assert f"/risultati/{sheet.activity_id}#table-T1" in page
    paragraph = section.paragraphs[1]
    assert not paragraph.says_something
    assert b'data-block="result"' in browser().get(f"/paragrafi/{paragraph.id}").data


def test_documents_hold_what_the_lines_stand_for(make):
    section, _sheet, action = everything(make)
    document = contents.document(section.plan)
    before = document.blocks[:[block.kind == "heading" and block.shown.startswith(action.objective.axis.code)
                               for block in document.blocks].index(True)]
    captions = [block.caption for block in before if isinstance(block, Table | Figure)]
    assert "Come ci si muove" in captions
    assert "Residenti" in captions
    assert any(action.code in caption for caption in captions)
    assert not any("{{" in str(block) for block in document.blocks)


def test_results_for_the_staff_stand_for_nothing_in_a_plan(make):
    section, sheet, _action = everything(make)
    sheet.activity.results_visible = ResultsVisible.STAFF
    db.session.flush()
    line = f"{{{{ risultato {sheet.activity_id} T1 }}}}"
    assert blocks.shown(section.plan, [line])[line].kind == "fault"


def test_the_questions_do_not_grow_with_the_lines(make, queries):
    section, _sheet, action = everything(make)
    plan, few = section.plan, blocks.lines(section.body)
    with queries() as seen:
        found = blocks.shown(plan, few)
    assert not [one for one in found.values() if one.kind == "fault"]
    asked = len(seen)
    assert asked <= 11
    others = [make.action(objective=action.objective, code=f"A9.{number}").code for number in range(5)]
    make.indicator({make.municipality(): 3}, code="altro")
    db.session.commit()
    with queries() as seen:
        blocks.shown(plan, [*few, *(f"{{{{ azione {code} }}}}" for code in others), "{{ indicatori altro }}"])
    assert len(seen) <= asked + 2  # what was committed is read anew


def test_the_page_offers_what_can_be_put_in_and_the_preview_shows_it(make, office):
    section, sheet, _action = everything(make)
    path = f"{PLAN}/sezioni/{section.id}/modifica"
    form = office.form(path)
    line = f"{{{{ risultato {sheet.activity_id} T1 }}}}"
    put = office.post(path, {**form["fields"], "body": "Testo mio.", "block": line, "act": "insert"})
    assert put.status_code == 200
    assert f"Testo mio.\r\n\r\n{line}" in put.data.decode() or f"Testo mio.\n\n{line}" in put.data.decode()
    body = f"Testo.\n\n{line}\n\nqui {{{{ azione X }}}}"
    seen = office.post(path, {**form["fields"], "body": body, "act": "preview"})
    assert b'data-block="result"' in seen.data
    assert "put it on a line of its own" in text_of(seen)


def test_a_quote_stands_with_its_consent_only(make):
    survey, anna = make.survey(QuestionKind.LONG_TEXT, QuestionKind.YES_NO), make.person(Role.PLAN_OFFICE)
    text, consent = surveys.questions(survey)

    def asked():
        return askings.one(survey.id, text.id)

    coding.choose_consent(asked(), consent.id, anna, seen=0)
    key = answering.answer(survey, None, municipality_id=make.town().id, channel=Channel.PAPER,
                           given={text.code: "Più autobus la sera", consent.code: ["yes"]}), 0
    quoting.choose(asked(), quoting.one(asked(), key), anna, text="Più autobus la sera", with_place=False, seen=0)
    assert quoting.of_process(survey.process_id) == []  # a moderator reads it first
    quoting.stand(quoting.one(asked(), key).quote, State.PUBLISHED, actor=None)
    plan, line = make.plan(), f"{{{{ citazione {quoting.of_process(survey.process_id)[0].mark} }}}}"
    assert blocks.shown(plan, [line])[line].kind == "fault"  # its results are not frozen yet
    make.result(survey)
    assert blocks.shown(plan, [line])[line].text == "Più autobus la sera"
    assert any(line == value for _group, offers in blocks.offered(plan) for value, _words in offers)
    assert key[0] not in line
    coding.choose_consent(asked(), None, anna, seen=asked().version)
    assert blocks.shown(plan, [line])[line].kind == "fault"
