"""The map of one page of the atlas: an obec, its neighbours, and the places nearest to it."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox

from kpss_geo import figures, furniture, labels, paper
from kpss_geo.export.czech import CZECH
from kpss_geo.paper import Box, Sheet
from kpss_geo.report.reasons import hangs_on_field
from kpss_geo.schema import NAME, X, Y
from kpss_geo.study import Answer
from kpss_geo.text import NBSP

SHEET: Final = Sheet(170, 69, panel_mm=43, top_mm=0.5, bottom_mm=0.5, margin_mm=0.5)
FARTHEST_M: Final = 15_000.0
"""Places farther than this from the middle of the obec are in the table only."""
JOINED_MM: Final = 7.0
"""Places nearer to each other than this on paper have one sign with all their numbers."""
SIGN_PT: Final = 4.0
"""How far the sign of a place reaches beyond its number."""
MARGIN: Final = 1.15
LEAST_M: Final = 5_000.0
"""The map reaches at least so far on each side, so that neighbours and their names are seen."""
FINE_M: Final = 25.0
"""Borders are generalised to this: less than the width of their line on paper."""
OWN: Final = "#ffe2b8"
TERRITORY: Final = "#c9d9e8"
NAMED: Final = 16
"""So many neighbours are named: first those that touch the obec, then the most populous."""
LEAST_SEEN: Final = 0.003
"""An obec that takes less than this part of the map is not named, its own excepted."""
RINGS: Final = 4
"""How many steps out of its obec the name of a neighbour may be moved."""
SAID: Final = 12
"""So many places off the map are counted by their obec."""


@dataclass(frozen=True)
class Scene:
    """What all pages of an atlas draw on: areas and names of all obce in and around."""

    areas: gpd.GeoSeries
    names: pd.Series
    inner: gpd.GeoSeries
    inside: frozenset[str]


def scene(ground: figures.Ground, obce: pd.DataFrame, people: pd.Series) -> Scene:
    """Prepare the areas once for all pages; names by number of people, the most first."""
    both = gpd.GeoSeries(pd.concat([ground.areas, ground.around]), crs=ground.areas.crs)
    drawn = both.simplify_coverage(FINE_M) if ground.real else both
    order = people.reindex(drawn.index).fillna(0).sort_values(ascending=False).index
    return Scene(
        areas=drawn,
        names=obce[NAME].reindex(order),
        inner=drawn.representative_point(),
        inside=frozenset(map(str, ground.areas.index)),
    )


def nearest(answers: Sequence[Answer], code: str) -> list[dict[Hashable, Any] | None]:
    """Give the nearest place of each type to an obec; None where none is known.

    None too where the verdict hangs on who comes to the obec.
    """
    found: list[dict[Hashable, Any] | None] = []
    for answer in answers:
        obec = answer.obce.loc[code].to_dict()
        number = obec["nearest_place"]
        known = not pd.isna(number) and number >= 0 and not hangs_on_field(answer, obec)
        found.append(answer.places.loc[number].to_dict() if known else None)
    return found


def numbers(
    places: Sequence[Mapping[Hashable, Any] | None], middle: tuple[float, float]
) -> list[int]:
    """Give numbers to the places that the map shows, the same place once; 0 where it is not."""
    seen: dict[tuple[float, float], int] = {}
    given = []
    for place in places:
        if place is None or place["secret"] or _away(place, middle) > FARTHEST_M:
            given.append(0)
        else:
            given.append(seen.setdefault((place[X], place[Y]), len(seen) + 1))
    return given


def _away(place: Mapping[Hashable, Any], middle: tuple[float, float]) -> float:
    return float(np.hypot(place[X] - middle[0], place[Y] - middle[1]))


def middle_of(drawn: Scene, code: str) -> tuple[float, float]:
    """Give the point inside the obec from which its page is drawn."""
    x, y = shapely.get_coordinates(drawn.inner[code])[0]
    return float(x), float(y)


def draw(
    drawn: Scene, code: str, spots: Mapping[int, tuple[float, float]], *, beside: Sequence[str] = ()
) -> bytes:
    """Draw the map of an obec as SVG; `spots` are the numbered places in metres.

    Names of obce that hold places off the map are listed `beside` it.
    """
    figure = paper.blank(SHEET)
    axes = paper.map_axes(figure, SHEET, view=_view(drawn, code, spots))
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    seen = gpd.GeoSeries(drawn.areas.cx[west:east, south:north])
    shown = seen.clip_by_rect(west, south, east, north)
    rows: list[Patch | Line2D] = [*_areas(axes, drawn, code, seen)]
    rows += figures.bare(shapely.box(west, south, east, north), shown, CZECH)
    taken = _signs(axes, spots)
    rows += [_sign_of_legend()] if spots else []
    figures.legend(figure, SHEET, rows, _beside_words(beside))
    points = np.array([*spots.values()]).reshape(-1, 2)
    bar = furniture.scale_bar(axes, avoid=points)
    arrow = furniture.north_arrow(axes, avoid=points)
    free, nothing = [bar, arrow, *taken], furniture.NOWHERE
    mine = labels.subject(axes, shown[code], str(drawn.names[code]), fill=OWN, free=free)
    free += mine
    touching, others = _named(drawn, code, shown)
    free += labels.write(axes, shown, touching, avoid=nothing, free=free, rings=RINGS)
    labels.write(axes, shown, others, avoid=nothing, free=free, rings=labels.NEAR_RINGS)
    return paper.to_svg(figure)


def _areas(axes: Axes, drawn: Scene, code: str, seen: gpd.GeoSeries) -> list[Patch]:
    """Draw the obec, the others of the territory and what lies around; gives their signs."""
    mine, inside = seen.index == code, seen.index.isin(drawn.inside)
    rows = []
    for part, fill, edge, width, text in (
        (seen[~inside], figures.OUTSIDE, "#a4adb6", 0.5, "okolí mimo území"),
        (seen[inside & ~mine], TERRITORY, paper.LINE, 0.6, "ostatní obce území"),
        (seen[mine], OWN, "#111111", 1.6, f"{drawn.names[code]} (silný obrys)"),
    ):
        if len(part):
            gpd.GeoSeries(part).plot(ax=axes, facecolor=fill, edgecolor=edge, linewidth=width)
            rows.append(Patch(facecolor=fill, edgecolor=edge, linewidth=width, label=text))
    axes.set(aspect="equal", xlabel="", ylabel="")
    return rows[::-1]


def _sign_of_legend() -> Line2D:
    return Line2D(
        [], [], marker="s", linestyle="", markersize=7, markerfacecolor="#111111",
        markeredgecolor="#ffffff", label="nejbližší místo služby; číslo je v tabulce",
    )  # fmt: skip


def _beside_words(beside: Sequence[str]) -> str:
    """Say in which obce the nearest places off the map lie; empty without any."""
    if not beside:
        return ""
    counts = Counter(beside)
    named = [f"{town}{NBSP}({count})" for town, count in counts.items()]
    rest = sum([*counts.values()][SAID:])
    more = [f"a další: {rest}"] if rest else []
    return f"Nejbližší místa mimo mapu: {', '.join([*named[:SAID], *more])}."


def _view(drawn: Scene, code: str, spots: Mapping[int, tuple[float, float]]) -> Box:
    """Give the view that holds the obec and the places, the obec in the middle."""
    x, y = middle_of(drawn, code)
    west, south, east, north = drawn.areas[code].bounds
    across = max(east - x, x - west, LEAST_M, *(abs(spot[0] - x) for spot in spots.values()))
    up = max(north - y, y - south, LEAST_M, *(abs(spot[1] - y) for spot in spots.values()))
    return x - MARGIN * across, y - MARGIN * up, x + MARGIN * across, y + MARGIN * up


def _signs(axes: Axes, spots: Mapping[int, tuple[float, float]]) -> list[Bbox]:
    """Write the numbers where the places are, those too near each other on one sign.

    Gives the boxes that the signs take, in pixels.
    """
    (west, east) = axes.get_xlim()
    joined_m = JOINED_MM * (east - west) / SHEET.frame[2]
    signs: list[tuple[tuple[float, float], list[int]]] = []
    for number, spot in spots.items():
        beside = next((s for s in signs if np.hypot(*np.subtract(s[0], spot)) < joined_m), None)
        if beside is None:
            signs.append((spot, [number]))
        else:
            beside[1].append(number)
    return [_sign(axes, spot, ", ".join(map(str, mine))) for spot, mine in signs]


def _sign(axes: Axes, spot: tuple[float, float], text: str) -> Bbox:
    written = axes.text(
        *spot, text, size=7.5, color="#ffffff", weight="bold", ha="center", va="center", zorder=7,
        bbox={"boxstyle": "round,pad=0.3", "facecolor": "#111111", "edgecolor": "#ffffff"},
    )  # fmt: skip
    return written.get_window_extent().padded(SIGN_PT * axes.figure.dpi / 72)


def _named(drawn: Scene, code: str, seen: gpd.GeoSeries) -> tuple[pd.Series, pd.Series]:
    """Give the names to write: of the neighbours, and of the most populous others."""
    held = set(seen.index[seen.area > LEAST_SEEN * seen.area.sum()])
    touching = set(seen.index[seen.intersects(seen[code])])
    order = [each for each in drawn.names.index if each in held and each != code]
    near = [each for each in order if each in touching][:NAMED]
    far = [each for each in order if each not in touching][: NAMED - len(near)]
    return drawn.names.reindex(near), drawn.names.reindex(far)
