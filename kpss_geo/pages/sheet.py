"""The sheet of one obec: five sentences and one map for its mayor, ready to be printed."""

import html

import geopandas as gpd
import pandas as pd
import streamlit as st

from kpss_geo import dataset, state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import question
from kpss_geo.pages.frame import (
    current_view,
    explained,
    remember,
    source_line,
    style,
    take_away,
)
from kpss_geo.report import board, glossary, reasons, sheet, sheet_map
from kpss_geo.schema import NAME
from kpss_geo.state import View
from kpss_geo.text import Words


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    _ask(view, data, words)
    if view.obec:
        _sheet(view, data, words)
    else:
        title = words.t("The sheet of an obec")
        todo = words.t("Choose an obec; its sheet fits one page of A4.")
        st.html(
            f'<h1 class="kpss-headline">{html.escape(title)}</h1>'
            f'<p class="kpss-empty">{html.escape(todo)}</p>'
        )
    remember(view)


def _ask(view: View, data: Data, words: Words) -> None:
    where, whom, more = st.columns([4, 4, 1.2], vertical_alignment="bottom")
    with where:
        question.choose_home(view, data, words, label=words.t("Obec"))
    with whom:
        question.choose_target(view, data, words)
    with more.popover(words.t("More"), use_container_width=True):
        question.choose_way(view, words)
        question.choose_language(view, words)


def _sheet(view: View, data: Data, words: Words) -> None:
    try:
        with question.working(view, words, words.t("Judging every type of service ...")):
            answers = state.board(view)
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    held = board.held(answers)
    name = str(data.obce.at[view.obec, NAME])
    title = f'<h1 class="kpss-headline">{html.escape(name)}</h1>'
    if not held:
        st.html(f"{title}<p>{html.escape(board.not_held_words(answers, words))}</p>")
        return
    areas, real = _around(view, data)
    places = sheet_map.nearest_places(held, view.obec)
    drawing = sheet_map.picture(areas, places, code=view.obec, name=name, words=words)
    about = _about(view, answers[0].question.on.isoformat(), data, words)
    body = "".join(
        (
            title,
            f'<p class="kpss-second">{html.escape(about)}</p>',
            sheet.sheet(
                answers, view.obec, data, words, found=state.serving(view), picture=drawing
            ),
            board.obec_table(answers, view.obec, words, said=reasons.brief),
            f'<p class="kpss-small">{html.escape(sheet.measured(held, words))}</p>',
            f'<p class="kpss-threshold">{html.escape(board.not_held_words(answers, words))}</p>',
            source_line(data, words, real_boundaries=real),
        )
    )
    take_away(words)
    st.html(f'<div class="kpss-page">{body}</div>{explained(view, words, "people", "limit")}')
    panels = glossary.panels(data.sources, words, keys=glossary.used_in(body))
    st.download_button(
        words.t("Download the sheet (HTML)"),
        sheet.document(body + panels, title=name, style=style(), words=words),
        file_name=f"obec_{view.obec}.html",
        mime="text/html",
        on_click="ignore",
    )


def _about(view: View, on: str, data: Data, words: Words) -> str:
    return words.t(
        "{district} · {group} · as of {day}",
        district=data.obce.at[view.obec, "district_name"],
        group=words.t(data.targets[view.target].short),
        day=words.date(on),
    )


def _around(view: View, data: Data) -> tuple[gpd.GeoSeries, bool]:
    """Areas of the territory and its surroundings, and whether they are real boundaries."""
    own = pd.Index(data.territories[view.territory].codes, name="code")
    return dataset.areas_of(own.append(state.around(view.territory)), data)
