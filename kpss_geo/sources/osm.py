"""Roads from an OpenStreetMap extract (`.osm.pbf`, `.osm`, `.osm.gz`)."""

import hashlib
from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kpss_geo.errors import N_, FileNotUsable, Finding, MissingExtra, NoRoads
from kpss_geo.schema import to_metric
from kpss_geo.sources.osm_tags import Passage, Profile, blocks, is_unknown_class, passage
from kpss_geo.sources.segments import Origin, Progress, Segments, silent

LICENCE: Final = "OpenStreetMap contributors, ODbL 1.0"
SUFFIXES: Final = (".osm.pbf", ".osm.gz", ".osm.bz2", ".osm")
MAX_BYTES: Final = 2_000_000_000
TELL_EVERY: Final = 10_000


@dataclass
class _Heap:
    """What is collected while the file is read once."""

    blocked: set[int] = field(default_factory=set)
    rows: dict[int, int] = field(default_factory=dict)
    lon: "array[float]" = field(default_factory=lambda: array("d"))
    lat: "array[float]" = field(default_factory=lambda: array("d"))
    tail: "array[int]" = field(default_factory=lambda: array("q"))
    head: "array[int]" = field(default_factory=lambda: array("q"))
    way: "array[int]" = field(default_factory=lambda: array("q"))
    ways: list[Passage] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    cut: int = 0


def read_osm(path: Path, *, profile: Profile = "car", progress: Progress = silent) -> Segments:
    """Read the roads of an extract as straight pieces in EPSG:5514.

    What tags mean stands in `osm_tags`. Turn restrictions and turn costs are left out.
    Coordinates outside Czechia are projected too, so that roads across the border join.
    Lengths are planar in EPSG:5514 (within 0.02 % of those on the ground in Czechia).
    A way that leaves the extract is cut there and counted in a finding.

    Raises
    ------
    MissingExtra
        pyosmium is not installed.
    FileNotUsable
        The file is absent, empty, cut in the middle or of another kind. A PBF file cut
        exactly between two of its blocks cannot be told from a whole one.
    NoRoads
        The file is whole but has no way of this profile.
    """
    _check(path)
    heap, as_of = _read(path, profile=profile, progress=progress)
    if not heap.tail:
        raise NoRoads(file=path.name, profile=profile, why=N_("no way in it may be used"))
    progress(N_("Projecting coordinates"), len(heap.lon))
    x, y = to_metric(np.asarray(heap.lon), np.asarray(heap.lat))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise FileNotUsable(file=path.name, why=N_("it holds coordinates outside Central Europe"))
    tail, head, way = (np.asarray(part, np.int64) for part in (heap.tail, heap.head, heap.way))
    forward, backward = _speeds(heap.ways, way, np.hypot(x[tail] - x[head], y[tail] - y[head]))
    return Segments(
        x=x,
        y=y,
        tail=tail,
        head=head,
        forward_kmh=forward,
        backward_kmh=backward,
        stoppable=np.array([rule.stoppable for rule in heap.ways], bool)[way],
        origin=Origin(path.name, sha256(path), as_of, LICENCE, profile),
        findings=tuple(_findings(heap, file=path.name)),
    )


def sha256(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path) -> None:
    if not path.is_file():
        raise FileNotUsable(file=path.name, why=N_("it does not exist"))
    if not path.name.lower().endswith(SUFFIXES):
        raise FileNotUsable(file=path.name, why=N_("it is not .osm.pbf, .osm.gz or .osm"))
    size = path.stat().st_size
    if size == 0:
        raise FileNotUsable(file=path.name, why=N_("it is empty"))
    if size > MAX_BYTES:
        raise FileNotUsable(file=path.name, why=N_("it is larger than 2 GB"))


def _read(path: Path, *, profile: Profile, progress: Progress) -> tuple[_Heap, str]:
    try:
        import osmium  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtra(
            package="osmium", what=N_("reading OpenStreetMap"), extra="roads"
        ) from error
    heap = _Heap()
    try:
        wanted = osmium.filter.KeyFilter("highway", "barrier", "route")
        reader = osmium.FileProcessor(str(path)).with_locations().with_filter(wanted)
        for thing in reader:
            if isinstance(thing, osmium.osm.Way):
                _take_way(heap, thing, profile=profile)
                if len(heap.ways) % TELL_EVERY == 0:
                    progress(N_("Reading roads"), len(heap.ways))
            elif isinstance(thing, osmium.osm.Node) and blocks(dict(thing.tags), profile=profile):
                heap.blocked.add(thing.id)
        as_of = reader.header.get("osmosis_replication_timestamp") or reader.header.get("timestamp")
    except (RuntimeError, OSError, ValueError) as error:
        raise FileNotUsable(file=path.name, why=str(error).replace(str(path), path.name)) from error
    return heap, (as_of or "")[:10]


def _take_way(heap: _Heap, way: Any, *, profile: Profile) -> None:
    tags = dict(way.tags)
    rule = passage(tags, profile=profile)
    if rule is None:
        if is_unknown_class(tags):
            heap.unknown[tags["highway"]] += 1
        return
    number = len(heap.ways)
    heap.ways.append(rule)
    before = -1
    for node in way.nodes:
        place = node.location
        if not place.valid():
            heap.cut += before >= 0
            before = -1
            continue
        here = _row(heap, node.ref, place.lon, place.lat)
        if 0 <= before != here:
            heap.tail.append(before)
            heap.head.append(here)
            heap.way.append(number)
        # Beyond a barrier the road goes on from a row of its own: the two sides do not join.
        before = _new_row(heap, place.lon, place.lat) if node.ref in heap.blocked else here


def _row(heap: _Heap, ref: int, lon: float, lat: float) -> int:
    if ref in heap.blocked:
        return _new_row(heap, lon, lat)
    row = heap.rows.get(ref)
    if row is None:
        row = heap.rows[ref] = _new_row(heap, lon, lat)
    return row


def _new_row(heap: _Heap, lon: float, lat: float) -> int:
    heap.lon.append(lon)
    heap.lat.append(lat)
    return len(heap.lon) - 1


def _speeds(
    ways: list[Passage], way: NDArray[np.int64], metres: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    forward = np.array([rule.forward_kmh for rule in ways], np.float64)
    backward = np.array([rule.backward_kmh for rule in ways], np.float64)
    seconds = np.array([rule.duration_s or np.nan for rule in ways], np.float64)
    timed = np.bincount(way, weights=metres, minlength=len(ways)) / seconds * 3.6
    for kmh in (forward, backward):
        stated = np.isfinite(timed) & (timed > 0) & (kmh > 0)
        kmh[stated] = timed[stated]
    return forward[way], backward[way]


def _findings(heap: _Heap, *, file: str) -> list[Finding]:
    found = [
        Finding(
            "note",
            file,
            N_("{count} ways have the unknown class {value}. They were left out."),
            column="highway",
            fields={"count": count, "value": value[:40]},
        )
        for value, count in heap.unknown.most_common(20)
    ]
    if heap.cut:
        template = N_("{count} roads leave the extract and were cut at its edge.")
        found.append(Finding("note", file, template, fields={"count": heap.cut}))
    return found
