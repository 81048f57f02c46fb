"""Answer → printed maps: the colours and patterns of the screen on a sheet of paper.

Everything is drawn on `Figure` objects that no other thread sees; pyplot is not used.
"""

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from kpss_geo import furniture, labels, map_panel, maps, paper
from kpss_geo.catalogue import in_form
from kpss_geo.errors import N_
from kpss_geo.paper import A4, IN_TEXT, LINE, Box, Sheet
from kpss_geo.schema import NOT_COVERED, ON_PAPER, UNKNOWN, X, Y
from kpss_geo.study import Answer
from kpss_geo.text import NBSP, Words

LEAST_PT: Final = 7.0
"""No letters on a sheet are smaller."""
BARE: Final = 0.005
"""White that takes more than this share of the map is explained."""
OUTSIDE: Final = "#eceff2"
FILLS: Final = {
    **maps.COLOURS,
    **{f"{verdict}-partly": colour for verdict, colour in maps.PARTLY.items()},
    maps.NOBODY: "#ffffff",
}
HATCHES: Final = {
    ON_PAPER: ("////", "#0b4f8a"),
    NOT_COVERED: ("\\\\\\", "#a34a00"),
    UNKNOWN: ("....", LINE),
    maps.NOBODY: ("--", "#9aa3ab"),
}
"""As on the screen stripes for on paper only and dots for not known; stripes the other way for
not covered, which in grey print is as dark as the paler blue; level lines where nobody lives,
for plain white is what the data do not hold."""
CLOSER: Final = (1.0, 0.92, 0.85, 0.78)
"""Parts of its size at which a legend is tried until it has room."""


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
    fills = {
        str(code): maps.fill_of(row)
        for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
    }
    nothing = set(fills.values()) <= {UNKNOWN, maps.NOBODY}
    axes = paper.map_axes(figure, sheet, view=_whole(ground, above=0.15 if nothing else 0.04))
    _areas(axes, ground, fills)
    points = _places(axes, answer)
    banner = [_banner(axes, words, sheet)] if nothing else []
    _names(axes, sheet, ground, points, free=banner)
    rows: list[Patch | Line2D] = [*_classes(fills, answer, words), *_signs(axes, answer, words)]
    rows += _beside(axes, ground, words)
    legend(
        figure,
        sheet,
        rows,
        map_panel.below(answer, axes, words, last=_boundary_words(ground, words)),
    )
    _texts(figure, sheet, texts or Texts())
    return figure


def location_map(
    ground: Ground, words: Words, *, sheet: Sheet = IN_TEXT, texts: Texts | None = None
) -> Figure:
    """Draw where the obce of a territory lie, with their names and nothing else."""
    figure = paper.blank(sheet)
    axes = paper.map_axes(figure, sheet, view=_whole(ground))
    _areas(axes, ground, dict.fromkeys(map(str, ground.areas.index), "territory"))
    _names(axes, sheet, ground, np.empty((0, 2)))
    own = f"{words.t('territory')} ({_count_obce(len(ground.areas), words)})"
    rows = [Patch(facecolor="#dbe6f0", edgecolor=LINE, label=own), *_beside(axes, ground, words)]
    legend(figure, sheet, rows, _boundary_words(ground, words))
    _texts(figure, sheet, texts or Texts())
    return figure


def _names(
    axes: Axes,
    sheet: Sheet,
    ground: Ground,
    points: NDArray[np.float64],
    *,
    free: Sequence[Bbox] = (),
) -> None:
    """Draw scale and arrow, and write the names where these and the points leave room."""
    bar = furniture.scale_bar(axes, letters=sheet.letters, avoid=points)
    arrow = furniture.north_arrow(axes, letters=sheet.letters, avoid=points)
    labels.write(
        axes,
        ground.areas,
        ground.names,
        avoid=points,
        letters=sheet.letters,
        free=[bar, arrow, *free],
    )


def _banner(axes: Axes, words: Words, sheet: Sheet) -> Bbox:
    """Say on the map itself that it knows nothing; gives the box taken, in pixels."""
    text = axes.text(
        0.5, 0.97, _wrapped(words.t("Of the whole territory it is not known who is covered."), 34),
        transform=axes.transAxes, ha="center", va="top", size=10 * sheet.letters, weight="bold",
        zorder=8, linespacing=1.3,
        bbox={"boxstyle": "square,pad=0.5", "facecolor": "#ffffff", "edgecolor": LINE},
    )  # fmt: skip
    return text.get_window_extent().padded(8 * sheet.letters)


def _whole(ground: Ground, *, above: float = 0.04) -> Box:
    """Give the view of the whole territory with a margin, `above` it as part of its height."""
    west, south, east, north = ground.areas.total_bounds
    aside, up = 0.04 * (east - west), north - south
    return west - aside, south - 0.04 * up, east + aside, north + above * up


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
    """Draw the places in view whole, those at the edge too; gives where they are."""
    seen = map_panel.in_view(answer, axes)
    residential = in_form(seen["forms"], "pob")
    for mine, face, edge in (
        (~residential, "#ffffff", "#111111"),
        (residential, "#111111", "#fff"),
    ):
        some = seen[mine]
        axes.scatter(
            some[X], some[Y], s=26, c=face, edgecolors=edge, linewidths=1.1, zorder=5, clip_on=False
        )
    return seen[[X, Y]].to_numpy(dtype=float)


def _classes(fills: Mapping[str, str], answer: Answer, words: Words) -> list[Patch]:
    """Give the classes that are on the map, each with the number of its obce."""
    counts = Counter(fills.values())
    rows = []
    for key, text in maps.legend(answer, words):
        hatch, colour = HATCHES.get(key.removesuffix("-partly"), ("", LINE))
        obce = _count_obce(counts[key], words)
        rows.append(
            Patch(
                facecolor=FILLS[key], edgecolor=colour, hatch=hatch, linewidth=0.5,
                label=f"{text} ({obce})",
            )
        )  # fmt: skip
    return rows


def _count_obce(count: int, words: Words) -> str:
    return words.n("{count} obec", "{count} obce", count).replace(" ", NBSP)


def _beside(axes: Axes, ground: Ground, words: Words) -> list[Patch]:
    """Give the signs of what is seen beside the territory: surroundings, and nothing at all."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    view = shapely.box(west, south, east, north)
    near = ground.around[ground.around.intersects(view)]
    rows = []
    if len(near):
        text = words.t("surroundings, outside the territory")
        rows.append(Patch(facecolor=OUTSIDE, edgecolor="#b4bcc4", label=text))
    rows += bare(view, gpd.GeoSeries(pd.concat([near, ground.areas])), words)
    return rows


def bare(view: shapely.Polygon, known: gpd.GeoSeries, words: Words) -> list[Patch]:
    """Give the sign of what the map leaves white, when that is more than a sliver."""
    whole = shapely.union_all(shapely.make_valid(known.to_numpy()))
    if shapely.area(shapely.difference(view, whole)) <= BARE * shapely.area(view):
        return []
    text = words.t("nothing in the data (abroad or farther away)")
    return [Patch(facecolor="#ffffff", edgecolor="#b4bcc4", label=text)]


def _signs(axes: Axes, answer: Answer, words: Words) -> list[Line2D]:
    """Give the signs of places that are in view; of secret ones there is none."""
    residential = in_form(map_panel.in_view(answer, axes)["forms"], "pob")
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


def legend(figure: Figure, sheet: Sheet, rows: Iterable[Patch | Line2D], below: str) -> None:
    """Draw the legend right of the map, and what is written under it.

    Where they would reach into the line of sources both are drawn closer and smaller.
    """
    letters = int(sheet.panel_mm / 1.55 / sheet.letters)
    handles = list(rows)
    for handle in handles:
        handle.set_label(_wrapped(str(handle.get_label()), letters - 8))
    lowest = sheet.bottom_mm / sheet.height_mm * figure.bbox.height
    for part in CLOSER:
        drawn = _legend(figure, sheet, handles, _wrapped(below, letters), part)
        if drawn[-1].get_window_extent().y0 >= lowest or part == CLOSER[-1]:
            return
        for artist in drawn:
            artist.remove()


def _legend(
    figure: Figure, sheet: Sheet, handles: list[Patch | Line2D], below: str, part: float
) -> list[Artist]:
    """Draw legend and text at a part of their size; a still smaller part of their spaces."""
    left, bottom, width, height = sheet.frame
    x = (left + width + 3) / sheet.width_mm
    size = max(LEAST_PT, 7.5 * part) * sheet.letters
    drawn = figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(x, (bottom + height) / sheet.height_mm),
        frameon=False, fontsize=size, handlelength=2.2, handleheight=1.5 * part, borderaxespad=0,
        borderpad=0, labelspacing=0.8 * part**3,
    )  # fmt: skip
    box = drawn.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    foot = box.y0 / figure.bbox.height - 5 * part**3 / sheet.height_mm
    text = figure.text(x, foot, below, size=size, va="top", linespacing=1.5 * part)
    return [drawn, text]


def _texts(figure: Figure, sheet: Sheet, texts: Texts) -> None:
    left = sheet.margin_mm / sheet.width_mm
    top = 1 - sheet.margin_mm / sheet.height_mm
    more, room = sheet.letters, sheet.width_mm - 2 * sheet.margin_mm
    title = figure.text(left, top, texts.title, size=15 * more, weight="bold", va="top")
    lower = 1 - (sheet.top_mm - 3.5) / sheet.height_mm
    subtitle = figure.text(left, lower, texts.subtitle, size=9.5 * more, va="bottom")
    for text in (title, subtitle):
        _fit(figure, text, room)
    letters = int(room / 1.36 / more)
    foot = (sheet.bottom_mm - 1.2) / sheet.height_mm
    figure.text(left, foot, _wrapped(texts.footer, letters), size=LEAST_PT * more, va="top",
                color="#333333", linespacing=1.25)  # fmt: skip


def _fit(figure: Figure, text: Text, room_mm: float) -> None:
    """Make letters smaller, at most to the smallest, until a line has room."""
    width_mm = text.get_window_extent().width / figure.dpi * 25.4
    if width_mm > room_mm:
        text.set_fontsize(max(LEAST_PT, float(text.get_fontsize()) * room_mm / width_mm))
