"""Who visits: the login where there is one, the role chosen once, one number for a visit."""

import importlib.util
import itertools
from hashlib import sha256
from uuid import uuid4

import streamlit as st

from kpss_geo import settings, visitor
from kpss_geo.errors import N_, MissingExtra, OnlyEditors
from kpss_geo.plan import COORDINATOR, ROLES
from kpss_geo.text import Words
from kpss_geo.visitor import Visitor

ROLE = "visit-role"
NUMBER = "visit-number"
COOKIE = "_streamlit_xsrf"
CHOICE = "visit-role-choice"
PROVIDERS = "auth"
"""Section of Streamlit's secrets that says where people log in."""


def who() -> Visitor:
    """Give the visitor as the login knows them; without any login, who sits at this computer."""
    login = has_login()
    return Visitor(
        accounts=login or bool(settings.current().editors),
        email=str(st.user.get("email") or "") if login and is_logged_in() else "",
        verified=st.user.get("email_verified") is not False,
    )


def has_login() -> bool:
    """Whether people can log in here."""
    return st.secrets.load_if_toml_exists() and PROVIDERS in st.secrets


def is_logged_in() -> bool:
    """Whether this visitor has logged in."""
    return bool(st.user.get("is_logged_in"))


def may_edit() -> bool:
    """Whether this visitor may change the plan."""
    return visitor.may_edit(who(), editors=settings.current().editors)


def state_of_remark() -> str:
    """Give the state in which a remark of this visitor is written."""
    return visitor.state_of_remark(who(), editors=settings.current().editors)


def role() -> str:
    """Give the role chosen in this visit; empty before."""
    chosen = str(st.session_state.get(ROLE, ""))
    return chosen if chosen in _roles() else ""


def coordinates() -> bool:
    """Whether the visitor speaks as the coordinator, and may."""
    return role() == COORDINATOR and may_edit()


def number() -> str:
    """Give a random number of this visit; it is kept nowhere else but beside reactions.

    The server's own cookie against forged requests, which ends with the browser, tells one
    browser from another also after a reload; only its digest is used.
    """
    if token := token_of(st.context.cookies.get(COOKIE, "")):
        return sha256(token).hexdigest()[:32]
    return str(st.session_state.setdefault(NUMBER, uuid4().hex))


def editors_only() -> None:
    """Let only an editor go on.

    Raises
    ------
    OnlyEditors
        The visitor is none.
    """
    if not may_edit():
        raise OnlyEditors


def token_of(cookie: str) -> bytes:
    """Give the token in the server's cookie, which is masked anew on each page; or nothing.

    >>> token_of("2|00000000|c0ffee|1795342916").hex(), token_of("x")
    ('c0ffee', b'')
    """
    match cookie.strip("\"'").split("|"):
        case ["2", mask, masked, _]:
            try:
                pairs = zip(bytes.fromhex(masked), itertools.cycle(bytes.fromhex(mask)))
                return bytes(byte ^ over for byte, over in pairs)
            except ValueError:
                return b""
        case _:
            return b""


def author() -> str:
    """Name the role of this visit as the history of the plan keeps it."""
    chosen = role()
    return Words(settings.current().language).t(ROLES[chosen]) if chosen else ""


def choose_role(words: Words) -> None:
    """Let the role be chosen; it stays for the whole visit, on every page."""
    st.session_state[CHOICE] = role() or None

    def changed() -> None:
        st.session_state[ROLE] = st.session_state[CHOICE] or ""

    st.selectbox(
        words.t("I speak as"),
        _roles(),
        format_func=lambda key: words.t(ROLES[key]),
        placeholder=words.t("choose a role"),
        key=CHOICE,
        on_change=changed,
    )


def login_line(words: Words) -> None:
    """Say who may write here and offer the login or the way out; nothing on one laptop."""
    if not who().accounts:
        return
    if not has_login():
        st.info(
            words.t(
                "This plan has editors, but no login is set up: it can be read, and "
                "remarks wait for approval."
            )
        )
        return
    if not all(map(importlib.util.find_spec, ("authlib", "httpx"))):
        st.error(words.say(MissingExtra(package="Authlib", what=N_("logging in"), extra="login")))
        return
    text, action = st.columns([5, 1.4], vertical_alignment="center")
    with action:
        if is_logged_in():
            st.button(words.t("Log out"), on_click=st.logout, key="log-out")
        else:
            st.button(words.t("Log in"), on_click=st.login, key="log-in")
    with text:
        st.info(_standing(words))


def _standing(words: Words) -> str:
    if may_edit():
        return words.t("You are logged in as an editor: what you write counts at once.")
    if is_logged_in():
        return words.t(
            "You are logged in, but not on the list of editors. You may read, and send remarks "
            "that wait for approval."
        )
    return words.t(
        "Everybody may read and send a remark, which waits for approval. Editors log in."
    )


def _roles() -> tuple[str, ...]:
    return visitor.roles_for(who(), editors=settings.current().editors)
