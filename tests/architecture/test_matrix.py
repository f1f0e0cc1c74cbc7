"""Who may do what to which thing in which state, as a list that is kept: a change of policy is deliberate.

To write it anew after such a change: CONSULT_WRITE_MATRIX=1 with this test.
"""

import os
from pathlib import Path

from flask_login import AnonymousUserMixin

from consult.accounts.models import Mandate, Role
from consult.contributions.models import State
from consult.core import policy
from consult.core.db import db
from consult.planning.models import PlanState
from consult.publishing.models import DocumentFormat, DocumentState, PlanDocument

KEPT = Path(__file__).with_name("matrix.txt")
OF_SITE = ("account.", "health.", "organisation.register", "organisation.verify", "office.read", "page.",
           "moderation.queue")


def everyone(make):
    """A visitor, a person, a verified resident, one for each role."""
    return {"visitor": AnonymousUserMixin(), "person": make.person(), "verified": make.person(verified=True),
            **{role.value: make.person(role) for role in Role}}


def contributions(make, author):
    """A proposal in each state, in an open call and in a closed one."""
    for when in ("open", "closed"):
        call = make.call(when)
        for state in State:
            yield f"{when} call, {state.value}", make.proposal(call=call, author=author, state=state)


def comments(make, author):
    for when in ("open", "closed"):
        thread = make.proposal(call=make.call(when)).thread
        for state in (State.PENDING, State.PUBLISHED, State.HIDDEN):
            yield f"{when}, {state.value}", make.comment(thread, author=author, state=state)


def things(make, author):
    """For the beginning of an action's name, the things it is asked of."""
    activities = {kind: [(when, build(when)) for when in ("coming", "open", "closed")]
                  for kind, build in {"call": make.call, "survey": lambda when: make.survey(when=when),
                                      "ballot": make.ballot}.items()}
    said = list(contributions(make, author))
    plan = make.plan()
    threads = [(when, make.proposal(call=make.call(when)).thread) for when in ("open", "closed")]
    organisation = make.organisation(author)
    document = PlanDocument(plan=plan, format=DocumentFormat.PDF, asked_by_id=author.id, state=DocumentState.READY)
    db.session.add(document)
    db.session.flush()
    return {
        "activity.": activities["call"], "call.": activities["call"], "proposal.submit": activities["call"],
        "survey.": activities["survey"], "ballot.": activities["ballot"], "results.": activities["ballot"],
        "process.": [("public", make.process())], "office.": [("public", make.process())],
        "comment.post": threads, "comment.official": threads, "comment.": list(comments(make, author)),
        "contribution.": said, "proposal.": said, "moderation.": said, "support.": said, "outcome.": said,
        "plan.": [("draft", plan)], "trace.": [("draft", plan)], "document.make": [("draft", plan)],
        "document.read": [("ready", document)], "organisation.leave": [
            ("one's own", db.session.query(Mandate).filter_by(organisation_id=organisation.id).one())],
    }


def lines(make):
    """One line for each action and thing: who may."""
    people = everyone(make)
    author = make.person()
    people["author"] = author
    known = things(make, author)
    found = []
    for action in policy.actions():
        if action.startswith(OF_SITE):
            asked = [("", None)]
        else:
            asked = next(known[name] for name in sorted(known, key=len, reverse=True) if action.startswith(name))
        for state, thing in asked:
            may = [name for name, person in people.items() if policy.can(person, action, thing)]
            found.append(f"{action} [{state}]: {', '.join(may) or 'nobody'}")
    make.plan().state = PlanState.ADOPTED
    may = [name for name, person in people.items() if policy.can(person, "plan.edit", make.plan())]
    return [*found, f"plan.edit [adopted]: {', '.join(may) or 'nobody'}"]


def test_the_policy_is_as_agreed(make):
    found = lines(make)
    if os.environ.get("CONSULT_WRITE_MATRIX"):
        KEPT.write_text("\n".join(found) + "\n")
    assert found == KEPT.read_text().splitlines()
