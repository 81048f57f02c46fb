"""Find a service: where do you live, what do you need; telephone first, no map needed."""

import html

import streamlit as st

from kpss_geo import state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.finder import Found
from kpss_geo.pages import here, need, question
from kpss_geo.pages.frame import current_view, explained, remember, source_line, take_away
from kpss_geo.report import found
from kpss_geo.state import View
from kpss_geo.text import Words


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    if not (view.obec and view.situation):
        _welcome(words)
    with st.container(key="kpss-finder"):
        _ask(view, data, words)
    if view.situation and not view.obec:
        _urgent(view, data, words)
        missing = words.t("Now choose where you live.")
        st.html(f'<p class="kpss-empty">{html.escape(missing)}</p>')
    result = _look(view, data, words) if view.obec and view.situation else None
    if result is not None:
        _head(view, result, data, words)
    here.draw(view, result, data, words)
    if result is not None:
        life = state.situation(view.situation, data)
        st.html(found.page(result, life, data, words))
        _foot(view, result, data, words)
    remember(view)


def _ask(view: View, data: Data, words: Words) -> None:
    where, what, more = st.columns([3, 5, 1.6], vertical_alignment="bottom")
    with where:
        question.choose_home(view, data, words, label=words.t("Where do you live?"))
    with more.popover(words.t("More exactly"), width="stretch"):
        here.more(view, data, words)
        question.choose_way(view, words)
        question.choose_language(view, words)
    if view.situation:
        with what:
            need.change(view, data, words)
    here.address(view, words)
    if not view.situation:
        need.ask(view, data, words)


def _welcome(words: Words) -> None:
    """Say what the page does before anything was chosen."""
    title = words.t("We will find who can help you")
    text = words.t(
        "Choose where you live and what you need help with. You will see who comes to you and "
        "what is nearest, with telephone numbers. Nothing you choose is stored."
    )
    st.html(
        f'<h1 class="kpss-headline">{html.escape(title)}</h1>'
        f'<p class="kpss-second">{html.escape(text)}</p>'
    )


def _urgent(view: View, data: Data, words: Words) -> None:
    """Show the help lines of the situation, which wait for nothing."""
    life = state.situation(view.situation, data)
    if lines := found.help_lines(life, data.situations, words):
        st.html(lines)


def _look(view: View, data: Data, words: Words) -> Found | None:
    """Find the services; where they cannot be found, say why, below the help lines."""
    try:
        with question.working(view, words, words.t("Measuring ways ...")):
            return state.found(view, here.start(view))
    except KpssGeoError as error:
        _urgent(view, data, words)
        st.error(words.say(error))
        return None


def _head(view: View, result: Found, data: Data, words: Words) -> None:
    """Say the answer in one sentence; help lines stand above everything else."""
    life = state.situation(view.situation, data)
    urgent = found.help_lines(life, data.situations, words)
    title = html.escape(found.headline(result, life, words))
    what = html.escape(f"{result.name} · {words.t(life.name)}")
    st.html(f'<h1 class="kpss-headline">{title}</h1><p class="kpss-second">{what}</p>{urgent}')


def _foot(view: View, result: Found, data: Data, words: Words) -> None:
    take_away(words)
    day = words.t("As of {day}.", day=words.date(result.on.isoformat()))
    st.html(
        f'<p class="kpss-threshold">{html.escape(day)}</p>'
        f"{explained(view, words, 'your_way', 'seat', 'registration')}"
    )
    _, real = state.areas(view.territory)
    st.html(source_line(data, words, real_boundaries=real))
