"""Straight-line coverage of the whole country, next to `geopandas.sjoin_nearest`.

Both find the nearest open place of every type in the data for every home point; ours
also adds up the four verdicts per obec. Memory is the process's peak (Linux and macOS).
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from kpss_geo import catalogue, coverage, distance, population
from kpss_geo.dataset import Data
from kpss_geo.distance import Reach, Travel
from kpss_geo.schema import METRIC_CRS, X, Y
from kpss_geo.settings import Settings

DAY = date(2026, 9, 30)


def run(data: Data, settings: Settings, *, repeats: int, precincts: Path | None = None) -> None:
    """Time both ways side by side and print the table.

    `precincts` is a GeoParquet file of precinct points of the whole country in EPSG:5514;
    without it the shipped ones (five territories and around) are used.
    """
    group = data.targets["seniori"]
    people = population.people_of(data.population, group)
    home = population.home_points(
        people, precincts=_precincts(data, precincts), obce=data.obce, group=group
    )
    supplies = [
        catalogue.supply(data.register, kind, groups=group.register_groups, form=None, on=DAY)
        for code, kind in data.types.items()
        if code in data.register.completeness.type_codes
    ]
    travel = Travel(settings.detour_factor, settings.straight_speed_kmh)
    reach = Reach(settings.reach_km, "km")
    held = data.obce["district_code"].isin(data.register.completeness.districts)
    frames = [_points(supply.places) for supply in supplies]
    home_points = _points(home)

    def ours() -> NDArray[np.float64]:
        return np.concatenate(
            [distance.nearest(home, s.places, travel=travel)["metres"] for s in supplies]
        )

    def joined() -> NDArray[np.float64]:
        return np.concatenate([_by_join(home_points, frame) for frame in frames]) * (
            travel.detour_factor
        )

    def verdicts() -> None:
        away = distance.metres_to_areas(home, data.obce[~held], travel=travel)
        for supply in supplies:
            judged = coverage.judge(home, supply, reach=reach, travel=travel, to_not_held=away)
            coverage.by_obec(home, judged)

    if not np.allclose(ours(), joined()):
        raise SystemExit("the two ways disagree")
    works = (("cKDTree", ours), ("sjoin_nearest", joined), ("all + verdicts", verdicts))
    seconds = {name: _time(work, repeats) for name, work in works}
    console = Console()
    console.print(
        f"{len(people)} obce, {len(home)} home points, {len(supplies)} types, "
        f"{sum(len(s.places) for s in supplies)} places, {repeats} repeats"
    )
    table = Table("work", "min s", "median s", "× cKDTree", box=None)
    base = statistics.median(seconds["cKDTree"])
    for name, times in seconds.items():
        middle = statistics.median(times)
        table.add_row(name, f"{min(times):.3f}", f"{middle:.3f}", f"{middle / base:.1f}")
    console.print(table)
    console.print(f"peak memory of the process: {_peak_mib():.0f} MiB")


def _precincts(data: Data, file: Path | None) -> pd.DataFrame:
    if file is None:
        return data.precincts
    table = gpd.read_parquet(file)
    return pd.DataFrame(table.drop(columns="geometry")).assign(
        **{X: table.geometry.x, Y: table.geometry.y}
    )


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(table[X], table[Y]), crs=METRIC_CRS)


def _by_join(home: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> NDArray[np.float64]:
    if places.empty:
        return np.full(len(home), np.inf)
    joined = gpd.sjoin_nearest(home, places, distance_col="metres")
    return joined[~joined.index.duplicated()]["metres"].to_numpy()


def _time(work: Callable[[], object], repeats: int) -> list[float]:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def _peak_mib() -> float:
    if sys.platform == "win32":
        return float("nan")
    import resource  # noqa: PLC0415 - not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
