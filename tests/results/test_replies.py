"""Answers that fit many proposals are written once and begun from."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.results import replies
from consult.results.models import ReplyTemplate, Verdict
from tests.browser import text_of

TEXT = Localized.of({"it": "La proposta {code}, “{title}”, entra nel piano.",
                     "de": "Der Vorschlag {code} wird Teil des Plans."})


def template(make, **changes):
    return replies.add(make.process(), make.person(Role.PLAN_OFFICE), **{
        "name": "Accolta", "verdict": Verdict.ACCEPTED, "text": TEXT, **changes})


def test_code_and_title_are_put_in_and_nothing_else_is_run(make):
    proposal = make.proposal(title="{code} {0.__class__}")
    assert replies.filled(template(make), proposal) == (
        f"La proposta {proposal.code}, “{{code}} {{0.__class__}}”, entra nel piano.")


def test_the_text_is_in_the_language_of_the_proposal_or_italian(make):
    german, french = make.proposal(language="de"), make.proposal(language="fr")
    one = template(make)
    assert replies.filled(one, german).startswith("Der Vorschlag")
    assert replies.filled(one, french).startswith("La proposta")


def test_an_outcome_begins_from_a_template_and_can_be_changed(browser, make):
    proposal, one = make.proposal(), template(make)
    steering = browser(make.person(Role.STEERING))
    assert "Accolta" in text_of(steering.get(f"/proposte/{proposal.id}/esito"))
    form = steering.form(f"/proposte/{proposal.id}/esito?modello={one.id}", f"/proposte/{proposal.id}/esito")
    assert proposal.code in form["fields"]["reasons"]
    assert form["fields"]["verdict"] == ["accepted"]


@pytest.mark.parametrize("named", ["0", "99999", "x", "-1", "9" * 40, "²"])
def test_a_template_that_is_none_is_passed_over(browser, make, named):
    proposal = make.proposal()
    steering = browser(make.person(Role.STEERING))
    assert steering.get(f"/proposte/{proposal.id}/esito?modello={named}").status_code == 200


def test_the_office_writes_changes_and_removes_templates(browser, make):
    slug, office = make.process().slug, browser(make.person(Role.PLAN_OFFICE))
    path = f"/ufficio/percorsi/{slug}/risposte/nuova"
    typed = {"name": "Sì", "verdict": "accepted", "text_it": "La proposta {codice} entra nel piano."}
    wrong = office.submit(path, typed)
    assert wrong.status_code == 200
    assert "{codice}" in wrong.get_data(as_text=True)
    right = {"name": "Sì", "verdict": "accepted", "text_it": "La proposta {code} entra nel piano."}
    assert office.submit(path, right).status_code == 303
    one = db.session.scalars(sa.select(ReplyTemplate)).one()
    assert office.submit(f"/ufficio/risposte/{one.id}", {"name": "Certo"}).status_code == 303
    assert office.post(f"/ufficio/risposte/{one.id}", {**right, "version": "1"}).status_code == 409
    assert "Certo" in text_of(office.get(f"/ufficio/percorsi/{slug}/risposte"))
    assert office.post(f"/ufficio/risposte/{one.id}/elimina").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReplyTemplate)) == 0


def test_of_two_who_change_a_template_the_second_is_told(make):
    one, office = template(make), make.person(Role.PLAN_OFFICE)
    replies.change(one, office, name="Uno", verdict=Verdict.PARTLY, text=TEXT, seen=1)
    with pytest.raises(StaleVersionError):
        replies.change(one, office, name="Due", verdict=Verdict.PARTLY, text=TEXT, seen=1)


@pytest.mark.parametrize(("role", "status"), [(Role.STEERING, 403), (Role.MODERATOR, 403), (Role.PLAN_OFFICE, 200)])
def test_only_the_plan_office_keeps_templates(browser, make, role, status):
    path = f"/ufficio/percorsi/{make.process().slug}/risposte"
    assert browser(make.person(role)).get(path).status_code == status
