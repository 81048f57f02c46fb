"""Many people at once: how long a page takes, and how much memory the server needs.

A server of its own is started on 127.0.0.1. Each visitor is one websocket, as of a
browser, that opens pages one after another and reads them in between; the browser's own
drawing is not in the figures. The same walk alone comes first, so that the table can say
how many times slower a full room is. Memory is that of the server (Linux only).
"""

import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WALK: Final = (
    ("", "uzemi=sluknovsko"),
    ("mezery", "uzemi=sluknovsko&sluzba=10"),
    ("mezery", "uzemi=sluknovsko&sluzba=10&obec=562882"),
    ("obec", "obec=562858"),
    ("najit", "obec=545708&situace=domov-senioru"),
    ("", "uzemi=jihomoravsky"),
    ("mezery", "uzemi=jihomoravsky&sluzba=13"),
    ("mezery", "uzemi=jihomoravsky&sluzba=10&dosah=15"),
)
"""Pages of one visit, in their order: a planner's, a mayor's and a resident's."""
LONGEST_MESSAGE: Final = 64 * 1024 * 1024
START_SECONDS: Final = 90


@dataclass(frozen=True)
class Step:
    """One page of one visit: which, how long until it was whole, whether it was an error."""

    page: str
    seconds: float
    failed: bool


def run(app: Path, *, sessions: int, think_s: float) -> None:
    """Time the walk of one visitor and of many, and print the table.

    Parameters
    ----------
    app : the script that Streamlit runs
    sessions : visitors at once
    think_s : longest time a visitor reads a page, seconds; the least is a quarter of it
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    server = subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=app.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, server)
        memory = {"started": _mib(server.pid)}
        asyncio.run(_visitors(port, 1, 0.0))  # the first visit reads the tables
        memory["one visitor"] = _mib(server.pid)
        alone = asyncio.run(_visitors(port, 1, 0.0))
        full = asyncio.run(_visitors(port, sessions, think_s))
        memory[f"{sessions} visitors"] = _mib(server.pid)
        again = asyncio.run(_visitors(port, sessions, think_s))
        memory[f"{sessions} more"] = _mib(server.pid)
    except (ConnectionClosed, OSError) as error:
        ended = server.poll()
        what = "the server went on" if ended is None else f"the server ended with {ended}"
        raise RuntimeError(f"a visitor was cut off: {what}") from error
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
    _print(alone, [*full, *again], sessions, memory)


async def _visitors(port: int, count: int, think_s: float) -> list[Step]:
    """Let so many people walk at once, each from another page of the walk."""
    walks = [_visit(port, number, think_s) for number in range(count)]
    return [step for steps in await asyncio.gather(*walks) for step in steps]


async def _visit(port: int, number: int, think_s: float) -> list[Step]:
    chance = random.Random(number)  # noqa: S311 - no secret
    start = number % len(WALK)
    steps = []
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, max_size=LONGEST_MESSAGE, subprotocols=None) as line:
        for page, query in WALK[start:] + WALK[:start]:
            await asyncio.sleep(chance.uniform(think_s / 4, think_s))
            steps.append(await _open(line, page, query))
    return steps


async def _open(line: ClientConnection, page: str, query: str) -> Step:
    """Ask for a page and wait until the script has ended; the messages are only counted."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = page
    begun, failed = time.perf_counter(), False
    await line.send(asked.SerializeToString())
    while True:
        message = ForwardMsg.FromString(bytes(await line.recv(decode=False)))
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            failed = True
        if kind == "page_not_found":
            failed = True
        if kind == "script_finished" and message.script_finished in _ENDS:
            return Step(page or "prehled", time.perf_counter() - begun, failed)


_ENDS: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError):
            address = f"http://127.0.0.1:{port}/_stcore/health"
            with urllib.request.urlopen(address, timeout=2):
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not start")


def _mib(pid: int) -> float:
    """Memory of a process now, MiB; not a number where the system does not say."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return float("nan")


def _print(
    alone: Sequence[Step], full: Sequence[Step], sessions: int, memory: dict[str, float]
) -> None:
    console = Console()
    table = Table(title=f"{sessions} visitors at once, seconds until a page is whole")
    for heading in ("page", "alone", "median", "95 of 100", "most", "times slower", "errors"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for page in dict.fromkeys(step.page for step in alone):
        one = statistics.median(s.seconds for s in alone if s.page == page)
        many = sorted(s.seconds for s in full if s.page == page)
        middle = statistics.median(many)
        late = many[min(len(many) - 1, int(len(many) * 0.95))]
        failed = sum(s.failed for s in full if s.page == page)
        row = (one, middle, late, many[-1])
        times = f"{middle / one:.1f}"
        table.add_row(page, *(f"{value:.2f}" for value in row), times, str(failed))
    console.print(table)
    console.print(
        "memory of the server, MiB: " + ", ".join(f"{k} {v:.0f}" for k, v in memory.items())
    )
    if hasattr(os, "getloadavg"):
        console.print(f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
