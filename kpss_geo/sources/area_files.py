"""Files of areas from outside, opened within bounds: the archive, the layer, the number of rows."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

import geopandas as gpd
import pyarrow.lib
import pyarrow.parquet as pq
import pyogrio
import pyogrio.errors

from kpss_geo.errors import N_, BadOption, FileNotUsable, Finding
from kpss_geo.sources.archives import check_zip, is_zip
from kpss_geo.sources.files import check_readable

PARQUET: Final = (".parquet", ".geoparquet")
IN_ARCHIVES: Final = (".shp", ".gpkg", ".geojson", ".json")
MAX_UNPACKED_BYTES: Final = 1_000_000_000
MAX_AREAS: Final = 200_000
"""There are 6 258 obce and about 15 000 parts of them."""
_FAULTS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.GeometryError,
    pyarrow.lib.ArrowException,
    ValueError,
    OSError,
)


def open_areas(
    path: Path, *, code_columns: Sequence[str], layer: str | None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Open a file with geometry; a layer that had to be chosen among more is named.

    Raises
    ------
    FileNotUsable
        It cannot be opened, holds no geometry, or more than the bounds allow.
    BadOption
        There is no such layer, or it is not clear which one to read.
    """
    check_readable(path)
    try:
        if path.suffix.lower() in PARQUET:
            return _read_parquet(path), []
        table, findings = _read_layer(path, code_columns, layer)
    except (FileNotUsable, BadOption):
        raise
    except _FAULTS as error:
        why = str(error).splitlines()[0].replace(str(path), path.name)[:200] if str(error) else "?"
        raise FileNotUsable(file=path.name, why=why) from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise FileNotUsable(file=path.name, why=N_("it holds no geometry"))
    return table, findings


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    facts = pq.read_metadata(path)
    groups = (facts.row_group(i).total_byte_size for i in range(facts.num_row_groups))
    if facts.num_rows > MAX_AREAS or sum(groups) > MAX_UNPACKED_BYTES:
        raise FileNotUsable(file=path.name, why=N_("it holds more areas than there can be"))
    return gpd.read_parquet(path)


def _read_layer(
    path: Path, code_columns: Sequence[str], wanted: str | None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    source, wanted = _in_archive(path, wanted) if is_zip(path) else (str(path), wanted)
    layers = [str(name) for name in pyogrio.list_layers(source)[:, 0]]
    if wanted is not None and wanted not in layers:
        raise BadOption(given=wanted, option="--layer", possible=", ".join(layers)[:300])
    chosen = wanted or _choose_layer(source, layers, code_columns)
    if pyogrio.read_info(source, layer=chosen, force_feature_count=True)["features"] > MAX_AREAS:
        raise FileNotUsable(file=path.name, why=N_("it holds more areas than there can be"))
    table = gpd.read_file(source, layer=chosen)
    if wanted is not None or len(layers) == 1:
        return table, []
    template = N_("The layer {layer} was read; the file has others too: {others}.")
    others = ", ".join(name for name in layers if name != chosen)[:200]
    fields = {"layer": chosen, "others": others}
    return table, [Finding("note", path.name, template, fields=fields)]


def _choose_layer(source: str, layers: list[str], code_columns: Sequence[str]) -> str:
    """Give the one layer, or the one that has areas and a column of codes."""
    if len(layers) == 1:
        return layers[0]
    fitting = []
    for name in layers:
        facts = pyogrio.read_info(source, layer=name)
        has_areas = "Polygon" in str(facts["geometry_type"] or "")
        if has_areas and not set(code_columns).isdisjoint(facts["fields"]):
            fitting.append(name)
    if len(fitting) != 1:
        raise BadOption(given="–", option="--layer", possible=", ".join(fitting or layers)[:300])
    return fitting[0]


def _in_archive(path: Path, wanted: str | None) -> tuple[str, str | None]:
    """Address of a file of areas inside an archive, for GDAL, and the layer still to choose."""
    names = check_zip(path, most_bytes=MAX_UNPACKED_BYTES)
    inside = {
        PurePosixPath(name).stem: name
        for name in names
        if PurePosixPath(name).suffix.lower() in IN_ARCHIVES and not name.startswith("__MACOSX/")
    }
    if not inside:
        raise FileNotUsable(file=path.name, why=N_("the archive holds no file of areas"))
    if len(inside) > 1 and wanted not in inside:
        shown = ", ".join(inside)[:300]
        raise BadOption(given=wanted or "–", option="--layer", possible=shown)
    one = len(inside) == 1
    member = next(iter(inside.values())) if one else inside[str(wanted)]
    return f"/vsizip/{path.resolve().as_posix()}/{member}", wanted if one else None
