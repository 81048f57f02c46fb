"""People by age from ČSÚ into `population.csv`: yearly groups, divided by the census.

Every year ČSÚ gives three age groups per obec; by five years of age and sex it gives the
census of 2021 only. The yearly group totals are taken exactly; within each group people
are divided among sexes and five-year bands in the proportions of the census in the same
obec. Sums of groups (0-14, 15-64, 65+) are thus official, finer bands an estimate, and the
manifest says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.errors import N_, AnswerNotUsable, Finding, KpssGeoError
from kpss_geo.schema import AGE_BANDS, CODE
from kpss_geo.sources.fetch.catalogue import CENSUS, PEOPLE
from kpss_geo.sources.fetch.csu_tables import GROUPS, People, read_census, read_groups
from kpss_geo.sources.fetch.kept_file import Facts, describe, fetch_file
from kpss_geo.sources.fetch.line import Job, Wanted
from kpss_geo.sources.fetch.manifest import Fetched, guard, was_fetched, write_manifest
from kpss_geo.sources.osm import sha256

FILE: Final = "population.csv"
FEWEST: Final = 0.95
"""Share of the obce known before that a new table must hold; obce hardly ever merge."""
BOTH_SEXES: Final = ("female", "male")
MAX_ZIP_BYTES: Final = 200_000_000
MAX_CENSUS_BYTES: Final = 1_000_000_000
BY_CENSUS: Final = N_(
    "Sums of 0–14, 15–64 and 65+ are those of ČSÚ; sexes and five-year bands within them are an "
    "estimate by the census of 2021."
)
BY_SHIPPED: Final = N_(
    "Sums of 0–14, 15–64 and 65+ are those of ČSÚ; sexes and five-year bands within them are an "
    "estimate by the table of 31 December 2020, the census could not be fetched."
)


@dataclass(frozen=True)
class Divided:
    """People by sex and band, and the obce divided as the whole country for want of a census."""

    table: pd.DataFrame
    as_country: list[str]


def fetch_people(job: Job, *, before: pd.DataFrame) -> Fetched:
    """Fetch both tables of ČSÚ and write people by sex and five-year band for all obce.

    Parameters
    ----------
    before
        Shipped people: index (code, sex), columns the bands; they divide the groups when
        there is no census.

    Raises
    ------
    OwnFileKept
    DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
        The yearly table cannot be had. The census alone would not do: it counts people by
        usual residence, and the table used before stays whole.
    """
    target = job.folder / FILE
    guard(target, replace=job.replace_own)
    settings = job.line.settings
    wanted = Wanted(PEOPLE.title, settings.csu_ages_url, "zip", MAX_ZIP_BYTES)
    groups = _fetched(job, wanted, "csu-three-groups.zip", read_groups)
    known = before.index.get_level_values(CODE).nunique()
    if len(groups.table) < FEWEST * known and not job.replace_own:
        why = N_("it holds far fewer obce than there are")
        raise AnswerNotUsable(source=PEOPLE.title, why=why)
    structure, note, findings = before, BY_SHIPPED, []
    try:
        structure, note = _census(job).table, BY_CENSUS
    except KpssGeoError as error:
        findings.append(_because(error))
    divided = divide(groups.table, structure)
    findings += _as_country(divided.as_country)
    facts = _facts(groups, note=note, findings=findings)
    return _write(target, divided.table, facts, url=settings.csu_ages_url)


def divide(groups: pd.DataFrame, structure: pd.DataFrame) -> Divided:
    """Divide people of each obec's age group among sexes and bands as in `structure`.

    Whole people; the sum of each group stays exact (largest remainders). Where the
    structure has nobody in a group that has people now, the whole country's is used.

    Parameters
    ----------
    groups
        Index = obec code, columns 0-14, 15-64, 65+.
    structure
        Index = (obec code, sex), columns the five-year bands.
    """
    weights = [structure.xs(sex, level="sex").reindex(groups.index).fillna(0) for sex in BOTH_SEXES]
    tables = [pd.DataFrame(0, index=groups.index, columns=list(AGE_BANDS)) for _ in BOTH_SEXES]
    as_country: set[str] = set()
    for group, bands in GROUPS.items():
        totals = groups[group].to_numpy(dtype=np.int64)
        matrix = np.hstack([table[list(bands)].to_numpy(dtype=float) for table in weights])
        nobody = (matrix.sum(axis=1) == 0) & (totals > 0)
        as_country |= set(groups.index[nobody])
        matrix[nobody] = matrix.sum(axis=0)
        shares = _largest_remainders(totals, matrix)
        for table, part in zip(tables, np.hsplit(shares, len(BOTH_SEXES)), strict=True):
            table[list(bands)] = part
    both = pd.concat(tables, keys=BOTH_SEXES, names=["sex"]).swaplevel().sort_index()
    return Divided(both.rename_axis([CODE, "sex"]), sorted(as_country))


def _largest_remainders(
    totals: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.int64]:
    sums = weights.sum(axis=1, keepdims=True)
    exact = totals[:, None] * np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    left = totals - whole.sum(axis=1)
    order = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1)
    shares: NDArray[np.int64] = whole + (order < left[:, None])
    return shares


def _census(job: Job) -> People:
    """Fetch the census; what is in the cache will do, for the census does not change."""
    name = "csu-census-2021.csv"
    wanted = Wanted(CENSUS.title, job.line.settings.csu_census_url, "csv", MAX_CENSUS_BYTES)
    if was_fetched(job.cache / name):
        return read_census(job.cache / name)
    return _fetched(job, wanted, name, read_census)


def _fetched(job: Job, wanted: Wanted, name: str, read: Callable[[Path], People]) -> People:
    source = CENSUS if wanted.form == "csv" else PEOPLE

    new: list[People] = []

    def judge(half: Path) -> Facts:
        new.append(read(half))
        return Facts(rows=len(new[0].table), as_of=new[0].as_of)

    fetch_file(job, wanted, job.cache / name, source=source, judge=judge)
    return new[0] if new else read(job.cache / name)


def _facts(people: People, *, note: str, findings: list[Finding]) -> Facts:
    return Facts(
        as_of=people.as_of, note=note, findings=(*findings, *_wrong_sums(people.contradicting))
    )


def _write(target: Path, table: pd.DataFrame, facts: Facts, *, url: str) -> Fetched:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(FILE + ".part")
    table.rename_axis([CODE, "sex"]).reset_index().to_csv(half, index=False)
    wanted = Wanted(PEOPLE.title, url, "csv", 0)
    facts = replace(facts, rows=len(table))
    manifest = describe(half, FILE, source=PEOPLE, wanted=wanted, facts=facts)
    unchanged = was_fetched(target) and sha256(target) == manifest.sha256
    half.replace(target)
    return Fetched((write_manifest(target, manifest),), facts.findings, unchanged=unchanged)


def _because(error: KpssGeoError) -> Finding:
    return Finding("warning", FILE, error.template, fields=error.fields)


def _wrong_sums(codes: list[str]) -> list[Finding]:
    template = N_(
        "{count} obce have figures of ČSÚ that do not add up, such as {code}. Their people are "
        "treated as not known."
    )
    return _named(codes, template)


def _as_country(codes: list[str]) -> list[Finding]:
    template = N_(
        "{count} obce have people of an age in which the census counted nobody there, such as "
        "{code}. They were divided into five-year bands as in the whole country."
    )
    return _named(codes, template)


def _named(codes: list[str], template: str) -> list[Finding]:
    if not codes:
        return []
    fields = {"count": len(codes), "code": codes[0]}
    return [Finding("warning", FILE, template, fields=fields)]
