"""What a person needs: in their own words, or chosen from what others say."""

import html
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from kpss_geo import search, state
from kpss_geo.dataset import Data
from kpss_geo.pages import question
from kpss_geo.report import found
from kpss_geo.state import ONE_TYPE, View
from kpss_geo.text import Words, in_order

SAID = "need-said"
LIKELY = 3
"""Of so many first matches one with help lines is enough to show them."""


def name(need: str, data: Data, words: Words) -> str:
    """Write a need: a life situation, or one type of service."""
    life = state.situation(need, data)
    return (
        words.t("Service: {name}", name=life.name)
        if need.startswith(ONE_TYPE)
        else words.t(life.name)
    )


def _all(data: Data) -> list[str]:
    types = in_order(data.types, key=lambda code: data.types[code].name)
    return [*data.situations.by_id, *(f"{ONE_TYPE}{code}" for code in types)]


def change(view: View, data: Data, words: Words) -> None:
    """Let another need be chosen from a list, or own words again."""
    st.selectbox(
        words.t("What do you need help with?"),
        ["", *_all(data)],
        format_func=lambda need: (
            name(need, data, words) if need else words.t("look in your own words")
        ),
        **question.following(
            "situation", view.situation, lambda v, need: replace(v, situation=need)
        ),
    )


def ask(view: View, data: Data, words: Words) -> None:
    """Let the need be said in own words, or chosen from what others say."""
    said = st.text_input(
        words.t("What do you need help with?"),
        key=SAID,
        type="search",
        live=True,
        max_chars=200,
        placeholder=words.t("for instance: cooking for my mother, debts, a fall"),
    )
    found_needs = matching(said, data, words) if said.strip() else list(data.situations.by_id)
    label = words.t("Choose what is nearest to it")
    if not found_needs:
        label = words.t("We have not found it. Choose what is nearest, or other words")
        found_needs = list(data.situations.by_id)
    elif said.strip():
        _lines(found_needs, data, words)
    st.pills(
        label,
        found_needs,
        format_func=lambda need: name(need, data, words),
        **question.following("need", None, lambda v, need: replace(v, situation=need or "")),
    )
    if not view.obec:
        missing = words.t("Nothing you choose or write here is stored.")
        st.html(f'<p class="kpss-small">{html.escape(missing)}</p>')


def _lines(needs: Sequence[str], data: Data, words: Words) -> None:
    """Show the help lines of the likeliest needs at once: they wait for no choice."""
    lives = (state.situation(need, data) for need in needs[:LIKELY])
    urgent = next((life for life in lives if life.lines), None)
    if urgent is not None:
        st.html(found.help_lines(urgent, data.situations, words))


def matching(said: str, data: Data, words: Words) -> list[str]:
    """Give the needs that fit what was said, the best first; diacritics and endings are equal."""
    texts = {}
    for need in _all(data):
        life = state.situation(need, data)
        types = " ".join(data.types[code].name for code in life.types)
        own = f"{life.name} {words.t(life.name)} {life.words}"
        texts[need] = own if need.startswith(ONE_TYPE) else f"{own} {types}"
    return search.best(said, texts)
