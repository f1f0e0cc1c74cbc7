"""What the benchmarks ask: a demonstration that was grown, served by itself, and the bare floor beside it."""

import contextlib
import http.cookiejar
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

HOUSE = Path(__file__).resolve().parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "app"]


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int


def grow(folder: Path, *, database: str = "", **size: int) -> None:
    """Load the demonstration into a new database, in a folder or at an address, and grow it to a size."""
    more = [part for name, number in size.items() for part in (f"--{name}", str(number))]
    for command in (["db", "upgrade"], ["demo", "load"], ["demo", "grow", *more]):
        _told(command, folder, database)


def copied(kept: Path, folder: Path) -> None:
    """Take a copy of what was grown before in a folder, with the tables of today."""
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    _told(["db", "upgrade"], folder)


def _told(command: list[str], folder: Path, database: str = "") -> None:
    subprocess.run([*FLASK, *command], cwd=HOUSE, env=_environment(folder, database), check=True)  # noqa: S603 - our own commands


def bare(folder: Path) -> contextlib.AbstractContextManager[Server]:
    """The floor, served as the application is."""
    return _serving([sys.executable, "-m", "bench.bare", "PORT"], folder,
                    BARE_DATABASE=str(folder / "bare.sqlite3"))


def consult(folder: Path, *, database: str = "", house: Path = HOUSE) -> contextlib.AbstractContextManager[Server]:
    """The application, or another version of it in a folder of its own, on what was grown."""
    return _serving([sys.executable, "app.py"], folder, database, house)


def final(server: Server, path: str) -> str:
    """The path to which a path leads in the end."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        return str(answer.url).partition(f":{server.port}")[2]


def signed_in(server: Server, email: str = "cittadina@example.org") -> tuple[str, str]:
    """The cookie of somebody, of a citizen where nobody is named, and a token for forms."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{server.port}"

    def token(path: str) -> str:
        page = opener.open(address + path).read().decode()
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if not found:
            raise SystemExit(f"{path} has no form token")
        return found[1]

    form = {"csrf_token": token("/accedi"), "email": email, "password": "dimostrazione"}
    opener.open(f"{address}/accedi", urlencode(form).encode())
    made = token("/profilo")
    return "; ".join(f"{kept.name}={kept.value}" for kept in jar), made


def _environment(folder: Path, database: str = "", **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    place = {"DATABASE_URL": database} if database else {}
    return {**kept, "INSTANCE": str(folder), "CONSULT_RATE_LIMITS": "0", **place, **more}


@contextlib.contextmanager
def _serving(command: list[str], folder: Path, database: str = "", house: Path = HOUSE,
             **more: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [part.replace("PORT", str(port)) for part in command]
    process = subprocess.Popen(argv, cwd=house,  # noqa: S603 - our own servers
                               env=_environment(folder, database, PORT=str(port), **more),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()
