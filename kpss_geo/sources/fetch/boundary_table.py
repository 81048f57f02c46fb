"""The boundary table of the data folder: new areas join those that are there."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from kpss_geo.errors import Finding
from kpss_geo.schema import CODE, METRIC_CRS
from kpss_geo.sources.boundaries import OWN_FILE, judge_boundaries
from kpss_geo.sources.fetch.catalogue import OfficialSource
from kpss_geo.sources.fetch.kept_file import Facts, describe
from kpss_geo.sources.fetch.line import Wanted
from kpss_geo.sources.fetch.manifest import Manifest, now, was_fetched, write_manifest

SOURCE: Final = "source"
AS_OF: Final = "as_of"


def read_table(folder: Path) -> gpd.GeoDataFrame:
    """Give the areas a fetch wrote: index code, geometry, `source`, `as_of`; may be empty."""
    path = folder / OWN_FILE
    if not was_fetched(path):
        return _empty()
    try:
        table = gpd.read_parquet(path).set_index(CODE)
    except (OSError, ValueError, KeyError):
        return _empty()
    return table if {SOURCE, AS_OF} <= set(table.columns) else _empty()


def judge(
    table: gpd.GeoDataFrame, *, known: pd.Index, source: OfficialSource
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Turn fetched areas into rows of the table, with their faults named.

    Raises
    ------
    KpssGeoError
        Their coordinates or kinds of geometry contradict what the source always gave.
    """
    areas, findings = judge_boundaries(table, known=known, file=OWN_FILE)
    rows = gpd.GeoDataFrame(
        {SOURCE: source.id, AS_OF: now().date().isoformat()}, geometry=areas, index=areas.index
    )
    # The rows of an answer are no rows of a file that anybody could look into.
    return rows, [replace(finding, row=None, column=None) for finding in findings]


def join(new: gpd.GeoDataFrame, *, folder: Path, source: OfficialSource, url: str) -> Manifest:
    """Write the table with the new areas in place of older ones of the same obce.

    The date of the whole is that of its oldest area.
    """
    held = read_table(folder)
    both = pd.concat([held.drop(index=held.index.intersection(new.index)), new]).sort_index()
    table = gpd.GeoDataFrame(both, geometry="geometry", crs=METRIC_CRS)
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{OWN_FILE}.part"
    table.rename_axis(CODE).reset_index().to_parquet(half, index=False, compression="zstd")
    facts = Facts(rows=len(table), as_of=str(table[AS_OF].min()))
    wanted = Wanted(source.title, url, "json", 0)
    manifest = describe(half, OWN_FILE, source=source, wanted=wanted, facts=facts)
    half.replace(folder / OWN_FILE)
    return write_manifest(folder / OWN_FILE, manifest)


def _empty() -> gpd.GeoDataFrame:
    columns = {SOURCE: pd.Series(dtype=str), AS_OF: pd.Series(dtype=str)}
    index = pd.Index([], name=CODE, dtype=str)
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=METRIC_CRS), index=index)
