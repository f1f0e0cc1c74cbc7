"""Writing a proposal together: invited, named, free to leave; the last one stays."""

import random
import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.coauthors import queries, services
from consult.contributions.models import State
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.invitations.models import Invitation
from consult.invitations.services import InvitationError
from consult.privacy import erasure
from consult.proposals import services as proposals
from consult.proposals.models import CoAuthor, Proposal
from consult.voting import services as voting
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once


def join(proposal, person):
    invitation = services.invite(proposal, person.email, inviter=proposal.author, language="it")
    assert services.accept(invitation, proposal, person)


def link_to(email):
    text = db.session.scalars(sa.select(OutboxMessage.text).where(OutboxMessage.recipient == email)).one()
    return re.search(r"/inviti/autori/\S+", text)[0]


def test_whoever_is_invited_accepts_is_named_and_may_edit(browser, make):
    proposal, guest = make.proposal(), make.person(display_name="Bruno Neri")
    page = browser(proposal.author)
    page.submit(f"/proposte/{proposal.id}/autori", {"email": guest.email})
    assert guest.email in text_of(page.get(f"/proposte/{proposal.id}/autori"))
    path = link_to(guest.email)
    answer = browser(guest).submit(path)
    assert answer.status_code == 303
    assert "Insieme a Bruno Neri" in text_of(browser().get(proposal.thread.path))
    done = browser(guest).submit(f"/proposte/{proposal.id}/modifica", {"title": "A più mani", "reason": "Più breve."})
    assert done.status_code == 303
    assert proposal.title == "A più mani"
    assert browser(guest).get(path).status_code == 410
    assert recount.drift() == []


def test_an_invitation_is_good_for_its_address_alone(browser, make):
    proposal, guest, other = make.proposal(), make.person(), make.person()
    services.invite(proposal, guest.email, inviter=proposal.author, language="it")
    path = link_to(guest.email)
    assert browser(other).post(path).status_code == 403
    assert db.session.scalars(sa.select(CoAuthor)).all() == []


def test_a_draft_is_read_by_its_authors_and_by_nobody_else(browser, make):
    proposal, guest = make.proposal(state=State.DRAFT), make.person()
    join(proposal, guest)
    assert browser(guest).get(proposal.thread.path).status_code == 200
    assert browser(make.person()).get(proposal.thread.path).status_code == 404


def test_whoever_becomes_an_author_no_longer_supports(make):
    proposal, guest = make.proposal(), make.person()
    voting.support(proposal, guest)
    join(proposal, guest)
    assert proposal.support_count == 0
    assert not can(guest, "support.give", proposal)
    assert recount.drift() == []


def test_only_the_first_author_withdraws(make):
    proposal, guest = make.proposal(), make.person()
    join(proposal, guest)
    assert can(guest, "proposal.edit", proposal)
    assert not can(guest, "proposal.withdraw", proposal)
    assert can(proposal.author, "proposal.withdraw", proposal)


def test_the_first_author_leaves_and_the_next_is_the_first(browser, make):
    proposal, guest = make.proposal(), make.person()
    first = proposal.author
    join(proposal, guest)
    browser(first).submit(proposal.thread.path, action=f"/proposte/{proposal.id}/autori/lascia")
    assert (proposal.author_id, proposal.coauthor_count) == (guest.id, 0)
    assert not can(first, "proposal.edit", proposal)
    assert not can(guest, "coauthor.leave", proposal)
    assert browser(guest).post(f"/proposte/{proposal.id}/autori/lascia").status_code == 403
    assert recount.drift() == []


def test_whoever_signed_for_an_organisation_does_not_leave_it_to_others(make):
    author, guest = make.person(), make.person()
    organisation = make.organisation(author)
    proposal = make.proposal(author=author, organisation=organisation)
    join(proposal, guest)
    assert not can(author, "coauthor.leave", proposal)
    wording = proposals.worded(proposal)
    proposals.edit(proposal, guest, proposals.Wording(**{**wording.__dict__, "title": "Altro"}), seen=1, reason="Sì.")
    assert proposal.organisation == organisation


def test_of_two_who_leave_at_once_one_stays(app, make):
    proposal, guest = make.proposal(), make.person()
    join(proposal, guest)
    id, people = proposal.id, [proposal.author_id, guest.id]
    db.session.commit()

    def act(who):
        try:
            person = db.session.get(Person, who)
            services.leave(db.session.get(Proposal, id), person, actor=person)
        except services.LastAuthorError:
            return "stays"
        return "left"

    assert sorted(at_once(app, act, people)) == ["left", "stays"]
    db.session.expire_all()
    assert recount.drift() == []


def test_one_invitation_is_taken_up_once(app, make):
    proposal, guest = make.proposal(), make.person()
    invitation = services.invite(proposal, guest.email, inviter=proposal.author, language="it")
    id, invited, who = proposal.id, invitation.id, guest.id
    db.session.commit()

    def act(_number):
        return services.accept(db.session.get(Invitation, invited), db.session.get(Proposal, id),
                               db.session.get(Person, who))

    assert sorted(at_once(app, act, [1, 2, 3])) == [False, False, True]
    db.session.expire_all()
    assert proposal.coauthor_count == 1


def test_nobody_invites_themselves_nor_a_crowd(make):
    proposal = make.proposal()
    with pytest.raises(InvitationError):
        services.invite(proposal, proposal.author.email, inviter=proposal.author, language="it")
    for _ in range(services.MOST - 1):
        services.invite(proposal, make.person().email, inviter=proposal.author, language="it")
    with pytest.raises(InvitationError):
        services.invite(proposal, make.person().email, inviter=proposal.author, language="it")


def test_an_invitation_is_withdrawn_by_authors_alone(browser, make):
    proposal, guest = make.proposal(), make.person()
    invitation = services.invite(proposal, guest.email, inviter=proposal.author, language="it")
    path = f"/proposte/autori/inviti/{invitation.id}/ritira"
    assert browser(guest).post(path).status_code == 403
    assert browser(proposal.author).post(path).status_code == 303
    assert browser(guest).get(link_to(guest.email)).status_code == 410
    other = Invitation(token_hash="x" * 64, email="a@example.org", inviter_id=guest.id, subject="altro:1",
                       expires_at=invitation.expires_at)
    db.session.add(other)
    assert browser(guest).post(f"/proposte/autori/inviti/{other.id}/ritira").status_code == 403


def test_whoever_deletes_the_account_leaves_the_authors_and_the_text_stays_with_the_others(make):
    draft, public, guest = make.proposal(state=State.DRAFT), make.proposal(), make.person()
    for proposal in (draft, public):
        join(proposal, guest)
    erasure.erase(draft.author, withdraw=True, actor=None)
    db.session.expire_all()
    assert (draft.author_id, draft.state) == (guest.id, State.DRAFT)
    erasure.erase(guest, withdraw=False, actor=None)
    db.session.expire_all()
    assert public.coauthor_count == 0
    assert db.session.scalars(sa.select(CoAuthor)).all() == []
    assert recount.drift() == []


@pytest.mark.parametrize("seed", range(4))
def test_there_is_always_an_author_and_every_count_is_true(make, seed):
    dice = random.Random(seed)  # noqa: S311 - a story told again
    proposal, people = make.proposal(), [make.person() for _ in range(5)]
    people.append(proposal.author)
    for _ in range(30):
        person, act = dice.choice(people), dice.choice(["join", "leave", "support"])
        if act == "join":
            if can(proposal.author, "coauthor.invite", proposal) and not proposal.written_by(person):
                join(proposal, person)
        elif act == "leave" and can(person, "coauthor.leave", proposal):
            services.leave(proposal, person, actor=person)
        elif act == "support" and can(person, "support.give", proposal):
            voting.support(proposal, person)
        writers = queries.authors(proposal)
        assert len({one.id for one in writers}) == len(writers) >= 1
        assert not any(voting.queries.supports(proposal, one) for one in writers)
    assert recount.drift() == []
