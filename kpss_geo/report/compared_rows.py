"""A comparison as plain rows, the same numbers for CSV, JSON and XLSX."""

from collections.abc import Iterable
from typing import Any, Final

from kpss_geo.study import Comparison, Line

FIELDS: Final = (
    "service_type", "service_name", "target", "measure", "form", "unit", "territory_a", "on_a",
    "a", "share_a", "territory_b", "on_b", "b", "share_b", "difference", "share_difference",
    "outcome", "reach", "reach_unit", "travel", "data",
)  # fmt: skip


def rows(comparisons: Iterable[Comparison]) -> list[dict[str, Any]]:
    """Give one row per type of service and measure; what is not known is None.

    `difference` is the second side less the first, in the unit of the measure; shares are
    0 to 1 of the people of the side. `outcome` is one of `study.compared.OUTCOMES`. `reach` is
    None where nobody travels, or where the limits of forms differ and the row is of no form.
    """
    return [_row(each, line) for each in comparisons for line in each.lines]


def _row(comparison: Comparison, line: Line) -> dict[str, Any]:
    a, b = comparison.a.question, comparison.b.question
    reach = a.reach_of(line.form)
    values = (
        comparison.a.service_type.code, comparison.a.service_type.name, comparison.a.target.id,
        line.measure, line.form, line.unit, a.territory, a.on.isoformat(), _exact(line.a),
        _exact(line.share_a), b.territory, b.on.isoformat(), _exact(line.b), _exact(line.share_b),
        _exact(line.difference), _exact(line.share_difference), line.outcome,
        reach.value if reach else None, reach.unit if reach else "", a.travel.mode, a.data_digest,
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def _exact(value: float | None) -> float | int | None:
    """People stay whole; everything else has four decimals, enough to add up again."""
    if value is None or isinstance(value, int):
        return value
    return round(value, 4)
