"""Taking over a file of the official register: imported, put in place, compared with before."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from kpss_geo.catalogue import ServiceType
from kpss_geo.errors import N_, FileNotUsable, KpssGeoError
from kpss_geo.providers import imported_register, providers_of
from kpss_geo.settings import Settings
from kpss_geo.sources.register import Register
from kpss_geo.sources.register_changes import changes
from kpss_geo.sources.register_store import write_register
from kpss_geo.sources.rpss import import_rpss
from kpss_geo.sources.rpss_codes import read_codes
from kpss_geo.sources.segments import Progress, silent

LISTS_FOLDER: Final = "code_lists"


@dataclass(frozen=True)
class Taken:
    """A register just taken over, and what changed; no changes are told of a first one."""

    register: Register
    changes: pd.DataFrame | None
    records: int
    left_out: int


def take_register(
    path: Path,
    settings: Settings,
    *,
    obce: pd.DataFrame,
    types: dict[str, ServiceType],
    as_of: date | None = None,
    lists: Path | None = None,
    progress: Progress = silent,
) -> Taken:
    """Import a file of the register into the data folder; a bad one leaves what was there.

    Parameters
    ----------
    as_of
        Day of the file; without it that of its manifest, else when it was last changed.
    lists
        Folder of the official code lists; without it `code_lists` beside the file, else in
        the data folder.

    Raises
    ------
    FileNotUsable
        It is not the register, or holds no service that can be used.
    """
    codes, list_findings = read_codes(lists or _lists_near(path, settings))
    day = as_of or _day_of(path)
    read = import_rpss(path, codes=codes, as_of=day, progress=progress, found_before=list_findings)
    if read.services.empty:
        raise FileNotUsable(file=path.name, why=N_("none of its records is a service"))
    before = _held(settings, obce=obce, types=types)
    after = providers_of(read, settings, obce=obce, types=types).register
    write_register(read, settings)
    told = None if before is None else changes(before, after)
    return Taken(after, told, read.records, read.left_out)


def _held(
    settings: Settings, *, obce: pd.DataFrame, types: dict[str, ServiceType]
) -> Register | None:
    """Give the imported register of the data folder; None without one that can be read."""
    try:
        return imported_register(settings, obce=obce, types=types).register
    except KpssGeoError:
        return None


def _lists_near(path: Path, settings: Settings) -> Path | None:
    folders = (path.parent / LISTS_FOLDER, settings.geo_data / LISTS_FOLDER)
    return next((folder for folder in folders if folder.is_dir()), None)


def _day_of(path: Path) -> date:
    """Day of a file: what the manifest beside it says, else when it was last changed."""
    beside = path.with_name(f"{path.name}.manifest.json")
    try:
        return date.fromisoformat(json.loads(beside.read_text(encoding="utf-8"))["as_of"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
    except OSError as error:
        raise FileNotUsable(file=path.name, why=N_("it does not exist")) from error
