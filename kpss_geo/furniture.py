"""What every printed map has besides its areas: a scale bar and an arrow to true north."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Bbox

from kpss_geo import labels
from kpss_geo.paper import Sheet
from kpss_geo.schema import to_degrees, to_metric


def scale_bar(axes: Axes, *, letters: float = 1.0) -> Bbox:
    """Draw a bar of 1, 2 or 5 × 10ⁿ km, at most a quarter of the width of the map.

    Gives the box that it takes, in pixels: no name may be written there.
    """
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
            x + part * metres, y + 1.6 * height, km, ha="center", va="bottom", size=6.5 * letters
        )
        text.set(zorder=7, path_effects=labels.halo())
    around = [(x - 0.02 * (east - west), south), (x + 1.25 * metres, y + 5 * height)]
    return Bbox(axes.transData.transform(around))


def true_north(x: float, y: float) -> tuple[float, float]:
    """Direction of true north at a point of EPSG:5514, as a vector of length 1.

    In this grid it leans from the vertical by up to eight degrees, most in the west.
    """
    lon, lat = to_degrees(np.array([x]), np.array([y]))
    east, north = to_metric(lon, lat + 0.01)
    away = np.hypot(east[0] - x, north[0] - y)
    return float((east[0] - x) / away), float((north[0] - y) / away)


def north_arrow(figure: Figure, axes: Axes, sheet: Sheet) -> Bbox:
    """Draw the arrow in the upper right corner of the map; gives its box in pixels."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    along = np.array(true_north((west + east) / 2, (south + north) / 2))
    across = np.array([along[1], -along[0]])
    left, bottom, width, height = sheet.frame
    more, size = sheet.letters, np.array(sheet.paper)
    foot = np.array([left + width - 8.0 * more, bottom + height - 16.0 * more])
    corners = [foot + more * c for c in (9 * along, -2.6 * across, 2 * along, 2.6 * across)]
    box = (foot - more * np.array([6, 4])) / size
    white = (12 * more / size[0], 19 * more / size[1])
    figure.add_artist(Rectangle(tuple(box), *white, color="#ffffff", alpha=0.75, zorder=8))
    figure.add_artist(Polygon([tuple(c / size) for c in corners], color="#111111", zorder=9))
    tip = (foot + 11 * more * along) / size
    letter = figure.text(
        tip[0], tip[1], "S", size=8 * more, weight="bold", ha="center", va="center"
    )
    letter.set_zorder(9)
    pixels = np.array([figure.bbox.width, figure.bbox.height])
    return Bbox([box * pixels, (box + white) * pixels])
