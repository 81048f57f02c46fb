"""What is new since the last fetch: obce, their people, their boundaries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from kpss_geo.errors import N_

Kind = Literal["new", "ended", "people", "boundary", "register"]
OTHER_OUTLINE: Final = 0.01
"""Share of an obec's area from which a different outline is told; less is generalisation."""
MANY: Final = 10
"""Obce whose change of people is told one by one, those of most change first."""


@dataclass(frozen=True)
class Change:
    """One line of news; `key` is the obec code or service id it is about, if it is of one."""

    kind: Kind
    key: str
    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.fields)


def boundary_news(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, *, names: Mapping[str, str]
) -> tuple[Change, ...]:
    """Tell obce whose outline is another one than before, both by the same source.

    Parameters
    ----------
    before, after
        Index = obec code, geometry in metres, column `source`.
    """
    both = before.index.intersection(after.index)
    same = both[(before.loc[both, "source"] == after.loc[both, "source"]).to_numpy(dtype=bool)]
    old, new = before.geometry.loc[same], after.geometry.loc[same]
    share = old.symmetric_difference(new, align=False).area / new.area
    template = N_("{name}: the boundary differs from the last one in {percent} % of the area.")
    return tuple(
        Change("boundary", str(code), template, {"name": names.get(str(code), code), "percent": p})
        for code, p in (100 * share[share > OTHER_OUTLINE]).round(1).items()
    )


def people_news(
    before: pd.Series, after: pd.Series, *, names: Mapping[str, str], inside: Iterable[str]
) -> tuple[Change, ...]:
    """Tell obce that are new or no more, and how the people of the territory changed.

    Parameters
    ----------
    before, after
        People by obec code, of the whole country.
    inside
        Codes of the territory; changes of people are told for them only.
    """
    born = N_("{name} is a new obec ({people} people).")
    gone = N_("{name} is no obec any more ({people} people before).")
    news = [
        *_codes("new", born, after, of=after.index.difference(before.index), names=names),
        *_codes("ended", gone, before, of=before.index.difference(after.index), names=names),
    ]
    both = pd.Index(list(inside)).intersection(before.index).intersection(after.index)
    return (*news, *_counts(before.loc[both], after.loc[both], names=names))


def _codes(
    kind: Kind, template: str, people: pd.Series, *, of: pd.Index, names: Mapping[str, str]
) -> Iterator[Change]:
    for code in of:
        fields = {"name": names.get(code, code), "people": int(people[code])}
        yield Change(kind, str(code), template, fields)


def _counts(old: pd.Series, new: pd.Series, *, names: Mapping[str, str]) -> Iterator[Change]:
    moved = (new - old)[new != old]
    if moved.empty:
        return
    total = N_("The territory had {before} people and has {after}.")
    yield Change("people", "", total, {"before": int(old.sum()), "after": int(new.sum())})
    one = N_("{name} had {before} people and has {after}.")
    for code in moved.abs().sort_values(ascending=False, kind="stable").index[:MANY]:
        fields = {
            "name": names.get(str(code), code),
            "before": int(old[code]),
            "after": int(new[code]),
        }
        yield Change("people", str(code), one, fields)
