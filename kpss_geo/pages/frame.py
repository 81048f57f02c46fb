"""What every page shares: the style, the view of the link, the source line."""

import html
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from kpss_geo import state
from kpss_geo.dataset import Data
from kpss_geo.report import glossary
from kpss_geo.report.html import render
from kpss_geo.state import View
from kpss_geo.text import Words

LAST_VIEW = "last-view"
GLOSSARY = "napoveda"
OVERVIEW = "./"
"""The overview is the first page: its address is that of the app."""


def style(file: str = "style.css") -> str:
    """Style of the pages, as in a file beside this one."""
    return (Path(__file__).parent / file).read_text(encoding="utf-8")


def current_view(data: Data) -> tuple[View, Words]:
    """Give the view of the link; what the link says wrongly is said on the page."""
    view, bad = state.read_view(link(), data)
    words = Words(view.language)
    if bad:
        st.warning(
            words.t(
                "The link says something this app does not know ({what}). The usual value is "
                "used instead.",
                what=", ".join(bad),
            )
        )
    return view, words


def link() -> dict[str, str]:
    """Give what the address says; on a page without parameters, the last view of the visit."""
    said = st.query_params.to_dict()
    return said or dict(st.session_state.get(LAST_VIEW, {}))


def remember(view: View) -> None:
    """Keep the view for the other pages of this visit, and in the address.

    What was ticked to be made stays on its own page (`remember_outputs`).
    """
    _remember(replace(view, outputs=(), kinds=(), paper=View().paper))


def remember_outputs(view: View) -> None:
    """Keep the view with the outputs that are ticked."""
    _remember(view)


def _remember(view: View) -> None:
    st.session_state[LAST_VIEW] = view.params()
    if view.params() != st.query_params.to_dict():
        st.query_params.from_dict(view.params())


def go_to(view: View) -> None:
    """Write the view into the address, so that the link opens it again."""
    st.session_state[LAST_VIEW] = view.params()
    st.query_params.from_dict(view.params())


def take_away(words: Words) -> None:
    """Draw the buttons that print the page and copy its link."""
    script = (Path(__file__).parent / "take_away.js").read_text(encoding="utf-8")
    buttons = render("take_away.html", t=words.t)
    st.html(f"{buttons}<script>{script}</script>", unsafe_allow_javascript=True)


def address(page: str, view: View, **more: str) -> str:
    """Give the address of a page with a view, relative to the app."""
    said = {**view.params(), **more}
    return f"{page}?{urlencode(said)}" if said else page


def legend(entries: Iterable[tuple[str, str]], words: Words, *, real: bool, more: str = "") -> str:
    """Write the legend of a map as HTML: its classes, `more` items, whether borders are real."""
    items = "".join(
        f'<li><span class="kpss-swatch kpss-{kind}" aria-hidden="true"></span> '
        f"{html.escape(text)}</li>"
        for kind, text in entries
    )
    if not real:
        text = words.t("Schematic cells: where the obec lies and how large it is, not its border.")
        more += f"<li><em>{html.escape(text)}</em></li>"
    label = html.escape(words.t("Legend of the map"))
    return f'<ul class="kpss-legend" aria-label="{label}">{items}{more}</ul>'


def explained(view: View, words: Words, *keys: str) -> str:
    """Offer the definitions of what a page says in prose, as one line of HTML."""
    return glossary.line(keys, words, link=address(GLOSSARY, view))


def source_line(data: Data, words: Words, *, real_boundaries: bool) -> str:
    """Name the sources, and each fall-back with the way to mend it, as HTML."""
    parts = [words.t(source.short) for source in data.sources if source.id != "types"]
    if not real_boundaries:
        parts.append(
            words.t(
                "boundaries: schematic cells, not the real ones (load them: kpss-geo data "
                "boundaries FILE)"
            )
        )
    errors = sum(finding.severity == "error" for finding in data.findings)
    if errors:
        parts.append(
            words.n(
                "the data have {count} error, see the page Data",
                "the data have {count} errors, see the page Data",
                errors,
            )
        )
    line = " · ".join(html.escape(part) for part in parts)
    return f'<p class="kpss-sources">{html.escape(words.t("Sources"))}: {line}</p>'
