"""Question → Answer: the one pure path from the tables to what everything is drawn from."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kpss_geo import catalogue, coverage, population, territory
from kpss_geo.catalogue import ServiceType, Supply
from kpss_geo.dataset import Data, Source
from kpss_geo.distance import Reach, Travel, metres_to_areas
from kpss_geo.errors import N_, BadOption
from kpss_geo.population import TargetGroup
from kpss_geo.schema import CODE, NAME, NOT_COVERED, PEOPLE, UNKNOWN, VERDICTS
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


def forms_offered(data: Data, kind: ServiceType) -> tuple[str, ...]:
    """Forms in which a type may be asked for: by law or by a registration."""
    return _registered_forms(data.register, kind)


def _registered_forms(providers: Register, kind: ServiceType) -> tuple[str, ...]:
    of_type = providers.services.index[providers.services["type_code"] == kind.code]
    rows = providers.capacities[providers.capacities["service_id"].isin(of_type)]
    return tuple(f for f in ("pob", "amb", "ter") if f in kind.forms or (rows["form"] == f).any())


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
