"""What a taking replaced is kept beside, so that one step can be taken back.

In the data folder `before/<kind>/` holds the table and its note as they were; it is empty
where there was no table. Taking back swaps the two, so it can itself be taken back.
"""

import shutil
from pathlib import Path
from typing import Final

from kpss_geo.errors import CannotWrite, NothingToUndo
from kpss_geo.own.kinds import FILES, Kind
from kpss_geo.sources.taken import note_beside

BEFORE: Final = "before"


def keep(kind: Kind, *, folder: Path) -> None:
    """Keep the table and the note of a kind as they are now; what was kept before goes."""
    kept = folder / BEFORE / kind
    half = _copied(kind, folder=folder)
    shutil.rmtree(kept, ignore_errors=True)
    half.rename(kept)


def can_undo(kind: Kind, *, folder: Path) -> bool:
    """Whether there is something to take back."""
    return (folder / BEFORE / kind).is_dir()


def undo_table(kind: Kind, *, folder: Path) -> Path | None:
    """Put back the table that the last taking replaced; gives its path, None without one.

    Raises
    ------
    NothingToUndo
        Nothing of this kind was taken over.
    CannotWrite
        The folder cannot be written.
    """
    kept = folder / BEFORE / kind
    target = folder / FILES[kind]
    if not kept.is_dir():
        raise NothingToUndo(file=target.name)
    try:
        half = _copied(kind, folder=folder)
        for path in (target, note_beside(target)):
            old = kept / path.name
            if old.is_file():
                put(path, old.read_bytes())
            else:
                path.unlink(missing_ok=True)
        shutil.rmtree(kept)
        half.rename(kept)
    except OSError as error:
        raise CannotWrite(file=target.name, why=error.strerror or str(error)) from error
    return target if target.is_file() else None


def put(target: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there."""
    half = target.with_name(target.name + ".part")
    half.write_bytes(content)
    half.replace(target)


def _copied(kind: Kind, *, folder: Path) -> Path:
    """Copy the table and the note of a kind, as they are, into a folder not yet in its place."""
    half = folder / BEFORE / f"{kind}.part"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    target = folder / FILES[kind]
    for path in (target, note_beside(target)):
        if path.is_file():
            shutil.copyfile(path, half / path.name)
    return half
