"""Where a person is: an obec, an address in it, or a point on the map.

The point and the address are kept for this visit alone. The link says the obec; a point
comes into it only when the person asks for it, rounded to about a hundred metres.
"""

import html
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from kpss_geo import finder, finder_map, maps, search, state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.finder import ADDRESS, POINT, Found
from kpss_geo.pages import question
from kpss_geo.pages.frame import go_to
from kpss_geo.schema import NAME, X, Y, to_degrees, to_metric
from kpss_geo.state import POINT_DIGITS, View
from kpss_geo.text import Words

HERE = "here"
TYPED = "here-typed"
MAP_HEIGHT = 420


@dataclass(frozen=True)
class Here:
    """A point of an obec in metres (EPSG:5514), how it was given, and how it is written."""

    obec: str
    x: float
    y: float
    kind: str
    label: str = ""


def given(view: View) -> Here | None:
    """Give the point of this visit, else that of the link; none of another obec."""
    here = st.session_state.get(HERE)
    if isinstance(here, Here) and here.obec == view.obec:
        return here
    if view.point is None or not view.obec:
        return None
    lat, lon = view.point
    x, y = to_metric(np.array([lon]), np.array([lat]))
    return Here(view.obec, float(x[0]), float(y[0]), POINT)


def start(view: View) -> pd.DataFrame | None:
    """Give where ways begin, or None for the middle of the obec."""
    here = given(view)
    return None if here is None else finder.start_at(here.x, here.y, kind=here.kind)


def more(view: View, data: Data, words: Words) -> None:
    """Offer the map; where addresses are not loaded, say it."""
    st.checkbox(
        words.t("Show the map (you can click where you live)"),
        **question.following(
            "home-map", bool(view.map), lambda v, shown: replace(v, map=shown or None)
        ),
    )
    if view.obec and not state.has_addresses(view.obec):
        text = words.t(
            "Addresses of {name} are not loaded, so ways begin in the middle of the obec.",
            name=data.obce.at[view.obec, NAME],
        )
        st.html(f'<p class="kpss-small">{html.escape(text)}</p>')


def address(view: View, words: Words) -> None:
    """Let an address in the obec be given where they are loaded; say from where ways begin."""
    if view.obec and state.has_addresses(view.obec):
        try:
            _address(view, words)
        except KpssGeoError as error:
            st.warning(words.say(error))
    here = given(view)
    if here is not None:
        _say(here, view, words)


def _address(view: View, words: Words) -> None:
    table = state.addresses(view.obec)
    if table is None:
        return
    said = st.text_input(
        words.t("Street and number (need not be given)"),
        key=f"{TYPED}-{view.obec}",
        max_chars=100,
        autocomplete="street-address",
        help=words.t("It is used to measure the way and is stored nowhere."),
    )
    matches = search.addresses(table, said) if said.strip() else {}
    if said.strip() and not matches:
        st.html(f'<p class="kpss-small">{html.escape(words.t("There is no such address."))}</p>')
    if matches:
        _choose_address(view, table, matches, words)


def _choose_address(view: View, table: pd.DataFrame, found: dict[int, str], words: Words) -> None:
    """Let one of several be chosen; a single one counts at once."""
    row = next(iter(found))
    if len(found) > 1:
        chosen = st.selectbox(
            words.t("Which one is it?"),
            [-1, *found],
            format_func=lambda key: found.get(key, words.t("choose an address")),
            key=f"{TYPED}-which-{view.obec}",
        )
        if chosen is None or chosen < 0:
            return
        row = chosen
    x, y = (float(table[axis].to_numpy()[table.index.get_loc(row)]) for axis in (X, Y))
    here = Here(view.obec, x, y, ADDRESS, found[row])
    if st.session_state.get(HERE) != here:
        st.session_state[HERE] = here
        st.rerun()


def _say(here: Here, view: View, words: Words) -> None:
    """Say from where ways are measured, and let it be taken back or put into the link."""
    text = (
        words.t("Ways are measured from the address {address}.", address=here.label)
        if here.kind == ADDRESS
        else words.t("Ways are measured from the point on the map.")
    )
    kept = words.t("It is stored nowhere and is not in the link.")
    if view.point is not None:
        kept = words.t("It is in the link, rounded to about 100 m.")
    said, share, back = st.columns([5, 4, 2], vertical_alignment="center")
    said.html(f'<p class="kpss-small"><strong>{html.escape(text)}</strong> {html.escape(kept)}</p>')
    with share:
        st.checkbox(
            words.t("Put the point into the link"),
            **question.following(
                "share-point",
                view.point is not None,
                lambda v, wanted: replace(v, point=rounded(here) if wanted else None),
            ),
        )
    if back.button(words.t("Without the point"), key="no-point", width="stretch"):
        forget(view)
        st.rerun()


def forget(view: View) -> None:
    """Forget the point and what was typed."""
    for key in list(st.session_state):
        if str(key) == HERE or str(key).startswith(TYPED):
            del st.session_state[key]
    go_to(replace(view, point=None))


def rounded(here: Here) -> tuple[float, float]:
    """Give the point as a link may say it: latitude and longitude to about a hundred metres."""
    lon, lat = to_degrees(np.array([here.x]), np.array([here.y]))
    return round(float(lat[0]), POINT_DIGITS), round(float(lon[0]), POINT_DIGITS)


def draw(view: View, found: Found | None, data: Data, words: Words) -> None:
    """Draw the map where it is asked for; a click is where the person lives."""
    if not view.map:
        return
    areas, real = state.areas(view.territory)
    codes = data.territories[view.territory].codes
    names = maps.labelled(data.obce, data.population, codes)
    result = st_folium(
        maps.base_map(state.areas_url(view.territory), areas, names, words),
        key=f"home-map-{view.territory}",
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=[
            "last_active_drawing", "last_object_clicked", "last_object_clicked_count",
        ],
        feature_group_to_add=[
            finder_map.obce_layer(data.obce[NAME].loc[list(codes)], selected=view.obec),
            finder_map.found_layer(found, start(view), words),
        ],
    )  # fmt: skip
    if not real:
        text = words.t("Schematic cells: where the obec lies and how large it is, not its border.")
        st.html(f'<p class="kpss-small">{html.escape(text)}</p>')
    _clicked(result or {}, view, codes)


def _clicked(result: dict[str, Any], view: View, codes: tuple[str, ...]) -> None:
    """Take a new click on an obec of the territory as the point; the link gets the obec alone."""
    clicks = result.get("last_object_clicked_count") or 0
    remembered = f"home-clicks-{view.territory}"
    if clicks == st.session_state.get(remembered, 0):
        return
    drawing, at = result.get("last_active_drawing") or {}, result.get("last_object_clicked")
    code = str(drawing.get("properties", {}).get("code", ""))
    if code in codes and at:
        x, y = to_metric(np.array([float(at["lng"])]), np.array([float(at["lat"])]))
        st.session_state[HERE] = Here(code, float(x[0]), float(y[0]), POINT)
        go_to(replace(view, obec=code, point=None))
    st.session_state[remembered] = clicks
    if code in codes and at:
        st.rerun()
