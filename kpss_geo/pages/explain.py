"""Glossary: what each number means, where it comes from, and what it does not say."""

import html

import streamlit as st

from kpss_geo import state
from kpss_geo.pages.frame import current_view, remember
from kpss_geo.report import glossary


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    title = words.t("What the numbers mean")
    about = words.t(
        "The same words stand behind the dotted headings on the pages and in the workbook. Press "
        "Ctrl+F to look for one."
    )
    st.html(
        f'<h1 class="kpss-headline">{html.escape(title)}</h1>'
        f'<p class="kpss-second">{html.escape(about)}</p>'
        f"{glossary.page(data.sources, words)}"
    )
    remember(view)
