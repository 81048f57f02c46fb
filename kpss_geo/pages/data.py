"""Data: where they come from, what they are not good for, and their faults."""

import html

import streamlit as st

from kpss_geo import state
from kpss_geo.errors import Finding
from kpss_geo.pages.frame import current_view, remember, source_line
from kpss_geo.report.html import findings_table, sources_table


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    st.html(f'<h1 class="kpss-headline">{html.escape(words.t("Where the numbers come from"))}</h1>')
    st.html(sources_table(data.sources, words))
    st.html(f"<h2>{html.escape(words.t('Faults found in the data'))}</h2>")
    shown = sorted(data.findings, key=_worst_first)
    if shown:
        st.html(findings_table(shown, words))
    else:
        st.html(f"<p>{html.escape(words.t('None were found.'))}</p>")
    _, real = state.areas(view.territory)
    st.html(source_line(data, words, real_boundaries=real))
    remember(view)


def _worst_first(finding: Finding) -> tuple[int, str, int]:
    rank = ("error", "warning", "note").index(finding.severity)
    return rank, finding.file, finding.row or 0
