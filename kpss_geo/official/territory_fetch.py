"""Everything a territory needs, source by source; one that is down does not stop the others."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import filelock
import pandas as pd

from kpss_geo.errors import (
    BadOption,
    DownloadFailed,
    FetchRuns,
    FileNotUsable,
    Finding,
    KpssGeoError,
    OwnFileKept,
)
from kpss_geo.official.news import Change, boundary_news, people_news
from kpss_geo.official.register_step import fetch_and_take
from kpss_geo.official.status import status_of
from kpss_geo.schema import AGE_BANDS, CODE, NAME
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.sources.boundaries import OWN_FILE
from kpss_geo.sources.fetch import boundary_table, csu_people, gisco_boundaries
from kpss_geo.sources.fetch.catalogue import CHOOSABLE, USUAL, OfficialSource
from kpss_geo.sources.fetch.geofabrik_roads import fetch_roads
from kpss_geo.sources.fetch.gtfs_timetables import fetch_timetables
from kpss_geo.sources.fetch.line import Job, Progress, open_line, silent
from kpss_geo.sources.fetch.manifest import Fetched, was_fetched
from kpss_geo.sources.fetch.ruian_addresses import fetch_addresses
from kpss_geo.sources.fetch.ruian_boundaries import fetch_boundaries
from kpss_geo.sources.fetch.ruian_parts import fetch_parts
from kpss_geo.sources.files import find
from kpss_geo.sources.obce import read_obce
from kpss_geo.territory import Territory, surroundings

State = Literal["done", "unchanged", "none", "kept", "failed"]
LOCK: Final = ".fetch.lock"
CACHE: Final = "official"
"""Folder in the cache for what official servers gave and the product turned into its own."""


@dataclass(frozen=True)
class Outcome:
    """How one source went.

    *done*, *unchanged* (it has nothing newer), *none* (it has nothing for this place),
    *kept* (the office's own file stays) or *failed*; `error` says why. `source.without`
    says what works without it, `older` is the date of older fetched data that stay in use.
    """

    source: OfficialSource
    state: State
    fetched: Fetched = field(default_factory=Fetched)
    news: tuple[Change, ...] = ()
    error: KpssGeoError | None = None
    older: str = ""


@dataclass(frozen=True)
class FetchReport:
    """How a fetch went: for which territory, how many obce with surroundings, each source."""

    territory: Territory
    obce: int
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Sources that could not be had."""
        return tuple(outcome for outcome in self.outcomes if outcome.state == "failed")


@dataclass(frozen=True)
class _Place:
    """What is fetched for: obce inside, all with the surroundings, their kraje."""

    settings: Settings
    obce: pd.DataFrame
    inside: tuple[str, ...]
    codes: tuple[str, ...]
    regions: tuple[str, ...]

    @property
    def names(self) -> dict[str, str]:
        return dict(self.obce[NAME])


def fetch_territory(
    territory: Territory,
    *,
    settings: Settings,
    only: Collection[str] = (),
    addresses: bool = False,
    replace_own: bool = False,
    progress: Progress = silent,
) -> FetchReport:
    """Fetch what the territory and its surroundings need into the data folder.

    Sources are tried one by one; each that fails is in the report with the reason and with
    what still works. Nothing that was in the folder is lost by a failure.

    Parameters
    ----------
    only
        Ids of sources (boundaries, parts, people, register, roads, timetables, addresses);
        empty: all but address points.
    addresses
        Whether address points are fetched too.
    replace_own
        Whether official files take the place of the office's own ones.

    Raises
    ------
    BadOption
        `only` names a source that there is not.
    FetchRuns
        Another fetch into the same folder is running.
    FileNotUsable
        The data folder cannot be written, or the list of obce cannot be read.
    """
    chosen = _choose(only, addresses=addresses)
    place = _place(territory, settings)
    with _alone(settings), open_line(settings) as line:
        cache = settings.cache / CACHE
        job = Job(line, settings.geo_data, cache, progress, replace_own=replace_own)
        outcomes = tuple(_outcome(source, place, job) for source in chosen)
    return FetchReport(territory, len(place.codes), outcomes)


def _choose(only: Collection[str], *, addresses: bool) -> list[OfficialSource]:
    strange = [name for name in only if name not in CHOOSABLE]
    if strange:
        raise BadOption(given=strange[0], option="--only", possible=", ".join(CHOOSABLE))
    wanted = {*(only or USUAL), *(("addresses",) if addresses else ())}
    return [source for name, source in CHOOSABLE.items() if name in wanted]


def _place(territory: Territory, settings: Settings) -> _Place:
    obce = read_obce(find("obce.csv", settings=settings)).table
    around = surroundings(territory, obce=obce, km=settings.surroundings_km)
    codes = sorted({*territory.codes, *around})
    return _Place(
        settings=settings,
        obce=obce,
        inside=territory.codes,
        codes=tuple(codes),
        regions=tuple(sorted(set(obce.loc[codes, "region_code"]))),
    )


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep the data folder for one fetch at a time; the system frees it when that ends."""
    try:
        settings.geo_data.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(settings.geo_data / LOCK)
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise FetchRuns from error
    except OSError as error:
        why = error.strerror or str(error)
        raise FileNotUsable(file=settings.geo_data.name, why=why) from error
    try:
        yield
    finally:
        lock.release()


def _outcome(source: OfficialSource, place: _Place, job: Job) -> Outcome:
    try:
        fetched, news = _STEPS[source.id](place, job)
    except OwnFileKept as error:
        return Outcome(source, "kept", error=error)
    except (KpssGeoError, OSError) as error:
        older = status_of(source, settings=place.settings).as_of
        return Outcome(source, "failed", error=_named(error, source), older=older)
    state: State = "unchanged" if fetched.unchanged else "done"
    return Outcome(source, state if fetched.manifests else "none", fetched, news)


def _named(error: KpssGeoError | OSError, source: OfficialSource) -> KpssGeoError:
    if isinstance(error, KpssGeoError):
        return error
    return DownloadFailed(source=source.title, why=error.strerror or type(error).__name__)


def _boundaries(place: _Place, job: Job) -> tuple[Fetched, tuple[Change, ...]]:
    before = boundary_table.read_table(job.folder)
    fetched = _fine_or_coarse(place, job)
    after = boundary_table.read_table(job.folder)
    return fetched, boundary_news(before, after, names=place.names)


def _fine_or_coarse(place: _Place, job: Job) -> Fetched:
    """RÚIAN; when it fails, GISCO for the obce that have no boundary at all."""
    try:
        return fetch_boundaries(place.codes, job)
    except OwnFileKept:
        raise
    except KpssGeoError as error:
        try:
            coarse = gisco_boundaries.fetch_boundaries(place.codes, job)
        except KpssGeoError:
            raise error from None
        if coarse.unchanged:
            raise
        reason = Finding("error", OWN_FILE, error.template, fields=error.fields)
        return replace(coarse, findings=(reason, *coarse.findings))


def _people(place: _Place, job: Job) -> tuple[Fetched, tuple[Change, ...]]:
    shipped = shipped_root() / "geodata" / csu_people.FILE
    own = job.folder / csu_people.FILE
    structure = _read_people(shipped)
    before = _totals(_read_people(own) if was_fetched(own) else structure)
    fetched = csu_people.fetch_people(job, before=structure)
    after = _totals(_read_people(own))
    return fetched, people_news(before, after, names=place.names, inside=place.inside)


def _read_people(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype={CODE: str})
    return table.set_index([CODE, "sex"])[list(AGE_BANDS)]


def _totals(people: pd.DataFrame) -> pd.Series:
    return people.sum(axis=1).groupby(level=CODE).sum()


Step = Callable[[_Place, Job], tuple[Fetched, tuple[Change, ...]]]

_STEPS: Final[dict[str, Step]] = {
    "boundaries": _boundaries,
    "parts": lambda place, job: (fetch_parts(place.codes, job), ()),
    "people": _people,
    "register": lambda place, job: fetch_and_take(
        place.codes, job, place.settings, obce=place.obce
    ),
    "roads": lambda place, job: (fetch_roads(place.regions, job), ()),
    "timetables": lambda place, job: (fetch_timetables(place.regions, job), ()),
    "addresses": lambda place, job: (fetch_addresses(place.codes, job), ()),
}
