"""People × places → metres and minutes."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kpss_geo import network
from kpss_geo.errors import BadOption, RoadsMissing
from kpss_geo.network import Roads
from kpss_geo.schema import EXTENT, X, Y

Unit = Literal["km", "min"]
UNITS: Final[tuple[Unit, ...]] = ("km", "min")
Mode = Literal["straight", "car", "walk"]
MODES: Final[tuple[Mode, ...]] = ("straight", "car", "walk")
NO_PLACE: Final = -1
LARGE_RADIUS_M: Final = 6_000.0
CANDIDATES: Final = 24
"""How `metres_to_areas` looks: circles larger than this one by one, of the others so many."""


@dataclass(frozen=True)
class Travel:
    """How people travel: by road, or a straight line times a detour factor.

    `detour_factor` and `speed_kmh` make the estimate for the straight line; by road they
    serve only to say how near a place could be that the register does not hold. `roads`
    names the road data and its date, empty for the straight line.
    """

    detour_factor: float
    speed_kmh: float
    mode: Mode = "straight"
    roads: str = ""

    def metres(self, straight_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Estimated road metres for straight-line metres."""
        return straight_m * self.detour_factor

    def minutes(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minutes for estimated road metres."""
        return metres / (self.speed_kmh * 1000 / 60)


@dataclass(frozen=True)
class Reach:
    """How far is near enough: kilometres or minutes, the team's own working value."""

    value: float
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 < self.value <= 500:
            raise BadOption(given=self.value, option=f"--max-{self.unit}", possible="0–500")

    def holds(self, metres: NDArray[np.float64], minutes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether ways of these metres and minutes are within reach; infinite ones never are."""
        measured = metres / 1000 if self.unit == "km" else minutes
        # A metre or a second of rounding must not decide: 15.0 km is within 15 km.
        return measured <= self.value + 1e-9

    def within(self, found: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether the ways of a table with `metres` and `minutes` are within reach."""
        return self.holds(
            found["metres"].to_numpy(dtype=float), found["minutes"].to_numpy(dtype=float)
        )


def nearest(
    home: pd.DataFrame,
    places: pd.DataFrame,
    *,
    travel: Travel,
    roads: Roads | None = None,
    towards: bool = True,
) -> pd.DataFrame:
    """Nearest place of every home point, the way people travel there.

    By straight line it is the nearest in EPSG:5514; by road the quickest to reach, with
    the metres of that quickest way.

    Parameters
    ----------
    home, places
        Tables with `x`, `y` in metres; places have a range index.
    roads
        Roads made ready; needed unless the mode is straight.
    towards
        People travel from home to the place; otherwise from the place to the home.

    Returns
    -------
    DataFrame
        On the index of `home`: `place` (row number in `places`; -1 when there is none),
        `metres` and `minutes` (infinite when there is none), `routable` (false when the
        point is too far from any road; always true by straight line).

    Raises
    ------
    RoadsMissing
        A way by road is asked for without roads.
    RoadsDoNotCover
        No home point is near a road.
    """
    one = pd.Series(0, index=places.index)
    return nearest_each(home, places, one, (0,), travel=travel, roads=roads, towards=towards)[0]


def nearest_each(
    home: pd.DataFrame,
    places: pd.DataFrame,
    kind: pd.Series,
    kinds: Iterable[Hashable],
    *,
    travel: Travel,
    roads: Roads | None = None,
    towards: bool = True,
) -> dict[Hashable, pd.DataFrame]:
    """Nearest place of each of the kinds for every home point; by road in one search.

    `kind` says of each row of `places` what it is. The result has a table like that of
    `nearest` for every one of `kinds`, also for those without a place; `place` is a row
    number in the whole of `places`.

    Raises
    ------
    RoadsMissing, RoadsDoNotCover
        As in `nearest`.
    """
    if travel.mode == "straight":
        found = _by_straight_line(home, places, kind, travel)
    elif roads is None:
        raise RoadsMissing
    else:
        found = network.nearest_each(home, places, kind, roads=roads, towards=towards)
    missing = [each for each in kinds if each not in found]
    if missing:
        routable = True if roads is None else network.routable(home, roads=roads)
        none = {"place": NO_PLACE, "metres": np.inf, "minutes": np.inf, "routable": routable}
        nothing = pd.DataFrame(none, index=home.index)
        found |= dict.fromkeys(missing, nothing)
    return found


def from_people(
    places: pd.DataFrame, home: pd.DataFrame, *, travel: Travel, roads: Roads | None = None
) -> pd.DataFrame:
    """Way to each place from the home point nearest to it: `metres`, `minutes`.

    On the index of `places`; infinite where no home point can get there.
    """
    if travel.mode == "straight" or home.empty or places.empty:
        return nearest(places, home, travel=replace(travel, mode="straight"))
    if roads is None:
        raise RoadsMissing
    spots = (network.spots_of(places, roads=roads), network.spots_of(home, roads=roads))
    return network.nearest(places, home, roads=roads, towards=False, spots=spots)


def _by_straight_line(
    home: pd.DataFrame, places: pd.DataFrame, kind: pd.Series, travel: Travel
) -> dict[Hashable, pd.DataFrame]:
    points = home[[X, Y]].to_numpy(dtype=float)
    stands = places[[X, Y]].to_numpy(dtype=float)
    found: dict[Hashable, pd.DataFrame] = {}
    for each, rows in kind.reset_index(drop=True).groupby(kind.to_numpy()).indices.items():
        straight, which = cKDTree(stands[rows]).query(points)
        metres = travel.metres(np.asarray(straight, dtype=np.float64))
        columns = {
            "place": rows[np.asarray(which)],
            "metres": metres,
            "minutes": travel.minutes(metres),
        }
        found[each] = pd.DataFrame({**columns, "routable": True}, index=home.index)
    return found


def metres_to_areas(
    home: pd.DataFrame, areas: pd.DataFrame, *, travel: Travel, chunk: int = 2_000
) -> NDArray[np.float64]:
    """Least road metres from each home point to anywhere in the nearest of some obce.

    An obec is taken as the circle round its reference point that holds all of it, so the
    straight line is never too long; 0 inside a circle, infinite when there are no areas.

    Parameters
    ----------
    home
        Table with `x`, `y` in metres.
    areas
        Table of obce with `x`, `y` and `extent_m` (metres).
    chunk
        Home points measured at once; bounds the memory.
    """
    if areas.empty:
        return np.full(len(home), np.inf)
    points = home[[X, Y]].to_numpy(dtype=float)
    centres = areas[[X, Y]].to_numpy(dtype=float)
    radius = areas[EXTENT].to_numpy(dtype=float)
    large = radius > LARGE_RADIUS_M
    least = _to_circles(points, centres[large], radius[large], chunk)
    small, small_radius = centres[~large], radius[~large]
    if len(small):
        count = min(CANDIDATES, len(small))
        found = cKDTree(small).query(points, k=range(1, count + 1))
        away, which = np.asarray(found[0], dtype=np.float64), np.asarray(found[1])
        near = (away - small_radius[which]).min(axis=1)
        # One farther away could still be nearer by its radius: then all are measured.
        unsure = (away[:, -1] - small_radius.max() < near) & (count < len(small))
        near[unsure] = _to_circles(points[unsure], small, small_radius, chunk)
        least = np.minimum(least, near)
    return travel.metres(np.maximum(least, 0.0))


def _to_circles(
    points: NDArray[np.float64],
    centres: NDArray[np.float64],
    radius: NDArray[np.float64],
    chunk: int,
) -> NDArray[np.float64]:
    """Least straight metres from each point to any of the circles; negative inside one."""
    least = np.full(len(points), np.inf)
    for start in range(0, len(points) if len(centres) else 0, chunk):
        part = points[start : start + chunk]
        away = np.hypot(
            part[:, None, 0] - centres[None, :, 0], part[:, None, 1] - centres[None, :, 1]
        )
        least[start : start + chunk] = (away - radius).min(axis=1)
    return least
