"""Gaps: who has no such service within reach, on a map and in an equal table."""

import html
from dataclasses import replace

import geopandas as gpd
import streamlit as st
from streamlit_folium import st_folium

from kpss_geo import maps, state
from kpss_geo.catalogue import ServiceType
from kpss_geo.dataset import Data
from kpss_geo.distance import MODES
from kpss_geo.errors import KpssGeoError
from kpss_geo.pages.frame import current_view, go_to, remember, source_line
from kpss_geo.report import files, reasons, rows, sentences
from kpss_geo.report import html as tables
from kpss_geo.report.sentences import FORM_WORDS, MODE_WORDS
from kpss_geo.schema import METRIC_CRS, NAME
from kpss_geo.state import View
from kpss_geo.study import Answer, forms_offered
from kpss_geo.territory import Territory
from kpss_geo.text import LANGUAGE_NAMES, LANGUAGES, Words, in_order

MAP_HEIGHT = 540
SHOW_REACH = "show-reach"


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    asked = _ask(view, data, words)
    if asked != view:
        go_to(asked)
        st.rerun()
    try:
        with st.spinner(words.t("Measuring ways ..."), show_time=True):
            answer = state.answer(state.question(view))
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    _say(answer, words)
    left, right = st.columns([6, 5], gap="medium")
    with right:
        _choose_obec(view, answer, words)
        _gaps(answer, words, selected=view.obec)
    with left:
        _map(view, answer, words)
        _, real = state.areas(view.territory)
        st.html(_legend(answer, words, real=real))
    st.html(tables.obce_table(answer, words, selected=view.obec or None))
    _notes(answer, words)
    _downloads(answer, words)
    st.html(source_line(data, words, real_boundaries=real))
    remember(view)


def _ask(view: View, data: Data, words: Words) -> View:
    """Let the question be changed; gives the view as the widgets say it now."""
    where, what, whom, how_far, unit, way, more = st.columns(
        [2.5, 4.1, 2.7, 1.3, 1.1, 2.6, 1.3], vertical_alignment="bottom"
    )
    territory_id = where.selectbox(
        words.t("Territory"),
        list(data.territories),
        index=list(data.territories).index(view.territory),
        format_func=lambda key: data.territories[key].name,
    )
    place = data.territories[territory_id]
    codes = _types_in_order(data, place)
    service = what.selectbox(
        words.t("Service"),
        codes,
        index=codes.index(view.service),
        format_func=lambda code: _type_label(data, place, data.types[code], words),
    )
    target = whom.selectbox(
        words.t("For whom"),
        list(data.targets),
        index=list(data.targets).index(view.target),
        format_func=lambda key: words.t(data.targets[key].name),
    )
    reach = how_far.number_input(
        words.t("Within"),
        min_value=state.REACH_MIN,
        max_value=state.REACH_MAX,
        value=view.reach,
        step=1.0,
        format="%g",
        help=words.t("The team's own working value, not a norm."),
    )
    by = unit.selectbox(
        words.t("Unit"), ["km", "min"], index=0 if view.unit == "km" else 1, format_func=words.t
    )
    travel = way.selectbox(
        words.t("Way"),
        MODES,
        index=MODES.index(view.travel),
        format_func=lambda mode: words.t(MODE_WORDS[mode]),
        help=words.t("By road needs roads in the data folder: kpss-geo data roads FILE."),
    )
    with more.popover(words.t("More"), use_container_width=True):
        form = _form(view, data, service, words)
        st.checkbox(
            words.t("Draw the outline of the reach of places"),
            key=SHOW_REACH,
            help=words.t("By road only for a reach in minutes."),
        )
        language = st.selectbox(
            words.t("Language"),
            list(LANGUAGES),
            index=LANGUAGES.index(view.language),
            format_func=LANGUAGE_NAMES.__getitem__,
        )
    return replace(
        view,
        territory=territory_id,
        service=service,
        target=target,
        reach=float(reach),
        unit="min" if by == "min" else "km",
        travel=travel,
        form=form,
        language=language,
        obec=view.obec if territory_id == view.territory else "",
    )


def _form(view: View, data: Data, service: str, words: Words) -> str:
    forms = ["", *forms_offered(data, data.types[service])]
    return str(
        st.selectbox(
            words.t("Form of service"),
            forms,
            index=forms.index(view.form) if view.form in forms else 0,
            format_func=lambda key: words.t(FORM_WORDS[key]) if key else words.t("every form"),
        )
    )


def _types_in_order(data: Data, place: Territory) -> list[str]:
    """Types that the register holds first, each part by working group and alphabet."""
    held = data.register.completeness.type_codes

    def order(code: str) -> tuple[bool, int]:
        groups = [
            number
            for number, group in enumerate(place.working_groups)
            if set(group.keys) & set(data.types[code].working_groups)
        ]
        return code not in held, min(groups, default=len(place.working_groups))

    alphabetical = in_order(data.types, key=lambda code: data.types[code].name)
    return sorted(alphabetical, key=order)


def _type_label(data: Data, place: Territory, kind: ServiceType, words: Words) -> str:
    group = next(
        (g.name for g in place.working_groups if set(g.keys) & set(kind.working_groups)),
        words.t("without a working group"),
    )
    held = kind.code in data.register.completeness.type_codes
    return f"{kind.label} · {group}" + ("" if held else f" · {words.t('not in the data')}")


def _say(answer: Answer, words: Words) -> None:
    st.html(
        f'<h1 class="kpss-headline">{html.escape(sentences.headline(answer, words))}</h1>'
        f'<p class="kpss-second">{html.escape(sentences.second_line(answer, words))}</p>'
        f"{tables.figures(answer, words)}"
        f'<p class="kpss-threshold">{html.escape(_small_print(answer, words))}</p>'
    )


def _small_print(answer: Answer, words: Words) -> str:
    return words.t(
        "{service} · {group} · {threshold} · {way} · as of {day}",
        service=sentences.service_words(answer, words),
        group=words.t(answer.target.short),
        threshold=sentences.threshold_words(answer, words),
        way=sentences.way_words(answer, words),
        day=words.date(answer.question.on.isoformat()),
    )


def _choose_obec(view: View, answer: Answer, words: Words) -> None:
    """Choose an obec without the map: the same as clicking it.

    The address is what counts: the box is set to it before it is drawn, and a choice goes
    to the address at once, so that a quick click on the map is never undone by the box.
    """
    codes = ["", *in_order(answer.territory.codes, key=lambda c: str(answer.obce.at[c, NAME]))]
    key = f"obec-{view.territory}"
    st.session_state[key] = view.obec

    def chosen() -> None:
        go_to(replace(view, obec=str(st.session_state[key] or "")))

    st.selectbox(
        words.t("Obec (or click it on the map)"),
        codes,
        key=key,
        on_change=chosen,
        format_func=lambda c: str(answer.obce.at[c, NAME]) if c else words.t("all obce"),
    )
    if view.obec:
        st.info(reasons.obec_sentence(answer, view.obec, words))


def _gaps(answer: Answer, words: Words, *, selected: str) -> None:
    if answer.gaps.empty:
        unknown = sentences.unknown_because(answer, words)
        text = words.t("No obec is known to have people out of reach.")
        st.html(f'<p class="kpss-empty">{html.escape(f"{text} {unknown}".strip())}</p>')
        return
    st.html(tables.gaps_table(answer, words, selected=selected or None))


def _map(view: View, answer: Answer, words: Words) -> None:
    """Draw the map; a click on an obec goes to the view with that obec."""
    data = state.data()
    areas, _ = state.areas(view.territory)
    codes = answer.territory.codes
    names = maps.labelled(data.obce, data.population, codes)
    near = state.around(view.territory).union(list(codes))
    result = st_folium(
        maps.base_map(state.areas_url(view.territory), areas, names, words),
        key=f"map-{view.territory}",
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing", "last_object_clicked_count"],
        feature_group_to_add=[
            maps.verdict_layer(answer, words, selected=view.obec or None),
            maps.reach_layer(_outline(answer)),
            maps.places_layer(answer, words, within=near),
        ],
    )
    drawing = (result or {}).get("last_active_drawing") or {}
    clicks = (result or {}).get("last_object_clicked_count") or 0
    code = str(drawing.get("properties", {}).get("code", ""))
    # The map keeps saying what was clicked last; only a new click chooses an obec.
    remembered = f"clicks-{view.territory}"
    if clicks == st.session_state.get(remembered, 0):
        return
    if code in codes:
        # First the view, then the mark: a run may be stopped between, and must not lose a click.
        go_to(replace(view, obec=code))
    st.session_state[remembered] = clicks
    if code in codes:
        st.rerun()


def _outline(answer: Answer) -> gpd.GeoSeries:
    if st.session_state.get(SHOW_REACH):
        return state.reach_outline(answer.question)
    return gpd.GeoSeries([], crs=METRIC_CRS)


def _legend(answer: Answer, words: Words, *, real: bool) -> str:
    items = "".join(
        f'<li><span class="kpss-swatch kpss-{kind}" aria-hidden="true"></span> '
        f"{html.escape(text)}</li>"
        for kind, text in maps.legend(answer, words)
    )
    points = (
        f'<li><span class="kpss-dot kpss-pob" aria-hidden="true"></span> '
        f"{html.escape(words.t('residential place'))}</li>"
        f'<li><span class="kpss-dot kpss-amb" aria-hidden="true"></span> '
        f"{html.escape(words.t('ambulatory place'))}</li>"
    )
    if not real:
        text = words.t("Schematic cells: where the obec lies and how large it is, not its border.")
        points += f"<li><em>{html.escape(text)}</em></li>"
    label = html.escape(words.t("Legend of the map"))
    return f'<ul class="kpss-legend" aria-label="{label}">{items}{points}</ul>'


def _notes(answer: Answer, words: Words) -> None:
    with st.expander(words.t("How this was counted, and what it does not say")):
        for note in answer.notes:
            st.markdown(f"- {sentences.note_words(note, words)}")
        st.markdown(
            "- "
            + words.t(
                "Covered, on paper only, not covered and not known add up to all people of the "
                "target group. What is not known is never counted as not covered."
            )
        )


def _downloads(answer: Answer, words: Words) -> None:
    areas, real = state.areas(answer.territory.id)
    records = rows.rows(answer)
    parts = (answer.territory.id, answer.service_type.code, answer.question.form)
    name = "_".join(filter(None, (*parts, answer.target.id)))
    first, second, _ = st.columns([1, 1, 3])
    first.download_button(
        words.t("Download the table (CSV)"),
        files.to_csv(records, dialect="excel"),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        use_container_width=True,
    )
    second.download_button(
        words.t("Download the map (GeoJSON)"),
        lambda: files.to_geojson(records, areas, answer=answer, real_boundaries=real),
        file_name=f"{name}.geojson",
        mime="application/geo+json",
        on_click="ignore",
        use_container_width=True,
    )
