"""Obec boundaries from Eurostat GISCO, when RÚIAN does not answer: coarser, named as such."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio.errors

from kpss_geo.errors import N_, AnswerNotUsable, Finding, SourceFormChanged
from kpss_geo.schema import CODE
from kpss_geo.sources.boundaries import OWN_FILE
from kpss_geo.sources.fetch import boundary_table
from kpss_geo.sources.fetch.catalogue import GISCO
from kpss_geo.sources.fetch.kept_file import Facts, fetch_file
from kpss_geo.sources.fetch.line import Job, Wanted
from kpss_geo.sources.fetch.manifest import Fetched, guard

MAX_BYTES: Final = 600_000_000
KEY: Final = "GISCO_ID"
COUNTRY: Final = "CZ_"


def fetch_boundaries(codes: Sequence[str], job: Job) -> Fetched:
    """Fetch areas for the obce that the data folder has none for; the others stay as they are.

    The file of all Europe is kept in `cache`, its Czech areas are taken.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
    CrsDisagrees, WrongGeometryKind
    """
    guard(job.folder / OWN_FILE, replace=job.replace_own)
    missing = pd.Index(codes).difference(boundary_table.read_table(job.folder).index)
    if missing.empty:
        return Fetched(unchanged=True)
    url = job.line.settings.gisco_lau_url
    target = job.cache / "gisco-lau.geojson"
    wanted = Wanted(GISCO.title, url, "json", MAX_BYTES)
    fetch_file(job, wanted, target, source=GISCO, judge=_judge)
    table = _read(target)
    areas, findings = boundary_table.judge(
        table[table[CODE].isin(missing)], known=missing, source=GISCO
    )
    if areas.empty:
        why = N_("it knows none of the obce asked for")
        raise AnswerNotUsable(source=GISCO.title, why=why)
    manifest = boundary_table.join(areas, folder=job.folder, source=GISCO, url=url)
    return Fetched((manifest,), (*findings, _coarse(len(areas))))


def _judge(path: Path) -> Facts:
    return Facts(rows=len(_read(path)))


def _read(path: Path) -> gpd.GeoDataFrame:
    try:
        table = gpd.read_file(path, where=f"{KEY} LIKE '{COUNTRY}%'", engine="pyogrio")
    except ValueError as error:
        found = str(error).splitlines()[0][:200]
        raise SourceFormChanged(source=GISCO.title, columns=KEY, found=found) from error
    except pyogrio.errors.DataSourceError as error:
        why = N_("a geometry in it cannot be read")
        raise AnswerNotUsable(source=GISCO.title, why=why) from error
    if KEY not in table.columns:
        found = ", ".join(map(str, table.columns))
        raise SourceFormChanged(source=GISCO.title, columns=KEY, found=found)
    codes = table[KEY].astype(str).str.removeprefix(COUNTRY)
    return gpd.GeoDataFrame({CODE: codes}, geometry=table.geometry, crs=table.crs)


def _coarse(count: int) -> Finding:
    template = N_(
        "{count} boundaries are those of GISCO, coarse (1 : 1 million): RÚIAN did not answer."
    )
    return Finding("warning", OWN_FILE, template, fields={"count": count})
