"""What every printed map has besides its areas: a scale bar and an arrow to true north."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from kpss_geo import labels
from kpss_geo.schema import to_degrees, to_metric

Box = tuple[float, float, float, float]
"""Left, bottom, width, height."""


def scale_bar(axes: Axes) -> None:
    """Draw a bar of 1, 2 or 5 × 10ⁿ km, about a quarter of the width of the map at most."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    longest = (east - west) / 4
    power = 10 ** np.floor(np.log10(longest))
    metres = float(max(step * power for step in (1, 2, 5) if step * power <= longest))
    x, y = west + 0.03 * (east - west), south + 0.035 * (north - south)
    height = 0.008 * (north - south)
    for number, colour in enumerate(("#111111", "#ffffff")):
        axes.add_patch(
            Rectangle(
                (x + number * metres / 2, y), metres / 2, height,
                facecolor=colour, edgecolor="#111111", linewidth=0.7, zorder=7,
            )
        )  # fmt: skip
    for part in (0.0, 0.5, 1.0):
        km = f"{part * metres / 1000:g}".replace(".", ",") + ("\u00a0km" if part == 1.0 else "")
        text = axes.text(
            x + part * metres, y + 1.6 * height, km, ha="center", va="bottom", size=6.5
        )
        text.set(zorder=7, path_effects=labels.halo())


def true_north(x: float, y: float) -> tuple[float, float]:
    """Direction of true north at a point of EPSG:5514, as a vector of length 1.

    In this grid it leans from the vertical by up to eight degrees, most in the west.
    """
    lon, lat = to_degrees(np.array([x]), np.array([y]))
    east, north = to_metric(lon, lat + 0.01)
    away = np.hypot(east[0] - x, north[0] - y)
    return float((east[0] - x) / away), float((north[0] - y) / away)


def north_arrow(figure: Figure, axes: Axes, *, frame: Box, paper: tuple[float, float]) -> None:
    """Draw the arrow in the upper right corner of the frame (both in millimetres)."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    along = np.array(true_north((west + east) / 2, (south + north) / 2))
    across = np.array([along[1], -along[0]])
    left, bottom, width, height = frame
    foot = np.array([left + width - 8.0, bottom + height - 16.0])
    corners = [foot + 9 * along, foot - 2.6 * across, foot + 2 * along, foot + 2.6 * across]
    size = np.array(paper)
    box = foot / size - np.array([6, 4]) / size
    figure.add_artist(
        Rectangle(tuple(box), 12 / size[0], 19 / size[1], color="#ffffff", alpha=0.75, zorder=8)
    )
    figure.add_artist(Polygon([tuple(c / size) for c in corners], color="#111111", zorder=9))
    tip = (foot + 11 * along) / size
    letter = figure.text(tip[0], tip[1], "S", size=8, weight="bold", ha="center", va="center")
    letter.set_zorder(9)
