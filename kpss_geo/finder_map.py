"""The map of the finder: obce to click on, the places found, and where ways begin."""

import html
from collections.abc import Hashable, Mapping
from typing import Any

import folium
import numpy as np
import pandas as pd

from kpss_geo.finder import Found
from kpss_geo.maps import NOBODY, Paint
from kpss_geo.schema import NAME, X, Y, to_degrees
from kpss_geo.text import Words


def obce_layer(names: pd.Series, *, selected: str) -> folium.FeatureGroup:
    """Give the obce without colours, to be clicked on; the chosen one has a strong border."""
    group = folium.FeatureGroup(name="obce")
    texts = {str(code): [NOBODY, html.escape(str(name))] for code, name in names.items()}
    group.add_child(Paint({"obce": texts, "selected": selected or None, "marked": []}))
    return group


def found_layer(
    found: Found | None, start: pd.DataFrame | None, words: Words
) -> folium.FeatureGroup:
    """Give the nearest places as points, and the point the person gave; no secret one."""
    group = folium.FeatureGroup(name="found")
    features = []
    if found is not None:
        public = found.places[~found.places["secret"].astype(bool)]
        rows = public.dropna(subset=[X, Y]).to_dict("records")
        features = [_feature(row, here=False) for row in rows]
    if start is not None:
        here = {NAME: words.t("You are here"), "phone": "", "town": "", **start.iloc[0].to_dict()}
        features.append(_feature(here, here=True))
    if features:
        group.add_child(
            folium.GeoJson(
                {"type": "FeatureCollection", "features": features},
                marker=folium.CircleMarker(radius=7, weight=2, fill=True, fill_opacity=1),
                style_function=_style,
                tooltip=folium.GeoJsonTooltip(fields=["hover"], labels=False, sticky=True),
                embed=True,
            )
        )
    return group


def _feature(row: Mapping[Hashable, Any], *, here: bool) -> dict[str, Any]:
    lon, lat = to_degrees(np.array([float(row[X])]), np.array([float(row[Y])]))
    parts = [row[NAME], row["town"], row["phone"]]
    return {
        "type": "Feature",
        "properties": {
            "hover": "<br>".join(html.escape(str(part)) for part in parts if part),
            "here": here,
        },
        "geometry": {"type": "Point", "coordinates": [float(lon[0]), float(lat[0])]},
    }


def _style(feature: dict[str, Any]) -> dict[str, str]:
    here = feature["properties"]["here"]
    return {"color": "#111111", "fillColor": "#f08a24" if here else "#0b4f8a"}
