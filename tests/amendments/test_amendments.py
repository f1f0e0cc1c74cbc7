"""Amendments: proposed on a copy, shown as a difference, supported, discussed, and answered by the authors."""

import random
import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.amendments import mails, services
from consult.amendments.models import Amendment, Answer
from consult.coauthors import services as coauthors
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core.db import StaleVersionError, db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.privacy import erasure
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.versions import queries as versions
from consult.voting import services as voting
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once

BODY = "Chiediamo una panchina all'ombra.\n\nLa mettiamo davanti alla scuola.\n\nServe a chi aspetta i bambini."
BETTER = BODY.replace("una panchina", "due panchine")
ELSEWHERE = BODY.replace("davanti alla scuola", "nel parco Verdi")
CLASHING = BODY.replace("una panchina", "tre panchine")


@pytest.fixture
def proposal(make):
    return make.proposal(call=make.call(takes_amendments=True), body=BODY)


def rewrite(proposal, body):
    wording = proposals.worded(proposal)
    proposals.edit(proposal, proposal.author, proposals.Wording(**{**wording.__dict__, "body": body}),
                   seen=proposal.version, reason="Più chiaro.")


def mailed():
    return sorted(db.session.scalars(sa.select(OutboxMessage.recipient)))


def test_somebody_proposes_an_amendment_and_everybody_sees_the_difference(browser, make, proposal):
    amender = make.person()
    page = browser(amender)
    form = {"body": BETTER, "reason": "Una sola non basta per tutti."}
    shown = page.submit(f"/proposte/{proposal.id}/emenda", form, button=("act", "preview"))
    assert re.search(r"<del>.*una panchina.*</del><ins>.*due panchine.*</ins>", shown.get_data(as_text=True))
    assert db.session.scalars(sa.select(Amendment)).all() == []
    answer = page.submit(f"/proposte/{proposal.id}/emenda", form, button=("act", "submit"))
    amendment = db.session.scalars(sa.select(Amendment)).one()
    assert answer.location == f"/emendamenti/{amendment.id}"
    assert (amendment.code[-7:], amendment.base_version) == ("-E-0001", 1)
    seen = browser().get(answer.location)
    assert re.search(r"<del>.*una panchina.*</del><ins>.*due panchine.*</ins>", seen.get_data(as_text=True))
    assert "Una sola non basta per tutti." in text_of(seen)
    assert amendment.code in text_of(browser().get(proposal.thread.path))
    assert amendment.code in text_of(browser().get(f"/proposte/{proposal.id}/emendamenti"))
    assert mailed() == [proposal.author.email]
    assert recount.drift() == []


def test_one_paragraph_alone_is_changed_or_deleted(browser, make, proposal):
    page = browser(make.person())
    path = f"/proposte/{proposal.id}/emenda"
    form = page.form(f"{path}?paragrafo=1", path)
    assert form["fields"]["body"] == "La mettiamo davanti alla scuola."
    reason = {"reason": "Così si sta più freschi.", "act": "submit"}
    page.post(path, {**form["fields"], **reason, "body": "La mettiamo nel parco Verdi."})
    page.post(path, {**page.form(f"{path}?paragrafo=1", path)["fields"], **reason, "body": ""})
    first, second = db.session.scalars(sa.select(Amendment).order_by(Amendment.id)).all()
    assert first.body == ELSEWHERE
    assert second.body == "Chiediamo una panchina all'ombra.\n\nServe a chi aspetta i bambini."


@pytest.mark.parametrize("fields", [
    {"body": BODY}, {"body": ""}, {"body": "x" * 6001}, {"reason": "no"}, {"title": ""}, {"title": "x" * 121}])
def test_what_is_no_amendment_is_told_what_to_do(browser, make, proposal, fields):
    sent = {"body": BETTER, "reason": "Una sola non basta per tutti.", **fields}
    answer = browser(make.person()).submit(f"/proposte/{proposal.id}/emenda", sent, button=("act", "submit"))
    assert answer.status_code == 200
    assert "error-summary" in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(Amendment)).all() == []


@pytest.mark.parametrize("fields", [
    {"base": "99999999"}, {"base": "²"}, {"base": "x"}, {"paragraph": "77"}, {"paragraph": "-1"},
    {"base": "0"}, {"organisation": "5"}])
def test_odd_values_break_nothing(browser, make, proposal, fields):
    sent = {"body": BETTER, "reason": "Una sola non basta per tutti.", **fields}
    answer = browser(make.person()).submit(f"/proposte/{proposal.id}/emenda", sent, button=("act", "submit"))
    assert answer.status_code in {200, 303}


@pytest.mark.parametrize(("who", "on", "taken", "granted"), [
    ("person", "open", True, True), ("person", "open", False, False), ("author", "open", True, False),
    ("person", "closed", True, False)])
def test_who_proposes_amendments(make, who, on, taken, granted):
    proposal = make.proposal(call=make.call(on, takes_amendments=taken))
    people = {"person": make.person(), "author": proposal.author}
    assert bool(can(people[who], "amendment.propose", proposal)) is granted


def test_an_accepted_amendment_is_a_new_version_that_names_who_proposed_it(browser, make, proposal):
    amendment, supporter = make.amendment(proposal, BETTER), make.person()
    voting.support(amendment, supporter)
    page = browser(proposal.author)
    assert "due panchine" in text_of(page.get(f"/emendamenti/{amendment.id}/accetta"))
    page.submit(f"/emendamenti/{amendment.id}/accetta", {"reason": "È giusto: due servono."})
    assert (proposal.body, proposal.version, amendment.answer, amendment.applied_version) == (
        BETTER, 2, Answer.ACCEPTED, 2)
    listed = text_of(browser().get(f"/proposte/{proposal.id}/versioni"))
    assert f"emendamento {amendment.code} di {amendment.byline}" in listed
    assert "È giusto: due servono." in text_of(browser().get(f"/emendamenti/{amendment.id}"))
    mails.tell_of_the_answer(amendment.id)
    mails.tell_of_the_answer(amendment.id)
    assert mailed() == sorted([amendment.author.email, supporter.email])
    assert not can(proposal.author, "amendment.accept", amendment)
    assert recount.drift() == []


def test_a_declined_amendment_stays_with_its_reason(browser, make, proposal):
    amendment = make.amendment(proposal, BETTER)
    page = browser(proposal.author)
    assert page.submit(f"/emendamenti/{amendment.id}/respingi", {"reason": "no"}).status_code == 200
    page.submit(f"/emendamenti/{amendment.id}/respingi", {"reason": "Una panchina è quello che si può."})
    assert (amendment.answer, proposal.body) == (Answer.DECLINED, BODY)
    assert "Una panchina è quello che si può." in text_of(browser().get(f"/emendamenti/{amendment.id}"))
    assert not can(make.person(), "amendment.support", amendment)


@pytest.mark.parametrize("act", ["accetta", "respingi"])
def test_nobody_but_the_authors_answers(browser, make, proposal, act):
    amendment = make.amendment(proposal, BETTER)
    for person in (amendment.author, make.person(), make.person(Role.PLAN_OFFICE)):
        assert browser(person).get(f"/emendamenti/{amendment.id}/{act}").status_code == 403


def test_a_text_that_moved_in_other_words_takes_both_changes(browser, make, proposal):
    amendment = make.amendment(proposal, BETTER)
    rewrite(proposal, ELSEWHERE)
    browser(proposal.author).submit(f"/emendamenti/{amendment.id}/accetta", {"reason": "Stanno bene insieme."})
    assert proposal.body == ELSEWHERE.replace("una panchina", "due panchine")


def test_a_text_that_moved_in_the_same_words_is_brought_together_by_hand(browser, make, proposal):
    amendment = make.amendment(proposal, BETTER)
    rewrite(proposal, CLASHING)
    with pytest.raises(services.OverlapError):
        services.accept(amendment, proposal.author, reason="Insieme non stanno.")
    page = browser(proposal.author)
    shown = text_of(page.get(f"/emendamenti/{amendment.id}/accetta"))
    assert "cambiato nelle stesse parole" in shown
    assert "due panchine" in shown
    assert "tre panchine" in shown
    by_hand = CLASHING.replace("tre panchine", "due o tre panchine")
    page.submit(f"/emendamenti/{amendment.id}/accetta", {"reason": "Ecco come.", "body": by_hand})
    assert (proposal.body, amendment.answer) == (by_hand, Answer.ACCEPTED)


def test_a_stale_text_by_hand_is_answered_with_both(browser, make, proposal):
    amendment = make.amendment(proposal, BETTER)
    rewrite(proposal, CLASHING)
    page = browser(proposal.author)
    form = page.form(f"/emendamenti/{amendment.id}/accetta")
    rewrite(proposal, CLASHING + "\n\nPresto.")
    answer = page.post(form["action"], {**form["fields"], "reason": "Ecco come.", "body": BETTER + " A mano."})
    assert answer.status_code == 409
    assert "A mano." in text_of(answer)
    assert amendment.answer is None


def test_an_amendment_on_an_earlier_version_is_shown_against_that_one(browser, make, proposal):
    page = browser(make.person())
    form = page.form(f"/proposte/{proposal.id}/emenda")
    rewrite(proposal, ELSEWHERE)
    answer = page.post(form["action"], {**form["fields"], "body": BETTER, "reason": "Una non basta.", "act": "submit"})
    amendment = db.session.scalars(sa.select(Amendment)).one()
    assert amendment.base_version == 1
    shown = browser().get(answer.location)
    assert "versione 1, su cui è stato scritto" in text_of(shown)
    assert "parco Verdi" not in text_of(shown)


def test_of_two_authors_who_answer_at_once_one_wins(app, make, proposal):
    other = make.person()
    invitation = coauthors.invite(proposal, other.email, inviter=proposal.author, language="it")
    coauthors.accept(invitation, proposal, other)
    amendment = make.amendment(proposal, BETTER)
    id, people = amendment.id, [proposal.author_id, other.id]
    db.session.commit()

    def act(who):
        try:
            services.accept(db.session.get(Amendment, id), db.session.get(Person, who), reason="Va bene così.")
        except services.AnsweredError:
            return "late"
        return "first"

    assert sorted(at_once(app, act, people)) == ["first", "late"]
    db.session.expire_all()
    assert proposal.version == 2
    assert len(versions.of(proposal)) == 2


def test_amendments_accepted_at_once_are_both_in_the_text(app, make, proposal):
    ids = [make.amendment(proposal, BETTER).id, make.amendment(proposal, ELSEWHERE).id]
    author = proposal.author_id
    db.session.commit()
    at_once(app, lambda one: services.accept(db.session.get(Amendment, one), db.session.get(Person, author),
                                             reason="Va bene così."), ids)
    db.session.expire_all()
    assert proposal.body == ELSEWHERE.replace("una panchina", "due panchine")
    assert [one.number for one in versions.of(proposal)] == [1, 2, 3]


def test_no_amendment_is_accepted_after_the_outcome_nor_after_the_call(make, proposal):
    amendment = make.amendment(proposal, BETTER)
    make.outcome(proposal)
    assert not can(proposal.author, "amendment.accept", amendment)
    assert can(proposal.author, "amendment.decline", amendment)
    assert not can(make.person(), "amendment.propose", proposal)
    with pytest.raises(StaleVersionError):
        services.accept(amendment, proposal.author, reason="Troppo tardi.")


def test_moderation_before_holds_for_amendments_and_for_what_they_make(make):
    proposal = make.proposal(call=make.call(takes_amendments=True, moderation=ModerationMode.BEFORE), body=BODY)
    amendment = services.propose(proposal, make.person(), (proposal.title, BETTER), base=1, reason="Una non basta.")
    assert amendment.state is State.PENDING
    assert mailed() == []
    contributions.change_state(amendment, State.PUBLISHED, None)
    assert mailed() == [proposal.author.email]
    services.accept(amendment, proposal.author, reason="Va bene così.")
    assert proposal.state is State.PENDING
    assert recount.drift() == []


def test_nobody_reads_an_amendment_to_what_is_hidden(browser, make, proposal):
    amendment = make.amendment(proposal, BETTER)
    contributions.change_state(proposal, State.HIDDEN, None)
    assert browser().get(f"/emendamenti/{amendment.id}").status_code == 404
    assert browser().get(f"/proposte/{proposal.id}/emendamenti").status_code == 404
    comments = f"/discussioni/{amendment.thread_id}/commenti"
    assert browser(make.person()).post(comments, {"body": "Ciao."}).status_code in {403, 404}


def test_a_moderator_sees_what_is_changed(browser, make, proposal):
    amendment = make.amendment(proposal, BETTER, state=State.PENDING)
    page = browser(make.person(Role.MODERATOR)).get(f"/moderazione/{amendment.id}")
    assert page.status_code == 200
    assert "due panchine" in text_of(page)


def test_an_amendment_is_supported_commented_flagged_and_withdrawn(browser, make, proposal):
    amendment, person = make.amendment(proposal, BETTER), make.person()
    path = f"/emendamenti/{amendment.id}"
    page = browser(person)
    page.submit(path, action=f"{path}/sostegno")
    assert amendment.support_count == 1
    page.submit(path, action=f"{path}/sostegno/ritira")
    page.submit(path, {"body": "D'accordo con le due panchine."}, action=f"/discussioni/{amendment.thread_id}/commenti")
    assert (amendment.support_count, amendment.comment_count) == (0, 1)
    assert browser(amendment.author).post(f"{path}/sostegno").status_code == 403
    browser(amendment.author).submit(path, action=f"{path}/ritira")
    assert amendment.state is State.WITHDRAWN
    assert browser().get(path).status_code == 404
    assert recount.drift() == []


def test_whoever_leaves_leaves_amendments_without_a_name_or_takes_them_along(make, proposal):
    stays, goes = make.amendment(proposal, BETTER), make.amendment(proposal, ELSEWHERE)
    erasure.erase(stays.author, withdraw=False, actor=None)
    erasure.erase(goes.author, withdraw=True, actor=None)
    db.session.expire_all()
    assert stays.body == BETTER
    assert "non più iscritta" in stays.byline
    assert (goes.body, goes.reason, goes.state) == ("", "", State.WITHDRAWN)
    assert recount.drift() == []


@pytest.mark.parametrize("seed", range(6))
def test_accepted_amendments_make_the_text_and_versions_have_no_gaps(make, proposal, seed):
    dice = random.Random(seed)  # noqa: S311 - a story told again
    words = BODY.split(" ")
    expected = [BODY]
    for _ in range(14):
        waiting = db.session.scalars(sa.select(Amendment).where(Amendment.answer.is_(None))).all()
        act = dice.choice(["propose", "propose", "accept", "accept", "decline", "edit"])
        place = dice.randrange(len(words))
        if act == "propose":
            now = proposal.body.split(" ")
            now[place % len(now)] += f" ({dice.randint(1, 99)})"
            make.amendment(proposal, " ".join(now))
        elif act == "edit":
            rewrite(proposal, f"{proposal.body} Ancora {dice.randint(1, 10**6)}.")
            expected.append(proposal.body)
        elif waiting and act == "accept":
            amendment = dice.choice(waiting)
            made = services.rebased(amendment)
            if made is None:
                with pytest.raises(services.OverlapError):
                    services.accept(amendment, proposal.author, reason="Proviamo.")
                continue
            services.accept(amendment, proposal.author, reason="Va bene così.")
            assert proposal.body == made[1]
            if made[1] != expected[-1]:
                expected.append(made[1])
        elif waiting:
            services.decline(dice.choice(waiting), proposal.author, reason="Meglio di no.")
    kept = versions.of(proposal)
    assert [one.body for one in kept] == expected
    assert [one.number for one in kept] == list(range(1, len(expected) + 1))
    assert recount.drift() == []


def test_the_list_of_amendments_asks_as_much_for_many_as_for_few(browser, make, proposal, queries):
    asked = []
    for round in range(2):
        for _ in range(1 + 6 * round):
            make.amendment(proposal, BETTER + f" {make.number()}")
        db.session.commit()
        with queries() as seen:
            browser().get(f"{proposal.thread.path}?giro={round}")
        asked.append(len(seen))
    assert asked[0] == asked[1]
