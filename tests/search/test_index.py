"""The index: what is public is found by its words, at once; nothing else is, and all counts are true."""

from collections import Counter

import pytest
import sqlalchemy as sa

from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.moderation import services as moderation
from consult.moderation.models import Act, Reason
from consult.privacy import erasure
from consult.proposals import services as proposals
from consult.proposals.services import Wording
from consult.search import queries, services, stemming
from consult.search.models import SearchDocument, SearchPosting, SearchWord
from tests.factories import WHY


def found(words, *calls):
    ids = [call.id for call in calls]
    wanted = queries.wanted(words, "it")
    if not wanted:
        return []
    return list(db.session.scalars(sa.select(Contribution.code).where(
        *queries.holding(wanted, ids), Contribution.state == State.PUBLISHED).order_by(Contribution.id)))


def drift():
    """What the index says beyond or beneath its documents."""
    db.session.expire_all()
    documents = {row.contribution_id: row for row in db.session.scalars(sa.select(SearchDocument))}
    postings, words = Counter(), Counter()
    for id, row in documents.items():
        for word, (stem, weight) in row.words.items():
            postings[row.activity_id, stem, id] += weight
            words[row.activity_id, word, stem] += 1
    kept = {(p.activity_id, p.stem, p.contribution_id): p.weight for p in db.session.scalars(sa.select(SearchPosting))}
    counted = {(w.activity_id, w.word, w.stem): w.documents for w in db.session.scalars(sa.select(SearchWord))}
    public = set(db.session.scalars(sa.select(Contribution.id).where(
        Contribution.kind == "proposal", Contribution.state == State.PUBLISHED)))
    return kept == dict(postings), counted == dict(words), set(documents) == public


TRUE = (True, True, True)


@pytest.mark.parametrize(("asked", "written"), [
    ("biblioteche", "La biblioteca aperta di sera"),
    ("BIBLIOTECA", "Le biblioteche aperte di sera"),
    ("illuminazione", "L'illuminazione della piazza"),
    ("illuminazione", "Più luce: un’illuminazione migliore"),
    ("perche citta", "Una città verde"),
    ("città", "Una citta verde"),
    ("biblio", "La biblioteca aperta di sera"),
    ("illuminazi", "L'illuminazione della piazza"),
    ("piazza illumin", "L'illuminazione della piazza"),
    ("caffè", "Un caffe\u0300 per gli anziani"),
    ("scuole dell'infanzia", "La scuola dell'infanzia di via Roma"),
    ("2030", "Un piano per il 2030"),
])
def test_a_proposal_is_found_whatever_form_its_words_have(put, call, asked, written):
    proposal = put(written)
    put("Tutt'altro", "Qui si parla di calcio e basta.")
    assert found(asked, call) == [proposal.code]


def test_all_the_words_must_be_there_and_only_the_last_may_have_begun(put, call):
    proposal = put("Corse serali", "Più autobus verso Castelrovano.")
    assert found("autobus castel", call) == [proposal.code]
    assert found("castel autobus", call) == []
    assert found("autobus treno", call) == []


def test_words_that_say_nothing_are_not_looked_for(put, call):
    put("Corse serali")
    assert not queries.wanted("il la per a % _ '", "it")
    assert len(found("le corse per il", call)) == 1


def test_a_text_in_another_language_is_found_by_its_own_forms(put, call):
    proposal = put("Neue Bäume pflanzen", "Die Straßen brauchen Schatten.", language="de")
    ids = [call.id]
    for asked in ("baum", "strasse", "Schatten"):
        wanted = queries.wanted(asked, "de")
        assert list(db.session.scalars(sa.select(Contribution.id).where(*queries.holding(wanted, ids)))) == [
            proposal.id], asked


def test_what_stands_in_another_call_is_not_found(put, make, call):
    put("Corse serali", call=make.call())
    assert found("corse", call) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_what_is_not_public_is_not_in_the_index(put, call, state):
    put("Corse serali", state=state)
    assert found("corse", call) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchDocument)) == 0
    assert drift() == TRUE


def test_it_is_found_as_soon_as_it_is_sent_in_and_by_its_new_words_once_changed(make, call):
    author = make.person()
    proposal = proposals.submit(call, author, Wording(title="Corse serali", body="Autobus anche la sera, ogni ora."))
    assert found("corse", call) == [proposal.code]
    proposals.edit(proposal, author, Wording(title="Treni serali", body="Treni anche la sera, ogni ora."), seen=1)
    assert (found("corse", call), found("treni", call)) == ([], [proposal.code])
    assert drift() == TRUE


def test_a_draft_is_found_once_it_is_sent_in(make, call):
    author = make.person()
    draft = proposals.save_draft(call, author, Wording(title="Corse serali", body="Autobus la sera."))
    assert found("corse", call) == []
    proposals.edit(draft, author, proposals.worded(draft), seen=draft.version, send=True)
    assert found("corse", call) == [draft.code]


def test_what_a_moderator_hides_is_not_in_the_index_from_then_on_and_is_again_when_restored(make, put, call):
    proposal, moderator = put("Corse serali"), make.person()
    other = put("Corse notturne")
    moderation.decide(proposal, moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY,
                      seen=moderation.mark(proposal))
    assert found("corse", call) == [other.code]
    assert db.session.get(SearchDocument, proposal.id) is None
    assert db.session.scalar(sa.select(SearchWord).where(SearchWord.word == "serali")) is None
    assert drift() == TRUE
    moderation.decide(proposal, moderator, act=Act.RESTORE, seen=moderation.mark(proposal))
    assert found("corse", call) == [proposal.code, other.code]
    assert drift() == TRUE


def test_what_its_author_withdraws_or_takes_along_is_forgotten(make, call):
    author, leaving = make.person(), make.person()
    mine = make.proposal(call=call, author=author, title="Corse serali")
    make.proposal(call=call, author=leaving, title="Il cane Zorba", body="Cercate il cane Zorba alla Baldresca.")
    proposals.withdraw(mine, author)
    erasure.erase(leaving, withdraw=True, actor=None)
    assert found("corse", call) == found("zorba", call) == []
    assert db.session.scalars(sa.select(SearchWord.word)).all() == []
    assert drift() == TRUE


def test_rebuilding_makes_the_same_index(app, put, call):
    for title in ("Corse serali", "Corse notturne", "Biblioteca"):
        put(title)
    before = sorted(db.session.execute(sa.select(SearchPosting.stem, SearchPosting.contribution_id)).all())
    db.session.execute(sa.delete(SearchWord))
    db.session.execute(sa.delete(SearchPosting).where(SearchPosting.stem == "biblioteca"[:8]))
    db.session.commit()
    said = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert (said.exit_code, "3 contributions are in the index." in said.output) == (0, True)
    assert sorted(db.session.execute(sa.select(SearchPosting.stem, SearchPosting.contribution_id)).all()) == before
    assert drift() == TRUE


def test_rows_written_in_bulk_are_put_in_afterwards(put, call):
    put("Corse serali")
    services.forget_activities([call.id])
    assert found("corse", call) == []
    assert (services.catch_up(), services.catch_up()) == (1, 0)
    assert len(found("corse", call)) == 1


@pytest.mark.parametrize("state", [State.HIDDEN, State.WITHDRAWN])
def test_the_state_has_one_writer_and_the_index_follows_it(put, state):
    proposal = put("Corse serali")
    contributions.change_state(proposal, state, None)
    assert drift() == TRUE


def test_words_that_were_found_are_marked_and_shown_in_a_passage(put, call):
    put("Corse serali", "Parole. " * 60 + "L'autobus passa di rado. " + "Altro. " * 60)
    wanted = queries.wanted("autob", "it")
    assert wanted.marked("L'autobus!", "it") == [("L'", False), ("autobus", True), ("!", False)]
    passage = wanted.passage("Parole. " * 60 + "L'autobus passa di rado. " + "Altro. " * 60, "it")
    text = "".join(piece for piece, _hit in passage)
    assert "L'autobus passa di rado" in text
    assert len(text) < 240
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "".join(p for p, _h in wanted.passage("Senza niente.", "it")) == "Senza niente."


def test_every_list_of_words_to_leave_out_is_folded_and_of_its_language():
    for words in (*stemming.STOPPED.values(), stemming.WEAK):
        assert [word for word in words if stemming.folded(word) != word] == []
