"""What the team's plan says, in the words of the study: limits, served obce."""

import hashlib
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from kpss_geo import plan
from kpss_geo.coverage import Limit
from kpss_geo.distance import Reach
from kpss_geo.plan import Plan, Threshold
from kpss_geo.schema import CODE, SERVICE_ID
from kpss_geo.served import Ratio, Served
from kpss_geo.settings import Settings
from kpss_geo.sources import files
from kpss_geo.study import Limits

THRESHOLDS: Final = "thresholds.toml"


@dataclass(frozen=True)
class Team:
    """The plan as one state: working values by type and form, and who serves which obec.

    `corrections` tells which corrections of the register are in force, `territories` which
    territories and working groups of its own it has.
    """

    limits: Limits = field(default_factory=dict, compare=False)
    served: Served = field(default_factory=Served)
    corrections: str = ""
    territories: str = ""


def read_team(settings: Settings, found: Plan | None) -> Team:
    """Read the working values and the served obce; without a plan those of the product.

    Raises
    ------
    KpssGeoError
        The plan or the table of working values cannot be used.
    """
    usual = Reach(settings.reach_km, "km")
    values = thresholds(settings, found)
    return Team(
        limits={key: limit_of(key[1], value, usual=usual) for key, value in values.items()},
        served=said_by(plan.served(found)),
        corrections=plan.corrections_digest(plan.corrections(found)),
        territories=_digest((plan.own_territories(found), plan.every_working_group(found))),
    )


def _digest(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:12]


def thresholds(settings: Settings, found: Plan | None) -> dict[tuple[str, str], Threshold]:
    """Give the thresholds in force by type and form: the team's, elsewhere the product's."""
    path = files.find(THRESHOLDS, settings=settings).path
    return plan.thresholds(found, plan.read_default_thresholds(path))


def limit_of(form: str, value: Threshold, *, usual: Reach) -> Limit:
    """Give a threshold of the plan as a limit of the study; `usual` where it has no reach."""
    reach, ratio = usual, None
    if value.value is not None and value.unit is not None:
        reach = Reach(value.value, value.unit)
    if value.per_1000 is not None and value.capacity_unit is not None:
        ratio = Ratio(value.per_1000, value.capacity_unit)
    return Limit(
        form=form,
        reach=reach,
        ratio=ratio,
        reason=value.reason,
        author=value.author,
    )


def said_by(statements: pd.DataFrame) -> Served:
    """Give the statements of the plan (`plan.served`) as the study reads them."""
    keys = pd.MultiIndex.from_frame(statements[[SERVICE_ID, CODE]])
    said = pd.Series(statements["serves"].to_numpy(dtype=bool), index=keys)
    if said.empty:
        return Served()
    content = pd.util.hash_pandas_object(said.sort_index()).to_numpy().tobytes()
    return Served(said, hashlib.sha256(content).hexdigest()[:12])
