"""The versions of a proposal: read, compared, supported one by one."""

import random
import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, Revision, State
from consult.core.db import StaleVersionError, db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.privacy import erasure
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.results import services as results
from consult.results.models import Verdict
from consult.versions import mails, queries, services
from consult.voting import services as voting
from consult.voting.models import Support
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once

FIRST, SECOND = ("Chiediamo una panchina all'ombra davanti alla scuola, per chi aspetta.",
                 "Chiediamo due panchine all'ombra davanti alla scuola, per chi aspetta.")


def change(proposal, body=SECOND, *, editor=None, reason="Una non basta.", **values):
    wording = proposals.worded(proposal)
    proposals.edit(proposal, editor or proposal.author, proposals.Wording(
        **{**wording.__dict__, "body": body, **values}), seen=proposal.version, reason=reason)
    db.session.flush()


def mailed():
    return {message.recipient: message for message in db.session.scalars(sa.select(OutboxMessage))}



def test_each_version_has_a_page_and_says_who_changed_it_and_why(browser, make):
    proposal = make.proposal(body=FIRST)
    change(proposal)
    visitor = browser()
    listed = text_of(visitor.get(f"/proposte/{proposal.id}/versioni"))
    assert "Una non basta." in listed
    assert proposal.author.shown_name in listed
    assert "una panchina" in text_of(visitor.get(f"/proposte/{proposal.id}/versioni/1"))
    assert "due panchine" in text_of(visitor.get(f"/proposte/{proposal.id}/versioni/2"))
    assert visitor.get(f"/proposte/{proposal.id}/versioni/3").status_code == 404
    assert "versione 2 del testo" in text_of(visitor.get(proposal.thread.path))


def test_any_two_versions_are_compared_word_by_word(browser, make):
    proposal = make.proposal(body=FIRST)
    change(proposal)
    change(proposal, SECOND + "\n\n**Presto.**", title="Due panchine")
    page = browser().get(f"/proposte/{proposal.id}/versioni/confronta?da=1&a=3").get_data(as_text=True)
    assert re.search(r"<del>.*una panchina.*</del><ins>.*due panchine.*</ins>", page)
    assert "Aggiunto:" in page
    typed = browser().get(f"/proposte/{proposal.id}/versioni/confronta?da=2&a=3&vista=sorgente").get_data(as_text=True)
    assert "**Presto" in typed
    backwards = browser().get(f"/proposte/{proposal.id}/versioni/confronta?da=3&a=1").get_data(as_text=True)
    assert re.search(r"<del>.*due panchine.*</del><ins>.*una panchina.*</ins>", backwards)


@pytest.mark.parametrize("asked", ["da=0&a=99", "da=x&a=%E2%80%AE", "da=²&a=-1", "da=99999999999", "vista=altro",
                                   "da[]=1"])
def test_odd_questions_compare_the_last_two(browser, make, asked):
    proposal = make.proposal(body=FIRST)
    change(proposal)
    answer = browser().get(f"/proposte/{proposal.id}/versioni/confronta?{asked}")
    assert answer.status_code == 200
    assert "due panchine" in text_of(answer)


def test_what_changed_beside_the_text_is_told(browser, make):
    axis, other = make.axis(), make.axis()
    proposal = make.proposal(body=FIRST, axis=axis)
    change(proposal, FIRST, axis=other)
    page = text_of(browser().get(f"/proposte/{proposal.id}/versioni/confronta"))
    assert str(axis.title) in page
    assert str(other.title) in page


def test_nobody_reads_versions_of_what_is_not_public(browser, make):
    proposal = make.proposal(body=FIRST)
    change(proposal)
    contributions.change_state(proposal, State.HIDDEN, None)
    for path in ("", "/1", "/2", "/confronta"):
        assert browser().get(f"/proposte/{proposal.id}/versioni{path}").status_code == 404


def test_drafts_and_what_no_moderator_has_read_are_no_versions(make):
    call = make.call(moderation=ModerationMode.BEFORE)
    proposal = make.proposal(call=call, body=FIRST, version=4)
    change(proposal)
    assert proposal.state is State.PENDING
    change(proposal, "Mai letta da nessuno, e nemmeno pubblica: solo una prova di testo.")
    change(proposal, SECOND)
    contributions.change_state(proposal, State.PUBLISHED, None)
    versions = queries.of(proposal)
    assert [(one.number, one.body) for one in versions] == [(1, FIRST), (2, SECOND)]
    assert len(versions[1].changes) == 3


def test_supports_are_counted_by_the_text_they_were_given_to(browser, make):
    proposal = make.proposal(body=FIRST)
    earlier, later, stale = make.person(), make.person(), make.person()
    voting.support(proposal, earlier)
    change(proposal)
    voting.support(proposal, later, seen=2)
    voting.support(proposal, stale, seen=1)
    assert (proposal.support_count, proposal.current_support_count) == (3, 1)
    assert recount.drift() == []
    page = text_of(browser(earlier).get(proposal.thread.path))
    assert "1 sostegno è stato dato a questa versione del testo." in page
    assert "2 a versioni precedenti." in page
    assert "Hai sostenuto la versione 1" in page
    browser(earlier).submit(proposal.thread.path, action=f"/proposte/{proposal.id}/sostegno/conferma")
    assert (proposal.support_count, proposal.current_support_count) == (3, 2)
    voting.withdraw_support(proposal, earlier)
    voting.withdraw_support(proposal, stale)
    assert (proposal.support_count, proposal.current_support_count) == (1, 1)
    assert recount.drift() == []


def test_a_support_counts_for_the_text_on_the_page(browser, make):
    proposal = make.proposal(body=FIRST)
    page = browser(make.person())
    form = page.form(proposal.thread.path, f"/proposte/{proposal.id}/sostegno")
    change(proposal)
    page.post(form["action"], form["fields"])
    assert db.session.scalars(sa.select(Support.version)).one() == 1
    assert proposal.current_support_count == 0


def test_supporters_are_told_once_of_each_change(make):
    proposal = make.proposal(body=FIRST)
    supporter, other = make.person(), make.person()
    voting.support(proposal, supporter)
    change(proposal)
    voting.support(proposal, other)
    mails.tell_supporters(proposal.id, proposal.version)
    mails.tell_supporters(proposal.id, proposal.version)
    assert list(mailed()) == [supporter.email]
    assert f"/proposte/{proposal.id}/versioni/confronta?da=1&a=2" in mailed()[supporter.email].text
    assert "Una non basta." in mailed()[supporter.email].text


def test_where_moderators_read_first_supporters_are_told_once_they_have(make):
    proposal = make.proposal(call=make.call(moderation=ModerationMode.BEFORE), body=FIRST)
    supporter = make.person()
    voting.support(proposal, supporter)
    change(proposal)
    mails.tell_supporters(proposal.id, proposal.version)
    assert mailed() == {}
    contributions.change_state(proposal, State.PUBLISHED, None)
    mails.tell_supporters(proposal.id, proposal.version)
    assert list(mailed()) == [supporter.email]
    assert recount.drift() == []


def test_a_text_that_was_judged_no_longer_changes(make):
    proposal, office = make.proposal(body=FIRST), make.person(Role.STEERING)
    results.propose_outcome(proposal, office, verdict=Verdict.UNDER_REVIEW, reasons="La guardiamo con attenzione.",
                            on=proposal.created_at.date(), seen=0)
    assert can(proposal.author, "proposal.edit", proposal)
    results.propose_outcome(proposal, office, verdict=Verdict.ACCEPTED, reasons="La accogliamo con piacere.",
                            on=proposal.created_at.date(), seen=1)
    assert not can(proposal.author, "proposal.edit", proposal)
    with pytest.raises(StaleVersionError):
        change(proposal)


def test_of_an_outcome_and_an_edit_at_once_no_edit_comes_after(app, make):
    proposal, office = make.proposal(body=FIRST), make.person(Role.STEERING)
    id, office_id, today = proposal.id, office.id, proposal.created_at.date()
    db.session.commit()

    def act(which):
        thing = db.session.get(type(proposal), id)
        if which == "edit":
            try:
                change(thing)
            except StaleVersionError:
                return "refused"
            return "edited"
        results.propose_outcome(thing, db.session.get(type(office), office_id), verdict=Verdict.ACCEPTED,
                                reasons="La accogliamo con piacere.", on=today, seen=0)
        return "judged"

    done = at_once(app, act, ["edit", "judge"])
    db.session.expire_all()
    assert proposal.settled
    assert proposal.version == (2 if done[0] == "edited" else 1)
    with pytest.raises(StaleVersionError):
        change(proposal, "Un altro testo ancora, scritto dopo che qualcuno ha deciso.")


def test_of_two_who_edit_at_once_one_is_told_and_nothing_is_lost(browser, make):
    proposal = make.proposal(body=FIRST)
    page = browser(proposal.author)
    form = page.form(f"/proposte/{proposal.id}/modifica")
    assert page.post(form["action"], {**form["fields"], "body": SECOND, "reason": "Una."}).status_code == 303
    late = page.post(form["action"], {**form["fields"], "body": FIRST + " E un cestino.", "reason": "Due."})
    assert late.status_code == 409
    assert "E un cestino." in text_of(late)
    assert "due panchine" in text_of(late)
    assert [one.body for one in queries.of(proposal)] == [FIRST, SECOND]


def test_fifty_people_support_while_the_text_changes(app, make):
    proposal = make.proposal(body=FIRST)
    people = [make.person().id for _ in range(12)]
    id, person = proposal.id, type(proposal.author)
    db.session.commit()

    def act(who):
        thing = db.session.get(type(proposal), id)
        if who is None:
            change(thing)
        else:
            voting.support(thing, db.session.get(person, who))

    at_once(app, act, [*people, None])
    db.session.expire_all()
    assert proposal.support_count == 12
    assert recount.drift() == []


def test_a_moderator_hides_an_earlier_version(browser, make):
    proposal, moderator = make.proposal(body=FIRST), make.person(Role.MODERATOR)
    change(proposal)
    browser(moderator).submit(f"/proposte/{proposal.id}/versioni/1/nascondi", {"reason": "personal_data"})
    assert db.session.scalars(sa.select(Revision)).one().hidden_for is FlagReason.PERSONAL_DATA
    for path in ("", "/1", "/confronta?da=1&a=2"):
        answer = browser().get(f"/proposte/{proposal.id}/versioni{path}")
        assert answer.status_code == 200
        assert "una panchina" not in text_of(answer)
    assert "I moderatori hanno nascosto" in text_of(browser().get(f"/proposte/{proposal.id}/versioni"))
    assert browser(make.person()).get(f"/proposte/{proposal.id}/versioni/1/nascondi").status_code == 403
    assert browser(moderator).get(f"/proposte/{proposal.id}/versioni/2/nascondi").status_code == 404
    assert services.hide(proposal, queries.of(proposal)[0], moderator, reason=FlagReason.SPAM) is False


def test_whoever_leaves_takes_earlier_texts_along_and_no_number_changes(make):
    proposal, supporter = make.proposal(body=FIRST), make.person()
    voting.support(proposal, supporter)
    change(proposal)
    erasure.erase(proposal.author, withdraw=False, actor=None)
    db.session.expire_all()
    first, last = queries.of(proposal)
    assert (first.number, first.forgotten, last.number, last.body) == (1, True, 2, SECOND)
    erasure.erase(supporter, withdraw=False, actor=None)
    db.session.expire_all()
    assert proposal.support_count == 1
    assert recount.drift() == []


@pytest.mark.parametrize("seed", range(6))
def test_versions_have_no_gaps_and_counts_are_true_after_whatever_happens(make, seed):
    dice = random.Random(seed)  # noqa: S311 - a story told again
    proposal = make.proposal(body=FIRST)
    people, texts = [make.person() for _ in range(4)], [FIRST]
    for _ in range(30):
        person, seen = dice.choice(people), dice.randint(1, proposal.version)
        act = dice.choice(["edit", "support", "support", "confirm", "withdraw"])
        if act == "edit":
            text = f"Chiediamo {dice.randint(1, 9)} panchine all'ombra davanti alla scuola, presto."
            if text != proposal.body:
                texts.append(text)
            change(proposal, text)
        elif act == "support":
            voting.support(proposal, person, seen=seen)
        elif act == "confirm":
            voting.confirm_support(proposal, person, seen=seen)
        else:
            voting.withdraw_support(proposal, person)
        db.session.refresh(proposal)
    versions = queries.of(proposal)
    assert [one.number for one in versions] == list(range(1, len(texts) + 1))
    assert [one.body for one in versions] == texts
    assert recount.drift() == []


def test_the_page_of_versions_asks_as_much_for_many_as_for_few(browser, make, queries):
    proposal = make.proposal(body=FIRST)
    asked = []
    for round in range(2):
        for number in range(1 + 4 * round):
            change(proposal, f"Chiediamo {round}{number} panchine all'ombra davanti alla scuola, presto.")
        db.session.commit()
        with queries() as seen:
            browser().get(f"/proposte/{proposal.id}/versioni?giro={round}")
        asked.append(len(seen))
    assert asked[0] == asked[1]
