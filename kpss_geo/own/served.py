"""A team's own list of obce that services serve, one service and one obec (or area) a row."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from rapidfuzz import fuzz

from kpss_geo.catalogue import ServiceType
from kpss_geo.errors import N_
from kpss_geo.obec_list import Resolved, resolve_list
from kpss_geo.obec_names import index_names
from kpss_geo.own.faults import Faults, Taken
from kpss_geo.own.places import Cells
from kpss_geo.own.providers import service_type
from kpss_geo.plan import ServedFile
from kpss_geo.plan.intake import APART, SERVED_FILE
from kpss_geo.schema import CODE, SERVICE_ID, TYPE_CODE
from kpss_geo.sources.register import Register
from kpss_geo.sources.tables import cells_of
from kpss_geo.text import fold

SERVES: Final = "serves"
COLUMNS: Final = (SERVICE_ID, CODE, SERVES)
NO: Final = ("ne", "no", "n", "0", "false", "neslouzi", "nepusobi")
SAME_NAME: Final = 92.0


def take_served(
    rows: pd.DataFrame,
    *,
    obce: pd.DataFrame,
    register: Register,
    types: Mapping[str, ServiceType],
    faults: Faults,
) -> Taken:
    """Give service, obec and whether it is served (yes, no); unclear rows are left out."""
    names = index_names(obce)
    said: dict[tuple[str, str], tuple[str, int]] = {}
    used: set[int] = set()
    clashes: set[tuple[str, str]] = set()
    for row, cells in cells_of(rows):
        service = _service(cells, register, types, faults, row=row)
        resolved = resolve_list(cells.get("area", ""), obce=obce, names=names)
        if not _clear(resolved, faults, row=row) or service is None:
            continue
        used.add(row)
        serves = "no" if fold(cells.get(SERVES, "")) in NO else "yes"
        for code in resolved.accepted().codes:
            before, first = said.setdefault((service, code), (serves, row))
            if before != serves:
                clashes.add((service, code))
                faults.say("error", CLASH, row=row, service=service, code=code, first=first)
    kept = {key: value for key, value in said.items() if key not in clashes}
    lines = [(*key, serves) for key, (serves, _) in kept.items()]
    table = pd.DataFrame(lines, columns=list(COLUMNS), dtype=str)
    table.index = pd.Index([row for _, row in kept.values()], dtype="int64")
    return Taken(table, frozenset(used))


def as_statements(table: pd.DataFrame) -> ServedFile:
    """Give the rows that were taken as what a file says to the plan."""
    statements = table.assign(
        serves=(table[SERVES] == "yes").astype(object),
        note="",
        sheet="",
        row=table.index,
        column="",
    )
    nothing = pd.DataFrame(columns=list(APART), dtype=str)
    return ServedFile(statements[list(SERVED_FILE)].reset_index(drop=True), nothing, ())


CLASH: Final = N_(
    "Row {first} says the opposite of service {service} and obec {code}. Neither was taken."
)


def _clear(resolved: Resolved, faults: Faults, *, row: int) -> bool:
    """Whether it is certain which obce are meant; what is not is named, what was chosen too."""
    for found in resolved.likely:
        template = N_("“{value}” was read as {obec}. Check it.")
        obec = str(found.candidates[0])
        faults.say("warning", template, row=row, column="area", value=found.given, obec=obec)
    for found in resolved.unclear:
        template = N_(
            "“{value}” does not say for certain which obec is meant: {candidates}. The row was "
            "left out; write the code or the district."
        )
        shown = "; ".join(map(str, found.candidates[:6])) or "–"
        value = found.given[:60]
        faults.say("error", template, row=row, column="area", value=value, candidates=shown)
    if not (resolved.codes or resolved.likely or resolved.unclear):
        faults.say("error", N_("The row names no obec. It was left out."), row=row, column="area")
        return False
    return not resolved.unclear


def _service(
    cells: Cells,
    register: Register,
    types: Mapping[str, ServiceType],
    faults: Faults,
    *,
    row: int,
) -> str | None:
    """Id of the service of a row: by its number, else by its provider and type."""
    services = register.services
    given = cells.get(SERVICE_ID, "")
    for form in (given, f"mpsv-{given}"):
        if given and form in services.index:
            return form
    provider, kind_text = cells.get("provider", ""), cells.get("type", "")
    kind = service_type(kind_text, types, faults, row=row) if kind_text else None
    found = _services_of(provider, kind, services) if provider else []
    if len(found) == 1:
        return found[0]
    shown = "; ".join(found[:8]) or "–"
    template = N_(
        "It is not certain which service “{value}” is: {candidates}. The row was left out; write "
        "its number."
    )
    value = " · ".join(filter(None, (given, provider, kind_text)))[:80]
    faults.say("error", template, row=row, column=SERVICE_ID, value=value, candidates=shown)
    return None


def _services_of(provider: str, kind: ServiceType | None, services: pd.DataFrame) -> list[str]:
    wanted = fold(provider)
    of_kind = services if kind is None else services[services[TYPE_CODE] == kind.code]
    names = of_kind["provider"].map(fold)
    same = names[names == wanted]
    if same.empty:
        same = names[names.map(lambda name: fuzz.ratio(name, wanted) >= SAME_NAME)]
    return [str(service) for service in same.index]
