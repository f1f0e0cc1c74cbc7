"""What the tests of making questionnaires share."""

from collections.abc import Callable
from typing import Any

import pytest

from consult.accounts.models import Role
from consult.questionnaires import definition, services
from consult.surveys import queries as surveys
from consult.surveys.models import Survey


def some(**more: Any) -> dict[str, Any]:
    """A questionnaire of two sections with a condition, a matrix and a quota."""
    return {"format": "consult-questionnaire", "version": 1, "title": {"it": "Muoversi"}, "intro": {"it": "In valle."},
            "sections": [
                {"title": {"it": "Tu"}, "questions": [
                    {"code": "bus", "kind": "single_choice", "prompt": {"it": "Prendi il bus?", "de": "Fährst du Bus?"},
                     "required": True, "options": [
                         {"code": "yes", "label": {"it": "Sì", "de": "Ja"}}, {"code": "no", "label": {"it": "No"}},
                         {"code": "else", "label": {"it": "Altro"}, "other": True, "quota": 50}]},
                    {"code": "age", "kind": "number", "prompt": {"it": "Quanti anni hai?"}, "minimum": 14,
                     "maximum": 120, "unit": {"it": "anni"}}]},
                {"title": {"it": "Il servizio"}, "shown_if": {"question": "bus", "is": "yes"}, "questions": [
                    {"code": "quality", "kind": "matrix_single", "prompt": {"it": "Come sono?"}, "prefer_not": True,
                     "options": [{"code": "bad", "label": {"it": "Male"}}, {"code": "good", "label": {"it": "Bene"}}],
                     "rows": [{"code": "times", "label": {"it": "Gli orari"}},
                              {"code": "stops", "label": {"it": "Le fermate"}}]},
                    {"code": "why", "kind": "long_text", "prompt": {"it": "Perché?"}, "max_length": 500,
                     "shown_if": {"all": [{"question": "quality.times", "is": "bad"},
                                          {"question": "age", "at_least": 18}]}}]}],
            **more}


@pytest.fixture
def desk(browser: Callable[..., Any], make: Any) -> Any:
    """The plan office at its desk."""
    return browser(make.person(Role.PLAN_OFFICE))


@pytest.fixture
def built(make: Any) -> Callable[..., Survey]:
    """A survey with `some` questions, or with others."""
    def build(data: dict[str, Any] | None = None, **values: Any) -> Survey:
        survey = make.survey(**values)
        services.build(survey, data or some())
        found = surveys.survey(survey.id)
        assert found is not None
        return found

    return build


def described(survey: Survey) -> dict[str, Any]:
    """A questionnaire as data, as it now stands in the database."""
    found = surveys.survey(survey.id)
    assert found is not None
    return definition.describe(found)
