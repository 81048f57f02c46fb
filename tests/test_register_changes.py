"""The digest of an update: what two states of the register differ in, and nothing else."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo.settings import Settings
from kpss_geo.sources import register_changes, rpss, rpss_codes, rpss_register
from kpss_geo.sources.register_changes import changes

import rpss_made as made


@pytest.fixture(scope="session")
def make(data, tmp_path_factory):
    codes, _ = rpss_codes.read_codes(None)
    folder = tmp_path_factory.mktemp("states")
    office = Settings(geo_data=folder / "data", cache=folder / "cache")

    def go(*records: made.Record):
        path = made.write(folder / "rpss.json", list(records))
        imported = rpss.import_rpss(path, codes=codes, as_of=date(2026, 9, 30))
        return rpss_register.to_register(
            imported, obce=data.obce, types=data.types, settings=office
        )

    return go


def _told(table):
    return list(table[["kind", "service_id", "before", "after"]].itertuples(index=False, name=None))


def test_nothing_has_changed_but_the_order(make):
    records = list(made.made(40, documents=1))
    assert changes(make(*records), make(*records[::-1])).empty


@pytest.mark.parametrize(
    ("changed", "row"),
    [
        ({"datumPoskytovaniDo": "2026-12-31"}, ("ended", "", "2026-12-31")),
        (
            {"formy": [made.form("pob", ("luzka", 30))]},
            ("capacity", "pob:luzka=24", "pob:luzka=30"),
        ),
        ({"formy": [made.form("pob")]}, ("capacity", "pob:luzka=24", "pob:")),
        (
            {"zarizeni": [made.facility(made.address(street="Nová", house=3))]},
            ("moved", "Lesní 12, Rumburk", "Nová 3, Rumburk"),
        ),
        (
            {"zarizeni": [made.facility(), made.facility(made.address("562882", house=3))]},
            ("place_added", "", "Lesní 3, Varnsdorf"),
        ),
        (
            {"zarizeni": [made.facility(poskytujeDo="2026-09-01")]},
            ("place_ended", "Lesní 12, Rumburk", ""),
        ),
        ({"zarizeni": [made.facility(), made.facility(nazev="Lesní 12, 2. patro")]}, None),
    ],
)
def test_one_change_is_one_row_and_back(make, changed, row):
    old, new = (
        make(made.service(1), made.service(2)),
        make(made.service(1, **changed), made.service(2)),
    )
    if row is None:
        row = ("place_added", "", "Lesní 12, Rumburk")
    kind, before, after = row
    assert _told(changes(old, new)) == [(kind, "mpsv-1", before, after)]
    back = {"ended": "reopened", "place_added": "place_ended", "place_ended": "place_added"}
    assert _told(changes(new, old)) == [(back.get(kind, kind), "mpsv-1", after, before)]


def test_new_and_gone(make):
    old, new = make(made.service(1)), make(made.service(2))
    assert _told(changes(old, new)) == [
        ("new", "mpsv-2", "", "Lesní 12, Rumburk"),
        ("gone", "mpsv-1", "Lesní 12, Rumburk", ""),
    ]


def test_a_record_kept_apart_is_no_change(make):
    twice = make(made.service(1), made.service(1, datumPoskytovaniDo="2020-01-01"))
    assert changes(make(made.service(1)), twice).empty


@pytest.mark.parametrize("code", ["562777", "562882"])
@pytest.mark.parametrize("adresa", ["given", "none"])
def test_an_address_that_becomes_secret_is_told_in_neither_state(make, code, adresa):
    """Also what was public before: the older file may not point at the door."""
    secret = made.secret_facility(code)
    if adresa == "none":
        secret["adresa"] = None
    old, new = make(made.service(1)), make(made.service(1, zarizeni=[secret]))
    for table in (changes(old, new), changes(new, old)):
        text = table.to_json(force_ascii=False)
        assert "Lesní" not in text
        assert made.SECRET not in text
        assert set(table["kind"]) == {"moved"}


@settings(max_examples=8, deadline=None)
@given(st.sets(st.integers(1, 12)), st.sets(st.integers(1, 12)), st.sets(st.integers(1, 12)))
def test_services_add_up(make, before, after, ended):
    """Old services + new − gone are those of the new state; each end is told once."""
    old = make(*(made.service(n) for n in before))
    new = make(*(made.service(n, datumPoskytovaniDo="2026-09-30" if n in ended else None)
                 for n in after))  # fmt: skip
    told = changes(old, new)
    by_kind = {kind: set(rows["service_id"]) for kind, rows in told.groupby("kind")}
    names = {n: f"mpsv-{n}" for n in range(1, 13)}
    assert by_kind.get("new", set()) == {names[n] for n in after - before}
    assert by_kind.get("gone", set()) == {names[n] for n in before - after}
    assert by_kind.get("ended", set()) == {names[n] for n in before & after & ended}
    assert set(told["kind"]) <= set(register_changes.KINDS)
    assert len(told) == sum(map(len, by_kind.values()))
