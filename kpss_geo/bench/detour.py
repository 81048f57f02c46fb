"""The detour factor: how much longer a road is than the straight line.

Road lines are joined where they share an end point; pairs of obce are routed over them
(Dijkstra), each end reached by a straight stub to the nearest junction. The generalised
road table lacks local streets (ways look longer) and its lines are smoothed (ways look
shorter); the factor is a working value, kept in `settings`.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rich.console import Console
from rich.table import Table
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from kpss_geo.schema import X, Y, metric_geometry

BANDS_KM = ((2, 5), (5, 10), (10, 20), (20, 40))
STUB_MAX_M = 1_500.0
STARTS = 300
SEED = 2026


def ratios(obce: pd.DataFrame, roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give straight metres and road/straight ratio of sampled pairs of obce.

    Pairs start in `STARTS` obce drawn at random (fixed seed) that have a junction within
    `STUB_MAX_M`, and end in every other such obec.
    """
    lines = roads.geometry.to_numpy()
    ends = np.vstack(
        [shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)]
    ).round(0)
    junctions, number = np.unique(ends, axis=0, return_inverse=True)
    one_way = pd.DataFrame(
        {"u": number[: len(lines)], "v": number[len(lines) :], "m": shapely.length(lines)}
    )
    both = pd.concat([one_way, one_way.rename(columns={"u": "v", "v": "u"})])
    shortest = both.groupby(["u", "v"], as_index=False)["m"].min()
    graph = coo_array(
        (shortest["m"], (shortest["u"], shortest["v"])), shape=(len(junctions),) * 2
    ).tocsr()
    points = obce[[X, Y]].to_numpy(dtype=float)
    stub, junction = map(np.asarray, cKDTree(junctions).query(points))
    usable = np.flatnonzero(stub < STUB_MAX_M)
    starts = np.random.default_rng(SEED).choice(usable, min(STARTS, len(usable)), replace=False)
    road = dijkstra(graph, indices=junction[starts])[:, junction[usable]]
    road += stub[starts][:, None] + stub[usable][None, :]
    straight = np.hypot(
        points[starts][:, None, 0] - points[usable][None, :, 0],
        points[starts][:, None, 1] - points[usable][None, :, 1],
    )
    good = (straight > 0) & np.isfinite(road)
    return pd.DataFrame({"straight_m": straight[good], "ratio": road[good] / straight[good]})


def run(obce: pd.DataFrame, roads_file: Path) -> None:
    """Print the quartiles of the ratio in each band of straight distance."""
    roads = metric_geometry(gpd.read_parquet(roads_file), file=roads_file.name)
    found = ratios(obce, roads)
    table = Table("straight km", "pairs", "25 %", "median", "75 %", box=None)
    for low, high in BANDS_KM:
        band = found.loc[found["straight_m"].between(low * 1000, high * 1000), "ratio"]
        quartiles = (f"{band.quantile(q):.2f}" for q in (0.25, 0.5, 0.75))
        table.add_row(f"{low}–{high}", f"{len(band)}", *quartiles)
    Console().print(table)
