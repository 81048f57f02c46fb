"""Outputs: what goes into the plan, chosen, made and taken away."""

import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from kpss_geo import export, settings, state
from kpss_geo.dataset import Data
from kpss_geo.errors import N_, KpssGeoError
from kpss_geo.export import Bundle, listing
from kpss_geo.pages import outputs_made, question
from kpss_geo.pages.frame import current_view, go_to, remember_outputs, source_line
from kpss_geo.pages.outputs_made import Wish
from kpss_geo.report import board, sentences
from kpss_geo.state import PAPERS, View
from kpss_geo.text import Words, in_order

GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    N_("Documents"): {
        "docx": N_("Analytical chapter (Word)"),
        "catalogue": N_("Provider catalogue (Word)"),
        "large-print": N_("Provider catalogue in large print (Word and PDF)"),
        "sheets": N_("A page for every obec (Word)"),
        "pdf": N_("Chapter, catalogue and sheets as accessible PDF (PDF/UA)"),
        "html": N_("One page with map and search, works without internet (HTML)"),
    },
    N_("Maps"): {
        "maps": N_("Print maps of every type (PNG and SVG)"),
        "atlas": N_("Atlas: a page with a map of every obec (PDF)"),
        "gpkg": N_("Layers for QGIS, coloured (GeoPackage)"),
    },
    N_("Data"): {
        "xlsx": N_("All tables in one workbook (Excel)"),
        "csv": N_("The tables one by one (CSV for Excel)"),
        "geoparquet": N_("Obce and places for analysts (GeoParquet)"),
        "hsds": N_("Services for other directories (HSDS)"),
        "dcat": N_("Record for the catalogue of open data (DCAT-AP-CZ)"),
        "iso": N_("Metadata of the GeoPackage (ISO 19139)"),
    },
}
"""What can be made, as people choose it; every output of `export.OUTPUTS` stands here."""
TEMPLATE_MB: Final = 10


def show() -> None:
    """Draw the page."""
    data = state.data()
    view, words = current_view(data)
    _ask(view, data, words)
    title = f'<h1 class="kpss-headline">{html.escape(words.t("What goes into the plan"))}</h1>'
    try:
        with question.working(view, words, words.t("Judging every type of service ...")):
            bundle = _bundle(view, data)
    except KpssGeoError as error:
        st.html(title)
        st.error(words.say(error))
        remember_outputs(view)
        return
    st.html(f'{title}<p class="kpss-second">{html.escape(_what(bundle, words))}</p>')
    _choose_kinds(view, data, words)
    _choose_outputs(view, words)
    template = _template(view, words)
    wanted = _buttons(view, words)
    result = st.container()
    _not_known(view, bundle, words)
    st.html(source_line(data, words, real_boundaries=bundle.ground.real))
    remember_outputs(view)
    # Last, so that the whole page stands while the outputs are made.
    asked = tuple(answer.question for answer in bundle.answers)
    key = (asked, view.outputs, view.paper, _digest(template))
    with result:
        if wanted:
            wish = Wish(view.outputs, view.paper, _content(template))
            outputs_made.make(bundle, wish, key=key, words=words)
        outputs_made.offer(key, words)


def _ask(view: View, data: Data, words: Words) -> None:
    where, whom, how_far, way = st.columns(4, vertical_alignment="bottom")
    with where:
        question.choose_territory(view, data, words)
    question.choose_measure((whom, how_far, way), view, data, words)


def _bundle(view: View, data: Data) -> Bundle:
    """Gather the Answers of the types that were chosen, all that are held without a choice."""
    answers = state.board(view)
    chosen = [a for a in answers if not view.kinds or a.service_type.code in view.kinds]
    return export.gather(chosen, data, said=state.the_team().served)


def _what(bundle: Bundle, words: Words) -> str:
    """Say about what the outputs are, as the Answers say it."""
    return words.t(
        "{territory} · {group} · {types} · {way} · as of {day}",
        territory=bundle.territory.name,
        group=words.t(bundle.target.short),
        types=words.n("{count} type of service", "{count} types of services", len(bundle.answers)),
        way=sentences.way_words(bundle.answers[0], words),
        day=words.date(bundle.question.on.isoformat()),
    )


def _choose_kinds(view: View, data: Data, words: Words) -> None:
    held = data.register.completeness.type_codes
    codes = [code for code in data.types if code in held] or list(data.types)
    st.multiselect(
        words.t("Which services"),
        in_order(codes, key=lambda code: data.types[code].name),
        format_func=lambda code: data.types[code].label,
        placeholder=words.t("all types that the data hold"),
        select_all=False,
        **question.following(
            "kinds", list(view.kinds), lambda v, codes: replace(v, kinds=tuple(codes))
        ),
    )


def _choose_outputs(view: View, words: Words) -> None:
    """Let outputs be ticked; each is in the address, so that a link opens the same choice."""
    for column, (group, labels) in zip(st.columns(len(GROUPS)), GROUPS.items(), strict=True):
        with column:
            st.html(f'<h2 class="kpss-group">{html.escape(words.t(group))}</h2>')
            for name, label in labels.items():
                ticked = name in view.outputs
                change = partial(_ticked, name)
                st.checkbox(words.t(label), **question.following(f"output-{name}", ticked, change))
            if "maps" in labels and "maps" in view.outputs:
                _choose_paper(view, words)


def _choose_paper(view: View, words: Words) -> None:
    st.radio(
        words.t("Paper of the print maps"),
        PAPERS,
        format_func=str.upper,
        horizontal=True,
        **question.following("paper", view.paper, lambda v, size: replace(v, paper=size)),
    )


def _buttons(view: View, words: Words) -> bool:
    """Give whether the outputs are to be made now."""
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button(words.t("Make the outputs"), type="primary", disabled=not view.outputs)
        everything = tuple(export.OUTPUTS)
        all_ticked = view.outputs == everything
        label = words.t("Tick nothing") if all_ticked else words.t("Tick everything")
        if st.button(label):
            go_to(replace(view, outputs=() if all_ticked else everything))
            st.rerun()
        if not view.outputs:
            st.html(f'<p class="kpss-small">{words.t("Tick at least one output.")}</p>')
    return wanted


def _ticked(name: str, view: View, wanted: object) -> View:
    """Give the view with an output chosen or not, outputs in their own order."""
    now = {*view.outputs, name} if wanted else {*view.outputs} - {name}
    return replace(view, outputs=tuple(each for each in export.OUTPUTS if each in now))


def _template(view: View, words: Words) -> UploadedFile | None:
    """Let the team's own Word document be given, when a document in Word is asked for."""
    if not export.IN_WORD & {*view.outputs}:
        return None
    return st.file_uploader(
        words.t("The team's own Word document whose styles are taken (not needed)"),
        type=["docx"],
        max_upload_size=TEMPLATE_MB,
    )


def _content(template: UploadedFile | None) -> bytes | None:
    return None if template is None else template.getvalue()


def _digest(template: UploadedFile | None) -> str:
    return "" if template is None else hashlib.sha256(template.getvalue()).hexdigest()


def _not_known(view: View, bundle: Bundle, words: Words) -> None:
    """Name what the outputs will not say, before anybody takes them away."""
    with st.expander(words.t("What is not known and will not be in the outputs")):
        st.markdown("\n".join(f"- {_plain(line)}" for line in _silent(view, bundle, words)))


def _silent(view: View, bundle: Bundle, words: Words) -> Sequence[str]:
    lines = list(listing.notes(replace(bundle, words=words)))
    answers = state.board(view)
    lines += filter(None, [board.not_held_words(answers, words)])
    if {"dcat", "iso"} & {*view.outputs} and not settings.current().operator_ico:
        lines.append(
            words.t(
                "Who publishes the data is not set (KPSS_OPERATOR, KPSS_OPERATOR_ICO); the "
                "records for catalogues leave it out, and the catalogue will ask for it."
            )
        )
    if words.language != "cs":
        lines.append(words.t("The outputs are written in Czech."))
    return lines


def _plain(text: str) -> str:
    """Keep a text from being read as Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>$#" else c for c in text)
