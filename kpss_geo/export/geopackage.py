"""Verdicts, places and what they stand on as one GeoPackage that opens coloured in QGIS."""

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from kpss_geo import maps
from kpss_geo.errors import N_
from kpss_geo.export import described, layers, listing, qgis, whole
from kpss_geo.export.bundle import Bundle, question_lines
from kpss_geo.export.columns import Column
from kpss_geo.report import rows
from kpss_geo.schema import VERDICTS
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer

OUTLINE: Final = "obce"
PLACES: Final = "mista"
LONGEST_NAME: Final = 60
LONGEST_WHY: Final = 120


def write_geopackage(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the GeoPackage of a territory into the folder; give its path.

    Layers: `obce` (one row per obec, people by verdict of every type), `obce_<code>_<type>` (the
    columns of `report.rows`, coloured by verdict), `mista`; tables `otazka`, `vyhrady`,
    `zdroje` and `layer_styles`; `gpkg_data_columns` says in Czech what each column means.
    Geometry is EPSG:5514.
    """
    path = out / f"{whole.file_name(bundle.territory.id)}.gpkg"

    def put(half: Path) -> None:
        _layers(bundle, half, progress)
        _tables(bundle, half)

    try:
        return [whole.make(path, put)]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        why = str(error).rsplit(": ", 1)[-1][:LONGEST_WHY]  # before it stands the SQL
        full = "full" in why  # "database or disk is full"
        reason = OSError(errno.ENOSPC, why) if full else OSError(why)
        raise whole.cannot(path, reason) from error


def layer_of(answer: Answer) -> str:
    """Name the layer of a type of service: its code and its name, as QGIS lists it."""
    name = whole.file_name(answer.service_type.name).replace("-", "_")
    return f"{OUTLINE}_{answer.service_type.code}_{name}"[:LONGEST_NAME].rstrip("_")


def _layers(bundle: Bundle, path: Path, progress: Progress) -> None:
    for number, answer in enumerate(reversed(bundle.answers), start=1):
        progress(N_("Writing layers"), number)
        table = pd.DataFrame(rows.rows(answer, words=bundle.words))
        fills = {
            str(code): maps.fill_of(row)
            for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
        }
        table[described.STYLED.name] = table["code"].map(fills)
        whole_numbers = [*_COUNTED]
        decimals = dict.fromkeys(("reach", "nearest_min"), "float64")
        table = table.astype(dict.fromkeys(whole_numbers, "Int64") | decimals | {"firm": "boolean"})
        frame = layers.with_areas(table, bundle)
        _area_layer(frame, path, layer_of(answer), answer.service_type.label)
    _area_layer(layers.obce(bundle), path, OUTLINE, "Obce a lidé podle závěrů")
    points = {"GEOMETRY_NAME": "geom"}
    _save(layers.places(bundle), path, PLACES, geometry_type="Point", layer_options=points)


_COUNTED: Final = (
    "population",
    *VERDICTS,
    "by_pob",
    "by_amb",
    "by_ter",
    "minutes_beyond",
    "nearest_m",
)


def _area_layer(frame: gpd.GeoDataFrame, path: Path, layer: str, title: str) -> None:
    options = {"GEOMETRY_NAME": "geom", "IDENTIFIER": title}
    _save(frame, path, layer, geometry_type="MultiPolygon", promote_to_multi=True,
          layer_options=options)  # fmt: skip


def _tables(bundle: Bundle, path: Path) -> None:
    asked = pd.DataFrame(question_lines(bundle), columns=_names(described.QUESTION_COLUMNS))
    _save(asked, path, "otazka")
    _save(pd.DataFrame({"note": listing.notes(bundle)}), path, "vyhrady")
    _save(pd.DataFrame(listing.sources(bundle)), path, "zdroje")
    columns = {
        **{layer_of(answer): described.LAYER_COLUMNS for answer in bundle.answers},
        OUTLINE: described.of_obce(bundle),
        PLACES: described.PLACE_COLUMNS,
    }
    styles = qgis.styles(columns, outline=OUTLINE, points=PLACES, words=bundle.words)
    _save(styles, path, "layer_styles", layer_options={"FID": "id"})
    tables = {
        "otazka": described.QUESTION_COLUMNS,
        "vyhrady": described.NOTE_COLUMNS,
        "zdroje": described.SOURCE_COLUMNS,
    }
    described.write(path, {**columns, **tables})


def _names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]


def _save(frame: pd.DataFrame, path: Path, layer: str, **options: Any) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=layer, driver="GPKG", append=path.exists(), **options
    )
