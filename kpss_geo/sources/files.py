"""Where a file is: the office's own data folder first, then what the product ships."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpss_geo.errors import N_, FileNotUsable
from kpss_geo.settings import Settings, shipped_root

MAX_BYTES = 500_000_000
"""A table larger than this is refused before it is read."""


@dataclass(frozen=True)
class Found:
    """A file, and whether it is the office's own or the shipped one."""

    path: Path
    own: bool

    @property
    def label(self) -> str:
        """Name shown in reports: never a path of this machine."""
        return self.path.name


def find(name: str, *, settings: Settings) -> Found:
    """Give the file of that name from the data folder, else from `geodata/`.

    Raises
    ------
    FileNotUsable
        Neither folder holds it.
    """
    own = settings.geo_data / name
    if own.is_file():
        return Found(own, own=True)
    shipped = shipped_root() / "geodata" / name
    if shipped.is_file():
        return Found(shipped, own=False)
    raise FileNotUsable(file=name, why=N_("it does not exist"))


def check_readable(path: Path) -> None:
    """Raise `FileNotUsable` for a file that is absent, empty or far too large."""
    if not path.is_file():
        raise FileNotUsable(file=path.name, why=N_("it does not exist"))
    size = path.stat().st_size
    if size == 0:
        raise FileNotUsable(file=path.name, why=N_("it is empty"))
    if size > MAX_BYTES:
        raise FileNotUsable(file=path.name, why=N_("it is larger than 500 MB"))


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    FileNotUsable
        The file is absent, empty, or not TOML; the reason names the line.
    """
    check_readable(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileNotUsable(file=path.name, why=str(error)) from error


def digest(paths: Iterable[Path], *, more: str = "") -> str:
    """SHA-256 over the contents of the files, in the order of their names, 12 hex digits.

    `more` stands for what is not in these files.
    """
    total = hashlib.sha256(more.encode())
    for path in sorted(paths, key=lambda p: p.name):
        total.update(path.name.encode())
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:12]
