"""How far and how much is enough: the team's thresholds over the product's working values.

No binding standard of minutes, kilometres or places per head exists; every value here is
somebody's working value, with the reason and who set it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from kpss_geo.errors import BadOption, FileNotUsable
from kpss_geo.plan import records
from kpss_geo.plan.file import Plan
from kpss_geo.plan.records import NEW, THRESHOLDS, Change, Record
from kpss_geo.plan.typed import number, one_of, reason_of, text
from kpss_geo.schema import CAPACITY_UNITS, FORMS
from kpss_geo.sources.files import read_toml

Unit = Literal["km", "min"]
UNITS: Final[tuple[Unit, ...]] = ("km", "min")
GREATEST_REACH: Final = 500.0
GREATEST_PER_1000: Final = 100_000.0
PRODUCT: Final = "kpss_geo"
"""Author of the working values that the product ships."""


@dataclass(frozen=True)
class Threshold:
    """What a team takes for near enough, and for enough capacity per 1 000 people.

    value, unit
        Reach in kilometres or minutes; None: the general reach applies, or, in the field
        form, nobody travels.
    per_1000, capacity_unit
        Capacity per 1 000 people of the target group, in one of the register's units;
        None: capacity is not judged.
    own
        Whether the team set it; otherwise it is a working value of this product.
    revision
        For writing it again; `NEW` when it is not in the plan.
    """

    value: float | None = None
    unit: Unit | None = None
    per_1000: float | None = None
    capacity_unit: str | None = None
    reason: str = ""
    author: str = ""
    when: datetime | None = None
    own: bool = False
    revision: int = NEW


Thresholds = Mapping[tuple[str, str], Threshold]
"""Thresholds by code of the service type and form."""


def thresholds(plan: Plan | None, defaults: Thresholds) -> dict[tuple[str, str], Threshold]:
    """Give the thresholds in force: the team's own, elsewhere the product's working values.

    A type and form that is not in the answer has the general reach (`settings.reach_km`).
    A row of the team takes the place of the whole default, not of parts of it.
    """
    own = [] if plan is None else records.read(plan, THRESHOLDS)
    return {**defaults, **{(row.key[0], row.key[1]): _threshold(row) for row in own}}


def set_threshold(plan: Plan, *, type_code: str, form: str, threshold: Threshold) -> None:
    """Write a threshold of the team's own.

    `threshold.revision` is that of the threshold people saw; a reason is needed.

    Raises
    ------
    BadOption
        A value that is not possible, or a value without its unit.
    ReasonMissing
        It is not said why.
    ChangedMeanwhile
        Somebody changed it after it was read.
    """
    key = (
        text(type_code, option="type", longest=20, needed=True),
        one_of(form, option="form", possible=FORMS),
    )
    values = _checked(threshold)
    reason = reason_of(threshold.reason)
    records.write(plan, [Change(THRESHOLDS, key, values, threshold.revision, reason)])


def remove_threshold(plan: Plan, *, type_code: str, form: str, revision: int, reason: str) -> None:
    """Take the team's threshold away: the working value of the product is in force again.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed it after it was read.
    """
    why = text(reason, option="reason")
    records.write(plan, [Change(THRESHOLDS, (type_code, form), None, revision, why)])


def read_default_thresholds(path: Path) -> dict[tuple[str, str], Threshold]:
    """Read the product's working values from `thresholds.toml`.

    Raises
    ------
    FileNotUsable
        The file is not TOML, or an entry of it is not possible; the entry is named.
    """
    found: dict[tuple[str, str], Threshold] = {}
    for type_code, forms in read_toml(path).items():
        for form, entry in forms.items() if isinstance(forms, dict) else [("", forms)]:
            try:
                found[type_code, form] = _default(form, entry)
            except (BadOption, TypeError, ValueError) as error:
                raise FileNotUsable(file=path.name, why=f"[{type_code}.{form}] {error}") from error
    return found


def _default(form: str, entry: Any) -> Threshold:
    one_of(form, option="form", possible=FORMS)
    if not isinstance(entry, dict):
        raise TypeError("max_min = …, reason = …")
    unknown = entry.keys() - {"max_min", "max_km", "per_1000", "capacity_unit", "reason"}
    if unknown:
        raise BadOption(given=min(unknown), option=form, possible="max_min, max_km, per_1000")
    if "max_min" in entry and "max_km" in entry:
        raise BadOption(given="max_min + max_km", option=form, possible="max_min, max_km")
    unit = next((unit for unit in UNITS if f"max_{unit}" in entry), None)
    threshold = Threshold(
        value=None if unit is None else float(entry[f"max_{unit}"]),
        unit=unit,
        per_1000=float(entry["per_1000"]) if "per_1000" in entry else None,
        capacity_unit=entry.get("capacity_unit"),
        reason=reason_of(str(entry.get("reason", ""))),
        author=PRODUCT,
    )
    _checked(threshold)
    return threshold


def _checked(threshold: Threshold) -> tuple[float | None, str | None, float | None, str | None]:
    value = number(threshold.value, option="reach", greatest=GREATEST_REACH)
    per_1000 = number(threshold.per_1000, option="per-1000", greatest=GREATEST_PER_1000)
    if value is None and per_1000 is None:
        raise BadOption(given="–", option="threshold", possible="--max-km, --max-min, --per-1000")
    unit = None if value is None else threshold.unit or ""
    capacity_unit = None if per_1000 is None else threshold.capacity_unit or ""
    if unit is not None:
        one_of(unit, option="unit", possible=UNITS)
    if capacity_unit is not None:
        one_of(capacity_unit, option="capacity_unit", possible=CAPACITY_UNITS)
    return value, unit, per_1000, capacity_unit


def _threshold(row: Record) -> Threshold:
    value, unit, per_1000, capacity_unit = row.facts
    return Threshold(
        value=None if value is None else float(value),
        unit=next((known for known in UNITS if known == unit), None),
        per_1000=None if per_1000 is None else float(per_1000),
        capacity_unit=None if capacity_unit is None else str(capacity_unit),
        reason=row.reason,
        author=row.author,
        when=row.when,
        own=True,
        revision=row.revision,
    )
