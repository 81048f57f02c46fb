"""Gaps: who has no such service within reach, on a map and in an equal table."""

import html
from dataclasses import replace

import geopandas as gpd
import streamlit as st

from kpss_geo import maps, state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import area_map, question
from kpss_geo.pages.frame import address, current_view, explained, legend, remember, source_line
from kpss_geo.report import files, reasons, rows, sentences, supply_words, unknown
from kpss_geo.report import html as tables
from kpss_geo.schema import METRIC_CRS, NAME
from kpss_geo.state import View
from kpss_geo.study import Answer
from kpss_geo.text import Words, in_order

MAP_HEIGHT = 540


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    _ask(view, data, words)
    try:
        with question.working(view, words, words.t("Measuring ways ...")):
            answer = state.answer(state.question(view))
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    _say(view, answer, words)
    left, right = st.columns([6, 5], gap="medium")
    with right:
        _choose_obec(view, answer, words)
        _gaps(answer, words, selected=view.obec)
    with left:
        outline = maps.reach_layer(_outline(view, answer))
        area_map.draw(view, answer, words, height=MAP_HEIGHT, under_places=[outline])
        _, real = state.areas(view.territory)
        st.html(_legend(answer, words, real=real))
    st.html(tables.obce_table(answer, words, selected=view.obec or None))
    _notes(answer, words)
    _downloads(answer, words)
    st.html(source_line(data, words, real_boundaries=real))
    remember(view)


def _ask(view: View, data: Data, words: Words) -> None:
    """Let the question be changed."""
    where, what, whom, how_far, way, more = question.columns(2.4, 4.0, 2.7, 2.6, 2.5, 1.3)
    with where:
        question.choose_territory(view, data, words)
    with what:
        question.choose_service(view, data, words)
    question.choose_measure((whom, how_far, way), view, data, words, of_type=True)
    with more.popover(words.t("More"), use_container_width=True):
        question.choose_form(view, data, words)
        st.checkbox(
            words.t("Draw the outline of the reach of places"),
            help=words.t("By road only for a reach in minutes."),
            **question.following(
                "show-reach", view.outline, lambda v, drawn: replace(v, outline=drawn)
            ),
        )
        question.choose_language(view, words)


def _say(view: View, answer: Answer, words: Words) -> None:
    small = (
        _small_print(answer, words),
        reasons.bounds_words(answer, words),
        supply_words.rates_words(answer, words),
        words.t(sentences.NOT_JUDGED) if sentences.capacity_not_judged(answer) else "",
    )
    second = sentences.second_line(answer, words, capacity=False)
    of_way = () if answer.question.only_field else ("way", "time")
    terms = ("limit", "people", *of_way, "firmness", "capacity")
    print_ = "<br>".join(html.escape(line) for line in small if line)
    st.html(
        f'<h1 class="kpss-headline">{html.escape(sentences.headline(answer, words))}</h1>'
        f'<p class="kpss-second">{html.escape(second)}</p>'
        f"{tables.figures(answer, words)}"
        f'<p class="kpss-threshold">{print_}</p>'
        f"{explained(view, words, *terms)}"
    )


def _small_print(answer: Answer, words: Words) -> str:
    parts = (
        sentences.service_words(answer, words),
        words.t(answer.target.short),
        *sentences.measured_words(answer, words),
        words.t("as of {day}", day=words.date(answer.question.on.isoformat())),
    )
    return " · ".join(parts)


def _choose_obec(view: View, answer: Answer, words: Words) -> None:
    """Choose an obec without the map: the same as clicking it."""
    codes = ["", *in_order(answer.territory.codes, key=lambda c: str(answer.obce.at[c, NAME]))]
    st.selectbox(
        words.t("Obec (or click it on the map)"),
        codes,
        format_func=lambda c: str(answer.obce.at[c, NAME]) if c else words.t("all obce"),
        **question.following(
            f"obec-{view.territory}", view.obec, lambda v, code: replace(v, obec=code or "")
        ),
    )
    if view.obec:
        st.info(reasons.obec_sentence(answer, view.obec, words))
    st.html(
        f'<p class="kpss-note"><a href="{html.escape(address("jednani", view, zapsat="1"))}" '
        f'target="_self">{html.escape(words.t("Write down a remark"))}</a></p>'
    )


def _gaps(answer: Answer, words: Words, *, selected: str) -> None:
    if answer.gaps.empty:
        why = unknown.unknown_because(answer, words)
        text = (
            words.t("No obec is known to be without the service.")
            if answer.question.only_field
            else words.t("No obec is known to have people out of reach.")
        )
        st.html(f'<p class="kpss-empty">{html.escape(f"{text} {why}".strip())}</p>')
        return
    st.html(tables.gaps_table(answer, words, selected=selected or None))


def _outline(view: View, answer: Answer) -> gpd.GeoSeries:
    if view.outline:
        return state.reach_outline(answer.question)
    return gpd.GeoSeries([], crs=METRIC_CRS)


def _legend(answer: Answer, words: Words, *, real: bool) -> str:
    points = (
        f'<li><span class="kpss-dot kpss-pob" aria-hidden="true"></span> '
        f"{html.escape(words.t('residential place'))}</li>"
        f'<li><span class="kpss-dot kpss-amb" aria-hidden="true"></span> '
        f"{html.escape(words.t('ambulatory place'))}</li>"
    )
    return legend(maps.legend(answer, words), words, real=real, more=points)


def _notes(answer: Answer, words: Words) -> None:
    with st.expander(words.t("How this was counted, and what it does not say")):
        for note in answer.notes:
            st.markdown(f"- {sentences.note_words(note, words)}")
        st.markdown(
            "- "
            + words.t(
                "Covered, on paper only, not covered and not known add up to all people of the "
                "target group. What is not known is never counted as not covered."
            )
        )


def _downloads(answer: Answer, words: Words) -> None:
    areas, real = state.areas(answer.territory.id)
    records = rows.rows(answer)
    parts = (answer.territory.id, answer.service_type.code, answer.question.form)
    name = "_".join(filter(None, (*parts, answer.target.id)))
    first, second, _ = st.columns([1, 1, 3])
    first.download_button(
        words.t("Download the table (CSV)"),
        files.to_csv(records, dialect="excel"),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        use_container_width=True,
    )
    second.download_button(
        words.t("Download the map (GeoJSON)"),
        lambda: files.to_geojson(records, areas, answer=answer, real_boundaries=real),
        file_name=f"{name}.geojson",
        mime="application/geo+json",
        on_click="ignore",
        use_container_width=True,
    )
