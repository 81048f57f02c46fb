"""Who can help a person who lives in an obec: who comes to them, and what is nearest.

Unlike an Answer this is about one person at one door: no verdicts and no thresholds, but
services with a telephone, the nearest first, and what is not known about each of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from kpss_geo import catalogue, distance, network, population
from kpss_geo.catalogue import FIELD, Supply
from kpss_geo.dataset import Data
from kpss_geo.distance import Travel
from kpss_geo.errors import RoadsMissing
from kpss_geo.network import Roads
from kpss_geo.population import TargetGroup
from kpss_geo.schema import ANY_GROUP, CODE, NAME, PEOPLE, SERVICE_ID, TYPE_CODE, X, Y
from kpss_geo.served import Served, may_come
from kpss_geo.sources.register import GROUPS, Register

SAID, REGION, NEARBY = "said", "region", "nearby"
EVIDENCE: Final = (SAID, REGION, NEARBY)
"""How it is known that a field service comes: somebody said so, the register names the whole
region, or only its seat is near and it must be asked. The strongest first."""
SHOWN: Final = 8
"""How many services a list names; of a type that would be missing, the nearest one more."""
FAR_M: Final = 60_000.0
"""Services farther than this are not named; that there is none nearer is said."""
LOOKED_AT: Final = 250
"""By road so many places are measured, the nearest as the crow flies."""
POINT, ADDRESS = "point", "address"
"""Where ways begin when a person said it more exactly than by the obec."""
NOTHING_SAID: Final = Served()
EVERYONE: Final = TargetGroup("", "", "", "", 0, None, ANY_GROUP, ())
COLUMNS: Final = (
    SERVICE_ID, TYPE_CODE, NAME, "provider", "address", "town", CODE, "phone", "web", "forms",
    "capacity", "addresses", "for_whom", "exact", "secret", X, Y, "metres", "minutes",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What was found for one obec and some types of services.

    coming
        Field services, the best `evidence` first, then the nearest seat: the columns of
        `places` and `evidence`; `metres` to the seat, estimated from a straight line.
    more
        How many more field services there are of each evidence, farther away.
    places
        The nearest places, the quickest first: `COLUMNS`. `address` is empty for a secret
        one, `forms` where the register does not give them; `exact` says that the way leads
        to the address and not to the middle of its obec; `metres` and `minutes` are
        infinite where no way is known. `for_whom` are target groups of the register.
    start
        Where ways begin: `population.PRECINCT`, the precinct nearest to the middle of the
        people of the obec, or `population.REFERENCE`, its reference point; `POINT` or
        `ADDRESS` when the person gave one.
    not_held, groups_not_held
        Types and target groups that the register does not hold whole.
    at_a_distance
        Types that are given at a distance (by telephone): nobody travels, and it does not
        matter how far the seat is.
    unknown_beyond
        Metres to the nearest district that the register does not hold: a place farther
        than this may not be the nearest one. Infinite when it holds all.
    """

    obec: str
    name: str
    types: tuple[str, ...]
    coming: pd.DataFrame
    more: Mapping[str, int]
    places: pd.DataFrame
    start: str
    not_held: tuple[str, ...]
    groups_not_held: frozenset[str]
    unknown_beyond: float
    travel: Travel
    on: date
    data_digest: str = field(default="")
    at_a_distance: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Asked:
    """What is asked, looked up: `km` says how near a seat must be to be asked, by type."""

    obec: str
    start: pd.DataFrame
    supplies: Mapping[str, Supply]
    groups: frozenset[str]
    km: Mapping[str, float]
    travel: Travel
    on: date


def find(  # noqa: PLR0913 - what a person may say, all by keyword
    obec: str,
    types: Sequence[str],
    data: Data,
    *,
    groups: frozenset[str] = ANY_GROUP,
    travel: Travel,
    roads: Roads | None = None,
    said: Served = NOTHING_SAID,
    field_km: float = 40.0,
    on: date,
    start: pd.DataFrame | None = None,
) -> Found:
    """Find the services of some types for a person who lives in an obec; pure.

    `groups` are the register's target groups that the person belongs to. A service that the
    register gives for other groups only is left out, but not where the register does not
    hold the group whole: then every service is named with its groups. Ways begin at
    `start` (as `starting_point` gives it, or `start_at`) when it is given.

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        Ways by road are asked for, and there are none or they are elsewhere.
    """
    kinds = {code: data.types[code] for code in types}
    held = data.register.completeness
    unheld = frozenset() if groups == ANY_GROUP else groups - held.register_groups
    start = starting_point(obec, data) if start is None else start
    asked = _Asked(
        obec=obec,
        start=start,
        supplies=catalogue.supplies(data.register, kinds, groups=ANY_GROUP, on=on),
        groups=ANY_GROUP if unheld else groups,
        km={code: np.inf if kind.anywhere else field_km for code, kind in kinds.items()},
        travel=travel,
        on=on,
    )
    coming, more = _coming(asked, data, said)
    straight = Travel(travel.detour_factor, travel.speed_kmh)
    stranger = ~data.obce["district_code"].isin(held.districts)
    away = distance.metres_to_areas(start, data.obce[stranger], travel=straight)
    return Found(
        obec=obec,
        name=str(data.obce.at[obec, NAME]),
        types=tuple(types),
        coming=coming,
        more=more,
        places=_nearest(asked, data, roads),
        start=str(start["kind"].iloc[0]),
        not_held=tuple(code for code in types if code not in held.type_codes),
        groups_not_held=unheld,
        unknown_beyond=float(away[0]),
        travel=travel,
        on=on,
        data_digest=data.digest,
        at_a_distance=frozenset(code for code, kind in kinds.items() if kind.anywhere),
    )


def starting_point(obec: str, data: Data) -> pd.DataFrame:
    """Where ways from an obec begin: one row with `x`, `y`, `kind`.

    The precinct nearest to the mean of where people live, so that it is a place with
    houses and a road; the reference point of an obec without precincts.
    """
    people = population.people_of(data.population, EVERYONE)
    here = people.reindex([obec]).fillna(1).astype("int64")
    points = population.home_points(here, precincts=data.precincts, obce=data.obce, group=EVERYONE)
    weight = points[PEOPLE].to_numpy(dtype=float)
    weight = weight if weight.sum() > 0 else np.ones(len(points))
    away = np.hypot(*(points[axis] - np.average(points[axis], weights=weight) for axis in (X, Y)))
    return points.iloc[[int(np.argmin(away))]][[X, Y, "kind"]].reset_index(drop=True)


def start_at(x: float, y: float, *, kind: str) -> pd.DataFrame:
    """Where ways begin for a person who gave a point (metres, EPSG:5514): `POINT`, `ADDRESS`."""
    return pd.DataFrame({X: [float(x)], Y: [float(y)], "kind": [kind]})


def _for_them(services: pd.Series, register: Register, groups: frozenset[str]) -> pd.Series:
    """Whether each service is, or may be, for any of the groups: one without any may be."""
    theirs = register.services[GROUPS].reindex(services)
    keep = [groups == ANY_GROUP or not own or bool(own & groups) for own in theirs]
    return pd.Series(keep, index=services.index, dtype=bool)


def _facts(places: pd.DataFrame, type_code: str, register: Register) -> pd.DataFrame:
    """Add to rows of a supply what a person needs to know of them."""
    secret = set()
    if "secret" in register.places.columns:
        rows = register.places
        secret = set(rows.loc[rows["secret"].astype(bool), SERVICE_ID])
    hidden = places[SERVICE_ID].isin(secret)
    return places.assign(
        type_code=type_code,
        secret=hidden,
        town=places["obec"],
        address=places["address"].where(~hidden, ""),
        exact=places["located"].ne("obec") & ~hidden,
        for_whom=list(register.services[GROUPS].reindex(places[SERVICE_ID])),
    )


def _nearest(asked: _Asked, data: Data, roads: Roads | None) -> pd.DataFrame:
    """Nearest services, each by its nearest place."""
    parts = []
    for code, supply in asked.supplies.items():
        own_type = data.register.services[TYPE_CODE].reindex(supply.doubtful[SERVICE_ID])
        unclear = supply.doubtful[own_type.eq(code).to_numpy(dtype=bool)]
        both = pd.concat([supply.places, unclear], ignore_index=True)
        both = both[_for_them(both[SERVICE_ID], data.register, asked.groups)]
        parts.append(_facts(both, code, data.register))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if table.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    ways = _ways(asked.start, table, asked.travel, roads)
    ordered = table.join(ways).sort_values(["minutes", "metres", NAME], kind="stable")
    return _the_first(ordered.drop_duplicates(SERVICE_ID))[list(COLUMNS)]


def _the_first(ordered: pd.DataFrame, *, always: pd.Series | None = None) -> pd.DataFrame:
    """Give the first rows, and the first one of each type, in their order; none far away.

    Those that are marked `always` are given whatever their distance.
    """
    kept = ordered.index[always] if always is not None else ordered.index[:0]
    near = ordered[~(ordered["metres"] > FAR_M) & ~ordered.index.isin(kept)]
    wanted = near.index[:SHOWN].union(near.drop_duplicates(TYPE_CODE).index).union(kept)
    return ordered[ordered.index.isin(wanted)].reset_index(drop=True)


def _ways(
    start: pd.DataFrame, places: pd.DataFrame, travel: Travel, roads: Roads | None
) -> pd.DataFrame:
    """Metres and minutes from the start to every place; infinite where none is known."""
    straight = np.hypot(*(places[axis] - start[axis].iloc[0] for axis in (X, Y)))
    if travel.mode == "straight":
        metres = travel.metres(straight.to_numpy(dtype=float))
        return pd.DataFrame(
            {"metres": metres, "minutes": travel.minutes(metres)}, index=places.index
        )
    if roads is None:
        raise RoadsMissing
    near = straight.nsmallest(LOOKED_AT).index
    some = places.loc[near, [X, Y]].reset_index(drop=True)
    few = network.nearest_few(start, some, k=len(some), roads=roads)
    found = few.assign(row=near.to_numpy()[few["place"].to_numpy()]).set_index("row")
    return found[["metres", "minutes"]].reindex(places.index).fillna(np.inf)


def _coming(asked: _Asked, data: Data, said: Served) -> tuple[pd.DataFrame, dict[str, int]]:
    """Field services by evidence, and how many more there are of each."""
    parts = []
    for code, supply in asked.supplies.items():
        why = _evidence(asked.obec, supply, data, said, asked.km[code])
        rows = supply.field.assign(evidence=why)
        rows = rows[rows["evidence"].isin(EVIDENCE)].reset_index()
        rows = rows[_for_them(rows[SERVICE_ID], data.register, asked.groups)]
        parts.append(_facts(_seats(rows, data, asked.on), code, data.register))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    columns = [*COLUMNS, "evidence"]
    if table.empty:
        return pd.DataFrame(columns=columns), dict.fromkeys(EVIDENCE, 0)
    away = np.hypot(*(table[axis] - asked.start[axis].iloc[0] for axis in (X, Y)))
    metres = asked.travel.metres(away.to_numpy(dtype=float))
    table = table.assign(metres=metres, minutes=np.nan).sort_values("metres", kind="stable")
    shown, more = [], {}
    for evidence in EVIDENCE:
        mine = table[table["evidence"] == evidence]
        anywhere = mine[TYPE_CODE].map(asked.km).eq(np.inf)
        shown.append(mine if evidence == SAID else _the_first(mine, always=anywhere))
        more[evidence] = len(mine) - len(shown[-1])
    return pd.concat(shown, ignore_index=True)[columns], more


def _evidence(obec: str, supply: Supply, data: Data, said: Served, km: float) -> list[str]:
    """Say of each field service why it may come to the obec; empty for one that does not."""
    town, services = data.obce.loc[[obec]], supply.field
    region = data.obce["region_code"].reindex(supply.seats[CODE]).to_numpy()
    spoken = said.matrix(services.index, pd.Index([obec]))[:, 0]
    whole = [str(town["region_code"].iloc[0]) in regions for regions in services["regions"]]
    seats = supply.seats.assign(region_code=region)
    near = may_come(town, services.index, seats, km=km)[:, 0]
    return [
        SAID if yes == 1.0 else "" if yes == 0.0 else REGION if named else NEARBY if close else ""
        for yes, named, close in zip(spoken, whole, near, strict=True)
    ]


def _seats(rows: pd.DataFrame, data: Data, on: date) -> pd.DataFrame:
    """Add telephone, web and address of the seat to rows of `Supply.field`."""
    contacts = catalogue.contacts(data.register, on).reindex(rows[SERVICE_ID])
    given = {name: contacts[name].fillna("").to_numpy() for name in ("address", "phone", "web")}
    located = contacts["located"].fillna("nowhere").to_numpy()
    addresses = contacts["addresses"].fillna(1).to_numpy()
    return rows.assign(
        **given,
        obec=rows["town"],
        located=located,
        addresses=addresses,
        forms=pd.Series([(FIELD,)] * len(rows), index=rows.index, dtype=object),
    )
