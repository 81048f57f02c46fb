"""Print the path of a Chromium for the browser tests, installing one if it can.

Looks for one on the machine, then for Playwright's own, then (as root) installs the
distribution's package. Prints nothing, and says why, when none can be had; the browser
tests are then skipped, or fail where KPSS_REQUIRE_BROWSER is set.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
)  # fmt: skip
PLAYWRIGHT_SECONDS = 300
PACKAGE_SECONDS = 900


def on_machine() -> str:
    """Path named by KPSS_CHROMIUM, or of a browser that the machine already has."""
    given = os.environ.get("KPSS_CHROMIUM", "")
    if given and Path(given).exists():
        return given
    return next((path for name in NAMES if (path := shutil.which(name))), "")


def of_playwright(*, install: bool) -> str:
    """Path of Playwright's own Chromium, downloading it first when asked to."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only in the test set-up

    if install and not _run([sys.executable, "-m", "playwright", "install", "chromium"]):
        return ""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def of_distribution() -> str:
    """Path of the distribution's Chromium, installed as root with apt-get."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not is_root or not shutil.which("apt-get"):
        return ""
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    steps = (["apt-get", "update"], install)
    for step in steps:
        if not _run(step, seconds=PACKAGE_SECONDS):
            return ""
    return on_machine()


def _run(command: list[str], *, seconds: int = PLAYWRIGHT_SECONDS) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> None:
    """Print the path, or say on standard error that there is none."""
    path = on_machine() or of_playwright(install=False)
    if not path:
        print("No Chromium here yet; getting one for the browser tests ...", file=sys.stderr)
        path = of_playwright(install=True) or of_distribution()
    if not path:
        print("No Chromium could be had: the browser tests will not run.", file=sys.stderr)
    print(path)


if __name__ == "__main__":
    main()
