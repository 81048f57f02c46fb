"""Metadata of the GeoPackage for map catalogues: ISO 19115 written as ISO 19139."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kpss_geo import settings
from kpss_geo.errors import N_
from kpss_geo.export import listing, terms, whole
from kpss_geo.export.bundle import Bundle, boundaries_words, question_lines
from kpss_geo.export.dcat import KEYWORDS, WHAT
from kpss_geo.report.files import degrees
from kpss_geo.sources.segments import Progress, silent

CODES: Final = (
    "http://standards.iso.org/ittf/PubliclyAvailableStandards/ISO_19139_Schemas/resources/"
    "codelist/gmxCodelists.xml"
)
LISTS: Final = {
    "characterSet": "MD_CharacterSetCode",
    "hierarchyLevel": "MD_ScopeCode",
    "level": "MD_ScopeCode",
    "role": "CI_RoleCode",
    "dateType": "CI_DateTypeCode",
    "maintenanceAndUpdateFrequency": "MD_MaintenanceFrequencyCode",
    "accessConstraints": "MD_RestrictionCode",
    "spatialRepresentationType": "MD_SpatialRepresentationTypeCode",
}
"""Code list of each element that takes its value from one."""
_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kpss_geo.export", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    finalize=lambda value: _allowed(value) if isinstance(value, str) else value,
)


def write_iso(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the record of the GeoPackage into the folder, beside it; give its path."""
    progress(N_("Describing the GeoPackage"), 1)
    name = whole.file_name(bundle.territory.id)
    return [whole.write(out / f"{name}-gpkg-iso19139.xml", record(bundle).encode())]


def record(bundle: Bundle) -> str:
    """Make the record: what it is, where, of what day, from what, on what terms."""
    west, south, east, north = degrees(bundle.ground.areas).total_bounds
    day = bundle.question.on.isoformat()
    name = whole.file_name(bundle.territory.id)
    return _ENVIRONMENT.get_template("iso19139.xml").render(
        lists=LISTS,
        codes=CODES,
        identifier=f"kpss-geo-{name}-{bundle.question.data_digest}-{day}",
        publisher=settings.current().operator,
        day=day,
        title=f"Dostupnost sociálních služeb: {bundle.title}",
        edition=f"{dict(question_lines(bundle))['Program']}, data {bundle.question.data_digest}",
        abstract=WHAT,
        keywords=KEYWORDS,
        place=bundle.territory.name,
        west=west, south=south, east=east, north=north,
        question="; ".join(f"{what}: {value}" for what, value in question_lines(bundle)),
        limits=listing.notes(bundle),
        licences=_licences(bundle),
        lineage=_lineage(bundle),
        file=f"{name}.gpkg",
    )  # fmt: skip


def _licences(bundle: Bundle) -> list[str]:
    """Name licences as they are; a source without one is named too."""
    unclear = terms.unclear(bundle)
    allowed = terms.licence(bundle)
    lines = [f"Podmínky užití nejsou známy: {', '.join(unclear)}"] if unclear else []
    return lines + ([f"{allowed} – {terms.authors(bundle)}"] if allowed else [])


def _lineage(bundle: Bundle) -> str:
    used: list[dict[str, Any]] = listing.sources(bundle)
    named = "; ".join(f"{s['title']}: {s['source']}, {s['as_of']}, {s['licence']}" for s in used)
    return f"Hranice obcí: {boundaries_words(bundle)}. Zdroje: {named}."


def _allowed(text: str) -> str:
    """Leave out characters that no XML may hold."""
    kept = "".join(c for c in text if c in "\t\n\r" or c >= " ")
    return type(text)(kept) if kept != text else text
