"""A made-up Czechia for the stand-ins: outlines, parts, addresses, roads and stops.

Codes, names, reference points, areas and people are those of `geodata/`; everything drawn
is made up of them: squares around points, straight lines between them.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from kpss_geo.schema import AGE_BANDS
from kpss_geo.settings import shipped_root

GEODATA = shipped_root() / "geodata"
NEIGHBOURS = 4


@dataclass(frozen=True)
class World:
    """Obce that are drawn (index code), and people by (code, sex)."""

    obce: pd.DataFrame
    people: pd.DataFrame

    def square(self, code: str) -> shapely.Polygon:
        """The obec's area as a square around its reference point, EPSG:5514."""
        row = self.obce.loc[code]
        half = float(np.sqrt(row["area_km2"]) * 500)
        return shapely.box(row["x"] - half, row["y"] - half, row["x"] + half, row["y"] + half)

    def groups(self) -> pd.DataFrame:
        """People in three age groups, both sexes, by code."""
        both = self.people.groupby(level="code").sum()
        bounds = {"0-14": (0, 3), "15-64": (3, 13), "65+": (13, 18)}
        return pd.DataFrame(
            {name: both.iloc[:, a:b].sum(axis=1) for name, (a, b) in bounds.items()}
        )

    def roads(self, region: str) -> tuple[dict[int, tuple[float, float]], list[tuple[int, int]]]:
        """Points (number: x, y) and pieces of the kraj; a piece across its border is whole."""
        points = self.obce[["x", "y"]].to_numpy(dtype=float)
        _, near = cKDTree(points).query(points, k=min(NEIGHBOURS + 1, len(points)))
        numbers = self.obce.index.astype(int).to_numpy()
        inside = (self.obce["region_code"] == region).to_numpy()
        pieces = sorted(
            {
                (min(numbers[a], numbers[b]), max(numbers[a], numbers[b]))
                for a in range(len(points))
                for b in np.atleast_1d(near[a])
                if a != b and (inside[a] or inside[b])
            }
        )
        used = {number for piece in pieces for number in piece}
        at = dict(zip(numbers.tolist(), map(tuple, points.tolist()), strict=True))
        return {int(n): at[int(n)] for n in sorted(used)}, [(int(a), int(b)) for a, b in pieces]


@cache
def whole_country() -> World:
    obce = pd.read_csv(GEODATA / "obce.csv", dtype={"code": str}).set_index("code")
    people = pd.read_csv(GEODATA / "population.csv", dtype={"code": str})
    return World(obce, people.set_index(["code", "sex"])[list(AGE_BANDS)])


def only(codes: list[str]) -> World:
    """The same country, drawn for these obce only; people are those of all."""
    country = whole_country()
    return World(country.obce.loc[sorted(codes)], country.people)
