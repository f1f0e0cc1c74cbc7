"""Write the list of routes anew, after a deliberate change: `python -m tests.architecture.routes`."""

import tempfile
from pathlib import Path

from consult.factory import create_app
from tests.architecture.test_routes import SNAPSHOT, lines
from tests.conftest import settings_for

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/consult.sqlite3"))
        SNAPSHOT.write_text("\n".join(lines(app)) + "\n")
