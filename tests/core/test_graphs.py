"""What a graph reads is what the ORM reads, and goes on as if the ORM had read it."""

from functools import cache

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.attributes import instance_dict

from consult.accounts import services as accounts
from consult.accounts.models import Mandate, Person, Role, RoleGrant, Verification
from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, Thread
from consult.core.db import Base, db, table
from consult.core.graphs import Graph, part
from consult.processes.models import Activity, Phase, Process
from consult.proposals.models import Proposal, ProposalCall
from consult.voting import queries as voting
from consult.voting.models import Ballot


@cache
def _proposals() -> Graph[Proposal]:
    call = part(ProposalCall, ProposalCall.closes_at, phase=part(Phase, Phase.ends_at, process=part(Process)))
    return Graph(part(Proposal, Proposal.state, Proposal.version, activity=call),
                 table(Contribution).c.id == sa.bindparam("wanted"))


@cache
def _people() -> Graph[Person]:
    return Graph(part(Person, role_grants=part(RoleGrant), mandates=part(Mandate)),
                 table(Person).c.id == sa.bindparam("wanted"))


def _as_they_are_read(thing, seen=None):
    """Everything loaded of a thing and of what belongs to it, by class, key and attribute."""
    seen = {} if seen is None else seen
    key = (type(thing).__name__, sa.inspect(thing).identity)
    if key in seen:
        return seen
    seen[key] = own = {}
    for name, value in list(instance_dict(thing).items()):
        if isinstance(value, Base):
            _as_they_are_read(value, seen)
        elif isinstance(value, list) and value and isinstance(value[0], Base):
            for one in value:
                _as_they_are_read(one, seen)
        elif name != "_sa_instance_state":
            own[name] = value
    return seen


@pytest.fixture
def somebody(make):
    person = make.person(Role.MODERATOR, Role.FACILITATOR, verified=True)
    for _ in range(2):
        make.organisation(person)
    db.session.commit()
    return person


def _everything(make, somebody):
    token = accounts.start_session(somebody)
    proposal, ballot = make.proposal(), make.ballot()
    ids = proposal.id, ballot.id, proposal.thread_id
    db.session.commit()
    db.session.remove()
    return [lambda: accounts.who(token), lambda: voting.to_be_supported(ids[0]), lambda: voting.to_vote_in(ids[1]),
            lambda: contributions.thread(ids[2])]


def test_the_questions_of_acts_are_answered_as_the_orm_answers_them(make, somebody):
    for ask in _everything(make, somebody):
        read = _as_they_are_read(ask())
        db.session.remove()
        classes = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
        assert len(read) >= 3
        for (name, identity), values in read.items():
            thing = db.session.get_one(classes[name], identity)
            kept = [each for each in values if isinstance(sa.inspect(thing).mapper.columns.get(each), sa.Column)]
            assert kept
            assert {each: getattr(thing, each) for each in kept} == {each: values[each] for each in kept}
        db.session.remove()


def test_each_of_these_questions_is_one_statement(make, somebody, queries):
    for ask in _everything(make, somebody):
        with queries() as seen:
            assert ask() is not None
        assert len(seen) == 1
        db.session.remove()


def test_what_was_not_asked_for_is_read_when_it_is_needed(make, queries):
    proposal = make.proposal()
    id, title = proposal.id, proposal.title
    db.session.commit()
    db.session.remove()
    found = _proposals().first({"wanted": id})
    with queries() as seen:
        assert found.activity.phase.process.published
        assert found.activity.closes_at > found.created_at
        assert found.title == title
    assert len(seen) == 1


def test_nothing_is_found_where_nothing_is(app):
    assert _proposals().first({"wanted": 12345}) is None


def test_each_thing_is_there_once_however_many_rows_tell_of_it(somebody):
    id = somebody.id
    db.session.remove()
    found = _people().first({"wanted": id})
    assert sorted(grant.role.value for grant in found.role_grants) == ["facilitator", "moderator"]
    assert len(found.mandates) == len({mandate.organisation_id for mandate in found.mandates}) == 2


def test_what_belongs_to_nobody_is_empty_and_can_be_added_to(make):
    id = make.person().id
    db.session.commit()
    db.session.remove()
    found = _people().first({"wanted": id})
    assert (found.role_grants, found.mandates) == ([], [])
    found.role_grants.append(RoleGrant(role=Role.GUARANTOR))
    db.session.commit()
    assert db.session.scalar(sa.select(RoleGrant.role).where(RoleGrant.person_id == id)) is Role.GUARANTOR


def test_what_may_be_missing_hides_nothing_above_it(make):
    person, proposal = make.person(), make.proposal()
    token, thread = accounts.start_session(person), Thread(activity=proposal.activity, label=proposal.activity.title)
    db.session.add(thread)
    db.session.commit()
    ids = person.id, thread.id
    db.session.remove()
    assert accounts.who(token).id == ids[0]
    assert contributions.thread(ids[1]).discussed is None


def test_a_change_that_is_not_kept_yet_is_not_read_over(make):
    proposal = make.proposal()
    db.session.commit()
    proposal.version, call = 7, proposal.activity
    found = _proposals().first({"wanted": proposal.id})
    assert found is proposal
    assert (found.version, found.activity) == (7, call)


def test_what_went_out_of_date_is_read_anew(make):
    proposal = make.proposal()
    db.session.commit()
    assert proposal.version == 1
    own = table(Contribution)
    db.session.execute(sa.update(own).where(own.c.id == proposal.id).values(version=3))
    assert _proposals().first({"wanted": proposal.id}).version == 1  # read in this transaction, as the ORM has it
    db.session.expire(proposal, ["version"])
    assert _proposals().first({"wanted": proposal.id}).version == 3


def test_a_change_of_what_was_read_is_written(make):
    id = make.proposal().id
    db.session.commit()
    db.session.remove()
    _proposals().first({"wanted": id}).version = 9
    db.session.commit()
    assert db.session.scalar(sa.select(Contribution.version).where(Contribution.id == id)) == 9


def test_things_are_of_the_class_that_their_kind_says(make):
    ids = make.ballot().id, make.call().id
    db.session.commit()
    db.session.remove()
    graph = Graph(part(Activity, Activity.published), table(Activity).c.id == sa.bindparam("wanted"))
    found = [graph.first({"wanted": id}) for id in ids]
    assert [type(one) for one in found] == [Ballot, ProposalCall]
    assert found[0].method == "approval"


def test_no_table_stands_in_a_graph_twice():
    with pytest.raises(ValueError, match="verification"):
        Graph(part(Verification, person=part(Person, verifications=part(Verification))))
