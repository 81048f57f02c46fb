"""Served obce: who comes where, typed into a matrix or taken from a filled-in table."""

import html
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from kpss_geo import plan, state
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages import question, visit
from kpss_geo.plan import Plan
from kpss_geo.schema import CODE, NAME, SERVICE_ID
from kpss_geo.state import View
from kpss_geo.text import Words, in_order

Writer = Callable[[Words, str], AbstractContextManager[Plan]]
YES, NO = "yes", "no"
SHOWN_FINDINGS = 20


def show(view: View, data: Data, words: Words, writing: Writer) -> None:
    """Draw the matrix of a territory, its download and the way back."""
    text = words.t(
        "A field service covers an obec when somebody has said so here; where nobody has said yes "
        "or no, it is not known. Fill in the matrix, or download it, send it to the providers, "
        "and load it back."
    )
    st.html(f"<p>{html.escape(text)}</p>")
    codes = data.territories[view.territory].codes
    known = state.statements()
    services = _services(view, data)
    names = data.obce.loc[in_order(codes, key=lambda code: str(data.obce.at[code, NAME])), NAME]
    _matrix(view, data, (names, services, known), words, writing)
    first, second = st.columns(2)
    first.download_button(
        words.t("Download the matrix to fill in (XLSX)"),
        lambda: plan.served_template(names, services, served=known, words=words),
        file_name=f"obsluha_{view.territory}.xlsx",
        on_click="ignore",
    )
    with second:
        _take_file(words, writing)


def _services(view: View, data: Data) -> pd.DataFrame:
    """Field services with a seat in the territory or around it, and any other of each type."""
    around = [*data.territories[view.territory].codes, *state.around(view.territory)]
    return plan.field_services(
        data.register,
        codes=around,
        type_names={code: kind.name for code, kind in data.types.items()},
        field_types=[code for code, kind in data.types.items() if "ter" in kind.forms],
        on=date.today(),  # noqa: DTZ011 - the office's own calendar day
    )


def _matrix(
    view: View,
    data: Data,
    tables: tuple[pd.Series, pd.DataFrame, pd.DataFrame],
    words: Words,
    writing: Writer,
) -> None:
    names, services, known = tables
    types = list(dict.fromkeys(services["type_code"]))
    kind = st.selectbox(
        words.t("Type of service"),
        types,
        format_func=lambda code: data.types[code].name,
        **question.following(
            "served-type",
            view.service if view.service in types else types[0],
            lambda v, code: replace(v, service=code, form=""),
        ),
    )
    mine = services[services["type_code"] == kind]
    before = matrix(known, list(names.index), list(map(str, mine.index)))
    answers = {"": words.t("not known"), YES: words.t("yes"), NO: words.t("no")}
    shown = before.replace(answers)
    shown.insert(0, NAME, names)
    after = st.data_editor(
        shown,
        column_config=_columns(mine, list(answers.values()), words),
        disabled=[NAME],
        hide_index=True,
        key=f"served-{view.territory}-{kind}-{hash(tuple(before.to_numpy().ravel()))}",
    )
    note = st.text_input(words.t("Who said so (is kept with each cell)"), max_chars=300)
    if st.button(words.t("Save the matrix"), type="primary", disabled=not visit.may_edit()):
        back = {text: answer for answer, text in answers.items()}
        changed = changes(before, after.drop(columns=NAME).replace(back))
        keys = zip(known[SERVICE_ID], known[CODE], strict=True)
        revisions = dict(zip(keys, known["revision"].astype(int), strict=True))
        done = words.t("Saved: {count} cells.", count=words.number(len(changed)))
        with writing(words, done) as to:
            plan.state_served(to, changed, note=note, revisions=revisions)


def _columns(services: pd.DataFrame, options: list[str], words: Words) -> dict[str, Any]:
    columns: dict[str, Any] = {NAME: st.column_config.TextColumn(words.t("Obec"), pinned=True)}
    for service, row in services.iterrows():
        who = row["provider"] or words.t("any other service of this type")
        title = ", ".join(filter(None, (who, row["seat"])))
        columns[str(service)] = st.column_config.SelectboxColumn(title, options=options)
    return columns


def matrix(statements: pd.DataFrame, codes: list[str], services: list[str]) -> pd.DataFrame:
    """Give obce × services with `yes`, `no`, or an empty text where nobody has said."""
    table = pd.DataFrame("", index=pd.Index(codes, name=CODE), columns=services, dtype=object)
    mine = statements[statements[CODE].isin(codes) & statements[SERVICE_ID].isin(services)]
    for service, code, serves in zip(mine[SERVICE_ID], mine[CODE], mine["serves"], strict=True):
        table.at[code, service] = YES if serves else NO
    return table


def changes(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[str, str, bool | None]]:
    """Give the cells that differ: service, obec, and yes, no, or None for taken back."""
    said = {YES: True, NO: False}
    return [
        (str(service), str(code), said.get(str(after.at[code, service])))
        for service in before.columns
        for code in before.index
        if str(before.at[code, service]) != str(after.at[code, service])
    ]


def _take_file(words: Words, writing: Writer) -> None:
    given = st.file_uploader(
        words.t("Load the filled-in matrix back (XLSX or CSV)"), type=["xlsx", "csv"]
    )
    if given is None:
        return
    try:
        file = state.served_of_upload(given.name, given.getvalue())
        seen = plan.preview(state.plan_found(), file)
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    st.write(
        words.t(
            "New: {new}, changed: {changed}, taken back: {back}, the same: {same}, not usable: "
            "{apart}.",
            new=len(seen.new),
            changed=len(seen.changed),
            back=len(seen.taken_back),
            same=seen.same,
            apart=len(file.apart),
        )
    )
    for finding in file.findings[:SHOWN_FINDINGS]:
        st.warning(words.say(finding))
    done = words.t("Saved: {count} cells.", count=words.number(seen.changes))
    if seen.changes and st.button(
        words.t("Write it into the plan"), type="primary", disabled=not visit.may_edit()
    ):
        with writing(words, done) as to:
            plan.write_served(to, seen, reason=given.name)
