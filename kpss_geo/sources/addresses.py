"""Address points of RÚIAN in the data folder: only those that some place may need."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from kpss_geo.errors import N_, FileNotUsable
from kpss_geo.schema import CODE, NAME, X, Y, in_czechia, require_columns, to_metric
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.sources.tables import read_csv, to_numbers

FOLDER: Final = "addresses"
PARTS_FILE: Final = "parts.csv"
TEXTS: Final = (
    "address_code", CODE, "part_code", "part", "street", "house_kind", "house_number",
    "orientation_number", "orientation_letter",
)  # fmt: skip
"""Columns of a table of address points; the rest are `x`, `y` (metres, EPSG:5514)."""
OTHER_NAMES: Final = {"obec_part": "part", "obec_part_code": "part_code"}
NEEDED: Final = ("address_code", CODE, "street", "house_number", "orientation_number", X, Y)
FILES_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Points:
    """What is known of where addresses stand.

    addresses
        Address points of the obce asked for, and those with one of the codes asked for;
        columns `TEXTS`, `x`, `y`.
    held
        Obce whose address points are all here: a code that is not among them is gone.
    parts
        Middle points of parts of obce: `part_code`, `name`, `code`, `x`, `y`.
    """

    addresses: pd.DataFrame
    held: frozenset[str]
    parts: pd.DataFrame


def address_files(settings: Settings) -> dict[str, Path]:
    """Give the tables of address points by obec: `addresses/<obec code>.parquet`."""
    return {path.stem: path for path in sorted((settings.geo_data / FOLDER).glob("*.parquet"))}


def look_up(settings: Settings, *, codes: Collection[str], obce: Collection[str]) -> Points:
    """Give every address point of the obce, and wherever they are, those of the codes.

    The shipped register extract adds the points of its own addresses.

    Raises
    ------
    FileNotUsable, MissingColumns
        A table of address points is spoiled.
    """
    files = address_files(settings)
    own = [path for code, path in files.items() if code in set(obce)]
    near = _read(own, None)
    missing = set(codes) - set(near["address_code"])
    elsewhere = _read([p for p in files.values() if p not in set(own)], missing)
    shipped = _shipped_points()
    shipped = shipped[shipped["address_code"].isin(missing - set(elsewhere["address_code"]))]
    together = pd.concat([near, elsewhere, shipped], ignore_index=True)
    return Points(
        addresses=together.drop_duplicates("address_code", ignore_index=True),
        held=frozenset(files) & frozenset(obce),
        parts=_read_parts(settings.geo_data / PARTS_FILE),
    )


def no_points() -> Points:
    """Give what is known without any table of address points."""
    return Points(_empty(), frozenset(), _read_parts(None))


def _read(paths: list[Path], codes: Collection[str] | None) -> pd.DataFrame:
    tables = [_empty()]
    if codes is None or codes:
        tables += [
            _read_some(paths[start : start + FILES_AT_ONCE], codes)
            for start in range(0, len(paths), FILES_AT_ONCE)
        ]
    return pd.concat(tables, ignore_index=True)


def _read_some(paths: list[Path], codes: Collection[str] | None) -> pd.DataFrame:
    try:
        source = ds.dataset([str(path) for path in paths], format="parquet")
        require_columns(pd.Index(source.schema.names), NEEDED, file=paths[0].name)
        wanted = None
        if codes is not None:
            wanted = pc.field("address_code").isin(pa.array(sorted(codes), pa.string()))
        table = source.to_table(filter=wanted).to_pandas()
    except (pa.ArrowException, OSError) as error:
        name = next((path.name for path in paths if path.name in str(error)), FOLDER)
        raise FileNotUsable(file=name, why=N_("it is no table of address points")) from error
    renamed = table.rename(columns=OTHER_NAMES)
    texts = renamed.reindex(columns=list(TEXTS)).fillna("").astype("str")
    numbers = renamed[[X, Y]].apply(pd.to_numeric, errors="coerce").astype(float)
    together: pd.DataFrame = texts.join(numbers)
    return together


def _empty() -> pd.DataFrame:
    texts = {name: pd.Series(dtype="str") for name in TEXTS}
    return pd.DataFrame(texts | {X: pd.Series(dtype=float), Y: pd.Series(dtype=float)})


def _shipped_points() -> pd.DataFrame:
    """Points of the addresses in the shipped extract; their coordinates are those of RÚIAN."""
    path = shipped_root() / "geodata" / "register.csv"
    table = read_csv(path, columns=("address_code", CODE, "lat", "lon"))
    numbers, _ = to_numbers(table, ("lat", "lon"), file=path.name)
    lat, lon = numbers["lat"].to_numpy(dtype=float), numbers["lon"].to_numpy(dtype=float)
    usable = (table["address_code"] != "").to_numpy() & in_czechia(lon, lat)
    renamed = table[usable].rename(columns=OTHER_NAMES)
    rows = renamed.assign(**{name: "" for name in TEXTS if name not in renamed})[list(TEXTS)]
    rows[X], rows[Y] = to_metric(lon[usable], lat[usable])
    return rows.drop_duplicates("address_code", ignore_index=True)


def _read_parts(path: Path | None) -> pd.DataFrame:
    columns = ("part_code", NAME, CODE, X, Y)
    if path is None or not path.is_file():
        empty = pd.DataFrame({name: pd.Series(dtype="str") for name in columns[:3]})
        return empty.assign(**{X: np.zeros(0), Y: np.zeros(0)})
    numbers, _ = to_numbers(read_csv(path, columns=columns), (X, Y), file=path.name)
    return numbers[list(columns)].dropna().drop_duplicates("part_code", ignore_index=True)
