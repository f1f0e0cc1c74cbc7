"""A real application on a real database for every test; each test gets its own copy of a migrated one."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask

from consult.core import clock
from consult.core.config import Settings
from consult.core.db import db
from consult.factory import create_app
from tests.audited import Watch
from tests.browser import Browser
from tests.compiled import STATEMENTS, Compiled, KeptMap, share_statements
from tests.factories import Make
from tests.postgresql import Cluster

POSTGRESQL = os.environ.get("CONSULT_TEST_DATABASE") == "postgresql"
COMPILED = Compiled()
Flask.url_map_class = KeptMap
share_statements()
hypothesis.settings.register_profile("steady", derandomize=True)
hypothesis.settings.register_profile("explore", max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
# the same cases at each run, so that a run says something of the change alone; `explore` looks for new ones
CHEAP_HASH = 64  # KiB of memory for argon2: tests need no slow passwords


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what works on a database: the rest has been run with SQLite, and would answer the same."""
    if POSTGRESQL:
        without = [item for item in items if "cluster" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in set(without)]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster | None]:
    """A PostgreSQL cluster of our own in a temporary folder, where the suite runs on PostgreSQL."""
    if not POSTGRESQL:
        yield None
        return
    with Cluster() as running:
        yield running


def settings_for(instance: Path, database_url: str, **changes: Any) -> Settings:
    """The settings of a test: nothing is limited, passwords are cheap and enough, no demonstration."""
    return Settings(**{"instance": instance, "database_url": database_url, "secret_key": "t" * 40, "demo": False,
                       "rate_limits": False, "second_factor": "off", "password_cost": CHEAP_HASH, "port": 8000,
                       "host": "localhost", **changes})


@pytest.fixture(scope="session")
def migrated(cluster: Cluster | None, tmp_path_factory: pytest.TempPathFactory) -> str | Path:
    """A database as the migrations build it: a file to copy, or the name of a template."""
    folder = tmp_path_factory.mktemp("migrated")
    url = cluster.create("migrated") if cluster else f"sqlite:///{folder / 'consult.sqlite3'}"
    app = create_app(settings_for(folder, url))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()  # the last connection to close brings the log of SQLite into its file
    return "migrated" if cluster else folder / "consult.sqlite3"


@pytest.fixture
def database_url(cluster: Cluster | None, migrated: str | Path, tmp_path: Path) -> Iterator[str]:
    """A fresh database of the test's own."""
    if cluster:
        name = f"t{os.getpid()}_{cluster.next_number()}"
        yield cluster.create(name, template=str(migrated))
        cluster.drop(name)
    else:
        target = tmp_path / "consult.sqlite3"
        shutil.copyfile(str(migrated), target)
        yield f"sqlite:///{target}"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Override in a module to test other settings."""
    return settings_for(tmp_path, database_url)


@pytest.fixture
def bare_app(settings: Settings) -> Iterator[Flask]:
    """The application, outside any context. No request may change anything without a line in the register."""
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        db.engine.update_execution_options(compiled_cache=STATEMENTS)
    watch = app.extensions["watch"] = Watch(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert watch.silent == []


@pytest.fixture
def app(bare_app: Flask) -> Iterator[Flask]:
    """The application, with a context so that services and factories can be called."""
    with bare_app.app_context():
        yield bare_app
        db.session.rollback()


@pytest.fixture
def make(app: Flask) -> Make:
    """Build what a test names, and nothing else."""
    return Make()


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    """`browser()` is a visitor, `browser(person)` somebody signed in: plain HTTP with forms, as without JavaScript."""

    def start(person: Any = None) -> Browser:
        return Browser(app, person)

    return start


@pytest.fixture
def queries(app: Flask) -> Callable[[], Any]:
    """`with queries() as seen:` keeps every statement sent to the database."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return counting


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    """No test leaves the clock moved."""
    yield
    clock.shift(clock.timedelta())
