"""A team's own list of providers, row by row into the form of the register.

Each row is one place of one service. What the row does not say is not known; what cannot
be read is named. Services of one provider, type and address are one service.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process

from kpss_geo.catalogue import ServiceType, choose_type
from kpss_geo.errors import N_, UnknownServiceType
from kpss_geo.obec_names import ObecNames, index_names
from kpss_geo.own.capacity import forms_text
from kpss_geo.own.faults import Faults, Taken
from kpss_geo.own.places import Cells, address_parts, codes_near, obec_in_address, obec_of
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.sources.own_providers import COLUMNS, HIDDEN, OWN_ID
from kpss_geo.sources.register import ACT, GROUPS
from kpss_geo.sources.tables import cells_of
from kpss_geo.text import fold

LIKELY_TYPE: Final = 85.0
LEAD: Final = 5.0
YES: Final = ("ano", "a", "yes", "true", "1", "x", "utajeno", "utajena")
_ICO_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
_SPLIT_GROUPS = re.compile(r"[;\n|]")


def take_providers(
    rows: pd.DataFrame,
    *,
    obce: pd.DataFrame,
    types: Mapping[str, ServiceType],
    known_groups: frozenset[str],
    faults: Faults,
) -> Taken:
    """Give the rows in the form of the register; rows without type or obec are left out.

    rows
        Text cells, columns by the product's keys, index the row of the file.
    """
    names = index_names(obce)
    records: dict[int, dict[str, str]] = {}
    for row, cells in cells_of(rows):
        record = _record(cells, row, obce, names, types, faults)
        if record is not None:
            record[GROUPS] = _groups(cells, known_groups, faults, row=row)
            records[row] = record
    table = pd.DataFrame.from_dict(records, orient="index", columns=list(COLUMNS), dtype=str)
    return Taken(_put_together(table, faults), frozenset(records))


def service_type(
    given: str, types: Mapping[str, ServiceType], faults: Faults, *, row: int
) -> ServiceType | None:
    """Type named by its code, paragraph or name; one that is much alike is taken and shown."""
    plain = re.sub(r"(?i)^(?:§|par\.|paragraf)\s*(\d+\s*[a-z]?).*$", r"§\1", given.strip())
    if re.fullmatch(r"\d{2}[a-z]?", plain) and plain not in types:
        plain = f"§{plain}"
    try:
        return choose_type(types, plain)
    except UnknownServiceType:
        pass
    inside = re.search(r"§\s*(\d+[a-z]?)", given)
    if inside is not None:
        return service_type(f"§{inside[1]}", types, faults, row=row) if inside[0] != given else None
    return _type_alike(given, types, faults, row=row)


def _type_alike(
    given: str, types: Mapping[str, ServiceType], faults: Faults, *, row: int
) -> ServiceType | None:
    known = {fold(name): kind for kind in types.values() for name in (kind.name, kind.name_one_acc)}
    found = process.extract(fold(given), known.keys(), scorer=fuzz.ratio, limit=6)
    kinds = list(dict.fromkeys(known[name].code for name, _, _ in found))
    best = {code: max(s for n, s, _ in found if known[n].code == code) for code in kinds}
    scores = [best[code] for code in kinds]
    if not scores or scores[0] < LIKELY_TYPE or (len(scores) > 1 and scores[0] - scores[1] < LEAD):
        return None
    chosen = types[kinds[0]]
    template = N_("“{value}” was read as {kind}. Check it.")
    faults.say("warning", template, row=row, column="type", value=given[:60], kind=chosen.label)
    return chosen


def _record(
    cells: Cells,
    row: int,
    obce: pd.DataFrame,
    names: ObecNames,
    types: Mapping[str, ServiceType],
    faults: Faults,
) -> dict[str, str] | None:
    kind = _kind(cells, types, faults, row=row)
    if not cells.get("obec") and not cells.get("code"):
        cells = {**cells, "obec": obec_in_address(cells)}
    code = obec_of(cells, names, faults, row=row, near=codes_near(cells, obce))
    provider = cells.get("provider") or cells.get("name", "")
    if not provider:
        faults.say("error", N_("The row names no provider. It was left out."), row=row)
    if kind is None or code is None or not provider:
        return None
    place = _place(cells, faults, row=row)
    return {
        **dict.fromkeys(COLUMNS, ""),
        **place,
        SERVICE_ID: cells.get("service_id") or _id(provider, kind.code, code, place),
        NAME: cells.get("name") or provider,
        "provider": provider,
        "ico": _ico(cells, faults, row=row),
        TYPE_CODE: kind.code,
        "source": ACT,
        "forms": forms_text(cells, faults, row=row, by_law=kind.forms),
        "since": _day(cells, "since", faults, row=row),
        "until": _day(cells, "until", faults, row=row),
        "obec": names.known[code].name,
        CODE: code,
        "web": cells.get("web", ""),
        "phone": cells.get("phone", ""),
        HIDDEN: "yes" if is_secret(cells) else "",
    }


def _kind(
    cells: Cells, types: Mapping[str, ServiceType], faults: Faults, *, row: int
) -> ServiceType | None:
    given = cells.get("type", "")
    kind = service_type(given, types, faults, row=row) if given else None
    if kind is None:
        template = N_(
            "“{value}” is no type of social service. The row was left out, so its service counts "
            "nowhere; write the paragraph (§ 49) or the name by the act."
        )
        faults.say("error", template, row=row, column="type", value=given[:60])
    return kind


def _place(cells: Cells, faults: Faults, *, row: int) -> dict[str, str]:
    """Give the address and coordinates of a row; of a secret address nothing is kept."""
    if is_secret(cells):
        template = N_("The address is secret: only its obec is kept.")
        faults.say("note", template, row=row, column="secret")
        return {}
    return {
        **address_parts(cells),
        "obec_part": cells.get("obec_part", ""),
        "address_code": cells.get("address_code", ""),
        "lat": cells.get("lat", "").replace(",", "."),
        "lon": cells.get("lon", "").replace(",", "."),
    }


def is_secret(cells: Cells) -> bool:
    """Whether a row says that its address is secret."""
    return fold(cells.get("secret", "")) in YES


def _id(provider: str, type_code: str, code: str, place: Mapping[str, str]) -> str:
    """Give an id that stays the same as long as provider, type and address do."""
    address = (place.get(k, "") for k in ("obec_part", "street", "house_number", "address_code"))
    facts = "|".join(fold(" ".join(part.split())) for part in (provider, type_code, code, *address))
    return f"{OWN_ID}{hashlib.sha256(facts.encode()).hexdigest()[:12]}"


def _ico(cells: Cells, faults: Faults, *, row: int) -> str:
    given = "".join(cells.get("ico", "").split()).removesuffix(".0")
    if not given:
        return ""
    number = given.zfill(8)
    if is_ico(number):
        return number
    template = N_("“{value}” is no valid IČO. It was left empty; correct it.")
    faults.say("warning", template, row=row, column="ico", value=given[:20])
    return ""


def is_ico(number: str) -> bool:
    """Whether eight digits are an IČO: the last one checks the others (modulo 11).

    >>> is_ico("00006947"), is_ico("00006948")
    (True, False)
    """
    if not re.fullmatch(r"[0-9]{8}", number):
        return False
    weighed = sum(int(d) * w for d, w in zip(number[:7], _ICO_WEIGHTS, strict=True))
    return (11 - weighed % 11) % 10 == int(number[7])


def _day(cells: Cells, column: str, faults: Faults, *, row: int) -> str:
    given = cells.get(column, "")
    if not given:
        return ""
    plain = "".join(given.split()) if "." in given else given[:10]
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            day: date = datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return day.isoformat()
    template = N_("“{value}” is no date (such as 31. 12. 2026). The service counts as open.")
    faults.say("error", template, row=row, column=column, value=given[:40])
    return ""


def _groups(cells: Cells, known: frozenset[str], faults: Faults, *, row: int) -> str:
    """Target groups in the register's words; without any it is not known whom it serves."""
    given = cells.get("groups", "")
    by_name = {fold(group): group for group in known}
    if fold(given) in by_name:
        return by_name[fold(given)]
    parts = [p.strip() for p in _SPLIT_GROUPS.split(given) if p.strip()]
    if len(parts) == 1 and not _like_group(parts[0], by_name):
        parts = [p.strip() for p in given.split(",") if p.strip()]
    groups = [_like_group(part, by_name) or part for part in parts]
    for strange in (group for group in groups if group not in known):
        template = N_("“{value}” is no target group of the register. It was taken as written.")
        faults.say("warning", template, row=row, column="groups", value=strange[:60])
    if not groups:
        template = N_(
            "The target group is not given, so it is not known whom the service is for. Where it "
            "is within reach, a verdict is not known."
        )
        faults.say("warning", template, row=row, column="groups")
    return "|".join(dict.fromkeys(group.replace("|", "/") for group in groups))


def _like_group(given: str, by_name: Mapping[str, str]) -> str:
    found = process.extractOne(fold(given), by_name.keys(), scorer=fuzz.ratio, score_cutoff=90)
    return by_name[found[0]] if found else ""


def _put_together(table: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Join rows of one service and address: their forms are added, repeated rows count once."""
    place = [SERVICE_ID, CODE, "obec_part", "street", "house_number", "address_code"]
    kept: dict[tuple[str, ...], int] = {}
    forms: dict[int, str] = {}
    for row, cells in cells_of(table):
        first = kept.setdefault(tuple(fold(cells[column]) for column in place), row)
        forms[row] = cells["forms"]
        if first == row:
            continue
        joined = _join_forms(forms[first], forms[row])
        if joined == forms[first]:
            template = N_(
                "The row repeats row {first}: same provider, type and address. It counts once."
            )
            faults.say("warning", template, row=row, first=first)
        forms[first] = joined
    first_rows = list(kept.values())
    return table.loc[first_rows].assign(forms=[forms[row] for row in first_rows])


def _join_forms(first: str, second: str) -> str:
    """Add forms that the first list lacks; a form in both keeps the capacity of the first."""
    parts = {part.partition(":")[0]: part for part in first.split(";") if part}
    for part in filter(None, second.split(";")):
        parts.setdefault(part.partition(":")[0], part)
    return ";".join(parts.values())
