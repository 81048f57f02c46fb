"""Timetables (GTFS) of the public transport that serves a kraj, kept as they are published."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_, AnswerNotUsable, Finding, KpssGeoError, SourceFormChanged
from kpss_geo.sources.fetch.archives import open_archive
from kpss_geo.sources.fetch.catalogue import TIMETABLES
from kpss_geo.sources.fetch.kept_file import Facts, fetch_file
from kpss_geo.sources.fetch.line import Job, Wanted
from kpss_geo.sources.fetch.manifest import Fetched, Manifest

SERVES: Final = {"pid": ("CZ010", "CZ020"), "kordis": ("CZ064",)}
"""Kraje that a feed known here serves; a feed not known here is taken to serve any."""
NEEDED: Final = ("agency.txt", "routes.txt", "stop_times.txt", "stops.txt", "trips.txt")
CALENDARS: Final = ("calendar.txt", "calendar_dates.txt")
MAX_BYTES: Final = 300_000_000
MAX_UNPACKED: Final = 4_000_000_000


def feeds_of(regions: Iterable[str], urls: Mapping[str, str]) -> dict[str, str]:
    """Give the feeds (name: address) that serve any of the kraje.

    >>> feeds_of(["CZ064"], {"pid": "http://a", "kordis": "http://b", "ours": "http://c"})
    {'kordis': 'http://b', 'ours': 'http://c'}
    """
    wanted = set(regions)
    return {
        name: url for name, url in urls.items() if name not in SERVES or wanted & set(SERVES[name])
    }


def file_of(feed: str) -> str:
    """Give the name of a feed in the data folder."""
    return f"gtfs-{re.sub(r'[^a-z0-9-]', '-', feed.lower())}.zip"


def fetch_timetables(regions: Iterable[str], job: Job) -> Fetched:
    """Fetch the feeds of the kraje; one that fails is named, the rest goes on.

    Nothing is fetched where no feed is known to serve the kraje.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
        None could be had; the error is that of the last.
    """
    feeds = feeds_of(regions, dict(job.line.settings.gtfs_urls))
    manifests: list[Manifest] = []
    findings: list[Finding] = []
    unchanged = True
    for done, (name, url) in enumerate(feeds.items()):
        wanted = Wanted(TIMETABLES.title, url, "zip", MAX_BYTES)
        try:
            target = job.folder / file_of(name)
            got = fetch_file(job, wanted, target, source=TIMETABLES, judge=judge_feed)
        except KpssGeoError as error:
            if not manifests and done == len(feeds) - 1:
                raise
            findings.append(Finding("error", file_of(name), error.template, fields=error.fields))
            continue
        manifests += got.manifests
        unchanged &= got.unchanged
    return Fetched(tuple(manifests), tuple(findings), unchanged=unchanged)


def judge_feed(path: Path) -> Facts:
    """Judge a GTFS archive: its tables, how many stops, and the days it speaks of.

    Raises
    ------
    AnswerNotUsable, DownloadTooLarge, SourceFormChanged
    """
    with open_archive(path, source=TIMETABLES.title, max_bytes=MAX_UNPACKED) as archive:
        names = set(archive.namelist())
        missing = [name for name in NEEDED if name not in names]
        if not names & set(CALENDARS):
            missing.append(CALENDARS[0])
        if missing:
            found = ", ".join(sorted(names)[:20])
            columns = ", ".join(missing)
            raise SourceFormChanged(source=TIMETABLES.title, columns=columns, found=found)
        try:
            stops = sum(1 for _ in _rows(archive, "stops.txt"))
            days = sorted(_days(archive))
        except csv.Error as error:
            why = N_("its rows cannot be told apart")
            raise AnswerNotUsable(source=TIMETABLES.title, why=why) from error
    return Facts(rows=stops, valid_to=_iso(days[-1]) if days else "")


def _days(archive: zipfile.ZipFile) -> set[str]:
    """Give days of service as YYYYMMDD: ends of calendars and days added to them."""
    found: set[str] = set()
    for table, column in (("calendar.txt", "end_date"), ("calendar_dates.txt", "date")):
        if table in archive.namelist():
            rows = (row for row in _rows(archive, table) if row.get("exception_type", "1") == "1")
            found |= {row.get(column) or "" for row in rows}
    return {day for day in found if re.fullmatch(r"\d{8}", day)}


def _rows(archive: zipfile.ZipFile, table: str) -> Iterable[dict[str, str]]:
    with archive.open(table) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace"))


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"
