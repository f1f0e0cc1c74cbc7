"""No way in is open by oversight: every route asks the policy, and every change of the surface is deliberate."""

from pathlib import Path

import pytest

from consult.core import policy

SNAPSHOT = Path(__file__).with_name("routes.txt")
UNASKED = {"static"}
"""Endpoints that show nothing of the database."""


def lines(app) -> list[str]:
    found = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        action = "" if rule.endpoint in UNASKED else app.view_functions[rule.endpoint].access.action
        found.append(f"{rule.rule}  {methods}  {rule.endpoint}  {action}".rstrip())
    return sorted(found)


def test_every_route_asks_the_policy(app):
    unguarded = [rule.endpoint for rule in app.url_map.iter_rules()
                 if rule.endpoint not in UNASKED and not hasattr(app.view_functions[rule.endpoint], "access")]
    assert unguarded == []


def test_every_action_asked_for_is_defined(app):
    known = policy.actions()
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in UNASKED:
            assert app.view_functions[rule.endpoint].access.action in known, rule.endpoint


def test_the_surface_is_as_agreed(app):
    """After a deliberate change: `python -m tests.architecture.routes` writes the list anew."""
    assert lines(app) == SNAPSHOT.read_text().splitlines()


def test_no_page_that_reads_also_takes_ids_without_bounds(app):
    for rule in app.url_map.iter_rules():
        for name, converter in rule._converters.items():
            if type(converter).__name__ == "IntegerConverter":
                pytest.fail(f"{rule.rule}: {name} is not bounded")
