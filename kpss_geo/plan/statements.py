"""Which obce a service serves at home: what providers and the team stated.

The register knows only whole regions; the obce are stated here. Where nobody said, it is
not known: neither yes nor no is in the plan.
"""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from kpss_geo.plan import records
from kpss_geo.plan.file import Plan
from kpss_geo.plan.records import NEW, SERVED, Change
from kpss_geo.plan.typed import obec_code, text
from kpss_geo.schema import CODE, SERVICE_ID

ANY_OF_TYPE: Final = "type:"
"""A statement of `type:3` is about any other service of type 3: the team does not say which."""
LONGEST_ID: Final = 100
SERVED_COLUMNS: Final = (SERVICE_ID, CODE, "serves", "note", "author", "when", "revision")


def any_of_type(type_code: str) -> str:
    """Give the service id of statements about any other service of the type.

    >>> any_of_type("3")
    'type:3'
    """
    return f"{ANY_OF_TYPE}{type_code}"


def served(plan: Plan | None) -> pd.DataFrame:
    """Give every statement.

    Returns
    -------
    DataFrame
        One row per service and obec: `service_id` (or `type:<code>`), `code`, `serves`
        (bool), `note`, `author`, `when` (UTC), `revision`. A pair that is not in it is not
        known. Empty, with these columns, when nothing is stated or there is no plan.
    """
    rows = [] if plan is None else records.read(plan, SERVED)
    table = pd.DataFrame(
        [(*r.key, bool(r.facts[0]), r.reason, r.author, r.when, r.revision) for r in rows],
        columns=list(SERVED_COLUMNS),
    )
    return table.astype(
        {SERVICE_ID: str, CODE: str, "serves": bool, "note": str, "author": str, "revision": int}
    )


def state_served(
    plan: Plan,
    statements: Iterable[tuple[str, str, bool | None]],
    *,
    note: str = "",
    revisions: dict[tuple[str, str], int] | None = None,
) -> None:
    """Write statements (service id, obec code, serves), all or none.

    `serves` None takes a statement back: it is not known again. `revisions` are those of
    the statements people saw, by service id and code; a pair not in it was seen empty.

    Raises
    ------
    BadOption
        An obec code that is not six digits, or a service id that is not possible.
    ChangedMeanwhile
        Somebody changed one of the statements after it was read.
    """
    seen = revisions or {}
    why = text(note, option="note")
    records.write(plan, [_change(statement, seen, why) for statement in statements])


def _change(
    statement: tuple[str, str, bool | None], seen: dict[tuple[str, str], int], note: str
) -> Change:
    service_id, code, serves = statement
    key = (text(service_id, option=SERVICE_ID, longest=LONGEST_ID, needed=True), obec_code(code))
    values = None if serves is None else (int(serves),)
    return Change(SERVED, key, values, seen.get((service_id, code), NEW), note)
