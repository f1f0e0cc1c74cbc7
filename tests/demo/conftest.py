import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask

from consult.core.db import db
from consult.demo import services, story
from consult.factory import create_app
from tests.conftest import settings_for
from tests.postgresql import Cluster


@pytest.fixture(scope="session")
def demonstration(cluster: Cluster | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance that holds the demonstration, loaded once to be copied."""
    folder = tmp_path_factory.mktemp("demonstration")
    url = cluster.create("told") if cluster else f"sqlite:///{folder / 'consult.sqlite3'}"
    app = create_app(settings_for(folder, url))
    with app.app_context():
        flask_migrate.upgrade()
        services.load()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def database_url(request: pytest.FixtureRequest, cluster: Cluster | None, migrated: str | Path,
                 tmp_path: Path) -> Iterator[str]:
    """A database of the test's own: with the demonstration where the test asks for it, else empty."""
    told = request.getfixturevalue("demonstration") if "loaded" in request.fixturenames else None
    if told and (told / "keys").exists():
        shutil.copytree(told / "keys", tmp_path / "keys")
    if cluster:
        name = f"demo{cluster.next_number()}"
        yield cluster.create(name, template="told" if told else str(migrated))
        cluster.drop(name)
    else:
        target = tmp_path / "consult.sqlite3"
        shutil.copyfile(told / "consult.sqlite3" if told else str(migrated), target)
        yield f"sqlite:///{target}"


@pytest.fixture
def loaded(app: Flask) -> dict[str, Any]:
    """What the written demonstration says; it is in the database."""
    return story.read("unione_rovano.yaml")


@pytest.fixture
def rng() -> random.Random:
    return random.Random(1)  # noqa: S311 - made-up data, no secrets
