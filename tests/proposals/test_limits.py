"""How many proposals each may send in, and how many each may support: whatever is done, and by however many at once."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts.models import Mandate, Organisation, Person
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core.db import db
from consult.core.policy import can
from consult.proposals import limits, services
from consult.proposals.limits import LimitError
from consult.proposals.models import Proposal, ProposalCall
from consult.proposals.services import Wording
from consult.voting import queries as voting
from consult.voting import services as supports
from consult.voting.services import RefusedError
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once

TITLE = "Più corse la sera"
BODY = "Chiediamo due corse in più dopo le venti, perché chi lavora in città possa tornare."


def wording(organisation=None, title=TITLE):
    return Wording(title=title, body=BODY, organisation=organisation)


def send(page, call, **fields):
    typed = {"title": TITLE, "body": BODY, **fields}
    return page.submit(f"/raccolte/{call.id}/proponi", typed, button=("act", "submit"))


def test_what_is_left_is_said_before_writing(browser, make):
    call = make.call(most_per_person=2)
    page = browser(make.person())
    for path in (f"/raccolte/{call.id}", f"/raccolte/{call.id}/proponi"):
        assert "Puoi inviare ancora 2 proposte (al massimo 2 per persona)." in text_of(page.get(path))
    send(page, call)
    assert "Puoi inviare ancora 1 proposta" in text_of(page.get(f"/raccolte/{call.id}/proponi"))


def test_one_too_many_is_refused_with_what_can_be_done(browser, make):
    author, call = make.person(), make.call(most_per_person=1)
    page = browser(author)
    first = send(page, call)
    refused = page.post(f"/raccolte/{call.id}/proponi", {"title": TITLE, "body": BODY})
    assert refused.status_code == 403
    assert "Se la ritiri, puoi inviarne un’altra." in text_of(refused)
    page.submit(first.location, action=f"/proposte/{first.location.split('/')[2].split('-')[0]}/ritira")
    assert send(page, call).status_code == 303


def test_a_draft_that_comes_too_late_is_kept_with_all_that_was_typed(browser, make):
    author, call = make.person(), make.call(most_per_person=1)
    draft = make.proposal(call=call, author=author, state=State.DRAFT)
    make.proposal(call=call, author=author)
    page = browser(author)
    response = page.submit(f"/proposte/{draft.id}/modifica", {"title": TITLE, "body": BODY}, button=("act", "submit"))
    assert response.status_code == 200
    assert "ogni persona può inviarne 1" in text_of(response)
    assert BODY in response.get_data(as_text=True)
    assert draft.state is State.DRAFT
    assert page.submit(f"/proposte/{draft.id}/modifica", {"title": TITLE}, button=("act", "draft")).status_code == 303


def test_an_organisation_is_counted_whoever_speaks_for_it_and_apart_from_its_people(make):
    one, call = make.person(), make.call(most_per_person=1, most_per_organisation=1)
    organisation, other = make.organisation(one), make.person()
    db.session.add(Mandate(person=other, organisation=organisation))
    services.submit(call, one, wording(organisation))
    with pytest.raises(LimitError) as refused:
        services.submit(call, other, wording(organisation))
    assert organisation.name in str(refused.value.sentence)
    services.submit(call, other, wording())
    assert not can(other, "proposal.submit", call)
    assert can(one, "proposal.submit", call)


def test_a_text_cannot_be_moved_to_a_name_that_has_no_room(make):
    one, call = make.person(), make.call(most_per_organisation=1)
    organisation = make.organisation(one)
    services.submit(call, one, wording(organisation))
    own = services.submit(call, one, wording())
    with pytest.raises(LimitError):
        services.edit(own, one, wording(organisation), seen=own.version)
    assert own.organisation is None


def test_of_many_sent_at_once_only_as_many_as_are_allowed_come_in(app, make):
    author, call = make.person(), make.call(most_per_person=3)
    call_id, author_id = call.id, author.id
    db.session.commit()

    def one(number):
        try:
            services.submit(db.session.get(ProposalCall, call_id), db.session.get(Person, author_id),
                            wording(title=f"Proposta {number}"))
        except LimitError:
            db.session.rollback()
            return False
        return True

    assert sum(at_once(app, one, list(range(8)))) == 3
    assert limits.of_person(call, author).left == 0
    assert recount.drift() == []


def test_of_many_sent_at_once_for_an_organisation_likewise(app, make):
    people, call = [make.person() for _ in range(6)], make.call(most_per_organisation=2)
    organisation = make.organisation()
    for person in people:
        db.session.add(Mandate(person=person, organisation=organisation))
    call_id, organisation_id, ids = call.id, organisation.id, [person.id for person in people]
    db.session.commit()

    def one(person_id):
        try:
            services.submit(db.session.get(ProposalCall, call_id), db.session.get(Person, person_id),
                            wording(db.session.get(Organisation, organisation_id)))
        except LimitError:
            db.session.rollback()
            return False
        return True

    assert sum(at_once(app, one, ids)) == 2


def test_supports_are_limited_and_one_taken_back_is_free_again(browser, make):
    call, person = make.call(supports_each=2), make.person()
    one, two, three = (make.proposal(call=call) for _ in range(3))
    page = browser(person)
    assert "Ti restano 2 sostegni su 2 in questa raccolta." in text_of(page.get(one.thread.path))
    for proposal in (one, two):
        assert page.submit(proposal.thread.path, action=f"/proposte/{proposal.id}/sostegno").status_code == 303
    said = text_of(page.get(two.thread.path))
    assert "Ti restano 0 sostegni su 2" in said
    assert "Se ritiri questo sostegno, torna disponibile." in said
    refused = page.post(f"/proposte/{three.id}/sostegno")
    assert refused.status_code == 403
    assert "Ritira un sostegno per darlo qui." in text_of(refused)
    page.submit(one.thread.path, action=f"/proposte/{one.id}/sostegno/ritira")
    assert page.submit(three.thread.path, action=f"/proposte/{three.id}/sostegno").status_code == 303
    assert [p.support_count for p in (one, two, three)] == [0, 1, 1]
    assert recount.drift() == []


def test_a_visitor_reads_how_many_each_can_support(browser, make):
    proposal = make.proposal(call=make.call(supports_each=3))
    assert "ogni persona può sostenere 3 proposte" in text_of(browser().get(proposal.thread.path))


def test_the_same_support_again_is_no_other(make):
    call, person = make.call(supports_each=1), make.person()
    proposal = make.proposal(call=call)
    assert supports.support(proposal, person)
    assert not supports.support(proposal, person)


def test_what_was_withdrawn_gives_its_support_back_and_what_is_hidden_does_not(make):
    call, person = make.call(supports_each=1), make.person()
    one, two, three = (make.proposal(call=call) for _ in range(3))
    supports.support(one, person)
    contributions.change_state(one, State.HIDDEN, None)
    with pytest.raises(RefusedError):
        supports.support(two, person)
    contributions.change_state(one, State.PUBLISHED, None)
    services.withdraw(one, one.author)
    assert supports.support(two, person)
    with pytest.raises(RefusedError):
        supports.support(three, person)


def test_of_many_supports_at_once_only_as_many_as_are_allowed_are_counted(app, make):
    call, person = make.call(supports_each=3), make.person()
    proposals = [make.proposal(call=call) for _ in range(8)]
    person_id, ids = person.id, [proposal.id for proposal in proposals]
    db.session.commit()

    def one(id):
        try:
            return supports.support(db.session.get(Proposal, id), db.session.get(Person, person_id))
        except RefusedError:
            db.session.rollback()
            return False

    assert sum(at_once(app, one, ids)) == 3
    db.session.expire_all()
    assert sum(proposal.support_count for proposal in proposals) == 3
    assert recount.drift() == []


ACTS = st.lists(st.tuples(st.sampled_from(
    ["submit", "draft", "send", "withdraw", "hide", "show", "support", "take back", "rename"]),
    st.integers(0, 2), st.integers(0, 9), st.booleans()), max_size=25)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_limits_and_counters_hold_after_any_acts(make, acts):
    call = make.call(most_per_person=2, most_per_organisation=1, supports_each=2)
    people = [make.person() for _ in range(3)]
    organisation = make.organisation(people[0])
    db.session.add(Mandate(person=people[1], organisation=organisation))
    written = [make.proposal(call=call, author=make.person())]
    for act, who, which, for_all in acts:
        person, proposal = people[who], written[which % len(written)]
        speaks_for = organisation if for_all and who < 2 else None
        with suppress(LimitError, RefusedError, contributions.PassageError, contributions.MandateError):
            _act(act, call, person, proposal, speaks_for, written)
        db.session.flush()
    for person in people:
        assert len([p for p in written if p.author is person and p.organisation is None
                    and p.state in limits.COUNTED]) <= 2
        assert limits.of_person(call, person).sent <= 2
        assert voting.support_room(call, person).given <= 2
    assert limits.of_organisation(call, organisation).sent <= 1
    assert recount.drift() == []


def _act(act, call, person, proposal, speaks_for, written):
    if act in ("submit", "draft"):
        service = services.submit if act == "submit" else services.save_draft
        written.append(service(call, person, wording(speaks_for)))
    elif act in ("send", "rename") and proposal.state in (State.DRAFT, State.PUBLISHED) and not proposal.support_count:
        mine = proposal.author.mandate_for(speaks_for) if speaks_for else True
        services.edit(proposal, proposal.author, wording(speaks_for if mine else None), seen=proposal.version,
                      send=act == "send")
    elif act == "withdraw" and proposal.state is not State.DRAFT:
        services.withdraw(proposal, proposal.author)
    elif act in ("hide", "show"):
        contributions.change_state(proposal, State.HIDDEN if act == "hide" else State.PUBLISHED, None)
    elif act == "support" and proposal.public:
        supports.support(proposal, person)
    elif act == "take back" and proposal.public:
        supports.withdraw_support(proposal, person)
