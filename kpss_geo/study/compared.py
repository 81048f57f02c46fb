"""Two Answers side by side: what is more, what is less, and whether the difference holds.

A side is a territory on a day. Both sides are asked about the same type of service and the
same target group; the difference is always the second side less the first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo import equity
from kpss_geo.dataset import Data
from kpss_geo.errors import NotComparable
from kpss_geo.schema import CODE, NAME, PEOPLE, SERVICE_ID, UNKNOWN, VERDICTS
from kpss_geo.study.answer import Answer

WAY_M, PER_1000 = "nearest_m", "per_1000"
MEASURES: Final = (PEOPLE, *VERDICTS, WAY_M, PER_1000)
MORE, LESS, SAME, WITHIN, NOT_JUDGED = "more", "less", "same", "within", "not_judged"
OUTCOMES: Final = (MORE, LESS, SAME, WITHIN, NOT_JUDGED)
"""What a difference of shares is: it holds in every check of firmness (`MORE`, `LESS`),
there is none in any (`SAME`), it is within the uncertainty, or it is not judged."""
STARTED, ENDED = "started", "ended"


@dataclass(frozen=True)
class Line:
    """One measure on both sides; None where it is not known.

    `a`, `b` are people, metres, or registered capacity of a `form` in a `unit` per 1 000
    people. Shares are of the people of each side, 0 to 1.
    """

    measure: str
    a: float | None
    b: float | None
    share_a: float | None = None
    share_b: float | None = None
    outcome: str = NOT_JUDGED
    form: str = ""
    unit: str = ""

    @property
    def difference(self) -> float | None:
        """Second side less the first; None where one of them is not known."""
        return _less(self.b, self.a)

    @property
    def share_difference(self) -> float | None:
        """Share of the second side less that of the first."""
        return _less(self.share_b, self.share_a)


@dataclass(frozen=True)
class Comparison:
    """Two Answers and the lines that set them against each other, in the order of `MEASURES`."""

    a: Answer
    b: Answer
    lines: tuple[Line, ...]

    def line(self, measure: str) -> Line:
        """Give the first line of a measure."""
        return next(line for line in self.lines if line.measure == measure)

    @property
    def one_territory(self) -> bool:
        """Whether both sides are the same obce."""
        return set(self.a.territory.codes) == set(self.b.territory.codes)

    @property
    def in_order(self) -> tuple[Answer, Answer]:
        """The Answer of the earlier day, then that of the later one."""
        first, second = sorted((self.a, self.b), key=lambda answer: answer.question.on)
        return first, second


def _less(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else whole - part


def compare(a: Answer, b: Answer, *, data: Data) -> Comparison:
    """Set two Answers against each other.

    Raises
    ------
    NotComparable
        They are about different types of service or different target groups.
    """
    for first, second in ((a.service_type.label, b.service_type.label), (a.target.id, b.target.id)):
        if first != second:
            raise NotComparable(first=first, second=second)
    people = Line(PEOPLE, a.totals[PEOPLE], b.totals[PEOPLE])
    verdicts = (_verdict(a, b, verdict) for verdict in VERDICTS)
    way = Line(WAY_M, _mean_way(a), _mean_way(b))
    return Comparison(a, b, (people, *verdicts, way, *_capacities(a, b, data)))


def _verdict(a: Answer, b: Answer, verdict: str) -> Line:
    return Line(
        verdict,
        a.totals[verdict],
        b.totals[verdict],
        share_a=_share(a, verdict),
        share_b=_share(b, verdict),
        outcome=_outcome(a, b, verdict),
    )


def _share(answer: Answer, verdict: str) -> float | None:
    people = answer.totals[PEOPLE]
    return answer.totals[verdict] / people if people else None


def _outcome(a: Answer, b: Answer, verdict: str) -> str:
    """Judge a difference of shares.

    A check of firmness is one assumption and meets both sides at once. In each of them the
    people not known may or may not have the verdict, so the difference is an interval; it
    holds when all intervals lie on one side of zero. Of one territory on two days those not
    known on both are taken to be the same people and to have the same verdict.
    """
    if verdict == UNKNOWN or not all(map(_anything_known, (a, b))):
        return NOT_JUDGED
    (mine_a, open_a), (mine_b, open_b) = _counts(a, verdict), _counts(b, verdict)
    if set(a.territory.codes) == set(b.territory.codes):
        shared = np.minimum(open_a, open_b)
        open_a, open_b = open_a - shared, open_b - shared
    # Shares multiplied by the people of both sides: whole numbers, so that a tie is a tie.
    all_a, all_b = a.totals[PEOPLE], b.totals[PEOPLE]
    low = mine_b * all_a - (mine_a + open_a) * all_b
    high = (mine_b + open_b) * all_a - mine_a * all_b
    if low.min() > 0:
        return MORE
    if high.max() < 0:
        return LESS
    return SAME if not low.any() and not high.any() else WITHIN


def _anything_known(answer: Answer) -> bool:
    return answer.totals[UNKNOWN] < answer.totals[PEOPLE]


def _counts(answer: Answer, verdict: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """People with a verdict and people not known: as answered, then under each check."""
    usual, checks = answer.totals, answer.bounds
    mine, silent = (
        np.array([usual[each], *checks[each]], dtype=np.int64) for each in (verdict, UNKNOWN)
    )
    return mine, silent


def _mean_way(answer: Answer) -> float | None:
    """Mean of the ways of the obce over their people; None where no place is known."""
    known = answer.obce.dropna(subset=[PEOPLE])
    people = known[PEOPLE].to_numpy(dtype=float)
    mean = equity.mean(known["nearest_m"].to_numpy(dtype=float), people) if people.any() else np.nan
    return None if np.isnan(mean) else mean


def _capacities(a: Answer, b: Answer, data: Data) -> list[Line]:
    """Give the capacity inside each side per 1 000 people, for each form and unit of either."""
    tables = [answer.rates.set_index(["form", "unit"])["per_1000"] for answer in (a, b)]
    held = [_capacity_known(answer, data) for answer in (a, b)]
    keys = dict.fromkeys(key for table in tables for key in table.index[table > 0])

    def value(side: int, key: tuple[str, str]) -> float | None:
        table = tables[side]
        if not held[side]:
            return None
        if key not in table.index:  # on that day nobody gives this unit: 0 where nobody is here
            here = table[table.index.get_level_values("form") == key[0]]
            return None if (here.isna() | here.gt(0)).any() else 0.0
        return None if np.isnan(table[key]) else float(table[key])

    return [
        Line(PER_1000, value(0, key), value(1, key), form=str(key[0]), unit=str(key[1]))
        for key in keys
    ]


def _capacity_known(answer: Answer, data: Data) -> bool:
    """Whether the register holds the type, group, day and every district of the territory."""
    districts = data.obce.loc[list(answer.territory.codes), "district_code"]
    supply = answer.supply
    return bool(
        supply.known_type
        and supply.known_group
        and supply.known_day
        and answer.target.need_known
        and answer.totals[PEOPLE]
        and districts.isin(data.register.completeness.districts).all()
    )


def changed_obce(comparison: Comparison) -> pd.DataFrame:
    """Give the obce of one territory whose people have other verdicts on the second side.

    Returns
    -------
    DataFrame
        Index obec code; `name`, `people`, `verdict_a`, `verdict_b`, and for each verdict
        the difference in people. The most people moved first; empty for two territories.
    """
    a, b = comparison.a.obce, comparison.b.obce
    if not comparison.one_territory:
        return _moved(a.iloc[:0], b.iloc[:0])
    return _moved(a, b.loc[a.index])


def _moved(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    verdicts = list(VERDICTS)
    difference = b[verdicts].fillna(0).astype("int64") - a[verdicts].fillna(0).astype("int64")
    table = a[[NAME, PEOPLE]].assign(verdict_a=a["verdict"], verdict_b=b["verdict"])
    table = table.join(difference)
    moved = difference.abs().sum(axis=1)
    return table.loc[moved[moved > 0].sort_values(ascending=False, kind="stable").index]


def changed_services(comparison: Comparison, data: Data, *, near: Collection[str]) -> pd.DataFrame:
    """Give the addresses and field services open on one of two days only, near the territory.

    `near` are obec codes in which they are looked for; a service whose seat is not known is
    near. Of services started or ended the register knows those that it still holds.

    Returns
    -------
    DataFrame
        `change` (`STARTED` or `ENDED` between the earlier and the later day), `service_id`,
        `name`, `provider`, `town`, `since`, `until` (dates or None, of the registration).
    """
    earlier, later = (_open(answer) for answer in comparison.in_order)
    parts = [
        later[~later.index.isin(earlier.index)].assign(change=STARTED),
        earlier[~earlier.index.isin(later.index)].assign(change=ENDED),
    ]
    table = pd.concat(parts)
    table = table[table[CODE].isin([*near, ""])].reset_index(drop=True)
    table = table.join(data.register.services[["since", "until"]], on=SERVICE_ID)
    return table[["change", SERVICE_ID, NAME, "provider", "town", "since", "until"]]


def _open(answer: Answer) -> pd.DataFrame:
    """Addresses of places and seats of field services, by what tells them apart."""
    places = answer.supply.places.rename(columns={"obec": "town"})
    field = answer.supply.field.reset_index(names=SERVICE_ID).assign(address="")
    columns = [SERVICE_ID, NAME, "provider", "town", CODE, "address"]
    both = pd.concat([places[columns], field[columns]], ignore_index=True)
    both.index = pd.Index(both[SERVICE_ID] + "\n" + both[CODE] + "\n" + both["address"])
    # A service that comes and has a place too is one row: its place says where it is.
    return both[~both[SERVICE_ID].duplicated() | both["address"].ne("")]
