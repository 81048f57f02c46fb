"""The Streamlit pages: widgets in, an Answer out. What they decide is decided below them."""

import streamlit as st

from kpss_geo import state
from kpss_geo.pages import (
    accessibility,
    board,
    compare,
    data,
    explain,
    find,
    footer,
    gaps,
    outputs,
    plan,
    remark_form,
    sheet,
    table,
)
from kpss_geo.pages.frame import GLOSSARY, link, style
from kpss_geo.text import Words


def show() -> None:
    """Run the app for one visitor: page settings, navigation, the chosen page."""
    st.set_page_config(page_title="kpss_geo", page_icon="🗺️", layout="wide")
    st.html(f"<style>{style()}</style>")
    tables, error = state.try_data()
    if tables is None:
        st.error(Words().say(error) if error else "")
        remark_form.keep_text(Words())
        return
    view, _ = state.read_view(link(), tables)
    words = Words(view.language)
    pages = [
        st.Page(board.show, title=words.t("Overview"), default=True),
        st.Page(gaps.show, title=words.t("Gaps"), url_path="mezery"),
        st.Page(compare.show, title=words.t("Comparison"), url_path="srovnani"),
        st.Page(sheet.show, title=words.t("Obec"), url_path="obec"),
        st.Page(table.show, title=words.t("Round table"), url_path="jednani"),
        st.Page(find.show, title=words.t("Find a service"), url_path="najit"),
        st.Page(outputs.show, title=words.t("Outputs"), url_path="vystupy"),
        st.Page(plan.show, title=words.t("Plan"), url_path="plan"),
        st.Page(data.show, title=words.t("Data"), url_path="data"),
        st.Page(
            explain.show,
            title=words.t("What the numbers mean"),
            url_path=GLOSSARY,
            visibility="hidden",
        ),
        st.Page(
            accessibility.show,
            title=words.t("Accessibility statement"),
            url_path=footer.ACCESSIBILITY,
            visibility="hidden",
        ),
    ]
    page = st.navigation(pages, position="top")
    page.run()
    view, _ = state.read_view(link(), tables)
    footer.show(page.url_path, view, tables, Words(view.language))


__all__ = ["show"]
