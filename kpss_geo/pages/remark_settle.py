"""Settling a remark: the coordinator's answer and decision, approval, erasing for good."""

import html
from collections.abc import Iterable

import streamlit as st

from kpss_geo import plan, state
from kpss_geo.errors import ChangedMeanwhile, KpssGeoError
from kpss_geo.pages import remark_field, visit
from kpss_geo.plan import DECISIONS, PUBLISHED, STATES, WAITING, Remark
from kpss_geo.text import Words

SEEN = "table-settled"
"""The remark as it was when the form was opened: somebody may settle it meanwhile."""
FAULT = "table-settle-fault"
"""What was wrong with the last attempt: it stays while the list around refreshes itself."""


def open_for(remark: Remark) -> None:
    """Open the form of a remark as it is now."""
    st.session_state[SEEN] = remark
    st.session_state[remark_field.OPEN] = remark.number
    st.session_state.pop(FAULT, None)


def number() -> int | None:
    """Give the number of the remark whose form is open; None for a visitor who may not."""
    opened = st.session_state.get(remark_field.OPEN)
    return opened if isinstance(opened, int) and visit.coordinates() else None


def show(words: Words) -> None:
    """Draw the form in which the coordinator answers, decides, publishes or erases."""
    remark: Remark = st.session_state[SEEN]
    with st.form(f"kpss-settle-{remark.number}-{remark_field.turn()}", border=True):
        title = words.t("Settle the remark no. {number}", number=remark.number)
        st.html(f'<h3 class="kpss-form-head">{html.escape(title)}</h3>')
        answer, decision, condition = _fields(remark, words)
        notice = st.container()
        save, leave = st.columns([3, 1])
        saved = save.form_submit_button(words.t("Save"), type="primary", width="stretch")
        closed = leave.form_submit_button(words.t("Close"), width="stretch")
    _erase(remark, words)
    if closed:
        remark_field.close()
        st.rerun()
    if saved:
        st.session_state.pop(FAULT, None)
        _save(remark, words, answer=answer, decision=decision, condition=condition)
    if fault := st.session_state.get(FAULT):
        remark_field.complain(notice, fault, words)


def _fields(remark: Remark, words: Words) -> tuple[str, str, str]:
    """Draw the fields: answer, decision, state."""
    answer = st.text_area(
        words.t("Answer of the coordinator"),
        remark.answer,
        key=f"kpss-answer-{remark.number}-{remark_field.turn()}",
        height=150,
    )
    left, right = st.columns(2)
    decision = left.selectbox(
        words.t("Decision"),
        list(DECISIONS),
        index=_place(remark.decision, DECISIONS),
        format_func=lambda key: words.t(DECISIONS[key]),
    )
    condition = right.selectbox(
        words.t("The remark is"),
        list(STATES),
        index=_place(PUBLISHED if remark.state == WAITING else remark.state, STATES),
        format_func=lambda key: words.t(STATES[key]),
    )
    return answer or "", decision, condition


def _place(key: str, possible: Iterable[str]) -> int:
    keys = list(possible)
    return keys.index(key) if key in keys else 0


def _save(remark: Remark, words: Words, *, answer: str, decision: str, condition: str) -> None:
    try:
        visit.editors_only()
        to = state.plan_to_change(visit.author())
        plan.settle_remark(to, remark, answer=answer, decision=decision, state=condition)
    except ChangedMeanwhile as error:  # the next attempt is about what the error shows
        st.session_state[FAULT] = error
        known = state.table(remark.territory).remarks
        st.session_state[SEEN] = next(one for one in known if one.number == remark.number)
    except KpssGeoError as error:
        st.session_state[FAULT] = error
    else:
        remark_field.done(words.t("Saved."))


def _erase(remark: Remark, words: Words) -> None:
    with (
        st.expander(words.t("Erase the remark for good")),
        st.form(f"kpss-erase-{remark.number}", border=False),
    ):
        text = words.t(
            "The text, the answer and the reactions go from the plan file. The number, who erased "
            "it, when and why remain. Do not repeat here what is to disappear."
        )
        st.html(f"<p>{html.escape(text)}</p>")
        reason = st.text_input(words.t("Reason"), key=f"kpss-why-{remark.number}")
        erased = st.form_submit_button(words.t("Erase the remark"))
    if not erased:
        return
    try:
        visit.editors_only()
        plan.erase_remark(state.plan_to_change(visit.author()), remark, reason=reason or "")
    except KpssGeoError as error:
        st.session_state[FAULT] = error
        st.rerun()
    else:
        remark_field.done(words.t("The remark no. {number} is erased.", number=remark.number))
