"""Where places stand: each step of matching an address, and which of them was used."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import errors
from kpss_geo.settings import Settings
from kpss_geo.sources import addresses, geocode, rpss, rpss_codes, rpss_register
from kpss_geo.sources.addresses import Points

import rpss_made as made

HERE, THERE, EMPTY = "562777", "562882", "562751"
"""Rumburk and Varnsdorf, whose address points are at hand, and Rybniště, whose are not."""


def _row(code, obec, street, house, part, x, y, *, kind="č.p.", orientation="", letter=""):
    return (code, obec, part, f"Část {part}", street, kind, house, orientation, letter, x, y)


@pytest.fixture(scope="module")
def points(data) -> Points:
    """A few address points around the reference points of two obce."""
    home = {code: tuple(data.obce.loc[code, ["x", "y"]]) for code in (HERE, THERE)}

    def near(obec, east, north):
        return home[obec][0] + east, home[obec][1] + north

    rows = [
        _row("1", HERE, "Lesní", "12", "100", *near(HERE, 500, 0), orientation="3", letter="a"),
        _row("2", HERE, "Lesní", "14", "100", *near(HERE, 600, 0)),
        _row("3", HERE, "Lesní", "16", "100", *near(HERE, 700, 10)),
        _row("4", HERE, "", "12", "200", *near(HERE, 3000, 0)),
        _row("5", HERE, "", "12", "200", *near(HERE, 3400, 0), kind="č.ev."),
        _row("6", HERE, "Školní", "7", "100", *near(HERE, 100, 100)),
        _row("7", HERE, "Školní", "7", "100", *near(HERE, 120, 100)),
        _row("8", THERE, "Nádražní", "5", "300", *near(THERE, 50, 50)),
        _row("9", THERE, "Lesní", "12", "300", *near(THERE, 900, 0)),
        _row("10", HERE, "Bez bodu", "1", "100", np.nan, np.nan),
        _row("11", HERE, "Daleká", "1", "100", *near(HERE, 40_000, -40_000)),
    ]
    table = pd.DataFrame(rows, columns=[*addresses.TEXTS, "x", "y"])
    x, y = near(HERE, 3100, 0)
    parts = pd.DataFrame(
        {"part_code": ["200", "400"], "name": ["Část 200", "Horní"], "code": [HERE, EMPTY],
         "x": [x, -720_000.0], "y": [y, -955_000.0]}
    )  # fmt: skip
    return Points(table, frozenset({HERE, THERE}), parts)


@pytest.fixture
def find(data, points):
    def go(**given: object) -> pd.Series:
        place = {
            "address_code": "", "code": HERE, "street": "", "house_number": "", "house_kind": "1",
            "orientation_number": "", "obec_part": "", "obec_part_code": "", "secret": False,
        } | given  # fmt: skip
        return geocode.locate(pd.DataFrame([place]), obce=data.obce, points=points).iloc[0]

    return go


def _at(points: Points, code: str) -> tuple[float, float]:
    row = points.addresses.set_index("address_code").loc[code]
    return (row["x"], row["y"])


class TestSteps:
    def test_by_the_address_code(self, find, points):
        found = find(address_code="2", street="Nesmysl", house_number="999")
        assert (found["located"], found["problem"]) == ("address", "")
        assert (found["x"], found["y"]) == _at(points, "2")

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"street": "LESNI", "house_number": "14"}, "2"),
            ({"street": " Lesní ", "house_number": "12", "orientation_number": "12/3A"}, "1"),
            ({"street": "Lesní", "house_number": "", "orientation_number": "3 a"}, "1"),
            ({"obec_part_code": "200", "house_number": "12"}, "4"),
            ({"obec_part": "část 200", "house_number": "12"}, "4"),
            ({"obec_part_code": "200", "house_number": "12", "house_kind": "2"}, "5"),
            ({"street": "Školní", "house_number": "7"}, "6"),
            ({"house_number": "16"}, "3"),
            ({"street": "Lesní", "house_number": "14", "address_code": "777"}, "2"),
        ],
    )
    def test_by_parts(self, find, points, given, code):
        found = find(**given)
        assert found["located"] == "parts"
        assert (found["x"], found["y"]) == _at(points, code)

    @pytest.mark.parametrize(
        "given",
        [
            {"street": "Lesní", "house_number": "99"},
            {"street": "Lesní", "house_number": "12", "orientation_number": "4"},
        ],
    )
    def test_by_the_middle_of_the_street(self, find, points, given):
        found = find(**given)
        assert found["located"] == "street"
        assert (found["x"], found["y"]) == _at(points, "2")

    @pytest.mark.parametrize("given", [{"obec_part_code": "200"}, {"obec_part": "Část 200"}])
    def test_by_the_middle_of_the_part(self, find, points, given):
        found = find(**given, house_number="88")
        assert found["located"] == "obec_part"
        assert found["x"] == points.parts["x"][0]

    def test_by_the_part_where_no_addresses_are_at_hand(self, find):
        found = find(code=EMPTY, obec_part_code="400", address_code="5555", house_number="3")
        assert (found["located"], found["problem"]) == ("obec_part", "not_held")

    @pytest.mark.parametrize(
        "given", [{"house_number": "12"}, {"street": "Neznámá", "house_number": "1"}, {}]
    )
    def test_by_the_obec(self, find, data, given):
        """A number that several houses bear is no address."""
        found = find(**given)
        assert (found["located"], found["problem"]) == ("obec", "no_code")
        assert (found["x"], found["y"]) == tuple(data.obce.loc[HERE, ["x", "y"]])

    def test_nowhere(self, find):
        assert find(code="")["located"] == "nowhere"
        unknown = find(code="999999")
        assert (unknown["located"], unknown["problem"]) == ("nowhere", "no_such_obec")
        assert np.isnan(unknown["x"])

    def test_a_street_without_houses_of_that_name_does_not_lend_its_number(self, find):
        """House 12 of the part without streets is not Hlavní 12."""
        assert find(street="Hlavní", house_number="16", obec_part="")["located"] == "obec"


class TestCodeOfAnotherObec:
    def test_the_address_in_the_stated_obec_wins(self, find, points):
        found = find(address_code="9", street="Lesní", house_number="12", obec_part_code="100")
        assert (found["located"], found["code"], found["other"]) == ("parts", HERE, THERE)
        assert found["problem"] == "code_elsewhere"
        assert (found["x"], found["y"]) == _at(points, "1")

    def test_the_code_wins_where_only_it_has_the_address(self, find, points):
        found = find(address_code="8", street="Nádražní", house_number="5")
        assert (found["located"], found["code"], found["other"]) == ("address", THERE, THERE)
        assert found["problem"] == "code_elsewhere"
        assert (found["x"], found["y"]) == _at(points, "8")

    def test_neither_agrees(self, find):
        found = find(address_code="8", street="Jiná", house_number="77")
        assert (found["located"], found["code"], found["other"]) == ("obec", HERE, THERE)

    def test_without_addresses_of_the_stated_obec_the_code_is_not_believed(self, find):
        found = find(code=EMPTY, address_code="8", street="Nádražní", house_number="5")
        assert (found["located"], found["code"]) == ("obec", EMPTY)
        assert found["problem"] == "code_elsewhere"

    def test_without_a_stated_obec_the_code_is_all_there_is(self, find, points):
        found = find(code="", address_code="8")
        assert (found["located"], found["code"]) == ("address", THERE)
        assert (found["x"], found["y"]) == _at(points, "8")


class TestProblems:
    def test_a_code_that_is_gone(self, find):
        assert find(address_code="777", house_number="99")["problem"] == "code_gone"

    def test_a_code_without_a_point(self, find):
        assert find(address_code="10")["problem"] == "code_gone"

    def test_a_point_far_from_its_obec_is_not_used(self, find, data):
        found = find(address_code="11")
        assert (found["located"], found["problem"]) == ("obec", "astray")
        assert found["x"] == data.obce.loc[HERE, "x"]

    def test_a_secret_address_is_never_looked_up(self, find, data):
        found = find(secret=True, address_code="2", street="Lesní", house_number="14",
                     obec_part_code="200")  # fmt: skip
        assert (found["located"], found["problem"], found["other"]) == ("obec", "", "")
        assert (found["x"], found["y"]) == tuple(data.obce.loc[HERE, ["x", "y"]])

    def test_no_places_at_all(self, data, points):
        none = rpss._places([])
        assert geocode.locate(none, obce=data.obce, points=points).empty


PLACES = st.fixed_dictionaries(
    {
        "address_code": st.sampled_from(["", "1", "2", "4", "8", "9", "10", "11", "777"]),
        "code": st.sampled_from([HERE, THERE, EMPTY, "", "999999"]),
        "street": st.sampled_from(["", "Lesní", "lesni", "Školní", "Nádražní", "Jiná"]),
        "house_number": st.sampled_from(["", "5", "7", "12", "14", "99"]),
        "house_kind": st.sampled_from(["", "1", "2", "3"]),
        "orientation_number": st.sampled_from(["", "3a", "12/3a", "4"]),
        "obec_part": st.sampled_from(["", "Část 100", "Část 200", "Horní"]),
        "obec_part_code": st.sampled_from(["", "100", "200", "300", "400"]),
        "secret": st.booleans(),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=6))
def test_points_come_from_the_tables_alone(data, points, rows):
    places = pd.DataFrame(rows)
    found = geocode.locate(places, obce=data.obce, points=points)
    assert list(found.index) == list(places.index)
    known = {tuple(p) for p in points.addresses[["x", "y"]].dropna().to_numpy()}
    known |= {tuple(p) for p in points.parts[["x", "y"]].to_numpy()}
    for place, row in zip(rows, found.to_dict("records"), strict=True):
        assert row["located"] in geocode.LEVELS
        at = (row["x"], row["y"])
        match row["located"]:
            case "nowhere":
                assert np.isnan(at).all()
            case "obec":
                assert at == tuple(data.obce.loc[row["code"], ["x", "y"]])
            case _:
                assert at in known
                assert not place["secret"]
        if place["secret"]:
            assert row["code"] == place["code"]
        alone = geocode.locate(pd.DataFrame([place]), obce=data.obce, points=points).iloc[0]
        assert (alone["located"], alone["code"]) == (row["located"], row["code"])


def _asked(*pairs: tuple[str, str]) -> pd.DataFrame:
    empty = dict.fromkeys(rpss.PLACE_COLUMNS, "")
    rows = [empty | {"address_code": c, "code": obec, "house_number": "1"} for c, obec in pairs]
    return pd.DataFrame(rows)


class TestTables:
    @pytest.fixture
    def office(self, tmp_path) -> Settings:
        return Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")

    def _write(self, office, code, rows, **renamed):
        folder = office.geo_data / addresses.FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        table = pd.DataFrame(rows, columns=[*addresses.TEXTS, "x", "y"]).rename(columns=renamed)
        table.to_parquet(folder / f"{code}.parquet", index=False)

    def test_only_what_is_needed_is_read(self, office):
        self._write(office, HERE, [_row("901", HERE, "A", "1", "1", -7e5, -9e5)])
        self._write(office, THERE, [_row("902", THERE, "B", "1", "1", -7e5, -9e5),
                                    _row("903", THERE, "B", "2", "1", -7e5, -9e5)])  # fmt: skip
        points = addresses.look_up(office, _asked(("901", HERE), ("903", EMPTY), ("904", HERE)))
        assert {"901", "903"} <= set(points.addresses["address_code"])
        assert "902" not in set(points.addresses["address_code"])
        assert points.held == {HERE}

    def test_other_names_of_columns(self, office):
        self._write(office, HERE, [_row("901", HERE, "A", "1", "77", -7e5, -9e5)],
                    part="obec_part", part_code="obec_part_code")  # fmt: skip
        points = addresses.look_up(office, _asked(("", HERE)))
        assert points.addresses.set_index("address_code").loc[
            "901", ["part", "part_code"]
        ].tolist() == ["Část 77", "77"]

    def test_the_shipped_extract_knows_its_own_addresses(self, office):
        row = made.shipped().iloc[0]
        points = addresses.look_up(office, _asked((row["address_code"], row["code"])))
        assert row["address_code"] in set(points.addresses["address_code"])
        assert points.held == frozenset()

    @pytest.mark.parametrize("content", [b"", b"PAR1 nonsense PAR1", b"x" * 100])
    def test_a_spoiled_table_is_named_and_every_place_still_counts(self, office, data, content):
        folder = office.geo_data / addresses.FOLDER
        folder.mkdir(parents=True)
        (folder / f"{HERE}.parquet").write_bytes(content)
        with pytest.raises(errors.FileNotUsable):
            addresses.look_up(office, _asked(("", HERE)))
        register = _register(office, data, made.service(1))
        assert register.places["located"].tolist() == ["obec"]
        assert any(f.severity == "error" and "address points" in str(f) for f in register.findings)

    def test_a_table_without_its_columns(self, office):
        folder = office.geo_data / addresses.FOLDER
        folder.mkdir(parents=True)
        pd.DataFrame({"a": [1]}).to_parquet(folder / f"{HERE}.parquet")
        with pytest.raises(errors.MissingColumns, match="address_code"):
            addresses.look_up(office, _asked(("", HERE)))

    def test_new_addresses_are_used_at_once(self, office, data):
        record = made.service(1, zarizeni=[made.facility(made.address(point=901))])
        assert _register(office, data, record).places["located"].tolist() == ["obec"]
        x, y = data.obce.loc[HERE, ["x", "y"]]
        self._write(office, HERE, [_row("901", HERE, "A", "1", "1", x + 5, y)])
        register = _register(office, data, record)
        assert register.places[["x", "located"]].iloc[0].tolist() == [x + 5, "address"]
        assert len(list(office.cache.glob("places-*.parquet"))) == 1


def _register(office, data, *records, as_of=date(2026, 9, 30)):
    path = made.write(office.geo_data.parent / "rpss.json", list(records))
    codes, _ = rpss_codes.read_codes(None)
    imported = rpss.import_rpss(path, codes=codes, as_of=as_of)
    return rpss_register.to_register(imported, obce=data.obce, types=data.types, settings=office)


class TestFindings:
    def test_what_is_used_is_said(self, tmp_path, data):
        office = Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")
        folder = office.geo_data / addresses.FOLDER
        folder.mkdir(parents=True)
        home = data.obce.loc[THERE]
        rows = [_row("8", THERE, "Nádražní", "5", "300", home["x"], home["y"])]
        pd.DataFrame(rows, columns=[*addresses.TEXTS, "x", "y"]).to_parquet(
            folder / f"{THERE}.parquet"
        )
        pd.DataFrame([], columns=[*addresses.TEXTS, "x", "y"]).to_parquet(
            folder / f"{HERE}.parquet"
        )
        where = made.address(HERE, point=8, street="Nádražní", house=5)
        register = _register(office, data, made.service(1, zarizeni=[
            made.facility(where), made.facility(where, poskytujeDo="2020-01-01"),
            made.facility(made.address(HERE, point=999)), made.facility(made.address(HERE)),
        ]))  # fmt: skip
        said = {(f.severity, f.column): str(f) for f in register.findings if f.row}
        here, there = data.obce.loc[HERE, "name"], home["name"]
        other = said["error", "zarizeni[0].adresa"]
        assert f"the register says {here}, but the address code belongs to {there}" in other
        assert "The address code is used" in other
        assert "RÚIAN has no point" in said["warning", "zarizeni[2].adresa"]
        assert "gives no address code" in said["warning", "zarizeni[3].adresa"]
        assert len(said) == 3
        assert any("1 places that have ended" in str(f) for f in register.findings)

    def test_the_many_are_told_in_one_sentence(self, tmp_path, data):
        office = Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")
        places = [made.facility(made.address(HERE, point=10**7 + n)) for n in range(40)]
        register = _register(office, data, made.service(1, zarizeni=places))
        said = [str(f) for f in register.findings if "address points are not in" in str(f)]
        assert len(said) == 1
        assert "40 places" in said[0]
        assert not [f for f in register.findings if f.row]
