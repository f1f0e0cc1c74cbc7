import random

import pytest

from consult.demo import services, story


@pytest.fixture
def told():
    """What the written demonstration says."""
    return story.read("unione_rovano.yaml")


@pytest.fixture
def loaded(app, told):
    """The demonstration, loaded."""
    services.load()
    return told


@pytest.fixture
def rng():
    return random.Random(1)  # noqa: S311 - made-up data, no secrets
