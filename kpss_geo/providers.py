"""The register that the analysis asks: the imported official one, else the extract."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pandas as pd

from kpss_geo.catalogue import ServiceType
from kpss_geo.errors import N_, Finding, KpssGeoError
from kpss_geo.population import TargetGroup
from kpss_geo.schema import ANY_GROUP, CODE, NAME, TYPE_CODE, X, Y
from kpss_geo.settings import Settings
from kpss_geo.sources.files import Found
from kpss_geo.sources.register import Register, read_completeness, read_register
from kpss_geo.sources.register_store import manifest_path, read_imported
from kpss_geo.sources.rpss import Imported
from kpss_geo.sources.rpss_codes import TYPES
from kpss_geo.sources.rpss_register import to_register
from kpss_geo.text import fold


@dataclass(frozen=True)
class Providers:
    """The register, the types of services it may hold, and the files that were read.

    `as_of` is the day of the imported register, `digest` tells where its places were found;
    both are empty when the extract was read.
    """

    register: Register
    types: dict[str, ServiceType]
    files: tuple[Path, ...]
    as_of: str = ""
    digest: str = ""


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
    if manifest_path(settings) is None:
        return _extract(extract, types=types, obce=obce)
    try:
        read = imported_register(settings, obce=obce, types=types)
    except KpssGeoError as error:
        read = _extract(extract, types=types, obce=obce)
        read.register.findings.insert(0, _stands_in(error, extract))
    else:
        read.register.findings.extend(_about_choice(read.register, extract, targets))
    return read


def imported_register(
    settings: Settings, *, obce: pd.DataFrame, types: Mapping[str, ServiceType]
) -> Providers:
    """Read the imported register of the data folder.

    Raises
    ------
    FileNotUsable
        There is none, or a table of it is spoiled.
    """
    return providers_of(read_imported(settings), settings, obce=obce, types=types)


def providers_of(
    imported: Imported,
    settings: Settings,
    *,
    obce: pd.DataFrame,
    types: Mapping[str, ServiceType],
) -> Providers:
    """Make of an imported register what the analysis asks."""
    joined = join_types(types, _names(imported), imported.services[TYPE_CODE])
    register = to_register(imported, obce=obce, types=joined, settings=settings)
    path = manifest_path(settings)
    files = () if path is None else (path,)
    return Providers(register, joined, files, imported.as_of, _where(register.places))


def _where(places: pd.DataFrame) -> str:
    hashes = pd.util.hash_pandas_object(places[[CODE, X, Y, "located"]], index=False)
    return sha256(hashes.to_numpy().tobytes()).hexdigest()


def join_types(
    ours: Mapping[str, ServiceType], register: Mapping[str, str], used: Iterable[str]
) -> dict[str, ServiceType]:
    """Give the types of the register's own code list, with what the list does not say from ours.

    Names are the register's; paragraph, forms by law, working groups and the accusative are
    ours, found by name, else by code. A type that only the register knows has a name alone;
    a code that is `used` without being in any list has not even that.
    """
    by_name = {fold(kind.name): kind for kind in ours.values()}
    official = {fold(name) for name in register.values()}
    renamed = {code: kind for code, kind in ours.items() if fold(kind.name) not in official}
    joined: dict[str, ServiceType] = {}
    for code, name in register.items():
        same = by_name.get(fold(name))
        kind = same or renamed.pop(code, _nameless(code))
        if not same:
            kind = replace(kind, name=name, name_one=name, name_one_acc=name)
        joined[code] = replace(kind, code=code)
    rest = {code: kind for code, kind in renamed.items() if code not in joined}
    unknown = sorted(set(used) - {""} - joined.keys() - rest.keys())
    both = joined | rest | {code: _nameless(code) for code in unknown}
    order = {code: place for place, code in enumerate(ours)}
    return {code: both[code] for code in sorted(both, key=lambda c: order.get(c, len(order)))}


def _nameless(code: str) -> ServiceType:
    name = f"č. {code}"
    return ServiceType(code, "", name, name, name, (), ())


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
