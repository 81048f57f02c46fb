"""Roads from Geofabrik: an OpenStreetMap extract for each kraj that is needed."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_, AnswerNotUsable, Finding, KpssGeoError, MissingExtra
from kpss_geo.sources.fetch.catalogue import ROADS
from kpss_geo.sources.fetch.download import read
from kpss_geo.sources.fetch.kept_file import Facts, checked_again, describe, fetch_file
from kpss_geo.sources.fetch.line import Job, Line, Wanted
from kpss_geo.sources.fetch.manifest import (
    Fetched,
    Manifest,
    guard,
    read_manifest,
    was_fetched,
    write_manifest,
)
from kpss_geo.sources.fetch.roads_join import join_extracts
from kpss_geo.sources.osm import sha256

EXTRACTS: Final = {
    "CZ010": "praha",
    "CZ020": "stredocesky",
    "CZ031": "jihocesky",
    "CZ032": "plzensky",
    "CZ041": "karlovarsky",
    "CZ042": "ustecky",
    "CZ051": "liberecky",
    "CZ052": "kralovehradecky",
    "CZ053": "pardubicky",
    "CZ063": "vysocina",
    "CZ064": "jihomoravsky",
    "CZ071": "olomoucky",
    "CZ072": "zlinsky",
    "CZ080": "moravskoslezky",  # spelled so on the server
}
"""Name of the extract of each kraj on the server."""
FILE: Final = "roads.osm.pbf"
JOINED: Final = N_("Roads of all fetched extracts, joined; other things on the map are left out.")
WITH_PRAHA: Final = "stredocesky"
MAX_BYTES: Final = 1_500_000_000


def extracts_of(regions: Iterable[str]) -> list[str]:
    """Name the extracts that cover the kraje; that of Středočeský kraj holds Praha too.

    >>> extracts_of(["CZ042", "CZ051"]), extracts_of(["CZ010", "CZ020"])
    (['liberecky', 'ustecky'], ['stredocesky'])
    """
    names = {EXTRACTS[region] for region in regions if region in EXTRACTS}
    if WITH_PRAHA in names:
        names.discard(EXTRACTS["CZ010"])
    return sorted(names)


def file_of(extract: str) -> str:
    """Give the name of an extract in the data folder."""
    return f"roads-{extract}.osm.pbf"


def fetch_roads(regions: Iterable[str], job: Job) -> Fetched:
    """Fetch the extracts of the kraje and join all the data folder has into `roads.osm.pbf`.

    An extract that fails is named and the rest goes on.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable
        None could be had (the error is that of the last), or the road file is the office's.
    """
    guard(job.folder / FILE, replace=job.replace_own)
    manifests: list[Manifest] = []
    findings: list[Finding] = []
    unchanged = True
    names = extracts_of(regions)
    for done, name in enumerate(names):
        try:
            got = _fetch_extract(name, job)
        except KpssGeoError as error:
            if not manifests and done == len(names) - 1:
                raise
            finding = Finding("error", file_of(name), error.template, fields=error.fields)
            findings.append(finding)
            continue
        manifests += got.manifests
        unchanged &= got.unchanged
    try:
        manifests.insert(0, _joined(job))
    except MissingExtra as error:
        findings.append(Finding("warning", FILE, error.template, fields=error.fields))
    return Fetched(tuple(manifests), tuple(findings), unchanged=unchanged)


def _joined(job: Job) -> Manifest:
    """Join every extract of the data folder; nothing is done when nothing is new."""
    target = job.folder / FILE
    before = read_manifest(target) if was_fetched(target) else None
    paths = sorted(path for path in job.folder.glob(file_of("*")) if was_fetched(path))
    made_from = hashlib.sha256("".join(map(sha256, paths)).encode()).hexdigest()
    if before is not None and before.made_from == made_from:
        return write_manifest(target, checked_again(before))
    half = target.with_name(FILE + ".part")
    as_of = join_extracts(paths, half, progress=job.progress)
    wanted = Wanted(ROADS.title, job.line.settings.geofabrik_url, "pbf", MAX_BYTES)
    oldest = min(manifest.as_of for path in paths if (manifest := read_manifest(path)))
    facts = Facts(as_of=as_of or oldest, note=JOINED, made_from=made_from)
    manifest = describe(half, FILE, source=ROADS, wanted=wanted, facts=facts)
    half.replace(target)
    return write_manifest(target, manifest)


def _fetch_extract(name: str, job: Job) -> Fetched:
    url = f"{job.line.settings.geofabrik_url.rstrip('/')}/{name}-latest.osm.pbf"

    def judge(half: Path) -> Facts:
        expected = _declared_md5(url, job.line)
        if expected and expected != _md5(half):
            why = N_("its check sum is not the one its server states")
            raise AnswerNotUsable(source=ROADS.title, why=why)
        return Facts()

    wanted = Wanted(ROADS.title, url, "pbf", MAX_BYTES)
    return fetch_file(job, wanted, job.folder / file_of(name), source=ROADS, judge=judge)


def _declared_md5(url: str, line: Line) -> str:
    """Check sum the server states beside the file; empty when it states none."""
    try:
        text = read(line, Wanted(ROADS.title, f"{url}.md5", "text", 10_000))
    except KpssGeoError:
        return ""
    match = re.match(rb"([0-9a-f]{32})\b", text)
    return match[1].decode("ascii") if match else ""


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
