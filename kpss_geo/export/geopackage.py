"""Verdicts, places and what they stand on as one GeoPackage that opens coloured in QGIS."""

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from kpss_geo import maps
from kpss_geo.errors import N_
from kpss_geo.export import listing, qgis, whole
from kpss_geo.export.bundle import Bundle, question_lines
from kpss_geo.export.columns import SERVICE_COLUMNS
from kpss_geo.report import rows
from kpss_geo.schema import METRIC_CRS, NAME, PEOPLE, VERDICTS
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer

OUTLINE: Final = "obce"
PLACES: Final = "mista"


def write_geopackage(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the GeoPackage of a territory into the folder; give its path.

    Layers: `obce` (one row per obec, people by verdict of every type), `obce_<type>` (the
    columns of `report.rows`, coloured by verdict), `mista`; tables `otazka`, `vyhrady`,
    `zdroje` and `layer_styles`. Geometry is EPSG:5514.
    """
    path = out / f"{whole.file_name(bundle.territory.id)}.gpkg"

    def put(half: Path) -> None:
        _layers(bundle, half, progress)
        _tables(bundle, half)

    try:
        return [whole.make(path, put)]
    except pyogrio.errors.DataSourceError as error:
        raise whole.cannot(path, OSError(str(error))) from error


def layer_of(answer: Answer) -> str:
    """Name the layer of a type of service."""
    return f"{OUTLINE}_{answer.service_type.code}"


def _layers(bundle: Bundle, path: Path, progress: Progress) -> None:
    areas = bundle.ground.areas
    for number, answer in enumerate(reversed(bundle.answers), start=1):
        progress(N_("Writing layers"), number)
        table = pd.DataFrame(rows.rows(answer, words=bundle.words))
        fills = {
            str(code): maps.fill_of(row)
            for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
        }
        table[qgis.STYLE] = table["code"].map(fills)
        whole_numbers = [*_COUNTED]
        table = table.astype(dict.fromkeys(whole_numbers, "Int64") | {"firm": "boolean"})
        _write(path, layer_of(answer), table, areas, answer.service_type.label)
    _write(path, OUTLINE, _overview(bundle), areas, "Obce a lidé podle závěrů")
    points = pd.DataFrame(listing.services(bundle), columns=[*_PLACE_COLUMNS, "x", "y"])
    points = points[points["x"].notna()].reset_index(drop=True)
    at = gpd.GeoSeries(gpd.points_from_xy(points["x"], points["y"]), crs=METRIC_CRS)
    table = points[_PLACE_COLUMNS].astype({"used": "Int64", "addresses": "Int64"})
    frame = gpd.GeoDataFrame(table, geometry=at, crs=METRIC_CRS)
    _save(frame, path, PLACES, geometry_type="Point", layer_options={"GEOMETRY_NAME": "geom"})


_COUNTED: Final = (
    "population",
    *VERDICTS,
    "by_pob",
    "by_amb",
    "by_ter",
    "minutes_beyond",
    "nearest_m",
)
_PLACE_COLUMNS: Final = ["service_type", *(column.name for column in SERVICE_COLUMNS)]


def _overview(bundle: Bundle) -> pd.DataFrame:
    """One row per obec: name, people, and people of every verdict of every type."""
    codes = list(bundle.territory.codes)
    table: dict[str, Any] = {
        "code": codes,
        "nazev": bundle.obce[NAME].to_list(),
        "lidi": bundle.answers[0].obce.loc[codes, PEOPLE].to_list(),
        "hranice": "official" if bundle.ground.real else "schematic",
    }
    for answer in bundle.answers:
        for verdict in VERDICTS:
            table[f"{verdict}_{answer.service_type.code}"] = answer.obce.loc[codes, verdict].array
    frame = pd.DataFrame(table)
    counts = [name for name in frame if name not in ("code", "nazev", "hranice")]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def _write(path: Path, layer: str, table: pd.DataFrame, areas: gpd.GeoSeries, title: str) -> None:
    geometry = areas.reindex(table["code"]).reset_index(drop=True)
    frame = gpd.GeoDataFrame(table, geometry=geometry, crs=METRIC_CRS)
    options = {"GEOMETRY_NAME": "geom", "IDENTIFIER": f"{layer}: {title}"}
    _save(frame, path, layer, geometry_type="MultiPolygon", promote_to_multi=True,
          layer_options=options)  # fmt: skip


def _tables(bundle: Bundle, path: Path) -> None:
    asked = pd.DataFrame(question_lines(bundle), columns=["otazka", "hodnota"])
    _save(asked, path, "otazka")
    _save(pd.DataFrame({"vyhrada": listing.notes(bundle)}), path, "vyhrady")
    _save(pd.DataFrame(listing.sources(bundle)), path, "zdroje")
    layers = [layer_of(answer) for answer in bundle.answers]
    styles = qgis.styles(layers, outline=OUTLINE, points=PLACES, words=bundle.words)
    _save(styles, path, "layer_styles", layer_options={"FID": "id"})


def _save(frame: pd.DataFrame, path: Path, layer: str, **options: Any) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=layer, driver="GPKG", append=path.exists(), **options
    )
