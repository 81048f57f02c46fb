"""Parts of obce from RÚIAN: their points, into `parts.csv`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely

from kpss_geo.errors import N_, AnswerNotUsable
from kpss_geo.schema import CODE, CZECHIA_5514, NAME, WGS84, X, Y, to_metric
from kpss_geo.sources.fetch.catalogue import PARTS
from kpss_geo.sources.fetch.kept_file import Facts, describe
from kpss_geo.sources.fetch.line import Job, Wanted
from kpss_geo.sources.fetch.manifest import Fetched, guard, was_fetched, write_manifest
from kpss_geo.sources.fetch.ruian import Layer, features
from kpss_geo.sources.fetch.ruian_boundaries import to_table

FILE: Final = "parts.csv"
PART: Final = "part_code"
LAYER: Final = Layer(11, by="obec", attributes=("kod", "nazev", "obec"), source=PARTS)


def fetch_parts(codes: Sequence[str], job: Job) -> Fetched:
    """Fetch the parts of the obce: `part_code`, `name`, `code`, `x`, `y` (metres, EPSG:5514).

    Parts of obce that were not asked for stay in the table.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
    """
    target = job.folder / FILE
    guard(target, replace=job.replace_own)
    found = features(LAYER, codes, job)
    if not found:
        why = N_("it knows none of the obce asked for")
        raise AnswerNotUsable(source=PARTS.title, why=why)
    new = _rows(found)
    held = _held(target)
    table = pd.concat([held[~held[CODE].isin(codes)], new]).sort_values([CODE, PART])
    half = target.with_name(FILE + ".part")
    job.folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(half, index=False)
    url = f"{job.line.settings.ruian_url.rstrip('/')}/{LAYER.number}/query"
    wanted = Wanted(PARTS.title, url, "json", 0)
    manifest = describe(half, FILE, source=PARTS, wanted=wanted, facts=Facts(rows=len(table)))
    half.replace(target)
    return Fetched((write_manifest(target, manifest),))


def _rows(found: list[dict[str, object]]) -> pd.DataFrame:
    table = to_table(found, source=PARTS)
    kinds = table.geometry.geom_type
    if not kinds.isin(["Point"]).all():
        raise AnswerNotUsable(source=PARTS.title, why=N_("it holds other things than points"))
    x, y = shapely.get_coordinates(table.geometry.to_numpy()).T
    if table.crs == WGS84:
        x, y = to_metric(x, y)
    low_x, low_y, high_x, high_y = CZECHIA_5514
    if not (((x >= low_x) & (x <= high_x) & (y >= low_y) & (y <= high_y)).all()):
        raise AnswerNotUsable(source=PARTS.title, why=N_("its points lie outside Czechia"))
    return pd.DataFrame(
        {
            PART: table["kod"].astype(str),
            NAME: table["nazev"].astype(str),
            CODE: table["obec"].astype(str),
            X: np.round(x).astype(int),
            Y: np.round(y).astype(int),
        }
    )


def _held(target: Path) -> pd.DataFrame:
    if not was_fetched(target):
        return pd.DataFrame(columns=[PART, NAME, CODE, X, Y])
    return pd.read_csv(target, dtype={PART: str, CODE: str})
