"""A team's own table of people by age: ages in columns or in rows, by sex or together.

An obec with a faulty cell is left out whole: its people are not known rather than too few.
"""

from typing import Final

import pandas as pd

from kpss_geo.errors import N_, MissingColumns
from kpss_geo.obec_names import ObecNames, index_names
from kpss_geo.own.ages import Ages, ages_of, band_of, bands_not_covered, sex_of
from kpss_geo.own.faults import Faults, Taken
from kpss_geo.own.places import obec_of
from kpss_geo.schema import AGE_BANDS, CODE
from kpss_geo.sources.obce import MOST_PEOPLE
from kpss_geo.sources.tables import cells_of, to_numbers

SEX = "sex"
AGES = "ages"
BAND = "band"
COUNT = "count"
ROW = "row"


def take_population(
    rows: pd.DataFrame, ages_text: pd.DataFrame, *, obce: pd.DataFrame, faults: Faults
) -> Taken:
    """Give people by obec, sex and five-year band, in the form of `population.csv`.

    rows
        Text cells, columns by the product's keys; `age`, `sex` and `count` where ages stand
        in rows.
    ages_text
        The columns of the file whose headings name ages, where ages stand in columns.

    Raises
    ------
    MissingColumns
        The ages of the table do not make up every five-year band.
    """
    long = "age" in rows.columns and COUNT in rows.columns
    parts = _ages_in_rows(rows, faults) if long else _ages_in_columns(rows, ages_text, faults)
    codes = _codes(rows, index_names(obce), faults)
    parts = parts.assign(**{CODE: parts[ROW].map(codes)})
    spoiled = set(parts.loc[parts[COUNT].isna(), CODE].dropna())
    sound = _sound(parts[parts[CODE].notna()], faults)
    good = sound[~sound[CODE].isin(spoiled)]
    table = good.pivot_table(index=[CODE, SEX], columns=BAND, values=COUNT, aggfunc="sum")
    table = table.reindex(columns=list(AGE_BANDS)).astype(int)
    return Taken(table.reset_index().astype(str), frozenset(good[ROW].astype(int)))


def _codes(rows: pd.DataFrame, names: ObecNames, faults: Faults) -> dict[int, str | None]:
    return {row: obec_of(cells, names, faults, row=row) for row, cells in cells_of(rows)}


def _ages_in_columns(rows: pd.DataFrame, text: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Give one line per row, sex and band; a cell that is no count of people is missing."""
    columns = {str(name): ages for name in text.columns if (ages := ages_of(str(name)))}
    by_sex = {name: sex_of(name) for name in columns}
    if {"male", "female"} <= set(by_sex.values()):  # the sums of both stand beside them
        columns = {name: ages for name, ages in columns.items() if by_sex[name] != "all"}
    for sex in {by_sex[name] for name in columns} or {"all"}:
        _require_bands([a for name, a in columns.items() if by_sex[name] == sex], faults)
    counts = _counts(text, list(columns), faults)
    own_sex = rows[SEX].map(sex_of) if SEX in rows else pd.Series("all", index=rows.index)
    lines = [
        pd.DataFrame(
            {
                ROW: counts.index,
                SEX: own_sex if by_sex[name] == "all" else by_sex[name],
                AGES: str(ages),
                BAND: band_of(ages),
                COUNT: counts[name],
            }
        )
        for name, ages in columns.items()
    ]
    together = pd.concat(lines, ignore_index=True)
    _check_totals(rows, together, faults)
    return together


def _ages_in_rows(rows: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    counts = _counts(rows, [COUNT], faults)
    ages = rows["age"].map(ages_of)
    _require_bands(list(dict.fromkeys(a for a in ages if a is not None and band_of(a))), faults)
    bands = ages.map(lambda a: band_of(a) if a is not None else None)
    sex = rows[SEX].map(sex_of) if SEX in rows else "all"
    template = N_("“{value}” is no age or lies in more than one five-year band; it was left aside.")
    for row in rows.index[bands.isna()]:
        value = str(rows.at[row, "age"])[:40]
        faults.say("note", template, row=int(row), column="age", value=value)
    table = pd.DataFrame(
        {ROW: rows.index, SEX: sex, AGES: ages.map(str), BAND: bands, COUNT: counts[COUNT]}
    )
    return table[bands.notna()]


def _require_bands(ages: list[Ages], faults: Faults) -> None:
    missing = bands_not_covered(ages)
    if missing:
        found = ", ".join(faults.headings.values())[:300]
        raise MissingColumns(file=faults.file, columns=", ".join(missing), found=found)


def _counts(text: pd.DataFrame, columns: list[str], faults: Faults) -> pd.DataFrame:
    """Read counts of people; what is none becomes missing and is named."""
    numbers, _ = to_numbers(text, tuple(columns), file=faults.file)
    counts = numbers[columns]
    possible = (counts >= 0) & (counts % 1 == 0) & (counts <= MOST_PEOPLE)
    template = N_(
        "“{value}” is not a count of people. The people of the obec are treated as not known; "
        "correct the cell."
    )
    for column in columns:
        for row in text.index[~possible[column]]:
            value = str(text.at[row, column]).strip()[:40]
            faults.say("error", template, row=int(row), column=column, value=value)
    return counts.where(possible)


def _check_totals(rows: pd.DataFrame, parts: pd.DataFrame, faults: Faults) -> None:
    """Compare the sum of the ages of a row with its total; rows that differ are not known."""
    if "total" not in rows:
        return
    numbers, _ = to_numbers(rows, ("total",), file=faults.file)
    sums = parts.groupby(ROW)[COUNT].sum(min_count=1).reindex(rows.index)
    wrong = numbers["total"].notna() & sums.notna() & (numbers["total"] != sums)
    template = N_(
        "The ages add up to {sum}, but the row says {total}. The people of the obec are treated "
        "as not known; correct the row."
    )
    for row in rows.index[wrong]:
        total = str(rows.at[row, "total"])[:20]
        faults.say("error", template, row=int(row), column="total", sum=int(sums[row]), total=total)
    parts.loc[parts[ROW].isin(rows.index[wrong]), COUNT] = float("nan")


def _sound(parts: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Leave out obce with an age twice, with ages missing, or with one sex only; each is named."""
    sexes = parts.groupby(CODE)[SEX].agg(set)
    both = sexes.index[sexes.map({"male", "female"}.issubset).astype(bool)]
    parts = parts[~(parts[CODE].isin(both) & (parts[SEX] == "all"))]
    half = sexes.index[sexes.map(lambda given: len(given & {"male", "female"}) == 1).astype(bool)]
    repeated = parts[CODE].isin(half) | parts.duplicated([CODE, SEX, AGES], keep=False)
    held = parts.groupby([CODE, SEX])[AGES].transform("nunique")
    partial = held < parts[SEX].map(parts.groupby(SEX)[AGES].nunique())
    for template, wrong in ((REPEATED, repeated), (PARTIAL, partial & ~repeated)):
        for code, first in parts[wrong].groupby(CODE)[ROW].min().items():
            faults.say("error", template, row=int(first), code=code)
    return parts[~parts[CODE].isin(parts.loc[repeated | partial, CODE])]


REPEATED: Final = N_(
    "Obec {code} must stand in the table once for all people, or once for men and once for "
    "women (sex: male, female). Its people are treated as not known; correct its rows."
)
PARTIAL: Final = N_(
    "The rows of obec {code} do not hold every age. Its people are treated as not known."
)
