"""Cross tables against a recount, against the published sheet, and as pages."""

import random
from collections import Counter

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import db
from consult.crossings import queries as crossings
from consult.crossings import services, tables, variables
from consult.crossings.models import CrossingSide
from consult.processes import queries as processes
from consult.processes.models import Channel, ResultsVisible
from consult.results import services as results
from consult.surveys import answers, statistics
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys.ground import Ground
from consult.surveys.models import QuestionKind, Submission
from tests.browser import text_of
from tests.factories import DAY

K = QuestionKind
KINDS = (K.SINGLE_CHOICE, K.MULTIPLE_CHOICE, K.SCALE, K.MATRIX_SINGLE, K.RANKING, K.DROPDOWN)
OPTIONS = ["o1", "o2", "o3"]


def fill(make, survey, how_many=60, seed=7):
    """Answer at random; some are silent, some prefer not to. What was given, with the place."""
    rng, asked = random.Random(seed), surveys.questions(survey)  # noqa: S311 - made-up answers
    places = [make.municipality(f"Comune {number}") for number in range(3)]
    asked[0].prefer_not = True
    given = []
    for _ in range(how_many):
        where = rng.choices(places, [8, 5, 1])[0]
        told = {
            asked[0].code: rng.choices([[code] for code in OPTIONS] + [answers.REFUSED, None], [9, 6, 3, 2, 2])[0],
            asked[1].code: rng.sample(OPTIONS, rng.randint(0, 3)) or None,
            asked[2].code: float(rng.randint(1, 5)),
            asked[3].code: {"r1": [rng.choice(OPTIONS)], "r2": [rng.choice(OPTIONS)]},
            asked[4].code: rng.sample(OPTIONS, 2),
            asked[5].code: [rng.choices(OPTIONS, [6, 3, 1])[0]]}
        told = {code: value for code, value in told.items() if value is not None}
        channel = rng.choice([Channel.ONLINE, Channel.PAPER])
        answering.answer(survey, None, municipality_id=where.id, given=told, channel=channel)
        given.append((where, told))
    return given


@pytest.fixture
def survey(make):
    return make.survey(*KINDS, results_visible=ResultsVisible.LIVE)


def ground_of(survey):
    return Ground(processes.municipalities(survey.phase.process), surveys.submissions_by_place(survey))


def sides_of(survey, ground):
    return {side.key: side for side in variables.sides(survey, ground, crossings.categories())}


def says(answer, row):
    """The codes that an answer chose, as a cross table counts them."""
    if answer is None or answer == answers.REFUSED:
        return ["0" if answer is None else "-1"]
    if isinstance(answer, float):
        return [answer]
    if isinstance(answer, dict):
        return answer[row]
    return answer


def test_every_figure_that_is_shown_is_that_of_a_recount(make, survey):
    given, ground, asked = fill(make, survey), ground_of(survey), surveys.questions(survey)
    side = sides_of(survey, ground)[f"q{asked[5].id}"]
    compared = 0
    for row in variables.rows(survey):
        if row.question is asked[5]:
            continue
        found = tables.crossing(survey, row, side, ground)
        assert isinstance(found, tables.Crossing)
        codes = {option.id: option.code for question in (row.question, asked[5]) for option in question.options}
        line = next((r.code for r in row.question.rows if r.id == row.row_id), "")
        truth = Counter()
        for _place, told in given:
            chosen = told.get(row.question.code)
            chosen = chosen[:1] if chosen and row.question.kind is K.RANKING else chosen
            for value in says(chosen, line):
                truth[value, told[asked[5].code][0]] += 1
        for value, cells, total in zip(found.row_values, found.cells, found.row_totals, strict=True):
            mine = [truth[codes.get(value, value), codes[at]] for at in found.side_values]
            assert total == sum(mine)
            for figure, true in zip(cells, mine, strict=True):
                assert figure is None or figure == true >= tables.MINIMUM
                compared += figure is not None
    assert compared > 10


def test_by_municipality_it_hides_what_the_published_sheet_hides(make, survey):
    fill(make, survey)
    ground, sheet = ground_of(survey), {t.code: t for t in statistics.sheet(survey).tables}
    side = sides_of(survey, ground)["place"]
    for row in variables.rows(survey)[:2]:
        found = tables.crossing(survey, row, side, ground)
        published = [line.values for line in sheet[f"question-{row.question.id}-places"].rows if not line.total]
        mine = [tuple(line) for line in found.cells]
        labels = [str(row.called(value)) for value in found.row_values]
        told = [str(line.label) for line in sheet[f"question-{row.question.id}-places"].rows if not line.total]
        assert mine[:len(told)] == published[:len(labels)]
        assert labels[:len(told)] == told[:len(labels)]


def test_of_a_place_that_is_kept_back_nothing_is_told_that_adds_up_to_it(make):
    survey = make.survey(K.SINGLE_CHOICE)
    asked = surveys.questions(survey)[0]
    for name, counts in (("Piccola", (1, 1, 1)), ("Media", (10, 5, 5)), ("Grande", (10, 10, 10))):
        place = make.municipality(name)
        for code, number in zip(OPTIONS, counts, strict=True):
            for _ in range(number):
                answering.answer(survey, None, municipality_id=place.id, given={asked.code: [code]})
    sheet = {t.code: t for t in statistics.sheet(survey).tables}
    hidden = [str(row.label) for row in sheet["places"].rows if row.values[0] is None]
    assert len(hidden) == 2
    table = sheet[f"question-{asked.id}-places"]
    for at, column in enumerate(table.columns):
        if str(column.label) in hidden:
            assert {row.values[at] for row in table.rows} == {None}


def test_shares_are_of_ten_people_at_least_and_say_where_they_are_few(make, survey):
    fill(make, survey)
    ground = ground_of(survey)
    found = tables.crossing(survey, variables.rows(survey)[1], sides_of(survey, ground)["channel"], ground)
    shares = tables.shares(found, of_rows=False)
    for row, line in zip(shares.rows, found.cells, strict=True):
        for share, figure, total in zip(row.values, line, found.totals, strict=True):
            assert share == (None if figure is None else round(figure / total, 4))
    small = tables.Crossing(found.rows, found.side, found.row_values[:1], found.side_values, [[6, 7]], [13], [9, 29],
                            38)
    shares = tables.shares(small, of_rows=False)
    assert shares.rows[0].values == ("–", round(7 / 29, 4))
    assert "29" not in str(shares.columns[1].label)
    assert "under 30" in shares.columns[1].label["en"]


def test_organisations_are_told_apart_by_what_they_were_when_they_answered(make):
    survey = make.survey(K.SINGLE_CHOICE, anonymous=False)
    asked = surveys.questions(survey)[0]
    for number in range(40):
        person = make.person()
        if number < 18:
            make.organisation(person)
        answering.answer(survey, person, municipality_id=None, given={asked.code: [OPTIONS[number % 2]]})
    ground = ground_of(survey)
    every = sides_of(survey, ground)
    found = tables.crossing(survey, variables.rows(survey)[0], every["category"], ground)
    assert sum(total for total in found.totals if total) == 40
    parted = tables.by_party(found, every["party"])
    assert parted.totals == [18, 22]
    assert all(None in line or min(line) >= 0 for line in parted.cells)
    assert tables.minimum_for(every["category"]) == tables.minimum_for(every["party"]) == 10
    assert all(figure is None or figure >= 10 for line in found.cells for figure in line)


def test_an_anonymous_survey_knows_nothing_of_organisations(make, survey):
    assert not {"category", "party"} & set(sides_of(survey, ground_of(survey)))


def test_a_question_that_few_answered_is_not_crossed(make):
    survey = make.survey(K.SINGLE_CHOICE, K.SINGLE_CHOICE)
    one, other = surveys.questions(survey)
    for number in range(12):
        told = {one.code: ["o1"]} | ({other.code: ["o2"]} if number < 3 else {})
        answering.answer(survey, None, municipality_id=None, given=told)
    rows, ground = variables.rows(survey), ground_of(survey)
    assert tables.crossing(survey, rows[0], rows[1], ground) is tables.TOO_FEW


# pages

def closed(make, survey):
    survey.opens_at, survey.closes_at = clock.now() - 10 * DAY, clock.now() - DAY
    db.session.flush()
    return results.freeze(survey)


def path(survey, row, side):
    return f"/questionari/{survey.id}/incroci?domanda={row.key}&per={side}"


def test_the_plan_office_crosses_while_it_is_open_and_nobody_else_does(make, browser, survey):
    fill(make, survey)
    row = variables.rows(survey)[0]
    office = browser(make.person(Role.PLAN_OFFICE)).get(path(survey, row, "place"))
    said = text_of(office)
    assert office.status_code == 200
    assert "fewer than five people stand" in said
    assert "Comune 0" in said
    refused = browser(make.person()).get(path(survey, row, "place"))
    assert refused.status_code == 403
    assert "once the survey has closed" in text_of(refused)


def test_everybody_sees_by_what_was_opened_once_it_is_counted_for_good(make, browser, survey):
    fill(make, survey)
    asked = surveys.questions(survey)
    row, side = variables.rows(survey)[0], f"q{asked[5].id}"
    closed(make, survey)
    assert browser().get(path(survey, row, side)).status_code == 404
    services.open_sides(survey, make.person(Role.PLAN_OFFICE), [asked[5].id])
    response = browser().get(path(survey, row, side))
    assert response.status_code == 200
    assert "<svg" in response.get_data(as_text=True)
    file = browser().get(path(survey, row, side).replace("incroci?", "incroci.csv?"))
    assert file.mimetype == "text/csv"
    db.session.execute(sa.update(Submission).values(municipality_id=None))
    assert browser().get(path(survey, row, "channel")).status_code == 200


def test_what_was_added_after_counting_cannot_be_told_from_the_difference(make, browser, survey):
    fill(make, survey)
    row = variables.rows(survey)[0]
    closed(make, survey)
    db.session.add(Submission(id="late", survey_id=survey.id))
    db.session.flush()
    said = text_of(browser().get(path(survey, row, "channel")))
    assert "Answers were added after" in said
    assert "<table" not in browser().get(path(survey, row, "channel")).get_data(as_text=True)


def test_scales_are_not_crossed_with_places_beside_their_means(make, browser, survey):
    fill(make, survey)
    said = text_of(browser(make.person(Role.PLAN_OFFICE)).get(path(survey, variables.rows(survey)[2], "place")))
    assert "scales are told by their mean" in said


@pytest.mark.parametrize("bad", ["domanda=q99999", "per=nessuno", "domanda=%00", "per=q1%27&domanda=q-1"])
def test_what_is_not_offered_is_not_found(make, browser, survey, bad):
    fill(make, survey, 6)
    office = browser(make.person(Role.PLAN_OFFICE))
    assert office.get(f"/questionari/{survey.id}/incroci?{bad}").status_code in (200, 404)
    assert office.get(f"/questionari/{survey.id}/incroci.csv?{bad}").status_code == 404


def test_the_plan_office_opens_sides_and_at_most_three(make, browser):
    survey = make.survey(*[K.SINGLE_CHOICE] * 4, K.SHORT_TEXT)
    asked = surveys.questions(survey)
    office = browser(make.person(Role.PLAN_OFFICE))
    address = f"/questionari/{survey.id}/incroci/aperti"
    done = office.post(address, {"questions": [str(asked[0].id), str(asked[1].id)]})
    assert done.status_code == 303
    assert crossings.open_sides(survey) == {asked[0].id, asked[1].id}
    many = office.post(address, {"questions": [str(one.id) for one in asked[:4]]})
    assert "Choose at most three." in text_of(many)
    assert office.post(address, {"questions": [str(asked[4].id)]}).status_code == 200
    assert crossings.open_sides(survey) == {asked[0].id, asked[1].id}
    assert office.post(address, {}).status_code == 303
    assert not db.session.scalar(sa.select(CrossingSide.question_id))
    assert browser(make.person()).post(address, {}).status_code == 403
    with pytest.raises(services.NoSideError):
        services.open_sides(survey, make.person(), [asked[4].id])


def test_pages_cost_few_queries_however_many_have_answered(make, browser, survey, queries):
    costs = []
    asked = surveys.questions(survey)
    office = make.person(Role.PLAN_OFFICE)
    services.open_sides(survey, office, [asked[5].id])
    for many in (20, 120):
        fill(make, survey, many, seed=many)
        for address in (f"incroci?domanda=q{asked[0].id}&per=channel", "risultati"):
            browser_of = browser(office)
            with queries() as seen:
                assert browser_of.get(f"/questionari/{survey.id}/{address}").status_code == 200
            costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 30
