"""Obce of the whole country, their people by age, and precinct points."""

from typing import NamedTuple

import pandas as pd

from kpss_geo.errors import N_, Finding
from kpss_geo.schema import AGE_BANDS, CODE, EXTENT, NAME, OBCE, PRECINCTS, X, Y
from kpss_geo.sources.files import Found
from kpss_geo.sources.tables import keep_known, keep_unique, keep_valid, read_csv, to_numbers

COUNTS = ("voters_2023", "residents_2011", "children_2011", "seniors_2011")
MOST_PEOPLE = 500_000
"""More people of one band and sex live in no obec; Praha has under 120 000."""
MEMBERSHIP = ("orp_code", "orp_name", "district_code", "district_name", "region_code")


class Read(NamedTuple):
    """A table that can be used, and the findings about the rest."""

    table: pd.DataFrame
    findings: list[Finding]


def read_obce(found: Found) -> Read:
    """Read the obce: index = obec code; names, membership, `area_km2`, reference point.

    Raises
    ------
    FileNotUsable, MissingColumns
        The file cannot be read at all.
    """
    columns = (CODE, NAME, *MEMBERSHIP, "area_km2", EXTENT, X, Y)
    text = read_csv(found.path, columns=columns)
    numbers, not_numbers = to_numbers(text, ("area_km2", EXTENT, X, Y), file=found.label)
    unique, repeated = keep_unique(numbers, CODE, file=found.label)
    rows = OBCE.reset_index([CODE])
    valid, faults = keep_valid(unique, rows, file=found.label)
    return Read(valid.set_index(CODE), not_numbers + repeated + faults)


def read_population(found: Found, *, known: pd.Index) -> Read:
    """Read people by five-year band: index = obec code, one integer column per band.

    Rows of men and women of one obec are added up. An obec with a faulty cell, a row too
    many or one sex only is left out whole: its people are unknown rather than too few.
    """
    text = read_csv(found.path, columns=(CODE, *AGE_BANDS))
    text, findings = keep_known(text, known, file=found.label)
    numbers, _ = to_numbers(text, AGE_BANDS, file=found.label)
    bands = numbers[list(AGE_BANDS)]
    faulty = bands.isna() | (bands < 0) | (bands % 1 != 0) | (bands > MOST_PEOPLE)
    findings += _faulty_cells(text, faulty, found)
    wrong_rows = _wrong_rows(text)
    template = N_(
        "Obec {code} must stand in the table once for all people, or once for men and once for "
        "women (sex: male, female). Its people are treated as not known; correct its rows."
    )
    findings += [
        Finding("error", found.label, template, row=int(row), column=CODE, fields={"code": code})
        for row, code in text.loc[wrong_rows, CODE].items()
    ]
    spoiled = set(text.loc[faulty.any(axis=1) | wrong_rows, CODE])
    good = numbers[~numbers[CODE].isin(spoiled)]
    table = good.groupby(CODE)[list(AGE_BANDS)].sum().astype(int)
    absent = known.difference(pd.Index(text[CODE]))
    if len(absent):
        template = N_(
            "{count} obce are not in the table, such as {code}. Their people are treated as not "
            "known; add their rows."
        )
        fields = {"count": len(absent), "code": absent[0]}
        findings.append(Finding("error", found.label, template, fields=fields))
    return Read(table, findings)


def _faulty_cells(text: pd.DataFrame, faulty: pd.DataFrame, found: Found) -> list[Finding]:
    template = N_(
        "“{value}” is not a count of people. The people of obec {code} are treated as not "
        "known; correct the cell."
    )
    return [
        Finding(
            "error",
            found.label,
            template,
            row=int(row),
            column=str(band),
            fields={"value": text.at[row, band], "code": text.at[row, CODE]},
        )
        for row in faulty.index[faulty.any(axis=1)]
        for band in faulty.columns[faulty.loc[row]]
    ]


def _wrong_rows(text: pd.DataFrame) -> pd.Series:
    """Rows of obce that are neither there once nor once for each sex."""
    if "sex" not in text.columns:
        return text.duplicated(CODE)
    given = text.groupby(CODE)["sex"].agg(lambda sexes: "+".join(sorted(sexes)))
    wrong = ~given.isin(["female+male", "all"])
    return text[CODE].map(wrong).astype(bool)


def read_precincts(found: Found, *, known: pd.Index) -> Read:
    """Read precinct points: obec code, `x`, `y`, counts (NaN where not known)."""
    text = read_csv(found.path, columns=("precinct_code", CODE, X, Y, *COUNTS))
    text, findings = keep_known(text, known, file=found.label)
    numbers, not_numbers = to_numbers(text, (X, Y, *COUNTS), file=found.label)
    unique, repeated = keep_unique(numbers, "precinct_code", file=found.label)
    valid, faults = keep_valid(unique, PRECINCTS, file=found.label)
    return Read(valid.reset_index(drop=True), findings + not_numbers + repeated + faults)
