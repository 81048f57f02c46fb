"""Question → Answer: the one pure path from the tables to what everything is drawn from."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from kpss_geo import catalogue, coverage, population, territory
from kpss_geo.catalogue import ServiceType, Supply
from kpss_geo.cells import schematic_cells
from kpss_geo.distance import Reach, Travel, metres_to_areas
from kpss_geo.errors import N_, BadOption, Finding
from kpss_geo.population import TargetGroup
from kpss_geo.schema import CODE, NAME, NOT_COVERED, PEOPLE, UNKNOWN, VERDICTS
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


@dataclass(frozen=True)
class Question:
    """What is asked. Same Question and same data give the same Answer."""

    territory: str
    service_type: str
    target: str
    reach: Reach
    travel: Travel
    on: date
    form: str | None = None
    surroundings_km: float = 20.0
    data_digest: str = ""


@dataclass(frozen=True)
class Note:
    """A fall-back or a limit that must be said with the result."""

    template: str
    fields: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The result everything is drawn from.

    obce
        Index obec code, in the order of the Czech alphabet left to the reader; `name`,
        `people` (missing when not known), the four verdicts in people, `nearest_m`,
        `nearest_min`, `place` (row in `places` or -1), `certain`, `reason`.
    places
        Every open place of the type, wherever it is; `used` counts people of the
        territory whose nearest place it is.
    """

    question: Question
    territory: Territory
    service_type: ServiceType
    target: TargetGroup
    obce: pd.DataFrame
    places: pd.DataFrame
    supply: Supply
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    @property
    def totals(self) -> dict[str, int]:
        """People of the territory, and how many of them have each verdict."""
        known = self.obce.dropna(subset=[PEOPLE])
        return {column: int(known[column].sum()) for column in (PEOPLE, *VERDICTS)}

    @property
    def gaps(self) -> pd.DataFrame:
        """Obce with people not covered, most people first."""
        rows = self.obce[self.obce[NOT_COVERED].fillna(0) > 0]
        return rows.sort_values([NOT_COVERED, "nearest_m"], ascending=[False, False])

    @property
    def mean_metres_uncovered(self) -> float | None:
        """Mean way of the people not covered to the nearest known place; None without any."""
        rows = self.gaps.dropna(subset=["nearest_m"])
        people = rows[NOT_COVERED].astype(float)
        return float((rows["nearest_m"] * people).sum() / people.sum()) if len(rows) else None


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


def ask(  # noqa: PLR0913 - what a person may say of a question, all by keyword
    data: Data,
    settings: Settings,
    *,
    territory_id: str,
    service: str,
    target: str = "seniori",
    form: str | None = None,
    reach: Reach | None = None,
    on: date | None = None,
) -> Question:
    """Make a Question from what a person typed; names are looked up, defaults filled.

    Raises
    ------
    UnknownTerritory, UnknownServiceType, UnknownTargetGroup, BadOption
        Something is not known; the nearest names are in the error.
    """
    kind = catalogue.choose_type(data.types, service)
    registered = _registered_forms(data.register, kind)
    if form is not None and form not in registered:
        raise BadOption(given=form, option=kind.label, possible=", ".join(registered))
    return Question(
        territory=territory.choose(data.territories, territory_id).id,
        service_type=kind.code,
        target=population.choose_target(data.targets, target).id,
        form=form,
        reach=reach or Reach(settings.reach_km, "km"),
        travel=Travel(settings.detour_factor, settings.straight_speed_kmh),
        on=on or date.today(),  # noqa: DTZ011 - the office's own calendar day
        surroundings_km=settings.surroundings_km,
        data_digest=data.digest,
    )


def answer(question: Question, data: Data) -> Answer:
    """Answer a question from the data; pure: nothing is read, written or remembered."""
    where = data.territories[question.territory]
    kind = data.types[question.service_type]
    group = data.targets[question.target]
    offered = catalogue.supply(
        data.register, kind, groups=group.register_groups, form=question.form, on=question.on
    )
    people = population.people_of(data.population, group).reindex(list(where.codes))
    home = population.home_points(
        people.dropna().astype("int64"), precincts=data.precincts, obce=data.obce, group=group
    )
    held = data.obce["district_code"].isin(data.register.completeness.districts)
    to_not_held = metres_to_areas(home, data.obce[~held], travel=question.travel)
    judged = coverage.judge(
        home, offered, reach=question.reach, travel=question.travel, to_not_held=to_not_held
    )
    rows = coverage.by_obec(home, judged).reindex(list(where.codes))
    rows = rows.astype(dict.fromkeys((PEOPLE, *VERDICTS, "place"), "Int64"))
    rows.insert(0, NAME, data.obce.loc[rows.index, NAME])
    rows["place"] = rows["place"].fillna(-1)
    rows["certain"] = rows["certain"].astype("boolean").fillna(value=False)
    rows["reason"] = rows["reason"].fillna("")
    users = home[PEOPLE].groupby(judged["place"].to_numpy()).sum()
    places = offered.places.assign(
        used=users.reindex(offered.places.index).fillna(0).astype("int64")
    )
    return Answer(
        question=question,
        territory=where,
        service_type=kind,
        target=group,
        obce=rows,
        places=places,
        supply=offered,
        notes=_notes(question, data, home, rows, offered),
        sources=data.sources,
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


def forms_offered(data: Data, kind: ServiceType) -> tuple[str, ...]:
    """Forms in which a type may be asked for: by law or by a registration."""
    return _registered_forms(data.register, kind)


def _registered_forms(providers: Register, kind: ServiceType) -> tuple[str, ...]:
    of_type = providers.services.index[providers.services["type_code"] == kind.code]
    rows = providers.capacities[providers.capacities["service_id"].isin(of_type)]
    return tuple(f for f in ("pob", "amb", "ter") if f in kind.forms or (rows["form"] == f).any())


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


def _notes(
    question: Question,
    data: Data,
    home: pd.DataFrame,
    rows: pd.DataFrame,
    offered: Supply,
) -> tuple[Note, ...]:
    notes = [
        Note(
            N_(
                "Distances are straight lines × {factor} at {speed} km/h, an estimate of the "
                "way by road."
            ),
            {"factor": question.travel.detour_factor, "speed": question.travel.speed_kmh},
        )
    ]
    if data.register.completeness.note:
        notes.append(
            Note(N_("The register here holds {what}."), {"what": data.register.completeness.note})
        )
    without = rows[rows[PEOPLE].isna()]
    if len(without):
        notes.append(
            Note(
                N_("How many people live in {names} is not known; they are in no sum."),
                {"names": ", ".join(without[NAME])},
            )
        )
    bare = home.loc[home["kind"] == population.REFERENCE, CODE].nunique()
    if bare:
        notes.append(
            Note(
                N_("In {count} obce all people stand on one point, the middle of the obec."),
                {"count": bare},
            )
        )
    by_obec = int((offered.places["located"] == "obec").sum())
    if by_obec:
        notes.append(
            Note(
                N_("{count} places have no usable coordinates; the middle of their obec is used."),
                {"count": by_obec},
            )
        )
    if (rows[UNKNOWN].fillna(0) > 0).any() or not offered.places.empty:
        notes.append(Note(N_("Services abroad are not in the register and are not counted.")))
    return tuple(notes)
