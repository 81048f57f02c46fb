"""The first start: what the app shows now, and the three ways to one's own territory.

A small panel above the answer, never in place of it: only while nobody has written a plan
or fetched data, only on the bare address, and not again once something was chosen.
"""

import html

import streamlit as st

from kpss_geo import settings, state
from kpss_geo.dataset import Data
from kpss_geo.pages.frame import LAST_VIEW, OVERVIEW, address
from kpss_geo.state import View
from kpss_geo.text import Words

DISMISSED = "start-dismissed"


def offer(view: View, data: Data, words: Words) -> None:
    """Draw the panel where it is due."""
    if not _due(data):
        return
    with st.container(border=True, key="kpss-start"):
        text, close = st.columns([12, 1.6], vertical_alignment="top")
        text.html(_words(view, data, words))
        if close.button(words.t("Hide"), key="start-hide", width="stretch"):
            st.session_state[DISMISSED] = True
            st.rerun()


def _due(data: Data) -> bool:
    """Whether this visit is a first one: bare address, no plan, no data of the office's own."""
    said = {**st.query_params.to_dict(), **st.session_state.get(LAST_VIEW, {})}
    if set(said) - {"jazyk"}:
        st.session_state[DISMISSED] = True
    if st.session_state.get(DISMISSED) or state.plan_found() is not None:
        return False
    return not any(source.own for source in data.sources) and not _fetched()


def _fetched() -> bool:
    """Whether the data folder holds anything at all."""
    folder = settings.current().geo_data
    try:
        return any(folder.iterdir())
    except OSError:
        return False


def _words(view: View, data: Data, words: Words) -> str:
    shown = words.t(
        "You see the demo territory {name}.", name=data.territories[view.territory].name
    )
    ready = ", ".join(
        _link(address(OVERVIEW, View(territory=key, language=view.language)), place.name)
        for key, place in data.territories.items()
        if key != view.territory
    )
    own = _link(
        address("plan", View(language=view.language, tab="uzemi")), words.t("paste its obce")
    )
    fetch = _link(address("data", view), words.t("load official data"))
    parts = (
        (words.t("Ready to use"), ready),
        (words.t("Your own territory"), own),
        (words.t("Real boundaries, roads and today's register"), fetch),
    )
    offers = "".join(f"<li>{html.escape(what)}: {links}</li>" for what, links in parts)
    return (
        f'<p class="kpss-start-head"><strong>{html.escape(shown)}</strong></p>'
        f'<ul class="kpss-start">{offers}</ul>'
    )


def _link(to: str, text: str) -> str:
    return f'<a href="{html.escape(to)}" target="_self">{html.escape(text)}</a>'
