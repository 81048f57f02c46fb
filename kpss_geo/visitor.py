"""Who may write what: decided here alone, for every page.

On one laptop there are no accounts and everything is allowed. Where people log in, those on
the list of editors write into the plan; everybody else reads, and may send a remark that
waits for an editor's approval.
"""

from collections.abc import Collection
from dataclasses import dataclass

from kpss_geo.plan import COORDINATOR, PUBLISHED, ROLES, WAITING


@dataclass(frozen=True)
class Visitor:
    """Who sits at the browser.

    accounts
        Whether this installation has accounts at all: a login or a list of editors is set.
    email
        Of who has logged in; empty for anybody else.
    verified
        False when the login service says that the e-mail was never proved to be theirs.
    """

    accounts: bool = False
    email: str = ""
    verified: bool = True


def may_edit(visitor: Visitor, *, editors: Collection[str]) -> bool:
    """Whether the visitor may change the plan and publish remarks.

    >>> may_edit(Visitor(), editors=())
    True
    >>> may_edit(Visitor(accounts=True), editors=["jana@obec.cz"])
    False
    >>> may_edit(Visitor(accounts=True, email="Jana@obec.cz"), editors=["jana@obec.cz"])
    True
    """
    if not visitor.accounts:
        return True
    given = visitor.email.strip().casefold()
    known = {editor.strip().casefold() for editor in editors}
    return visitor.verified and given != "" and given in known


def state_of_remark(visitor: Visitor, *, editors: Collection[str]) -> str:
    """Give the state of a remark that the visitor sends: published, or waiting for approval."""
    return PUBLISHED if may_edit(visitor, editors=editors) else WAITING


def roles_for(visitor: Visitor, *, editors: Collection[str]) -> tuple[str, ...]:
    """Give the roles that the visitor may speak in; a coordinator is an editor."""
    allowed = may_edit(visitor, editors=editors)
    return tuple(role for role in ROLES if allowed or role != COORDINATOR)
