"""Made-up answers and papers add up to what the story publishes."""

from collections import Counter

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.demo import draws
from consult.methods.registry import METHODS
from consult.processes.models import Channel
from consult.surveys import paths, queries
from consult.surveys.models import Answer, Option, Question, QuestionKind, Submission, Survey, SurveySection
from consult.territory.models import Municipality
from consult.voting import services as voting
from consult.voting.models import Ballot, BallotPaper, Electorate


def activity(kind, title):
    return next(found for found in db.session.scalars(sa.select(kind)) if found.title.in_language("it") == title)


def by_town(column, *conditions):
    counted = Counter(db.session.scalars(sa.select(column).where(*conditions)))
    return [counted[id] for id in db.session.scalars(sa.select(Municipality.id).order_by(Municipality.position))]


def questions(survey):
    return db.session.scalars(sa.select(Question).join(SurveySection).where(SurveySection.survey_id == survey.id)
                              .order_by(SurveySection.position, Question.position)).all()


def chosen(question):
    counted = Counter(db.session.scalars(sa.select(Answer.option_id).where(Answer.question_id == question.id)))
    return [counted[id] for id in db.session.scalars(
        sa.select(Option.id).where(Option.question_id == question.id).order_by(Option.position))]


def test_questionnaires_were_answered_as_often_as_told(loaded):
    for entry in loaded["surveys"]:
        survey = activity(Survey, entry["title"])
        told = entry["responses"]
        assert by_town(Submission.municipality_id, Submission.survey_id == survey.id) == told["by_municipality"]
        channels = Counter(db.session.scalars(sa.select(Submission.channel).where(Submission.survey_id == survey.id)))
        assert (channels[Channel.ONLINE], channels[Channel.PAPER]) == (told["online"], told["carta"])
        assert survey.submission_count == sum(told["by_municipality"])


def test_options_were_chosen_as_often_as_told(loaded):
    entry = next(entry for entry in loaded["surveys"] if entry["id"] == "Q1")
    told = [question["counts"] for question in entry["questions"] if "counts" in question]
    kinds = (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE)
    asked = [q for q in questions(activity(Survey, entry["title"])) if q.kind in kinds]
    assert [chosen(question) for question in asked] == told


def test_scales_average_what_was_told(loaded):
    entry = next(entry for entry in loaded["surveys"] if entry["id"] == "Q1")
    told = next(question["means"] for question in entry["questions"] if "means" in question)
    scales = [q for q in questions(activity(Survey, entry["title"])) if q.kind is QuestionKind.SCALE]
    means = [db.session.scalar(sa.select(sa.func.avg(Answer.number)).where(Answer.question_id == q.id)) for q in scales]
    assert means == pytest.approx(told, abs=0.005)


def test_every_submission_keeps_to_its_questions(loaded):
    for question in db.session.scalars(sa.select(Question)):
        answers = db.session.scalars(sa.select(Answer).where(Answer.question_id == question.id)).all()
        each = Counter(answer.submission_id for answer in answers)
        if question.kind in (QuestionKind.NUMBER, QuestionKind.SCALE):
            assert all(question.minimum <= answer.number <= question.maximum for answer in answers)
        if question.kind in (QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING):
            assert max(each.values()) <= (question.maximum or len(question.options))
        elif question.kind is QuestionKind.POINTS:
            points = Counter()
            for answer in answers:
                points[answer.submission_id] += answer.number
            assert set(points.values()) == {question.maximum}
        elif question.kind is QuestionKind.MATRIX_SINGLE:
            assert set(each.values()) == {len(question.rows)}
        else:
            assert max(each.values()) == 1
        if question.required:
            survey_id = question.section.survey_id
            assert len(each) == db.session.get(Survey, survey_id).submission_count


def test_votes_on_the_fund_add_up_and_every_paper_is_valid(loaded):
    told = loaded["budget_vote"]
    ballot = activity(Ballot, told["title"])
    papers = db.session.scalars(sa.select(BallotPaper).where(BallotPaper.ballot_id == ballot.id)).all()
    assert Counter(code for paper in papers for code in paper.marks) == told["ballots_summary"]["votes"]
    rules = voting.rules(ballot)
    assert [fault for paper in papers if (fault := METHODS[rules.method].fault(rules, paper.marks))] == []
    assert by_town(BallotPaper.municipality_id, BallotPaper.ballot_id == ballot.id) == (
        told["ballots_summary"]["by_municipality"])
    assert Counter(paper.channel for paper in papers) == {
        Channel.ONLINE: told["ballots_summary"]["online"], Channel.PAPER: told["ballots_summary"]["paper"]}


def test_a_verified_resident_can_still_vote_on_the_fund(loaded, make):
    ballot = activity(Ballot, loaded["budget_vote"]["title"])
    town = db.session.scalars(sa.select(Municipality).order_by(Municipality.position)).first()
    kept = voting.cast(ballot, make.person(verified=True, municipality=town), {"B05": 1})
    assert db.session.scalar(sa.select(BallotPaper.marks).where(BallotPaper.tag == kept.tag)) == {"B05": 1}
    db.session.refresh(ballot)
    assert ballot.paper_count == loaded["budget_vote"]["ballots_summary"]["total"] + 1


def test_the_poll_on_the_merger_came_out_as_published_in_each_municipality(loaded):
    poll = loaded["exploratory_poll"]
    for question in poll["questions"]:
        ballot = next(b for b in db.session.scalars(sa.select(Ballot)) if str(b.question) == question["text"])
        codes = {option.code: str(option.title) for option in ballot.options}
        for result in poll["results"]:
            town = db.session.scalars(sa.select(Municipality).where(
                Municipality.istat_code == result["municipality"])).one()
            papers = db.session.scalars(sa.select(BallotPaper).where(
                BallotPaper.ballot_id == ballot.id, BallotPaper.municipality_id == town.id)).all()
            counted = Counter(codes[next(iter(paper.marks))] if paper.marks else "bianche_nulle" for paper in papers)
            assert counted == result[question["id"]]
            assert len(papers) == result["voters"]
            assert db.session.get(Electorate, (ballot.id, town.id)).eligible == result["eligible"]


def test_shares_sum_to_the_whole():
    assert draws.shares(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(draws.shares(1001, [3, 5, 7, 11])) == 1001


def test_steps_average_the_mean():
    counts = draws.steps(1000, 1, 5, 2.1)
    assert sum(counts) == 1000
    assert sum(n * value for value, n in enumerate(counts, 1)) / 1000 == pytest.approx(2.1, abs=0.01)


def test_sets_are_drawn_with_exact_totals_within_their_rules(rng):
    totals = [70, 40, 25, 10]
    drawn = draws.choices(80, totals, rng, fits=lambda chosen: 1 <= len(chosen) <= 2)
    assert [sum(option in chosen for chosen in drawn) for option in range(4)] == totals
    assert all(1 <= len(chosen) <= 2 for chosen in drawn)


def test_totals_that_cannot_be_reached_are_refused(rng):
    with pytest.raises(ValueError, match="cannot reach"):
        draws.choices(10, [10, 10], rng, fits=lambda chosen: len(chosen) == 1)


def test_dealing_keeps_the_counts_and_follows_the_leaning(rng):
    leanings = [0.0] * 500 + [2.0] * 500
    dealt = draws.deal([500, 500], leanings, rng)
    assert sum(dealt) == 500
    assert sum(dealt[500:]) > 350


def test_what_depends_on_an_answer_was_answered_only_by_whom_it_was_shown_to(loaded):
    for survey in db.session.scalars(sa.select(Survey)).all():
        for submission in db.session.scalars(sa.select(Submission).where(Submission.survey_id == survey.id).limit(150)):
            given = queries.given(survey, submission)
            assert paths.path(survey, given).answers == given
