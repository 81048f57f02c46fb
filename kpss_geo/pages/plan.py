"""Plan: what the team itself has laid down, with who, when and why."""

import html
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kpss_geo import plan, state
from kpss_geo.dataset import Data
from kpss_geo.errors import N_, KpssGeoError, OnlyEditors
from kpss_geo.pages import groups, question, served, territories, visit
from kpss_geo.pages.frame import current_view, remember, source_line
from kpss_geo.plan import Plan, Threshold
from kpss_geo.plan.correction_files import field_words
from kpss_geo.plan.fields import FIELDS
from kpss_geo.report import plan_tables
from kpss_geo.report.sentences import FORM_WORDS, UNIT_WORDS
from kpss_geo.schema import CAPACITY_UNITS, FORMS, NAME, SERVICE_ID
from kpss_geo.state import View
from kpss_geo.text import Words, in_order

ROLE = "plan-role"
TYPED_ROLE = "plan-role-typed"
SAVED = "plan-saved"
TABS = (
    N_("Limits"), N_("Served obce"), N_("Corrections"), N_("Territory"), N_("Working groups"),
    N_("The plan file"),
)  # fmt: skip
"""Headings of `state.TABS`."""


class Writing:
    """Opens the plan for a change; the page then says whether it was written, or why not."""

    def __init__(self, words: Words, done: str) -> None:
        self.words = words
        self.done = done

    def __enter__(self) -> Plan:
        """Open the plan in the name of the role on the page; only for an editor."""
        if not visit.may_edit():
            st.error(self.words.say(OnlyEditors()))
            st.stop()
        return state.plan_for_writing(str(st.session_state.get(ROLE, "")))

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        """Keep the good news for the next run; say what is wrong in this one."""
        if isinstance(error, KpssGeoError):
            st.error(self.words.say(error))
            return True
        if error is None:
            st.session_state[SAVED] = self.done
            st.rerun()
        return False


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    st.html(f'<h1 class="kpss-headline">{html.escape(words.t("What the team has laid down"))}</h1>')
    if saved := st.session_state.pop(SAVED, ""):
        st.success(saved)
    visit.login_line(words)
    _who_writes(words)
    limits, obce, corrections, own, teams, whole = _tabs(view, words)
    with limits:
        _limits(view, data, words)
    with obce:
        served.show(view, data, words, Writing)
    with corrections:
        _corrections(data, words)
    with own:
        territories.show(data, words, Writing)
    with teams:
        groups.show(view, data, words, Writing)
    with whole:
        _whole(words)
    _, real = state.areas(view.territory)
    st.html(source_line(data, words, real_boundaries=real))
    remember(view)


def _tabs(view: View, words: Words) -> Sequence[DeltaGenerator]:
    """Draw the tabs; the one that is open stands in the address."""
    names = [words.t(name) for name in TABS]

    def change(now: View, name: str) -> View:
        return replace(now, tab=state.TABS[names.index(name)])

    opened = names[state.TABS.index(view.tab)]
    return st.tabs(names, **question.following(f"plan-tab-{words.language}", opened, change))


def _who_writes(words: Words) -> None:
    """Let the role be written; it stays for the visit, on whatever page one was meanwhile."""

    def taken() -> None:
        st.session_state[ROLE] = st.session_state[TYPED_ROLE]

    st.session_state[TYPED_ROLE] = st.session_state.get(ROLE, "")
    st.text_input(
        words.t("Who writes (a role, not a name)"),
        key=TYPED_ROLE,
        on_change=taken,
        max_chars=100,
        placeholder=words.t("for instance: coordinator"),
    )


def _limits(view: View, data: Data, words: Words) -> None:
    values = state.thresholds()
    question.choose_service(view, data, words)
    kind = data.types[view.service]
    forms = kind.forms or FORMS
    form = st.radio(
        words.t("Form of service"),
        forms,
        horizontal=True,
        format_func=lambda key: words.t(FORM_WORDS[key]),
        **question.following(
            "limit-form",
            view.form if view.form in forms else forms[0],
            lambda v, chosen: replace(v, form=chosen),
        ),
    )
    before = values.get((kind.code, form), Threshold())
    with st.form(f"limit-{kind.code}-{form}-{before.revision}"):
        wanted = _limit_fields(before, form, words)
        save = st.form_submit_button(
            words.t("Save the limit"), type="primary", disabled=not visit.may_edit()
        )
        back = before.own and st.form_submit_button(
            words.t("Return to the product's proposal"), disabled=not visit.may_edit()
        )
    if back:
        why = "" if wanted.reason == before.reason else wanted.reason
        with Writing(words, words.t("The product's proposal is in force again.")) as to:
            plan.remove_threshold(
                to, type_code=kind.code, form=form, revision=before.revision, reason=why
            )
    if save:
        with Writing(words, words.t("Saved. Every result is counted with it from now on.")) as to:
            plan.set_threshold(to, type_code=kind.code, form=form, threshold=wanted)
    st.html(plan_tables.limits_table(values, data.types, words))


def _limit_fields(before: Threshold, form: str, words: Words) -> Threshold:
    """Let a working value be changed; gives it as the fields say it now."""
    one, two, three, four = st.columns(4, vertical_alignment="bottom")
    value = one.number_input(
        words.t("Within"),
        min_value=0.1,
        max_value=500.0,
        value=before.value,
        format="%g",
        disabled=form == "ter",
    )
    unit = two.selectbox(
        words.t("Unit"), ["min", "km"], index=int(before.unit == "km"), format_func=words.t
    )
    per_1000 = three.number_input(
        words.t("Enough capacity per 1,000 people (empty: not judged)"),
        min_value=0.01,
        max_value=100_000.0,
        value=before.per_1000,
        format="%g",
    )
    capacity_unit = four.selectbox(
        words.t("Unit of capacity"),
        CAPACITY_UNITS,
        index=CAPACITY_UNITS.index(before.capacity_unit or "luzka"),
        format_func=lambda key: words.n(*UNIT_WORDS[key], 5).removeprefix("5").strip(),
    )
    reason = st.text_input(
        words.t("Reason"), value=before.reason if before.own else "", max_chars=1000
    )
    return Threshold(
        value=value,
        unit=None if value is None else "km" if unit == "km" else "min",
        per_1000=per_1000,
        capacity_unit=None if per_1000 is None else capacity_unit,
        reason=reason,
        revision=before.revision,
    )


def _corrections(data: Data, words: Words) -> None:
    known = state.corrections()
    labels = _service_labels(data)
    with st.form("correction"):
        service = st.selectbox(
            words.t("Service"),
            in_order(labels, key=lambda key: labels[key]),
            format_func=labels.__getitem__,
        )
        field = st.selectbox(
            words.t("What is wrong"),
            list[str](FIELDS),
            format_func=lambda name: field_words(name, words),
        )
        new = st.text_input(words.t("Correct is"), max_chars=300)
        reason = st.text_input(words.t("How we know it"), max_chars=1000)
        save = st.form_submit_button(
            words.t("Save the correction"), type="primary", disabled=not visit.may_edit()
        )
    if save:
        done = words.t("Saved. It stays over the register after every update.")
        with Writing(words, done) as to:
            state.correct(to, service_id=service, field=field, new=new, reason=reason)
    if known:
        st.html(plan_tables.corrections_table(known, words))


def _service_labels(data: Data) -> dict[str, str]:
    first = data.register.places.drop_duplicates(SERVICE_ID).set_index(SERVICE_ID)[NAME]
    names = first.reindex(data.register.services.index).fillna("")
    return {
        str(service): " · ".join(filter(None, (provider, name, str(service))))
        for service, provider, name in zip(
            data.register.services.index, data.register.services["provider"], names, strict=True
        )
    }


def _whole(words: Words) -> None:
    found = state.plan_found()
    if found is None:
        text = words.t("Nothing has been written yet: there is no plan file.")
        st.html(f'<p class="kpss-empty">{html.escape(text)}</p>')
        return
    text = words.t(
        "Everything the team typed is in the file {file}. Copying it copies the plan.",
        file=found.path.name,
    )
    st.html(f"<p>{html.escape(text)}</p>")
    if visit.may_edit():  # it holds remarks that nobody has approved yet
        st.download_button(
            words.t("Download a copy of the plan"),
            lambda: plan.plan_bytes(found),
            file_name=plan.PLAN_NAME,
            on_click="ignore",
        )
    st.html(plan_tables.history_table(plan.history(found), words))
