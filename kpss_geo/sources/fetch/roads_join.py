"""Extracts of several kraje joined into the one road file of the data folder.

Only ways that may carry somebody are kept, with the points they stand on; what two extracts
share is kept once, so that roads go on across the border of the kraje.
"""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from kpss_geo.errors import N_, AnswerNotUsable, MissingExtra
from kpss_geo.sources.fetch.catalogue import ROADS
from kpss_geo.sources.fetch.line import Progress

KEYS: Final = ("highway", "route")
STEP: Final = N_("Joining roads")
TELL_EVERY: Final = 50_000
STAMPS: Final = ("osmosis_replication_timestamp", "timestamp")


def join_extracts(paths: Sequence[Path], half: Path, *, progress: Progress) -> str:
    """Write the roads of the extracts into `half` (PBF); gives the day of the oldest of them.

    Raises
    ------
    MissingExtra
        pyosmium is not installed.
    AnswerNotUsable
        An extract is damaged.
    """
    try:
        import osmium  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtra(package="osmium", what=STEP, extra="roads") from error
    try:
        stamp = min(filter(None, (_stamp(path, osmium) for path in paths)), default="")
        header = osmium.io.Header()
        header.set(STAMPS[0], stamp)
        half.unlink(missing_ok=True)
        with osmium.SimpleWriter(osmium.io.File(str(half), "pbf"), header=header) as writer:
            for done, thing in enumerate(_things(paths, osmium)):
                writer.add(thing)
                if done % TELL_EVERY == 0:
                    progress(STEP, done, None)
    except (RuntimeError, ValueError) as error:
        raise AnswerNotUsable(source=ROADS.title, why=N_("an extract is damaged")) from error
    return stamp[:10]


def _things(paths: Sequence[Path], osmium: Any) -> Any:
    """Points of roads, then roads; of several versions of one the newest."""
    needed = osmium.IdTracker()
    for way in chain.from_iterable(_ways(path, osmium) for path in paths):
        needed.add_references(way)
    points = [
        osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(needed.id_filter())
        for path in paths
    ]
    for processors in (points, [_ways(path, osmium) for path in paths]):
        for same in osmium.zip_processors(*processors):
            yield max(filter(None, same), key=lambda thing: thing.version)


def _ways(path: Path, osmium: Any) -> Any:
    wanted = osmium.filter.KeyFilter(*KEYS)
    return osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(wanted)


def _stamp(path: Path, osmium: Any) -> str:
    header = osmium.FileProcessor(str(path)).header
    return next((stamp for key in STAMPS if (stamp := header.get(key))), "")
