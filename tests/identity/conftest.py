"""A provider of identity in a process of its own, and people who sign in with it through real HTTP."""

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import settings_for

HOUSE = Path(__file__).resolve().parents[2]
TAX_CODE, BORN = "RSSMRA85T10A562S", "1985-12-10"


class Provider:
    """The running provider, as a test tells it what to do."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def sign_in_as(self, claims=None, *, rotate=None, **faults):
        """Say who signs in next, and what goes wrong; answers what it was asked so far."""
        wanted = {"faults": faults, "rotate": rotate, **({"claims": claims} if claims is not None else {})}
        return requests.post(f"{self.issuer}/control", {"wanted": json.dumps(wanted)}, timeout=10).json()

    def authorize(self, address):
        """What a browser does at the provider: it is sent back at once, as if the person had signed in there."""
        answer = requests.get(address, allow_redirects=False, timeout=10)
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    port_file = tmp_path_factory.mktemp("provider") / "issuer"
    process = subprocess.Popen([sys.executable, "-m", "tests.provider.server", str(port_file)], cwd=HOUSE)
    try:
        while not port_file.exists():
            assert process.poll() is None, "the provider did not start"
            time.sleep(0.05)
        yield port_file.read_text()
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def provider(running):
    provider = Provider(running)
    provider.sign_in_as({"sub": "somebody"})
    return provider


@pytest.fixture
def settings(database_url, tmp_path, running):
    (tmp_path / "providers.toml").write_text(f"""
[spid]
name = "SPID"
issuer = "{running}"
client_id = "consult"
client_secret = "a secret between the two of us"
acr_values = ["https://www.spid.gov.it/SpidL2"]
[spid.levels]
"https://www.spid.gov.it/SpidL3" = "high"
""")
    return settings_for(tmp_path, database_url)


@pytest.fixture
def come_back(provider):
    """Go to the provider and come back, as far as the page that asks what to do."""

    def act(visitor, next="/", change=lambda address: address):
        begun = visitor.get(f"/accedi/identita/spid?next={next}")
        assert begun.status_code == 303, begun.get_data(as_text=True)
        return visitor.get(provider.authorize(change(begun.headers["Location"])))

    return act


def mario(**changes):
    """The claims of somebody, as a gateway gives them."""
    return {"sub": "mario@spid", "fiscalNumber": f"TINIT-{TAX_CODE}", "given_name": "MARIO", "family_name": "ROSSI",
            "birthdate": BORN, **changes}
