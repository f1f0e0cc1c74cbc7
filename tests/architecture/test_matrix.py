"""Who may do what, in every state of every thing, is as agreed; and what the page tells of it is true."""

import pytest

from consult.accounts.models import Role
from consult.core import policy
from consult.governance import permissions
from tests.architecture.matrix import SNAPSHOT, lines, rows
from tests.architecture.states import STATES
from tests.architecture.world import HEADS, World

YES, DEPENDS, NO = permissions.Answer.YES, permissions.Answer.DEPENDS, permissions.Answer.NO


@pytest.fixture
def world(app, make):
    return World(make)


def test_every_action_has_its_states(app):
    assert sorted(STATES) == sorted(policy.actions())


def test_every_role_has_its_column():
    assert set(HEADS) == set(Role)


def test_the_policy_is_as_agreed(world):
    """After a deliberate change: `python -m tests.architecture.matrix` writes the matrix anew."""
    assert lines(world) == SNAPSHOT.read_text().splitlines()


def test_what_the_page_of_permissions_says_is_what_happens(world):
    wrong = []
    seen: dict[tuple[str, str], list[bool]] = {}
    for action, _state, cells in rows(world):
        anybody = cells["owner"] == "Y"
        for column in permissions.COLUMNS:
            cell = cells[HEADS[column.role]] if column.role else cells[column.code]
            if column is permissions.VISITOR:
                cell += cells["bearer"]
            granted = "s" in cell or "Y" in cell or (anybody and column is not permissions.VISITOR)
            seen.setdefault((action, column.code), []).append(granted)
    for action, clauses in policy.actions().items():
        for column in permissions.COLUMNS:
            answers, told = seen[action, column.code], permissions.answer(clauses, column)
            if (told is NO and any(answers)) or (told is YES and not all(answers)) or (
                    told is DEPENDS and not any(answers)):
                wrong.append((action, column.code, told.value, answers))
    assert wrong == []
