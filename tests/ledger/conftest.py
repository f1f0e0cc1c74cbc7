"""A ballot with papers, and its publication."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from consult.core import clock
from consult.core.db import db
from consult.ledger import publication, sequencing
from consult.processes import services as processes
from consult.voting import services


def at(instant):
    """Move the clock of the process."""
    clock.shift(timedelta())
    clock.shift(instant - clock.now())


def over(ballot):
    """Let a ballot end now, and what follows from that happen."""
    at(ballot.closes_at + timedelta(seconds=1))
    processes.announce_passages()
    db.session.commit()


def moved():
    """What waits is in the log."""
    sequencing.move_what_waits()
    db.session.commit()


def verified(folder, *arguments):
    """Run the verify.py of a folder as anybody would; answers how it ended and what it said."""
    done = subprocess.run(
        [sys.executable, "-I", folder / "verify.py", folder, *arguments], capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"})
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def told(make):
    """A closed ballot with changed, withdrawn and remaining papers."""
    ballot = make.ballot(options=4, maximum=2)
    people = [make.person() for _ in range(9)]
    for number, person in enumerate(people):
        services.cast(ballot, person, {f"B0{1 + number % 2}": 1, "B03": 1})
    moved()
    services.cast(ballot, people[0], {"B04": 1})
    services.withdraw(ballot, people[1])
    services.cast(ballot, people[1], {"B01": 1})
    services.withdraw(ballot, people[2])
    moved()
    over(ballot)
    return ballot


@pytest.fixture
def published(told, tmp_path):
    """Its publication."""
    publication.to_folder(told.id, tmp_path / "publication")
    return tmp_path / "publication"


def entries_of(folder):
    """The entries of a publication, as things."""
    return [json.loads(line) for line in (folder / "entries.jsonl").read_text().splitlines()]
