"""Answer → folium layers. Geometry travels once; a new question sends only colours.

The base map (`base_map`) is the same for every question about a territory: it fetches
the areas as one GeoJSON file that the browser keeps. `verdict_layer` and `places_layer`
are what changes.
"""

import html
import json
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import branca.element
import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.template import Template

from kpss_geo.report.files import degrees
from kpss_geo.report.sentences import FORM_WORDS, VERDICT_WORDS, capacity_words, verdicts_sentence
from kpss_geo.schema import (
    COVERED,
    NAME,
    NOT_COVERED,
    ON_PAPER,
    PEOPLE,
    UNKNOWN,
    VERDICTS,
    X,
    Y,
    to_degrees,
)
from kpss_geo.sources.geocode import LOCATED_WORDS
from kpss_geo.study import Answer
from kpss_geo.text import Words

COLOURS: Final = {
    COVERED: "#0b4f8a",
    ON_PAPER: "#7db3dd",
    NOT_COVERED: "#f08a24",
    UNKNOWN: "#b9bec4",
}
"""Never red against green; in grey print they run dark, light (hatched), middle, dotted."""
PARTLY: Final = {
    COVERED: "#7391b3",
    ON_PAPER: "#b5d2ec",
    NOT_COVERED: "#f8c48f",
    UNKNOWN: "#d6d9dd",
}
"""Paler: most people of the obec have this verdict, but not all."""
NOBODY: Final = "nobody"
"""An obec where nobody of the target group lives: drawn white, on paper ruled."""
Bounds = tuple[tuple[float, float], tuple[float, float]]
TEMPLATES: Final = Path(__file__).parent / "templates"
LEAFLET: Final = "/app/static/leaflet/leaflet"
LABELLED_OBCE: Final = 40
"""How many obce get their name written on the map; the most populous first."""
REACH_M: Final = 40.0
"""Outlines of the reach are generalised to this."""
FINE_M: Final = 30.0
COARSE_M: Final = 120.0
FEW_OBCE: Final = 200
"""Borders are generalised to 30 m for fewer obce than this, to 120 m for more."""


class Areas(folium.MacroElement):
    """Obec areas, fetched once from the app and painted by the latest `Paint`."""

    _template = Template((TEMPLATES / "areas.js").read_text(encoding="utf-8"))

    def __init__(
        self, url: str, labels: list[tuple[str, float, float]], bounds: Bounds, home: str
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Areas"
        self.url = url
        self.bounds = _in_script(bounds)
        self.home = _in_script(home)
        self.labels = _in_script(labels)
        self.colours = json.dumps(COLOURS)
        self.partly = json.dumps(PARTLY)


class Paint(folium.MacroElement):
    """Colours and texts of the areas for one Answer; drawn over nothing of its own."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.kpssColours = {{ this.paint }};
        if (window.kpssPaint) window.kpssPaint();
        {% endmacro %}
        """
    )

    def __init__(self, paint: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Paint"
        self.paint = _in_script(paint)


def _in_script(value: object) -> str:
    # </script> inside a name must not end the script it travels in
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")


def base_map(url: str, areas: gpd.GeoSeries, names: pd.Series, words: Words) -> folium.Map:
    """Draw the map that stays: areas by URL, names of the obce, no tiles from outside.

    `areas` of the territory in EPSG:5514 set what is in view; `names` by obec code are
    written inside them.
    """
    west, south, east, north = (float(v) for v in degrees(areas).total_bounds)
    canvas = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        zoom_snap=0.25,
        attribution_control=False,
    )
    canvas.default_js = [("leaflet", f"{LEAFLET}.js")]
    canvas.default_css = [("leaflet", f"{LEAFLET}.css")]
    labels, bounds = label_points(areas, names), ((south, west), (north, east))
    canvas.add_child(Areas(url, labels, bounds, words.t("Show the whole territory")))
    page = cast("branca.element.Figure", canvas.get_root())
    page.header.add_child(branca.element.Element(_STYLE))
    return canvas


def label_points(areas: gpd.GeoSeries, names: pd.Series) -> list[tuple[str, float, float]]:
    """Give each name with the latitude and longitude of a point inside its obec."""
    inside = gpd.GeoSeries(areas.reindex(names.index)).representative_point()
    lon, lat = to_degrees(np.asarray(inside.x, dtype=float), np.asarray(inside.y, dtype=float))
    return [
        (str(name), round(float(y), 5), round(float(x), 5))
        for name, x, y in zip(names, lon, lat, strict=True)
    ]


def verdict_layer(
    answer: Answer, words: Words, *, selected: str | None, marked: Iterable[str] = ()
) -> folium.FeatureGroup:
    """Give the colours and hover texts of an Answer as a layer; `marked` obce are outlined."""
    group = folium.FeatureGroup(name="verdicts")
    obce = {
        str(code): [fill_of(row), html.escape(verdicts_sentence(row, words))]
        for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
    }
    group.add_child(Paint({"obce": obce, "selected": selected, "marked": list(marked)}))
    return group


def fill_of(obec: Mapping[Hashable, Any]) -> str:
    """Verdict most people of the obec have, with `-partly` when not all of them have it.

    A tie goes to the worse verdict. An obec whose people are not known is unknown; one
    where nobody of the group lives has no verdict.
    """
    if pd.isna(obec[PEOPLE]):
        return UNKNOWN
    if obec[PEOPLE] == 0:
        return NOBODY
    worst_first = (NOT_COVERED, UNKNOWN, ON_PAPER, COVERED)
    most = max(worst_first, key=lambda verdict: int(obec[verdict]))
    whole = int(obec[most]) == int(obec[PEOPLE])
    return most if whole else f"{most}-partly"


def places_layer(answer: Answer, words: Words, *, within: pd.Index) -> folium.FeatureGroup:
    """Give the places in the given obce as points with escaped popups; secret ones never."""
    group = folium.FeatureGroup(name="places")
    public = answer.places[~answer.places["secret"].astype(bool)]
    near = public[public["code"].isin(within)]
    if near.empty:
        return group
    lon, lat = to_degrees(near[X].to_numpy(dtype=float), near[Y].to_numpy(dtype=float))
    features = [
        {
            "type": "Feature",
            "properties": {
                "popup": popup(place, words),
                "hover": html.escape(place[NAME]),
                "form": place["forms"][0],
            },
            "geometry": {"type": "Point", "coordinates": [round(float(x), 5), round(float(y), 5)]},
        }
        for place, x, y in zip(near.to_dict("records"), lon, lat, strict=True)
    ]
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=6, weight=2, fill=True, fill_opacity=1),
        style_function=_point_style,
        popup=folium.GeoJsonPopup(fields=["popup"], labels=False, max_width=320),
        tooltip=folium.GeoJsonTooltip(fields=["hover"], labels=False, sticky=True),
        embed=True,
    )
    group.add_child(layer)
    return group


def reach_layer(outline: gpd.GeoSeries) -> folium.FeatureGroup:
    """Give the outline of the reach as a dashed line; an empty layer when there is none."""
    group = folium.FeatureGroup(name="reach")
    if outline.empty:
        return group
    lines = gpd.GeoSeries(outline.boundary, crs=outline.crs).simplify(REACH_M)
    style = {"color": "#111111", "weight": 2, "dashArray": "6 5", "fill": False}
    group.add_child(
        folium.GeoJson(
            degrees(lines).to_json(), style_function=lambda _feature: style, interactive=False
        )
    )
    return group


def popup(place: Mapping[Hashable, Any], words: Words) -> str:
    """Describe a place in HTML: every text from the register escaped."""
    lines = [f"<strong>{html.escape(place[NAME])}</strong>"]
    if place["provider"] and place["provider"] != place[NAME]:
        lines.append(html.escape(place["provider"]))
    lines.append(html.escape(place["address"]))
    if place["phone"]:
        lines.append(f"{html.escape(words.t('phone'))}: {html.escape(place['phone'])}")
    else:
        lines.append(html.escape(words.t("the register gives no phone")))
    forms = ", ".join(words.t(FORM_WORDS[form]) for form in place["forms"])
    lines.append(html.escape(f"{words.t('form')}: {forms}"))
    capacity = capacity_words(place["capacity"], int(place["addresses"]), words)
    lines.append(html.escape(f"{words.t('capacity of the registration')}: {capacity}"))
    if place["located"] in LOCATED_WORDS:
        lines.append(f"<em>{html.escape(words.t(LOCATED_WORDS[place['located']]))}</em>")
    return "<br>".join(lines)


def areas_file(inside: gpd.GeoSeries, outside: gpd.GeoSeries, *, real: bool) -> bytes:
    """Write areas as the GeoJSON file that the browser keeps: code, geometry, outside or not."""
    both = gpd.GeoSeries(pd.concat([inside, outside]), crs=inside.crs)
    if real:
        both = both.simplify_coverage(FINE_M if len(inside) < FEW_OBCE else COARSE_M)
    parts = [
        f'{{"type":"Feature","properties":{{"code":"{code}"{mark}}},"geometry":{geometry}}}'
        for code, mark, geometry in zip(
            both.index,
            np.where(both.index.isin(inside.index), "", ',"outside":1'),
            shapely.to_geojson(degrees(both).to_numpy()),
            strict=True,
        )
    ]
    return f'{{"type":"FeatureCollection","features":[{",".join(parts)}]}}'.encode()


def labelled(
    obce: pd.DataFrame,
    population: pd.DataFrame,
    codes: tuple[str, ...],
    *,
    most: int | None = LABELLED_OBCE,
) -> pd.Series:
    """Names to write on the map: the most populous obce of the territory, or all, largest first."""
    people = population.reindex(list(codes)).sum(axis=1).sort_values(ascending=False)
    return obce[NAME].loc[people.index[:most]]


def legend(answer: Answer, words: Words, *others: Answer) -> list[tuple[str, str]]:
    """Give the classes that are on the map of any of the Answers, with their words."""
    drawn = {fill_of(row) for each in (answer, *others) for row in each.obce.to_dict("records")}
    entries = []
    for verdict in VERDICTS:
        word = words.t(VERDICT_WORDS[verdict])
        entries += [
            (verdict, words.t("{verdict}: all people of the obec", verdict=word)),
            (f"{verdict}-partly", words.t("{verdict}: most people of the obec", verdict=word)),
        ]
    entries.append((NOBODY, words.t("nobody of the target group lives here")))
    return [entry for entry in entries if entry[0] in drawn]


def _point_style(feature: dict[str, Any]) -> dict[str, Any]:
    residential = feature["properties"]["form"] == "pob"
    return {
        "color": "#ffffff" if residential else "#111111",
        "fillColor": "#111111" if residential else "#ffffff",
    }


_STYLE: Final = """
<style>
html, body { background: #fff; }
.leaflet-container { background: #fafbfc; font: 14px/1.4 sans-serif; }
.kpss-label-box { pointer-events: none; }
.kpss-label { position: absolute; transform: translate(-50%, -50%); white-space: nowrap;
  font: 600 12px/1 sans-serif; color: #111;
  text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff, 0 0 4px #fff; }
.leaflet-tooltip { white-space: normal; width: max-content; max-width: 280px; }
.leaflet-popup-content td { padding: 0; }
</style>
"""
