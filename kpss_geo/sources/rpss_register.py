"""The imported register as the product's own `Register`: places found, faults of it named."""

from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from kpss_geo.errors import N_, Finding, KpssGeoError, Phrase, Severity
from kpss_geo.schema import ANY_GROUP, CODE, NAME, SERVICE_ID, TYPE_CODE, X, Y
from kpss_geo.settings import Settings
from kpss_geo.sources import geocode
from kpss_geo.sources.addresses import PARTS_FILE, address_files, look_up, no_points
from kpss_geo.sources.register import Completeness, Register
from kpss_geo.sources.rpss import SERVICE_LISTS, Imported
from kpss_geo.sources.rpss_codes import GROUPS as GROUP_LIST
from kpss_geo.sources.rpss_codes import TYPES as TYPE_LIST
from kpss_geo.sources.tidy import tidied

TITLE: Final = "Registr poskytovatelů sociálních služeb (MPSV)"
GEOCODE_FORM: Final = 1
"""Number of the way places are found; a change of it makes them be found anew."""
FOUND_BY: Final = (
    CODE, "address_code", "street", "house_number", "house_kind", "orientation_number",
    "obec_part", "obec_part_code", "secret",
)  # fmt: skip
"""Columns by which a place is found."""
USED: Final = {
    geocode.ADDRESS: N_("The address code is used, and the place counts in that obec."),
    geocode.PARTS: N_("It was found by its street and number in the obec that the register says."),
    geocode.STREET: N_("The middle of its street is used."),
    geocode.OBEC_PART: N_("The middle of its part of the obec is used."),
    geocode.OBEC: N_("The middle of its obec is used."),
    geocode.NOWHERE: N_("Where it stands is not known."),
}
ONE_BY_ONE: Final[dict[str, tuple[Severity, Phrase]]] = {
    geocode.CODE_ELSEWHERE: ("error", N_(
        "{service}, {name}: the register says {obec}, but the address code belongs to {other}. "
        "{used}"
    )),
    geocode.CODE_GONE: ("warning", N_(
        "{service}, {name} ({obec}): RÚIAN has no point for the address code. {used}"
    )),
    geocode.NO_CODE: ("warning", N_(
        "{service}, {name} ({obec}): the register gives no address code. {used}"
    )),
    geocode.ASTRAY: ("error", N_(
        "{service}, {name}: its address point lies far from {obec}. {used}"
    )),
    geocode.NO_SUCH_OBEC: ("error", N_(
        "{service}, {name}: the obec code {code} does not exist. {used}"
    )),
}  # fmt: skip
IN_ALL: Final = (
    N_("{count} places without a valid address code were found by their street and number."),
    N_(
        "{count} places stand in obce whose address points are not in the data folder; the middle "
        "of their part of the obec or of the obec is used. Fetch the address points of those obce."
    ),
    N_("{count} places that have ended were not found by their address; they count on no day now."),
)


def to_register(
    imported: Imported,
    *,
    obce: pd.DataFrame,
    types: Collection[str],
    settings: Settings,
) -> Register:
    """Make the register that the analysis asks, with every place found as well as it can be.

    Parameters
    ----------
    types
        Codes of the types of services that are known.
    settings
        Where the tables of address points are; places found once are kept in the cache.
    """
    located, faults = _located(imported.places, obce=obce, settings=settings)
    named = obce[NAME].reindex(located[CODE]).fillna("").to_numpy()
    places = tidied(imported.places.drop(columns=[CODE]).join(located).assign(obec=named))
    services = _services(imported, places, types)
    findings = [*imported.findings, *faults, *_place_findings(places, imported, obce)]
    whole = _completeness(imported, obce)
    return Register(services, imported.capacities, places, whole, findings)


def _services(imported: Imported, places: pd.DataFrame, types: Collection[str]) -> pd.DataFrame:
    services = tidied(imported.services.set_index(SERVICE_ID))
    for column in SERVICE_LISTS:
        sets = [frozenset(map(str, names)) for names in services[column]]
        services[column] = pd.Series(sets, index=services.index, dtype=object)
    services["addresses"] = (
        places.groupby(SERVICE_ID).size().reindex(services.index, fill_value=0).astype(int)
    )
    services["placeless"] = services["addresses"].eq(0)
    services["clear"] = services[TYPE_CODE].isin(types).to_numpy(dtype=bool)
    return services


def _completeness(imported: Imported, obce: pd.DataFrame) -> Completeness:
    """Say that the register is whole: the country, every type and group it has a name for."""
    names = imported.names.set_index("list")
    groups = names.loc[names.index == GROUP_LIST, NAME]
    types = names.loc[names.index == TYPE_LIST, "code"]
    return Completeness(
        title=TITLE,
        as_of=imported.as_of,
        note="",
        register_groups=frozenset(groups) | ANY_GROUP,
        districts=frozenset(obce["district_code"]),
        type_codes=frozenset(types),
    )


def _located(
    places: pd.DataFrame, *, obce: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, list[Finding]]:
    """Find the places, or take them from the cache where nothing has changed since."""
    path = settings.cache / f"places-{_key(places, obce, settings)}.parquet"
    kept = _read_cache(path, len(places))
    if kept is not None:
        return kept, []
    try:
        points, faults = look_up(settings, places[~places["secret"]]), []
    except KpssGeoError as error:
        points, faults = no_points(), [
            Finding("error", str(error.fields.get("file", "")), error.template, fields=error.fields)
        ]  # fmt: skip
    located = geocode.locate(places, obce=obce, points=points)
    if not faults:
        _write_cache(located, path)
    return located, faults


def _key(places: pd.DataFrame, obce: pd.DataFrame, settings: Settings) -> str:
    """Tell apart what places are found from: their addresses, obce, tables of points."""
    total = sha256(str(GEOCODE_FORM).encode())
    for table in (places[list(FOUND_BY)], obce[[X, Y, "area_km2"]]):
        total.update(pd.util.hash_pandas_object(table).to_numpy().tobytes())
    for path in (*address_files(settings).values(), settings.geo_data / PARTS_FILE):
        if path.is_file():
            stat = path.stat()
            total.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return total.hexdigest()[:24]


def _read_cache(path: Path, rows: int) -> pd.DataFrame | None:
    try:
        kept = pd.read_parquet(path)
    except (OSError, pa.ArrowException):
        return None
    return kept if len(kept) == rows else None


def _write_cache(located: pd.DataFrame, path: Path) -> None:
    """Keep what was found; a cache that cannot be written only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(path.name + ".part")
        located.to_parquet(half, index=False, compression="zstd")
        half.replace(path)
        for old in path.parent.glob("places-*.parquet"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return


def _place_findings(
    places: pd.DataFrame, imported: Imported, obce: pd.DataFrame
) -> Iterator[Finding]:
    """Name what is wrong with places that are open; those that ended, and the many, in sums."""
    problem = places["problem"]
    ended = _ended(places, imported)
    found = places["located"] == geocode.PARTS
    silent = problem.isin([geocode.NO_CODE, geocode.CODE_GONE]) & found
    single = problem.isin(list(ONE_BY_ONE)) & ~silent
    counts = (silent & ~ended, (problem == geocode.NOT_HELD) & ~found & ~ended, single & ended)
    for template, mask in zip(IN_ALL, counts, strict=True):
        if mask.any():
            yield Finding("note", imported.file, template, fields={"count": int(mask.sum())})
    stated = imported.places[CODE]
    for place, code in zip(
        places[single & ~ended].to_dict("records"), stated[single & ~ended], strict=True
    ):
        severity, template = ONE_BY_ONE[place["problem"]]
        column = f"zarizeni[{place['facility']}].adresa"
        fields = {
            "service": place[SERVICE_ID],
            "name": place[NAME],
            "obec": _name_of(code, obce),
            "code": code,
            "other": _name_of(place["other"], obce),
            "used": USED[place["located"]],
        }
        yield Finding(severity, imported.file, template, int(place["record"]), column, fields)


def _ended(places: pd.DataFrame, imported: Imported) -> pd.Series:
    """Whether a place, or its service, has ended before the day of the register."""
    of_service = imported.services.set_index(SERVICE_ID)["until"].reindex(places[SERVICE_ID])
    day = imported.as_of
    return pd.Series(
        [
            any(until is not None and until.isoformat() < day for until in both)
            for both in zip(places["until"], of_service, strict=True)
        ],
        index=places.index,
        dtype=bool,
    )


def _name_of(code: str, obce: pd.DataFrame) -> str:
    return str(obce.at[code, NAME]) if code in obce.index else code
