"""Question → Answer: the one pure path from the tables to what everything is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import pandas as pd

from kpss_geo import catalogue, coverage, population, territory
from kpss_geo.catalogue import ServiceType, Supply
from kpss_geo.dataset import Data, Source
from kpss_geo.distance import Mode, Reach, Travel, metres_to_areas
from kpss_geo.errors import N_, BadOption, RoadsMissing
from kpss_geo.network import Roads, reach_areas
from kpss_geo.population import TargetGroup
from kpss_geo.schema import CODE, METRIC_CRS, NAME, NOT_COVERED, PEOPLE, UNKNOWN, VERDICTS, X, Y
from kpss_geo.settings import Settings
from kpss_geo.sources.register import Register
from kpss_geo.territory import Territory


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
    fields: Mapping[str, object] = field(default_factory=dict)


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
        return rows.sort_values([NOT_COVERED, "beyond_m"], ascending=[False, False])

    @property
    def mean_metres_uncovered(self) -> float | None:
        """Mean way of the people not covered to the nearest known place; None without any."""
        rows = self.gaps.dropna(subset=["beyond_m"])
        people = rows[NOT_COVERED].astype(float)
        return float((rows["beyond_m"] * people).sum() / people.sum()) if len(rows) else None


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
    mode: Mode = "straight",
    roads: Roads | None = None,
) -> Question:
    """Make a Question from what a person typed; names are looked up, defaults filled.

    Raises
    ------
    UnknownTerritory, UnknownServiceType, UnknownTargetGroup, BadOption
        Something is not known; the nearest names are in the error.
    RoadsMissing
        A way by road is asked for without roads.
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
        travel=_travel(settings, mode, roads),
        on=on or date.today(),  # noqa: DTZ011 - the office's own calendar day
        surroundings_km=settings.surroundings_km,
        data_digest=data.digest,
    )


def _travel(settings: Settings, mode: Mode, roads: Roads | None) -> Travel:
    speed_kmh = settings.walk_speed_kmh if mode == "walk" else settings.straight_speed_kmh
    if mode == "straight":
        return Travel(settings.detour_factor, speed_kmh)
    if roads is None:
        raise RoadsMissing
    origin = roads.graph.origin
    named = ", ".join(filter(None, (origin.file, origin.as_of, origin.sha256[:12])))
    return Travel(settings.detour_factor, speed_kmh, mode=mode, roads=named)


def answer(question: Question, data: Data, *, roads: Roads | None = None) -> Answer:
    """Answer a question from the data; pure: nothing is read, written or remembered.

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        The question is about ways by road, and there are none or they are elsewhere.
    """
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
        home,
        offered,
        reach=question.reach,
        travel=question.travel,
        roads=roads,
        to_not_held=to_not_held,
    )
    rows = coverage.by_obec(home, judged).reindex(list(where.codes))
    rows = rows.astype(dict.fromkeys((PEOPLE, *VERDICTS, "nearest_place", "beyond_place"), "Int64"))
    rows.insert(0, NAME, data.obce.loc[rows.index, NAME])
    for column in ("nearest_place", "beyond_place"):
        rows[column] = rows[column].fillna(-1)
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
        notes=(*_ways(question, roads, home, judged), *_limits(data, home, rows, offered)),
        sources=data.sources,
    )


def reach_outline(
    question: Question, places: pd.DataFrame, *, roads: Roads | None = None
) -> gpd.GeoSeries:
    """Outline of everywhere within reach of any of the places, EPSG:5514; one row or none.

    By straight line circles of the reach divided by the detour factor. By road the area
    that the roads carry within the minutes; a reach in kilometres of the quickest way has
    no such area, and nothing is drawn.
    """
    travel, reach = question.travel, question.reach
    if places.empty or (travel.mode != "straight" and reach.unit == "km"):
        return gpd.GeoSeries([], crs=METRIC_CRS)
    if travel.mode == "straight":
        road_m = reach.value * 1000
        if reach.unit == "min":
            road_m = reach.value * travel.speed_kmh * 1000 / 60
        points = gpd.GeoSeries(gpd.points_from_xy(places[X], places[Y]), crs=METRIC_CRS)
        return gpd.GeoSeries(
            [points.buffer(road_m / travel.detour_factor).union_all()], crs=METRIC_CRS
        )
    if roads is None:
        raise RoadsMissing
    return reach_areas(places.reset_index(drop=True), limits_min=(reach.value,), roads=roads)


def forms_offered(data: Data, kind: ServiceType) -> tuple[str, ...]:
    """Forms in which a type may be asked for: by law or by a registration."""
    return _registered_forms(data.register, kind)


def _registered_forms(providers: Register, kind: ServiceType) -> tuple[str, ...]:
    of_type = providers.services.index[providers.services["type_code"] == kind.code]
    rows = providers.capacities[providers.capacities["service_id"].isin(of_type)]
    return tuple(f for f in ("pob", "amb", "ter") if f in kind.forms or (rows["form"] == f).any())


def _ways(
    question: Question, roads: Roads | None, home: pd.DataFrame, judged: pd.DataFrame
) -> tuple[Note, ...]:
    """Say how ways were measured, and who stands too far from any road."""
    travel = question.travel
    estimate = {"factor": travel.detour_factor, "speed": travel.speed_kmh}
    if roads is None:
        template = N_(
            "Distances are straight lines × {factor} at {speed} km/h, an estimate of the "
            "way by road."
        )
        return (Note(template, estimate),)
    facts = {"roads": travel.roads, "metres": roads.access.limit_m}
    template = (
        N_("Ways are the quickest on foot by the roads of {roads}; ways abroad are not in them.")
        if travel.mode == "walk"
        else N_(
            "Ways are the quickest by car on the roads of {roads}, without time for turns; ways "
            "abroad are not in them."
        )
    )
    notes = [
        Note(template, facts),
        Note(
            N_(
                "How near a place could be in a district that is not in the data is estimated by "
                "a straight line × {factor} at {speed} km/h."
            ),
            estimate,
        ),
    ]
    lost = home[~judged["routable"].to_numpy(dtype=bool)]
    if len(lost):
        template = N_(
            "{people} people live more than {metres} m from any road of the data (obce: {codes}); "
            "whether a place is within their reach is not known."
        )
        codes = ", ".join(sorted(set(lost[CODE])))
        notes.append(Note(template, {**facts, "people": int(lost[PEOPLE].sum()), "codes": codes}))
    return tuple(notes)


def _limits(
    data: Data, home: pd.DataFrame, rows: pd.DataFrame, offered: Supply
) -> tuple[Note, ...]:
    """Say what the data do not hold, each fall-back with how many it concerns."""
    notes = []
    if data.register.completeness.note:
        what = data.register.completeness.note
        notes.append(Note(N_("The register here holds {what}."), {"what": what}))
    without = rows[rows[PEOPLE].isna()]
    if len(without):
        template = N_("How many people live in {names} is not known; they are in no sum.")
        notes.append(Note(template, {"names": ", ".join(without[NAME])}))
    bare = home.loc[home["kind"] == population.REFERENCE, CODE].nunique()
    if bare:
        template = N_("In {count} obce all people stand on one point, the middle of the obec.")
        notes.append(Note(template, {"count": bare}))
    by_obec = int((offered.places["located"] == "obec").sum())
    if by_obec:
        template = N_(
            "{count} places have no usable coordinates; the middle of their obec is used."
        )
        notes.append(Note(template, {"count": by_obec}))
    if (rows[UNKNOWN].fillna(0) > 0).any() or not offered.places.empty:
        notes.append(Note(N_("Services abroad are not in the register and are not counted.")))
    return tuple(notes)
