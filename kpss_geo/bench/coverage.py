"""Straight-line coverage of the whole country, next to `geopandas.sjoin_nearest`.

Both find the nearest open place of every type in the data for every home point. Then all
types are judged for all obce of a region and of the country, each with its four checks of
firmness. Memory is the process's peak (Linux and macOS).
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from kpss_geo import distance, study
from kpss_geo.dataset import Data
from kpss_geo.distance import Travel
from kpss_geo.schema import METRIC_CRS, X, Y
from kpss_geo.settings import Settings
from kpss_geo.study import Answer, Measured, Question
from kpss_geo.territory import Territory

DAY = date(2026, 9, 30)
REGION = "jihomoravsky"
COUNTRY = "cesko"


def run(data: Data, settings: Settings, *, repeats: int, precincts: Path | None = None) -> None:
    """Time both ways side by side and print the table.

    `precincts` is a GeoParquet file of precinct points of the whole country in EPSG:5514;
    without it the shipped ones (five territories and around) are used.
    """
    whole = replace(data, precincts=_precincts(data, precincts), territories=_with_country(data))
    asked = {
        key: study.ask(whole, settings, territory_id=key, service="13", on=DAY)
        for key in (COUNTRY, REGION)
    }
    measured = {key: study.measure(question, whole) for key, question in asked.items()}
    console = Console()
    _print(console, _nearest_works(measured[COUNTRY], asked[COUNTRY].travel), repeats)
    _print(
        console,
        {
            f"{len(whole.territories[key].codes)} obce: {name}": work
            for key, question in asked.items()
            for name, work in _verdict_works(whole, settings, question, measured[key]).items()
        },
        repeats,
    )
    console.print(f"peak memory of the process: {_peak_mib():.0f} MiB")


def _with_country(data: Data) -> dict[str, Territory]:
    everything = Territory(COUNTRY, COUNTRY, COUNTRY, "", tuple(map(str, data.obce.index)), ())
    return {**data.territories, COUNTRY: everything}


def _nearest_works(measured: Measured, travel: Travel) -> dict[str, Callable[[], object]]:
    """Nearest place of every type in the data for every home point: ours and geopandas."""
    home, supplies = measured.home, [s for s in measured.supplies.values() if len(s.places)]
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

    if not np.allclose(ours(), joined()):
        raise SystemExit("the two ways disagree")
    places = sum(len(supply.places) for supply in supplies)
    what = f"{len(home)} home points, {len(supplies)} types, {places} places"
    return {f"{what}: cKDTree": ours, f"{what}: geopandas sjoin_nearest": joined}


def _verdict_works(
    data: Data, settings: Settings, question: Question, measured: Measured
) -> dict[str, Callable[[], object]]:
    """All types × all obce with four checks of firmness, from the tables and from the ways."""
    questions = [
        study.ask(data, settings, territory_id=question.territory, service=code, on=DAY)
        for code in data.types
    ]

    def judge() -> list[Answer]:
        return [study.answer(each, data, measured=measured) for each in questions]

    return {
        "ways of all types measured": lambda: study.measure(question, data),
        f"{len(questions)} types judged, with four checks": judge,
    }


def _print(console: Console, works: dict[str, Callable[[], object]], repeats: int) -> None:
    table = Table("work", "min s", "median s", "× the first", box=None)
    base = 0.0
    for name, work in works.items():
        times = _time(work, repeats)
        middle = statistics.median(times)
        base = base or middle
        table.add_row(name, f"{min(times):.3f}", f"{middle:.3f}", f"{middle / base:.1f}")
    console.print(table)


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
