"""Answer → printed maps: the colours and patterns of the screen on a sheet of paper.

Everything is drawn on `Figure` objects that no other thread sees; pyplot is not used.
"""

import io
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kpss_geo import furniture, labels, maps
from kpss_geo.catalogue import in_form
from kpss_geo.errors import N_
from kpss_geo.furniture import Box
from kpss_geo.report import sentences
from kpss_geo.schema import ON_PAPER, UNKNOWN, X, Y
from kpss_geo.study import Answer
from kpss_geo.text import Words

DPI: Final = 300
LINE: Final = "#5b6670"
LONG_TITLE: Final = 70
"""A longer title is written in smaller letters, so that it stays on one line."""
OUTSIDE: Final = "#f1f3f5"
FILLS: Final = {
    **maps.COLOURS,
    **{f"{verdict}-partly": colour for verdict, colour in maps.PARTLY.items()},
    maps.NOBODY: "#ffffff",
}
HATCHES: Final = {ON_PAPER: ("////", "#0b4f8a"), UNKNOWN: ("....", LINE)}
"""The same as on the screen: stripes for on paper only, dots for not known."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper in millimetres; the panel with the legend stands right of the map."""

    width_mm: float
    height_mm: float
    panel_mm: float
    top_mm: float
    bottom_mm: float
    margin_mm: float

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
IN_TEXT: Final = Sheet(165, 104, panel_mm=50, top_mm=1, bottom_mm=1, margin_mm=1)
"""A map inside a chapter: its caption stands in the text."""


@dataclass(frozen=True)
class Ground:
    """What a map is drawn on: areas asked about and around them (EPSG:5514), names to write.

    `real` says whether the areas are boundaries or schematic cells.
    """

    areas: gpd.GeoSeries
    around: gpd.GeoSeries
    names: pd.Series
    real: bool


@dataclass(frozen=True)
class Texts:
    """What is written on a sheet around the map."""

    title: str = ""
    subtitle: str = ""
    footer: str = ""


def verdict_map(
    answer: Answer, ground: Ground, words: Words, *, sheet: Sheet = A4, texts: Texts | None = None
) -> Figure:
    """Draw the verdicts of an Answer with legend, scale bar, north arrow and its source line."""
    figure = _paper(sheet)
    axes = _frame(figure, sheet, ground)
    fills = {
        str(code): maps.fill_of(row)
        for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
    }
    _areas(axes, ground, fills)
    points = _places(axes, answer)
    furniture.scale_bar(axes)
    furniture.north_arrow(figure, axes, frame=sheet.frame, paper=sheet.paper)
    labels.write(axes, inner_points(ground), ground.names, avoid=points)
    _panel(figure, sheet, answer, ground, words)
    _texts(figure, sheet, texts or Texts())
    return figure


def location_map(ground: Ground, words: Words, *, sheet: Sheet = IN_TEXT) -> Figure:
    """Draw where the obce of a territory lie, with their names and nothing else."""
    figure = _paper(sheet)
    axes = _frame(figure, sheet, ground)
    _areas(axes, ground, dict.fromkeys(map(str, ground.areas.index), "territory"))
    furniture.scale_bar(axes)
    furniture.north_arrow(figure, axes, frame=sheet.frame, paper=sheet.paper)
    labels.write(axes, inner_points(ground), ground.names, avoid=np.empty((0, 2)))
    rows = [Patch(facecolor="#dbe6f0", edgecolor=LINE, label=words.t("territory"))]
    rows.append(Patch(facecolor=OUTSIDE, edgecolor="#b4bcc4", label=words.t("surroundings")))
    _legend(figure, sheet, rows, _boundary_words(ground, words))
    return figure


def inner_points(ground: Ground) -> gpd.GeoSeries:
    """Give a point inside the area of every obec whose name is written."""
    return gpd.GeoSeries(ground.areas.reindex(ground.names.index)).representative_point()


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


def _paper(sheet: Sheet) -> Figure:
    # whole dots, and a little more: the writer of PNG cuts what is not whole
    width, height = (
        (round(mm / 25.4 * DPI) + 0.01) / DPI for mm in (sheet.width_mm, sheet.height_mm)
    )
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def _frame(figure: Figure, sheet: Sheet, ground: Ground) -> Axes:
    """Make the axes of the map, in view the whole territory with a margin."""
    axes = figure.add_axes(sheet.at(*sheet.frame))
    west, south, east, north = ground.areas.total_bounds
    _, _, width, height = sheet.frame
    metres_per_mm = 1.08 * max((east - west) / width, (north - south) / height, 1.0)
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


def _areas(axes: Axes, ground: Ground, fills: Mapping[str, str]) -> None:
    if len(ground.around):
        ground.around.plot(ax=axes, color=OUTSIDE, edgecolor="#b4bcc4", linewidth=0.4)
    fill = pd.Series(fills).reindex(ground.areas.index)
    colours = {**FILLS, "territory": "#dbe6f0"}
    for key, part in ground.areas.groupby(fill):
        part.plot(ax=axes, color=colours[str(key)], edgecolor="none")
        hatch, colour = HATCHES.get(str(key).removesuffix("-partly"), ("", ""))
        if hatch:
            part.plot(ax=axes, facecolor="none", edgecolor=colour, hatch=hatch, linewidth=0)
    width = 0.7 if len(ground.areas) < maps.FEW_OBCE else 0.25
    ground.areas.plot(ax=axes, facecolor="none", edgecolor=LINE, linewidth=width)
    axes.set(aspect="equal", xlabel="", ylabel="")  # geopandas writes its own


def _places(axes: Axes, answer: Answer) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    places = answer.places[~answer.places["secret"].astype(bool)]  # these are never a point
    residential = in_form(places["forms"], "pob")
    for mine, face, edge in (
        (~residential, "#ffffff", "#111111"),
        (residential, "#111111", "#fff"),
    ):
        some = places[mine]
        axes.scatter(some[X], some[Y], s=26, c=face, edgecolors=edge, linewidths=1.1, zorder=5)
    return places[[X, Y]].to_numpy(dtype=float)


def _panel(figure: Figure, sheet: Sheet, answer: Answer, ground: Ground, words: Words) -> None:
    rows: list[Patch | Line2D] = []
    for key, text in maps.legend(answer, words):
        hatch, colour = HATCHES.get(key.removesuffix("-partly"), ("", LINE))
        rows.append(
            Patch(facecolor=FILLS[key], edgecolor=colour, hatch=hatch, linewidth=0.5, label=text)
        )
    public = answer.places[~answer.places["secret"].astype(bool)]
    residential = in_form(public["forms"], "pob")
    for held, face, text in (
        (residential.any(), "#111111", N_("residential place")),
        ((~residential).any(), "#ffffff", N_("ambulatory place")),
    ):
        if held:
            rows.append(_point(face, words.t(text)))
    totals = answer.totals
    counts = [
        f"{words.t(word)}: {words.number(totals[verdict])} "
        f"({words.percent(totals[verdict], totals['people'])})"
        for verdict, word in sentences.VERDICT_WORDS.items()
    ]
    known = f"{words.t(answer.target.short)}: {words.number(totals['people'])}"
    _legend(figure, sheet, rows, "\n\n".join(["\n".join([known, *counts]),
            _boundary_words(ground, words)]))  # fmt: skip


def _point(face: str, text: str) -> Line2D:
    return Line2D(
        [], [], marker="o", linestyle="", markersize=5.5, markerfacecolor=face,
        markeredgecolor="#111111", label=text,
    )  # fmt: skip


def _boundary_words(ground: Ground, words: Words) -> str:
    return "" if ground.real else words.t("Schematic boundaries: cells, not the official borders.")


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.fill(line, width) for line in text.split("\n"))


def _legend(figure: Figure, sheet: Sheet, rows: Iterable[Patch | Line2D], below: str) -> None:
    left, bottom, width, height = sheet.frame
    x = (left + width + 3) / sheet.width_mm
    letters = int(sheet.panel_mm / 1.55)
    handles = list(rows)
    for handle in handles:
        handle.set_label(_wrapped(str(handle.get_label()), letters - 8))
    drawn = figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(x, (bottom + height) / sheet.height_mm),
        frameon=False, fontsize=7.5, handlelength=2.2, handleheight=1.5, borderaxespad=0,
        borderpad=0, labelspacing=0.8,
    )  # fmt: skip
    box = drawn.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    foot = box.y0 / figure.bbox.height - 5 / sheet.height_mm
    figure.text(x, foot, _wrapped(below, letters), size=7.5, va="top", linespacing=1.5)


def _texts(figure: Figure, sheet: Sheet, texts: Texts) -> None:
    left = sheet.margin_mm / sheet.width_mm
    top = 1 - sheet.margin_mm / sheet.height_mm
    size = 15 if len(texts.title) < LONG_TITLE else 11
    figure.text(left, top, _wrapped(texts.title, 105), size=size, weight="bold", va="top")
    lower = 1 - (sheet.top_mm - 3.5) / sheet.height_mm
    figure.text(left, lower, texts.subtitle, size=9.5, va="bottom")
    letters = int(sheet.width_mm / 1.28)
    foot = (sheet.bottom_mm - 3) / sheet.height_mm
    figure.text(left, foot, _wrapped(texts.footer, letters), size=6.2, va="top", color="#333333",
                linespacing=1.35)  # fmt: skip
