"""Answer → printed maps: the colours and patterns of the screen on a sheet of paper.

Everything is drawn on `Figure` objects that no other thread sees; pyplot is not used.
"""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from kpss_geo import furniture, labels, maps, paper
from kpss_geo.catalogue import in_form
from kpss_geo.errors import N_
from kpss_geo.paper import A4, IN_TEXT, LINE, Box, Sheet
from kpss_geo.report import sentences
from kpss_geo.schema import NOT_COVERED, ON_PAPER, UNKNOWN, X, Y
from kpss_geo.study import Answer
from kpss_geo.text import Words

LONG_TITLE: Final = 70
"""A longer title is written in smaller letters, so that it stays on one line."""
OUTSIDE: Final = "#f1f3f5"
FILLS: Final = {
    **maps.COLOURS,
    **{f"{verdict}-partly": colour for verdict, colour in maps.PARTLY.items()},
    maps.NOBODY: "#ffffff",
}
HATCHES: Final = {
    ON_PAPER: ("////", "#0b4f8a"),
    NOT_COVERED: ("\\\\\\", "#a34a00"),
    UNKNOWN: ("....", LINE),
}
"""As on the screen stripes for on paper only and dots for not known; and stripes the other way
for not covered, which in grey print is as dark as the paler blue."""


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
    figure = paper.blank(sheet)
    axes = paper.map_axes(figure, sheet, view=_whole(ground))
    fills = {
        str(code): maps.fill_of(row)
        for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
    }
    _areas(axes, ground, fills)
    points = _places(axes, answer)
    _names(figure, axes, sheet, ground, points)
    _panel(figure, axes, sheet, answer, ground, words)
    _texts(figure, sheet, texts or Texts())
    return figure


def location_map(ground: Ground, words: Words, *, sheet: Sheet = IN_TEXT) -> Figure:
    """Draw where the obce of a territory lie, with their names and nothing else."""
    figure = paper.blank(sheet)
    axes = paper.map_axes(figure, sheet, view=_whole(ground))
    _areas(axes, ground, dict.fromkeys(map(str, ground.areas.index), "territory"))
    _names(figure, axes, sheet, ground, np.empty((0, 2)))
    rows = [Patch(facecolor="#dbe6f0", edgecolor=LINE, label=words.t("territory"))]
    rows.append(Patch(facecolor=OUTSIDE, edgecolor="#b4bcc4", label=words.t("surroundings")))
    _legend(figure, sheet, rows, _boundary_words(ground, words))
    return figure


def _names(
    figure: Figure, axes: Axes, sheet: Sheet, ground: Ground, points: NDArray[np.float64]
) -> None:
    """Draw scale and arrow, and write the names where these and the points leave room."""
    bar = furniture.scale_bar(axes, letters=sheet.letters)
    arrow = furniture.north_arrow(figure, axes, sheet)
    labels.write(
        axes,
        inner_points(ground),
        ground.names,
        avoid=points,
        letters=sheet.letters,
        free=[bar, arrow],
    )


def _whole(ground: Ground) -> Box:
    """Give the view of the whole territory with a margin."""
    west, south, east, north = ground.areas.total_bounds
    aside, up = 0.04 * (east - west), 0.04 * (north - south)
    return west - aside, south - up, east + aside, north + up


def inner_points(ground: Ground) -> gpd.GeoSeries:
    """Give a point inside the area of every obec whose name is written."""
    return gpd.GeoSeries(ground.areas.reindex(ground.names.index)).representative_point()


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


def _places(axes: Axes, answer: Answer) -> NDArray[np.float64]:
    places = answer.places[~answer.places["secret"].astype(bool)]  # these are never a point
    residential = in_form(places["forms"], "pob")
    for mine, face, edge in (
        (~residential, "#ffffff", "#111111"),
        (residential, "#111111", "#fff"),
    ):
        some = places[mine]
        axes.scatter(some[X], some[Y], s=26, c=face, edgecolors=edge, linewidths=1.1, zorder=5)
    return places[[X, Y]].to_numpy(dtype=float)


def _panel(
    figure: Figure, axes: Axes, sheet: Sheet, answer: Answer, ground: Ground, words: Words
) -> None:
    rows: list[Patch | Line2D] = []
    for key, text in maps.legend(answer, words):
        hatch, colour = HATCHES.get(key.removesuffix("-partly"), ("", LINE))
        rows.append(
            Patch(facecolor=FILLS[key], edgecolor=colour, hatch=hatch, linewidth=0.5, label=text)
        )
    rows += _signs(axes, answer, words)
    totals = answer.totals
    shares = words.percents([totals[verdict] for verdict in sentences.VERDICT_WORDS])
    counts = [
        f"{words.t(word)}: {words.number(totals[verdict])} ({share})"
        for (verdict, word), share in zip(sentences.VERDICT_WORDS.items(), shares, strict=True)
    ]
    known = f"{words.t(answer.target.short)}: {words.number(totals['people'])}"
    _legend(figure, sheet, rows, "\n\n".join(["\n".join([known, *counts]),
            _boundary_words(ground, words)]))  # fmt: skip


def _signs(axes: Axes, answer: Answer, words: Words) -> list[Line2D]:
    """Give the signs of places that are in view; of secret ones there is none."""
    public = answer.places[~answer.places["secret"].astype(bool)]
    seen = public[public[X].between(*axes.get_xlim()) & public[Y].between(*axes.get_ylim())]
    residential = in_form(seen["forms"], "pob")
    signs = []
    for held, face, text in (
        (residential.any(), "#111111", N_("residential place")),
        ((~residential).any(), "#ffffff", N_("ambulatory place")),
    ):
        if held:
            signs.append(_point(face, words.t(text)))
    return signs


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
    size = 7.5 * sheet.letters
    letters = int(sheet.panel_mm / 1.55 / sheet.letters)
    handles = list(rows)
    for handle in handles:
        handle.set_label(_wrapped(str(handle.get_label()), letters - 8))
    drawn = figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(x, (bottom + height) / sheet.height_mm),
        frameon=False, fontsize=size, handlelength=2.2, handleheight=1.5, borderaxespad=0,
        borderpad=0, labelspacing=0.8,
    )  # fmt: skip
    box = drawn.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    foot = box.y0 / figure.bbox.height - 5 / sheet.height_mm
    figure.text(x, foot, _wrapped(below, letters), size=size, va="top", linespacing=1.5)


def _texts(figure: Figure, sheet: Sheet, texts: Texts) -> None:
    left = sheet.margin_mm / sheet.width_mm
    top = 1 - sheet.margin_mm / sheet.height_mm
    more = sheet.letters
    size = more * (15 if len(texts.title) < LONG_TITLE else 11)
    figure.text(left, top, _wrapped(texts.title, 105), size=size, weight="bold", va="top")
    lower = 1 - (sheet.top_mm - 3.5) / sheet.height_mm
    figure.text(left, lower, texts.subtitle, size=9.5 * more, va="bottom")
    letters = int((sheet.width_mm - 2 * sheet.margin_mm) / 1.2 / more)
    foot = (sheet.bottom_mm - 3) / sheet.height_mm
    figure.text(left, foot, _wrapped(texts.footer, letters), size=6.2 * more, va="top",
                color="#333333", linespacing=1.35)  # fmt: skip
