"""The map of verdicts in a page: one base that never flickers, a click chooses the obec."""

from collections.abc import Sequence
from dataclasses import replace

import folium
import streamlit as st
from streamlit_folium import st_folium

from kpss_geo import maps, state
from kpss_geo.pages.frame import go_to
from kpss_geo.state import View
from kpss_geo.study import Answer
from kpss_geo.text import Words


def draw(
    view: View,
    answer: Answer,
    words: Words,
    *,
    height: int,
    under_places: Sequence[folium.FeatureGroup] = (),
) -> None:
    """Draw verdicts and places; a click on an obec goes to the view with that obec."""
    data = state.data()
    areas, _ = state.areas(view.territory)
    codes = answer.territory.codes
    names = maps.labelled(data.obce, data.population, codes)
    near = state.around(view.territory).union(list(codes))
    result = st_folium(
        maps.base_map(state.areas_url(view.territory), areas, names, words),
        key=f"map-{view.territory}",
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing", "last_object_clicked_count"],
        feature_group_to_add=[
            maps.verdict_layer(answer, words, selected=view.obec or None),
            *under_places,
            maps.places_layer(answer, words, within=near),
        ],
    )
    drawing = (result or {}).get("last_active_drawing") or {}
    clicks = (result or {}).get("last_object_clicked_count") or 0
    code = str(drawing.get("properties", {}).get("code", ""))
    # The map keeps saying what was clicked last; only a new click chooses an obec.
    remembered = f"clicks-{view.territory}"
    if clicks == st.session_state.get(remembered, 0):
        return
    if code in codes:
        # First the view, then the mark: a run may be stopped between, and must not lose a click.
        go_to(replace(view, obec=code))
    st.session_state[remembered] = clicks
    if code in codes:
        st.rerun()
