"""ČSÚ open data: people per obec, by three age groups every year and by five years in 2021."""

import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple

import pandas as pd

from kpss_geo.errors import N_, AnswerNotUsable, SourceFormChanged
from kpss_geo.schema import AGE_BANDS, CODE
from kpss_geo.sources.fetch.archives import only_member, open_archive
from kpss_geo.sources.fetch.catalogue import CENSUS, PEOPLE, OfficialSource

OBEC_LIST: Final = "43"
"""Number of ČSÚ's list of obce; rows of other lists are of districts, regions, parts."""
SEXES: Final = {"1": "male", "2": "female", "": "all"}
EVERYBODY: Final = "all"
GROUPS: Final = {"0-14": AGE_BANDS[:3], "15-64": AGE_BANDS[3:13], "65+": AGE_BANDS[13:]}
"""The three main age groups and the five-year bands in each."""
MAX_UNPACKED: Final = 2_000_000_000
ROWS_AT_ONCE: Final = 200_000
MAX_HEADING: Final = 20_000
OLD_NAMES: Final = {"vuzemi_cis": "uzemi_cis", "vuzemi_kod": "uzemi_kod"}
PERIODS: Final = ("sldb_datum", "obdobi", "casref_do", "rok")
"""Names of the column of the day, in the order they are believed."""
NEEDED: Final = ("hodnota", "pohlavi_kod", "vek_kod", "uzemi_cis", "uzemi_kod")

_AGE = re.compile(r"^4[01]0(?P<low>\d{3})(?:6[01]0(?P<high>\d{3})|799999)000$")


class People(NamedTuple):
    """A table of people, its day, and the obce whose figures contradict themselves."""

    table: pd.DataFrame
    as_of: str
    contradicting: list[str]


def age_interval(code: str) -> str:
    """Name the ages of a code of ČSÚ's list 7700; empty when it is none of them.

    >>> age_interval("410015610065000"), age_interval("410085799999000"), age_interval("x")
    ('15-64', '85+', '')
    >>> age_interval("")
    'all'
    """
    match = _AGE.match(code)
    if match is None:
        return "" if code else EVERYBODY
    low = int(match["low"])
    return f"{low}-{int(match['high']) - 1}" if match["high"] else f"{low}+"


def read_groups(path: Path) -> People:
    """Read the ZIP of the yearly set: index = obec code, columns 0-14, 15-64, 65+.

    Only the newest day in it is given. An obec whose groups do not add up to its people,
    or that lacks a group, is left out and named in `contradicting`.

    Raises
    ------
    AnswerNotUsable, DownloadTooLarge, SourceFormChanged
    """
    with open_archive(path, source=PEOPLE.title, max_bytes=MAX_UNPACKED) as archive:
        member = only_member(archive, ".csv", source=PEOPLE.title)
        with archive.open(member) as file:
            rows = _newest_rows(file, PEOPLE)
    both = rows[rows["sex"] == EVERYBODY]
    return _wide(both, tuple(GROUPS), keys=[CODE], source=PEOPLE)


def read_census(path: Path) -> People:
    """Read the census of 2021: index = (obec code, sex), columns the five-year bands, 85+ open.

    An obec whose bands do not add up to its people is left out and named.

    Raises
    ------
    AnswerNotUsable, SourceFormChanged
    """
    with path.open("rb") as file:
        rows = _newest_rows(file, CENSUS)
    by_sex = rows[rows["sex"] != EVERYBODY]
    oldest = by_sex["age"].str.extract(r"^(\d+)[-+]", expand=False).astype(float) >= 85
    by_sex = by_sex.assign(age=by_sex["age"].mask(oldest, AGE_BANDS[-1]))
    return _wide(by_sex, AGE_BANDS, keys=[CODE, "sex"], source=CENSUS)


def _newest_rows(file: IO[bytes], source: OfficialSource) -> pd.DataFrame:
    """Give the rows of obce of the newest day: code, day, sex, age, people."""
    separator, names = _heading(file)
    period = next((name for name in PERIODS if name in names), PERIODS[1])
    missing = [name for name in (*NEEDED, period) if name not in names]
    if missing:
        found = ", ".join(names)[:300]
        raise SourceFormChanged(source=source.title, columns=", ".join(missing), found=found)
    kept: list[pd.DataFrame] = []
    newest = ""
    try:
        for part in _parts(file, separator, names, period):
            days = part.loc[part["day"] != "", "day"]
            newest = max(newest, days.max()) if len(days) else newest
            kept = [rows[rows["day"] == newest] for rows in (*kept, part)]
    except (ValueError, pd.errors.ParserWarning) as error:
        why = N_("its rows cannot be told apart")
        raise AnswerNotUsable(source=source.title, why=why) from error
    if not newest:
        raise AnswerNotUsable(source=source.title, why=N_("it holds no obec"))
    return pd.concat(kept)


def _parts(
    file: IO[bytes], separator: str, names: list[str], period: str
) -> Iterator[pd.DataFrame]:
    chunks = pd.read_csv(
        file,
        sep=separator,
        names=names,
        index_col=False,
        dtype=str,
        keep_default_na=False,
        chunksize=ROWS_AT_ONCE,
        encoding="utf-8",
        encoding_errors="replace",  # the columns taken are digits; names may be in cp1250
    )
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row with more cells
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield _plain(chunk[chunk["uzemi_cis"].str.strip() == OBEC_LIST], period)


def _heading(file: IO[bytes]) -> tuple[str, list[str]]:
    text = file.readline(MAX_HEADING).decode("utf-8-sig", "replace")
    separator = ";" if text.count(";") > text.count(",") else ","
    names = [name.strip().strip('"').lower() for name in text.split(separator)]
    return separator, [OLD_NAMES.get(name, name) for name in names]


def _plain(chunk: pd.DataFrame, period: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            CODE: chunk["uzemi_kod"].str.strip(),
            "day": chunk[period].str.strip().map(_day),
            "sex": chunk["pohlavi_kod"].str.strip().map(SEXES),
            "age": chunk["vek_kod"].str.strip().map(age_interval),
            "people": pd.to_numeric(chunk["hodnota"].str.strip(), errors="coerce"),
        }
    )


def _day(text: str) -> str:
    """Write a year, or a day in either order, as YYYY-MM-DD; empty when it is neither."""
    if re.fullmatch(r"\d{4}", text):
        return f"{text}-12-31"
    if match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    return text[:10] if re.match(r"\d{4}-\d{2}-\d{2}", text) else ""


def _wide(
    rows: pd.DataFrame, ages: Sequence[str], *, keys: list[str], source: OfficialSource
) -> People:
    """Put one age in one column; obce with a gap, a fraction or a wrong sum are set apart."""
    listed = rows[rows["age"].isin(ages)]
    missing = [age for age in ages if age not in listed["age"].unique()]
    if missing:
        found = ", ".join(sorted(rows["age"].unique()))[:300]
        raise SourceFormChanged(source=source.title, columns=", ".join(missing), found=found)
    sums = listed.groupby([*keys, "age"])["people"].sum(min_count=1)
    counted = (
        listed.groupby([*keys, "age"])["people"].count() == listed.groupby([*keys, "age"]).size()
    )
    table = sums.where(counted).unstack("age")[list(ages)]  # noqa: PD010 - a gap stays a gap
    whole = rows[rows["age"] == EVERYBODY].groupby(keys)["people"].sum(min_count=1)
    expected = whole.reindex(table.index)
    wrong = (table.isna() | (table < 0) | (table % 1 != 0)).any(axis=1)
    wrong |= expected.notna() & (table.sum(axis=1) != expected)
    obce = table.index.get_level_values(CODE)
    contradicting = sorted(set(obce[wrong]))
    good = table[~obce.isin(contradicting)].astype("int64")
    return People(good, str(rows["day"].iloc[0]), contradicting)
