"""A sheet of paper: its size, where the map stands on it, and the files written from it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

DPI: Final = 300
LINE: Final = "#5b6670"
Box = tuple[float, float, float, float]
"""Left, bottom, width and height, or west, south, east and north."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper in millimetres; the panel with the legend stands right of the map.

    `letters` is the size of letters and signs as a multiple of that on A4.
    """

    width_mm: float
    height_mm: float
    panel_mm: float
    top_mm: float
    bottom_mm: float
    margin_mm: float
    letters: float = 1.0

    def at(
        self, x: float, y: float, width: float, height: float
    ) -> tuple[float, float, float, float]:
        """Turn millimetres from the lower left corner into parts of the sheet."""
        return (
            x / self.width_mm, y / self.height_mm, width / self.width_mm, height / self.height_mm,
        )  # fmt: skip

    @property
    def paper(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return self.width_mm, self.height_mm

    @property
    def frame(self) -> Box:
        """Where the map stands: left, bottom, width, height in millimetres."""
        width = self.width_mm - 2 * self.margin_mm - self.panel_mm
        return (
            self.margin_mm, self.bottom_mm, width, self.height_mm - self.top_mm - self.bottom_mm,
        )  # fmt: skip


A4: Final = Sheet(297, 210, panel_mm=66, top_mm=27, bottom_mm=22, margin_mm=10)
A3: Final = Sheet(420, 297, panel_mm=88, top_mm=36, bottom_mm=29, margin_mm=14, letters=1.3)
IN_TEXT: Final = Sheet(165, 112, panel_mm=52, top_mm=1, bottom_mm=13.5, margin_mm=1)
"""A map inside a chapter: its caption stands in the text, its source line under the map."""


def to_png(figure: Figure, *, dpi: int = DPI, about: Mapping[str, str] | None = None) -> bytes:
    """Write a figure as PNG; what it is about goes into the text fields of the file."""
    return _save(figure, format="png", dpi=dpi, metadata={"Software": None, **(about or {})})


def to_svg(figure: Figure, *, title: str = "", description: str = "") -> bytes:
    """Write a figure as SVG with its letters as shapes, so that it looks the same anywhere."""
    metadata = {"Date": None, "Creator": None, "Title": title, "Description": description}
    return _save(figure, format="svg", metadata=metadata)


def _save(figure: Figure, **options: object) -> bytes:
    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "kpss-geo"}):
        figure.savefig(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


class _Canvas(FigureCanvasAgg):
    def draw_idle(self, *_args: object, **_options: object) -> None:
        """Wait: geopandas asks for a whole drawing after every layer, nobody looks at it."""


def blank(sheet: Sheet) -> Figure:
    """Give an empty figure of the size of the sheet."""
    # whole dots, and a little more: the writer of PNG cuts what is not whole
    width, height = (
        (round(mm / 25.4 * DPI) + 0.01) / DPI for mm in (sheet.width_mm, sheet.height_mm)
    )
    figure = Figure(figsize=(width, height))
    _Canvas(figure)
    return figure


def map_axes(figure: Figure, sheet: Sheet, *, view: Box) -> Axes:
    """Make the axes of the map that hold the whole view (west, south, east, north)."""
    axes = figure.add_axes(sheet.at(*sheet.frame))
    west, south, east, north = view
    _, _, width, height = sheet.frame
    metres_per_mm = max((east - west) / width, (north - south) / height, 1.0)
    middle = ((west + east) / 2, (south + north) / 2)
    axes.set_xlim(middle[0] - metres_per_mm * width / 2, middle[0] + metres_per_mm * width / 2)
    axes.set_ylim(middle[1] - metres_per_mm * height / 2, middle[1] + metres_per_mm * height / 2)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#ffffff")
    for spine in axes.spines.values():
        spine.set_color(LINE)
    axes.set_autoscale_on(False)
    return axes
