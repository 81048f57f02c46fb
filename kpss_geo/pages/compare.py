"""Comparison: two territories, or one territory on two days, side by side."""

import html
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_folium import st_folium

from kpss_geo import maps, state, study
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import question
from kpss_geo.pages.frame import address, current_view, explained, legend, remember, source_line
from kpss_geo.report import compared, compared_files, compared_rows, compared_words, files
from kpss_geo.state import View
from kpss_geo.study import Answer, Comparison
from kpss_geo.text import Words

MAP_HEIGHT = 420


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    _ask(view, data, words)
    try:
        with question.working(view, words, words.t("Judging every type of service ...")):
            found = state.compared(view)
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    shown = next((each for each in found if each.a.service_type.code == view.service), None)
    if shown is None:
        text = words.t("The register in the data does not hold this type of service.")
        st.html(f'<p class="kpss-empty">{html.escape(text)}</p>')
    else:
        _one(view, shown, found, data, words)
    if found:
        links = {
            code: address("srovnani", replace(view, service=code, form=""))
            for code in (each.a.service_type.code for each in found)
        }
        st.html(compared.types_table(found, words, links=links, selected=view.service))
        _downloads(shown or found[0], found, data, words)
    _, real = state.areas(view.territory)
    st.html(
        explained(view, words, "people", "limit", "firmness", "holds", "as_of")
        + source_line(data, words, real_boundaries=real)
    )
    remember(view)


def _ask(view: View, data: Data, words: Words) -> None:
    """Let both sides and the question be changed."""
    (_, day), (other, other_day) = state.sides(view)
    with st.container(key="sides"):
        columns = st.columns([2.4, 1.5, 2.4, 1.5], vertical_alignment="bottom")
    side_a, on_a, side_b, on_b = columns
    with side_a:
        question.choose_territory(view, data, words, label=words.t("Side A: territory"))
    with on_a:
        _choose_day(words.t("Side A: day"), "day", day)
    with side_b:
        st.selectbox(
            words.t("Side B: territory"),
            list(data.territories),
            format_func=lambda key: data.territories[key].name,
            **question.following("other", other, lambda v, key: replace(v, other=key)),
        )
    with on_b:
        _choose_day(words.t("Side B: day"), "other_day", other_day)
    what, whom, how_far, way = question.columns(4.0, 2.7, 2.6, 2.5)
    with what:
        question.choose_service(view, data, words)
    question.choose_measure((whom, how_far, way), view, data, words)


def _choose_day(label: str, field: str, value: date) -> None:
    """Let a day be chosen; an emptied one is today again."""

    def change(now: View, day: date | None) -> View:
        # The other side is named, so that it does not move with the day.
        (_, first), (other, second) = state.sides(now)
        days = {"day": first, "other_day": second, field: day or study.today()}
        return replace(now, other=other, day=days["day"], other_day=days["other_day"])

    st.date_input(
        label,
        min_value=state.DAY_MIN,
        max_value=state.DAY_MAX,
        format="DD.MM.YYYY",
        **question.following(f"compare-{field}", value, change),
    )


def _one(
    view: View, shown: Comparison, found: Sequence[Comparison], data: Data, words: Words
) -> None:
    """Say, draw and tabulate one type of service."""
    st.html(
        f'<h1 class="kpss-headline">{html.escape(compared_words.headline(shown, words))}</h1>'
        f'<p class="kpss-second">{html.escape(compared_words.balance(found, words))}</p>'
        f'<p class="kpss-threshold">{html.escape(compared_words.small_print(shown, words))}</p>'
        f"{explained(view, words, 'limit', 'people', 'way', 'firmness', 'capacity')}"
    )
    st.html(compared.lines_table(shown, words))
    _cautions(shown, data, words)
    changed = study.changed_obce(shown)
    _maps(shown, changed.index.astype(str), words)
    if not shown.one_territory:
        for column, answer, name in _in_columns(shown, words):
            column.html(compared.obce_table(answer, words, name=name))
    elif shown.a.question.on != shown.b.question.on:
        _changes(shown, changed, data, words)
    else:
        text = words.t("Both sides are the same. Choose another territory or another day.")
        st.html(f'<p class="kpss-empty">{html.escape(text)}</p>')


def _changes(shown: Comparison, changed: pd.DataFrame, data: Data, words: Words) -> None:
    """Tabulate what one territory has otherwise on the second day, or say that nothing is."""
    near = state.around(shown.a.territory.id).union(list(shown.a.territory.codes))
    services = study.changed_services(shown, data, near=near)
    texts = []
    if services.empty:
        texts.append(
            words.t("In the register no service of this type started or ended in between nearby.")
        )
    else:
        st.html(compared.services_table(services, words))
    if changed.empty:
        texts.append(words.t("No obec has another verdict on the second day."))
    else:
        st.html(compared.changed_table(shown, changed, words))
    if texts:
        st.html(f'<p class="kpss-empty">{html.escape(" ".join(texts))}</p>')


def _in_columns(shown: Comparison, words: Words) -> list[tuple[DeltaGenerator, Answer, str]]:
    names = compared.side_names(shown, words)
    columns = st.columns(2, gap="medium")
    return list(zip(columns, (shown.a, shown.b), names, strict=True))


def _cautions(shown: Comparison, data: Data, words: Words) -> None:
    """Say what weighs on this comparison at once, the rest on demand."""
    if weighty := compared_words.warnings(shown, data, words):
        st.info("\n".join(f"- {text}" for text in weighty))
    with st.expander(words.t("How this was counted, and what it does not say")):
        st.markdown("\n".join(f"- {text}" for text in compared_words.remarks(shown, words)))


def _maps(shown: Comparison, changed: pd.Index, words: Words) -> None:
    """Draw both sides in the same colours; obce that changed have a thick border."""
    data = state.data()
    for number, (column, answer, name) in enumerate(_in_columns(shown, words)):
        areas, _ = state.areas(answer.territory.id)
        names = maps.labelled(data.obce, data.population, answer.territory.codes)
        with column:
            st.html(f'<h2 class="kpss-side">{"AB"[number]} · {html.escape(name)}</h2>')
            st_folium(
                maps.base_map(state.areas_url(answer.territory.id), areas, names, words),
                key=f"compare-{number}-{answer.territory.id}",
                height=MAP_HEIGHT,
                use_container_width=True,
                returned_objects=[],
                feature_group_to_add=[
                    maps.verdict_layer(answer, words, selected=None, marked=changed)
                ],
            )
    _, real = state.areas(shown.a.territory.id)
    st.html(legend(maps.legend(shown.a, words, shown.b), words, real=real))
    if len(changed):
        text = words.t("A thick border: obce whose people have another verdict on the second day.")
        st.html(f'<p class="kpss-foot">{html.escape(text)}</p>')


def _downloads(about: Comparison, found: Sequence[Comparison], data: Data, words: Words) -> None:
    name = "_".join(
        ("srovnani", about.a.territory.id, about.a.question.on.isoformat(),
         about.b.territory.id, about.b.question.on.isoformat(), about.a.target.id)
    )  # fmt: skip
    first, second, _ = st.columns([1, 1, 3])
    first.download_button(
        words.t("Download the comparison (XLSX)"),
        lambda: compared_files.workbook(found, data, words, about=about),
        file_name=f"{name}.xlsx",
        on_click="ignore",
        use_container_width=True,
    )
    second.download_button(
        words.t("Download the comparison (CSV)"),
        lambda: files.to_csv(
            compared_rows.rows(found), fields=compared_rows.FIELDS, dialect="excel"
        ),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        use_container_width=True,
    )
