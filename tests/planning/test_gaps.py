"""What is missing either way, the map of the whole, and links to paragraphs and from indicators."""

import random
from collections import Counter

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import Contribution, State
from consult.core import flows
from consult.core.db import db
from consult.planning import candidates, ends, gaps, mapped, trace, tracing
from consult.planning import services as planning
from consult.planning.coverage import coverage
from consult.planning.models import Paragraph, Relation, TraceLink
from consult.remarks.models import Remark
from consult.results.models import Outcome, Verdict
from tests.browser import document, text_of

PLAN = "/piani/prova-2035"
DESK = f"{PLAN}/collegamenti"
REASON = "Lo hanno chiesto in molti."


@pytest.fixture
def office(make):
    make.plan()
    return make.person(Role.PLAN_OFFICE)


def link(make, office, source, target):
    return tracing.link(make.plan(), office, source=source, target=target, relation=Relation.ADAPTED, reason=REASON)


def recount():
    """The figures, counted the slow way from all the rows there are."""
    links = [one for one in db.session.scalars(sa.select(TraceLink))
             if one.contribution is None or one.contribution.public]
    spoken = [one for one in db.session.scalars(sa.select(Paragraph)) if one.says_something and not one.removed_at]
    outcomes = {one.contribution_id: one for one in db.session.scalars(sa.select(Outcome))}
    public = [one for one in db.session.scalars(sa.select(Contribution))
              if one.kind in ("proposal", "remark") and one.state is State.PUBLISHED]
    answered = [one for one in public if one.id in outcomes
                and (outcomes[one.id].decided or outcomes[one.id].verdict is not Verdict.UNDER_REVIEW)]
    return {
        "paragraphs": {f"p{one.id}" for one in spoken if not any(
            made.paragraph_id == one.id or (made.section_id == one.section_id and made.paragraph_id is None)
            for made in links)},
        "sections": {f"s{id}" for id in {one.section_id for one in spoken}
                     if not any(made.section_id == id for made in links)},
        "actions": {made.action_id for made in links if made.action_id},
        "public": {kind: sum(one.kind == kind for one in public) for kind in {one.kind for one in public}},
        "answered": {kind: sum(one.kind == kind for one in answered) for kind in {one.kind for one in public}},
    }


def recount_of_others():
    """What went into each part beside proposals, counted the slow way."""
    return Counter(
        (f"s{one.section_id}" if one.section_id else f"a{one.action_id}",
         "indicators" if one.indicator_id else "results" if one.result_sheet_id else one.contribution.kind)
        for one in db.session.scalars(sa.select(TraceLink))
        if one.contribution is None or (one.contribution.kind != "proposal" and one.contribution.public))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_figures_are_those_of_a_recount(make, office, seed):
    chance = random.Random(seed)  # noqa: S311 - the same each time
    sections = [make.section("# Titolo\n\nUna frase.\n\nUn'altra frase.\n\nE la terza.") for _ in range(4)]
    actions = [make.action() for _ in range(5)]
    paragraphs = [one for section in sections for one in section.paragraphs if one.says_something]
    proposals = [make.proposal(state=chance.choice([State.PUBLISHED, State.PUBLISHED, State.HIDDEN]))
                 for _ in range(8)]
    for one in (*proposals, *(make.remark() for _ in range(3))):
        if chance.random() < .6:
            make.outcome(one, chance.choice(list(Verdict)))
    for one in [*(one for one in proposals if one.public), *db.session.scalars(sa.select(Remark)),
                make.comment(proposals[0].thread), make.result(), make.indicator()]:
        for target in chance.sample([*sections, *actions, *paragraphs], 2):
            try:
                link(make, office, one, target)
            except tracing.LinkError:
                continue
    db.session.flush()
    db.session.expire_all()
    plan, counted = make.plan(), recount()
    found = gaps.gaps(plan)
    assert {part.ref for part in found.paragraphs} == counted["paragraphs"]
    assert {part.ref for part in found.sections} == counted["sections"]
    assert {part.ref for part in found.actions} == {f"a{one.id}" for one in actions} - {
        f"a{id}" for id in counted["actions"]}
    assert (len(found.sections), len(found.actions)) == (
        coverage(plan).unsourced_sections, coverage(plan).unsourced_actions)
    answers = gaps.answers(plan)
    assert {kind: owed.all for kind, owed in answers.items()} == counted["public"]
    assert {kind: owed.answered for kind, owed in answers.items()} == counted["answered"]
    for kind, owed in answers.items():
        assert len(gaps.unanswered(plan, kind, None).items) == owed.unanswered
    ways = mapped.ways(plan)
    assert sum(way.many for way in ways) == sum(counted["public"].values()) == mapped.drawn(plan, ways).total
    matrix = mapped.matrix(plan, by_activity=False)
    for (ref, theme), many in matrix.cells.items():
        wanted = trace.Wanted(axis_id=theme, **{"section_id" if ref[0] == "s" else "action_id": int(ref[1:])})
        assert len(trace.proposals(plan, wanted).items) == many
    assert matrix.others == recount_of_others()
    assert {code for code, _name in matrix.further} == {code for _ref, code in matrix.others}


def test_an_indicator_and_a_paragraph_are_ends_of_a_link(make, office):
    section, indicator = make.section("Il primo.\n\nIl secondo."), make.indicator()
    first = section.paragraphs[0]
    id = link(make, office, indicator, first)
    made = db.session.get(TraceLink, id)
    assert (made.indicator_id, made.section_id, made.paragraph_id) == (indicator.id, section.id, first.id)
    source = trace.sources([section.id], []).get(("section", section.id)).items[0]
    assert (source.indicator, source.paragraph_id, source.voice) == (indicator.code, first.id, None)
    assert coverage(make.plan()).sourced_sections == 1
    with pytest.raises(tracing.LinkError, match="già collegati"):
        link(make, office, indicator, section)


def test_a_link_to_a_paragraph_that_is_deleted_stays_with_its_section(make, office):
    section = make.section("Il primo.\n\nIl secondo.")
    id = link(make, office, make.proposal(), section.paragraphs[0])
    db.session.commit()
    planning.edit_section(section, office, seen=section.version, title=section.title, body="Il secondo.")
    db.session.commit()
    db.session.expire_all()
    made = db.session.get(TraceLink, id)
    assert (made.section_id, made.paragraph_id) == (section.id, None)


def test_a_remark_is_called_by_how_it_begins(make, office):
    make.section("Una corsa ogni ora.")
    remark = make.remark()
    assert str(candidates.candidate(remark).title).startswith("Così non si capisce")


def test_names_of_ends_are_found_in_this_plan_only(make, office):
    section, indicator = make.section("Il primo."), make.indicator()
    plan, paragraph = make.plan(), section.paragraphs[0]
    assert ends.end_called(plan, f"p{paragraph.id}") is paragraph
    assert ends.source_called(plan, f"i{indicator.id}") is indicator
    for ref in ("p", "p999999", "i999999", "x1", "", "p²"):
        assert ends.end_called(plan, ref) is None
        assert ends.source_called(plan, ref) is None


def test_a_link_is_made_and_undone_at_the_desk(make, browser, office):
    proposal, section = make.proposal(), make.section("Il primo.\n\nIl secondo.")
    window = browser(office)
    page = f"{DESK}?q={proposal.code}&sezione={section.id}"
    assert "Il secondo." in text_of(window.get(page))
    form = window.form(page, DESK)
    fields = {**form["fields"], "source": f"c{proposal.id}", "target": f"p{section.paragraphs[1].id}",
              "relation": "adapted", "reason": REASON}
    again = window.post(form["action"], {**fields, "reason": "Sì"})
    assert again.status_code == 200
    assert f'id="source-c{proposal.id}" value="c{proposal.id}" checked' in again.text
    assert window.post(form["action"], fields).status_code == 303
    made = db.session.scalars(sa.select(TraceLink)).one()
    assert made.paragraph_id == section.paragraphs[1].id
    double = window.post(form["action"], {**fields, "once": "another"})
    assert "sono già collegati" in text_of(double)
    undo = window.form(DESK, f"{PLAN}/collegamenti/{made.id}/togli")
    answer = window.post(undo["action"], undo["fields"])
    assert answer.headers["Location"].endswith(DESK)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TraceLink)) == 0


def test_citizens_read_what_is_missing_and_the_map_but_make_no_links(make, browser, office):
    proposal, action = make.proposal(axis_id=make.axis().id), make.action()
    make.outcome(proposal)
    link(make, office, proposal, action)
    make.action(title="Senza fonte")
    visitor = browser()
    assert "Senza fonte" in text_of(visitor.get(f"{PLAN}/filo?vista=lacune"))
    answer = visitor.get(f"{PLAN}/mappa")
    assert answer.status_code == 200
    drawn = [one for one in document(answer).iter() if str(one.tag).endswith("}path") and one.get("class")]
    assert len(drawn) == 2
    assert browser(make.person()).get(DESK).status_code == 403


@pytest.mark.parametrize("path", [f"{PLAN}/mappa", f"{PLAN}/filo?vista=lacune", DESK])
def test_queries_do_not_grow(make, browser, office, queries, path):
    counts, window = [], browser(office)
    for times in (2, 6):
        for _ in range(times):
            proposal = make.proposal()
            make.outcome(proposal)
            link(make, office, proposal, make.action())
            make.section("Il primo.\n\nIl secondo.")
        db.session.commit()
        with queries() as seen:
            assert window.get(f"{path}{'&' if '?' in path else '?'}v={times}").status_code == 200
        counts.append(len([s for s in seen if s.lstrip().startswith("SELECT")]))
    assert counts[0] == counts[1] <= 14, counts


def test_a_flow_keeps_its_sum_in_every_column_and_leaves_out_what_is_empty():
    columns = [{"a": "A", "b": "B", "c": "C"}, {1: "uno", 2: "due"}, {"x": "X"}]
    drawn = flows.flow(columns, {("a", 1, "x"): 3, ("b", 1, "x"): 1, ("a", 2, "x"): 2})
    assert [sum(node.value for node in drawn.column(at)) for at in range(3)] == [6, 6, 6]
    assert [node.mark for node in drawn.nodes] == ["A", "B", "1", "2", "a"]
    assert len(drawn.bands) == 5
    assert flows.flow(columns, {}).nodes == []
