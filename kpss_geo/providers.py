"""The register that the analysis asks: the imported official one, else the extract."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kpss_geo.catalogue import ServiceType, join_types
from kpss_geo.errors import N_, Finding, KpssGeoError
from kpss_geo.population import TargetGroup
from kpss_geo.schema import ANY_GROUP, NAME, TYPE_CODE
from kpss_geo.settings import Settings
from kpss_geo.sources.addresses import PARTS_FILE, address_files
from kpss_geo.sources.files import Found
from kpss_geo.sources.register import Register, read_completeness, read_register
from kpss_geo.sources.register_store import Manifest, manifest_path, read_imported
from kpss_geo.sources.rpss import Imported
from kpss_geo.sources.rpss_codes import TYPES
from kpss_geo.sources.rpss_register import to_register


@dataclass(frozen=True)
class Providers:
    """The register, the types of services it may hold, and the files that were read.

    `as_of` is the day of the imported register; empty when the extract was read.
    """

    register: Register
    types: dict[str, ServiceType]
    files: tuple[Path, ...]
    as_of: str = ""


def read_providers(
    settings: Settings,
    *,
    extract: Found,
    types: Mapping[str, ServiceType],
    targets: Mapping[str, TargetGroup],
    obce: pd.DataFrame,
) -> Providers:
    """Read the imported register of the data folder; without one, the extract.

    An imported register that cannot be read is named, and the extract stands in for it.

    Raises
    ------
    FileNotUsable, MissingColumns
        The extract cannot be read either.
    """
    manifest = manifest_path(settings)
    if manifest is None:
        return _extract(extract, types=types, obce=obce)
    try:
        imported, facts = read_imported(settings)
    except KpssGeoError as error:
        read = _extract(extract, types=types, obce=obce)
        read.register.findings.insert(0, _stands_in(error, extract))
        return read
    joined = join_types(types, _names(imported), imported.services[TYPE_CODE])
    register = to_register(imported, _digest(facts), obce=obce, types=joined, settings=settings)
    register.findings.extend(_about_choice(register, extract, targets))
    where = (*address_files(settings).values(), settings.geo_data / PARTS_FILE)
    used = (manifest, *(path for path in where if path.is_file()))
    return Providers(register, joined, used, as_of=imported.as_of)


def _extract(found: Found, *, types: Mapping[str, ServiceType], obce: pd.DataFrame) -> Providers:
    statement = found.path.with_suffix(".toml")
    beside = statement if statement.is_file() else None
    register = read_register(
        found, obce=obce, completeness=read_completeness(beside), known_types=types
    )
    used = (found.path,) if beside is None else (found.path, beside)
    return Providers(register, dict(types), used)


def _names(imported: Imported) -> dict[str, str]:
    """Names of the types in the register's own list; nothing where only ours was at hand."""
    if TYPES not in imported.official_lists:
        return {}
    rows = imported.names[imported.names["list"] == TYPES]
    return dict(zip(rows["code"], rows[NAME], strict=True))


def _digest(manifest: Manifest) -> str:
    return manifest.parts["places"].sha256


def _stands_in(error: KpssGeoError, extract: Found) -> Finding:
    template = N_(
        "The imported register cannot be read ({file}: {why}). {extract} is used instead; import "
        "the register again."
    )
    fields = {"file": "", "why": "", **error.fields, "extract": extract.label}
    return Finding("error", "register", template, fields=fields)


def _about_choice(
    register: Register, extract: Found, targets: Mapping[str, TargetGroup]
) -> list[Finding]:
    """Say which of two registers is used, and which groups it has no name for."""
    findings = []
    if extract.own:
        template = N_("The imported register is used; {file} in the data folder is not read.")
        fields: dict[str, object] = {"file": extract.label}
        findings.append(Finding("warning", extract.label, template, fields=fields))
    known = register.completeness.register_groups
    for target in targets.values():
        missing = target.register_groups - known - ANY_GROUP
        if missing:
            template = N_(
                "The code list of the register has no target group {names}: who of “{group}” is "
                "covered is not known. Correct target_groups.toml, or fetch the code lists."
            )
            names = ", ".join(sorted(missing))
            fields = {"names": names, "group": target.name}
            findings.append(Finding("warning", "target_groups.toml", template, fields=fields))
    return findings
