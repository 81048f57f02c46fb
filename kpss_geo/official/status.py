"""How old each official source in the data folder is, and whether that is too old."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from kpss_geo.settings import Settings
from kpss_geo.sources import register_store
from kpss_geo.sources.fetch import geofabrik_roads, gtfs_timetables, ruian_addresses
from kpss_geo.sources.fetch.catalogue import CHOOSABLE, REGISTER, OfficialSource
from kpss_geo.sources.fetch.manifest import Manifest, day_of, read_manifest
from kpss_geo.sources.osm import sha256

State = Literal["fetched", "own", "absent"]
FILES: Final = {
    "boundaries": ("boundaries.parquet",),
    "parts": ("parts.csv",),
    "people": ("population.csv",),
    "register": (f"{register_store.FOLDER}/{register_store.MANIFEST}", "register.csv"),
    "roads": (geofabrik_roads.FILE, geofabrik_roads.file_of("*")),
    "timetables": (gtfs_timetables.file_of("").removesuffix(".zip") + "*.zip",),
    "addresses": (f"{ruian_addresses.FOLDER}/*.parquet",),
}
"""Where each source lies in the data folder."""


@dataclass(frozen=True)
class SourceStatus:
    """A source in the data folder; of several files the oldest data count.

    It is stale when its data are older than the settings allow, or, where they say until
    when they hold (timetables), when that day is over.

    `state` is *own* when a file was not written by a fetch, or was changed since; `as_of`,
    `fetched` and `age_days` are empty where that is not known.
    """

    source: OfficialSource
    state: State
    files: tuple[str, ...]
    as_of: str
    fetched: str
    age_days: int | None
    stale: bool
    licence: str
    attribution: str
    rows: int | None
    note: str


def status(settings: Settings, *, today: date | None = None) -> tuple[SourceStatus, ...]:
    """Give every source in the order it is fetched; nothing is asked from outside."""
    return tuple(status_of(source, settings=settings, today=today) for source in CHOOSABLE.values())


def status_of(
    source: OfficialSource, *, settings: Settings, today: date | None = None
) -> SourceStatus:
    """Give one source as it lies in the data folder."""
    day = today or date.today()  # noqa: DTZ011 - the day of who looks
    limit = dict(settings.stale_days).get(source.id)
    paths = [path for name in FILES[source.id] for path in sorted(settings.geo_data.glob(name))]
    manifests = [read_manifest(path) for path in paths]
    known = [manifest for manifest in manifests if manifest is not None]
    oldest = min(known, key=lambda manifest: manifest.as_of, default=None)
    as_of = oldest.as_of if oldest else _imported_day(source, settings)
    born = day_of(as_of)
    age = None if born is None else max(0, (day - born).days)
    ends = [end for manifest in known if (end := day_of(manifest.valid_to)) is not None]
    old = age is not None and limit is not None and age >= limit
    rows = [manifest.rows for manifest in known if manifest.rows is not None]
    return SourceStatus(
        source=source,
        state=_state(paths, manifests),
        files=tuple(path.relative_to(settings.geo_data).as_posix() for path in paths),
        as_of=as_of,
        fetched=min((m.fetched.date().isoformat() for m in known), default=""),
        age_days=age,
        stale=min(ends) < day if ends else old,
        licence=oldest.licence if oldest else source.licence,
        attribution=oldest.attribution if oldest else source.attribution,
        rows=sum(rows) if rows else None,
        note=oldest.note if oldest else "",
    )


def _imported_day(source: OfficialSource, settings: Settings) -> str:
    """Day of a register that was taken over from a file by hand; empty without one."""
    path = register_store.manifest_path(settings)
    if source is not REGISTER or path is None:
        return ""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["as_of"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _state(paths: list[Path], manifests: Iterable[Manifest | None]) -> State:
    if not paths:
        return "absent"
    pairs = zip(paths, manifests, strict=True)
    whole = all(m is not None and sha256(path) == m.sha256 for path, m in pairs)
    return "fetched" if whole else "own"
