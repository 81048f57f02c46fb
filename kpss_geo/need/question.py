"""What is asked of supply and need: a question of coverage, a unit and a method."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from kpss_geo import study
from kpss_geo.access import METHODS, Method
from kpss_geo.catalogue import BY_DISTANCE, ServiceType
from kpss_geo.dataset import Data
from kpss_geo.decay import DECAYS, Decay, choose_decay
from kpss_geo.errors import BadOption, OnlyAtHome
from kpss_geo.schema import CAPACITY_UNITS, SERVICE_ID, TYPE_CODE
from kpss_geo.sources.register import ACT
from kpss_geo.study import Question

REACH_MIN: Final = 30.0
"""Reach when nobody said otherwise: the catchment of Luo & Wang (2003), a working value."""
USUAL_UNIT: Final = {"pob": "luzka", "amb": "klient"}
"""Unit asked where the register holds no capacity of the type and form."""


@dataclass(frozen=True)
class NeedQuestion:
    """What is asked. `about` names one form, and its reach is in minutes."""

    about: Question
    form: str
    unit: str
    method: Method
    decay: str

    @property
    def limit_min(self) -> float:
        """Minutes beyond which nobody uses a place."""
        return self.about.reach.value

    @property
    def fading(self) -> Decay:
        """The decay made for the limit."""
        return choose_decay(self.decay, limit_min=self.limit_min)


def ask(
    about: Question,
    data: Data,
    *,
    method: str = "2sfca",
    decay: str | None = None,
    unit: str | None = None,
) -> NeedQuestion:
    """Make a question of need from one of coverage; what is left out is filled.

    The form is the first one the type has that people travel to, the unit the one most
    registrations of that form give, the decay that of Luo & Qi's zones (none for 2sfca).

    Raises
    ------
    OnlyAtHome
        The form is the field form, or the type has no other: nobody travels there.
    BadOption
        A reach in kilometres; a method, decay or unit that does not exist here.
    """
    if method not in METHODS:
        raise BadOption(given=method, option="--method", possible=", ".join(METHODS))
    chosen_decay = decay or ("none" if method == "2sfca" else "zones")
    if chosen_decay not in DECAYS:
        raise BadOption(given=chosen_decay, option="--decay", possible=", ".join(DECAYS))
    if method == "2sfca" and chosen_decay != "none":
        raise BadOption(given=chosen_decay, option="--decay (2sfca)", possible="none")
    kind = data.types[about.service_type]
    form = _form(about, data, kind)
    limit = next(limit for limit in about.limits if limit.form == form)
    if limit.reach.unit != "min":
        raise BadOption(given=f"{limit.reach.value:g} km", option="--max-min", possible="min")
    return NeedQuestion(
        about=replace(about, form=form, limits=(limit,)),
        form=form,
        unit=_unit(unit, form, data, kind),
        method=next(known for known in METHODS if known == method),
        decay=chosen_decay,
    )


def _form(about: Question, data: Data, kind: ServiceType) -> str:
    forms = (about.form,) if about.form else study.forms_offered(data, kind)
    travelled = [form for form in BY_DISTANCE if form in forms]
    if not travelled:
        raise OnlyAtHome(service=kind.label)
    return travelled[0]


def _unit(given: str | None, form: str, data: Data, kind: ServiceType) -> str:
    services = data.register.services
    ours = services.index[services[TYPE_CODE].eq(kind.code) & services["source"].eq(ACT)]
    rows = data.register.capacities
    units = rows.loc[rows[SERVICE_ID].isin(ours) & rows["form"].eq(form), "unit"]
    counted = Counter(unit for unit in units if unit in CAPACITY_UNITS)
    possible = [unit for unit, _ in counted.most_common()] or [USUAL_UNIT[form]]
    if given is not None and given not in possible:
        raise BadOption(given=given, option="--unit", possible=", ".join(possible))
    return given or possible[0]
