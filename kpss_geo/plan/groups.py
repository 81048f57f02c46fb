"""What the team calls its working groups and its territories."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kpss_geo.errors import N_, BadOption
from kpss_geo.plan import records
from kpss_geo.plan.file import Plan
from kpss_geo.plan.records import NEW, TERRITORIES, WORKING_GROUPS, Change, Record
from kpss_geo.plan.typed import number, obec_code, text

LONGEST_NAME = 200
GREATEST_SURROUNDINGS_KM = 100.0


@dataclass(frozen=True)
class OwnGroup:
    """A working group of a territory, and the codes of the service types it talks about."""

    territory: str
    name: str
    position: int = 0
    type_codes: tuple[str, ...] = ()
    reason: str = ""
    author: str = ""
    when: datetime | None = None
    revision: int = NEW


@dataclass(frozen=True)
class OwnTerritory:
    """A territory the team defined. `in_name` is the name as "where" (na Šluknovsku)."""

    id: str
    name: str
    in_name: str = ""
    codes: tuple[str, ...] = ()
    surroundings_km: float | None = None
    reason: str = ""
    author: str = ""
    when: datetime | None = None
    revision: int = NEW


def working_groups(plan: Plan | None, *, territory: str) -> tuple[OwnGroup, ...]:
    """Give the working groups of a territory in the team's order; empty if it set none."""
    return every_working_group(plan).get(territory, ())


def every_working_group(plan: Plan | None) -> dict[str, tuple[OwnGroup, ...]]:
    """Give the working groups of each territory for which the team set any, in its order."""
    rows = [] if plan is None else records.read(plan, WORKING_GROUPS)
    groups = sorted(map(_group, rows), key=lambda group: (group.position, group.name))
    territories = dict.fromkeys(group.territory for group in groups)
    return {key: tuple(group for group in groups if group.territory == key) for key in territories}


def set_working_groups(plan: Plan, groups: Sequence[OwnGroup]) -> None:
    """Write working groups, all or none.

    Raises
    ------
    BadOption
        A name that is empty or not possible.
    ChangedMeanwhile
        Somebody changed one of them after it was read.
    """
    records.write(plan, [_written(group) for group in groups])


def _written(group: OwnGroup) -> Change:
    key = (
        text(group.territory, option="territory", longest=LONGEST_NAME, needed=True),
        text(group.name, option="name", longest=LONGEST_NAME, needed=True),
    )
    facts = (group.position, _as_list(group.type_codes))
    return Change(WORKING_GROUPS, key, facts, group.revision, text(group.reason, option="reason"))


def replace_working_groups(
    plan: Plan, groups: Sequence[OwnGroup], *, before: Sequence[OwnGroup]
) -> int:
    """Write the groups of a territory in place of those seen `before`; all or nothing.

    A group left out is taken away; one that says the same is left alone. Gives how many
    were written or taken away.

    Raises
    ------
    BadOption
        A name that is empty, not possible or twice there; a group without a type of service.
    ChangedMeanwhile
        Somebody changed one of them after it was read; nothing is written.
    """
    seen = {group.name: group for group in before}
    wanted = {group.name.strip(): group for group in groups}
    if len(wanted) < len(groups):
        raise BadOption(
            given=len(groups), option="name", possible=N_("working groups, each name once")
        )
    empty = [name for name, group in wanted.items() if not group.type_codes]
    if empty:
        raise BadOption(
            given=empty[0], option="type_codes", possible=N_("at least one type of service")
        )
    changes = [
        Change(WORKING_GROUPS, (group.territory, name), None, group.revision)
        for name, group in seen.items()
        if name not in wanted
    ]
    changes += [
        _written(replace(group, name=name, revision=seen[name].revision if name in seen else NEW))
        for name, group in wanted.items()
        if name not in seen or _facts(seen[name]) != _facts(group)
    ]
    records.write(plan, changes)
    return len(changes)


def _facts(group: OwnGroup) -> tuple[int, tuple[str, ...]]:
    return group.position, group.type_codes


def remove_working_group(plan: Plan, group: OwnGroup) -> None:
    """Take a working group away.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed it after it was read.
    """
    key = (group.territory, group.name)
    records.write(plan, [Change(WORKING_GROUPS, key, None, group.revision, group.reason)])


def own_territories(plan: Plan | None) -> dict[str, OwnTerritory]:
    """Give the territories that the team defined, by id."""
    rows = [] if plan is None else records.read(plan, TERRITORIES)
    return {row.key[0]: _territory(row) for row in rows}


def set_territory(plan: Plan, territory: OwnTerritory) -> None:
    """Write a territory. Whether its codes are obce is judged where it is used.

    Raises
    ------
    BadOption
        No id, no name, no codes, a code twice or not of six digits.
    ChangedMeanwhile
        Somebody changed it after it was read.
    """
    codes = [obec_code(code) for code in territory.codes]
    if not codes or len(set(codes)) < len(codes):
        raise BadOption(
            given=len(codes), option="codes", possible=N_("obec codes, each of them once")
        )
    km = territory.surroundings_km
    values = (
        text(territory.name, option="name", longest=LONGEST_NAME, needed=True),
        text(territory.in_name, option="in_name", longest=LONGEST_NAME),
        _as_list(codes),
        0.0 if km == 0 else number(km, option="surroundings", greatest=GREATEST_SURROUNDINGS_KM),
    )
    key = (text(territory.id, option="id", longest=LONGEST_NAME, needed=True),)
    reason = text(territory.reason, option="reason")
    records.write(plan, [Change(TERRITORIES, key, values, territory.revision, reason)])


def remove_territory(plan: Plan, territory: OwnTerritory) -> None:
    """Take a territory away.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed it after it was read.
    """
    change = Change(TERRITORIES, (territory.id,), None, territory.revision, territory.reason)
    records.write(plan, [change])


def _group(row: Record) -> OwnGroup:
    position, type_codes = row.facts
    return OwnGroup(
        territory=row.key[0],
        name=row.key[1],
        position=int(position or 0),
        type_codes=_from_list(type_codes),
        reason=row.reason,
        author=row.author,
        when=row.when,
        revision=row.revision,
    )


def _territory(row: Record) -> OwnTerritory:
    name, in_name, codes, km = row.facts
    return OwnTerritory(
        id=row.key[0],
        name=str(name),
        in_name=str(in_name),
        codes=_from_list(codes),
        surroundings_km=None if km is None else float(km),
        reason=row.reason,
        author=row.author,
        when=row.when,
        revision=row.revision,
    )


def _as_list(items: Sequence[str]) -> str:
    return json.dumps([text(item, option="codes", longest=20) for item in items])


def _from_list(stored: object) -> tuple[str, ...]:
    return tuple(str(item) for item in records.from_json(stored))
