"""What is asked: names looked up, working values filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from kpss_geo import catalogue, population, territory
from kpss_geo.catalogue import BY_DISTANCE, FIELD, ServiceType
from kpss_geo.coverage import Limit
from kpss_geo.dataset import Data
from kpss_geo.distance import Mode, Reach, Travel
from kpss_geo.errors import BadOption, RoadsMissing
from kpss_geo.network import Roads
from kpss_geo.schema import FORMS
from kpss_geo.settings import Settings
from kpss_geo.sources.register import Register

Limits = Mapping[tuple[str, str], Limit]
"""The team's working values by type code and form."""
NO_LIMITS: Final[Limits] = {}


@dataclass(frozen=True)
class Question:
    """What is asked. Same Question and same data give the same Answer.

    `limits` are the working values, one for each form that counts. Districts and seats of
    field services within `field_km` are asked whether they serve an obec. `said_digest`
    tells which served territories the team had declared.
    """

    territory: str
    service_type: str
    target: str
    limits: tuple[Limit, ...]
    travel: Travel
    on: date
    form: str | None = None
    surroundings_km: float = 20.0
    field_km: float = 40.0
    data_digest: str = ""
    said_digest: str = ""

    @property
    def reach(self) -> Reach:
        """Reach of the first form that people travel to; of the first form without any."""
        travelled = [limit for limit in self.limits if limit.form != FIELD]
        return (travelled or list(self.limits))[0].reach

    @property
    def only_field(self) -> bool:
        """Whether the field form alone is asked: it comes to people, so there is no reach."""
        return all(limit.form == FIELD for limit in self.limits)

    def reach_of(self, form: str) -> Reach | None:
        """Reach that decides by a form; None of the field form, which has none.

        Where all forms that people travel to have one reach, it decides whatever the form.
        """
        travelled = {limit.form: limit.reach for limit in self.limits if limit.form != FIELD}
        if travelled and self.one_reach:
            return next(iter(travelled.values()))
        return travelled.get(form)

    @property
    def one_reach(self) -> bool:
        """Whether all forms that people travel to have the same reach."""
        return len({limit.reach for limit in self.limits if limit.form != FIELD}) <= 1

    def scaled(self, factor: float) -> "Question":
        """Give the same question with every reach times a factor."""
        limits = tuple(
            replace(limit, reach=Reach(limit.reach.value * factor, limit.reach.unit))
            for limit in self.limits
        )
        return replace(self, limits=limits)


@dataclass(frozen=True)
class Note:
    """A fall-back or a limit that must be said with the result."""

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)


def ask(  # noqa: PLR0913 - what a person may say of a question, all by keyword
    data: Data,
    settings: Settings,
    *,
    territory_id: str,
    service: str,
    target: str = "seniori",
    form: str | None = None,
    reach: Reach | None = None,
    limits: Limits = NO_LIMITS,
    on: date | None = None,
    mode: Mode = "straight",
    roads: Roads | None = None,
    said_digest: str = "",
) -> Question:
    """Make a Question from what a person typed; names are looked up, defaults filled.

    A `reach` given here counts for every form; otherwise the team's `limits` of the type
    and form, otherwise the reach of the settings.

    Raises
    ------
    UnknownTerritory, UnknownServiceType, UnknownTargetGroup, BadOption
        Something is not known; the nearest names are in the error.
    RoadsMissing
        A way by road is asked for without roads.
    """
    kind = catalogue.choose_type(data.types, service)
    offered = forms_offered(data, kind)
    if form is not None and form not in offered:
        raise BadOption(given=form, option=kind.label, possible=", ".join(offered))
    where = territory.choose(data.territories, territory_id)
    return Question(
        territory=where.id,
        service_type=kind.code,
        target=population.choose_target(data.targets, target).id,
        form=form,
        limits=_limits(kind, form, offered, reach, limits, settings),
        travel=travel_of(settings, mode, roads),
        on=on or today(),
        surroundings_km=territory.km_around(where, usual_km=settings.surroundings_km),
        field_km=settings.field_km,
        data_digest=data.digest,
        said_digest=said_digest,
    )


def _limits(
    kind: ServiceType,
    form: str | None,
    offered: tuple[str, ...],
    reach: Reach | None,
    limits: Limits,
    settings: Settings,
) -> tuple[Limit, ...]:
    usual = Reach(settings.reach_km, "km")
    forms = (form,) if form else offered or BY_DISTANCE
    own = [limits.get((kind.code, each), Limit(each, usual)) for each in forms]
    if reach is None:
        return tuple(own)
    return tuple(replace(limit, reach=reach) for limit in own)


def today() -> date:
    """Give the day of the office's own calendar."""
    return date.today()  # noqa: DTZ011


def travel_of(settings: Settings, mode: Mode, roads: Roads | None) -> Travel:
    """Say how people travel in a mode; raises `RoadsMissing` by road without roads."""
    speed_kmh = settings.walk_speed_kmh if mode == "walk" else settings.straight_speed_kmh
    if mode == "straight":
        return Travel(settings.detour_factor, speed_kmh)
    if roads is None:
        raise RoadsMissing
    origin = roads.graph.origin
    named = ", ".join(filter(None, (origin.file, origin.as_of, origin.sha256[:12])))
    return Travel(settings.detour_factor, speed_kmh, mode=mode, roads=named)


def forms_offered(data: Data, kind: ServiceType) -> tuple[str, ...]:
    """Forms in which a type may be asked for: by law or by a registration."""
    return registered_forms(data.register, kind)


def registered_forms(providers: Register, kind: ServiceType) -> tuple[str, ...]:
    """Forms of a type by law or in the register, in the order of `FORMS`."""
    known = {*kind.forms, *providers.forms.get(kind.code, ())}
    return tuple(form for form in FORMS if form in known)
