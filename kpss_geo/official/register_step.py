"""The register of providers: fetched, taken over at once, and what is new in it told.

The file as published holds names of people; it stays in the cache, and only what the import
lets in comes into the data folder.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from kpss_geo.catalogue import read_service_types
from kpss_geo.errors import N_, Finding, KpssGeoError
from kpss_geo.official.news import Change
from kpss_geo.register_update import Taken, take_register
from kpss_geo.schema import CODE, SERVICE_ID
from kpss_geo.settings import Settings
from kpss_geo.sources.fetch.catalogue import REGISTER
from kpss_geo.sources.fetch.kept_file import Facts, checked_again, describe
from kpss_geo.sources.fetch.line import Job, Wanted
from kpss_geo.sources.fetch.manifest import (
    Fetched,
    Manifest,
    guard,
    read_manifest,
    was_fetched,
    write_manifest,
)
from kpss_geo.sources.fetch.mpsv_register import fetch_register
from kpss_geo.sources.files import find
from kpss_geo.sources.register_changes import KINDS
from kpss_geo.sources.register_store import FOLDER, MANIFEST, read_imported

EXTRACT: Final = "register.csv"
"""The office's own extract: the official register would take its place."""


def fetch_and_take(
    codes: Collection[str], job: Job, settings: Settings, *, obce: pd.DataFrame
) -> tuple[Fetched, tuple[Change, ...]]:
    """Fetch the register, import it into the data folder, and tell what changed in the obce.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
    FileNotUsable
        The file holds no service that can be used; the register before stays.
    """
    guard(job.folder / EXTRACT, replace=job.replace_own)
    fetched = fetch_register(job)
    raw = fetched.manifests[0]
    held = job.folder / FOLDER / MANIFEST
    before = read_manifest(held) if was_fetched(held) else None
    if before is not None and before.made_from == raw.sha256 and _is_readable(settings):
        manifest = write_manifest(held, checked_again(before))
        return Fetched((manifest,), fetched.findings, unchanged=True), ()
    types = read_service_types(find("types.csv", settings=settings))
    taken = take_register(job.cache / raw.file, settings, obce=obce, types=types)
    manifest = _put_manifest(held, raw, rows=len(taken.register.services))
    findings = (*fetched.findings, _counts(taken))
    return Fetched((manifest,), findings), _news(taken, codes, names=dict(obce["name"]))


def _is_readable(settings: Settings) -> bool:
    try:
        read_imported(settings)
    except KpssGeoError:
        return False
    return True


def _put_manifest(held: Path, raw: Manifest, *, rows: int) -> Manifest:
    wanted = Wanted(REGISTER.title, raw.url, "json", 0)
    facts = Facts(rows=rows, as_of=raw.as_of, made_from=raw.sha256)
    name = f"{FOLDER}/{MANIFEST}"
    return write_manifest(held, describe(held, name, source=REGISTER, wanted=wanted, facts=facts))


def _counts(taken: Taken) -> Finding:
    errors = sum(finding.severity == "error" for finding in taken.register.findings)
    fields = {
        "services": len(taken.register.services),
        "places": len(taken.register.places),
        "left_out": taken.left_out,
        "records": taken.records,
        "errors": errors,
        "others": len(taken.register.findings) - errors,
    }
    template = N_(
        "{services} services, {places} places; {left_out} of {records} records were left out. "
        "{errors} errors and {others} other findings: kpss-geo data check."
    )
    return Finding("note", FOLDER, template, fields=fields)


def _news(taken: Taken, codes: Collection[str], *, names: Mapping[str, str]) -> tuple[Change, ...]:
    """Tell changes of services that have a place in one of the obce, or had one."""
    if taken.changes is None:
        return ()
    places = taken.register.places
    here = set(places.loc[places[CODE].isin(list(codes)), SERVICE_ID])
    called = {names[code] for code in codes if code in names}
    template = N_("{what}: {provider} ({obce}) – {before} → {after}")
    return tuple(
        Change(
            "register",
            row[SERVICE_ID],
            template,
            {
                "what": KINDS[row["kind"]],
                "provider": row["provider"],
                "obce": row["obce"],
                "before": row["before"] or "–",
                "after": row["after"] or "–",
            },
        )
        for row in taken.changes.to_dict("records")
        if row[SERVICE_ID] in here or called & set(row["obce"].split(", "))
    )
