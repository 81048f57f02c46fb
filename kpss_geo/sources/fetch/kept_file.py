"""A file kept as its source gives it: fetched, judged, put in place, with its manifest."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_, AnswerNotUsable, Finding, KpssGeoError
from kpss_geo.sources.fetch.catalogue import OfficialSource
from kpss_geo.sources.fetch.download import Reply, forget, save
from kpss_geo.sources.fetch.line import Job, Wanted
from kpss_geo.sources.fetch.manifest import (
    Fetched,
    Manifest,
    guard,
    now,
    read_manifest,
    was_fetched,
    write_manifest,
)
from kpss_geo.sources.osm import sha256

LEAST: Final = 0.5
"""Share of the rows of the file before that a new one must have; a whole one never halves."""


@dataclass(frozen=True)
class Facts:
    """What is known of a file: how many rows, of which day, until when, of what made, faults."""

    rows: int | None = None
    as_of: str = ""
    valid_to: str = ""
    note: str = ""
    made_from: str = ""
    findings: tuple[Finding, ...] = ()


def fetch_file(
    job: Job,
    wanted: Wanted,
    target: Path,
    *,
    source: OfficialSource,
    judge: Callable[[Path], Facts],
) -> Fetched:
    """Fetch one file into the data folder; what was there stays unless the new one is good.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
    """
    guard(target, replace=job.replace_own or target.is_relative_to(job.cache))
    half = target.with_name(target.name + ".part")
    before = read_manifest(target) if was_fetched(target) else None
    reply = save(job.line, wanted, half, held=_held(before, wanted), progress=job.progress)
    if reply is None and before is not None:
        return Fetched((write_manifest(target, checked_again(before)),), unchanged=True)
    try:
        facts = judge(half)
        if not job.replace_own:
            _require_no_less(facts, before, source)
    except KpssGeoError:
        forget(half)
        raise
    manifest = describe(half, target.name, source=source, reply=reply, wanted=wanted, facts=facts)
    unchanged = before is not None and before.sha256 == manifest.sha256
    half.replace(target)
    return Fetched((write_manifest(target, manifest),), facts.findings, unchanged=unchanged)


def _require_no_less(facts: Facts, before: Manifest | None, source: OfficialSource) -> None:
    """Refuse a file that holds far less than the one it would take the place of."""
    rows = before.rows if before is not None else None
    if rows and facts.rows is not None and facts.rows < LEAST * rows:
        why = N_("it holds less than half of what it held before; --replace takes it all the same")
        raise AnswerNotUsable(source=source.title, why=why)


def describe(
    path: Path,
    name: str,
    *,
    source: OfficialSource,
    wanted: Wanted,
    facts: Facts,
    reply: Reply | None = None,
) -> Manifest:
    """Make the manifest of a file that lies at `path` and will be called `name`."""
    stamp = reply.last_modified if reply is not None else ""
    return Manifest(
        source=source.id,
        file=name,
        url=wanted.url,
        fetched=now(),
        as_of=facts.as_of or _day_of_header(stamp) or now().date().isoformat(),
        title=source.title,
        licence=source.licence,
        attribution=source.attribution,
        sha256=sha256(path),
        bytes=path.stat().st_size,
        rows=facts.rows,
        valid_to=facts.valid_to,
        etag=reply.etag if reply is not None else "",
        last_modified=stamp,
        note=facts.note,
        made_from=facts.made_from,
    )


def checked_again(manifest: Manifest) -> Manifest:
    """Give the manifest with this moment as the time when it was last seen to be the newest."""
    return manifest.model_copy(update={"fetched": now()})


def _held(before: Manifest | None, wanted: Wanted) -> Reply | None:
    if before is None or before.url != wanted.url:
        return None
    return Reply(before.url, before.etag, before.last_modified)


def _day_of_header(stamp: str) -> str:
    try:
        return parsedate_to_datetime(stamp).date().isoformat()
    except (TypeError, ValueError):
        return ""
