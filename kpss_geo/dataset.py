"""Every table of one data state, read once: the office's own files first."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from kpss_geo import catalogue, population, territory
from kpss_geo.catalogue import ServiceType
from kpss_geo.cells import schematic_cells
from kpss_geo.errors import Finding
from kpss_geo.population import TargetGroup
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.sources import boundaries, files, obce, register
from kpss_geo.sources.register import Register
from kpss_geo.territory import Territory

TABLES = ("obce", "population", "precincts", "register", "types")


@dataclass(frozen=True)
class Source:
    """Where a table comes from, as printed with every result."""

    id: str
    title: str
    short: str
    source: str
    licence: str
    as_of: str
    not_for: str
    own: bool


@dataclass(frozen=True)
class Data:
    """All tables of one data state. They are read once and never written to."""

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


def load(settings: Settings) -> Data:
    """Read every table: the office's own files first, the shipped ones otherwise.

    Raises
    ------
    KpssGeoError
        A table cannot be used at all; the error names the file and what to do.
    """
    found = {name: files.find(f"{name}.csv", settings=settings) for name in TABLES}
    towns = obce.read_obce(found["obce"])
    people = obce.read_population(found["population"], known=towns.table.index)
    precincts = obce.read_precincts(found["precincts"], known=towns.table.index)
    statement = _statement_beside(found["register"])
    providers = register.read_register(
        found["register"], obce=towns.table, completeness=register.read_completeness(statement)
    )
    areas, area_findings, area_path = _read_boundaries(settings, towns.table.index)
    tomls = {
        name: files.find(f"{name}.toml", settings=settings) for name in ("target_groups", "sources")
    }
    used = [f.path for f in (*found.values(), *tomls.values())]
    used += [path for path in (area_path, statement) if path is not None]
    territories, territory_files = _read_territories(settings, towns.table)
    return Data(
        obce=towns.table,
        population=people.table,
        precincts=precincts.table,
        register=providers,
        types=catalogue.read_service_types(found["types"]),
        targets=population.parse_target_groups(
            files.read_toml(tomls["target_groups"].path), file=tomls["target_groups"].label
        ),
        territories=territories,
        boundaries=areas,
        sources=_sources(files.read_toml(tomls["sources"].path), found),
        findings=(
            *towns.findings,
            *people.findings,
            *precincts.findings,
            *providers.findings,
            *area_findings,
        ),
        digest=files.digest([*used, *territory_files]),
    )


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


def _statement_beside(found: files.Found) -> Path | None:
    statement = found.path.with_suffix(".toml")
    return statement if statement.is_file() else None


def _read_boundaries(
    settings: Settings, known: pd.Index
) -> tuple[gpd.GeoSeries | None, list[Finding], Path | None]:
    own = boundaries.find_boundaries(settings)
    if own is None:
        return None, [], None
    areas, findings = boundaries.read_boundaries(own.path, known=known)
    return areas, findings, own.path


def _read_territories(
    settings: Settings, towns: pd.DataFrame
) -> tuple[dict[str, Territory], list[Path]]:
    shipped = shipped_root() / "geodata" / "territories.toml"
    own = settings.geo_data / "territories.toml"
    paths = [path for path in (shipped, own) if path.is_file()]
    merged: dict[str, Territory] = {}
    for path in paths:
        merged |= territory.parse_territories(files.read_toml(path), obce=towns, file=path.name)
    return merged, paths


def _sources(definitions: dict[str, Any], found: dict[str, files.Found]) -> tuple[Source, ...]:
    return tuple(
        Source(
            id=key,
            title=str(value["title"]),
            short=f"{key}.csv" if key in found and found[key].own else str(value["short"]),
            source=str(value["source"]),
            licence=str(value["licence"]),
            as_of=str(value["as_of"]),
            not_for=str(value.get("not_for", "")),
            own=key in found and found[key].own,
        )
        for key, value in definitions.items()
    )
