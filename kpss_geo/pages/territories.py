"""A territory of one's own: a list pasted from a document, understood line by line."""

import html
from collections.abc import Callable
from contextlib import AbstractContextManager

import streamlit as st

from kpss_geo import state
from kpss_geo.dataset import Data
from kpss_geo.obec_list import resolve_list
from kpss_geo.obec_names import Match
from kpss_geo.pages import visit
from kpss_geo.plan import Plan
from kpss_geo.schema import NAME
from kpss_geo.territory_new import new_territory, save_territory
from kpss_geo.text import Words, in_order

Writer = Callable[[Words, str], AbstractContextManager[Plan]]


def show(data: Data, words: Words, writing: Writer) -> None:
    """Draw the form; every line that is not certain is shown with its choice."""
    name = st.text_input(words.t("Name of the territory."), max_chars=100)
    pasted = st.text_area(
        words.t("Obce: names or codes, as they stand in a document; also “ORP Rumburk”"),
        max_chars=200_000,
        height=200,
    )
    if not pasted.strip():
        return
    resolved = resolve_list(pasted, obce=data.obce)
    codes = list(resolved.codes)
    for number, match in enumerate((*resolved.likely, *resolved.unclear)):
        chosen = _choose(match, number, likely=number < len(resolved.likely), words=words)
        codes += [chosen] if chosen else []
    codes = list(dict.fromkeys(codes))
    names = ", ".join(in_order(str(data.obce.at[code, NAME]) for code in codes))
    count = words.n("{count} obec", "{count} obce", len(codes))
    st.html(f"<p><strong>{html.escape(count)}</strong>: {html.escape(names)}</p>")
    if st.button(
        words.t("Save the territory"), type="primary", disabled=not (codes and visit.may_edit())
    ):
        done = words.t("The territory {id} was saved into the plan.", id=name)
        with writing(words, done) as to:
            made = new_territory(name, codes, present=data.territories)
            save_territory(made, to)
            state.forget()


def _choose(match: Match, number: int, *, likely: bool, words: Words) -> str:
    """Let one of the candidates of a line be chosen; an unclear line begins with none."""
    labels = {candidate.code: str(candidate) for candidate in match.candidates}
    options = ["", *labels]
    return str(
        st.selectbox(
            words.t("“{given}” means", given=match.given[:80]),
            options,
            index=1 if likely and labels else 0,
            format_func=lambda code: labels.get(code, words.t("leave out")),
            key=f"line-{number}-{match.given[:80]}",
        )
    )
