"""Working groups of a territory: their names, order, and the types they talk about."""

import html
from collections.abc import Callable
from contextlib import AbstractContextManager

import streamlit as st

from kpss_geo import plan, state
from kpss_geo.dataset import Data
from kpss_geo.pages import question, visit
from kpss_geo.plan import OwnGroup, Plan
from kpss_geo.plan.groups import LONGEST_NAME
from kpss_geo.state import View
from kpss_geo.text import Words, in_order

Writer = Callable[[Words, str], AbstractContextManager[Plan]]


def show(view: View, data: Data, words: Words, writing: Writer) -> None:
    """Draw the groups in force as fields; saving makes them the team's own."""
    question.choose_territory(view, data, words, key="groups-territory")
    before = plan.working_groups(state.plan_found(), territory=view.territory)
    text = words.t(
        "Each group has a name, an order and the types of services it talks about. An emptied "
        "name takes the group away."
    )
    if not before:
        text += " " + words.t("Now the groups proposed by the product are in force.")
    st.html(f"<p>{html.escape(text)}</p>")
    present = before or proposed(view.territory, data)
    mark = f"{view.territory}-{max((group.revision for group in before), default=0)}"
    with st.form(f"groups-{mark}"):
        rows = [_fields(group, number, mark, data, words) for number, group in enumerate(present)]
        empty = OwnGroup(view.territory, "", position=len(present))
        rows.append(_fields(empty, len(present), mark, data, words))
        reason = st.text_input(words.t("Reason"), max_chars=1000)
        save = st.form_submit_button(
            words.t("Save the working groups"), type="primary", disabled=not visit.may_edit()
        )
    if save:
        done = words.t("Saved. The overview and the round table go by these groups now.")
        with writing(words, done) as to:
            wanted = in_force(rows, territory=view.territory, reason=reason)
            plan.replace_working_groups(to, wanted, before=before)
    _without_group(present, data, words)


def proposed(territory: str, data: Data) -> tuple[OwnGroup, ...]:
    """Give the groups in force in a territory with the codes of their types."""
    return tuple(
        OwnGroup(
            territory,
            group.name,
            position,
            tuple(code for code, kind in data.types.items() if kind.of_group(group)),
        )
        for position, group in enumerate(data.territories[territory].working_groups)
    )


def in_force(
    rows: list[tuple[str, int, list[str]]], *, territory: str, reason: str
) -> list[OwnGroup]:
    """Give the groups that the fields say, in their order; one without a name is none."""
    named = [(name.strip(), order, codes) for name, order, codes in rows if name.strip()]
    ordered = sorted(named, key=lambda row: row[1])
    return [
        OwnGroup(territory, name, position, tuple(codes), reason=reason)
        for position, (name, _, codes) in enumerate(ordered)
    ]


def _fields(
    group: OwnGroup, number: int, mark: str, data: Data, words: Words
) -> tuple[str, int, list[str]]:
    """Let one group be changed; gives its name, order and types as the fields say them."""
    known = [code for code in group.type_codes if code in data.types]
    name, order, types = st.columns([2.4, 0.8, 5], vertical_alignment="top")
    new = not group.name
    given = name.text_input(
        words.t("A new group") if new else words.t("Group {number}", number=number + 1),
        value=group.name,
        max_chars=LONGEST_NAME,
        key=f"group-name-{mark}-{number}",
    )
    place = order.number_input(
        words.t("Order"), 1, 99, value=number + 1, key=f"group-order-{mark}-{number}"
    )
    codes = types.multiselect(
        words.t("Types of services of group {number}", number=number + 1),
        in_order(data.types, key=lambda code: data.types[code].name),
        default=known,
        format_func=lambda code: data.types[code].label,
        placeholder=words.t("Choose types of services"),
        key=f"group-types-{mark}-{number}",
    )
    return given, int(place), list(codes)


def _without_group(groups: tuple[OwnGroup, ...], data: Data, words: Words) -> None:
    talked = {code for group in groups for code in group.type_codes}
    names = in_order(kind.name for code, kind in data.types.items() if code not in talked)
    if names:
        text = words.t("No group talks about: {names}.", names=", ".join(names))
        st.html(f'<p class="kpss-threshold">{html.escape(text)}</p>')
