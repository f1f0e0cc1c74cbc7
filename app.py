"""The entry point: `app` for a WSGI server; run as a script it prepares the database and serves."""

from consult.core.config import SettingsError
from consult.factory import create_app
from consult.serving import serve

try:
    app = create_app()
except SettingsError as faults:
    raise SystemExit(f"Consult cannot start.\n{faults}") from None

if __name__ == "__main__":
    serve(app)
