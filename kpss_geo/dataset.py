"""Every table of one data state, read once: the office's own files first."""

import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from kpss_geo import catalogue, network, plan, population, providers, situations
from kpss_geo.catalogue import ServiceType
from kpss_geo.cells import schematic_cells
from kpss_geo.distance import Mode
from kpss_geo.errors import N_, FileNotUsable, Finding, KpssGeoError
from kpss_geo.network import Access, Roads, usual_access
from kpss_geo.population import TargetGroup
from kpss_geo.provenance import Source, sources_of
from kpss_geo.providers import Providers
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.situations import Situations
from kpss_geo.sources import boundaries, exclusion, files, obce, own_providers, taken
from kpss_geo.sources.register import Register
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.territory import Territory
from kpss_geo.territory_list import read_territories

ROAD_FILES = (
    "roads.osm.pbf", "roads.osm.gz", "roads.osm", "roads.parquet", "roads_generalised.parquet",
)  # fmt: skip
"""Names looked for in the data folder, in this order."""
GENERALISED_ACCESS_M = 3_000.0
TABLES = ("obce", "population", "precincts", "register", "types", "exclusion")


@dataclass(frozen=True)
class Data:
    """All tables of one data state. They are read once and never written to.

    `sources` are those of every Answer; the index of social exclusion (points per obec
    code, NaN where not known) has its own, printed where it is used.
    """

    obce: pd.DataFrame
    population: pd.DataFrame
    precincts: pd.DataFrame
    register: Register
    types: dict[str, ServiceType]
    targets: dict[str, TargetGroup]
    territories: dict[str, Territory]
    boundaries: gpd.GeoSeries | None
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    digest: str
    exclusion: pd.Series
    exclusion_source: Source | None
    situations: Situations


def load(settings: Settings, *, corrected: bool = True) -> Data:
    """Read every table: the office's own files first, the shipped ones otherwise.

    The team's corrections are laid over the register unless `corrected` is false.

    Raises
    ------
    KpssGeoError
        A table cannot be used at all; the error names the file and what to do.
    """
    found = {name: files.find(f"{name}.csv", settings=settings) for name in TABLES}
    towns = obce.read_obce(found["obce"])
    people = obce.read_population(found["population"], known=towns.table.index)
    precincts = obce.read_precincts(found["precincts"], known=towns.table.index)
    areas, area_findings, area_path = _read_boundaries(settings, towns.table.index)
    tomls = {
        name: files.find(f"{name}.toml", settings=settings) for name in ("target_groups", "sources")
    }
    targets = population.parse_target_groups(
        files.read_toml(tomls["target_groups"].path), file=tomls["target_groups"].label
    )
    held = providers.read_providers(
        settings,
        extract=found["register"],
        types=catalogue.read_service_types(found["types"]),
        targets=targets,
        obce=towns.table,
    )
    held, own_list = _with_own_list(held, settings, towns.table)
    notes, note_findings = taken.read_notes(settings.geo_data)
    register, remarks, changes = held.register, list[Finding](), ""
    if corrected:
        register, remarks, changes = _corrected(held, settings, towns.table)
    used = [f.path for f in (*found.values(), *tomls.values())]
    used += [*held.files, *own_list, *([] if area_path is None else [area_path])]
    territories, territory_findings, territory_files = read_territories(settings, towns.table)
    points, point_findings = _read_exclusion(found["exclusion"], towns.table.index)
    lives, life_findings, life_path = _read_situations(settings, held.types)
    used.append(life_path)
    sources = sources_of(
        files.read_toml(tomls["sources"].path),
        {**found, **{path.stem: files.Found(path, own=True) for path in own_list}},
        register_of=held.as_of,
        areas=area_path,
        notes=notes,
    )
    return Data(
        obce=towns.table,
        population=people.table,
        precincts=precincts.table,
        register=register,
        types=held.types,
        targets=targets,
        territories=territories,
        boundaries=areas,
        sources=tuple(source for source in sources if source.id != "exclusion"),
        findings=(
            *towns.findings,
            *people.findings,
            *precincts.findings,
            *held.register.findings,
            *remarks,
            *area_findings,
            *note_findings,
            *territory_findings,
            *point_findings,
            *life_findings,
        ),
        digest=files.digest(
            [*used, *territory_files], more=held.digest + changes + repr(territories)
        ),
        exclusion=points,
        exclusion_source=next((source for source in sources if source.id == "exclusion"), None),
        situations=lives,
    )


def _with_own_list(
    held: Providers, settings: Settings, towns: pd.DataFrame
) -> tuple[Providers, list[Path]]:
    """Put the team's own list of providers beside the register; gives its file, if there is one."""
    register, paths = own_providers.with_own(
        held.register, settings, obce=towns, known_types=held.types
    )
    return replace(held, register=register), paths


def _corrected(
    held: Providers, settings: Settings, towns: pd.DataFrame
) -> tuple[Register, list[Finding], str]:
    """Lay the team's corrections over the register; a plan that cannot be read is named.

    The third value tells which corrections they were; empty without any.
    """
    try:
        known = plan.corrections(plan.find_plan(settings.plan_path))
    except KpssGeoError as error:
        return held.register, [_stopped(settings.plan_path.name, error)], ""
    if not known:
        return held.register, [], ""
    register, findings = plan.apply_corrections(
        held.register, known, obce=towns, known_types=held.types
    )
    return register, findings, plan.corrections_digest(known)


def find_roads(settings: Settings) -> Path | None:
    """Give the road file of the data folder, or None when there is none."""
    paths = (settings.geo_data / name for name in ROAD_FILES)
    return next((path for path in paths if path.is_file()), None)


def take_roads(path: Path, settings: Settings) -> Path:
    """Copy a road file into the data folder under the name it is looked for; whole or not.

    Raises
    ------
    FileNotUsable
        It is not there, empty, or of a kind that holds no roads.
    """
    files.check_readable(path)
    name = path.name.lower()
    ending = next((e for e in (".osm.pbf", ".osm.gz", ".osm", ".parquet") if name.endswith(e)), "")
    if not ending:
        raise FileNotUsable(file=path.name, why=N_("it is neither an OSM extract nor GeoParquet"))
    settings.geo_data.mkdir(parents=True, exist_ok=True)
    target = settings.geo_data / f"roads{ending}"
    half = target.with_name(target.name + ".part")
    shutil.copyfile(path, half)
    half.replace(target)
    return target


def open_roads(
    settings: Settings, mode: Mode, *, progress: Progress = silent
) -> tuple[Roads, tuple[Finding, ...]] | None:
    """Open the roads of the data folder for a mode; None by straight line or without a file.

    Prepared roads are kept in the cache folder. A table of generalised lines lacks small
    roads, so points may stand farther from it (`GENERALISED_ACCESS_M`).

    Raises
    ------
    KpssGeoError
        The file is there but cannot be used.
    """
    path = find_roads(settings)
    if path is None or mode == "straight":
        return None
    usual = usual_access(mode)
    is_table = path.suffix == ".parquet"
    access = Access(kmh=usual.kmh, limit_m=GENERALISED_ACCESS_M) if is_table else usual
    return network.open_roads(
        path, folder=settings.cache, profile=mode, access=access, progress=progress
    )


def has_boundaries(codes: Iterable[str], data: Data) -> bool:
    """Whether every one of the obce has a real boundary."""
    return data.boundaries is not None and set(codes) <= set(data.boundaries.index)


def areas_of(codes: pd.Index, data: Data) -> tuple[gpd.GeoSeries, bool]:
    """Give areas to draw for the codes, and whether they are real boundaries.

    Obce that the boundary file does not hold get a schematic cell; one such obec is
    enough for the second value to be False.
    """
    if data.boundaries is None:
        return schematic_cells(codes, obce=data.obce, precincts=data.precincts), False
    missing = codes.difference(data.boundaries.index)
    held = codes.intersection(data.boundaries.index, sort=False)
    real = gpd.GeoSeries(data.boundaries.reindex(held))
    if missing.empty:
        return real, True
    drawn = schematic_cells(missing, obce=data.obce, precincts=data.precincts)
    both = gpd.GeoSeries(pd.concat([real, drawn]), crs=real.crs)
    return gpd.GeoSeries(both.reindex(codes)), False


def _read_boundaries(
    settings: Settings, known: pd.Index
) -> tuple[gpd.GeoSeries | None, list[Finding], Path | None]:
    """Read the office's boundaries; a file that cannot be used is named, cells are drawn."""
    own = boundaries.find_boundaries(settings)
    if own is None:
        return None, [], None
    try:
        areas, findings = boundaries.read_boundaries(own.path, known=known)
    except KpssGeoError as error:
        return None, [_stopped(own.label, error)], own.path
    return areas, findings, own.path


def _read_exclusion(found: files.Found, known: pd.Index) -> tuple[pd.Series, list[Finding]]:
    """Read the index of social exclusion; without a file that can be used it is not known."""
    try:
        read = exclusion.read_exclusion(found, known=known)
    except KpssGeoError as error:
        return pd.Series(float("nan"), index=known), [_stopped(found.label, error)]
    return read.table[exclusion.INDEX].reindex(known), read.findings


def _read_situations(
    settings: Settings, types: Collection[str]
) -> tuple[Situations, list[Finding], Path]:
    """Read the office's situations; where they cannot be used, that is named, the shipped ones."""

    def read(path: Path) -> tuple[Situations, list[Finding]]:
        definitions = files.read_toml(path)
        return situations.parse_situations(definitions, file=path.name, known_types=types)

    found = files.find("situations.toml", settings=settings)
    try:
        return *read(found.path), found.path
    except KpssGeoError as error:
        if not found.own:
            raise
        shipped = shipped_root() / "geodata" / found.path.name
        lives, findings = read(shipped)
        return lives, [_stopped(found.label, error), *findings], shipped


def _stopped(file: str, error: KpssGeoError) -> Finding:
    return Finding("error", file, error.template, fields=error.fields)
