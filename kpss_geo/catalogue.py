"""Types of services, and which places of them are open to whom on a given day."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import pandas as pd

from kpss_geo.errors import UnknownServiceType
from kpss_geo.schema import ANY_GROUP, CODE, FORMS, NAME, SERVICE_ID, TYPE_CODE, X, Y
from kpss_geo.sources.files import Found
from kpss_geo.sources.register import ACT, ADDRESS, GROUPS, Register
from kpss_geo.sources.tables import read_csv
from kpss_geo.territory import nearest_names
from kpss_geo.text import fold

BY_DISTANCE: Final = ("pob", "amb")
"""Forms that people travel to; the field form comes to them and is judged otherwise."""


@dataclass(frozen=True)
class ServiceType:
    """A type of social service by the act. `name_one_acc`: one such service, accusative."""

    code: str
    paragraph: str
    name: str
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
        Places of services whose form, type or target group is not known: they may count
        or not.
    unlocated
        Whether a service of the type is open of which a place is in an unknown obec, or
        which names no place at all.
    by_field
        Whether somebody may be served at home: by law or by a registration.
    known_day, known_type, known_group
        Whether the register holds this day, this type, this target group, whole.
    """

    places: pd.DataFrame
    doubtful: pd.DataFrame
    unlocated: bool
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
    columns = (TYPE_CODE, "paragraph", NAME, "name_one_acc", "forms", "working_groups")
    table = read_csv(found.path, columns=columns)
    return {
        row[TYPE_CODE]: ServiceType(
            code=row[TYPE_CODE],
            paragraph=row["paragraph"],
            name=row[NAME],
            name_one_acc=row["name_one_acc"] or row[NAME],
            forms=tuple(form for form in row["forms"].split("|") if form in FORMS),
            working_groups=tuple(filter(None, row["working_groups"].split("|"))),
        )
        for row in table[list(columns)].to_dict("records")
    }


def join_types(
    ours: Mapping[str, ServiceType], register: Mapping[str, str], used: Iterable[str]
) -> dict[str, ServiceType]:
    """Give the types of the register's own code list, with what the list does not say from ours.

    Names are the register's; paragraph, forms by law, working groups and the accusative are
    ours, found by code, else by name. A type that only the register knows has a name alone;
    a code that is `used` without being in any list has not even that.
    """
    by_name = {fold(kind.name): kind for kind in ours.values()}
    joined: dict[str, ServiceType] = {}
    for code, name in register.items():
        kind = ours.get(code) or by_name.get(fold(name))
        same = kind is not None and fold(kind.name) == fold(name)
        if kind is None:
            joined[code] = ServiceType(code, "", name, name, (), ())
        else:
            joined[code] = kind if same else replace(kind, name=name, name_one_acc=name)
            joined[code] = replace(joined[code], code=code)
    named = {fold(kind.name) for kind in joined.values()}
    rest = {c: kind for c, kind in ours.items() if c not in joined and fold(kind.name) not in named}
    nameless = sorted(set(used) - {""} - joined.keys() - rest.keys())
    unnamed = {code: ServiceType(code, "", f"č. {code}", f"č. {code}", (), ()) for code in nameless}
    order = {code: place for place, code in enumerate(ours)}
    both = joined | rest | unnamed
    return {code: both[code] for code in sorted(both, key=lambda c: order.get(c, len(order)))}


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


def supply(
    register: Register,
    kind: ServiceType,
    *,
    groups: frozenset[str],
    form: str | None,
    on: date,
) -> Supply:
    """Give the open places of a type that serve any of the register's target groups.

    `groups` equal to `ANY_GROUP` counts a service whatever its target group; `form` None
    counts every form. A service that ended before the day, or starts after it, covers
    nobody; nor does a place of it that ended or starts so.
    """
    chosen, sure = _open_services(register, kind, groups=groups, on=on)
    own_forms = _forms_of(register, chosen.index)
    asked = BY_DISTANCE if form is None else tuple({form} & set(BY_DISTANCE))
    counting = own_forms.map(lambda theirs: tuple(f for f in asked if f in theirs))
    known = register.completeness
    counted = counting[(counting.map(len) > 0) & sure]
    doubtful = own_forms[(own_forms.map(len) == 0) | ~sure & (counting.map(len) > 0)]
    places = _open_places(register.places, on=on)
    either = counted.index.union(doubtful.index)
    nowhere = places[X].isna() & places[SERVICE_ID].isin(either)
    without_place = ~either.isin(register.places[SERVICE_ID])
    return Supply(
        places=_places_of(register, places, chosen, counted),
        doubtful=_places_of(register, places, chosen, doubtful),
        unlocated=bool(nowhere.any() or without_place.any()),
        by_field=form in (None, "ter")
        and ("ter" in kind.forms or any("ter" in theirs for theirs in own_forms)),
        known_day=known.whole_from is None or on >= known.whole_from,
        known_type=kind.code in known.type_codes,
        known_group=groups <= known.register_groups,
    )


def _open_services(
    register: Register, kind: ServiceType, *, groups: frozenset[str], on: date
) -> tuple[pd.DataFrame, pd.Series]:
    """Services open on the day that may count, and whether each of them surely does.

    One whose type or target groups the register does not give, and one that stands in it
    twice with different words, may count or not.
    """
    services = register.services
    clear = services["clear"].astype(bool)
    of_type = services[(services[TYPE_CODE].eq(kind.code) & services["source"].eq(ACT)) | ~clear]
    open_then = _is_open(of_type, on)
    theirs = of_type[GROUPS]
    silent = theirs.map(len).eq(0) & (groups != ANY_GROUP)
    serves = theirs.map(lambda given: groups == ANY_GROUP or bool(groups & given))
    chosen = of_type[(open_then & (serves | silent)).to_numpy(dtype=bool)]
    sure = clear & ~services["apart"].astype(bool) & ~silent.reindex(services.index).eq(True)
    return chosen, sure.reindex(chosen.index).astype(bool)


def _is_open(rows: pd.DataFrame, on: date) -> pd.Series:
    """Whether the day lies between `since` and `until` of each row, both days included."""
    return pd.Series(
        [
            (since is None or since <= on) and (until is None or until >= on)
            for since, until in zip(rows["since"], rows["until"], strict=True)
        ],
        index=rows.index,
        dtype=bool,
    )


def _open_places(places: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Places open on the day, each address of a service once.

    A place may end before its service does. The register names one address again for each
    floor or each period; where no address is given, the rows cannot be told to be one.
    """
    then = places[_is_open(places, on)]
    stated = then["address_code"].ne("") | then["house_number"].ne("")
    return then[~(stated & then.duplicated([SERVICE_ID, *ADDRESS]))]


def _forms_of(register: Register, services: pd.Index) -> pd.Series:
    rows = register.capacities[register.capacities[SERVICE_ID].isin(services)]
    grouped = {
        service: tuple(dict.fromkeys(forms)) for service, forms in rows.groupby(SERVICE_ID)["form"]
    }
    return pd.Series(
        [grouped.get(service, ()) for service in services], index=services, dtype=object
    )


def _places_of(
    register: Register, places: pd.DataFrame, services: pd.DataFrame, forms: pd.Series
) -> pd.DataFrame:
    of_services = places[places[SERVICE_ID].isin(forms.index)]
    mine = of_services[of_services[X].notna()]
    facts = services.reindex(mine[SERVICE_ID])
    addresses = of_services.groupby(SERVICE_ID).size()
    table = mine.assign(
        provider=facts["provider"].to_numpy(),
        addresses=addresses.reindex(mine[SERVICE_ID]).to_numpy(),
        forms=forms.reindex(mine[SERVICE_ID]).to_numpy(),
        capacity=_capacity_of(register, mine[SERVICE_ID]),
        address=[_address(row) for row in mine.to_dict("records")],
    )
    columns = [
        SERVICE_ID, NAME, "provider", "address", "obec", CODE, "phone", "web", "forms",
        "capacity", "addresses", "located", "secret", X, Y,
    ]  # fmt: skip
    return table[columns].reset_index(drop=True)


def _capacity_of(register: Register, services: pd.Series) -> pd.Series:
    """Form, unit and count of each line of a registration's capacity, as a tuple of tuples."""
    rows = register.capacities[register.capacities[SERVICE_ID].isin(services)]
    by_service: dict[str, list[tuple[str, str, float]]] = {}
    columns = (rows[name] for name in (SERVICE_ID, "form", "unit", "count"))
    for service, form, unit, count in zip(*columns, strict=True):
        by_service.setdefault(service, []).append((form, unit, count))
    return pd.Series(
        [tuple(by_service.get(service, ())) for service in services],
        index=services.index,
        dtype=object,
    )


def _address(place: Mapping[Hashable, str]) -> str:
    """Street and number, then postcode and obec, as on an envelope; a secret one: its obec."""
    numbers = "/".join(filter(None, (place["house_number"], place["orientation_number"])))
    street = place["street"] or place["obec_part"] or (place["obec"] if numbers else "")
    first = " ".join(filter(None, (street, numbers)))
    postcode = place["postcode"].replace(" ", "")
    spaced = f"{postcode[:3]} {postcode[3:]}" if len(postcode) == 5 else postcode
    return ", ".join(filter(None, (first, f"{spaced} {place['obec']}".strip())))
