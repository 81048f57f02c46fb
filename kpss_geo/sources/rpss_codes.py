"""Code lists of the register RPSS: the official files where they were fetched, else ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import pandas as pd

from kpss_geo.errors import N_, FileNotUsable, Finding, KpssGeoError
from kpss_geo.schema import NAME
from kpss_geo.settings import shipped_root
from kpss_geo.sources.files import check_readable
from kpss_geo.sources.tables import read_csv
from kpss_geo.text import fold

TYPES: Final = "DruhSocialniSluzby"
GROUPS: Final = "CilovaSkupinaOsoby"
AGES: Final = "VekovaSkupinaOsoby"
FORMS: Final = "FormaSocialniSluzby"
UNITS: Final = "TypKapacitySocialniSluzby"
REGIONS: Final = "Kraj"
OBCE: Final = "Obec"
PARTS: Final = "CastObce"
HOUSES: Final = "TypStavebnihoObjektu"
FILES: Final[Mapping[str, str]] = {
    TYPES: "druhy-socialni-sluzby.json",
    GROUPS: "cilove-skupiny-osoby.json",
    AGES: "vekove-skupiny-osoby.json",
    REGIONS: "kraje.json",
    PARTS: "casti-obci.json",
}
"""Lists whose names are used, and the names of their files; forms and units have own words."""


@dataclass(frozen=True)
class Codes:
    """Names by code, of each list.

    regions
        Code of the region (CZ042) by its code in the register (60).
    official
        Lists that come from official files; a code not in one of them does not exist.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    ages: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    official: frozenset[str] = frozenset()


def read_codes(folder: Path | None) -> tuple[Codes, list[Finding]]:
    """Read the code lists of a folder; a list that is not there is the shipped one.

    A list that cannot be used is named, and the shipped one stands in for it: those codes of
    it alone that somebody has verified, so that no other code is taken for known. Names of
    target groups are spelled as ours where only capitals or accents differ, so that they
    are found by the groups people ask about.
    """
    read: dict[str, dict[str, str]] = {}
    findings: list[Finding] = []
    for of, name in FILES.items():
        path = None if folder is None else folder / name
        if path is None or not path.is_file():
            template = N_("The official code list is not here. What the product ships is used.")
            findings.append(Finding("note", name, template))
            continue
        try:
            read[of], faults = read_code_list(path, of)
        except KpssGeoError as error:
            findings.append(Finding("error", name, error.template, fields=error.fields))
        else:
            findings += faults
    shipped = shipped_root() / "geodata"
    types = read_csv(shipped / "types.csv", columns=("type_code", "code_status", NAME))
    types = types[types["code_status"] == "verified"]
    groups = read_csv(shipped / "register_groups.csv", columns=("rpss_code", NAME))
    ours = {fold(name): name for name in groups[NAME]}
    by_code = dict(zip(groups["rpss_code"], groups[NAME], strict=True))
    by_code.pop("", None)
    codes = Codes(
        types=read.get(TYPES, dict(zip(types["type_code"], types[NAME], strict=True))),
        groups={c: ours.get(fold(n), n) for c, n in read.get(GROUPS, by_code).items()},
        ages=read.get(AGES, {}),
        parts=read.get(PARTS, {}),
        regions=_regions(read.get(REGIONS)),
        official=frozenset(read),
    )
    return codes, findings


def read_code_list(path: Path, of: str) -> tuple[dict[str, str], list[Finding]]:
    """Read `{"polozky": [{"id": "Kraj/60", "nazev": {"cs": "Ústecký kraj"}}]}`: name by code.

    Raises
    ------
    FileNotUsable
        It is not that, or no entry of it can be used.
    """
    check_readable(path)
    try:
        content = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileNotUsable(file=path.name, why=str(error)) from error
    entries = content.get("polozky") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise FileNotUsable(file=path.name, why=N_("it has no list “polozky”"))
    names: dict[str, str] = {}
    findings = []
    for number, entry in enumerate(entries, start=1):
        code, name = _entry(entry, of)
        if code and name and code not in names:
            names[code] = name
            continue
        template = (
            N_("The code {code} stands in the list twice. The first name is used.")
            if code in names
            else N_("An entry of the code list has no id or no Czech name. It was left out.")
        )
        findings.append(
            Finding("warning", path.name, template, row=number, fields={"code": code[:40]})
        )
    if not names:
        raise FileNotUsable(file=path.name, why=N_("none of its rows can be used"))
    return names, findings


def _entry(entry: Any, of: str) -> tuple[str, str]:
    held = entry if isinstance(entry, dict) else {}
    name = held.get("nazev")
    czech = name.get("cs") if isinstance(name, dict) else name
    head, _, code = str(held.get("id") or "").partition("/")
    return code if head == of else "", czech.strip() if isinstance(czech, str) else ""


def _regions(names: Mapping[str, str] | None) -> dict[str, str]:
    """Code of each region by the register's own code: by its official name, else as shipped."""
    columns = ("ruian_code", "region_code", NAME)
    shipped = read_csv(shipped_root() / "geodata" / "regions.csv", columns=columns)
    by_code = dict(zip(shipped["ruian_code"], shipped["region_code"], strict=True))
    if names is None:
        return by_code
    by_name = dict(zip(shipped[NAME].map(fold), shipped["region_code"], strict=True))
    named = {code: by_name.get(fold(name), "") for code, name in names.items()}
    return {code: region for code, region in named.items() if region}


def names_of(codes: Codes) -> pd.DataFrame:
    """Give the names of types and target groups as a table: `list`, `code`, `name`."""
    rows = [(TYPES, code, name) for code, name in codes.types.items()]
    rows += [(GROUPS, code, name) for code, name in codes.groups.items()]
    return pd.DataFrame(rows, columns=["list", "code", NAME])
