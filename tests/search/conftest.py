"""A call with proposals that are found by their words."""

import pytest

from consult.core.languages import Localized


@pytest.fixture
def call(make):
    return make.call(title=Localized.of("Idee per la valle"))


@pytest.fixture
def put(make, call):
    """`put("Titolo", "Testo")` publishes a proposal in the call."""
    author = make.person()

    def publish(title, body="Lo chiedono molte famiglie del centro.", **values):
        return make.proposal(**{"call": call, "author": author, "title": title, "body": body, **values})

    return publish
