"""Obce with their figures and places of services as GeoParquet, in EPSG:5514."""

import io
import json
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq

from kpss_geo.errors import N_
from kpss_geo.export import layers, whole
from kpss_geo.export.about import made_from
from kpss_geo.export.bundle import Bundle
from kpss_geo.sources.segments import Progress, silent


def write_geoparquet(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write obce and places into the folder, a file of each; give their paths.

    The tables are the layers `obce` and `mista` of the GeoPackage; question, data and
    version stand in the metadata of the file under `kpss_geo`.
    """
    base = whole.file_name(bundle.territory.id)
    tables = {"obce": layers.obce(bundle), "mista": layers.places(bundle)}
    paths = []
    for number, (name, table) in enumerate(tables.items(), start=1):
        progress(N_("Writing GeoParquet"), number)
        paths.append(whole.write(out / f"{base}-{name}.parquet", to_geoparquet(table, bundle)))
    return paths


def to_geoparquet(table: gpd.GeoDataFrame, bundle: Bundle) -> bytes:
    """Give a table as GeoParquet that says what it was made from."""
    plain, whole_file = io.BytesIO(), io.BytesIO()
    table.to_parquet(plain, index=False)
    made = pq.read_table(plain)
    about = json.dumps(made_from(bundle), ensure_ascii=False).encode()
    said = made.schema.metadata | {b"kpss_geo": about}
    pq.write_table(made.replace_schema_metadata(said), whole_file, compression="zstd")
    return whole_file.getvalue()
