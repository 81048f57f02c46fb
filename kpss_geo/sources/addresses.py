"""Address points of RÚIAN in the data folder: only those that some place may need."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kpss_geo.errors import N_, FileNotUsable
from kpss_geo.schema import CODE, NAME, X, Y, in_czechia, require_columns, to_metric
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.sources.tables import read_csv, to_numbers
from kpss_geo.text import fold

FOLDER: Final = "addresses"
PARTS_FILE: Final = "parts.csv"
TEXTS: Final = (
    "address_code", CODE, "part_code", "part", "street", "house_kind", "house_number",
    "orientation_number", "orientation_letter",
)  # fmt: skip
"""Columns of a table of address points; the rest are `x`, `y` (metres, EPSG:5514)."""
OTHER_NAMES: Final = {"obec_part": "part", "obec_part_code": "part_code"}
NEEDED: Final = ("address_code", CODE, "street", "house_number", "orientation_number", X, Y)


@dataclass(frozen=True)
class Points:
    """What is known of where addresses stand.

    addresses
        Address points that places may be found by; columns `TEXTS`, `x`, `y`.
    held
        Obce whose address points are at hand: a code that is not among them is gone.
    parts
        Middle points of parts of obce: `part_code`, `name`, `code`, `x`, `y`.
    """

    addresses: pd.DataFrame
    held: frozenset[str]
    parts: pd.DataFrame


def address_files(settings: Settings) -> dict[str, Path]:
    """Give the tables of address points by obec: `addresses/<obec code>.parquet`."""
    return {path.stem: path for path in sorted((settings.geo_data / FOLDER).glob("*.parquet"))}


def look_up(settings: Settings, places: pd.DataFrame) -> Points:
    """Give the address points of the codes of places, and those near places without a good one.

    One table is open at a time, and only rows that some place may need are kept. The shipped
    register extract adds the points of its own addresses.

    Parameters
    ----------
    places
        `address_code`, `code` (obec), `house_number`, `street`, `obec_part`,
        `obec_part_code`.

    Raises
    ------
    FileNotUsable, MissingColumns
        A table of address points is spoiled.
    """
    files = address_files(settings)
    obce = frozenset(places[CODE]) - {""}
    own_first = sorted(files, key=lambda code: code not in obce)
    coded = _of_codes([files[code] for code in own_first], set(places["address_code"]) - {""})
    at = coded[coded[X].notna()]
    found = pd.MultiIndex.from_frame(at[["address_code", CODE]])
    lost = places[~pd.MultiIndex.from_frame(places[["address_code", CODE]]).isin(found)]
    near = [_near(files[str(code)], rows) for code, rows in lost.groupby(CODE) if code in files]
    together = pd.concat([_empty(), coded, *near, _shipped_points()], ignore_index=True)
    return Points(
        addresses=together.drop_duplicates("address_code", ignore_index=True),
        held=frozenset(files) & obce,
        parts=_read_parts(settings.geo_data / PARTS_FILE),
    )


def _of_codes(paths: list[Path], codes: set[str]) -> pd.DataFrame:
    """Give the rows of the codes, wherever they are; tables after the last one are not read."""
    tables = [_empty()]
    left = set(codes)
    for path in paths:
        if not left:
            break
        held = _column(path, "address_code")
        if not left.isdisjoint(held):
            table = _read(path)
            tables.append(table[table["address_code"].isin(left)])
            left.difference_update(held)
    return pd.concat(tables, ignore_index=True)


def _near(path: Path, places: pd.DataFrame) -> pd.DataFrame:
    """Give the rows with a number, a street or a part that one of the places of the obec has."""
    table = _read(path)
    parts = set(places["obec_part"].map(fold)) - {""}
    keep = table["house_number"].isin(set(places["house_number"]) - {""})
    keep |= table["part_code"].isin(set(places["obec_part_code"]) - {""})
    for column, wanted in (("street", set(places["street"].map(fold)) - {""}), ("part", parts)):
        named = [text for text in table[column].unique() if fold(text) in wanted]
        keep |= table[column].isin(named)
    return table[keep]


def addresses_of(settings: Settings, code: str) -> pd.DataFrame | None:
    """Give every address point of an obec that has one; None where they were not fetched.

    Columns `TEXTS`, `x`, `y` (metres, EPSG:5514).

    Raises
    ------
    FileNotUsable, MissingColumns
        The table of the obec is spoiled.
    """
    path = settings.geo_data / FOLDER / f"{code}.parquet"
    return _read(path).dropna(subset=[X, Y]) if path.is_file() else None


def no_points() -> Points:
    """Give what is known without any table of address points."""
    return Points(_empty(), frozenset(), _read_parts(None))


def _column(path: Path, name: str) -> list[str]:
    with _opened(path) as file:
        column = file.read(columns=[name], use_threads=False).column(0)
        return [str(value) for value in column.to_pylist()]


def _read(path: Path) -> pd.DataFrame:
    with _opened(path) as file:
        table = file.read(use_threads=False).to_pandas()
    renamed = table.rename(columns=OTHER_NAMES)
    texts = renamed.reindex(columns=list(TEXTS)).fillna("").astype("str")
    numbers = renamed[[X, Y]].apply(pd.to_numeric, errors="coerce").astype(float)
    together: pd.DataFrame = texts.join(numbers)
    return together


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            require_columns(pd.Index(file.schema_arrow.names), NEEDED, file=path.name)
            yield file
    except (pa.ArrowException, OSError) as error:
        why = N_("it is no table of address points")
        raise FileNotUsable(file=path.name, why=why) from error


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
