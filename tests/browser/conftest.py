"""A real server on 127.0.0.1 and a real Chromium with everything outside blocked."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from facts import EMPTY_FOLDER, REAL_FOLDER, REPOSITORY

SHOTS = Path(__file__).parent / "shots"
START_SECONDS = 90


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(folder: Path, *, port: int = 0, **more: str) -> Iterator[str]:
    port = port or _free_port()
    environment = {**os.environ, "KPSS_GEO_DATA": str(folder), "KPSS_LANGUAGE": "cs", **more}
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
         "--server.address", "127.0.0.1"],
        cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail("the server stopped while starting")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not start")


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    """Address of the app without a data folder."""
    yield from _serve(EMPTY_FOLDER)


@pytest.fixture(scope="session")
def real_app(real_folder: Path) -> Iterator[str]:
    """Address of the app with real boundaries."""
    assert real_folder == REAL_FOLDER
    yield from _serve(real_folder)


@pytest.fixture(scope="session")
def serve() -> Callable[..., Iterator[str]]:
    """Start a server of one's own: `serve(folder, port=..., KPSS_X=...)` gives its address."""
    return _serve


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return _free_port


@pytest.fixture(scope="session")
def own_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of an app whose plan is written into, and its folder."""
    folder = tmp_path_factory.mktemp("own-plan")
    for address in _serve(folder):
        yield address, folder


@pytest.fixture
def outside() -> list[str]:
    """Requests that tried to leave the machine; each is blocked and kept."""
    return []


@pytest.fixture
def open_browser(browser: Browser, outside: list[str]) -> Iterator[Callable[[], Page]]:
    """Open browsers that know nothing of each other and cannot reach but 127.0.0.1."""

    def guard(route: Route) -> None:
        url = route.request.url
        if url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
        else:
            outside.append(url)
            route.abort()

    contexts = []

    def new() -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="cs-CZ")
        contexts.append(context)
        context.set_default_timeout(45_000)
        context.route("**/*", guard)
        return context.new_page()

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_browser: Callable[[], Page]) -> Page:
    """A new page of 1366 × 768 that cannot reach anything but 127.0.0.1."""
    return open_browser()
