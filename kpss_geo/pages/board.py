"""Overview: every type of service in every obec, on one screen."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from kpss_geo import state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import question, start
from kpss_geo.pages.frame import (
    OVERVIEW,
    address,
    current_view,
    explained,
    remember,
    source_line,
)
from kpss_geo.report import board, sentences
from kpss_geo.report.board import Line
from kpss_geo.schema import NAME
from kpss_geo.state import View
from kpss_geo.study import Answer
from kpss_geo.text import Words, in_order


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    start.offer(view, data, words)
    _ask(view, data, words)
    try:
        with question.working(view, words, words.t("Judging every type of service ...")):
            answers = _of_group(state.board(view), view)
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    if not answers:
        text = words.t("This working group talks about no type of service that the data name.")
        st.html(f'<p class="kpss-empty">{html.escape(text)}</p>')
        remember(view)
        return
    lines = board.lines_of(data.territories[view.territory], data, orp=view.orp)
    links = _links(view, answers, lines, data)
    st.html(
        f'<h1 class="kpss-headline">{html.escape(board.headline(answers, words))}</h1>'
        f'<p class="kpss-threshold">{html.escape(_small_print(view, answers, words))}</p>'
        + _worst_link(answers, words, links)
    )
    if board.held(answers):
        selected = view.obec or view.orp
        st.html(board.board_table(answers, lines, words, links=links, selected=selected))
        st.html(_signs(words) + explained(view, words, "lacking", "verdict", "firmness", "limit"))
    st.html(f'<p class="kpss-threshold">{html.escape(board.not_held_words(answers, words))}</p>')
    _one_obec(view, answers, data, words)
    if board.held(answers):
        st.html(board.summary_table(answers, words, links=links))
    _, real = state.areas(view.territory)
    st.html(source_line(data, words, real_boundaries=real))
    remember(view)


def _ask(view: View, data: Data, words: Words) -> None:
    where, whom, how_far, way, group, orp = question.columns(2.4, 2.6, 2.6, 2.4, 2.8, 2.2)
    with where:
        question.choose_territory(view, data, words)
    question.choose_measure((whom, how_far, way), view, data, words)
    with group:
        question.choose_group(view, data, words)
    with orp:
        _choose_orp(view, data, words)


def _choose_orp(view: View, data: Data, words: Words) -> None:
    """In a large territory the board shows ORP; one of them can be opened."""
    obce = data.obce.loc[list(data.territories[view.territory].codes)]
    if len(obce) <= board.MANY_OBCE:
        return
    names = dict(zip(obce["orp_code"], obce["orp_name"], strict=True))
    st.selectbox(
        words.t("ORP"),
        ["", *in_order(names, key=lambda code: str(names[code]))],
        format_func=lambda code: str(names[code]) if code else words.t("all ORP"),
        **question.following("orp", view.orp, lambda v, code: replace(v, orp=code, obec="")),
    )


def _of_group(answers: Sequence[Answer], view: View) -> list[Answer]:
    """Keep the types that the chosen working group talks about; all types without one."""
    if not view.group:
        return list(answers)
    group = answers[0].territory.working_groups[view.group - 1]
    return [answer for answer in answers if answer.service_type.of_group(group)]


def _small_print(view: View, answers: Sequence[Answer], words: Words) -> str:
    first = answers[0]
    values = (
        words.t("limits by type and form (working values, not norms)")
        if view.reach is None
        else sentences.threshold_words(first, words)
    )
    return words.t(
        "{group} · {threshold} · {way} · as of {day}",
        group=words.t(first.target.short),
        threshold=values,
        way=sentences.way_words(first, words),
        day=words.date(first.question.on.isoformat()),
    )


def _links(
    view: View, answers: Sequence[Answer], lines: Sequence[Line], data: Data
) -> dict[tuple[str, str], str]:
    """Link a type and a cell to their question; a cell of an ORP opens the ORP."""
    codes = set(data.territories[view.territory].codes)
    links = {
        ("", answer.service_type.code): address(
            "mezery", replace(view, service=answer.service_type.code, obec="", orp="", group=0)
        )
        for answer in answers
    }
    for line in lines:
        for answer in answers:
            kind = answer.service_type.code
            if line.key in codes:
                target = replace(view, service=kind, obec=line.key, form="", orp="", group=0)
                links[line.key, kind] = address("mezery", target)
            else:
                links[line.key, kind] = address(OVERVIEW, replace(view, orp=line.key, obec=""))
    return links


def _worst_link(
    answers: Sequence[Answer], words: Words, links: Mapping[tuple[str, str], str]
) -> str:
    """Lead from the headline to what is missing most on the map, and residents to the finder."""
    finder = html.escape(words.t("Looking for help for yourself or somebody near?"))
    find = f'{finder} <a href="najit" target="_self">{html.escape(words.t("Find a service"))}</a>'
    worst = board.worst(answers)
    if worst is None:
        return f"<p>{find}</p>"
    text = words.t("Show on the map: {service}", service=worst.service_type.name)
    where = links["", worst.service_type.code]
    shown = f'<a href="{html.escape(where)}" target="_self">{html.escape(text)}</a>'
    return f"<p>{shown} · {find}</p>"


def _signs(words: Words) -> str:
    items = (
        ("not_covered", words.t("a number: people not covered or covered on paper only")),
        ("covered", f"✓ {words.t('covered')}"),
        ("unknown", f"? {words.t('not known')}"),
        ("nobody", words.t("+ ? of some it is not known, + ✓ some are covered")),
        ("nobody", f"~ {words.t('not firm')}"),
    )
    rows = "".join(
        f'<li><span class="kpss-swatch kpss-{kind}" aria-hidden="true"></span> '
        f"{html.escape(text)}</li>"
        for kind, text in items
    )
    return f'<ul class="kpss-legend">{rows}</ul>'


def _one_obec(view: View, answers: Sequence[Answer], data: Data, words: Words) -> None:
    codes = data.territories[view.territory].codes
    names = data.obce[NAME]
    st.selectbox(
        words.t("One obec in full"),
        ["", *in_order(codes, key=lambda code: str(names[code]))],
        format_func=lambda code: str(names[code]) if code else words.t("choose an obec"),
        **question.following("board-obec", view.obec, lambda v, code: replace(v, obec=code)),
    )
    if view.obec and board.held(answers):
        st.html(board.obec_table(answers, view.obec, words))
