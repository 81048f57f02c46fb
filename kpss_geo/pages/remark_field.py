"""What the forms of the round table share: which is open, and what happens after it is sent."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kpss_geo.errors import KpssGeoError
from kpss_geo.text import Words

OPEN = "table-open"
"""Which form is open: `WRITE`, or the number of a remark that is being settled."""
WRITE = "write"
TURN = "table-turn"
"""Number of texts written in this visit: each next one has fields of its own."""
SAID = "table-said"
WARNED = "table-warned"
DRAFT = "table-draft"


def close() -> None:
    """Close whichever form is open."""
    st.session_state.pop(OPEN, None)
    st.session_state.pop(WARNED, None)


def done(said: str) -> None:
    """Close the form after its text was written; the next one begins empty."""
    close()
    st.session_state.pop(DRAFT, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[SAID] = said
    st.rerun()


def complain(notice: DeltaGenerator, error: KpssGeoError, words: Words) -> None:
    """Say beside the buttons what is wrong, and that nothing typed is lost."""
    stays = words.t("What you typed stays in the field.")
    notice.error(f"{words.say(error)} {stays}")


def turn() -> int:
    """Give the number in the names of the fields: a sent form is followed by an empty one."""
    return int(st.session_state.get(TURN, 0))
