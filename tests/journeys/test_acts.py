"""Each act of the desk on a phone, by keyboard alone, with scripts and without: it is done, and it is taken back."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.appeals.models import Appeal
from consult.contributions import services as contributions
from consult.contributions.models import Flag, FlagReason, State
from consult.core.db import db
from consult.core.personal_words import masked
from consult.moderation import services
from consult.moderation.models import Act, Aside, Decision, Reason
from consult.redactions import queries as redactions
from consult.sanctions import queries as sanctioned
from consult.statements import queries as statements
from tests.journeys import people, proposing
from tests.journeys.keyboard import Keyboard
from tests.journeys.people import PHONE

NOTE = "Il testo nomina una persona che non ha scelto di essere nominata qui."
WHILE = timedelta(hours=1)
EXPLAINED = {"reason": "personal_data", "note": NOTE}
PREPARING = {"restore": {"act": Act.HIDE}, "unlock": {"act": Act.LOCK}, "uncover": {"act": Act.REDACT}}
"""What has to be decided before there is anything to give back."""
ACTS = {
    "approve": ({}, {"state"}), "keep": ({}, set()), "restore": ({}, {"state"}), "unlock": ({}, {"locked"}),
    "hide": (EXPLAINED, {"state"}), "revise": (EXPLAINED, {"state"}),
    "redact": ({"passage": "la signora Pia", **EXPLAINED}, {"body", "covered"}),
    "uncover": ({"chosen": True}, {"body", "covered"}), "move": ({"where": "axis", "note": NOTE}, {"axis"}),
    "duplicate": ({"code": "other", "note": NOTE}, {"state"}), "split": (
        {"note": NOTE, "title_2": "Una fontana in fondo al viale",
         "body_2": "Chi cammina sul viale ha sete, e una fontana non c’è."},
        {"replaced", "locked"}),
    "lock": (EXPLAINED, {"locked"}), "snooze": ({"until": "3d"}, {"aside"}), "escalate": ({"note": NOTE}, {"aside"}),
    "warn": (EXPLAINED, set()), "suspend": ({**EXPLAINED, "days": "7"}, {"suspended"}),
}
"""What is filled in for each act, and what of the text or its author is different after it."""
ON_THE_PAGE = {"approve", "keep", "restore", "unlock", "hide", "revise"}
"""Acts that are chosen on the page of the text itself."""


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """However busy the machine is, what was decided can be taken back."""
    monkeypatch.setattr(services, "UNDOING", WHILE)


@pytest.fixture
def laid_before(site):
    """`laid_before("hide", "name")`: the number of a text with which this can be done; its author is its own."""
    def make(act, name):
        proposing.moderated_after(site)
        path = proposing.proposed(site, people.newcomer(site, name), f"Una panchina per {name}",
                                  "Come dice la signora Pia, serve una panchina sotto i tigli.")
        with site.app.app_context():
            proposal, moderator = proposing.at(path), proposing.person("moderatrice@example.org")
            if act == "approve":
                contributions.change_state(proposal, State.PENDING, moderator)
            elif act not in PREPARING:
                contributions.flag(proposal, proposing.person("cittadino@example.org"), reason=FlagReason.OFFENCE,
                                   note="")
            else:
                before = PREPARING[act]["act"]
                places = {"places": [["body", 10, 14]]} if act == "uncover" else {}
                services.decide(proposal, moderator, services.Order(
                    act=before, reason=Reason.PERSONAL_DATA, note=NOTE, details=places),
                    seen=services.mark(proposal))
            db.session.commit()
            return proposal.id

    return make


def facts(site, id):
    """How a text and its author stand."""
    with site.app.app_context():
        proposal = db.session.get_one(proposing.Proposal, id)
        aside = db.session.get(Aside, f"contribution:{id}")
        return {"state": proposal.state, "body": proposal.body, "locked": proposal.thread.locked,
                "axis": proposal.axis_id, "covered": redactions.how_many(f"contribution:{id}"),
                "aside": (aside.until, aside.passed_on_at) if aside else None,
                "suspended": proposal.author.suspended, "replaced": proposal.replaced, "reports": proposal.flag_count,
                "open": db.session.scalar(sa.select(sa.func.count()).where(
                    Flag.contribution_id == id, Flag.decided_at.is_(None)))}


def other_code(site, id):
    """The code of another public proposal of the same percorso."""
    with site.app.app_context():
        return db.session.scalars(sa.select(proposing.Proposal.code).where(
            proposing.Proposal.id < id, proposing.Proposal.state == State.PUBLISHED,
            proposing.Proposal.activity_id == proposing.open_call().id).limit(1)).one()


def decide(keyboard, site, id, act):
    """Open a text, fill in what the act needs, and do it."""
    fields, _changed = ACTS[act]
    page = keyboard.page
    page.goto(f"{site.url}/moderazione/{id}")
    if act in ON_THE_PAGE:
        keyboard.choose("decision", act)
    else:
        keyboard.press(f"main a[data-act={act}], main a[href$='/{act}']")
    for name, value in fields.items():
        if name in ("decision", "reason", "until"):
            keyboard.choose(name, value)
        elif name == "where":
            keyboard.choose(name, page.locator("[name=where][value^=axis]").first.get_attribute("value"))
        elif name == "chosen":
            keyboard.tick("[name=chosen]")
        else:
            keyboard.write(name, other_code(site, id) if value == "other" else value)
    if act == "redact":
        keyboard.press("button[value=redact]")
    else:
        keyboard.press("main form button.btn-primary")


def done(site, id):
    """The last decision on a text."""
    with site.app.app_context():
        return db.session.scalars(sa.select(Decision.act).where(Decision.contribution_id == id)
                                  .order_by(Decision.id.desc()).limit(1)).first()


@pytest.mark.parametrize("scripts", [True, False])
def test_each_act_is_done_and_taken_back(visit, site, laid_before, scripts):
    moderator = visit(PHONE, scripts=scripts)
    moderator.sign_in("moderatrice@example.org")
    keyboard = Keyboard(moderator.page)
    for act, (_fields, changed) in ACTS.items():
        id = laid_before(act, f"{act}{scripts:d}")
        before = facts(site, id)
        decide(keyboard, site, id, act)
        after = facts(site, id)
        assert done(site, id) is Act(act), f"{act}: {keyboard.page.locator('main').inner_text()}"
        assert {name for name in after if after[name] != before[name]} - {"reports", "open"} == changed, act
        if scripts:
            keyboard.enter("z")
        else:
            keyboard.press("[data-act=undo]")
        assert (done(site, id), facts(site, id)) == (Act.UNDO, before), act


@pytest.mark.parametrize("scripts", [True, False])
def test_a_long_suspension_is_proposed_by_one_and_confirmed_by_another(visit, site, laid_before, scripts):
    id = laid_before("suspend", f"lunga{scripts:d}")
    first, second = visit(PHONE, scripts=scripts), visit(PHONE, scripts=scripts)
    first.sign_in("moderatrice@example.org")
    keyboard = Keyboard(first.open(f"/moderazione/{id}"))
    keyboard.press("a[data-act=suspend]")
    keyboard.choose("reason", "offence")
    keyboard.write("note", NOTE)
    keyboard.write("days", "30")
    keyboard.press("main form button.btn-primary")
    assert not facts(site, id)["suspended"]
    with site.app.app_context():
        proposed = sanctioned.awaiting(db.session.get_one(proposing.Proposal, id).author_id).id
    second.sign_in("garante@example.org")
    keyboard = Keyboard(second.open("/moderazione/sospensioni"))
    keyboard.press(f"main li a[href='/moderazione/sospensioni/{proposed}']")
    keyboard.choose("answer", "confirm")
    keyboard.press("main form button.btn-primary")
    assert facts(site, id)["suspended"]


@pytest.mark.parametrize("scripts", [True, False])
def test_several_are_decided_together_after_a_look_and_taken_back(visit, site, laid_before, scripts):
    ids = [laid_before("hide", f"insieme{scripts:d}{each}") for each in "abc"]
    before = [facts(site, id) for id in ids]
    moderator = visit(PHONE, scripts=scripts)
    moderator.sign_in("moderatrice@example.org")
    keyboard = Keyboard(moderator.open("/moderazione?origine=grave"))
    for id in ids:
        keyboard.tick(f"#pick-contribution-{id}")
    keyboard.reach("details.panel summary")
    keyboard.page.keyboard.press("Enter")
    keyboard.choose("decision", "hide")
    keyboard.choose("reason", "offence")
    keyboard.write("note", NOTE)
    keyboard.press("#together button[value=look]")
    assert moderator.says("Messaggi che partiranno")
    assert [facts(site, id) for id in ids] == before
    keyboard.press("button[value=decide]")
    assert {facts(site, id)["state"] for id in ids} == {State.HIDDEN}
    keyboard.press("[data-act=undo]")
    assert [facts(site, id) for id in ids] == before


@pytest.mark.parametrize("scripts", [True, False])
def test_a_review_is_asked_for_and_answered_by_another(visit, site, laid_before, scripts):
    name = f"riesame{scripts:d}"
    id = laid_before("restore", name)
    author, other = visit(PHONE, scripts=scripts), visit(PHONE, scripts=scripts)
    author.sign_in(f"{name}@example.org")
    with site.app.app_context():
        decision = db.session.scalars(sa.select(Decision.id).where(Decision.contribution_id == id)).one()
    keyboard = Keyboard(author.open(f"/decisioni/{decision}"))
    keyboard.press("main a[href$='/riesame']")
    keyboard.write("words", "La signora Pia sono io, e sono contenta di essere nominata.")
    keyboard.press("main form button.btn-primary")
    other.sign_in("moderatore@example.org")
    keyboard = Keyboard(other.open("/moderazione/riesami"))
    with site.app.app_context():
        asked = db.session.scalars(sa.select(Appeal.id).where(Appeal.decision_id == decision)).one()
    keyboard.press(f"main a[href='/moderazione/riesami/{asked}']")
    keyboard.choose("decision", "overturn")
    keyboard.write("note", "È vero: il testo torna pubblico, e ci scusiamo.")
    keyboard.press("main form button.btn-primary")
    assert facts(site, id)["state"] is State.PUBLISHED


TAKING = ("hide", "revise", "redact", "duplicate", "move", "split", "lock", "warn", "suspend")


def test_whoever_loses_something_has_a_letter_that_says_why_and_the_register_names_nobody(visit, site, laid_before):
    moderator = visit()
    moderator.sign_in("moderatrice@example.org")
    keyboard = Keyboard(moderator.page)
    for act in TAKING:
        decide(keyboard, site, laid_before(act, f"detto{act}"), act)
    with site.later(WHILE + timedelta(minutes=1)):
        site.work()
    with site.app.app_context():
        undone = sa.select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
        taken = [one for one in db.session.scalars(sa.select(Decision).where(
            Decision.note == NOTE, Decision.id.not_in(undone))) if statements.takes_away(one.act)]
        assert {one.act.value for one in taken} == set(TAKING)
        unsaid = [one.id for one in taken if not any(
            f"/decisioni/{one.id}" in letter and NOTE in " ".join(letter.split())
            for letter in site.letters.to(one.contribution.author.email))]
        named = {word for person in db.session.scalars(sa.select(Person).where(Person.email.is_not(None)))
                 for word in (person.email, person.display_name) if word}
        named |= {one.contribution.title for one in taken} | {one.contribution.code for one in taken} | {NOTE}
    assert unsaid == []
    for path in ("", ".csv", ".json", "/cifre"):
        answer = moderator.page.request.get(f"{site.url}/registro-moderazione{path}").text()
        told = answer.partition("<main")[2].partition("</main>")[0] or answer
        assert [word for word in named if re.search(rf"\b{re.escape(word)}\b", told)] == [], path
        assert masked(told) == told, path
