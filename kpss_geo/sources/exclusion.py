"""The index of social exclusion of each obec, 0 (least) to 30 points."""

import pandas as pd

from kpss_geo.errors import N_, Finding
from kpss_geo.schema import CODE
from kpss_geo.sources.files import Found
from kpss_geo.sources.obce import Read
from kpss_geo.sources.tables import keep_known, keep_unique, read_csv, to_numbers

INDEX = "exclusion_index"
MOST_POINTS = 30


def read_exclusion(found: Found, *, known: pd.Index) -> Read:
    """Read the index: index = obec code, `exclusion_index` (NaN where it is not known).

    An obec that is absent, or whose cell is no whole number from 0 to 30, has no index;
    each is named.

    Raises
    ------
    FileNotUsable, MissingColumns
        The file cannot be read at all.
    """
    text = read_csv(found.path, columns=(CODE, INDEX))
    ours, strangers = keep_known(text, known, file=found.label)
    unique, repeated = keep_unique(ours, CODE, file=found.label)
    numbers, not_numbers = to_numbers(unique, (INDEX,), file=found.label)
    points = numbers[INDEX]
    possible = points.between(0, MOST_POINTS) & (points % 1 == 0)
    impossible = _impossible(unique[points.notna() & ~possible], found)
    table = numbers.assign(**{INDEX: points.where(possible)}).set_index(CODE)[[INDEX]]
    absent = known.difference(table.index)
    missing = [
        Finding(
            "warning",
            found.label,
            N_("{count} obce are not in the table, such as {code}. Their index is not known."),
            fields={"count": len(absent), "code": absent[0]},
        )
        for _ in absent[:1]
    ]
    return Read(table, strangers + repeated + not_numbers + impossible + missing)


def _impossible(rows: pd.DataFrame, found: Found) -> list[Finding]:
    template = N_("“{value}” is no index from 0 to {most}. It was read as not known.")
    return [
        Finding(
            "error",
            found.label,
            template,
            row=int(str(row)),
            column=INDEX,
            fields={"value": str(value)[:40], "most": MOST_POINTS},
        )
        for row, value in rows[INDEX].items()
    ]
