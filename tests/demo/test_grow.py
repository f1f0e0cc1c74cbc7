"""Growing adds what was asked, the same for the same seed, in texts that read and render like people's own."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.audit.models import AuditEntry
from consult.comments import quoting
from consult.comments.models import Agreement, Comment, Stance
from consult.contributions.models import Contribution, State
from consult.core import clock, richtext
from consult.core.db import db
from consult.demo import growth, services, words
from consult.proposals.models import Proposal
from consult.surveys.models import Submission
from consult.voting.models import Support
from tests import recount

SIZE = services.Size(people=300, proposals=40, comments=900, supports=1500, submissions=60)


def grow(size=SIZE, seed=7):
    return sum(services.grow(size, seed=seed))


def counts():
    return {model.__name__: db.session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (Person, Proposal, Comment, Support, Submission)}


def texts(seed):
    """What a seed makes, forgotten again."""
    with db.session.begin_nested() as aside:
        grow(services.Size(people=20, proposals=15, comments=120), seed)
        found = db.session.execute(
            sa.select(Contribution.code, Contribution.state, sa.func.coalesce(Proposal.body, Comment.body),
                      Contribution.support_count)
            .select_from(Contribution.__table__.outerjoin(Proposal.__table__).outerjoin(Comment.__table__))
            .order_by(Contribution.id)).all()
        aside.rollback()
    return [tuple(row) for row in found]


def test_it_adds_as_much_as_asked(loaded):
    before = counts()
    assert grow() == SIZE.whole
    added = {name: number - before[name] for name, number in counts().items()}
    assert added == {"Person": 300, "Proposal": 40, "Comment": 900, "Support": 1500, "Submission": 60}


def test_every_counter_is_true_afterwards(loaded):
    grow()
    services.settle(SIZE)
    assert recount.drift() == []
    grow(services.Size(comments=50, supports=30, submissions=10))
    services.settle(SIZE)
    assert recount.drift() == []


def test_nothing_is_said_or_supported_where_proposals_were_merged(loaded):
    merged = db.session.scalars(sa.select(Proposal).where(Proposal.replaced_at.is_not(None))).all()
    before = [(one.comment_count, one.support_count) for one in merged]
    grow()
    services.settle(SIZE)
    assert len(before) == 2
    assert [(one.comment_count, one.support_count) for one in merged] == before


def test_the_same_seed_makes_the_same_data_and_another_seed_another(loaded):
    first = texts(3)
    assert texts(3) == first
    assert texts(4) != first


def test_a_second_run_with_the_same_seed_adds_to_the_first(loaded):
    before = counts()["Submission"]
    for _ in range(2):
        grow(services.Size(comments=20, submissions=20), seed=5)
    assert counts()["Submission"] == before + 40


def test_few_proposals_are_discussed_much_and_most_little(loaded):
    grow()
    services.settle(SIZE)
    discussed = db.session.scalars(sa.select(Proposal.comment_count).where(Contribution.state == State.PUBLISHED)
                                   .order_by(Contribution.comment_count.desc())).all()
    assert discussed[0] > 4 * discussed[len(discussed) // 2] > 0


def test_replies_stand_under_first_comments_of_their_thread(loaded):
    grow()
    about = sa.orm.aliased(Contribution)
    pairs = db.session.execute(sa.select(Contribution.thread_id, about.thread_id, about.about_id)
                               .join(about, Contribution.about_id == about.id)).all()
    assert len(pairs) > 100
    assert all(thread == other and deeper is None for thread, other, deeper in pairs)


def test_the_hottest_thread_takes_a_third_of_what_is_said(loaded):
    grow()
    services.settle(SIZE)
    most = db.session.scalar(sa.select(sa.func.max(Proposal.comment_count)))
    assert most == pytest.approx(900 * growth.HOTTEST, rel=0.1)


def test_replies_quote_what_stands_under_the_same_comment(loaded):
    before = db.session.scalar(sa.select(sa.func.max(Comment.id)))
    grow()
    quoting_ones = db.session.query(Comment).filter(Comment.quoted_id.is_not(None), Comment.id > before).all()
    assert len(quoting_ones) > 20
    assert all(one.about_id in (one.quoted.id, one.quoted.about_id) for one in quoting_ones)
    assert all(quoting.says(one.quoted.body_html, one.quote) for one in quoting_ones)
    assert any(one.quoted.about_id for one in quoting_ones)


def test_comments_are_agreed_with_and_count_it(loaded):
    grow()
    agreed = dict(db.session.execute(sa.select(Agreement.comment_id, sa.func.count()).where(Agreement.agrees)
                                     .group_by(Agreement.comment_id)).all())
    counted = dict(db.session.execute(sa.select(Comment.id, Comment.agree_count)
                                      .where(Contribution.agree_count > 0)).all())
    assert agreed == counted
    assert len(agreed) > 100


def test_made_up_texts_render_as_the_renderer_does(rng):
    for theme in words.THEMES:
        for _ in range(60):
            made = [theme.proposal(rng).body, theme.reply(rng), *(theme.comment(rng, stance) for stance in Stance)]
            for text in made:
                assert words.html(text) == richtext.render(text)


def test_made_up_texts_fit_their_columns_and_are_whole_sentences(rng):
    for theme in words.THEMES:
        for _ in range(100):
            said = theme.proposal(rng)
            assert len(said.title) <= 150
            assert said.title[0].isupper()
            assert len(said.body) >= 40
            assert "{" not in said.body
            assert said.body.endswith(".")
            assert "{" not in theme.comment(rng, rng.choice(list(Stance)))


def test_nothing_is_added_to_what_is_not_the_demonstration(make):
    make.proposal()
    with pytest.raises(services.GrowthError, match="only added to the demonstration"):
        services.grow(SIZE, seed=1)


def test_nothing_is_added_once_everything_has_closed(loaded):
    with clock.at(clock.now() + timedelta(days=90)), pytest.raises(services.GrowthError, match="Nothing is open"):
        services.grow(SIZE, seed=1)


def test_more_supports_than_people_can_give_are_refused(loaded):
    before = counts()
    with pytest.raises(services.GrowthError, match="at most"):
        services.grow(services.Size(supports=1_000_000), seed=1)
    assert counts() == before


def test_all_supports_that_people_can_give_are_given(make):
    call = make.call()
    make.proposal(call=call), make.proposal(call=call)
    make.person(email=services.ACCOUNTS["admin"].email)
    grow(services.Size(people=10))
    assert grow(services.Size(supports=20)) == 20
    assert counts()["Support"] == 20


class TestCommand:
    def test_it_grows_and_sets_the_counters(self, app, loaded):
        done = app.test_cli_runner().invoke(args=["demo", "grow", "--proposals", "5", "--comments", "30"])
        assert done.exit_code == 0, done.output
        assert recount.drift() == []
        assert db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id.desc())).first() == (
            "DemonstrationGrown")

    def test_it_refuses_with_a_sentence(self, app):
        done = app.test_cli_runner().invoke(args=["demo", "grow", "--comments", "5"])
        assert done.exit_code == 1
        assert "only added to the demonstration" in done.stderr

    @pytest.mark.parametrize("args", [[], ["--comments", "-1"], ["--comments", "many"], ["--comments", "99999999999"]])
    def test_it_explains_how_it_is_used(self, app, args):
        assert app.test_cli_runner().invoke(args=["demo", "grow", *args]).exit_code == 2
