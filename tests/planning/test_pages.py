"""What everyone reads of the plan, how often the database is asked for it, and how links are made."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import State
from consult.core.db import db
from consult.planning import services as planning
from consult.planning.models import DraftConsultation, PlanState, Section, TraceLink
from consult.results.models import Verdict
from tests.browser import document, text_of

PLAN = "/piani/prova-2035"


def elements(response, name):
    return [e for e in document(response).iter() if str(e.tag).endswith("}" + name)]


def ids(response):
    return [e.get("id") for e in document(response).iter() if e.get("id")]


@pytest.fixture
def office(make, browser):
    make.plan()
    return browser(make.person(Role.PLAN_OFFICE))


def test_the_plan_shows_its_parts_with_anchors_state_and_edition(make, browser):
    section = make.section("Il primo.\n\nIl secondo.", title="Visione")
    action = make.action(title="Una corsa ogni ora")
    make.plan().state, make.plan().edition = PlanState.IN_CONSULTATION, "0.3"
    page = browser().get(PLAN)
    text = text_of(page)
    for words in ("Prova 2035", "0.3", "Visione", "Il primo.", "Il secondo.", "Una corsa ogni ora"):
        assert words in text
    found = ids(page)
    assert len(found) == len(set(found))
    for anchor in [f"s-{section.id}", *(f"p-{p.id}" for p in section.paragraphs), f"a-{action.id}"]:
        assert anchor in found
    assert len(elements(page, "h1")) == 1


def test_a_part_shows_what_it_comes_from_and_never_a_person(make, browser):
    make.plan()
    author = make.person(display_name="Ermenegilda Sperandio")
    proposal, action = make.proposal(title="Più autobus", author=author), make.action()
    make.link(proposal, action, reason="Chiesta da molte famiglie.")
    sheet = make.result()
    make.link(sheet, action)
    for path in (PLAN, f"{PLAN}/azioni/{action.code}", f"{PLAN}/filo", f"{PLAN}/filo?vista=piano"):
        text = text_of(browser().get(path))
        assert proposal.code in text
        assert "Più autobus" in text
        assert "Chiesta da molte famiglie." in text
        assert "Roccaprova" in text
        assert "Ermenegilda" not in text, path
        assert str(sheet.activity.title) in text


def test_paragraphs_are_commented_while_the_consultation_is_open(make, browser):
    section = make.section("Il primo.\n\nIl secondo.")
    consultation = make.consultation()
    first, second = section.paragraphs
    make.comment(first.thread, body="Sono d'accordo col primo.")
    page = browser().get(PLAN)
    links = [e.get("href") for e in elements(page, "a")]
    assert f"/paragrafi/{first.id}#commenti" in links
    assert f"/paragrafi/{second.id}#commenti" in links
    assert f"/consultazioni/{consultation.id}" in links
    paragraph = text_of(browser().get(f"/paragrafi/{first.id}"))
    assert "Il primo." in paragraph
    assert "Sono d'accordo col primo." in paragraph
    assert "Il secondo." not in paragraph


def test_after_the_closing_only_commented_paragraphs_lead_to_their_comments(make, browser):
    section = make.section("Il primo.\n\nIl secondo.")
    make.consultation("closed")
    first, second = section.paragraphs
    make.comment(first.thread)
    links = [e.get("href") for e in elements(browser().get(PLAN), "a")]
    assert f"/paragrafi/{first.id}#commenti" in links
    assert f"/paragrafi/{second.id}#commenti" not in links


def test_somebody_comments_a_paragraph_and_finds_the_comment_there(make, browser):
    section = make.section("Il primo.")
    make.consultation()
    paragraph = section.paragraphs[0]
    citizen = browser(make.person())
    answer = citizen.submit(f"/paragrafi/{paragraph.id}", {"body": "Manca la montagna."},
                            action=f"/discussioni/{paragraph.thread_id}/commenti")
    assert answer.status_code == 303
    assert answer.location.startswith(f"/paragrafi/{paragraph.id}")
    assert "Manca la montagna." in text_of(browser().get(f"/paragrafi/{paragraph.id}"))


def test_a_paragraph_without_a_consultation_says_why_it_takes_no_comments(make, browser):
    paragraph = make.section("Il primo.").paragraphs[0]
    page = browser().get(f"/paragrafi/{paragraph.id}")
    assert page.status_code == 200
    assert not [f for f in elements(page, "form") if "commenti" in (f.get("action") or "")]


def test_a_removed_paragraph_is_listed_and_says_so(make, browser, office):
    section = make.section("Il primo paragrafo.\n\nTutt'altro argomento del secondo.")
    make.consultation()
    gone = section.paragraphs[1]
    make.comment(gone.thread, body="Peccato.")
    office.submit(f"{PLAN}/sezioni/{section.id}/modifica", {"body": "Il primo paragrafo."}, button=("act", "save"))
    page = browser().get(PLAN)
    assert f"p-{gone.id}" in ids(page)
    assert "Tutt'altro argomento" in text_of(page)
    paragraph = browser().get(f"/paragrafi/{gone.id}?lingua=en")
    assert "no longer in the plan" in text_of(paragraph)
    assert "Peccato." in text_of(paragraph)


def test_the_consultation_lists_the_paragraphs_with_their_comments(make, browser):
    section = make.section("Il primo.\n\nIl secondo.")
    consultation = make.consultation()
    make.comment(section.paragraphs[0].thread)
    page = browser().get(f"/consultazioni/{consultation.id}?lingua=en")
    text = text_of(page)
    assert "1 comment" in text
    assert "0 comments" in text
    assert str(consultation.title) in text


@pytest.mark.parametrize("path", ["/piani/altro", "/piani/prova-2035/azioni/ZZ9", "/paragrafi/0", "/paragrafi/9999999",
                                  "/paragrafi/2147483648", "/consultazioni/999", "/consultazioni/99999999999999",
                                  "/piani/altro/filo", "/piani/%00", "/piani/prova-2035/azioni/%00",
                                  "/piani/prova-2035/azioni/" + "x" * 3000])
def test_what_does_not_exist_is_unknown(make, browser, path):
    make.plan()
    assert browser().get(path).status_code == 404


def test_a_survey_is_not_a_consultation(make, browser):
    assert browser().get(f"/consultazioni/{make.survey().id}").status_code == 404


def test_a_plan_that_is_not_public_is_unknown_but_to_the_staff(make, browser):
    section, action = make.section(), make.action()
    consultation = make.consultation()
    make.process().published = False
    paths = [PLAN, f"{PLAN}/azioni/{action.code}", f"/paragrafi/{section.paragraphs[0].id}", f"{PLAN}/filo",
             f"/consultazioni/{consultation.id}"]
    visitor, citizen, office = browser(), browser(make.person()), browser(make.person(Role.PLAN_OFFICE))
    for path in paths:
        assert visitor.get(path).status_code == 404, path
        assert citizen.get(path).status_code == 404, path
        assert office.get(path).status_code == 200, path


@pytest.mark.parametrize("query", [
    "esito=nessuno", "esito=accepted", "esito=%FF", "esito=' OR 1=1", "filo=si", "filo=no", "filo=x", "q=%25",
    "q=%00", "q=" + "x" * 500, "luogo=s1", "luogo=a1", "luogo=a99999999999", "luogo=--", "dopo=abc", "dopo=W10",
    "vista=piano", "vista=x", "dopo=WyJhIl0", "q=_&esito=partly&filo=no&luogo=s0&dopo=!!",
])
def test_no_filter_breaks_the_trace(make, browser, query):
    make.link(make.proposal(), make.section())
    assert browser().get(f"{PLAN}/filo?{query}").status_code in {200, 404}


def test_the_next_page_of_the_trace_keeps_the_filter(make, browser, monkeypatch):
    monkeypatch.setattr("consult.planning.trace.PAGE", 1)
    make.plan()
    for _ in range(3):
        make.outcome(make.proposal(title="panchina"), Verdict.PARTLY)
    page = browser().get(f"{PLAN}/filo?esito=partly&q=panchina")
    following = next(a.get("href") for a in elements(page, "a") if a.get("rel") == "next")
    assert "esito=partly" in following
    assert "q=panchina" in following
    again = browser().get(following)
    assert [r.get("data-code") for r in elements(again, "tr") if r.get("data-code")] == ["PRV-P-0002"]


def test_contributions_without_a_trace_are_asked_for(make, browser):
    linked, lone = make.proposal(), make.proposal()
    make.link(linked, make.section())
    text = text_of(browser().get(f"{PLAN}/filo?filo=no"))
    assert lone.code in text
    assert linked.code not in text


def test_a_proposal_is_found_chosen_and_linked_and_shown_on_both_pages(make, browser, office):
    proposal, action = make.proposal(title="Più autobus"), make.action()
    found = office.get(f"{PLAN}/collega?a=a{action.id}&q=autobus")
    choose = next(a.get("href") for a in elements(found, "a") if f"da=c{proposal.id}" in (a.get("href") or ""))
    answer = office.submit(choose, {"relation": "adapted", "reason": "Chiesta da molte famiglie."})
    assert answer.status_code == 303, text_of(answer)
    assert answer.location == f"{PLAN}/azioni/{action.code}"
    made = db.session.scalar(sa.select(TraceLink))
    assert (made.contribution_id, made.action_id) == (proposal.id, action.id)
    assert db.session.scalar(sa.select(AuditEntry).where(AuditEntry.event == "TraceLinked")).facts["action_id"]
    of_proposal = text_of(browser().get(proposal.thread.path))
    assert action.title in of_proposal
    assert "Chiesta da molte famiglie." in of_proposal


def test_the_plan_office_begins_on_the_page_of_a_proposal(make, browser, office):
    proposal = make.proposal()
    make.plan()
    page = office.get(proposal.thread.path)
    assert f"{PLAN}/collega?da=c{proposal.id}" in [a.get("href") for a in elements(page, "a")]
    assert "collega" not in browser().get(proposal.thread.path).get_data(as_text=True)


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"reason": ""}, "Say in a sentence how the one led to the other."),
    ({"reason": "perché"}, "at least 10 characters"),
    ({"reason": "x" * 601}, "at most 600"),
    ({"target": ""}, "Choose the part of the plan."),
    ({"target": "a999"}, "Choose one of the values offered."),
    ({"relation": "loves"}, "Choose one of the values offered."),
    ({"source": "c999999"}, "does not exist"),
    ({"source": "x"}, "does not exist"),
])
def test_what_a_link_cannot_be_is_said(make, office, changes, sentence):
    proposal, action = make.proposal(), make.action()
    office.get(f"{PLAN}?lingua=en")
    answer = office.submit(f"{PLAN}/collega?da=c{proposal.id}",
                           {"target": f"a{action.id}", "relation": "adopted", "reason": "Chiesta da molti.", **changes})
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert db.session.scalar(sa.select(TraceLink)) is None


def test_a_double_link_gives_a_sentence_and_a_double_submit_one_link(make, office):
    proposal, action = make.proposal(), make.action()
    office.get(f"{PLAN}?lingua=en")
    form = office.form(f"{PLAN}/collega?da=c{proposal.id}")
    fields = {**form["fields"], "target": f"a{action.id}", "relation": "adopted", "reason": "Chiesta da molti."}
    assert [office.post(form["action"], fields).status_code for _ in range(2)] == [303, 303]
    again = office.submit(f"{PLAN}/collega?da=c{proposal.id}", {k: fields[k] for k in ("target", "relation", "reason")})
    assert again.status_code == 200
    assert "linked already" in text_of(again)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TraceLink)) == 1


def test_a_proposal_hidden_in_the_meantime_is_not_linked(make, office):
    proposal, action = make.proposal(state=State.HIDDEN), make.action()
    office.get(f"{PLAN}?lingua=en")
    answer = office.submit(f"{PLAN}/collega?da=c{proposal.id}",
                           {"target": f"a{action.id}", "relation": "adopted", "reason": "Chiesta da molti."})
    assert "Only public contributions" in text_of(answer)


def test_a_link_is_removed_from_the_page_of_the_part(make, office):
    action = make.action()
    made = make.link(make.proposal(), action)
    path = f"{PLAN}/collegamenti/{made.id}/togli"
    assert office.submit(f"{PLAN}/azioni/{action.code}", action=path).status_code == 303
    assert db.session.scalar(sa.select(TraceLink)) is None
    assert office.post(path).status_code == 404


def much(make, times):
    """A plan with so many of everything."""
    for number in range(times):
        make.section("\n\n".join(f"Paragrafo {number} {n}." for n in range(4)))
    make._once("consultation", make.consultation)
    planning.give_threads(db.session.scalar(sa.select(DraftConsultation)))
    actions = [make.action() for _ in range(times)]
    for section in db.session.scalars(sa.select(Section)).all():
        make.comment(section.paragraphs[0].thread)
        for _ in range(3):
            proposal = make.proposal()
            make.outcome(proposal)
            make.link(proposal, section)
            for action in actions[:2]:
                make.link(proposal, action)
    make.link(make.result(), actions[0])


@pytest.mark.parametrize(("path", "most"), [
    (PLAN, 14), (f"{PLAN}/filo", 12), (f"{PLAN}/filo?vista=piano", 12), ("/consultazioni/{consultation}", 8),
    ("/paragrafi/{paragraph}", 12), (f"{PLAN}/azioni/{{action}}", 6),
])
@pytest.mark.parametrize("who", ["visitor", "office"])
def test_queries_do_not_grow_with_the_plan(make, browser, queries, path, most, who):
    counts = []
    reader = browser(make.person(Role.PLAN_OFFICE)) if who == "office" else browser()
    for times in (1, 5):
        much(make, times)
        section = db.session.scalar(sa.select(Section).order_by(Section.id))
        names = {"consultation": section.paragraphs[0].thread.activity_id, "paragraph": section.paragraphs[0].id,
                 "action": make.action().code}
        db.session.commit()
        with queries() as seen:
            sign = "&" if "?" in path else "?"
            assert reader.get(path.format(**names) + f"{sign}volta={times}").status_code == 200  # not the kept page
        counts.append(len([s for s in seen if s.lstrip().startswith(("SELECT", "WITH"))]))
    assert counts[0] == counts[1] <= most, counts

