"""A small map of one obec that also prints: its area, its neighbours, the nearest places."""

import base64
import textwrap
from collections.abc import Sequence
from html import escape
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kpss_geo.report.reasons import hangs_on_field
from kpss_geo.schema import CODE, X, Y, true_north
from kpss_geo.study import Answer
from kpss_geo.text import NBSP, Words

WIDTH, HEIGHT = 340, 250
"""Size of the picture; all other numbers in it are in the same unit."""
FARTHEST_M: Final = 15_000.0
"""Places farther than this are in the list only."""
MARGIN: Final = 1.25
LEAST_M: Final = 8_000.0
"""The map shows at least so much in each direction."""
LINE: Final = 14
"""Height of a line of the words under the map."""
CHARACTERS: Final = 46
"""So many stand on one line of the words under the map."""


def nearest_places(answers: Sequence[Answer], code: str) -> pd.DataFrame:
    """Give the place nearest to an obec of each type: `x`, `y`, `code`, `town`, `residential`.

    None of a type where the verdict hangs on who comes to the obec, and no secret one.
    """
    rows = []
    for answer in answers:
        obec = answer.obce.loc[code].to_dict()
        number = obec["nearest_place"]
        if pd.isna(number) or number < 0 or hangs_on_field(answer, obec):
            continue
        place = answer.places.loc[number].to_dict()
        if not place["secret"]:
            residential = place["forms"][0] == "pob"
            rows.append((place[X], place[Y], place[CODE], place["obec"], residential))
    table = pd.DataFrame(rows, columns=[X, Y, CODE, "town", "residential"])
    return table.drop_duplicates([X, Y, "residential"]).reset_index(drop=True)


def picture(
    areas: gpd.GeoSeries, places: pd.DataFrame, *, code: str, name: str, words: Words
) -> str:
    """Draw the map as the address of an SVG picture that needs nothing from outside.

    Under it stand the towns of the nearest places that lie off it. `areas` (EPSG:5514) are
    those of the obec and around it, `places` what `nearest_places` gave.
    """
    home = shapely.get_coordinates(areas[code].representative_point())[0]
    near = (np.hypot(places[X] - home[0], places[Y] - home[1]) <= FARTHEST_M).to_numpy()
    drawn, under = places[near], _off_lines(places[~near], words)
    height = HEIGHT - LINE * len(under)
    corners = np.vstack([shapely.get_coordinates(areas[code].envelope), drawn[[X, Y]]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = (low + high) / 2
    size = np.maximum((high - low) * MARGIN, LEAST_M)
    scale = min(WIDTH / size[0], height / size[1])

    def on_paper(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = (xy - middle) * scale * (1, -1) + (WIDTH / 2, height / 2)
        return moved

    shapes = gpd.GeoSeries(areas.simplify(0.7 / scale).transform(on_paper))
    shapes = shapes.clip_by_rect(0, 0, WIDTH, height)
    shapes = gpd.GeoSeries(shapes[~shapes.is_empty])
    spots = on_paper(drawn[[X, Y]].to_numpy(dtype=float))
    towns = pd.DataFrame(spots, columns=[X, Y]).assign(town=drawn["town"].to_numpy())
    towns = towns[(drawn[CODE] != code).to_numpy()].drop_duplicates("town")
    parts = [
        *(_area(shape) for each, shape in shapes.items() if each != code),
        _area(shapes[code], fill="#ffe2b8", width=2),
        *map(_spot, spots, drawn["residential"]),
        *_labels([(*on_paper(home), name), *towns.itertuples(index=False)], spots, height),
        _scale_bar(scale, height),
        _north(true_north(*middle)),
        *_under(under, height),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    svg = f"{head}{''.join(parts)}</svg>"
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _off_lines(off: pd.DataFrame, words: Words) -> list[str]:
    """Say in which towns the places off the map are; no line without any."""
    if off.empty:
        return []
    counts = off.drop_duplicates([X, Y])["town"].value_counts(sort=False)
    named = ", ".join(
        f"{town} ({words.number(count)})".replace(" ", NBSP) for town, count in counts.items()
    )
    return textwrap.wrap(words.t("Nearest places off the map: {towns}.", towns=named), CHARACTERS)


def _under(lines: Sequence[str], height: float) -> list[str]:
    """Write the lines under the map."""
    return [
        _label(WIDTH / 2, height + LINE * (number + 0.8), line, size=12)
        for number, line in enumerate(lines)
    ]


def _scale_bar(scale: float, height: float) -> str:
    """Draw a bar of 1, 2 or 5 km in the lower left corner."""
    km = max((km for km in (1, 2, 5) if km * 1000 * scale <= WIDTH / 4), default=1)
    long, y = km * 1000 * scale, height - 10
    bar = f'<path d="M12,{y - 4:.0f}v4h{long:.1f}v-4" fill="none" stroke="#111" stroke-width="2"/>'
    return bar + _label(12 + long / 2, y - 4, f"{km}{NBSP}km", size=13)


def _north(along: tuple[float, float]) -> str:
    """Draw the arrow to true north in the upper right corner."""
    foot, up = np.array([WIDTH - 18.0, 44.0]), np.array([along[0], -along[1]])
    across = np.array([-up[1], up[0]])
    ends = [foot + end for end in (26 * up, -6 * across, 6 * up, 6 * across)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ends)
    x, y = foot + 32 * up
    return f'<polygon points="{points}" fill="#111"/>' + _label(x, y + 2, "S", size=12)


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


def _labels(
    names: Sequence[tuple[float, float, str]], spots: NDArray[np.float64], height: float
) -> list[str]:
    """Write the names inside the map over no earlier one and, where there is room, no sign.

    The first is the obec's own; it is always written.
    """
    taken = [shapely.box(x - 6, y - 6, x + 6, y + 6) for x, y in spots]
    taken += [shapely.box(0, height - 26, WIDTH / 4 + 24, height)]  # the scale bar
    taken += [shapely.box(WIDTH - 36, 0, WIDTH, 48)]  # the arrow
    written: list[str] = []
    for x, y, name in names:
        size = 13 if written else 15
        half = len(name) * size * 0.3
        middle = min(max(x, half + 4), WIDTH - half - 4)
        steps = (-9, 17, -16, 24) if written else (5, -9, 19, -23, 33, -37)
        boxes = {
            y + down: shapely.box(middle - half, y + down - size, middle + half, y + down + 2)
            for down in steps
            if size + 2 < y + down < height - 4
        }
        free = [top for top, box in boxes.items() if not shapely.intersects(box, taken).any()]
        if free or not written:
            top = free[0] if free else y + 5
            taken.append(boxes.get(top, shapely.Point(x, y)))
            written.append(_label(middle, top, name, size=size))
    return written


def _label(x: float, y: float, text: str, *, size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-family="sans-serif" '
        f'font-size="{size}" font-weight="600" fill="#111" stroke="#fff" stroke-width="3" '
        f'paint-order="stroke">{escape(text)}</text>'
    )
