"""What the desk makes easy: filters, views under a name, things in hand, one decision on many, facts to decide by."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.moderation import claims, contributed, queue, services
from consult.moderation.models import Act, Aside, Claim, Decision, Origin, Reason
from consult.processes.models import Channel, Phase, Process
from consult.reasons import services as reasons
from consult.reasons.entries import Entry
from consult.reasons.standard import STANDARD
from tests.browser import text_of
from tests.factories import DAY, WHY


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """However busy the machine is, what was decided can be taken back."""
    monkeypatch.setattr(services, "UNDOING", DAY)


@pytest.fixture
def many(make, moderator):
    """One of each that a filter tells apart, by the name of its title."""
    call = make.call()
    found = {
        "held": make.proposal(title="held", state=State.PENDING),
        "late": make.proposal(title="late", state=State.PENDING, submitted_at=clock.now() - 3 * DAY),
        "paper": make.proposal(title="paper", state=State.PENDING, channel=Channel.PAPER),
        "elsewhere": make.proposal(title="elsewhere", state=State.PENDING, call=call),
        "spam": make.proposal(title="spam"), "grave": make.proposal(title="grave"),
        "aside": make.proposal(title="aside", state=State.PENDING),
        "passed": make.proposal(title="passed", state=State.PENDING)}
    contributions.flag(found["spam"], make.person(), reason=FlagReason.SPAM, note="")
    contributions.flag(found["grave"], make.person(), reason=FlagReason.OFFENCE, note="")
    found["comment"] = make.comment(found["spam"].thread, state=State.PENDING, body="comment")
    decision = services.decide(make.proposal(), moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY, seen=1)
    db.session.add_all([
        Aside(subject=f"contribution:{found['aside'].id}", until=clock.now() + DAY, decision_id=decision.id),
        Aside(subject=f"contribution:{found['passed'].id}", passed_on_at=clock.now(), decision_id=decision.id)])
    db.session.flush()
    return found, call


def test_each_filter_narrows_the_queue_and_says_how_many_there_are(browser, make, many, moderator):
    found, call = many
    who = browser(moderator)
    everything = {"held", "late", "paper", "elsewhere", "spam", "grave", "passed", "comment"}
    wanted = {
        "": everything, "tipo=comment": {"comment"}, "origine=grave": {"grave"}, "origine=held": everything - {
            "spam", "grave"}, "motivo=spam": {"spam"}, "canale=paper": {"paper"}, f"attivita={call.id}": {"elsewhere"},
        f"percorso={make.process().id}": everything, "tardi=1": {"late"}, "accantonati=1": {"aside"},
        "passati=1": {"passed"}, "origine=held&canale=paper": {"paper"}, "motivo=illegal": set(),
        "origine=x&percorso=x&attivita=99999999999&canale=x&motivo=x": everything}
    codes = {name: each.code for name, each in found.items()}
    for query, names in wanted.items():
        page = who.get(f"/moderazione?{query}").get_data(as_text=True)
        shown = {name for name, code in codes.items() if f'data-code="{code}"' in page}
        assert shown == names, query
        if query and names != everything:
            assert f"{len(names)} su {len(everything)}" in page, query


def test_a_row_says_why_it_stands_where_it_stands(browser, many, moderator):
    page = text_of(browser(moderator).get("/moderazione"))
    assert "Da decidere entro 4 ore, perché chi legge ha segnalato: Offende o minaccia qualcuno." in page
    assert "Da decidere entro 24 ore, perché aspetta di essere pubblicato." in page
    assert "1 in ritardo" in browser(moderator).get("/moderazione").get_data(as_text=True)


def test_a_view_is_kept_under_a_name_for_one_moderator_alone(browser, make, many, moderator):
    who, other = browser(moderator), browser(make.person(Role.MODERATOR))
    here = "/moderazione?canale=paper"
    response = who.submit(here, {"name": "Carta"}, action="/moderazione/viste")
    assert response.headers["Location"] == here
    assert "★ Carta" in who.get("/moderazione").get_data(as_text=True)
    assert "★ Carta" not in other.get("/moderazione").get_data(as_text=True)
    assert other.post("/moderazione/viste/1/togli").status_code == 404
    assert "Dalle un nome" in text_of(who.submit(here, {"name": " "}, action="/moderazione/viste"))
    assert who.post("/moderazione/viste/1/togli").status_code == 303
    assert "Carta" not in text_of(who.get("/moderazione"))


def test_a_page_takes_in_hand_what_it_shows_and_keeps_it(browser, make, many, moderator):
    held = many[0]["held"]
    who, other = browser(moderator), browser(make.person(Role.MODERATOR))
    path = f"/moderazione/contribution/{held.id}/prendi"
    plain = {"headers": {"Accept": "application/json"}}
    first = who.post(path, {}, **plain)
    assert (first.status_code, "Te ne occupi tu fino al" in json.loads(first.data)["said"]) == (200, True)
    refused = other.post(path, {}, **plain)
    assert (refused.status_code, "qualcun altro" in json.loads(refused.data)["said"].lower()) == (409, True)
    until = db.session.scalar(sa.select(Claim.until))
    with clock.at(clock.now() + 5 * DAY / 1440):
        assert who.post(path, {}, **plain).status_code == 200
    assert db.session.scalar(sa.select(Claim.until)) > until
    assert other.post(path, {}).status_code == 303


def test_who_has_an_hour_goes_on_with_the_queue_as_it_is_narrowed(browser, many, moderator):
    who, found = browser(moderator), many[0]
    to = who.submit("/moderazione?tipo=proposal&origine=held", action="/moderazione/prossimo").headers["Location"]
    assert to.startswith(f"/moderazione/{found['late'].id}?")
    assert "origine=held" in to
    to = who.submit(to, {"decision": "approve", "then": "next"}).headers["Location"]
    assert to.startswith(f"/moderazione/{found['held'].id}?")
    page = who.get(to).get_data(as_text=True)
    assert re.search(rf"{found['late'].code}: per [0-9]+ secondi puoi ritirare la tua decisione", page)
    assert page.index("Decidi e prendi il prossimo") < page.rindex(">Decidi<")
    response = who.submit(to, action=f"/moderazione/contribution/{found['late'].id}/annulla")
    assert response.status_code == 303
    assert found["late"].state is State.PENDING


def test_two_who_take_the_next_share_two_hundred_things(browser, make, moderator):
    """None is given to both, none is lost, whatever the order in which they ask."""
    reader, wanted = make.person(), set()
    for _each in range(200):
        proposal = make.proposal()
        contributions.flag(proposal, reader, reason=FlagReason.SPAM, note="")
        wanted.add(proposal.id)
    desks = [browser(moderator), browser(make.person(Role.MODERATOR))]
    tokens = [desk.token() for desk in desks]
    start = Barrier(2)

    def work(desk, token):
        decided = []
        start.wait()  # what the lot gives to the other of them has a page of its own, and is not asked for here
        answer = desk._client.post("/moderazione/prossimo?origine=flagged", data={"csrf_token": token})
        while one := re.match(r"/moderazione/([0-9]+)\?", answer.headers["Location"]):
            to = answer.headers["Location"]
            seen = re.search(r'name="version"[^>]*value="([0-9]+)"', desk._client.get(to).get_data(as_text=True))[1]
            answer = desk._client.post(to, data={"csrf_token": token, "version": seen, "decision": "keep",
                                                 "then": "next"})
            assert answer.status_code == 303, "nobody else decides on what one has in hand"
            decided.append(int(one[1]))
        return decided

    with ThreadPoolExecutor(2) as pool:
        shares = list(pool.map(work, desks, tokens))
    db.session.expire_all()
    assert all(shares), "both had something to do"
    assert sorted(shares[0] + shares[1]) == sorted(wanted)
    assert sorted(db.session.scalars(sa.select(Decision.contribution_id))) == sorted(wanted)
    assert not queue.counted(moderator, queue.Wanted(origin=Origin.FLAGGED))


def chosen(*things):
    return {"chosen": [f"contribution:{one.id}@{one.version}" for one in things]}


def outbox():
    return db.session.scalars(sa.select(OutboxMessage)).all()


def test_one_decision_on_many_is_looked_at_first_and_taken_back_as_one(browser, many, moderator, make):
    found, who = many[0], browser(moderator)
    own = make.proposal(state=State.PENDING, author=moderator)
    before = len(outbox())
    form = {**chosen(found["held"], found["late"], found["spam"], own), "decision": "hide", "reason": "spam",
            "note": WHY}
    look = text_of(who.post("/moderazione/insieme", form))
    assert int(re.search(r"Messaggi che partiranno \(([0-9]+)\)", look)[1]) >= 3  # authors, and whoever reported
    assert "un altro moderatore" in look.lower()
    db.session.expire_all()
    assert (len(outbox()), found["held"].state) == (before, State.PENDING)
    claims.take(f"contribution:{found['late'].id}", make.person(Role.MODERATOR))
    db.session.commit()
    done = who.post("/moderazione/insieme", {**form, "step": "decide"})
    assert "Se ne sta occupando qualcun altro." in text_of(done)
    db.session.expire_all()
    states = [found[name].state for name in ("held", "late", "spam")]
    assert states == [State.HIDDEN, State.PENDING, State.HIDDEN]
    batch = db.session.scalars(sa.select(Decision).order_by(Decision.id.desc())).first().details["batch"]
    assert who.post(f"/moderazione/insieme/annulla?insieme={batch}").status_code == 303
    db.session.expire_all()
    assert (found["held"].state, found["spam"].state, len(outbox())) == (State.PENDING, State.PUBLISHED, before)
    assert who.post(f"/moderazione/insieme/annulla?insieme={batch}").status_code == 303


def test_many_decided_without_a_conflict_lead_back_to_the_queue(browser, many, moderator):
    found, who = many[0], browser(moderator)
    form = {**chosen(found["held"], found["late"]), "decision": "approve", "step": "decide"}
    to = who.post("/moderazione/insieme?tipo=proposal", form).headers["Location"]
    assert "2 decisioni insieme: puoi ritirarle" in text_of(who.get(to))
    assert "tipo=proposal" in to


def test_many_share_acts_and_reasons_and_messages_are_in_each_language(browser, make, moderator):
    call = make.call()
    own = Entry(code="only_here", label=Localized.of("Solo qui"), text=Localized.of("Solo qui."),
                finding=Localized.of("Solo qui."), act="hide")
    reasons.write(call.phase.process, [*(one.entry() for one in STANDARD), own], own.code, moderator, seen=0)
    author = make.person(language="de")
    mine, waits = make.proposal(call=call, author=author), make.proposal(call=call, state=State.PENDING)
    who, both = browser(moderator), chosen(mine, waits)
    queued = who.get("/moderazione").get_data(as_text=True)
    assert 'value="lock"' in queued
    assert ">12. Solo qui</option>" in queued
    look = who.post("/moderazione/insieme", {**both, "decision": "warn", "reason": "only_here", "note": WHY})
    page = look.get_data(as_text=True)
    offered = set(re.findall(r'name="decision" [^>]*value="([a-z]+)"|value="([a-z]+)"[^>]* name="decision"', page))
    acts = {each for pair in offered for each in pair if each}
    assert acts >= {"hide", "revise", "lock", "warn"}
    assert not acts & {"approve", "keep", "restore", "suspend", "redact", "confirm"}
    assert '<summary lang="de">' in page
    lock = {**both, "decision": "lock", "reason": "spam", "note": "x" * 301, "step": "decide"}
    assert text_of(who.post("/moderazione/insieme", lock)).count("al massimo 300 caratteri") == 2
    who.post("/moderazione/insieme", {**lock, "note": WHY})
    db.session.expire_all()
    assert (mine.thread.locked, waits.thread.locked) == (True, True)
    assert {one.rule_version for one in db.session.scalars(sa.select(Decision))} == {f"{call.process_id}.1"}


def test_a_reason_that_is_no_rule_of_its_percorso_is_refused_there(browser, make, moderator):
    here = make.proposal(state=State.PENDING)
    other = Process(authority=make.authority(), slug="altro", code="ALT", title=Localized.of("Altro"), summary={},
                    vision={}, published=True)
    phase = Phase(process=other, position=1, kind=here.activity.phase.kind, title=Localized.of("Fase"),
                  purpose=Localized.of("Scopo."), starts_at=clock.now() - DAY, ends_at=clock.now() + 20 * DAY)
    db.session.add(phase)
    db.session.flush()
    there = make.proposal(call=make.call(phase=phase), state=State.PENDING)
    spam = next(one.entry() for one in STANDARD if one.code == "spam")
    reasons.write(other, [spam], "spam", moderator, seen=0)
    form = {**chosen(here, there), "decision": "hide", "note": WHY}
    page = browser(moderator).post("/moderazione/insieme", {**form, "reason": "offence", "step": "decide"})
    assert "nessuna delle regole del suo percorso" in text_of(page)
    db.session.expire_all()
    assert (here.state, there.state) == (State.HIDDEN, State.PENDING)
    look = browser(moderator).post("/moderazione/insieme", {**chosen(here, there), "decision": "warn", "reason": "spam",
                                                            "note": WHY}).get_data(as_text=True)
    assert 'value="spam"' in look
    assert 'value="offence"' not in look


@pytest.mark.parametrize(("form", "said"), [
    ({"decision": "approve"}, "Scegli almeno una riga."),
    ({"decision": "approve", "chosen": [f"contribution:{n}@1" for n in range(1, 52)]}, "al massimo 50"),
    ({"decision": "hide", "chosen": ["contribution:1@1", "x", "x:y@z", "contribution:99999999999@1"]}, "il motivo"),
    ({"decision": "suspend", "chosen": ["contribution:1@1"]}, "Scegli che cosa decidi"),
])
def test_what_cannot_be_decided_together_says_why(browser, many, moderator, form, said):
    response = browser(moderator).post("/moderazione/insieme", {**form, "step": "decide"})
    assert response.status_code == 200
    assert said.lower() in text_of(response).lower()


def test_facts_about_the_author_and_similar_decisions_stand_beside_the_text(browser, make, moderator):
    author, call = make.person(display_name="Ada"), make.call()
    for act in (Act.HIDE, Act.APPROVE):
        services.decide(make.proposal(author=author, call=call, state=State.PENDING), moderator, act=act,
                        reason=Reason.SPAM, note=WHY, seen=1)
    with clock.at(clock.now() - 400 * DAY):
        services.decide(make.proposal(author=author), moderator, act=Act.HIDE, reason=Reason.OFFENCE, note=WHY, seen=1)
    here = make.proposal(author=author, call=call)
    contributions.flag(here, make.person(display_name="Chi segnala"), reason=FlagReason.SPAM, note="")
    page = text_of(browser(moderator).get(f"/moderazione/{here.id}"))
    assert "1 è pubblico" in page
    assert "1 nascosto, oscurato o rimandato all’autore: pubblicità o ripetizione" in page
    assert "Deciso di recente in casi simili" in page
    assert "Chi segnala" not in page


DECIDED = [("spam", "keep"), ("aside", "hide"), ("comment", "hide"), ("late", "revise"), ("grave", "hide"),
           ("held", "approve"), ("elsewhere", "approve"), ("reply", "approve"), ("answer", "hide")]
"""Among them what enters the public or leaves it, with its counts, its place in the search and those who hear of it."""
MOST = 20
"""Statements of opening, claiming and deciding, all counted."""


def test_opening_claiming_and_deciding_ask_little(browser, many, moderator, make, queries):
    who, spam = browser(moderator), many[0]["spam"]
    for _each in range(5):
        contributions.flag(spam, make.person(), reason=FlagReason.SPAM, note="")
    db.session.commit()
    asked = []
    for act in (lambda: who.get(f"/moderazione/{spam.id}"),
                lambda: who.post(f"/moderazione/contribution/{spam.id}/prendi", {})):
        with queries() as seen:
            act()
        asked.append(len(seen))
    assert max(asked) <= MOST, asked
    first = make.comment(spam.thread)
    many[0]["reply"] = make.comment(spam.thread, about=first, state=State.PENDING)
    many[0]["answer"] = make.comment(spam.thread, about=first)
    db.session.commit()
    for name, act in DECIDED:
        form = who.form(f"/moderazione/{many[0][name].id}")
        reasoned = {"reason": "spam", "note": WHY} if act in ("hide", "revise") else {}
        with queries() as seen:
            assert who.post(form["action"], {**form["fields"], "decision": act, **reasoned}).status_code == 303
        assert len(seen) <= MOST, (name, act, seen)


def test_nothing_decided_meanwhile_is_handed_out(make, moderator):
    """Between the reading of the queue and the taking, somebody may decide and give back."""
    proposal = make.proposal(state=State.PENDING)
    row = queue.queue(moderator).items[0]
    services.decide(proposal, make.person(Role.MODERATOR), act=Act.APPROVE, seen=1)
    assert not queue._taken(row, moderator)
    assert claims.held(contributed.of(proposal).subject) is None


