"""The round table: one obec or service at a time on the wall, remarks under it."""

import html
from dataclasses import replace

import pandas as pd
import streamlit as st

from kpss_geo import state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import area_map, question, remark_form, remark_list, visit
from kpss_geo.pages.frame import current_view, go_to, remember, source_line, style
from kpss_geo.report import html as tables
from kpss_geo.report import reasons, sentences
from kpss_geo.schema import NAME, PEOPLE
from kpss_geo.state import View
from kpss_geo.study import Answer
from kpss_geo.text import Words, in_order

MAP_HEIGHT = 460


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    st.html(f'<div class="kpss-projector"><style>{style("table.css")}</style></div>')
    remark_form.open_if_asked()
    _steer(view, data, words)
    visit.login_line(words)
    answer = _answer(view, words)
    beside = answer is not None and view.map is not False
    left, right = st.columns([7, 5], gap="medium") if beside else (st.container(), None)
    with left:
        if answer is not None:
            _say(view, answer, words)
        remark_form.show(view, data, words)
        if answer is not None:
            _small_print(view, answer, words)
    if answer is not None and right is not None:
        with right:
            area_map.draw(view, answer, words, height=MAP_HEIGHT)
    remark_list.show(view, data, words)
    _, real = state.areas(view.territory)
    st.html(source_line(data, words, real_boundaries=real))
    remember(view)


def _answer(view: View, words: Words) -> Answer | None:
    """Answer the view, or say why it cannot be; people may write remarks all the same."""
    try:
        with question.working(view, words, words.t("Measuring ways ...")):
            return state.answer(state.question(view))
    except KpssGeoError as error:
        st.error(words.say(error))
        return None


def _steer(view: View, data: Data, words: Words) -> None:
    """Let the obec and the service be changed, also by a clicker (PageUp, PageDown, arrows)."""
    held = {*data.register.completeness.type_codes, view.service}
    services = [code for code in question.types_of_group(view, data) if code in held]
    obce = _obce(view, data)
    with st.container(horizontal=True, key="kpss-steer"):
        with st.container(horizontal=True, key="kpss-steer-obec"):
            _step(view, words.t("Previous obec"), "PageUp", "obec", obce, -1)
            _choose_obec(view, data, obce, words)
            _step(view, words.t("Next obec"), "PageDown", "obec", obce, 1)
        with st.container(horizontal=True, key="kpss-steer-service"):
            _step(view, words.t("Previous service"), "Left", "service", services, -1)
            question.choose_service(view, data, words)
            _step(view, words.t("Next service"), "Right", "service", services, 1)
            with st.popover(words.t("More")):
                _more(view, data, words)


def _more(view: View, data: Data, words: Words) -> None:
    st.checkbox(
        words.t("Map"),
        **question.following(
            "table-map",
            view.map is not False,
            lambda v, shown: replace(v, map=None if shown else False),
        ),
    )
    question.choose_territory(view, data, words)
    question.choose_group(view, data, words)
    question.choose_target(view, data, words)
    question.choose_way(view, words)
    question.choose_language(view, words)


def _obce(view: View, data: Data) -> list[str]:
    names = data.obce[NAME]
    return in_order(data.territories[view.territory].codes, key=lambda code: str(names[code]))


def _choose_obec(view: View, data: Data, obce: list[str], words: Words) -> None:
    st.selectbox(
        words.t("Obec"),
        ["", *obce],
        format_func=lambda c: str(data.obce.at[c, NAME]) if c else words.t("the whole territory"),
        **question.following(
            f"table-obec-{view.territory}", view.obec, lambda v, code: replace(v, obec=code or "")
        ),
    )


def _step(view: View, label: str, shortcut: str, what: str, order: list[str], by: int) -> None:
    """Draw a button that goes to the next or previous obec or service, round and round.

    It goes on from what is on the screen: the address of a quick clicker may be one step behind.
    """
    icon = ":material/chevron_left:" if by < 0 else ":material/chevron_right:"
    st.button(
        label,
        key=f"kpss-step-{what}-{'back' if by < 0 else 'on'}",
        icon=icon,
        shortcut=shortcut,
        disabled=len(order) < 2 and what == "service",
        on_click=_move,
        args=(view, what, tuple(order), by),
    )


def _move(view: View, what: str, order: tuple[str, ...], by: int) -> None:
    go_to(stepped(view, what, order, by))


def stepped(view: View, what: str, order: tuple[str, ...], by: int) -> View:
    """Give the view of the next (`by` 1) or previous (-1) obec or service of an order.

    After the last comes the first; from none, or one that is not in the order, the first or
    the last. Another type of service has forms of its own, so a chosen form is forgotten.
    """
    now = view.obec if what == "obec" else view.service
    number = order.index(now) + by if now in order else min(by, 0)
    new = order[number % len(order)]
    if what == "obec":
        return replace(view, obec=new)
    return replace(view, service=new, form="")


def _say(view: View, answer: Answer, words: Words) -> None:
    """Say one true sentence and the four verdicts of the obec, or of the whole territory."""
    if view.obec:
        obec = answer.obce.loc[view.obec].to_dict()
        title, sentence = str(obec[NAME]), reasons.reason(answer, obec, words)
    else:
        title, sentence = answer.territory.name, sentences.headline(answer, words)
    kind = html.escape(answer.service_type.name)
    st.html(
        f'<h1 class="kpss-headline">{html.escape(title)} – {kind}</h1>'
        f'<p class="kpss-lead">{html.escape(sentence[:1].upper() + sentence[1:])}</p>'
        f"{tables.figures(answer, words, code=view.obec)}"
    )


def _small_print(view: View, answer: Answer, words: Words) -> None:
    """Say how firm the verdict is, what it leaves open, and what was asked."""
    obec = answer.obce.loc[view.obec].to_dict() if view.obec else {}
    if not obec:
        small = sentences.second_line(answer, words)
    else:
        small = "" if pd.isna(obec[PEOPLE]) else reasons.caveats(answer, obec, words)
    asked = " · ".join((words.t(answer.target.short), *sentences.measured_words(answer, words)))
    st.html(f'<p class="kpss-second">{html.escape(small)}<br>{html.escape(asked)}</p>')
