"""Obec boundaries from RÚIAN: only the obce needed, into `boundaries.parquet`."""

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kpss_geo.errors import N_, AnswerNotUsable, Finding
from kpss_geo.schema import METRIC_CRS, WGS84
from kpss_geo.sources.boundaries import OWN_FILE
from kpss_geo.sources.fetch import boundary_table
from kpss_geo.sources.fetch.catalogue import BOUNDARIES, OfficialSource
from kpss_geo.sources.fetch.line import Job
from kpss_geo.sources.fetch.manifest import Fetched, guard
from kpss_geo.sources.fetch.ruian import Layer, features

OBCE: Final = Layer(12, by="kod", attributes=("kod", "nazev"), source=BOUNDARIES)


def fetch_boundaries(codes: Sequence[str], job: Job) -> Fetched:
    """Fetch the areas of the obce and join them to those the data folder has.

    An obec that RÚIAN does not know (any more) is named in a finding.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
    CrsDisagrees, WrongGeometryKind
        The areas are not where Czechia is, or are no areas.
    """
    guard(job.folder / OWN_FILE, replace=job.replace_own)
    found = features(OBCE, codes, job)
    if not found:
        why = N_("it knows none of the obce asked for")
        raise AnswerNotUsable(source=BOUNDARIES.title, why=why)
    table = to_table(found, source=BOUNDARIES)
    areas, findings = boundary_table.judge(table, known=pd.Index(codes), source=BOUNDARIES)
    url = f"{job.line.settings.ruian_url.rstrip('/')}/{OBCE.number}/query"
    manifest = boundary_table.join(areas, folder=job.folder, source=BOUNDARIES, url=url)
    absent = pd.Index(codes).difference(areas.index)
    return Fetched((manifest,), (*findings, *_absent(absent)))


def to_table(found: list[dict[str, Any]], *, source: OfficialSource) -> gpd.GeoDataFrame:
    """Make a table of features; the service gives metres or degrees, told by their size.

    Raises
    ------
    AnswerNotUsable
        A geometry in it is none.
    """
    try:
        table = gpd.GeoDataFrame.from_features(found)
    except (ValueError, TypeError, KeyError, AttributeError, shapely.GEOSException) as error:
        why = N_("a geometry in it cannot be read")
        raise AnswerNotUsable(source=source.title, why=why) from error
    bounds = np.asarray(table.total_bounds, dtype=float)
    return table.set_crs(WGS84 if np.nanmax(np.abs(bounds)) <= 180 else METRIC_CRS)


def _absent(codes: pd.Index) -> list[Finding]:
    if codes.empty:
        return []
    template = N_("{count} obce have no boundary in RÚIAN, such as {code}. Check their codes.")
    fields = {"count": len(codes), "code": codes[0]}
    return [Finding("warning", OWN_FILE, template, fields=fields)]
