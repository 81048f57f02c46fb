"""The accessibility statement, with the contact that the operator has set."""

import html

import streamlit as st

from kpss_geo import settings, state
from kpss_geo.pages.frame import current_view, remember
from kpss_geo.report import accessibility


def show() -> None:
    """Draw the page."""
    view, words = current_view(state.data())
    current = settings.current()
    title = html.escape(words.t("Accessibility statement"))
    text = accessibility.statement(words, operator=current.operator, contact=current.contact)
    st.html(f'<h1 class="kpss-headline">{title}</h1>{text}')
    remember(view)
