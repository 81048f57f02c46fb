"""The map of one page of the atlas: an obec, its neighbours, and the places nearest to it."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from kpss_geo import figures, furniture, labels, paper
from kpss_geo.paper import Box, Sheet
from kpss_geo.report.reasons import hangs_on_field
from kpss_geo.schema import NAME, X, Y
from kpss_geo.study import Answer

SHEET: Final = Sheet(170, 82, panel_mm=0, top_mm=0.5, bottom_mm=0.5, margin_mm=0.5, letters=0.9)
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
NAMED: Final = 14
"""So many neighbours are named, the most populous first."""


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


def draw(drawn: Scene, code: str, spots: Mapping[int, tuple[float, float]]) -> bytes:
    """Draw the map of an obec as SVG; `spots` are the numbered places in metres."""
    figure = paper.blank(SHEET)
    view = _view(drawn, code, spots)
    axes = paper.map_axes(figure, SHEET, view=view)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    seen = drawn.areas.cx[west:east, south:north]
    mine = seen.index == code
    inside = seen.index.isin(drawn.inside)
    for part, fill, edge, width in (
        (seen[~inside], figures.OUTSIDE, "#b4bcc4", 0.5),
        (seen[inside & ~mine], "#dbe6f0", paper.LINE, 0.6),
        (seen[mine], OWN, "#111111", 1.6),
    ):
        if len(part):
            part.plot(ax=axes, facecolor=fill, edgecolor=edge, linewidth=width)
    axes.set(aspect="equal", xlabel="", ylabel="")
    taken = _signs(axes, spots)
    bar = furniture.scale_bar(axes, letters=SHEET.letters)
    arrow = furniture.north_arrow(figure, axes, SHEET)
    points, names = _named(axes, drawn, code, seen.index)
    free, nothing = [bar, arrow, *taken], np.empty((0, 2))
    labels.write(axes, points, names, avoid=nothing, letters=SHEET.letters, free=free)
    return paper.to_svg(figure)


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
        *spot, text, size=6.5, color="#ffffff", weight="bold", ha="center", va="center", zorder=7,
        bbox={"boxstyle": "round,pad=0.3", "facecolor": "#111111", "edgecolor": "#ffffff"},
    )  # fmt: skip
    return written.get_window_extent().padded(SIGN_PT * axes.figure.dpi / 72)


def _named(axes: Axes, drawn: Scene, code: str, seen: pd.Index) -> tuple[gpd.GeoSeries, pd.Series]:
    """Give points and names of the obec and of its most populous neighbours in view."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    points = gpd.GeoSeries(drawn.inner.reindex(seen))
    held = points.x.between(west, east) & points.y.between(south, north)
    order = [each for each in drawn.names.index if held.get(each, False) and each != code]
    chosen = [code, *order[:NAMED]]
    return gpd.GeoSeries(drawn.inner.reindex(chosen)), drawn.names.reindex(chosen)
