"""RÚIAN by the ArcGIS service of ČÚZK: what stands at the codes asked for, page by page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kpss_geo.errors import N_, AnswerNotUsable, DownloadFailed, SourceFormChanged
from kpss_geo.sources.fetch.catalogue import OfficialSource
from kpss_geo.sources.fetch.download import read
from kpss_geo.sources.fetch.line import Job, Line, Wanted

CODES_AT_ONCE: Final = 150
"""As many six-digit codes keep the address under 2 000 characters."""
ROWS_AT_ONCE: Final = 500
MAX_PAGE_BYTES: Final = 100_000_000
TOO_LONG: Final = ("HTTP 404", "HTTP 413", "HTTP 414")
"""How servers refuse an address that is too long; the same question is then posted."""

Feature = dict[str, Any]


@dataclass(frozen=True)
class Layer:
    """A layer of the service: its number, the attribute asked by, and those taken."""

    number: int
    by: str
    attributes: tuple[str, ...]
    source: OfficialSource


def features(layer: Layer, codes: Sequence[str], job: Job) -> list[Feature]:
    """Give the GeoJSON features of the codes, each once; what is not valid now is left out.

    Raises
    ------
    DownloadFailed, DownloadTooLarge, AnswerNotUsable
    SourceFormChanged
        A feature without an attribute it has always had.
    """
    found: list[Feature] = []
    for start in range(0, len(codes), CODES_AT_ONCE):
        job.progress(layer.source.title, start, len(codes))
        for page in _pages(layer, codes[start : start + CODES_AT_ONCE], job.line):
            found += page
    job.progress(layer.source.title, len(codes), len(codes))
    return found


def _pages(layer: Layer, codes: Sequence[str], line: Line) -> Iterator[list[Feature]]:
    seen: set[object] = set()
    offset = 0
    while True:
        answer = _page(layer, codes, offset, line)
        page = answer["features"]
        _require_attributes(page, layer)
        fresh = [row for row in page if row["properties"]["kod"] not in seen]
        yield fresh
        if not _goes_on(answer):
            return
        if not fresh:
            why = N_("it pages without end")
            raise AnswerNotUsable(source=layer.source.title, why=why)
        seen |= {row["properties"]["kod"] for row in fresh}
        offset += len(page)


def _page(layer: Layer, codes: Sequence[str], offset: int, line: Line) -> Mapping[str, Any]:
    query = {
        "where": f"{layer.by} IN ({','.join(codes)}) AND platido IS NULL",
        "outFields": ",".join(layer.attributes),
        "orderByFields": "kod",
        "outSR": "5514",
        "maxAllowableOffset": f"{line.settings.boundary_detail_m:g}",
        "resultOffset": str(offset),
        "resultRecordCount": str(ROWS_AT_ONCE),
        "f": "geojson",
    }
    url = f"{line.settings.ruian_url.rstrip('/')}/{layer.number}/query"
    title = layer.source.title
    try:
        content = read(line, Wanted(title, url, "json", MAX_PAGE_BYTES, query))
    except DownloadFailed as error:
        if not str(error.fields["why"]).startswith(TOO_LONG):
            raise
        content = read(line, Wanted(title, url, "json", MAX_PAGE_BYTES, query, post=True))
    return _parse(content, source=title)


def _parse(content: bytes, *, source: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswerNotUsable(source=source, why=N_("it is no whole JSON")) from error
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        said = str(answer["error"].get("message", ""))[:200]
        code = str(answer["error"].get("code", ""))[:10]
        raise DownloadFailed(source=source, why=f"{code} {said}".strip())
    listed = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise SourceFormChanged(source=source, columns="features", found=_keys(answer))
    return {**answer, "features": listed}


def _goes_on(answer: Mapping[str, Any]) -> bool:
    """Whether the service holds more rows: it says so in one of two places."""
    beside = answer.get("properties")
    inner = beside.get("exceededTransferLimit") if isinstance(beside, dict) else None
    return bool(answer.get("exceededTransferLimit") or inner)


def _require_attributes(page: list[Feature], layer: Layer) -> None:
    for feature in page:
        held = feature.get("properties")
        missing = [name for name in layer.attributes if name not in (held or {})]
        if missing:
            raise SourceFormChanged(
                source=layer.source.title, columns=", ".join(missing), found=_keys(held)
            )


def _keys(thing: object) -> str:
    return ", ".join(str(key)[:40] for key in list(thing)[:20]) if isinstance(thing, dict) else "–"
