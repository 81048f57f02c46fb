"""Own tables: a list of providers or of people, looked at first, then taken over or back."""

import html

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from kpss_geo import own, state
from kpss_geo.errors import KpssGeoError
from kpss_geo.own import Checked
from kpss_geo.own.columns import NOT_THERE
from kpss_geo.own.kinds import COLUMNS, FILES, TITLES, Kind
from kpss_geo.pages import visit
from kpss_geo.report import own_words
from kpss_geo.report.html import findings_table
from kpss_geo.state import own_tables
from kpss_geo.text import Words

SHOWN_FINDINGS = 50
DONE = "own-done"
TURN = "own-turn"
"""Counts what was taken: a new number empties the field of the file."""


def show(words: Words) -> None:
    """Draw the section; people who may not edit see nothing of it."""
    if not visit.may_edit():
        return
    st.html(f"<h2>{html.escape(words.t('Tables of your own'))}</h2>")
    if done := st.session_state.pop(DONE, ""):
        st.success(done)
    text = words.t(
        "A table of the office counts in place of the shipped one, or beside the register. First "
        "you see what would be taken and what is wrong; nothing is written before you confirm."
    )
    st.html(f"<p>{html.escape(text)}</p>")
    kind: Kind = st.radio(
        words.t("What the table holds"),
        list(FILES),
        horizontal=True,
        format_func=lambda key: words.t(TITLES[key]),
        key="own-kind",
    )
    st.download_button(
        words.t("Download an empty table to fill in (XLSX)"),
        lambda: own.template_xlsx(kind, words=words),
        file_name=f"{FILES[kind].removesuffix('.csv')}-vzor.xlsx",
        on_click="ignore",
    )
    given = st.file_uploader(
        words.t("Load your table (CSV, XLSX, ODS or JSON, at most 20 MB)"),
        type=["csv", "xlsx", "ods", "json"],
        max_upload_size=own_tables.MAX_UPLOAD_MB,
        key=f"own-file-{kind}-{st.session_state.get(TURN, 0)}",
    )
    if given is not None:
        _look(kind, given, words)
    _back(kind, words)


def _look(kind: Kind, given: UploadedFile, words: Words) -> None:
    """Show what would be taken and what is wrong; take it only when the button is pressed."""
    content = given.getvalue()
    try:
        guessed = own_tables.check_upload(kind, given.name, content)
        said = _columns(guessed, words)
        checked = own_tables.check_upload(kind, given.name, content, mapping=said)
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    st.html(own_words.preview_table(checked, words, types=state.data().types))
    if checked.findings:
        st.html(
            findings_table(
                checked.findings[:SHOWN_FINDINGS],
                words,
                caption=words.t("What was found in the table {file}", file=checked.file),
            )
        )
    more = len(checked.findings) - SHOWN_FINDINGS
    if more > 0:
        st.html(f"<p>{html.escape(words.t('and {count} more', count=words.number(more)))}</p>")
    st.info(own_words.counts(checked, words))
    usable = checked.read - checked.left_out
    label = words.n("Take over {count} row", "Take over {count} rows", usable)
    if st.button(label, type="primary", disabled=checked.table.empty, key="own-take"):
        _write(checked, words)


def _columns(checked: Checked, words: Words) -> dict[str, str]:
    """Let a person say what a column is that was only guessed; gives what they said."""
    doubtful = [key for key, guess in checked.mapping.items() if guess.confidence < 1]
    headings = {column.key: column.heading for column in COLUMNS[checked.kind]}
    options = [*checked.headings, NOT_THERE]
    none = words.t("the table does not have it")
    return {
        key: st.selectbox(
            words.t("Column with “{wanted}” (guessed by its name, check it)", wanted=headings[key]),
            options,
            index=options.index(checked.mapping[key].found),
            format_func=lambda name: none if name == NOT_THERE else name,
            key=f"own-column-{checked.sha256[:12]}-{key}",
        )
        for key in doubtful
    }


def _write(checked: Checked, words: Words) -> None:
    try:
        visit.editors_only()
        own_tables.take_upload(checked)
    except KpssGeoError as error:
        st.error(words.say(error))
        return
    _done(own_words.taken(checked, words))


def _back(kind: Kind, words: Words) -> None:
    """Let the last taking over be taken back."""
    if not own_tables.can_undo(kind):
        return
    if st.button(words.t("Take the last change back: {kind}", kind=words.t(TITLES[kind]))):
        try:
            visit.editors_only()
            put_back = own_tables.undo_table(kind)
        except KpssGeoError as error:
            st.error(words.say(error))
            return
        _done(own_words.undone(put_back, words))


def _done(text: str) -> None:
    """Read the data anew and say on the fresh page what was done."""
    st.session_state[DONE] = text
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    state.forget()
    st.rerun()
