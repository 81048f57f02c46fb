"""People × places → metres and minutes."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kpss_geo.errors import BadOption
from kpss_geo.schema import X, Y

Unit = Literal["km", "min"]
NO_PLACE: Final = -1


@dataclass(frozen=True)
class Travel:
    """How people travel: a straight line times a detour factor, at a stated speed."""

    detour_factor: float
    speed_kmh: float
    mode: Literal["straight"] = "straight"

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

    def holds(self, metres: NDArray[np.float64], travel: Travel) -> NDArray[np.bool_]:
        """Whether road metres are within reach; infinite ones never are."""
        measured = metres / 1000 if self.unit == "km" else travel.minutes(metres)
        # A metre or a second of rounding must not decide: 15.0 km is within 15 km.
        return measured <= self.value + 1e-9


def nearest(home: pd.DataFrame, places: pd.DataFrame, *, travel: Travel) -> pd.DataFrame:
    """Nearest place of every home point, measured in EPSG:5514.

    Parameters
    ----------
    home, places
        Tables with `x`, `y` in metres; places have a range index.

    Returns
    -------
    DataFrame
        On the index of `home`: `place` (row number in `places`; -1 when there is none),
        `metres` (estimated road metres; infinite when there is none), `minutes`.
    """
    metres: NDArray[np.float64] = np.full(len(home), np.inf)
    place: NDArray[np.intp] = np.full(len(home), NO_PLACE)
    if not places.empty:
        tree = cKDTree(places[[X, Y]].to_numpy(dtype=float))
        straight, number = tree.query(home[[X, Y]].to_numpy(dtype=float))
        metres = travel.metres(np.asarray(straight, dtype=np.float64))
        place = np.asarray(number, dtype=np.intp)
    return pd.DataFrame(
        {"place": place, "metres": metres, "minutes": travel.minutes(metres)}, index=home.index
    )


def metres_to_areas(
    home: pd.DataFrame, areas: pd.DataFrame, *, travel: Travel, chunk: int = 2_000
) -> NDArray[np.float64]:
    """Least road metres from each home point to anywhere in the nearest of some obce.

    An obec is taken as a circle of its area round its reference point, so the result
    is a cautious (short) estimate; 0 inside a circle, infinite when there are no areas.

    Parameters
    ----------
    home
        Table with `x`, `y` in metres.
    areas
        Table of obce with `x`, `y` (metres) and `area_km2`.
    chunk
        Home points measured at once; bounds the memory.
    """
    result = np.full(len(home), np.inf)
    if areas.empty:
        return result
    points = home[[X, Y]].to_numpy(dtype=float)
    centres = areas[[X, Y]].to_numpy(dtype=float)
    radius = np.sqrt(areas["area_km2"].to_numpy(dtype=float) * 1e6 / np.pi)
    for start in range(0, len(points), chunk):
        part = points[start : start + chunk]
        gap = np.hypot(
            part[:, None, 0] - centres[None, :, 0], part[:, None, 1] - centres[None, :, 1]
        )
        result[start : start + chunk] = (gap - radius).min(axis=1)
    return travel.metres(np.maximum(result, 0.0))
