"""Where the places of services are: coordinates judged, the obec as the named fall-back."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.errors import N_, Finding
from kpss_geo.schema import CODE, NAME, X, Y, in_czechia, to_metric
from kpss_geo.sources.files import Found
from kpss_geo.sources.tables import to_numbers

ASTRAY_FACTOR: Final = 4.0
ASTRAY_M: Final = 5_000.0
"""A point farther from its obec's reference point than `ASTRAY_FACTOR` radii of a circle of
the obec's area, and `ASTRAY_M` more, is taken for a wrong coordinate."""

Mask = NDArray[np.bool_]


def locate(
    rows: pd.DataFrame, *, obce: pd.DataFrame, found: Found
) -> tuple[pd.DataFrame, list[Finding]]:
    """Give `x`, `y` (metres) and `located` (address, obec, nowhere) for each row.

    Coordinates that are missing, outside Czechia, swapped, or far from the stated obec are
    never mended: the obec's reference point is used and the row is named.
    """
    numbers, findings = to_numbers(rows, ("lat", "lon"), file=found.label)
    lat = numbers["lat"].to_numpy(dtype=float)
    lon = numbers["lon"].to_numpy(dtype=float)
    given = ~np.isnan(lat) & ~np.isnan(lon)
    inside = given & in_czechia(lon, lat)
    x, y = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    x[inside], y[inside] = to_metric(lon[inside], lat[inside])
    home = obce.reindex(rows[CODE])
    home_x, home_y = home[X].to_numpy(dtype=float), home[Y].to_numpy(dtype=float)
    astray = inside & is_astray(x, y, home=home)
    has_obec = ~np.isnan(home_x)
    swapped = given & ~inside & in_czechia(lat, lon)
    outside = given & ~inside & ~swapped
    findings += _name(rows, found, swapped, outside, astray, ~given, ~has_obec)
    at_address = inside & ~astray
    located = pd.DataFrame(
        {
            X: np.where(at_address, x, home_x),
            Y: np.where(at_address, y, home_y),
            "located": np.select([at_address, has_obec], ["address", "obec"], "nowhere"),
        },
        index=rows.index,
    )
    return located, findings


def is_astray(x: NDArray[np.float64], y: NDArray[np.float64], *, home: pd.DataFrame) -> Mask:
    """Whether points lie too far from the obec they are said to be in (rows of `home`).

    Where the obec or the point is not known, nothing can be said against the point.
    """
    radius = np.sqrt(home["area_km2"].to_numpy(dtype=float) * 1e6 / np.pi)
    metres = np.hypot(x - home[X].to_numpy(dtype=float), y - home[Y].to_numpy(dtype=float))
    return np.asarray(metres > ASTRAY_FACTOR * radius + ASTRAY_M, dtype=bool)


CASES: Final = (
    ("error", "lat", N_(
        "Latitude and longitude of {name} look swapped. Its obec ({obec}) is used instead."
    )),
    ("error", "lat", N_(
        "The coordinates of {name} lie outside Czechia. Its obec ({obec}) is used instead."
    )),
    ("error", "lat", N_(
        "The coordinates of {name} lie far from {obec}. The obec is used instead."
    )),
    ("warning", "lat", N_("{name} has no coordinates. Its obec ({obec}) is used instead.")),
    ("error", CODE, N_(
        "The obec code of {name} ({obec}) does not exist. Correct it in the table."
    )),
)  # fmt: skip
"""Faults of a location, in the order of the masks handed to `_name`."""


def _name(rows: pd.DataFrame, found: Found, *masks: Mask) -> Iterator[Finding]:
    for (severity, column, template), mask in zip(CASES, masks, strict=True):
        for row in rows.index[mask]:
            yield Finding(
                "warning" if severity == "warning" else "error",
                found.label,
                template,
                row=int(row),
                column=column,
                fields={"name": rows.at[row, NAME], "obec": rows.at[row, "obec"]},
            )
