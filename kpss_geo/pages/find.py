"""Find a service: where do you live, what do you need; telephone first, no map needed."""

import html
from dataclasses import replace

import streamlit as st

from kpss_geo import state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import question
from kpss_geo.pages.frame import current_view, remember, source_line
from kpss_geo.report import found
from kpss_geo.state import View
from kpss_geo.text import Words, in_order


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    _ask(view, data, words)
    if view.obec and view.situation:
        _found(view, data, words)
    else:
        _first_steps(view, data, words)
    remember(view)


def _ask(view: View, data: Data, words: Words) -> None:
    where, what, more = st.columns([3, 5, 1.2], vertical_alignment="bottom")
    with where:
        question.choose_home(view, data, words, label=words.t("Where do you live?"))
    with what:
        _choose_need(view, data, words)
    with more.popover(words.t("More"), use_container_width=True):
        question.choose_way(view, words)
        question.choose_language(view, words)


def _choose_need(view: View, data: Data, words: Words) -> None:
    def label(need: str) -> str:
        if not need:
            return words.t("choose what is nearest to it")
        life = state.situation(need, data)
        one = need.startswith(state.ONE_TYPE)
        return words.t("Service: {name}", name=life.name) if one else words.t(life.name)

    types = in_order(data.types, key=lambda code: data.types[code].name)
    st.selectbox(
        words.t("What do you need help with?"),
        ["", *data.situations.by_id, *(f"{state.ONE_TYPE}{code}" for code in types)],
        format_func=label,
        **question.following(
            "situation", view.situation, lambda v, need: replace(v, situation=need)
        ),
    )


def _first_steps(view: View, data: Data, words: Words) -> None:
    """Say what to choose; help lines wait for nothing."""
    st.html(
        f'<h1 class="kpss-headline">{html.escape(words.t("We will find who can help you"))}</h1>'
    )
    if view.situation:
        life = state.situation(view.situation, data)
        st.html(found.help_lines(life, data.situations, words) or "<p></p>")
    missing = words.t(
        "Choose where you live and what you need help with. You will see who comes to you and "
        "what is nearest, with telephone numbers. Nothing you choose is stored."
    )
    st.html(f'<p class="kpss-empty">{html.escape(missing)}</p>')


def _found(view: View, data: Data, words: Words) -> None:
    life = state.situation(view.situation, data)
    urgent = found.help_lines(life, data.situations, words)
    try:
        with question.working(view, words, words.t("Measuring ways ...")):
            result = state.found(view)
    except KpssGeoError as error:
        if urgent:
            st.html(urgent)
        st.error(words.say(error))
        return
    title = html.escape(found.headline(result, life, words))
    what = html.escape(f"{result.name} · {words.t(life.name)}")
    st.html(
        f'<h1 class="kpss-headline">{title}</h1><p class="kpss-second">{what}</p>'
        f"{urgent}{found.page(result, life, data, words)}"
    )
    keep = words.t(
        "To print: Ctrl+P; the boxes above are not printed. To send it to somebody: copy the "
        "address of this page."
    )
    day = words.t("As of {day}.", day=words.date(result.on.isoformat()))
    st.html(f'<p class="kpss-threshold kpss-noprint">{html.escape(keep)}</p>')
    st.html(f'<p class="kpss-threshold">{html.escape(day)}</p>')
    _, real = state.areas(view.territory)
    st.html(source_line(data, words, real_boundaries=real))
