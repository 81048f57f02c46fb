"""Every territory of one data state: the shipped ones, the office's file, the team's plan."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from kpss_geo import plan, territory
from kpss_geo.errors import Finding, KpssGeoError
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.sources import files
from kpss_geo.territory import Territory, WorkingGroup


def read_territories(
    settings: Settings, towns: pd.DataFrame
) -> tuple[dict[str, Territory], list[Finding], list[Path]]:
    """Read the shipped territories, the office's, the plan's; one that cannot be used is named."""
    shipped = shipped_root() / "geodata" / "territories.toml"
    own = settings.geo_data / "territories.toml"
    paths = [path for path in (shipped, own) if path.is_file()]
    merged: dict[str, Territory] = {}
    findings: list[Finding] = []
    for path in paths:
        try:
            definitions = files.read_toml(path)
        except KpssGeoError as error:
            findings.append(_fault(path.name, error))
            continue
        _merge(merged, definitions, findings, towns, path.name)
    in_plan = _plan_territories(settings, next(iter(merged.values()), None))
    _merge(merged, in_plan, findings, towns, settings.plan_path.name)
    return _with_own_groups(settings, merged), findings, paths


def _with_own_groups(settings: Settings, territories: dict[str, Territory]) -> dict[str, Territory]:
    """Put the working groups of the team's plan in place of the proposed ones."""
    try:
        own = plan.every_working_group(plan.find_plan(settings.plan_path))
    except KpssGeoError:  # a plan that cannot be read is named where its corrections are
        return territories
    groups = {
        key: tuple(WorkingGroup(group.name, type_codes=group.type_codes) for group in mine)
        for key, mine in own.items()
    }
    return {
        key: replace(place, working_groups=groups.get(key, place.working_groups))
        for key, place in territories.items()
    }


def _merge(
    merged: dict[str, Territory],
    definitions: Mapping[str, Any],
    findings: list[Finding],
    towns: pd.DataFrame,
    file: str,
) -> None:
    for key, value in definitions.items():
        try:
            merged |= territory.parse_territories({key: value}, obce=towns, file=file)
        except KpssGeoError as error:
            findings.append(_fault(file, error))


def _plan_territories(settings: Settings, usual: Territory | None) -> dict[str, dict[str, Any]]:
    """Definitions of the team's territories in the plan, with the usual working groups."""
    try:
        own = plan.own_territories(plan.find_plan(settings.plan_path))
    except KpssGeoError:  # a plan that cannot be read is named where its corrections are
        return {}
    groups = [] if usual is None else usual.working_groups
    return {
        key: {
            "name": each.name,
            **({"in_name": each.in_name} if each.in_name else {}),
            "codes": list(each.codes),
            "surroundings_km": each.surroundings_km,
            "working_groups": [{"name": g.name, "keys": list(g.keys)} for g in groups],
        }
        for key, each in own.items()
    }


def _fault(file: str, error: KpssGeoError) -> Finding:
    return Finding("error", file, error.template, fields=error.fields)
