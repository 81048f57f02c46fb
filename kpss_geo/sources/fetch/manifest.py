"""Beside each fetched file a small JSON that says where it came from: its manifest."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kpss_geo.errors import Finding, OwnFileKept
from kpss_geo.sources.osm import sha256

SUFFIX = ".manifest.json"


class Manifest(BaseModel):
    """Where a file of the data folder comes from.

    `source` is an id of `catalogue`; `as_of` the date of the data (YYYY, YYYY-MM or
    YYYY-MM-DD); `valid_to` the last day they speak of, where they say so. `note` is a
    translatable text on what was done to them, `made_from` tells the downloaded files a
    table was made of from any others (SHA-256).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    file: str
    url: str
    fetched: datetime
    as_of: str
    title: str
    licence: str
    attribution: str
    sha256: str
    bytes: int
    rows: int | None = None
    valid_to: str = ""
    etag: str = ""
    last_modified: str = ""
    note: str = ""
    made_from: str = ""


@dataclass(frozen=True)
class Fetched:
    """What one source gave: manifests of the files, and findings about what they lack.

    No manifest at all means that the source has nothing for the place asked about.
    """

    manifests: tuple[Manifest, ...] = ()
    findings: tuple[Finding, ...] = ()
    unchanged: bool = False


def read_manifest(path: Path) -> Manifest | None:
    """Give the manifest of a file, or None when there is none that can be read."""
    try:
        return Manifest.model_validate_json(_beside(path).read_bytes())
    except (OSError, ValidationError):
        return None


def write_manifest(path: Path, manifest: Manifest) -> Manifest:
    """Write the manifest beside its file, whole or not at all."""
    target = _beside(path)
    half = target.with_name(target.name + ".part")
    half.write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    half.replace(target)
    return manifest


def was_fetched(path: Path) -> bool:
    """Whether the file is exactly what a fetch wrote: it may be fetched over."""
    manifest = read_manifest(path)
    return manifest is not None and path.is_file() and sha256(path) == manifest.sha256


def guard(path: Path, *, replace: bool) -> None:
    """Protect the office's own file from a fetch.

    Raises
    ------
    OwnFileKept
        The file is there, no fetch wrote it as it is, and `replace` was not asked for.
    """
    if path.is_file() and not replace and not was_fetched(path):
        raise OwnFileKept(file=path.name)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def now() -> datetime:
    """Give this moment in UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def day_of(as_of: str) -> date | None:
    """Give the last day that a date of data can mean; None when it is no date.

    >>> day_of("2024"), day_of("2024-02"), day_of("2024-02-11"), day_of("?")
    (datetime.date(2024, 12, 31), datetime.date(2024, 2, 28), datetime.date(2024, 2, 11), None)
    """
    text = {4: f"{as_of}-12-31", 7: f"{as_of}-28"}.get(len(as_of), as_of[:10])
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
