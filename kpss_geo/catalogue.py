"""Types of services, and which places of them are open to whom on a given day."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.errors import UnknownServiceType
from kpss_geo.schema import ANY_GROUP, CODE, FORMS, NAME, SERVICE_ID, TYPE_CODE, X, Y
from kpss_geo.sources.files import Found
from kpss_geo.sources.register import ACT, GROUPS, Register
from kpss_geo.sources.tables import read_csv
from kpss_geo.territory import nearest_names
from kpss_geo.text import fold

BY_DISTANCE: Final = ("pob", "amb")
"""Forms that people travel to; the field form comes to them and is judged otherwise."""
FIELD: Final = "ter"
DOUBTFUL: Final = "?"
"""In place of a form: of a service whose form or type is not known."""


@dataclass(frozen=True)
class ServiceType:
    """A type of social service by the act.

    `name_one`, `name_one_acc`: one such service, nominative and accusative.
    """

    code: str
    paragraph: str
    name: str
    name_one: str
    name_one_acc: str
    forms: tuple[str, ...]
    working_groups: tuple[str, ...]

    @property
    def label(self) -> str:
        """Name with its paragraph."""
        return f"{self.name} (§\u00a0{self.paragraph})" if self.paragraph else self.name


@dataclass(frozen=True)
class Supply:
    """What the register says of one type for one target group on one day.

    places
        Places people can travel to, one row per address; `forms` names the forms by
        which they count; `x`, `y` metres.
    doubtful
        Places of services whose form, type or target group is not known: they may count or not.
    unlocated
        Forms by which a place is open of which not even the obec is known; `DOUBTFUL`
        when its form or type is not known either.
    field
        Services that come to people: index `service_id`; `name`, `provider`, `town` and
        `code` (obec of the first address, empty when not known), `x`, `y` (metres, NaN
        when not known), `capacity`, `regions` (codes of whole regions the register names).
    by_field
        Whether somebody may be served at home: by law or by a registration.
    known_day, known_type, known_group
        Whether the register holds this day, this type, this target group, whole.
    """

    places: pd.DataFrame
    doubtful: pd.DataFrame
    unlocated: frozenset[str]
    field: pd.DataFrame
    by_field: bool
    known_day: bool
    known_type: bool
    known_group: bool


def read_service_types(found: Found) -> dict[str, ServiceType]:
    """Read the types of services, by register code, in the order of the act.

    Raises
    ------
    FileNotUsable, MissingColumns
        The file cannot be read.
    """
    columns = (TYPE_CODE, "paragraph", NAME, "name_one", "name_one_acc", "forms", "working_groups")
    table = read_csv(found.path, columns=columns)
    return {
        row[TYPE_CODE]: ServiceType(
            code=row[TYPE_CODE],
            paragraph=row["paragraph"],
            name=row[NAME],
            name_one=row["name_one"] or row[NAME],
            name_one_acc=row["name_one_acc"] or row[NAME],
            forms=tuple(form for form in row["forms"].split("|") if form in FORMS),
            working_groups=tuple(filter(None, row["working_groups"].split("|"))),
        )
        for row in table[list(columns)].to_dict("records")
    }


def choose_type(types: Mapping[str, ServiceType], given: str) -> ServiceType:
    """Give the type named by the register's code (13), paragraph (§49) or name.

    Raises
    ------
    UnknownServiceType
        No type is called so; the nearest names are in the error.
    """
    wanted = fold(given).replace("\u00a0", " ")
    if wanted in types:
        return types[wanted]
    paragraph = wanted.removeprefix("§").strip() if wanted.startswith("§") else ""
    for kind in types.values():
        if wanted in (fold(kind.name), fold(kind.name_one_acc)) or (
            paragraph and kind.paragraph == paragraph
        ):
            return kind
    codes = {kind.name: kind.code for kind in types.values()}
    nearest = (f"{name} ({codes[name]})" for name in nearest_names(given, codes))
    raise UnknownServiceType(given=given, nearest=", ".join(nearest))


def supplies(
    register: Register,
    kinds: Mapping[str, ServiceType],
    *,
    groups: frozenset[str],
    on: date,
) -> dict[str, Supply]:
    """Give for each type what is open on a day to any of the register's target groups.

    `groups` equal to `ANY_GROUP` counts a service whatever its target group. A service that
    ended before the day, or starts after it, covers nobody. A service whose type is not
    known is doubtful in every type.
    """
    chosen = _open_services(register, groups, on)
    capacity = _capacities(register, chosen.index)
    chosen = chosen.assign(
        capacity=capacity,
        own_forms=capacity.map(lambda lines: tuple(dict.fromkeys(form for form, _, _ in lines))),
    )
    places = _places(register, chosen)
    return {
        code: _supply(register, kind, chosen, places, groups, on) for code, kind in kinds.items()
    }


def in_form(forms: pd.Series, form: str) -> NDArray[np.bool_]:
    """Whether each of the tuples of forms holds a form."""
    return np.array([form in some for some in forms], dtype=bool)


def _open_services(register: Register, groups: frozenset[str], on: date) -> pd.DataFrame:
    services = register.services
    counts = [
        (since is None or since <= on)
        and (until is None or until >= on)
        and (groups == ANY_GROUP or not theirs or bool(groups & theirs))
        for since, until, theirs in services[["since", "until", GROUPS]].itertuples(index=False)
    ]
    return services[np.array(counts, dtype=bool)]


def _supply(
    register: Register,
    kind: ServiceType,
    chosen: pd.DataFrame,
    places: pd.DataFrame,
    groups: frozenset[str],
    on: date,
) -> Supply:
    clear = chosen["clear"].astype(bool)
    mine = chosen[clear & chosen[TYPE_CODE].eq(kind.code) & chosen["source"].eq(ACT)]
    silent = mine[GROUPS].map(len).eq(0) & (groups != ANY_GROUP)
    formless = mine["own_forms"].map(len) == 0
    doubtful = pd.Index([*chosen.index[~clear], *mine.index[formless | silent]])
    mine = mine[~silent]
    stands = places[places[SERVICE_ID].isin(mine.index) & (places["forms"].map(len) > 0)]
    unsure = places[places[SERVICE_ID].isin(doubtful)]
    nowhere = {form for forms in stands.loc[stands[X].isna(), "forms"] for form in forms}
    known = register.completeness
    return Supply(
        places=stands[stands[X].notna()].reset_index(drop=True),
        doubtful=unsure[unsure[X].notna()].reset_index(drop=True),
        unlocated=frozenset(nowhere | ({DOUBTFUL} if unsure[X].isna().any() else set())),
        field=_field(mine, places),
        by_field=FIELD in kind.forms or bool(in_form(mine["own_forms"], FIELD).any()),
        known_day=known.whole_from is None or on >= known.whole_from,
        known_type=kind.code in known.type_codes,
        known_group=groups <= known.register_groups,
    )


def _field(services: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Services of the field form, each with its first address as its seat."""
    mine = services[in_form(services["own_forms"], FIELD)]
    seats = places[places[SERVICE_ID].isin(mine.index)].drop_duplicates(SERVICE_ID)
    seats = seats.set_index(SERVICE_ID).reindex(mine.index)
    return pd.DataFrame(
        {
            NAME: seats[NAME].fillna(""),
            "provider": mine["provider"],
            "town": seats["obec"].fillna(""),
            CODE: seats[CODE].fillna(""),
            X: seats[X].astype(float),
            Y: seats[Y].astype(float),
            "capacity": mine["capacity"],
            "regions": mine["regions"],
        }
    )


def _places(register: Register, services: pd.DataFrame) -> pd.DataFrame:
    """Every address of the services, with what of them is said at each address."""
    mine = register.places[register.places[SERVICE_ID].isin(services.index)]
    facts = services.reindex(mine[SERVICE_ID])
    forms = [tuple(form for form in BY_DISTANCE if form in own) for own in facts["own_forms"]]
    table = mine.assign(
        provider=facts["provider"].to_numpy(),
        addresses=facts["addresses"].to_numpy(),
        forms=pd.Series(forms, index=mine.index, dtype=object),
        capacity=pd.Series(list(facts["capacity"]), index=mine.index, dtype=object),
        address=[_address(row) for row in mine.to_dict("records")],
    )
    columns = [
        SERVICE_ID, NAME, "provider", "address", "obec", CODE, "phone", "web", "forms",
        "capacity", "addresses", "located", X, Y,
    ]  # fmt: skip
    return table[columns]


def _capacities(register: Register, services: pd.Index) -> pd.Series:
    """Form, unit and count of each line of a registration's capacity, as a tuple of tuples."""
    rows = register.capacities[register.capacities[SERVICE_ID].isin(services)]
    by_service: dict[str, list[tuple[str, str, float]]] = {}
    columns = (rows[name] for name in (SERVICE_ID, "form", "unit", "count"))
    for service, form, unit, count in zip(*columns, strict=True):
        by_service.setdefault(service, []).append((form, unit, count))
    return pd.Series(
        [tuple(by_service.get(service, ())) for service in services], index=services, dtype=object
    )


def _address(place: Mapping[Hashable, str]) -> str:
    """Street and number, then postcode and obec, as on an envelope."""
    numbers = "/".join(filter(None, (place["house_number"], place["orientation_number"])))
    street = place["street"] or place["obec_part"] or place["obec"]
    first = " ".join(filter(None, (street, numbers)))
    postcode = place["postcode"].replace(" ", "")
    spaced = f"{postcode[:3]} {postcode[3:]}" if len(postcode) == 5 else postcode
    return ", ".join(filter(None, (first, f"{spaced} {place['obec']}".strip())))
