"""The policy as people read it: whole, in words, and the same as what the site does."""

import html5lib
import pytest

from consult.core import policy
from consult.core.languages import everywhere
from consult.governance import conditions, permissions, words
from tests.browser import NAMESPACE


def test_every_action_has_its_words(app):
    assert sorted(words.ACTIONS) == sorted(policy.actions())
    assert {part for part, _label in words.ACTIONS.values()} == set(words.PARTS)


def test_every_condition_has_its_sentence(app):
    used = {predicate.name for clauses in policy.actions().values() for clause in clauses
            for predicate in clause if not predicate.roles}
    assert used - set(conditions.CONDITIONS) == set()


def test_no_condition_is_left_over(app):
    used = {predicate.name for clauses in policy.actions().values() for clause in clauses for predicate in clause}
    assert set(conditions.CONDITIONS) - used - {"verified"} == set()


def test_the_page_has_every_action_and_every_role(app, browser, make):
    make.authority()
    response = browser().get("/permessi")
    assert response.status_code == 200
    page = html5lib.parse(response.get_data(as_text=True))
    rows = {row.get("data-action"): [cell.get("data-for") for cell in row.iter(f"{NAMESPACE}td")]
            for row in page.iter(f"{NAMESPACE}tr") if row.get("data-action")}
    assert sorted(rows) == sorted(policy.actions())
    columns = [column.code for column in permissions.COLUMNS]
    assert all(cells == columns for cells in rows.values())


@pytest.mark.parametrize(("action", "who", "answer"), [
    ("page.read", "visitor", "yes"),
    ("account.profile", "visitor", "no"),
    ("account.profile", "person", "yes"),
    ("proposal.edit", "visitor", "no"),
    ("proposal.edit", "person", "depends"),
    ("proposal.read", "visitor", "depends"),
    ("moderation.queue", "moderator", "yes"),
    ("moderation.queue", "plan_office", "no"),
    ("moderation.decide", "moderator", "depends"),
    ("role.give", "platform_admin", "yes"),
    ("role.give", "moderator", "no"),
    ("office.read", "observer", "yes"),
    ("office.read", "person", "no"),
])
def test_answers_are_right(app, action, who, answer):
    column = next(column for column in permissions.COLUMNS if column.code == who)
    assert permissions.answer(policy.actions()[action], column).value == answer


def test_whoever_has_a_role_can_do_what_whoever_has_an_account_can(app):
    order = {permissions.Answer.NO: 0, permissions.Answer.DEPENDS: 1, permissions.Answer.YES: 2}
    for clauses in policy.actions().values():
        plain = order[permissions.answer(clauses, permissions.PERSON)]
        assert all(order[permissions.answer(clauses, column)] >= plain for column in permissions.COLUMNS[1:])


def test_it_is_said_in_every_language(app):
    with app.test_request_context():
        for _part, label in words.ACTIONS.values():
            assert len(set(everywhere(label).values())) >= 2


def test_each_part_of_the_site_is_named_once(app):
    parts = [group.code for group in permissions.groups()]
    assert len(parts) == len(set(parts))
