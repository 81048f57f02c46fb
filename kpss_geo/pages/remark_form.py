"""Writing a remark at the round table.

The form stands outside the list that refreshes itself, and its fields keep their names
until what was typed is written: whatever fails, the text stays where it was typed.
"""

import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kpss_geo import plan, state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import remark_field, visit
from kpss_geo.plan import WAITING, Remark
from kpss_geo.plan.typed import free_text
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.state import View
from kpss_geo.text import Words, in_order

ASKED = "zapsat"
"""Parameter of a link that opens the form at once."""
SEEN = "table-plan-seen"
ABOUT_TYPE, ABOUT_NONE = "type", ""
GROUP_UNSAID = ""


def open_if_asked() -> None:
    """Open the form when the link says so; only the first time."""
    if st.query_params.get(ASKED):
        st.session_state[remark_field.OPEN] = remark_field.WRITE


def show(view: View, data: Data, words: Words) -> None:
    """Draw the large button, or the form that is open."""
    if said := st.session_state.pop(remark_field.SAID, ""):
        st.success(said)
    writes = st.session_state.get(remark_field.OPEN) == remark_field.WRITE
    role, other = st.columns([2, 3], vertical_alignment="bottom")
    with role:
        visit.choose_role(words)
    if writes:
        other.html(f'<h2 class="kpss-form-head">{html.escape(_title(view, data, words))}</h2>')
        _write(view, data, words)
    else:
        other.button(
            words.t("Write down a remark"),
            key="kpss-write",
            type="primary",
            icon=":material/edit_note:",
            width="stretch",
            on_click=_open,
        )


def _open() -> None:
    st.session_state[remark_field.OPEN] = remark_field.WRITE


def _write(view: View, data: Data, words: Words) -> None:
    """Draw the form of a new remark."""
    turn = remark_field.turn()
    with st.form(_form(turn), border=True):
        text = _text(turn, words)
        hint = words.t("No names, telephone numbers or addresses of people, please.")
        st.html(f'<p class="kpss-hint">{html.escape(hint)}</p>')
        about, service_id = _choose_about(view, data, words, turn)
        place, group = st.columns(2, vertical_alignment="bottom")
        where = place.text_input(words.t("Place (need not be said)"), key=f"kpss-place-{turn}")
        with group:
            name = _choose_group(view, data, words, turn)
        notice = st.container()
        send, leave = st.columns([3, 1])
        with send:
            sent = _send_button(words)
        left = leave.form_submit_button(words.t("Close"), width="stretch")
    if left:
        remark_field.close()
        st.session_state[remark_field.DRAFT] = text
        st.rerun()
    if sent:
        remark = Remark(
            text=text,
            role=visit.role(),
            territory=view.territory,
            code=view.obec,
            type_code=view.service if about else "",
            service_id=service_id,
            place=where or "",
            working_group=name,
            state=visit.state_of_remark(),
        )
        _send(remark, notice, words)


def keep_text(words: Words) -> None:
    """Keep the field with what was typed on a page that cannot be drawn, to be sent later."""
    turn = remark_field.turn()
    if st.session_state.get(_field(turn)):
        with st.form(_form(turn), border=True):
            _text(turn, words)
            _send_button(words)


def _form(turn: int) -> str:
    return f"kpss-remark-{turn}"


def _field(turn: int) -> str:
    return f"kpss-text-{turn}"


def _text(turn: int, words: Words) -> str:
    draft = str(st.session_state.get(remark_field.DRAFT, ""))
    return st.text_area(words.t("Remark"), draft, key=_field(turn), height=150) or ""


def _send_button(words: Words) -> bool:
    return st.form_submit_button(words.t("Send the remark"), type="primary", width="stretch")


def _title(view: View, data: Data, words: Words) -> str:
    if view.obec:
        return words.t("Remark on {where}", where=data.obce.at[view.obec, NAME])
    return words.t("Remark on {where}", where=data.territories[view.territory].name)


def _choose_about(view: View, data: Data, words: Words, turn: int) -> tuple[bool, str]:
    """Let it be said what the remark is about: the type, one registration of it, no service."""
    labels = _services(view, data)
    kind = data.types[view.service]

    def named(key: str) -> str:
        if key == ABOUT_TYPE:
            return words.t("service: {name}", name=kind.name)
        return labels.get(key) or words.t("no service in particular")

    chosen = st.selectbox(
        words.t("What it is about"),
        [ABOUT_TYPE, ABOUT_NONE, *in_order(labels, key=lambda key: labels[key])],
        format_func=named,
        key=f"kpss-about-{turn}-{view.service}-{view.territory}",
    )
    return chosen != ABOUT_NONE, chosen if chosen in labels else ""


def _services(view: View, data: Data) -> dict[str, str]:
    """Registrations of the type with a place in the territory, by id."""
    register, codes = data.register, data.territories[view.territory].codes
    of_type = register.services.index[register.services[TYPE_CODE] == view.service]
    near = register.places[register.places[CODE].isin(list(codes))]
    first = near[near[SERVICE_ID].isin(of_type)].drop_duplicates(SERVICE_ID)
    providers = register.services["provider"].reindex(first[SERVICE_ID])
    return {
        str(service): f"{name}, {provider} ({obec})" if name != provider else f"{name} ({obec})"
        for service, name, provider, obec in zip(
            first[SERVICE_ID], first[NAME], providers, first["obec"], strict=True
        )
    }


def _choose_group(view: View, data: Data, words: Words, turn: int) -> str:
    names = [group.name for group in data.territories[view.territory].working_groups]
    return str(
        st.selectbox(
            words.t("Working group"),
            [GROUP_UNSAID, *names],
            index=view.group,
            format_func=lambda name: name or words.t("none in particular"),
            key=f"kpss-group-{turn}-{view.territory}-{view.group}",
        )
    )


def _send(remark: Remark, notice: DeltaGenerator, words: Words) -> None:
    """Write the remark; whatever stands in the way is said, and the text stays in its field."""
    if not remark.role:
        notice.error(words.t("Choose first in which role you speak (above the form)."))
        return
    try:
        if _is_personal(free_text(remark.text), notice, words) or _has_vanished(notice, words):
            return
        to = state.plan_for_writing(visit.author())
        number = plan.write_remark(to, remark)
    except KpssGeoError as error:
        remark_field.complain(notice, error, words)
        return
    remark_field.done(
        words.t("The remark no. {number} waits for approval. Thank you.", number=number)
        if remark.state == WAITING
        else words.t("The remark no. {number} is written.", number=number)
    )


def _is_personal(text: str, notice: DeltaGenerator, words: Words) -> bool:
    """Warn once of what looks like personal data; sent again as it is, it is written."""
    kinds = plan.personal_data(text)
    if not kinds or st.session_state.get(remark_field.WARNED) == text:
        return False
    st.session_state[remark_field.WARNED] = text
    named = ", ".join(words.t(kind) for kind in kinds)
    notice.warning(
        words.t(
            "The text seems to hold {what}. Everybody at the table will see it. Take it out, or "
            "send it again if it is meant to stay.",
            what=named,
        )
    )
    return True


def _has_vanished(notice: DeltaGenerator, words: Words) -> bool:
    """Say once that the plan file is gone; sent again, the remark begins a new one."""
    there = state.plan_is_there()
    if there or not st.session_state.get(SEEN):
        st.session_state[SEEN] = there
        return False
    st.session_state[SEEN] = False
    notice.error(
        words.t(
            "The plan file is not where it was: somebody moved or deleted it. Put it back. If "
            "you send the remark again, a new plan begins with it."
        )
    )
    return True


def notice_plan() -> None:
    """Keep in mind that the plan file was there, so that its loss can be said."""
    if state.plan_is_there():
        st.session_state[SEEN] = True
