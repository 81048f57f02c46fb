"""Remarks under an obec or a service, with reactions; what others write comes by itself."""

import html

import streamlit as st

from kpss_geo import plan, state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import question, remark_form, remark_settle, visit
from kpss_geo.plan import KINDS, NOBODY, PUBLISHED, WAITING, Remark
from kpss_geo.report import remarks as words_of
from kpss_geo.report.remark_files import settlement_docx, settlement_xlsx
from kpss_geo.report.remarks import Settlement
from kpss_geo.state import View
from kpss_geo.state.remarks import Table
from kpss_geo.text import Words

EVERY_S = 3
"""How often the list looks whether the plan file has changed."""
MOST_SHOWN = 40
FAULT = "table-fault"
LAST = "table-last"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(view: View, data: Data, words: Words) -> None:
    """Draw the list, and below it the whole settlement table with its downloads."""
    _list(view, data, words)
    with st.expander(words.t("Settlement of all remarks of the territory")):
        _whole(view, data, words)


@st.fragment(run_every=EVERY_S)
def _list(view: View, data: Data, words: Words) -> None:
    draw(view, data, words)


def draw(view: View, data: Data, words: Words) -> None:
    """Draw the remarks that belong to the view."""
    remark_form.notice_plan()
    if fault := st.session_state.get(FAULT):
        st.error(fault)
    known = _known(view, words)
    chosen = belonging(view, known.remarks, data, waiting=visit.may_edit())
    heading = words.n("{count} remark", "{count} remarks", len(chosen))
    st.html(f'<h2 class="kpss-remarks-head">{html.escape(heading)}</h2>')
    if not chosen:
        text = words.t("Nobody has said anything here yet. Write down the first remark.")
        st.html(f'<p class="kpss-empty">{html.escape(text)}</p>')
    if len(chosen) > MOST_SHOWN:
        text = words.t(
            "The latest {count} are shown; all are in the table below.", count=MOST_SHOWN
        )
        st.html(f'<p class="kpss-hint">{html.escape(text)}</p>')
    settles, settling = visit.coordinates(), remark_settle.number()
    shown = chosen[-MOST_SHOWN:]
    for remark in shown:
        _one(remark, known, view, (data, words), settles=settles)
        if remark.number == settling:
            remark_settle.show(words)
    if settling and settling not in {remark.number for remark in shown}:
        remark_settle.show(words)  # its remark is not here any more; what was typed is
    if settles:
        _waiting(known.remarks, data, words)


def belonging(
    view: View, remarks: tuple[Remark, ...], data: Data, *, waiting: bool
) -> list[Remark]:
    """Give the remarks to show under a view, by number.

    Under an obec all that is said of it; under the whole territory what is said of the
    service there, and of no service. A working group sees its own remarks and those of the
    services it talks about. What is not published is for editors.
    """
    types = set(question.types_of_group(view, data))
    groups = data.territories[view.territory].working_groups
    group = groups[view.group - 1].name if view.group else ""

    def is_here(remark: Remark) -> bool:
        if view.obec:
            return remark.code == view.obec
        return remark.type_code in (view.service, "")

    def is_of_group(remark: Remark) -> bool:
        return not group or remark.working_group == group or remark.type_code in types

    return [
        remark
        for remark in remarks
        if is_here(remark) and is_of_group(remark) and (waiting or remark.state == PUBLISHED)
    ]


def _known(view: View, words: Words) -> Table:
    """Give what the plan holds; where it cannot be read, what it held last in this visit."""
    key = f"{LAST}-{view.territory}"
    try:
        known = state.table(view.territory, visit=visit.number())
    except KpssGeoError as error:
        st.error(words.say(error))
        known = st.session_state.get(key, Table())
    st.session_state[key] = known
    return known


def _one(
    remark: Remark, known: Table, view: View, of: tuple[Data, Words], *, settles: bool
) -> None:
    """Draw a remark with its reactions, and for the coordinator the way to settle it."""
    data, words = of
    counted = known.reactions.get(remark.number, NOBODY)
    with st.container(border=True, key=f"kpss-remark-{remark.number}"):
        st.html(words_of.card(remark, data, words, obec_known=bool(view.obec)))
        with st.container(horizontal=True, key=f"kpss-react-{remark.number}"):
            for kind, label in KINDS.items():
                if remark.state != PUBLISHED:
                    break
                mine = counted.mine == kind
                st.button(
                    f"{words.t(label)} ({words.number(counted[kind])})",
                    key=f"kpss-{kind}-{remark.number}",
                    type="primary" if mine else "secondary",
                    icon=":material/check:" if mine else None,
                    on_click=_react,
                    args=(remark.number, kind, words),
                )
            if settles and st.button(
                words.t("Settle"), key=f"kpss-settle-button-{remark.number}", type="tertiary"
            ):
                remark_settle.open_for(remark)
                st.rerun()


def _react(number: int, kind: str, words: Words) -> None:
    st.session_state.pop(FAULT, None)
    try:
        plan.react(state.plan_to_change(""), number, visit=visit.number(), kind=kind)
    except KpssGeoError as error:
        st.session_state[FAULT] = words.say(error)


def _waiting(remarks: tuple[Remark, ...], data: Data, words: Words) -> None:
    """Tell the coordinator where remarks wait for approval."""
    waiting = [remark for remark in remarks if remark.state == WAITING]
    if waiting:
        count = words.n(
            "{count} remark waits for approval", "{count} remarks wait for approval", len(waiting)
        )
        places = ", ".join(dict.fromkeys(words_of.where(one, data, words) for one in waiting))
        st.warning(f"{count}: {places}")


def settlement(view: View, data: Data, words: Words) -> Settlement:
    """Make the settlement table of the territory as it is now."""
    now = state.table(view.territory)
    return words_of.settlement(
        view.territory,
        now.remarks,
        reactions=now.reactions,
        erased=now.erased,
        data=data,
        words=words,
    )


def _whole(view: View, data: Data, words: Words) -> None:
    try:
        table = settlement(view, data, words)
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    if table.rows:
        st.html(words_of.overview(table, name="settlement"))
    with st.container(horizontal=True):
        for label, write, ending, mime in (
            (words.t("Download for Word (DOCX)"), settlement_docx, "docx", DOCX),
            (words.t("Download for Excel (XLSX)"), settlement_xlsx, "xlsx", XLSX),
        ):
            st.download_button(
                label,
                lambda write=write: write(settlement(view, data, words), words),  # type: ignore[misc]
                file_name=f"vyporadani_{view.territory}.{ending}",
                mime=mime,
                on_click="ignore",
            )
