"""A small map of one obec that also prints: its area, its neighbours, the nearest places."""

import base64
from collections.abc import Sequence
from html import escape
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kpss_geo.schema import CODE, X, Y
from kpss_geo.study import Answer

WIDTH, HEIGHT = 460, 320
"""Size of the picture; all other numbers in it are in the same unit."""
FARTHEST_M: Final = 15_000.0
"""Places farther than this are in the list only."""
MARGIN: Final = 1.25


def nearest_places(answers: Sequence[Answer], code: str) -> pd.DataFrame:
    """Give the place nearest to an obec of each type: `x`, `y`, `code`, `town`, `residential`."""
    rows = []
    for answer in answers:
        number = answer.obce.loc[code].to_dict()["nearest_place"]
        if not pd.isna(number) and number >= 0:
            place = answer.places.loc[number].to_dict()
            residential = place["forms"][0] == "pob"
            rows.append((place[X], place[Y], place[CODE], place["obec"], residential))
    table = pd.DataFrame(rows, columns=[X, Y, CODE, "town", "residential"])
    return table.drop_duplicates([X, Y, "residential"]).reset_index(drop=True)


def picture(areas: gpd.GeoSeries, places: pd.DataFrame, *, code: str, name: str) -> str:
    """Draw the map as the address of an SVG picture that needs nothing from outside.

    Parameters
    ----------
    areas
        Areas in EPSG:5514, of the obec and of those around it.
    places
        What `nearest_places` gave.
    """
    home = shapely.get_coordinates(areas[code].representative_point())[0]
    drawn = places[np.hypot(places[X] - home[0], places[Y] - home[1]) <= FARTHEST_M]
    corners = np.vstack([shapely.get_coordinates(areas[code].envelope), drawn[[X, Y]]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = (low + high) / 2
    size = np.maximum(high - low, 2_000.0) * MARGIN
    scale = min(WIDTH / size[0], HEIGHT / size[1])

    def on_paper(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = (xy - middle) * scale * (1, -1) + (WIDTH / 2, HEIGHT / 2)
        return moved

    shapes = areas.simplify(0.7 / scale).transform(on_paper)
    shapes = gpd.GeoSeries(shapes[shapes.intersects(shapely.box(0, 0, WIDTH, HEIGHT))])
    spots = on_paper(drawn[[X, Y]].to_numpy(dtype=float))
    towns = pd.DataFrame(spots, columns=[X, Y]).assign(town=drawn["town"].to_numpy())
    towns = towns[(drawn[CODE] != code).to_numpy()].drop_duplicates("town")
    parts = [
        *(_area(shape) for each, shape in shapes.items() if each != code),
        _area(shapes[code], fill="#ffe2b8", width=2),
        *(
            _spot(xy, residential)
            for xy, residential in zip(spots, drawn["residential"], strict=True)
        ),
        *_labels([(*on_paper(home), name), *towns.itertuples(index=False)]),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    svg = f"{head}{''.join(parts)}</svg>"
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _area(shape: shapely.Geometry, *, fill: str = "#f1f4f7", width: float = 0.7) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]
    path = "".join(
        f"M{' '.join(f'{x:.1f},{y:.1f}' for x, y in shapely.get_coordinates(ring))}Z"
        for ring in rings
    )
    return (
        f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="#5b6670" '
        f'stroke-width="{width}"/>'
    )


def _spot(xy: NDArray[np.float64], residential: object) -> str:
    fill = "#111" if residential else "#fff"
    return (
        f'<circle cx="{xy[0]:.1f}" cy="{xy[1]:.1f}" r="4" fill="{fill}" stroke="#111" '
        'stroke-width="1.5"/>'
    )


def _labels(names: Sequence[tuple[float, float, str]]) -> list[str]:
    """Write the names that do not run over an earlier one; the first is the obec's own."""
    taken: list[tuple[float, float, float]] = []
    written = []
    for x, y, name in names:
        size = 12 if taken else 15
        half = len(name) * size * 0.32
        top = next(
            (
                y + down
                for down in ((5, -16, 24) if not taken else (-8, 17))
                if all(abs(x - a) > half + b or abs(y + down - c) > 14 for a, c, b in taken)
            ),
            None,
        )
        if top is not None:
            taken.append((x, top, half))
            written.append(_label(x, top, name, size=size))
    return written


def _label(x: float, y: float, text: str, *, size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-family="sans-serif" '
        f'font-size="{size}" font-weight="600" fill="#111" stroke="#fff" stroke-width="3" '
        f'paint-order="stroke">{escape(text)}</text>'
    )
