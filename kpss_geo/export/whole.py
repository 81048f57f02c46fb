"""Files written whole or not at all: what was there stays until the new one is complete."""

import contextlib
import errno
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_, CannotWrite
from kpss_geo.text import fold

WHY: Final[Mapping[int, str]] = {
    errno.ENOSPC: N_("there is no room left on the disk"),
    errno.EDQUOT: N_("there is no room left on the disk"),
    errno.EACCES: N_("this program may not write there, or it is open in another program"),
    errno.EPERM: N_("this program may not write there, or it is open in another program"),
    errno.EROFS: N_("the disk or the folder is for reading only"),
    errno.ENOTDIR: N_("there is a file where its folder should be"),
    errno.EEXIST: N_("there is a file where its folder should be"),
}
"""What the system says, in our words."""
BESIDE: Final = ("-journal", "-wal", "-shm")


def write(path: Path, content: bytes) -> Path:
    """Write a file and give its path; its folder is made where it is missing.

    Raises
    ------
    CannotWrite
        The folder or the file cannot be written: no right, no room, open elsewhere.
    """

    def put(half: Path) -> None:
        half.write_bytes(content)

    return make(path, put)


def make(path: Path, put: Callable[[Path], None]) -> Path:
    """Let `put` write a file under another name, and give it its own when it is complete.

    Raises
    ------
    CannotWrite
        The folder or the file cannot be written: no right, no room, open elsewhere.
    """
    half = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        put(half)
        half.replace(path)
    except OSError as error:
        raise cannot(path, error) from error
    finally:
        _remove(half)
    return path


def _remove(half: Path) -> None:
    """Leave nothing of a file that was not completed, nor of what SQLite puts beside it."""
    for left in (half, *(half.with_name(f"{half.name}{end}") for end in BESIDE)):
        with contextlib.suppress(OSError):
            left.unlink()


def cannot(path: Path, error: OSError) -> CannotWrite:
    """Give the error to raise for a file that could not be written."""
    return CannotWrite(
        file=path.name, why=WHY.get(error.errno or 0) or error.strerror or str(error)
    )


def file_name(text: str) -> str:
    """Give a text as a file name that every system takes.

    >>> file_name("Domovy pro seniory (§ 49)")
    'domovy-pro-seniory-49'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60] or "bez-nazvu"
