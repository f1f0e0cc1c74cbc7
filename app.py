"""The entry point: `app` for a WSGI server; run as a script it prepares the database and serves."""

from consult.factory import create_app
from consult.serving import serve

app = create_app()

if __name__ == "__main__":
    serve(app)
