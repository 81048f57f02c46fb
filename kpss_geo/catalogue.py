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
from kpss_geo.sources.register import ACT, GROUPS, Register, is_open, open_places
from kpss_geo.sources.tables import read_csv
from kpss_geo.territory import WorkingGroup, nearest_names
from kpss_geo.text import fold

BY_DISTANCE: Final = ("pob", "amb")
"""Forms that people travel to; the field form comes to them and is judged otherwise."""
FIELD: Final = "ter"
DOUBTFUL: Final = "?"
"""In place of a form: of a service of which it is not known whether it counts."""


@dataclass(frozen=True)
class ServiceType:
    """A type of social service by the act.

    `name_one`, `name_one_acc`: one such service, nominative and accusative. `anywhere`: it
    is given by telephone, so one with a seat anywhere in the country may serve an obec.
    """

    code: str
    paragraph: str
    name: str
    name_one: str
    name_one_acc: str
    forms: tuple[str, ...]
    working_groups: tuple[str, ...]
    anywhere: bool = False

    def of_group(self, group: WorkingGroup) -> bool:
        """Whether a working group talks about this type."""
        return group.talks_about(self.code, self.working_groups)

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
        Places of services whose form, type or target group is not known, or which stand in
        the register twice with different words: they may count or not.
    unlocated
        Forms by which a service is open that names no place, or one of which not even the
        obec is known; `DOUBTFUL` when it may count or not.
    field
        Services that come to people: index `service_id`; `name`, `provider`, `town` and
        `code` (obec of the first address, empty when not known), `x`, `y` (metres, NaN
        when not known), `capacity`, `regions` (codes of whole regions the register names).
    seats
        Every open address of the services of `field`: `service_id`, `name`, `town`, `code`,
        `x`, `y`; a service without any has one row of empty texts and NaN.
    by_field
        Whether somebody may be served at home: by law or by a registration.
    known_day, known_type, known_group
        Whether the register holds this day, this type, this target group, whole.
    """

    places: pd.DataFrame
    doubtful: pd.DataFrame
    unlocated: frozenset[str]
    field: pd.DataFrame
    seats: pd.DataFrame
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
    if "anywhere" not in table.columns:
        table["anywhere"] = ""
    return {
        row[TYPE_CODE]: ServiceType(
            code=row[TYPE_CODE],
            paragraph=row["paragraph"],
            name=row[NAME],
            name_one=row["name_one"] or row[NAME],
            name_one_acc=row["name_one_acc"] or row[NAME],
            forms=tuple(form for form in row["forms"].split("|") if form in FORMS),
            working_groups=tuple(filter(None, row["working_groups"].split("|"))),
            anywhere=row["anywhere"] == "1",
        )
        for row in table[[*columns, "anywhere"]].to_dict("records")
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
    ended before the day, or starts after it, covers nobody; nor does a place of it that did.
    A service whose type is not known is doubtful in every type.
    """
    chosen = _open_services(register, groups, on)
    capacity = _capacities(register, chosen.index)
    chosen = chosen.assign(
        capacity=capacity,
        own_forms=capacity.map(lambda lines: tuple(dict.fromkeys(form for form, _, _ in lines))),
    )
    places = _places(open_places(register, on), chosen)
    return {
        code: _supply(register, kind, chosen, places, groups, on) for code, kind in kinds.items()
    }


def in_form(forms: pd.Series, form: str) -> NDArray[np.bool_]:
    """Whether each of the tuples of forms holds a form."""
    return np.array([form in some for some in forms], dtype=bool)


def _open_services(register: Register, groups: frozenset[str], on: date) -> pd.DataFrame:
    """Services open on the day that may serve the groups; `sure` of those that surely do.

    One whose groups the register does not give, or which stands in it twice with different
    words, may count or not.
    """
    services = register.services
    anybody = groups == ANY_GROUP
    serves = services[GROUPS].map(lambda theirs: anybody or bool(groups & theirs)).astype(bool)
    unsaid = services[GROUPS].map(len).eq(0) & (not anybody)
    sure = ~unsaid & ~services["apart"].astype(bool)
    return services.assign(sure=sure)[is_open(services, on) & (serves | unsaid)]


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
    sure = mine["sure"].astype(bool)
    travelled = mine["own_forms"].map(lambda own: not own or bool({*own} & {*BY_DISTANCE}))
    maybe = travelled & (~sure | mine["own_forms"].map(len).eq(0))
    doubtful = pd.Index([*chosen.index[~clear], *mine.index[maybe]])
    counted = mine[sure & ~maybe]
    stands = places[places[SERVICE_ID].isin(counted.index) & (places["forms"].map(len) > 0)]
    unsure = places[places[SERVICE_ID].isin(doubtful)]
    known = register.completeness
    field, seats = _field(mine, places)
    return Supply(
        places=stands[stands[X].notna()].reset_index(drop=True),
        doubtful=unsure[unsure[X].notna()].reset_index(drop=True),
        unlocated=_unlocated(counted, stands) | _doubtful(chosen.loc[doubtful], unsure),
        field=field,
        seats=seats,
        by_field=FIELD in kind.forms or bool(in_form(mine["own_forms"], FIELD).any()),
        known_day=known.whole_from is None or on >= known.whole_from,
        known_type=kind.code in known.type_codes,
        known_group=groups <= known.register_groups,
    )


def _unlocated(services: pd.DataFrame, stands: pd.DataFrame) -> frozenset[str]:
    """Forms of services with a place of which nothing is known, or with no place at all."""
    nowhere = services.index.isin(stands.loc[stands[X].isna(), SERVICE_ID])
    forms = services.loc[nowhere | services["placeless"].astype(bool), "own_forms"]
    return frozenset(form for own in forms for form in own if form in BY_DISTANCE)


def _doubtful(services: pd.DataFrame, unsure: pd.DataFrame) -> frozenset[str]:
    somewhere = bool(unsure[X].isna().any() or services["placeless"].any())
    return frozenset({DOUBTFUL} if somewhere else ())


def _field(services: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Services of the field form, each with its first address; and every address of theirs."""
    mine = services[in_form(services["own_forms"], FIELD)]
    theirs = places[places[SERVICE_ID].isin(mine.index)]
    first = theirs.drop_duplicates(SERVICE_ID).set_index(SERVICE_ID).reindex(mine.index)
    nowhere = mine.index[~mine.index.isin(theirs[SERVICE_ID])]
    columns = [SERVICE_ID, NAME, "obec", CODE, X, Y]
    seats = pd.concat([theirs[columns], pd.DataFrame({SERVICE_ID: nowhere})], ignore_index=True)
    field = pd.DataFrame(
        {
            NAME: first[NAME].fillna(""),
            "provider": mine["provider"],
            "town": first["obec"].fillna(""),
            CODE: first[CODE].fillna(""),
            X: first[X].astype(float),
            Y: first[Y].astype(float),
            "capacity": mine["capacity"],
            "regions": mine["regions"],
        }
    )
    seats = seats.rename(columns={"obec": "town"}).fillna({NAME: "", "town": "", CODE: ""})
    return field, seats.astype({X: float, Y: float})


def _places(places: pd.DataFrame, services: pd.DataFrame) -> pd.DataFrame:
    """Every open address of the services, with what of them is said at each address."""
    mine = places[places[SERVICE_ID].isin(services.index)]
    addresses = mine.groupby(SERVICE_ID).size()
    facts = services.reindex(mine[SERVICE_ID])
    forms = [tuple(form for form in BY_DISTANCE if form in own) for own in facts["own_forms"]]
    table = mine.assign(
        provider=facts["provider"].to_numpy(),
        addresses=addresses.reindex(mine[SERVICE_ID]).to_numpy(),
        forms=pd.Series(forms, index=mine.index, dtype=object),
        capacity=pd.Series(list(facts["capacity"]), index=mine.index, dtype=object),
        address=[_address(row) for row in mine.to_dict("records")],
    )
    columns = [
        SERVICE_ID, NAME, "provider", "address", "obec", CODE, "phone", "web", "forms",
        "capacity", "addresses", "located", "secret", X, Y,
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


def contacts(register: Register, on: date) -> pd.DataFrame:
    """Give address, telephone and web of the first open place of every service, by its id."""
    first = open_places(register, on).drop_duplicates(SERVICE_ID)
    table = first.assign(address=[_address(row) for row in first.to_dict("records")])
    columns = ["address", "phone", "web", "located"]
    return table.set_index(SERVICE_ID)[columns].join(register.services["addresses"])


def addresses(register: Register, on: date) -> pd.Series:
    """Give the addresses of the open places by service id and obec code, as one text each."""
    places = open_places(register, on)
    table = places.assign(address=[_address(row) for row in places.to_dict("records")])
    one = table.drop_duplicates([SERVICE_ID, CODE, "address"])
    joined: pd.Series = one.groupby([SERVICE_ID, CODE])["address"].agg("; ".join)
    return joined


def _address(place: Mapping[Hashable, str]) -> str:
    """Street and number, then postcode and obec, as on an envelope; a secret one: its obec."""
    numbers = "/".join(filter(None, (place["house_number"], place["orientation_number"])))
    street = place["street"] or place["obec_part"] or (place["obec"] if numbers else "")
    first = " ".join(filter(None, (street, numbers)))
    postcode = place["postcode"].replace(" ", "")
    spaced = f"{postcode[:3]} {postcode[3:]}" if len(postcode) == 5 else postcode
    return ", ".join(filter(None, (first, f"{spaced} {place['obec']}".strip())))
