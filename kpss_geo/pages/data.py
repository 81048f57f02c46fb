"""Data: where they come from, what they are not good for, and their faults."""

import html

import streamlit as st

from kpss_geo import official, settings, state
from kpss_geo.dataset import Data
from kpss_geo.errors import Finding, KpssGeoError
from kpss_geo.pages import own_tables, visit
from kpss_geo.pages.frame import current_view, remember, source_line
from kpss_geo.report import official_words
from kpss_geo.report.html import findings_table, sources_table
from kpss_geo.state import View
from kpss_geo.text import Words

FETCHED = "fetched"


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    st.html(f'<h1 class="kpss-headline">{html.escape(words.t("Where the numbers come from"))}</h1>')
    st.html(sources_table(data.sources, words))
    _official(view, data, words)
    own_tables.show(words)
    st.html(f"<h2>{html.escape(words.t('Faults found in the data'))}</h2>")
    shown = sorted(data.findings, key=_worst_first)
    if shown:
        st.html(findings_table(shown, words))
    else:
        st.html(f"<p>{html.escape(words.t('None were found.'))}</p>")
    _, real = state.areas(view.territory)
    st.html(source_line(data, words, real_boundaries=real))
    remember(view)


def _official(view: View, data: Data, words: Words) -> None:
    """Say how old the official data are, and let them be fetched for the territory."""
    current = settings.current()
    st.html(official_words.status_table(official.status(current), words))
    place = data.territories[view.territory]
    text = words.t("Fetch official data for {name} (internet, minutes)", name=place.name)
    addresses = st.checkbox(
        words.t("Address points too (places are then found more exactly)"), key="fetch-addresses"
    )
    visit.login_line(words)
    if st.button(text, type="primary", disabled=not visit.may_edit()) and visit.may_edit():
        with st.status(text, expanded=True) as box:
            bar = st.progress(0.0)

            def tell(step: str, done: int, total: int | None) -> None:
                share = min(done / total, 1.0) if total else 0.0
                bar.progress(share, text=f"{words.t(step)} ({words.number(done)})")

            try:
                report = official.fetch_territory(
                    place, settings=current, addresses=addresses, progress=tell
                )
            except KpssGeoError as error:
                box.update(label=words.say(error), state="error")
                return
            box.update(state="error" if report.failed else "complete")
        st.session_state[FETCHED] = report
        state.forget()
        st.rerun()
    if FETCHED in st.session_state:
        st.html(official_words.report_table(st.session_state[FETCHED], words))


def _worst_first(finding: Finding) -> tuple[int, str, int]:
    rank = ("error", "warning", "note").index(finding.severity)
    return rank, finding.file, finding.row or 0
