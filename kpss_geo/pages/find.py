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
from kpss_geo.schema import NAME
from kpss_geo.state import View
from kpss_geo.text import Words, fold, in_order


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
        choose_home(view, data, words)
    with what:
        _choose_need(view, data, words)
    with more.popover(words.t("More"), use_container_width=True):
        question.choose_way(view, words)
        question.choose_language(view, words)


def choose_home(view: View, data: Data, words: Words) -> None:
    """Let any obec of the territories be chosen; typing needs no diacritics."""
    codes = dict.fromkeys(code for place in data.territories.values() for code in place.codes)
    names = data.obce[NAME].loc[list(codes)].astype(str)
    twice = set(names[names.duplicated(keep=False)])

    def label(code: str) -> str:
        if not code:
            return words.t("choose an obec")
        name = names[code]
        whole = f"{name} ({data.obce.at[code, 'district_name']!s})" if name in twice else name
        # The box looks for the letters that are typed; many people type without diacritics.
        bare = fold(name)
        return whole if code == view.obec or bare == name.lower() else f"{whole} · {bare}"

    st.selectbox(
        words.t("Where do you live?"),
        ["", *in_order(codes, key=lambda code: names[code])],
        format_func=label,
        **question.following("home", view.obec, lambda v, code: _at_home(v, code, data)),
    )


def _at_home(view: View, code: str, data: Data) -> View:
    """Give the view of an obec; the territory stays, unless the obec is not in it."""
    holding = [key for key, place in data.territories.items() if code in place.codes]
    keep = view.territory if not holding or view.territory in holding else holding[0]
    return replace(view, territory=keep, obec=code, orp="")


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
        with st.spinner(words.t("Measuring ways ..."), show_time=True):
            result = state.found(view)
    except KpssGeoError as error:
        if urgent:
            st.html(urgent)
        st.error(words.say(error))
        return
    title = html.escape(found.headline(result, words))
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
