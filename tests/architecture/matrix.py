"""Write the matrix of the policy anew, after a deliberate change: `python -m tests.architecture.matrix`.

One line for each action and each state of the thing that it is done to; one column for each kind of people. Of a
role there are three letters: whether it suffices when held for the whole site (s), for the percorso of the thing
(h, here) or for another percorso (e, elsewhere).
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from consult.core import policy
from consult.core.db import db
from consult.factory import create_app
from tests.architecture.states import STATES
from tests.architecture.world import HEADS, PLAIN, World, granted
from tests.conftest import settings_for
from tests.factories import Make

SNAPSHOT = Path(__file__).with_name("matrix.txt")


def rows(world: World) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Action, state of the thing, and what each column is granted."""
    for action in policy.actions():
        for state, thing in STATES[action](world):
            db.session.flush()
            db.session.expire_all()
            yield action, state, granted(world, action, thing)


def lines(world: World) -> list[str]:
    """The matrix as text."""
    heads = [*PLAIN, *HEADS.values()]
    made = [" ".join([f"{'action':34}", f"{'state of the thing':46}", *heads])]
    made += [" ".join([f"{action:34}", f"{state:46}", *(f"{cells[head]:{len(head)}}" for head in heads)]).rstrip()
             for action, state, cells in rows(world)]
    return made


def main() -> None:
    """Write the snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/matrix.sqlite3"))
        with app.app_context():
            db.create_all()
            SNAPSHOT.write_text("\n".join(lines(World(Make()))) + "\n")
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
