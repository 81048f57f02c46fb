"""What every printed map has besides its areas: a scale bar and an arrow to true north.

Both stand in the corner of the map where they cover the fewest signs.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from kpss_geo.paper import DPI
from kpss_geo.schema import true_north

LETTERS_PT: Final = 7.5
EDGE_MM: Final = 1.2
"""How far from the frame of the map."""
SIGN_MM: Final = 1.5
"""Half of the sign of a place."""
BAR_MM: Final = 1.3
Corner = tuple[int, int]
"""Left or right, lower or upper, as 0 or 1."""
NOWHERE: Final = np.empty((0, 2))
_BAR_CORNERS: Final[Sequence[Corner]] = ((0, 0), (1, 0), (0, 1))
_ARROW_CORNERS: Final[Sequence[Corner]] = ((1, 1), (0, 1), (1, 0))


def scale_bar(axes: Axes, *, letters: float = 1.0, avoid: NDArray[np.float64] = NOWHERE) -> Bbox:
    """Draw a bar of 1, 2 or 5 × 10ⁿ km, at most a quarter of the width of the map.

    Gives the box that it takes, in pixels: no name may be written there.
    """
    west, east = axes.get_xlim()
    longest = (east - west) / 4
    power = 10 ** np.floor(np.log10(longest))
    step = max(step for step in (1, 2, 5) if step * power <= longest)
    metres, parts = float(step * power), 5 if step == 5 else 2
    frame, mm = axes.get_window_extent(), _mm(axes)
    length = metres / (east - west) * frame.width
    aside, high = 7 * mm * letters, (BAR_MM + 6 * letters) * mm
    box = _corner(axes, (length + 2 * aside, high), _BAR_CORNERS, avoid)
    _white(axes, box)
    x, y = box.x0 + aside, box.y0 + 1.2 * mm
    for number in range(parts):
        part = Bbox.from_bounds(x + number * length / parts, y, length / parts, BAR_MM * mm)
        fill = "#ffffff" if number % 2 else "#111111"
        _shape(
            axes, part.corners()[[0, 1, 3, 2]], facecolor=fill, edgecolor="#111111", linewidth=0.7
        )
    size = LETTERS_PT * letters
    for share, text in ((0.0, "0"), (1.0, f"{metres / 1000:g}".replace(".", ",") + "\u00a0km")):
        _letters(axes, (x + share * length, y + (BAR_MM + 0.7) * mm), text, va="bottom", size=size)
    return box


def north_arrow(axes: Axes, *, letters: float = 1.0, avoid: NDArray[np.float64] = NOWHERE) -> Bbox:
    """Draw the arrow to true north at the middle of the map; gives its box in pixels."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    along = np.array(true_north((west + east) / 2, (south + north) / 2))
    across = np.array([along[1], -along[0]])
    more = _mm(axes) * letters
    box = _corner(axes, (11 * more, 17 * more), _ARROW_CORNERS, avoid)
    _white(axes, box)
    foot = np.array([(box.x0 + box.x1) / 2, box.y0 + 1.5 * more])
    corners = [foot + more * c for c in (10 * along, -2.6 * across, 2.4 * along, 2.6 * across)]
    _shape(axes, np.array(corners), color="#111111")
    tip = foot + 12.5 * more * along
    _letters(axes, tip, "S", va="center", size=9 * letters, weight="bold")
    return box


def _mm(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    return (DPI if figure is None else figure.dpi) / 25.4


def _corner(
    axes: Axes,
    size: tuple[float, float],
    corners: Sequence[Corner],
    avoid: NDArray[np.float64],
) -> Bbox:
    """Give the box of a size in the corner with the fewest signs under it, in pixels."""
    frame, mm = axes.get_window_extent(), _mm(axes)
    signs = axes.transData.transform(avoid) if len(avoid) else NOWHERE
    boxes = []
    for aside, up in corners:
        x = frame.x1 - EDGE_MM * mm - size[0] if aside else frame.x0 + EDGE_MM * mm
        y = frame.y1 - EDGE_MM * mm - size[1] if up else frame.y0 + EDGE_MM * mm
        boxes.append(Bbox.from_bounds(x, y, *size))
    return min(boxes, key=lambda box: box.padded(SIGN_MM * mm).count_contains(signs))


def _white(axes: Axes, box: Bbox) -> None:
    corners = box.corners()[[0, 1, 3, 2]]
    _shape(axes, corners, color="#ffffff", alpha=0.8, linewidth=0, zorder=4.5)


def _shape(axes: Axes, pixels: NDArray[np.float64], **style: Any) -> None:
    """Draw a polygon given in pixels; it keeps its place when the figure is saved larger."""
    ends = axes.transAxes.inverted().transform(pixels)
    axes.add_patch(Polygon(ends, transform=axes.transAxes, **{"zorder": 7, **style}))


def _letters(
    axes: Axes, pixels: Sequence[float] | NDArray[np.float64], text: str, **style: Any
) -> None:
    x, y = axes.transAxes.inverted().transform(pixels)
    axes.text(x, y, text, ha="center", zorder=8, transform=axes.transAxes, **style)
