"""The question as widgets: each follows the address, and writes its change there at once.

The address is what counts. A box is set to it before it is drawn; a change reads the
address anew and alters only its own part, so that two quick changes never undo each other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kpss_geo import state
from kpss_geo.catalogue import FIELD, ServiceType
from kpss_geo.dataset import Data
from kpss_geo.distance import MODES, UNITS, Unit
from kpss_geo.pages.frame import go_to, link
from kpss_geo.report import sentences
from kpss_geo.report.sentences import FORM_WORDS, MODE_WORDS
from kpss_geo.schema import NAME
from kpss_geo.state import View
from kpss_geo.study import forms_offered
from kpss_geo.territory import Territory
from kpss_geo.text import LANGUAGE_NAMES, LANGUAGES, Words, fold, in_order


def following(key: str, value: object, change: Callable[[View, Any], View]) -> dict[str, Any]:
    """Arguments by which a widget follows the address: `key` and `on_change`."""
    st.session_state[key] = value

    def changed() -> None:
        view, _ = state.read_view(link(), state.data())
        go_to(change(view, st.session_state[key]))

    return {"key": key, "on_change": changed}


def columns(*widths: float) -> Sequence[DeltaGenerator]:
    """Columns of the line of the question; on a phone there are two beside each other."""
    with st.container(key="question"):
        return st.columns(widths, vertical_alignment="bottom")


@contextmanager
def working(view: View, words: Words, text: str) -> Iterator[None]:
    """Show that something is being reckoned; while roads are made ready, each step of it."""
    with st.spinner(text, show_time=True):
        line = st.empty()

        def step(name: str, count: int) -> None:
            line.caption(f"{words.t(name)} ({words.number(count)})")

        state.roads(view.travel, progress=step)
        line.empty()
        yield


def choose_territory(
    view: View, data: Data, words: Words, *, label: str = "", key: str = "territory"
) -> None:
    """Let the territory be chosen; another one forgets the obec and the working group."""
    st.selectbox(
        label or words.t("Territory"),
        list(data.territories),
        format_func=lambda key: data.territories[key].name,
        **following(
            key,
            view.territory,
            lambda v, to: replace(v, territory=to, obec="", orp="", group=0, point=None),
        ),
    )


def choose_service(view: View, data: Data, words: Words) -> None:
    """Let the type of service be chosen; a form that the new type has not is forgotten."""
    place = data.territories[view.territory]

    def change(now: View, code: str) -> View:
        forms = forms_offered(data, data.types[code])
        return replace(now, service=code, form=now.form if now.form in forms else "")

    st.selectbox(
        words.t("Service"),
        _types_in_order(data, place),
        format_func=lambda code: _type_label(data, place, data.types[code], words),
        **following("service", view.service, change),
    )


def choose_target(view: View, data: Data, words: Words) -> None:
    """Let the target group be chosen."""
    st.selectbox(
        words.t("For whom"),
        list(data.targets),
        format_func=lambda key: words.t(data.targets[key].name),
        **following("target", view.target, lambda v, key: replace(v, target=key)),
    )


def choose_reach(view: View, words: Words, *, of_type: bool) -> None:
    """Let a reach be given for every form; empty means the team's value, which is shown.

    `of_type` says whether the page is about the one type of the view, or about each of them.
    """
    usual, usual_unit = _usual_reach(view, words) if of_type else (words.t("by type"), "km")
    nobody_travels = of_type and state.usual_limits(view).only_field
    unit: Unit = view.unit or (usual_unit if view.reach is None else "km")

    def change(now: View, value: float | None) -> View:
        """Take the unit that stood beside the number into the link; an emptied one is usual."""
        return replace(now, reach=value, unit=None if value is None else now.unit or unit)

    number, beside = st.columns([1.4, 1])
    number.number_input(
        words.t("Within"),
        min_value=state.REACH_MIN,
        max_value=state.REACH_MAX,
        step=1.0,
        format="%g",
        placeholder=usual,
        disabled=nobody_travels,
        help=words.t("No limit: the service comes to people or is given at a distance.")
        if nobody_travels
        else words.t(
            "Empty: the working value of the plan ({usual}). It is the team's own, not a norm.",
            usual=usual,
        ),
        **following("reach", view.reach, change),
    )
    beside.selectbox(
        words.t("Unit"),
        UNITS,
        format_func=words.t,
        disabled=nobody_travels,
        **following("unit", unit, lambda v, value: replace(v, unit=value)),
    )


def _usual_reach(view: View, words: Words) -> tuple[str, Unit]:
    """Give the working value of the type in words, and the unit it is written in."""
    usual = state.usual_limits(view)
    if usual.only_field:
        return words.t("no limit"), usual.reach.unit
    units = [limit.reach.unit for limit in usual.limits if limit.form != FIELD]
    forms = state.data().register.forms.get(usual.service_type, ())
    return sentences.limits_words(usual, words, forms=forms), next(iter(units), usual.reach.unit)


def choose_way(view: View, words: Words) -> None:
    """Let the way of travel be chosen."""
    st.selectbox(
        words.t("Way"),
        MODES,
        format_func=lambda mode: words.t(MODE_WORDS[mode]),
        help=words.t("By road needs roads in the data folder: kpss-geo data roads FILE."),
        **following("way", view.travel, lambda v, mode: replace(v, travel=mode)),
    )


def choose_measure(
    columns: Sequence[DeltaGenerator],
    view: View,
    data: Data,
    words: Words,
    *,
    of_type: bool = False,
) -> None:
    """Let three columns choose for whom, how far and by which way of travel."""
    whom, how_far, way = columns
    with whom:
        choose_target(view, data, words)
    with how_far:
        choose_reach(view, words, of_type=of_type)
    with way:
        choose_way(view, words)


def choose_form(view: View, data: Data, words: Words) -> None:
    """Let one form of the service be asked for, or every one."""
    st.selectbox(
        words.t("Form of service"),
        ["", *forms_offered(data, data.types[view.service])],
        format_func=lambda key: words.t(FORM_WORDS[key]) if key else words.t("every form"),
        **following("form", view.form, lambda v, form: replace(v, form=form)),
    )


def choose_group(view: View, data: Data, words: Words) -> None:
    """Let a working group of the territory be chosen, or all of them."""
    groups = data.territories[view.territory].working_groups
    st.selectbox(
        words.t("Working group"),
        range(len(groups) + 1),
        format_func=lambda n: groups[n - 1].name if n else words.t("all working groups"),
        **following("group", view.group, lambda v, n: replace(v, group=n)),
    )


def choose_language(view: View, words: Words) -> None:
    """Let the language be chosen."""
    st.selectbox(
        words.t("Language"),
        list(LANGUAGES),
        format_func=LANGUAGE_NAMES.__getitem__,
        **following("language", view.language, lambda v, key: replace(v, language=key)),
    )


def choose_home(view: View, data: Data, words: Words, *, label: str) -> None:
    """Let any obec of the territories be chosen; typing needs no diacritics."""
    codes = dict.fromkeys(code for place in data.territories.values() for code in place.codes)
    names = data.obce[NAME].loc[list(codes)].astype(str)
    twice = set(names[names.duplicated(keep=False)])

    def named(code: str) -> str:
        if not code:
            return words.t("choose an obec")
        name = names[code]
        whole = f"{name} ({data.obce.at[code, 'district_name']!s})" if name in twice else name
        # The box looks for the letters that are typed; many people type without diacritics.
        bare = fold(name)
        return whole if code == view.obec or bare == name.lower() else f"{whole} · {bare}"

    st.selectbox(
        label,
        ["", *in_order(codes, key=lambda code: names[code])],
        format_func=named,
        **following("home", view.obec, lambda v, code: _at_home(v, code, data)),
    )


def _at_home(view: View, code: str, data: Data) -> View:
    """Give the view of an obec; the territory stays, unless the obec is not in it."""
    holding = [key for key, place in data.territories.items() if code in place.codes]
    keep = view.territory if not holding or view.territory in holding else holding[0]
    return replace(view, territory=keep, obec=code, orp="", point=None)


def types_of_group(view: View, data: Data) -> list[str]:
    """Types of services that the working group of a view talks about, in the order of the box."""
    place = data.territories[view.territory]
    every = _types_in_order(data, place)
    if not view.group:
        return every
    group = place.working_groups[view.group - 1]
    return [code for code in every if data.types[code].of_group(group)]


def _types_in_order(data: Data, place: Territory) -> list[str]:
    """Types that the register holds first, each part by working group and alphabet."""
    held = data.register.completeness.type_codes

    def order(code: str) -> tuple[bool, int]:
        groups = [
            number
            for number, group in enumerate(place.working_groups)
            if data.types[code].of_group(group)
        ]
        return code not in held, min(groups, default=len(place.working_groups))

    alphabetical = in_order(data.types, key=lambda code: data.types[code].name)
    return sorted(alphabetical, key=order)


def _type_label(data: Data, place: Territory, kind: ServiceType, words: Words) -> str:
    group = next(
        (group.name for group in place.working_groups if kind.of_group(group)),
        words.t("without a working group"),
    )
    held = kind.code in data.register.completeness.type_codes
    return f"{kind.label} · {group}" + ("" if held else f" · {words.t('not in the data')}")
