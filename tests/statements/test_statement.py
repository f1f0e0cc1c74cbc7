"""Whoever loses something by a decision reads what, why, since when and what they can do; and can put it right."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, Revision, State
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.moderation import queue, services
from consult.moderation.models import Act, Origin, Reason
from consult.proposals import services as proposals
from consult.statements import queries, words
from tests.browser import text_of
from tests.factories import DAY, WHY


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR, display_name="Chiara Moderatrice")


def decide(thing, moderator, act=Act.HIDE):
    return services.decide(thing, moderator, act=act, reason=Reason.PERSONAL_DATA, note=WHY,
                           seen=services.mark(thing))


def test_the_page_says_all_that_the_law_wants_and_shows_the_text_to_its_author_alone(browser, make, moderator):
    proposal = make.proposal(title="Una panchina", body="Chiamate il signor Rossi allo 0000.")
    contributions.flag(proposal, make.person(), reason=FlagReason.PERSONAL_DATA, note="")
    path = f"/decisioni/{decide(proposal, moderator).id}"
    page = text_of(browser(proposal.author).get(path))
    for said in ("Ciò che hai scritto è stato nascosto", "Il testo rivela dati privati di un’altra persona.",
                 "Regola 3 del sito", WHY, "Nessun altro può leggere", str(proposal.activity.title),
                 "Fino a una nuova decisione", "Il testo è stato segnalato",
                 "non è stato usato alcun mezzo automatico", "Chiamate il signor Rossi", "Correggi e ripubblica",
                 "Chiedi un riesame", "difensore civico", "TAR", "unione@example.org"):
        assert said in page
    assert "Chiara" not in page
    for reader in (moderator, make.person(Role.GUARANTOR)):
        page = text_of(browser(reader).get(path))
        assert WHY in page
        assert "signor Rossi" not in page
        assert "Correggi e ripubblica" not in page
    assert browser(make.person()).get(path).status_code == 404
    assert browser().get(path).status_code in (303, 404)


@pytest.mark.parametrize("act", [Act.HIDE, Act.REVISE])
def test_the_statement_is_sent_for_every_act_that_takes_away(make, moderator, act):
    proposal = make.proposal(title="Una panchina")
    decision = decide(proposal, moderator, act)
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert mail.recipient == proposal.author.email
    assert mail.subject == f"{words.headline(decision)} ({proposal.code})"
    assert f"/decisioni/{decision.id}" in mail.text
    assert proposal.state is State.HIDDEN
    services.take_back(decision, proposal, moderator)
    assert db.session.scalars(sa.select(OutboxMessage)).all() == []
    assert queries.statement(decision.id) is None
    assert proposal.state is State.PUBLISHED


def test_every_act_and_every_origin_has_its_words(make):
    assert set(words.INITIATIVES) == set(Origin)
    assert set(words.HEADLINES) == set(words.EFFECTS) >= {act for act in Act if queries.takes_away(act)}


@pytest.mark.parametrize("note", ["", "Troppo breve."])
@pytest.mark.parametrize("act", [Act.HIDE, Act.REVISE])
def test_nothing_is_taken_away_without_a_sentence(browser, make, moderator, act, note):
    proposal = make.proposal()
    with pytest.raises(services.UnreasonedError):
        services.decide(proposal, moderator, act=act, reason=Reason.SPAM, note=note, seen=1)
    page = browser(moderator).submit(f"/moderazione/{proposal.id}",
                                     {"decision": act.value, "reason": "spam", "note": note})
    assert "almeno 20 caratteri" in text_of(page)
    assert proposal.state is State.PUBLISHED


@pytest.mark.parametrize("act", [Act.HIDE, Act.REVISE])
def test_what_was_hidden_is_corrected_and_read_again(browser, make, moderator, act):
    proposal = make.proposal(title="Una panchina", body="Chiamate il signor Rossi.")
    proposals.edit(proposal, proposal.author, proposals.Wording(title="Panchina", body="Chiamate Rossi, vi prego."),
                   seen=1, reason="Più chiaro")
    decision = decide(proposal, moderator, act)
    author = browser(proposal.author)
    page = author.get(f"/decisioni/{decision.id}")
    assert f"/proposte/{proposal.id}/modifica" in page.get_data(as_text=True)
    answer = author.submit(f"/proposte/{proposal.id}/modifica", {
        "title": "Una panchina", "body": "Chiamate pure l’ufficio del Comune, di mattina.", "reason": "Tolto il nome",
        "act": "submit"})
    assert answer.status_code == 303
    assert proposal.state is State.PENDING
    assert Origin.HELD in [row.origin for row in queue.queue(moderator).items]
    assert WHY in text_of(browser(moderator).get(f"/moderazione/{proposal.id}"))
    assert "Chiamate Rossi" in text_of(author.get(f"/decisioni/{decision.id}"))
    services.decide(proposal, moderator, act=Act.APPROVE, seen=services.mark(proposal))
    assert db.session.scalars(sa.select(Revision.public)).all() == [False, False]
    assert "Rossi" not in text_of(browser().get(proposal.thread.path))


def test_a_hidden_comment_is_corrected_and_no_earlier_text_of_it_can_be_read(browser, make, moderator):
    proposal = make.proposal()
    comment = make.comment(proposal.thread, body="Parole cattive", published_at=proposal.published_at - DAY)
    comments.edit(comment, comment.author, seen=1, body="Parole molto cattive")
    decision = decide(comment, moderator)
    author = browser(comment.author)
    assert f"/decisioni/{decision.id}" in author.get(proposal.thread.path).get_data(as_text=True)
    assert f"/decisioni/{decision.id}" not in browser(make.person()).get(proposal.thread.path).get_data(as_text=True)
    assert author.submit(f"/commenti/{comment.id}/modifica", {"body": "Parole buone"}).status_code == 303
    assert comment.state is State.PENDING
    services.decide(comment, moderator, act=Act.APPROVE, seen=services.mark(comment))
    assert db.session.scalars(sa.select(Revision.public)).all() == [False, False]


def test_what_waits_and_is_changed_twice_shows_nothing_that_nobody_has_read(make, moderator):
    comment = make.comment(make.proposal().thread, body="Prima")
    comment.published_at -= DAY
    decide(comment, moderator)
    comments.edit(comment, comment.author, seen=1, body="Seconda")
    comments.edit(comment, comment.author, seen=2, body="Terza")
    assert db.session.scalars(sa.select(Revision.public)).all() == [False, False]


def test_only_the_author_brings_a_hidden_text_back_to_the_moderators(make, moderator):
    proposal = make.proposal()
    decide(proposal, moderator)
    contributions.have_read_again(proposal, moderator)
    assert proposal.state is State.HIDDEN
