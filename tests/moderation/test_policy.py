"""Who moderates what, and never in a case of their own."""

import pytest

from consult.accounts.models import Role
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core.policy import can
from consult.moderation import contributed
from consult.processes.models import Process

MODERATORS = (Role.MODERATOR, Role.PLATFORM_ADMIN)


@pytest.mark.parametrize("action", ["moderation.queue", "moderation.read", "moderation.decide"])
@pytest.mark.parametrize("role", [None, *Role])
def test_only_moderators_moderate(make, action, role):
    person = make.person(role) if role else make.person()
    assert bool(can(person, action, contributed.of(make.proposal(state=State.PENDING)))) is (role in MODERATORS)


@pytest.mark.parametrize("path", ["/moderazione", "/moderazione/registro"])
def test_a_visitor_is_asked_to_sign_in(browser, make, path):
    make.process()
    response = browser().get(path)
    assert response.status_code == 303
    assert response.location.startswith("/accedi?next=/moderazione")


@pytest.mark.parametrize("role", [None, *Role])
def test_the_pages_of_moderation(browser, make, role):
    person = make.person(role) if role else make.person()
    proposal = make.proposal(state=State.PENDING)
    seen = [browser(person).get(path).status_code
            for path in ("/moderazione", "/moderazione/registro", f"/moderazione/{proposal.id}")]
    assert seen == ([200, 200, 200] if role in MODERATORS else [403, 403, 404])


def test_a_draft_is_nobodys_business(browser, make):
    draft = make.proposal(state=State.DRAFT)
    assert browser(make.person(Role.MODERATOR)).get(f"/moderazione/{draft.id}").status_code == 404


@pytest.mark.parametrize("id", ["999999", "2147483648", "99999999999999999999", "x"])
def test_what_does_not_exist_is_unknown(browser, make, id):
    make.process()
    moderator = browser(make.person(Role.MODERATOR))
    assert moderator.get(f"/moderazione/{id}").status_code == 404
    assert moderator.post(f"/moderazione/{id}", {"decision": "approve", "version": "1"}).status_code == 404


def test_nobody_decides_on_their_own_text(browser, make):
    moderator = make.person(Role.MODERATOR)
    proposal = make.proposal(author=moderator, state=State.PENDING)
    response = browser(moderator).post(f"/moderazione/{proposal.id}", {"decision": "approve", "version": "1"})
    assert response.status_code == 403
    assert "Nessuno decide su ciò che ha scritto" in response.get_data(as_text=True)
    assert proposal.state is State.PENDING


def test_nobody_decides_on_the_text_of_their_organisation(make):
    moderator = make.person(Role.MODERATOR)
    proposal = make.proposal(organisation=make.organisation(moderator), state=State.PENDING)
    verdict = can(moderator, "moderation.decide", contributed.of(proposal))
    assert not verdict
    assert "organisation" in repr(verdict.reason) or "organizzazione" in str(verdict.reason)


def test_nobody_decides_on_what_they_reported(make):
    moderator, proposal = make.person(Role.MODERATOR), make.proposal()
    assert can(moderator, "moderation.decide", contributed.of(proposal))
    contributions.flag(proposal, moderator, reason=FlagReason.SPAM, note="")
    assert not can(moderator, "moderation.decide", contributed.of(proposal))
    assert can(make.person(Role.MODERATOR), "moderation.decide", contributed.of(proposal))


def test_a_conflict_is_said_on_the_page(browser, make):
    moderator = make.person(Role.MODERATOR)
    proposal = make.proposal(author=moderator, state=State.PENDING)
    page = browser(moderator).get(f"/moderazione/{proposal.id}").get_data(as_text=True)
    assert "un altro moderatore" in page
    assert 'name="decision"' not in page


def test_a_moderator_of_one_percorso_moderates_nothing_else(browser, make):
    other = Process(authority=make.authority(), slug="altro", code="ALT", title={"it": "Altro"}, summary={}, vision={})
    make._add(other)
    proposal = make.proposal(state=State.PENDING, title="Solo per chi modera qui")
    here = browser(make.person(Role.MODERATOR, process=make.process()))
    there = browser(make.person(Role.MODERATOR, process=other))
    assert "Solo per chi modera qui" in here.get("/moderazione").get_data(as_text=True)
    assert "Solo per chi modera qui" not in there.get("/moderazione").get_data(as_text=True)
    assert here.get(f"/moderazione/{proposal.id}").status_code == 200
    assert there.get(f"/moderazione/{proposal.id}").status_code == 404
    response = there.post(f"/moderazione/{proposal.id}", {"decision": "approve", "version": "1"})
    assert response.status_code == 404
    assert proposal.state is State.PENDING
