"""The installation starts by itself and stops when asked."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
PATIENCE = 60


@pytest.fixture
def served(tmp_path):
    """The application as `python app.py` serves it, on a port and an instance of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment = {**kept, "INSTANCE": str(tmp_path), "HOST": "127.0.0.1", "PORT": str(port), "CONSULT_DEMO": "0"}
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(
            [sys.executable, "app.py"], cwd=HOUSE, env=environment, stdout=log, stderr=log) as process:
        try:
            _answers(f"http://127.0.0.1:{port}/salute", process)
            yield process
        finally:
            process.kill()


def _answers(address, process):
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address) as response:  # noqa: S310 - our own address
                assert response.status == 200
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail("the application did not start")


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_the_first_wish(served, wish):
    served.send_signal(wish)
    assert served.wait(PATIENCE) == 0


def test_it_holds_little_before_anybody_asks(served):
    status = Path(f"/proc/{served.pid}/status").read_text(encoding="ascii")
    assert int(status.partition("VmRSS:")[2].split()[0]) < 160 * 1024


def test_heavy_libraries_wait_until_they_are_needed(tmp_path):
    asked = ("import sys; from consult.core import later; from consult.core.config import Settings; "
             "from consult.factory import create_app; create_app(Settings.load()); "
             "print(*sorted(set(later.__all__) & set(sys.modules)))")
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run([sys.executable, "-c", asked], cwd=HOUSE, env={**kept, "INSTANCE": str(tmp_path)},
                          capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["huey"]


def test_a_secret_key_is_made_and_kept_from_others(served, tmp_path):
    key = tmp_path / "secret_key"
    assert served.poll() is None
    assert len(key.read_text(encoding="ascii")) >= 32
    assert key.stat().st_mode & 0o777 == 0o600
