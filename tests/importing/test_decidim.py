"""What Decidim publishes becomes a percorso: no doubles, every refusal explained, and it can be taken back."""

import gzip
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from consult.comments.models import Comment, Stance
from consult.contributions.models import Contribution, State
from consult.core import jobs
from consult.core.db import db
from consult.importing import decidim, services
from consult.importing.frame import Choice
from consult.processes.models import Channel, ParticipationCount
from consult.proposals.models import Proposal
from consult.results.models import Outcome, Verdict
from consult.voting.models import SupportTally

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "decidim-barcelona-2016"
CHOICE = Choice(slug="prova", code="PRO", title="Prova", authority="Comune di prova", language="ca")


def proposal(id=1, **changes):
    return {"id": id, "author": {"id": 7}, "source": "citizen", "title": f"Títol {id}", "summary": "Una proposta.",
            "category": {"id": 1, "name": "Bon viure"}, "subcategory": {"id": 2, "name": "Cultura"},
            "district": {"id": 6, "name": "Gràcia"}, "created_at": "22/01/2016", "total_votes": 3,
            "status": "accepted", "hidden": False, **changes}


def comment(id=1, about=1, **changes):
    return {"id": id, "commentable_id": about, "author": {"id": 8}, "body": "<p>D'acord.</p>", "alignment": 1,
            "ancestry": None, "as": None, "created_at": "23/01/2016 10:00:00", "hidden": False, **changes}


@pytest.fixture
def folder(tmp_path):
    """`folder([proposals], [comments])`: the files as they are published; a string stands for a whole raw line."""

    def write(proposals, comments=()):
        lines = {decidim.PROPOSALS: [p if isinstance(p, str) else json.dumps({"proposal": p}) for p in proposals],
                 decidim.COMMENTS: [c if isinstance(c, str) else json.dumps({"comments": [c]}) for c in comments]}
        for name, content in lines.items():
            with gzip.open(tmp_path / name, "wt", encoding="utf-8") as file:
                file.write("\n".join(content))
        return tmp_path

    return write


def only(model):
    return db.session.scalars(sa.select(model)).one()


def test_a_proposal_keeps_what_was_published(app, folder):
    services.bring(folder([proposal()]), CHOICE)
    brought = only(Proposal)
    assert (brought.title, brought.body, brought.code) == ("Títol 1", "Una proposta.", "PRO-P-0001")
    assert (brought.municipality.name, brought.axis.title["it"]) == ("Gràcia", "Bon viure")
    assert (brought.state, brought.channel, brought.support_count) == (State.PUBLISHED, Channel.IMPORTED, 3)
    assert (only(SupportTally).channel, only(SupportTally).count) == (Channel.IMPORTED, 3)


@pytest.mark.parametrize(("status", "verdict"), [("accepted", Verdict.ACCEPTED), ("rejected", Verdict.NOT_ACCEPTED)])
def test_the_status_becomes_an_outcome_that_says_where_it_comes_from(app, folder, status, verdict):
    services.bring(folder([proposal(status=status)]), CHOICE)
    assert only(Outcome).verdict is verdict
    assert "Le motivazioni non facevano parte dei dati" in only(Outcome).reasons


@pytest.mark.parametrize(("alignment", "stance"), [
    (1, Stance.FAVOURABLE), (0, Stance.NEUTRAL), (-1, Stance.AGAINST), (None, None)])
def test_a_comment_keeps_its_stance(app, folder, alignment, stance):
    services.bring(folder([proposal()], [comment(alignment=alignment)]), CHOICE)
    assert only(Comment).stance is stance


def test_deep_answers_hang_on_the_first_comment(app, folder):
    answers = [comment(1), comment(2, ancestry="1"), comment(3, ancestry="1/2")]
    services.bring(folder([proposal()], answers), CHOICE)
    first, second, third = db.session.scalars(sa.select(Comment).order_by(Comment.id))
    assert (first.about_id, second.about_id, third.about_id) == (None, first.id, first.id)
    assert (first.comment_count, only(Proposal).comment_count, only(Proposal).thread.comment_count) == (2, 3, 3)


def test_a_long_title_opens_the_text_whole(app, folder):
    title = "paraula " * 30
    report = services.bring(folder([proposal(title=title)]), CHOICE)
    assert report.shortened == 1
    assert len(only(Proposal).title) <= 150
    assert only(Proposal).body.startswith(title.strip())


def test_html_of_comments_becomes_text(app, folder):
    html = '<p>Un<br />dos</p>\n\n<p><a href="x">tres</a> &amp; 4</p>'
    services.bring(folder([proposal()], [comment(body=html)]), CHOICE)
    assert only(Comment).body == "Un\ndos\n\ntres & 4"


@pytest.mark.parametrize(("line", "why"), [
    ("{", "cannot be read"), ("[]", "cannot be read"), ("{}", "the field 'proposal' is missing"),
    (proposal(2, status="maybe"), "status 'maybe' is not known"), (proposal(2, source="bot"), "source 'bot'"),
    (proposal(2, title=" "), "no title or no text"), (proposal(2, summary=None), "no title or no text"),
    (proposal(2**40), "not a number that can be kept"), (proposal(1), "proposal 1 is there twice"),
    (proposal(2, created_at="yesterday"), "cannot be read"), (proposal(2, category=None), "cannot be read"),
])
def test_a_proposal_that_cannot_be_taken_is_refused_with_its_reason(app, folder, line, why):
    report = services.bring(folder([proposal(), line]), CHOICE)
    assert [(r.file, r.line) for r in report.refused] == [(decidim.PROPOSALS, 2)]
    assert why in report.refused[0].why
    assert report.new["proposals"] == 1


@pytest.mark.parametrize(("line", "why"), [
    ("{", "cannot be read"), (comment(2, about=9), "about proposal 9, which is not there"),
    (comment(2, ancestry="77"), "answers comment 77"), (comment(2, body="<p></p>"), "has no text"),
    (comment(1), "comment 1 is there twice"), (comment(2, author=None), "cannot be read"),
])
def test_a_comment_that_cannot_be_taken_is_refused_with_its_reason(app, folder, line, why):
    report = services.bring(folder([proposal()], [comment(), line]), CHOICE)
    assert why in report.refused[0].why
    assert report.new["comments"] == 1


def test_a_second_import_makes_no_doubles_and_adds_what_is_new(app, folder):
    services.bring(folder([proposal()], [comment()]), CHOICE)
    again = services.bring(folder([proposal(), proposal(2)], [comment(), comment(2, ancestry="1")]), CHOICE)
    assert (again.new["proposals"], again.known["proposals"]) == (1, 1)
    assert (again.new["comments"], again.known["comments"]) == (1, 1)
    assert db.session.scalar(sa.select(sa.func.count(Contribution.id))) == 4
    counted = dict(db.session.execute(sa.select(ParticipationCount.kind, sa.func.sum(ParticipationCount.count))
                                      .group_by(ParticipationCount.kind)).all())
    assert counted == {"proposal": 2, "comment": 2, "support": 6, "person": 2}


def test_an_import_can_be_taken_back_whole(app, folder):
    services.bring(folder([proposal(source="organization")], [comment()]), CHOICE)
    db.session.commit()
    services.undo("prova")
    db.session.commit()
    left = {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in db.metadata.tables.values()}
    assert {name: count for name, count in left.items() if count} == {"audit_entry": 2}


def test_an_import_in_which_people_took_part_is_not_taken_back(app, folder, make):
    services.bring(folder([proposal()]), CHOICE)
    make.comment(only(Proposal).thread)
    with pytest.raises(services.ImportRefusedError, match="new contributions"):
        services.undo("prova")
    assert only(Proposal).title == "Títol 1"


def test_a_percorso_of_ones_own_receives_no_import(app, folder, make):
    make.process()
    with pytest.raises(services.ImportRefusedError, match="was not made by an import"):
        services.bring(folder([proposal()]), CHOICE)


def test_the_command_tells_and_a_dry_run_keeps_nothing(app, folder):
    run = app.test_cli_runner().invoke
    where = str(folder([proposal(), "{"], [comment()]))
    dry = run(args=["import", "decidim", where, "--dry-run"])
    assert (dry.exit_code, db.session.scalar(sa.select(sa.func.count(Contribution.id)))) == (0, 0)
    assert "nothing was kept" in dry.output
    assert "proposals.jsonl.gz, line 2" in dry.output
    assert run(args=["import", "decidim", where]).exit_code == 0
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Contribution.id))) == 2
    assert run(args=["import", "undo", "decidim"]).exit_code == 0
    refused = run(args=["import", "undo", "decidim"])
    assert (refused.exit_code, "no imported percorso" in refused.output) == (1, True)


@pytest.mark.parametrize("spoil", ["missing", "not packed"])
def test_a_folder_that_cannot_be_read_is_refused_with_a_sentence(app, tmp_path, spoil):
    if spoil == "not packed":
        (tmp_path / decidim.PROPOSALS).write_text("{}")
    result = app.test_cli_runner().invoke(args=["import", "decidim", str(tmp_path)])
    assert result.exit_code == 1
    assert decidim.PROPOSALS in result.output
    assert "Traceback" not in result.output


@pytest.fixture
def real(app):
    """The published data, brought over."""
    if not REAL.exists():
        pytest.skip("the published data of Decidim Barcelona 2016 is not on this machine")
    choice = Choice(slug="barcelona", code="BCN", title="PAM", authority="Ajuntament", language="ca")
    report = services.bring(REAL, choice)
    db.session.commit()
    return report


def test_a_real_process_comes_over_whole(real):
    assert (real.new["proposals"], real.new["comments"], real.refused) == (10860, 18192, [])
    supports = db.session.scalar(sa.select(sa.func.sum(Contribution.support_count)))
    outcomes = dict(db.session.execute(sa.select(Outcome.verdict, sa.func.count()).group_by(Outcome.verdict)).all())
    assert supports == 165_127
    assert outcomes == {Verdict.ACCEPTED: 8142, Verdict.NOT_ACCEPTED: 2718}


def test_every_page_of_a_real_process_keeps_its_budget(real, app, browser, queries):
    jobs.queue(app).run_schedule()  # its call is closed: the results are frozen
    hottest = db.session.scalars(sa.select(Proposal).order_by(Proposal.comment_count.desc()).limit(1)).one()
    call = hottest.activity_id
    budgets = {
        "/percorsi/barcelona": 11, "/percorsi/barcelona/fasi/2": 10, "/percorsi/barcelona/partecipa": 10,
        "/percorsi/barcelona/risultati": 14, f"/risultati/{call}": 12, f"/raccolte/{call}": 12,
        f"/raccolte/{call}?ordine=sostenute": 12, f"/raccolte/{call}?q=institut": 12,
        f"/proposte/{hottest.id}-{hottest.slug}": 12, "/piani/barcelona": 14, "/piani/barcelona/filo": 12,
    }
    window = browser()
    window.get("/salute")
    taken = {}
    for path in budgets:
        with queries() as seen:
            assert window.get(path).status_code == 200, path
        taken[path] = len([s for s in seen if s.startswith(("SELECT", "WITH"))])
    assert {path: number for path, number in taken.items() if number > budgets[path]} == {}
