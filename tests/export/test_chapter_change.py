"""What the chapter says of change and of overlaps: counted again from the tables by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kpss_geo.export import chapter_change, overlaps
from kpss_geo.export.blocks import Paragraph, Table
from kpss_geo.text import Words

CS = Words("cs")


def _tables(blocks):
    return {block.caption: block for block in blocks if isinstance(block, Table)}


def _texts(blocks):
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


def test_people_of_2011_are_the_precincts_added_up(bundled):
    """Šluknovsko: sums of the columns of precincts.csv and population.csv, taken by hand."""
    found = chapter_change.since_2011(bundled("sluknovsko"))
    assert found.loc["everyone"].to_dict() == {"then": 52_142, "now": 52_318}
    assert found.loc["children"].to_dict() == {"then": 8_387, "now": 8_551}
    assert found.loc["seniors"].to_dict() == {"then": 7_588, "now": 10_969}
    assert (found.loc["children":"seniors"].sum() == found.loc["everyone"]).all()


def test_the_table_says_change_with_its_sign(bundled):
    tables = _tables(chapter_change.change(bundled("tanvaldsko")))
    table = next(t for caption, t in tables.items() if "v roce 2011" in caption)
    lines = {row[0]: row[1:] for row in table.rows}
    assert lines["celkem"] == (CS.number(22_577), CS.number(22_068), "−509", "−2\u00a0%")
    assert lines["senioři (65 a více let)"][2:] == (f"+{CS.number(4_923 - 3_738)}", "+32\u00a0%")
    tables = _tables(chapter_change.change(bundled("luhacovice")))
    less = next(t for caption, t in tables.items() if "v roce 2011" in caption).rows[-1]
    assert less[3:] == ("−140", "−0,75\u00a0%")  # 18 707 to 18 567


def test_an_obec_without_a_whole_2011_is_left_out_of_both_years_and_said(bundled):
    bundle = bundled("kaplice")
    precincts = bundle.data.precincts.copy()
    code = bundle.territory.codes[0]
    first = precincts.index[precincts["code"] == code][0]
    precincts.loc[first, "children_2011"] = float("nan")
    changed = replace(bundle, data=replace(bundle.data, precincts=precincts))
    found = chapter_change.since_2011(changed)
    others = bundle.data.population.loc[list(bundle.territory.codes[1:])]
    assert found.loc["everyone", "now"] == others.to_numpy().sum()
    name = bundle.data.obce.at[code, "name"]
    lived = CS.number(bundle.data.population.loc[code].sum())
    said = _texts(chapter_change.change(changed))
    assert f"žije {lived}" in said
    assert f": {name}." in said


def test_without_any_older_state_none_is_invented(bundled):
    bundle = bundled("kaplice")
    bare = replace(bundle, data=replace(bundle.data, precincts=bundle.data.precincts.iloc[:0]))
    blocks = chapter_change.change(bare)
    assert "data nemají" in _texts(blocks)
    assert len(_tables(blocks)) == 1


def test_who_grows_older_is_read_from_the_age_bands(bundled):
    bundle = bundled("luhacovice")
    people = bundle.data.population.loc[list(bundle.territory.codes)].sum()
    table = next(t for c, t in _tables(chapter_change.change(bundle)).items() if "zestárne" in c)
    lines = {row[0]: row[1:] for row in table.rows}
    assert lines["80 let"] == (
        CS.number(people["75-79"]), CS.number(people["75-79"] + people["70-74"]),
    )  # fmt: skip
    assert "Není to projekce" in _texts(chapter_change.change(bundle))


@pytest.mark.parametrize("territory", ["sluknovsko", "luhacovice"])
def test_people_around_have_no_place_nearer_than_the_one_named(bundled, territory):
    """Every pair of home and place measured, no tree of points."""
    bundle = bundled(territory)
    homes, _ = overlaps.homes_around(bundle)
    assert not homes["code"].isin(bundle.territory.codes).any()
    answer = next(a for a in bundle.answers if a.service_type.code == "13")
    places = answer.places
    gaps = np.hypot(
        homes["x"].to_numpy()[:, None] - places["x"].to_numpy()[None, :],
        homes["y"].to_numpy()[:, None] - places["y"].to_numpy()[None, :],
    )
    sure = gaps.min(axis=1) <= homes["not_held"].to_numpy()
    expected = pd.Series(homes["people"].to_numpy()[sure]).groupby(gaps.argmin(axis=1)[sure]).sum()
    found = overlaps.nearest_to(homes, answer)
    assert found[found > 0].to_dict() == expected[expected > 0].to_dict()
    assert 0 < found.sum() <= homes["people"].sum()


def test_tables_of_overlaps_are_each_on_their_side_of_the_border(bundled):
    bundle = bundled("sluknovsko")
    tables = _tables(overlaps.overlaps(bundle))
    names = set(bundle.obce["name"])
    beyond = next(t for c, t in tables.items() if "za hranicí" in c)
    within = next(t for c, t in tables.items() if "Místa v území" in c)
    assert not {row[2] for row in beyond.rows} & names
    assert {row[2] for row in within.rows} <= names
    for table in (beyond, within):
        counts = [int(row[3].replace("\u00a0", "")) for row in table.rows]
        assert counts == sorted(counts, reverse=True)


def test_a_secret_place_is_named_by_who_runs_it(secret):
    rows = [row for table in _tables(overlaps.overlaps(secret)).values() for row in table.rows]
    providers = set(secret.data.register.services["provider"])
    assert rows
    assert {row[1] for row in rows} <= providers
