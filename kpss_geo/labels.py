"""Names on a printed map: each is written, and none lies over another or over a sign."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

SIZE_PT: Final = 7.5
RINGS: Final = 18
"""How many steps away from its obec a name may be moved before it is left out."""
STEP_PT: Final = 4.0
ANGLES: Final = 16
GAP_PT: Final = (3.0, 1.5)
"""How far from its neighbours a name stands at least, sideways and above."""
SIGN_PT: Final = 3.5
"""Half of the sign of a place: no name lies over it."""
NEAR_RINGS: Final = 2
"""A name moved farther than this, out of its obec, gets a line to it."""
LONG_NAME: Final = 15
"""A longer name of more words stands on two lines."""
PREPOSITIONS: Final = frozenset(("nad", "pod", "na", "v", "ve", "u", "při"))
SLABS: Final = 8
"""By so many strips an area is kept free of names."""
_SHIFTS: Final = np.array(
    [
        (ring, 1.5 * ring * np.cos(angle), ring * np.sin(angle))
        for ring in range(RINGS + 1)
        for angle in (np.arange(ANGLES if ring else 1) * 2 * np.pi / ANGLES + np.pi / 2)
    ]
)
"""Ring, and the steps aside and up; the nearest first."""


def halo() -> list[AbstractPathEffect]:
    """Give the white edge that keeps letters readable over colours and patterns."""
    return [withStroke(linewidth=2.2, foreground="#ffffff")]


def on_lines(name: str) -> str:
    """Break a long name into two lines of about the same length, never after a preposition.

    >>> on_lines("Albrechtice v Jizerských horách").split(chr(10))
    ['Albrechtice', 'v Jizerských horách']
    >>> on_lines("Tanvald")
    'Tanvald'
    """
    if len(name) <= LONG_NAME:
        return name
    words = name.split(" ")
    halves = [
        (" ".join(words[:at]), " ".join(words[at:]))
        for at in range(1, len(words))
        if words[at - 1] not in PREPOSITIONS
    ]
    best = min(halves, key=lambda half: max(map(len, half)), default=(name,))
    return "\n".join(best)


def write(
    axes: Axes,
    areas: gpd.GeoSeries,
    names: pd.Series,
    *,
    avoid: NDArray[np.float64],
    letters: float = 1.0,
    free: Sequence[Bbox] = (),
    rings: int = RINGS,
) -> list[Bbox]:
    """Write names into their areas without overlaps; give the boxes taken, in pixels.

    The first names choose first; one that finds no room is left out. The signs at the
    points to `avoid` and the boxes `free` stay free. A name stands in its own area where
    it can; one that had to leave it has a line to it.

    `rings` says how many steps out of its obec a name may be moved; up to `NEAR_RINGS` it
    needs no line.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        return []
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    pixels = figure.dpi / 72
    closed = [*_signs(axes, avoid, SIGN_PT * letters * pixels), *(box.extents for box in free)]
    taken: list[Bbox] = []
    mine = gpd.GeoSeries(areas.reindex(names.index))
    points = shapely.get_coordinates(mine.representative_point())
    for name, own, (east, north) in zip(names, mine, points, strict=True):
        text = axes.text(
            east, north, on_lines(str(name)), size=SIZE_PT * letters, ha="center", va="center",
            zorder=6, path_effects=halo(), weight="bold", linespacing=1.0,
        )  # fmt: skip
        box = text.get_window_extent(renderer)
        found = _best(axes, box, np.array(closed).reshape(-1, 4), own, pixels, rings)
        if found is None:
            text.remove()
            continue
        taken.append(found[0])
        closed.append(found[0].extents)
        _move(axes, text, found[0], pointed=found[1])
    return taken


def subject(
    axes: Axes, area: shapely.Geometry, name: str, *, fill: str, free: Sequence[Bbox]
) -> list[Bbox]:
    """Write the name of the one area that a map is about, so that its shape stays seen.

    Inside where it fits whole; else below, above or beside, on a tag of the colour of the
    area. Gives the boxes to keep free, in pixels: the name and the area itself.
    """
    point = shapely.get_coordinates(shapely.point_on_surface(area))[0]
    text = axes.text(
        float(point[0]), float(point[1]), on_lines(name), size=SIZE_PT, ha="center", va="center",
        zorder=6, path_effects=halo(), weight="bold", linespacing=1.0,
    )  # fmt: skip
    pixels = text.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    west, south, east, north = shapely.bounds(area)
    around = Bbox(axes.transData.transform([(west, south), (east, north)]))
    box = text.get_window_extent()
    inside, beside = _within(axes, area, box, pixels), _beside(around, box, pixels)
    boxes = np.array([*inside, *beside])
    closed = np.array([one.extents for one in free]).reshape(-1, 4)
    padded = boxes + np.array([-1, -1, 1, 1]) * np.tile(GAP_PT, 2) * pixels
    fits = _inside(padded, np.asarray(axes.get_window_extent().extents)) & ~_over(padded, closed)
    slabs = _slabs(axes, area)
    if not fits.any():
        text.remove()
        return slabs
    best = int(fits.argmax())
    found = Bbox.from_extents(*boxes[best])
    _move(axes, text, found, pointed=False)
    if best >= len(inside):
        text.set_bbox({"boxstyle": "round,pad=0.2", "facecolor": fill, "linewidth": 0.6})
    return [found, *slabs]


def _slabs(axes: Axes, area: shapely.Geometry) -> list[Bbox]:
    """Cover an area by boxes, one for each strip of it from south to north."""
    west, south, east, north = shapely.bounds(area)
    edges = np.linspace(south, north, SLABS + 1)
    strips = shapely.intersection(area, shapely.box(west, edges[:-1], east, edges[1:]))
    parts = shapely.bounds(shapely.get_parts(strips)).reshape(-1, 2, 2)
    return [Bbox(axes.transData.transform(part)) for part in parts if np.isfinite(part).all()]


def _within(
    axes: Axes, area: shapely.Geometry, box: Bbox, pixels: float
) -> list[NDArray[np.float64]]:
    """Give the boxes that lie whole in the area, the nearest to its middle first."""
    moved = _SHIFTS[:, 1:] * STEP_PT * pixels
    boxes = np.asarray(box.extents) + np.hstack([moved, moved])
    inverted = axes.transData.inverted()
    corners = [inverted.transform(boxes[:, at]) for at in ([0, 1], [2, 3])]
    drawn = shapely.box(*corners[0].T, *corners[1].T)
    return list(boxes[shapely.contains(area, drawn)])


def _beside(around: Bbox, box: Bbox, pixels: float) -> list[NDArray[np.float64]]:
    """Give the boxes below, above, right and left of what is around the area."""
    aside, up = np.array(GAP_PT) * 2 * pixels
    middle, half = (around.p0 + around.p1) / 2, np.array([box.width, box.height]) / 2
    high, wide = around.height / 2 + half[1] + up, around.width / 2 + half[0] + aside
    steps = np.array([(0, -high), (0, high), (wide, 0), (-wide, 0)])
    return [np.hstack([middle + step - half, middle + step + half]) for step in steps]


def _move(axes: Axes, text: Text, box: Bbox, *, pointed: bool) -> None:
    """Put a name into its box, with a line from where it stood when it is far."""
    point = np.asarray(text.get_position(), dtype=float)
    middle = axes.transData.inverted().transform((box.p0 + box.p1) / 2)
    text.set_position(tuple(middle))
    if pointed:
        _line(axes, point, middle)


def _signs(axes: Axes, avoid: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """Give the boxes that the signs take, in pixels."""
    if not len(avoid):
        return np.empty((0, 4))
    signs = axes.transData.transform(avoid)
    return np.hstack([signs - reach, signs + reach])


def _best(
    axes: Axes,
    box: Bbox,
    closed: NDArray[np.float64],
    own: shapely.Geometry,
    pixels: float,
    rings: int,
) -> tuple[Bbox, bool] | None:
    """Give the best box that is free, and whether it needs a line; None without any.

    Nearer is better, inside the own area much better.
    """
    moved = _SHIFTS[:, 1:] * STEP_PT * pixels
    boxes = box.extents + np.hstack([moved, moved])
    padded = boxes + np.array([-1, -1, 1, 1]) * np.tile(GAP_PT, 2) * pixels
    fits = _inside(padded, np.asarray(axes.get_window_extent().extents)) & ~_over(padded, closed)
    middles = axes.transData.inverted().transform((boxes[:, :2] + boxes[:, 2:]) / 2)
    home = shapely.contains_xy(own, middles)
    ring = _SHIFTS[:, 0]
    fits &= home | (ring <= rings)
    if not fits.any():
        return None
    best = int(np.where(fits, ring + np.where(home, 0, RINGS), np.inf).argmin())
    return Bbox.from_extents(*boxes[best]), bool(not home[best] and ring[best] > NEAR_RINGS)


def _inside(boxes: NDArray[np.float64], frame: NDArray[np.float64]) -> NDArray[np.bool_]:
    beyond = np.hstack([boxes[:, :2] < frame[:2], boxes[:, 2:] > frame[2:]])
    return np.logical_not(beyond.any(axis=1))


def _over(boxes: NDArray[np.float64], closed: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each box lies over any of the closed ones."""
    each, other = boxes[:, None, :], closed[None, :, :]
    apart = np.concatenate(
        [each[..., :2] >= other[..., 2:], each[..., 2:] <= other[..., :2]], axis=2
    )
    return np.asarray(np.logical_not(apart.any(axis=2)).any(axis=1), dtype=bool)


def _line(axes: Axes, point: NDArray[np.float64], middle: NDArray[np.float64]) -> None:
    """Draw the line from a name to the dot inside its obec."""
    ends = np.array([point, middle]).T
    axes.plot(*ends, color="#111111", linewidth=0.5, zorder=4)
    axes.plot(*point, marker="o", color="#111111", markersize=2, zorder=4)
