"""What the process has read: the tables, and what the plan says of them now."""

import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from kpss_geo import dataset, plan, settings, team
from kpss_geo.dataset import Data
from kpss_geo.errors import KpssGeoError, PlanNotUsable
from kpss_geo.plan import Correction, Plan, ServedFile, Threshold
from kpss_geo.plan.file import GONE
from kpss_geo.schema import NAME
from kpss_geo.sources import addresses as address_points
from kpss_geo.team import Team


def data() -> Data:
    """Tables of this process, read once.

    They are read anew when the team corrects the register or changes its territories or
    working groups. A changed file is seen after a restart.
    """
    return _data(the_team().corrections, the_team().territories)


@lru_cache(maxsize=2)
def _data(_corrections: str, _territories: str) -> Data:
    return dataset.load(settings.current())


def plan_found() -> Plan | None:
    """Give the plan file, or None while nothing has been written."""
    return plan.find_plan(settings.current().plan_path)


def plan_for_writing(role: str) -> Plan:
    """Open the plan file to write in it in the name of a role; made when there is none."""
    current = settings.current()
    current.plan_path.parent.mkdir(parents=True, exist_ok=True)
    return plan.open_plan(current.plan_path, author=role.strip() or current.author)


def plan_to_change(role: str) -> Plan:
    """Open the plan file to change something in it in the name of a role; none is made.

    Raises
    ------
    PlanNotUsable
        The file is gone, or cannot be written.
    """
    current = settings.current()
    found = plan.find_plan(current.plan_path, author=role.strip() or current.author)
    if found is None:
        raise PlanNotUsable(file=current.plan_path.name, why=GONE)
    return found


def the_team() -> Team:
    """Give what the plan says now: read anew whenever the file has changed."""
    path = settings.current().plan_path
    try:
        facts = path.stat()
    except OSError:
        return _team(0, 0)
    return _team(facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=4)
def _team(_changed_ns: int, _size: int) -> Team:
    return team.read_team(settings.current(), plan_found())


def thresholds() -> dict[tuple[str, str], Threshold]:
    """Give the working values in force, as the plan keeps them."""
    return team.thresholds(settings.current(), plan_found())


def statements() -> pd.DataFrame:
    """Give what the plan says of served obce (`plan.served`)."""
    return plan.served(plan_found())


def corrections() -> tuple[Correction, ...]:
    """Give the corrections of the register in the plan."""
    return plan.corrections(plan_found())


def correct(to: Plan, *, service_id: str, field: str, new: str, reason: str) -> None:
    """Write a correction of what the register itself says, in place of an earlier one.

    Raises
    ------
    KpssGeoError
        It is not possible, has no reason, or the plan cannot be written.
    """
    current = settings.current()
    official = dataset.load(current, corrected=False)
    made = plan.propose(
        official.register,
        service_id=service_id,
        field=field,
        new=new,
        known_types=official.types,
    )
    same = [c for c in corrections() if _about(c) == _about(made)]
    revision = same[0].revision if same else made.revision
    plan.set_correction(to, replace(made, reason=reason, revision=revision))


def _about(correction: Correction) -> tuple[str, str, str]:
    return correction.service_id, correction.place, correction.field


def served_of_upload(name: str, content: bytes) -> ServedFile:
    """Read a filled-in matrix that somebody loaded; the file itself is not kept.

    Raises
    ------
    KpssGeoError
        It cannot be read.
    """
    tables = data()
    services = [*tables.register.services.index, *map(plan.any_of_type, tables.types)]
    with tempfile.TemporaryDirectory(prefix="kpss-geo-") as folder:
        path = Path(folder) / (Path(name).name or "tabulka.xlsx")
        path.write_bytes(content)
        names = {str(code): str(name) for code, name in tables.obce[NAME].items()}
        return plan.read_served(path, known_obce=names, known_services=services)


def addresses(code: str) -> pd.DataFrame | None:
    """Give the address points of an obec (`sources.addresses`); None where not fetched.

    Raises
    ------
    KpssGeoError
        The table of the obec is spoiled.
    """
    return _addresses(code)


def has_addresses(code: str) -> bool:
    """Whether the address points of an obec were fetched."""
    return code in address_points.address_files(settings.current())


@lru_cache(maxsize=4)
def _addresses(code: str) -> pd.DataFrame | None:
    return address_points.addresses_of(settings.current(), code)


def try_data() -> tuple[Data | None, KpssGeoError | None]:
    """Give the tables, or the error that stops them from being read."""
    try:
        return data(), None
    except KpssGeoError as error:
        return None, error


def forget() -> None:
    """Forget what was read."""
    _data.cache_clear()
    _team.cache_clear()
    _addresses.cache_clear()
