"""Territorial overlaps: only what is certain, and no place that nobody would go to."""

import numpy as np
import pandas as pd
import pytest

from kpss_geo.coverage import Homes, Limit
from kpss_geo.distance import Reach
from kpss_geo.export import overlaps
from kpss_geo.export.blocks import Paragraph, Table
from kpss_geo.schema import FORMS
from kpss_geo.study.users import users_of

OUTWARDS = "Nejbližší místa za hranicí území"


def _homes(people, to_not_held):
    count = len(people)
    return Homes(
        obec=np.zeros(count, dtype=np.int64),
        people=np.array(people),
        to_not_held=np.array(to_not_held, dtype=float),
        routable=np.ones(count, dtype=bool),
        obce=1,
    )


def _outwards(bundle):
    blocks = overlaps.overlaps(bundle)
    return next(b for b in blocks if isinstance(b, Table) and b.caption.startswith(OUTWARDS))


def test_people_are_counted_by_what_is_certain_and_near():
    """Place 0: certain and near for 3, certain and far for 5; place 1: a nearer one may be."""
    nearest = pd.DataFrame(
        {
            "place": [0, 0, 1, -1],
            "metres": [9_000.0, 50_000.0, 9_000.0, np.inf],
            "minutes": [9.0, 50.0, 9.0, np.inf],
            "form": [FORMS.index("pob")] * 3 + [-1],
        }
    )
    homes = _homes([3, 5, 7, 11], [10_000, 60_000, 8_000, 0])
    limits = {"pob": Limit("pob", Reach(20, "min"))}
    found = users_of(homes, nearest, limits, count=3)
    assert found["used"].tolist() == [8, 7, 0]
    assert found["used_surely"].tolist() == [8, 0, 0]
    assert found["used_near"].tolist() == [3, 0, 0]


@pytest.mark.parametrize("territory", ["kaplice", "luhacovice", "sluknovsko"])
def test_certain_users_are_the_users_of_obce_where_all_is_certain(bundled, territory):
    for answer in bundled(territory).answers:
        places = answer.places
        assert (places["used_near"] <= places["used_surely"]).all()
        assert (places["used_surely"] <= places["used"]).all()
        sure = answer.obce.loc[answer.obce["certain"], "people"].sum()
        assert sure <= places["used_surely"].sum()
        if answer.obce["certain"].all():
            assert (places["used_surely"] == places["used"]).all()


@pytest.mark.parametrize(
    ("territory", "towns"),
    [("kaplice", {"Znojmo", "Ivančice", "Brno", "Břeclav"}), ("luhacovice", {"České Budějovice"})],
)
def test_a_place_is_not_named_where_a_nearer_one_may_be(bundled, territory, towns):
    bundle = bundled(territory)
    drawn = _outwards(bundle)
    assert not towns & {row[2] for row in drawn.rows}
    assert drawn.rows, "some places are certain"
    text = " ".join(b.text for b in overlaps.overlaps(bundle) if isinstance(b, Paragraph))
    places = pd.concat([a.places for a in bundle.answers])
    places = places[~places["code"].isin(bundle.territory.codes)]
    unsure = int((places["used"].gt(0) & places["used_surely"].eq(0)).sum())
    assert f"se neuvádí {unsure} (bližší není vyloučeno)" in text


def test_a_place_of_a_type_that_also_comes_to_people_is_named_by_its_form(bundled):
    named = {answer.service_type.name: answer for answer in bundled("luhacovice").answers}
    checked = 0
    for kind, *_ in _outwards(bundled("luhacovice")).rows:
        name, _, form = kind.partition(" (")
        assert bool(form) == named[name].supply.by_field
        checked += bool(form)
    assert checked


def test_no_place_is_listed_twice(bundled):
    rows = [row[:3] for row in _outwards(bundled("kaplice")).rows]
    assert len(rows) == len(set(rows))
