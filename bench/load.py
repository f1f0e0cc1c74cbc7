"""A load of keep-alive connections from this machine to itself, and what it cost the server."""

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
Request = Callable[[int], bytes]
"""Makes the n-th request, as it goes over the wire."""


@dataclass(frozen=True)
class Measure:
    """Requests per second, times in milliseconds, processor time for one request in milliseconds: that of the server,
    and of the database where it runs by itself."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    refused: int


def measure(port: int, pids: Sequence[int], request: Request, *, seconds: float, connections: int,
            first: int = 0) -> Measure:
    """Ask for some seconds over some connections, beginning with some number; `pids` are those whose work counts.

    Answers of 400 and above are counted as refused.
    """
    times: list[float] = []
    refused = [0]
    numbers = iter(range(first, 10**9))
    guard = threading.Lock()
    until = time.perf_counter() + seconds

    def ask() -> None:
        own: list[float] = []
        with socket.create_connection(("127.0.0.1", port)) as wire:
            reader = wire.makefile("rb")
            while time.perf_counter() < until:
                with guard:
                    number = next(numbers)
                begun = time.perf_counter()
                wire.sendall(request(number))
                status = _answer(reader)
                own.append((time.perf_counter() - begun) * 1000)
                refused[0] += status >= 400
        with guard:
            times.extend(own)

    cpu, begun = _cpu(pids), time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    times.sort()
    return Measure(rate=len(times) / elapsed, p50=_at(times, .5), p95=_at(times, .95), p99=_at(times, .99),
                   cpu=(_cpu(pids) - cpu) * 1000 / max(len(times), 1), refused=refused[0])


def _answer(reader: socket.SocketIO) -> int:
    status = int(reader.readline().split()[1])
    length, chunked = 0, False
    while (line := reader.readline().strip()):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        chunked = chunked or line.lower() == b"transfer-encoding: chunked"
    if chunked:
        while (size := int(reader.readline(), 16)):
            reader.read(size + 2)
        reader.readline()
    else:
        reader.read(length)
    return status


def _cpu(pids: Sequence[int]) -> float:
    """Seconds of processor time that processes and their children have used."""
    return sum(_used(pid) for pid in pids) + sum(_used(child) for pid in pids for child in _children(pid))


def _used(pid: int) -> float:
    """What a process has used, with those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return 0.0
    return sum(map(int, fields[11:15])) / TICK


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(pid: int) -> float:
    """Megabytes that a process holds in memory."""
    with Path(f"/proc/{pid}/status").open() as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def _at(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


def get(path: str, **headers: str) -> bytes:
    """A GET as it goes over the wire."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{lines}\r\n".encode()


def post(path: str, body: str, **headers: str) -> bytes:
    """A POST of a form as it goes over the wire."""
    data = body.encode()
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(data)}\r\n{lines}\r\n").encode() + data
