"""A PostgreSQL cluster for the length of a test run: initdb in a temporary folder, one database per test."""

import functools
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psycopg

FIRST_WITH_STRATEGIES = 15
ROOM = 6 * 1024**3


class Cluster:
    """Started on entering, gone without trace on leaving; only one that is `durable` waits for the disk."""

    def __init__(self, *, durable: bool = False) -> None:
        self._durable = durable
        self._numbers = itertools.count(1)
        self.port = free_port()

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="consult-pg-", dir=None if self._durable else in_memory()))
        self._as_postgres = os.geteuid() == 0
        if self._as_postgres:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        self._run(program("initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "consult")
        options = (f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} "
                   "-c max_connections=200")
        if not self._durable:
            options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_wal_size=4GB"
        self._run(program("pg_ctl"), "-D", str(data), "-o", options, "-l", str(self.folder / "log"), "-w", "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run(program("pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The process whose children answer."""
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    @functools.cached_property
    def version(self) -> int:
        """The version of the server, as 15 or 17."""
        return int((self.folder / "data" / "PG_VERSION").read_text())

    def next_number(self) -> int:
        """A number no other test has."""
        return next(self._numbers)

    def create(self, name: str, template: str = "template0") -> str:
        """A new database; answers its address."""
        how = " STRATEGY FILE_COPY" if self.version >= FIRST_WITH_STRATEGIES else ""  # half the time of its log
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{how}')
        return f"postgresql+psycopg://consult@127.0.0.1:{self.port}/{name}"

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        address = f"postgresql://consult@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def _run(self, *command: str) -> None:
        argv = ["runuser", "-u", "postgres", "--", *command] if self._as_postgres else list(command)
        done = subprocess.run(argv, capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[:1])} failed: {done.stdout}{done.stderr}")


def program(name: str) -> str:
    """A program of the server, which Debian keeps out of the path."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if not found:
        raise RuntimeError(f"{name} is missing: install the package postgresql")
    return found


def in_memory() -> str | None:
    """A folder that is kept in memory, where there is one with room for a test run: nothing there waits for a disk."""
    shared = Path("/dev/shm")  # noqa: S108 - the folder itself is made anew, with a name of its own
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else None


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
