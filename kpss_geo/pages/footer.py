"""What stands at the foot of every page: help, languages, what the numbers were made of."""

import html
from dataclasses import replace

import streamlit as st

import kpss_geo
from kpss_geo.dataset import Data
from kpss_geo.pages.frame import GLOSSARY, OVERVIEW, address
from kpss_geo.report import glossary
from kpss_geo.state import View
from kpss_geo.text import LANGUAGE_NAMES, LANGUAGES, Words

ACCESSIBILITY = "pristupnost"


def show(page: str, view: View, data: Data, words: Words) -> None:
    """Draw the foot of a page and the panels that its headings open; `page` is its address."""
    panels = glossary.panels(data.sources, words, link=address(GLOSSARY, view))
    foot = _links(page, view, words) + _about(data, words)
    st.html(f'<footer class="kpss-footer">{foot}</footer>{panels}')


def _links(page: str, view: View, words: Words) -> str:
    """Give links to the help pages, and to this page in the other languages."""
    help_pages = [
        _link(address(GLOSSARY, view), words.t("What the numbers mean")),
        _link(address(ACCESSIBILITY, view), words.t("Accessibility statement")),
    ]
    languages = [
        f'<span aria-current="true">{LANGUAGE_NAMES[each]}</span>'
        if each == view.language
        else _link(
            address(page or OVERVIEW, replace(view, language=each)),
            LANGUAGE_NAMES[each],
            language=each,
        )
        for each in LANGUAGES
    ]
    label = html.escape(words.t("Help and language"))
    return f'<nav aria-label="{label}">{"".join((*help_pages, *languages))}</nav>'


def _link(to: str, text: str, *, language: str = "") -> str:
    tongue = f' lang="{language}" hreflang="{language}"' if language else ""
    return f'<a href="{html.escape(to)}" target="_self"{tongue}>{html.escape(text)}</a>'


def _about(data: Data, words: Words) -> str:
    """Name the version, the digest of the data, and under which licences both are."""
    by_licence: dict[str, list[str]] = {}
    for source in data.sources:
        by_licence.setdefault(source.licence, []).append(source.source)
    licences = "; ".join(
        f"{licence} ({', '.join(dict.fromkeys(names))})"
        for licence, names in by_licence.items()
        if licence
    )
    text = words.t(
        "kpss_geo {version} (licence EUPL-1.2) · data digest {digest} · licences of data: "
        "{licences}",
        version=kpss_geo.__version__,
        digest=data.digest,
        licences=licences,
    )
    return f"<p>{html.escape(text)}</p>"
