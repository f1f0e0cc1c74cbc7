"""The whole database as text, as a backup of it would hold it."""

import sqlite3
import subprocess

from consult.core.db import db
from tests.postgresql import program


def dump() -> str:
    """Every statement that would build the database of the test anew; what the test has built so far is kept first."""
    db.session.commit()
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        with sqlite3.connect(str(url.database)) as connection:
            text = "\n".join(connection.iterdump())
        connection.close()
        return text
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run([program("pg_dump"), "--inserts", address], capture_output=True, text=True, check=True).stdout
