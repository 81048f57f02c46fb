"""Every way an input can be wrong: a clear word with file, row, column; the rest goes on."""

import shutil
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from kpss_geo import dataset, errors, study
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.sources import boundaries, files, obce, register, tables, tidy
from kpss_geo.sources.files import Found

from facts import DAY

SHIPPED = shipped_root() / "geodata"


@pytest.fixture
def spoil(tmp_path):
    """Copy a shipped CSV with some cells changed: {(line, column): value}."""

    def change(name: str, cells: dict[tuple[int, str], str], *, rows: int = 40) -> Found:
        table = pd.read_csv(SHIPPED / name, dtype=str, keep_default_na=False, nrows=rows)
        for (line, column), value in cells.items():
            table.loc[line - 2, column] = value
        path = tmp_path / name
        table.to_csv(path, index=False)
        return Found(path, own=True)

    return change


def _only(findings, text):
    found = [f for f in findings if text in str(f)]
    assert len(found) == 1, [str(f) for f in findings]
    return found[0]


class TestFiles:
    def test_absent_file(self, tmp_path):
        with pytest.raises(errors.FileNotUsable, match="does not exist"):
            tables.read_csv(tmp_path / "no.csv", columns=())

    def test_empty_file(self, tmp_path):
        (tmp_path / "e.csv").touch()
        with pytest.raises(errors.FileNotUsable, match=r"e\.csv cannot be read: it is empty"):
            tables.read_csv(tmp_path / "e.csv", columns=())

    def test_windows_encoding_is_read_too(self, tmp_path):
        (tmp_path / "w.csv").write_bytes("kód,název\n1,Šluknov\n".encode("cp1250"))
        table = tables.read_csv(tmp_path / "w.csv", columns=("kód",))
        assert table["název"].tolist() == ["Šluknov"]

    def test_byte_order_mark_is_no_part_of_the_heading(self, tmp_path):
        (tmp_path / "b.csv").write_text("code,name\n562777,Rumburk\n", encoding="utf-8-sig")
        assert list(tables.read_csv(tmp_path / "b.csv", columns=("code",)).columns)[0] == "code"

    @pytest.mark.parametrize("content", ['a,b\n1,2\n1,2,3\n"', "\x00\x00", '"'])
    def test_broken_rows(self, tmp_path, content):
        (tmp_path / "x.csv").write_text(content, encoding="utf-8")
        with pytest.raises((errors.FileNotUsable, errors.MissingColumns)):
            tables.read_csv(tmp_path / "x.csv", columns=("code",))

    def test_a_file_cut_inside_a_quotation_is_refused(self, tmp_path):
        (tmp_path / "q.csv").write_text('code,name\n1,"a\n2,b\n3,c\n', encoding="utf-8")
        with pytest.raises(errors.FileNotUsable, match="quotation mark"):
            tables.read_csv(tmp_path / "q.csv", columns=("code",))

    def test_rows_longer_than_the_heading_are_refused(self, tmp_path):
        (tmp_path / "l.csv").write_text("code,name\n1,a,x\n2,b,y\n", encoding="utf-8")
        with pytest.raises(errors.FileNotUsable, match="more cells"):
            tables.read_csv(tmp_path / "l.csv", columns=("code",))

    def test_semicolons_and_decimal_commas_of_a_czech_spreadsheet(self, tmp_path):
        (tmp_path / "s.csv").write_text("code;lat\n562777;50,95\n", encoding="utf-8-sig")
        table = tables.read_csv(tmp_path / "s.csv", columns=("code", "lat"))
        numbers, findings = tables.to_numbers(table, ("lat",), file="s.csv")
        assert numbers["lat"].tolist() == [50.95]
        assert findings == []

    def test_missing_column_names_what_was_found(self, tmp_path):
        (tmp_path / "m.csv").write_text("kod,nazev\n1,2\n", encoding="utf-8")
        with pytest.raises(errors.MissingColumns) as error:
            tables.read_csv(tmp_path / "m.csv", columns=("code", "name"))
        assert error.value.fields["columns"] == "code, name"
        assert error.value.fields["found"] == "kod, nazev"
        assert isinstance(error.value, ValueError)

    def test_broken_toml_names_the_line(self, tmp_path):
        (tmp_path / "t.toml").write_text("[a]\nb = \n", encoding="utf-8")
        with pytest.raises(errors.FileNotUsable, match="line 2"):
            files.read_toml(tmp_path / "t.toml")

    def test_oversized_file_is_refused_unread(self, tmp_path):
        with (tmp_path / "big.csv").open("wb") as file:
            file.truncate(files.MAX_BYTES + 1)
        with pytest.raises(errors.FileNotUsable, match="500 MB"):
            tables.read_csv(tmp_path / "big.csv", columns=())

    def test_digest_changes_with_a_byte(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("1", encoding="utf-8")
        before = files.digest([path])
        path.write_text("2", encoding="utf-8")
        assert files.digest([path]) != before


class TestObce:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("x", "515307"),
            ("x", "18.2"),
            ("area_km2", "-3"),
            ("area_km2", "0"),
            ("code", "56277"),
            ("code", "CZ0421"),
        ],
    )
    def test_impossible_cell_leaves_out_one_row(self, spoil, column, value):
        read = obce.read_obce(spoil("obce.csv", {(5, column): value}))
        assert len(read.table) == 39
        finding = read.findings[0]
        assert (finding.file, finding.row, finding.column) == ("obce.csv", 5, column)

    def test_duplicate_code_keeps_the_first(self, spoil):
        first = pd.read_csv(SHIPPED / "obce.csv", dtype=str, nrows=1)["code"][0]
        read = obce.read_obce(spoil("obce.csv", {(7, "code"): first}))
        assert len(read.table) == 39
        assert "row 2 already" in str(_only(read.findings, "stands in row"))


class TestPopulation:
    @pytest.fixture
    def known(self, spoil):
        return pd.Index(pd.read_csv(spoil("population.csv", {}).path, dtype=str)["code"].unique())

    @pytest.mark.parametrize("value", ["-5", "", "mnoho", "3.5", "nan", "1e30", "9000000"])
    def test_bad_count_makes_the_obec_unknown_never_zero(self, spoil, known, value):
        found = spoil("population.csv", {(4, "65-69"): value})
        read = obce.read_population(found, known=known)
        code = pd.read_csv(found.path, dtype=str)["code"][2]
        assert code not in read.table.index
        assert [(f.row, f.column) for f in read.findings] == [(4, "65-69")]
        assert len(read.table) == 19

    def test_unknown_code_is_named(self, spoil, known):
        read = obce.read_population(spoil("population.csv", {(4, "code"): "999999"}), known=known)
        assert _only(read.findings, "999999 does not exist").row == 4

    def test_an_obec_that_is_not_in_the_table_is_named(self, spoil, data):
        read = obce.read_population(spoil("population.csv", {}), known=data.obce.index)
        assert _only(read.findings, "6238 obce are not in the table").row is None

    def test_an_obec_twice_is_unknown(self, spoil, known):
        table = pd.read_csv(SHIPPED / "population.csv", dtype=str, nrows=4)
        cells = {(5, "code"): table["code"][0], (5, "sex"): table["sex"][0]}
        read = obce.read_population(spoil("population.csv", cells), known=known)
        assert table["code"][0] not in read.table.index
        assert {f.row for f in read.findings} >= {2, 3, 4, 5}


class TestPrecincts:
    def test_negative_count_and_wrong_place(self, spoil, data):
        found = spoil("precincts.csv", {(3, "seniors_2011"): "-1", (4, "x"): "17.9"})
        read = obce.read_precincts(found, known=data.obce.index)
        assert len(read.table) == 38
        assert {(f.row, f.column) for f in read.findings} == {(3, "seniors_2011"), (4, "x")}


class TestRegister:
    @pytest.fixture
    def read(self, spoil, data):
        def go(cells):
            statement = register.read_completeness(SHIPPED / "register.toml")
            return register.read_register(
                spoil("register.csv", cells),
                obce=data.obce,
                completeness=statement,
                known_types=data.types,
            )

        return go

    def test_coordinates_outside_czechia_fall_back_to_the_obec(self, read, data):
        result = read({(3, "lat"): "12.0", (3, "lon"): "77.5"})
        place = result.places.iloc[1]
        assert place["located"] == "obec"
        assert place["x"] == data.obce.loc[place["code"], "x"]
        assert _only(result.findings, "outside Czechia").row == 3

    def test_swapped_coordinates_are_named(self, read):
        result = read({(3, "lat"): "14.5", (3, "lon"): "48.9"})
        assert _only(result.findings, "swapped").row == 3
        assert result.places.iloc[1]["located"] == "obec"

    def test_metres_given_as_degrees(self, read):
        result = read({(3, "lat"): "-1166521", (3, "lon"): "-515307"})
        assert _only(result.findings, "outside Czechia").row == 3

    def test_point_far_from_its_obec(self, read):
        result = read({(3, "lat"): "50.73", (3, "lon"): "15.05"})
        assert _only(result.findings, "lie far from").row == 3

    def test_text_in_a_coordinate(self, read):
        result = read({(3, "lat"): "48°58'"})
        assert _only(result.findings, "is not a number").column == "lat"
        assert len(result.places) == 40

    def test_unknown_obec_with_good_coordinates_still_counts(self, read):
        result = read({(3, "code"): "000000"})
        assert _only(result.findings, "does not exist").row == 3
        assert result.places.iloc[1]["located"] == "nowhere" or not np.isnan(
            result.places.iloc[1]["x"]
        )

    def test_nothing_is_lost_silently(self, read):
        result = read({(3, "lat"): "", (3, "code"): "000000"})
        assert len(result.places) == 40
        assert result.places.iloc[1]["located"] == "nowhere"

    @pytest.mark.parametrize(
        "forms",
        ["pob:luzka=-5", "pob:luzka=", "pob:postel=5", "pob:luzka=999999999", "dum:luzka=5"],
    )
    def test_impossible_capacity_is_unknown_and_named(self, read, forms):
        result = read({(2, "forms"): forms})
        rows = result.capacities[result.capacities["service_id"] == "mpsv-845"]
        assert rows["count"].isna().all()
        assert any(f.row == 2 and f.column == "forms" for f in result.findings)

    def test_bad_date_is_named(self, read):
        result = read({(2, "until"): "31. 12. 2026"})
        assert _only(result.findings, "is no date").row == 2

    def test_end_before_start_is_named(self, read):
        result = read({(2, "until"): "1950-01-01"})
        assert _only(result.findings, "ends before it starts").row == 2

    @pytest.mark.parametrize(
        ("column", "value"), [("type_code", "13.0"), ("source", ""), ("source", "mpsv")]
    )
    def test_a_service_of_unknown_type_is_named_and_leaves_a_doubt(self, read, column, value):
        result = read({(2, column): value})
        assert any(f.row == 2 and f.column == column for f in result.findings)
        assert not result.services.loc["mpsv-845", "clear"]

    def test_a_register_without_rows_is_a_fault(self, spoil, data):
        found = spoil("register.csv", {}, rows=0)
        result = register.read_register(
            found,
            obce=data.obce,
            completeness=register.read_completeness(SHIPPED / "register.toml"),
            known_types=data.types,
        )
        assert _only(result.findings, "no service at all").severity == "error"

    def test_missing_service_id_is_named(self, read):
        result = read({(2, "service_id"): " "})
        assert _only(result.findings, "no service id").row == 2
        assert len(result.places) == 39

    def test_repeated_address_counts_once(self, read):
        table = pd.read_csv(SHIPPED / "register.csv", dtype=str, keep_default_na=False, nrows=1)
        result = read({(5, column): table[column][0] for column in table.columns})
        assert _only(result.findings, "counts once").row == 5
        assert len(result.places) == 39

    def test_addresses_of_one_service_that_disagree(self, read):
        result = read({(3, "service_id"): "mpsv-845"})
        assert {f.column for f in result.findings if "first row" in str(f)} == {
            "type_code",
            "forms",
        }
        assert (result.capacities["service_id"] == "mpsv-845").sum() == 1

    def test_splitting_a_registration_changes_no_capacity(self, read):
        before = read({}).capacities.groupby("unit")["count"].sum()
        table = pd.read_csv(SHIPPED / "register.csv", dtype=str, keep_default_na=False, nrows=40)
        copy = {(9, column): table[column][0] for column in table.columns}
        gone = table.loc[7, "service_id"]
        after = read({**copy, (9, "address_code"): "1"}).capacities
        lost = (
            read({})
            .capacities.loc[lambda t: t["service_id"] == gone]
            .groupby("unit")["count"]
            .sum()
        )
        expected = before.sub(lost, fill_value=0)
        after = after.groupby("unit")["count"].sum().reindex(expected.index, fill_value=0)
        assert after.to_dict() == expected.to_dict()

    def test_statement_with_a_wrong_list(self, tmp_path):
        (tmp_path / "register.toml").write_text('districts = "CZ0421"', encoding="utf-8")
        with pytest.raises(errors.FileNotUsable, match="districts"):
            register.read_completeness(tmp_path / "register.toml")

    def test_register_without_a_statement_makes_everything_unknown(self, tmp_path):
        shutil.copy(SHIPPED / "register.csv", tmp_path / "register.csv")
        settings = Settings(geo_data=tmp_path)
        data = dataset.load(settings)
        question = study.ask(data, settings, territory_id="kaplice", service="10")
        totals = study.answer(question, data).totals
        assert totals["unknown"] == totals["people"]


SQUARES = {
    "562777": shapely.box(-720_000, -950_000, -719_000, -949_000),
    "562882": shapely.box(-719_000, -950_000, -718_000, -949_000),
}


class TestBoundaries:
    @pytest.fixture
    def write(self, tmp_path):
        def go(codes, shapes, *, crs: object = 5514, name: str = "b.gpkg"):
            path = tmp_path / name
            table = gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=crs)
            table.to_parquet(path) if name.endswith("parquet") else table.to_file(path)
            return path

        return go

    @pytest.mark.parametrize("name", ["b.gpkg", "b.geojson", "b.shp", "b.parquet"])
    def test_any_usual_file(self, write, data, name):
        crs = 4326 if name.endswith("geojson") else 5514
        shapes = gpd.GeoSeries(list(SQUARES.values()), crs=5514).to_crs(crs)
        areas, findings = boundaries.read_boundaries(
            write(list(SQUARES), shapes, crs=crs, name=name), known=data.obce.index
        )
        assert list(areas.index) == list(SQUARES)
        assert areas.crs.to_epsg() == 5514
        np.testing.assert_allclose(areas.area, 1e6, rtol=1e-3)
        assert findings == []

    def test_missing_crs(self, write, data):
        path = write(["562777"], [SQUARES["562777"]], crs=None, name="b.parquet")
        with pytest.raises(errors.MissingCrs, match="EPSG:5514"):
            boundaries.read_boundaries(path, known=data.obce.index)

    @pytest.mark.parametrize(
        ("shape", "crs", "hint"),
        [
            (shapely.box(14.5, 50.9, 14.6, 51.0), 5514, "degrees"),
            (shapely.box(50.5, 14.5, 50.6, 14.6), 4326, "swapped"),
            (shapely.box(719_000, 949_000, 720_000, 950_000), 5514, "positive"),
            (shapely.box(-720_000, -950_000, -719_000, -949_000), 4326, "Check"),
            (shapely.box(2.0, 48.0, 2.5, 48.5), 4326, "degrees"),
        ],
    )
    def test_coordinates_that_contradict_their_crs(self, write, data, shape, crs, hint):
        path = write(["562777"], [shape], crs=crs, name="b.parquet")
        with pytest.raises(errors.CrsDisagrees, match=hint):
            boundaries.read_boundaries(path, known=data.obce.index)

    def test_points_are_not_areas(self, write, data):
        path = write(["562777"], [shapely.Point(-720_000, -950_000)])
        with pytest.raises(errors.WrongGeometryKind, match="row 2"):
            boundaries.read_boundaries(path, known=data.obce.index)

    def test_faulty_rows_are_named_and_the_rest_is_used(self, write, data):
        bow_tie = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
        bow_tie = shapely.transform(bow_tie, lambda p: p + [-717_000, -950_000])
        codes = ["562777", "999999", "562777", "562882"]
        shapes = [SQUARES["562777"], SQUARES["562882"], SQUARES["562882"], bow_tie]
        areas, findings = boundaries.read_boundaries(
            write(codes, shapes, name="b.parquet"), known=data.obce.index
        )
        assert list(areas.index) == ["562777", "562882"]
        assert areas.is_valid.all()
        assert [(f.row, f.severity) for f in findings] == [
            (3, "error"),
            (4, "error"),
            (5, "warning"),
        ]

    @pytest.mark.parametrize("name", ["b.gpkg", "b.geojson", "b.parquet"])
    @pytest.mark.parametrize("content", [b"", b"nonsense", b"PAR1PAR1", b"{}"])
    def test_broken_files(self, tmp_path, data, name, content):
        (tmp_path / name).write_bytes(content)
        with pytest.raises((errors.FileNotUsable, errors.MissingColumns)):
            boundaries.read_boundaries(tmp_path / name, known=data.obce.index)

    def test_cut_file(self, write, data):
        path = write(list(SQUARES), list(SQUARES.values()), name="b.parquet")
        path.write_bytes(path.read_bytes()[:-200])
        with pytest.raises(errors.FileNotUsable):
            boundaries.read_boundaries(path, known=data.obce.index)

    def test_numbers_and_prefixes_are_codes_too(self, tmp_path, data):
        table = gpd.GeoDataFrame(
            {"LAU_ID": ["CZ_562777", "562882.0"]}, geometry=list(SQUARES.values()), crs=5514
        )
        table.to_parquet(tmp_path / "g.parquet")
        areas, _ = boundaries.read_boundaries(tmp_path / "g.parquet", known=data.obce.index)
        assert list(areas.index) == list(SQUARES)

    def test_own_form_comes_back_as_it_was(self, tmp_path, data):
        areas = gpd.GeoSeries(SQUARES, crs=5514)
        areas.index.name = "code"
        path = boundaries.write_boundaries(areas, folder=tmp_path / "new")
        again, findings = boundaries.read_boundaries(path, known=data.obce.index)
        assert findings == []
        assert again.geom_equals(areas).all()
        assert not list(path.parent.glob("*.part"))

    def test_an_obec_without_an_area_gets_a_cell_and_it_is_said(self, data):
        areas = gpd.GeoSeries(SQUARES, crs=5514)
        partly = replace(data, boundaries=areas)
        codes = pd.Index(data.territories["sluknovsko"].codes, name="code")
        both, real = dataset.areas_of(codes, partly)
        assert not real
        assert list(both.index) == list(codes)
        assert both.loc["562777"].equals(SQUARES["562777"])


class TestTerritories:
    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("[a]\ncodes = ['562777']", errors.BadTerritory),
            ("[a]\nname = 'A'", errors.BadTerritory),
            ("[a]\nname = 'A'\ncodes = []", errors.BadTerritory),
            ("[a]\nname = 'A'\ncodes = ['562777', '562777']", errors.BadTerritory),
            ("[a]\nname = 'A'\ncodes = ['562777']\nworking_groups = ['x']", errors.BadTerritory),
            ("[a]\nname = 'A'\ncodes = ['123456']", errors.UnknownObec),
            ("a = 1", errors.BadTerritory),
        ],
    )
    def test_definitions_that_cannot_be_used_are_named_and_the_rest_goes_on(
        self, tmp_path, text, error
    ):
        (tmp_path / "territories.toml").write_text(text, encoding="utf-8")
        data = dataset.load(Settings(geo_data=tmp_path))
        named = [f for f in data.findings if f.file == "territories.toml"]
        assert [f.template for f in named] == [error.template]
        assert "sluknovsko" in data.territories
        assert "a" not in data.territories

    def test_own_territory_works_at_once(self, tmp_path):
        (tmp_path / "territories.toml").write_text(
            "[moje]\nname = 'Moje obce'\ncodes = [562777, '562882']\n", encoding="utf-8"
        )
        settings = Settings(geo_data=tmp_path)
        data = dataset.load(settings)
        assert set(data.territories) > {"moje", "sluknovsko"}
        question = study.ask(data, settings, territory_id="Moje obce", service="13")
        assert study.answer(question, data).totals["people"] == 2_190 + 3_351


class TestWholeFolder:
    def test_unusable_boundaries_do_not_stop_the_work(self, tmp_path):
        (tmp_path / "boundaries.parquet").write_bytes(b"PAR1 nonsense")
        data = dataset.load(Settings(geo_data=tmp_path))
        assert data.boundaries is None
        named = [str(f) for f in data.findings if f.file == "boundaries.parquet"]
        assert len(named) == 1
        assert str(tmp_path) not in named[0]

    @pytest.mark.parametrize("name", ["target_groups.toml", "sources.toml"])
    def test_a_definition_without_its_keys_is_one_clear_error(self, tmp_path, name):
        (tmp_path / name).write_text("[x]\nname = 'X'\n", encoding="utf-8")
        with pytest.raises(errors.FileNotUsable, match=name.replace(".", r"\.")):
            dataset.load(Settings(geo_data=tmp_path))

    @pytest.mark.parametrize(
        ("column", "value"), [("type_code", "13.0"), ("source", ""), ("code", "535206.0")]
    )
    def test_a_spoiled_register_never_says_not_covered_for_sure(self, tmp_path, column, value):
        """Cells that cannot be read must not turn into "nobody has it"."""
        shutil.copy(SHIPPED / "register.toml", tmp_path / "register.toml")
        table = pd.read_csv(SHIPPED / "register.csv", dtype=str, keep_default_na=False)
        table[column] = value
        if column == "code":
            table["lat"] = table["lon"] = ""
        table.to_csv(tmp_path / "register.csv", index=False)
        settings = Settings(geo_data=tmp_path)
        data = dataset.load(settings)
        question = study.ask(data, settings, territory_id="sluknovsko", service="13", on=DAY)
        totals = study.answer(question, data).totals
        assert totals["covered"] == 0
        assert totals["not_covered"] < 1_100
        assert len(data.findings) >= 400


def test_names_of_the_register_have_single_spaces():
    table = pd.DataFrame(
        {
            "name": ["Denní stacionář  Luhačovice", "A\u00a0\u00a0B", "C \u00a0 D", " E\u00a0F "],
            "provider": ["OS ČČK  Zlín", "x", "y", "z"],
            "street": ["Dlouhá  1"] * 4,
        }
    )
    found = tidy.tidied(table)
    assert list(found["name"]) == ["Denní stacionář Luhačovice", "A\u00a0B", "C D", "E\u00a0F"]
    assert found["provider"][0] == "OS ČČK Zlín"
    assert found["street"][0] == "Dlouhá  1"


def test_no_name_that_is_read_has_two_spaces(data):
    for names in (data.register.places["name"], data.register.services["provider"]):
        assert len(names) > 100
        assert not names.str.contains(r"\s\s").any()


def test_contacts_and_legal_forms_are_written_one_way(data):
    for table in (data.register.places, data.register.services):
        phones = table["phone"][table["phone"].ne("")]
        assert len(phones) > 100
        ours = phones.str.fullmatch(r"\d{3} \d{3} \d{3}")
        assert set(phones[~ours]) <= {"80012411", "487 832 378 (120)"}
        assert not table["web"].str.contains(r"https?/").any()
    names = pd.concat([data.register.places["name"], data.register.services["provider"]])
    assert not names.str.contains(r"\b(?:s\.r\.o|o\.p\.s|z\.s|z\.ú|a\.s|p\.o)\.(?:,|$)").any()
    assert names.str.contains("o.\u00a0p.\u00a0s.", regex=False).sum() > 20


def test_a_telephone_that_no_network_has_is_named_with_its_row(data):
    (finding,) = [f for f in data.findings if "no telephone" in f.template]
    assert (finding.column, finding.fields["value"]) == ("phone", "80012411")
    lines = (SHIPPED / "register.csv").read_text("utf-8-sig").splitlines()
    assert "80012411" in lines[finding.row - 1]
