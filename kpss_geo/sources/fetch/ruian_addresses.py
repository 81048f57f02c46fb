"""Address points from RÚIAN: one table per obec, `addresses/<obec>.parquet`."""

import csv
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import pandas as pd

from kpss_geo.errors import N_, AnswerNotUsable, Finding, KpssGeoError, SourceFormChanged
from kpss_geo.schema import CODE, CZECHIA_5514, X, Y
from kpss_geo.sources.fetch.archives import only_member, open_archive
from kpss_geo.sources.fetch.catalogue import ADDRESSES
from kpss_geo.sources.fetch.download import forget, read, save
from kpss_geo.sources.fetch.kept_file import Facts, describe
from kpss_geo.sources.fetch.line import Job, Line, Wanted
from kpss_geo.sources.fetch.manifest import Fetched, Manifest, guard, now, write_manifest

FOLDER: Final = "addresses"
COLUMNS: Final = {
    "Kód ADM": "address_code",
    "Kód obce": CODE,
    "Název obce": "obec",
    "Kód MOMC": "district_part_code",
    "Název MOMC": "district_part",
    "Kód obvodu Prahy": "prague_district_code",
    "Název obvodu Prahy": "prague_district",
    "Kód části obce": "part_code",
    "Název části obce": "part",
    "Kód ulice": "street_code",
    "Název ulice": "street",
    "Typ SO": "house_kind",
    "Číslo domovní": "house_number",
    "Číslo orientační": "orientation_number",
    "Znak čísla orientačního": "orientation_letter",
    "PSČ": "postcode",
    "Souřadnice Y": X,  # positive Křovák: its Y runs west, our x east
    "Souřadnice X": Y,
    "Platí Od": "valid_from",
}
"""The nineteen columns of the official file and their names here."""
MAX_ZIP_BYTES: Final = 50_000_000
MAX_STATE_BYTES: Final = 300_000_000
MAX_UNPACKED: Final = 400_000_000
MAX_STATE_UNPACKED: Final = 4_000_000_000
MAX_FEED_BYTES: Final = 20_000_000
MAX_HEADING: Final = 2_000
FAULTS: Final = (
    N_("{count} addresses of another obec stood in the file. They were left out."),
    N_("{count} addresses stood in the file twice. The first of each is used."),
    N_("{count} addresses have no coordinates, or ones outside Czechia."),
)
"""Said of rows of another obec, of repeated codes, and of rows without a place."""
WHOLE_STATE_FROM: Final = 200
"""Obce from which one file of the whole state is less work for everybody."""


Got = tuple[str, pd.DataFrame, list[Finding]]
"""Where the addresses of an obec come from, their table, its faults."""


def fetch_addresses(codes: Sequence[str], job: Job) -> Fetched:
    """Fetch the address points of the obce, each its own file; those that fail are named.

    Raises
    ------
    DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged, OwnFileKept
        No obec could be had at all; the error is that of the last.
    """
    day = newest_day(job.line)
    (job.folder / FOLDER).mkdir(parents=True, exist_ok=True)
    if len(codes) < WHOLE_STATE_FROM:
        return _each(codes, job, day=day, get=lambda code: _from_own_archive(code, day, job))
    path = _state_archive(day, job)
    with open_archive(path, source=ADDRESSES.title, max_bytes=MAX_STATE_UNPACKED) as archive:
        members = {_code_of(member.filename): member for member in archive.infolist()}
        url = f"{_base(job)}/{path.name}"

        def from_state(code: str) -> Got:
            if code not in members:
                why = N_("the archive does not hold the table")
                raise AnswerNotUsable(source=ADDRESSES.title, why=why)
            return url, *read_addresses(archive, members[code], code=code)

        return _each(codes, job, day=day, get=from_state)


def _each(codes: Sequence[str], job: Job, *, day: str, get: Callable[[str], Got]) -> Fetched:
    manifests: list[Manifest] = []
    findings: list[Finding] = []
    for done, code in enumerate(codes):
        job.progress(ADDRESSES.title, done, len(codes))
        path = job.folder / FOLDER / f"{code}.parquet"
        try:
            guard(path, replace=job.replace_own)
            url, table, faults = get(code)
            manifests.append(_put(path, table, url=url, day=day))
        except KpssGeoError as error:
            if not manifests and done == len(codes) - 1:
                raise
            faults = [Finding("error", _label(code), error.template, fields=error.fields)]
        findings += faults
    job.progress(ADDRESSES.title, len(codes), len(codes))
    return Fetched(tuple(manifests), tuple(findings))


def newest_day(line: Line) -> str:
    """Give the day of the newest edition as YYYYMMDD: from the ATOM feed, else a month's end."""
    wanted = Wanted(ADDRESSES.title, line.settings.addresses_atom_url, "feed", MAX_FEED_BYTES)
    try:
        days = re.findall(rb"(\d{8})_OB_(?:\d{6}_)?ADR[_.]csv\.zip", read(line, wanted))
    except KpssGeoError:
        days = []
    if days:
        return bytes(max(days)).decode("ascii")
    return (now().date().replace(day=1) - timedelta(days=1)).strftime("%Y%m%d")


def _state_archive(day: str, job: Job) -> Path:
    """Fetch the file of the whole state into the cache, once for each edition."""
    path = job.cache / f"{day}_OB_ADR_csv.zip"
    if not path.is_file():
        url = f"{_base(job)}/{path.name}"
        half = path.with_name(path.name + ".part")
        wanted = Wanted(ADDRESSES.title, url, "zip", MAX_STATE_BYTES)
        save(job.line, wanted, half, progress=job.progress)
        for old in job.cache.glob("*_OB_ADR_csv.zip"):
            old.unlink()
        half.replace(path)
    return path


def _from_own_archive(code: str, day: str, job: Job) -> Got:
    url = f"{_base(job)}/{day}_OB_{code}_ADR.csv.zip"
    half = job.folder / FOLDER / f"{code}.zip.part"
    save(job.line, Wanted(ADDRESSES.title, url, "zip", MAX_ZIP_BYTES), half)
    try:
        with open_archive(half, source=ADDRESSES.title, max_bytes=MAX_UNPACKED) as archive:
            member = only_member(archive, f"{code}_ADR.csv", source=ADDRESSES.title)
            return url, *read_addresses(archive, member, code=code)
    finally:
        forget(half)


def _base(job: Job) -> str:
    return job.line.settings.addresses_url.rstrip("/")


def _code_of(name: str) -> str:
    match = re.search(r"_OB_(\d{6})_ADR\.csv$", name)
    return match[1] if match else ""


def read_addresses(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, code: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the address points of an obec from a member of an official archive.

    All columns are text but `x` and `y` (metres, EPSG:5514; NaN where the register has none
    or ones outside Czechia).

    Raises
    ------
    AnswerNotUsable, SourceFormChanged
    """
    text = _read_text(archive, member)
    own = text[CODE] == code
    repeated = own & text.duplicated("address_code")
    table = text[own & ~repeated].reset_index(drop=True)
    x, y = (-pd.to_numeric(table[name], errors="coerce") for name in (X, Y))
    low_x, low_y, high_x, high_y = CZECHIA_5514
    inside = (x >= low_x) & (x <= high_x) & (y >= low_y) & (y <= high_y)
    table[X], table[Y] = x.where(inside), y.where(inside)
    counts = (int((~own).sum()), int(repeated.sum()), int((~inside).sum()))
    return table, [
        Finding("warning", _label(code), template, fields={"count": count})
        for template, count in zip(FAULTS, counts, strict=True)
        if count
    ]


def _read_text(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> pd.DataFrame:
    try:
        with archive.open(member) as file, warnings.catch_warnings():
            heading = file.readline(MAX_HEADING).decode("cp1250").strip()
            names = heading.split(";")
            missing = [name for name in COLUMNS if name not in names]
            if missing:
                columns, found = ", ".join(missing), heading[:300]
                raise SourceFormChanged(source=ADDRESSES.title, columns=columns, found=found)
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row with more cells
            table = pd.read_csv(
                file,
                sep=";",
                names=names,
                index_col=False,
                dtype=str,
                keep_default_na=False,
                encoding="cp1250",
                quoting=csv.QUOTE_NONE,
            )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.ParserWarning) as error:
        why = N_("its rows cannot be told apart")
        raise AnswerNotUsable(source=ADDRESSES.title, why=why) from error
    return table[list(COLUMNS)].rename(columns=COLUMNS).fillna("")


def _put(path: Path, table: pd.DataFrame, *, url: str, day: str) -> Manifest:
    half = path.with_name(path.name + ".part")
    table.to_parquet(half, index=False, compression="zstd")
    facts = Facts(rows=len(table), as_of=f"{day[:4]}-{day[4:6]}-{day[6:]}")
    wanted = Wanted(ADDRESSES.title, url, "zip", MAX_ZIP_BYTES)
    manifest = describe(half, path.name, source=ADDRESSES, wanted=wanted, facts=facts)
    half.replace(path)
    return write_manifest(path, manifest)


def _label(code: str) -> str:
    return f"{FOLDER}/{code}.parquet"
