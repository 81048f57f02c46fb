"""Names on a printed map: each is written, and none lies over another."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

SIZE_PT: Final = 7.5
RINGS: Final = 14
"""How many steps away from its obec a name may be moved before it is left out."""
STEP_PT: Final = 5.0
GAP_PT: Final = 3.0
"""How far from its neighbour on the same line a name stands at least."""
NEAR_RINGS: Final = 3
"""A name moved as far as this gets a line to its obec."""


def halo() -> list[AbstractPathEffect]:
    """Give the white edge that keeps letters readable over colours and patterns."""
    return [withStroke(linewidth=2.2, foreground="#ffffff")]


def write(
    axes: Axes,
    points: gpd.GeoSeries,
    names: pd.Series,
    *,
    avoid: NDArray[np.float64],
    letters: float = 1.0,
    free: Sequence[Bbox] = (),
) -> list[Bbox]:
    """Write names near their points without overlaps; give the boxes taken, in pixels.

    The first names choose first. Points to `avoid` are left free where there is room, the
    boxes `free` always.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        return []
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    frame = axes.get_window_extent(renderer)
    pixels = figure.dpi / 72
    markers = axes.transData.transform(avoid) if len(avoid) else np.empty((0, 2))
    taken: list[Bbox] = []
    for name, east, north in zip(names, points.x, points.y, strict=True):
        at = axes.transData.transform((east, north))
        text = axes.text(
            east, north, str(name), size=SIZE_PT * letters, ha="center", va="center", zorder=6,
            path_effects=halo(), weight="bold",
        )  # fmt: skip
        box = text.get_window_extent(renderer)
        found = _free(box, frame, [*free, *taken], markers, pixels)
        if found is None:
            text.remove()
            continue
        ring, shift = found
        taken.append(box.translated(*shift))
        moved = axes.transData.inverted().transform(at + shift)
        text.set_position(tuple(moved))
        if ring >= NEAR_RINGS:
            ends = np.array([[east, north], moved]).T
            axes.plot(*ends, color="#111111", linewidth=0.5, zorder=4)
    return taken


def _free(
    box: Bbox, frame: Bbox, taken: list[Bbox], markers: NDArray[np.float64], pixels: float
) -> tuple[int, NDArray[np.float64]] | None:
    """Give the nearest shift at which a box is free, and its ring; None when there is none."""
    for points in (markers, np.empty((0, 2))):
        rings = NEAR_RINGS if len(points) else RINGS
        for ring in range(rings + 1):
            for angle in np.arange(8 if ring else 1) * np.pi / 4 + np.pi / 2:
                shift = ring * STEP_PT * pixels * np.array([1.6 * np.cos(angle), np.sin(angle)])
                if _fits(
                    box.translated(*shift).padded(GAP_PT * pixels, pixels), frame, taken, points
                ):
                    return ring, shift
    return None


def _fits(box: Bbox, frame: Bbox, taken: list[Bbox], points: NDArray[np.float64]) -> bool:
    inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 <= box.y1 <= frame.y1
    if not inside or any(box.overlaps(other) for other in taken):
        return False
    over = (points[:, 0] > box.x0 - 4) & (points[:, 0] < box.x1 + 4)
    return not bool((over & (points[:, 1] > box.y0 - 4) & (points[:, 1] < box.y1 + 4)).any())
