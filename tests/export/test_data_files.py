"""Workbook and GeoPackage: opened with openpyxl, GDAL and SQLite, and set against the rows."""

import io
import sqlite3
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest

from kpss_geo import export, figures, maps, study
from kpss_geo.coverage import REASONS
from kpss_geo.errors import CannotWrite
from kpss_geo.export import geopackage, listing, workbook
from kpss_geo.export.columns import GAP_COLUMNS, ROW_COLUMNS, SUMMARY_COLUMNS
from kpss_geo.report import board, rows, sentences
from kpss_geo.study.answer import CHECKS
from kpss_geo.text import Words

from facts import DAY

CS = Words("cs")
COUNTS = ("population", "covered", "on_paper", "not_covered", "unknown", "nearest_m", "by_amb")


def _read(bundle):
    return openpyxl.load_workbook(io.BytesIO(workbook.workbook(bundle)))


def _records(sheet, columns):
    head, *body = sheet.iter_rows(values_only=True)
    assert head == tuple(column.heading for column in columns)
    names = [column.name for column in columns]
    return [dict(zip(names, line, strict=True)) for line in body]


@pytest.fixture(scope="module")
def book(bundled):
    return _read(bundled("sluknovsko"))


def test_the_dictionary_names_every_column_of_a_row():
    assert tuple(column.name for column in ROW_COLUMNS) == rows.FIELDS
    assert all(column.meaning and column.unit for column in ROW_COLUMNS)


def test_coverage_and_gaps_equal_the_rows(bundled, book):
    bundle = bundled("sluknovsko")
    for name, make in (("Pokrytí", rows.rows), ("Mezery", rows.gap_rows)):
        expected = [row for answer in bundle.answers for row in make(answer)]
        found = _records(book[name], GAP_COLUMNS if name == "Mezery" else ROW_COLUMNS)
        assert len(found) == len(expected) > 10
        for there, row in zip(found, expected, strict=True):
            assert there["code"] == row["code"]
            assert {k: there[k] for k in COUNTS} == {k: row[k] for k in COUNTS}
            assert there["verdict"] == CS.t(sentences.VERDICT_WORDS[row["verdict"]])
            assert not isinstance(there["population"], str)
            assert (there["firm_lost"] is None) == (row["firm_lost"] == "")
            assert (there["unknown_reason"] is None) == (row["unknown_reason"] == "")


def test_people_read_words_and_no_codes(book):
    """Codes stay in the outputs for programs; here only codes of obce and types are numbers."""
    codes = {"seniori", "straight", "car", "walk", "pob", "amb", "ter", "address", "obec",
             *CHECKS, *REASONS, *sentences.VERDICT_WORDS}  # fmt: skip
    for sheet in book.worksheets:
        if sheet.title == "Slovník dat":
            continue
        found = {
            part
            for line in sheet.iter_rows(min_row=2, values_only=True)
            for cell in line
            if isinstance(cell, str)
            for part in cell.split("|")
        }
        assert not found & codes, sheet.title


def test_the_summary_equals_the_board_and_adds_up(bundled, book):
    found = _records(book["Souhrn"], SUMMARY_COLUMNS)
    for there, row in zip(found, board.summary(bundled("sluknovsko").answers, CS), strict=True):
        parts = [there[verdict] for verdict in sentences.VERDICT_WORDS]
        assert sum(parts) == there["people"] == row["people"] == 10_969
        assert there["not_covered"] == row["not_covered"]


def test_sheets_have_frozen_headings_and_say_the_question(bundled, book):
    bundle = bundled("sluknovsko")
    for sheet in book.worksheets:
        assert sheet.freeze_panes
        assert sheet.column_dimensions["A"].width >= 7
    asked = dict(list(book["Otázka"].iter_rows(values_only=True))[1:14])
    assert asked["Otisk dat"] == bundle.question.data_digest
    assert "nikoli norma" in asked["Hranice dostupnosti"]
    named = {line[1] for line in book["Slovník dat"].iter_rows(values_only=True)}
    for sheet in book.worksheets:
        assert {cell.value for cell in sheet[1]} <= named | {"List", "Sloupec"} | {
            "Název v datech", "Jednotka", "Význam",
        }  # fmt: skip


def test_a_day_is_a_day_and_a_limit_has_no_idle_decimals(bundled, book):
    bundle = bundled("sluknovsko")
    for name, columns in (("Pokrytí", ROW_COLUMNS), ("Mezery", GAP_COLUMNS)):
        days = {row["on"].date() for row in _records(book[name], columns)}
        assert days == {bundle.question.on}
    limits = {row[2] for row in book["Limity"].iter_rows(min_row=2, values_only=True)}
    assert {type(limit) for limit in limits} == {int, type(None)}
    for *_, limit, _unit, per_1000, _of, what in book["Limity"].iter_rows(
        min_row=2, values_only=True
    ):
        assert bool(what) == (limit is not None or per_1000 is not None)


def test_every_row_is_as_high_as_its_longest_text(bundled, book):
    """LibreOffice takes the height from the file; no text may be hidden under the next row."""
    tall = 0
    for name, (columns, _) in workbook.sheets(bundled("sluknovsko")).items():
        for number, line in enumerate(book[name].iter_rows(values_only=True), start=1):
            cells = zip(line, columns, strict=True)
            signs = [len(v) / column.width for v, column in cells if isinstance(v, str)]
            height = book[name].row_dimensions[number].height or 15
            assert height >= min(405, 15 * int(0.9 * max(signs))), (name, number)
            tall += height > 15
    assert tall > 100


def test_where_nobody_lives_there_is_no_way(data, settings):
    """Březina is a military area; nothing is judged there, though a home was near enough."""
    question = study.ask(data, settings, territory_id="jihomoravsky", service="13", on=DAY)
    bundle = export.gather([study.answer(question, data)], data)
    found = {row["code"]: row for row in workbook.sheets(bundle)["Pokrytí"][1]}
    empty = found["592935"]
    assert empty["population"] == 0
    told = ("nearest_m", "nearest_min", "nearest_place", "nearest_obec", "nearest_certain", "reach")
    assert {empty[name] for name in told} == {None}
    assert all(row["nearest_m"] > 0 for code, row in found.items() if code != "592935")


def test_nothing_runs_as_a_formula(evil):
    for sheet in _read(evil).worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert not cell.value.startswith(("=", "+", "@"))


def test_what_is_not_known_is_empty_and_nothing_missing_is_nought(one_obec):
    sheets = _read(one_obec)
    found = _records(sheets["Pokrytí"], ROW_COLUMNS)
    assert len(found) == len(one_obec.answers)
    assert all(row["nearest_m"] is None for row in found)
    assert all(row["covered"] == 0 and row["population"] > 0 for row in found)
    assert sheets["Služby"].max_row == 1


@pytest.fixture(scope="module")
def package(bundled, tmp_path_factory):
    return geopackage.write_geopackage(bundled("sluknovsko"), tmp_path_factory.mktemp("gpkg"))[0]


def test_layers_equal_the_rows(bundled, package):
    bundle = bundled("sluknovsko")
    whole = gpd.read_file(package, layer="obce")
    for answer in bundle.answers:
        layer = gpd.read_file(package, layer=geopackage.layer_of(answer))
        expected = pd.DataFrame(rows.rows(answer))
        assert layer.crs.to_epsg() == 5514
        for name in COUNTS:
            found = pd.to_numeric(layer[name]).astype("Float64")
            pd.testing.assert_series_equal(
                found, expected[name].astype("Float64"), check_names=False
            )
        sums = whole[f"not_covered_{answer.service_type.code}"].sum()
        assert sums == answer.totals["not_covered"]
        for code, fill in zip(layer["code"], layer["style"], strict=True):
            assert fill == maps.fill_of(answer.obce.loc[code].to_dict())
    areas = bundle.ground.areas.area.reindex(whole["code"]).to_numpy()
    assert whole.geometry.area.to_numpy() == pytest.approx(areas)


def test_places_stand_where_the_register_puts_them(bundled, package):
    points = gpd.read_file(package, layer="mista")
    expected = [row for row in listing.services(bundled("sluknovsko")) if row["x"] == row["x"]]
    assert len(points) == len(expected) > 20
    assert points.geometry.x.tolist() == pytest.approx([row["x"] for row in expected])


def test_every_layer_has_a_style_that_is_taken_by_default(package):
    with sqlite3.connect(package) as base:
        styles = base.execute(
            'SELECT f_table_name, f_geometry_column, "styleQML", "useAsDefault" FROM layer_styles'
        ).fetchall()
        spatial = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {name for name, *_ in styles} == set(spatial)
    for name, column, document, default in styles:
        assert spatial[name] == column
        assert default == 1
        root = ET.fromstring(document)  # noqa: S314 - made by ourselves
        if name.startswith("obce_"):
            values = {c.attrib["value"]: c.attrib["symbol"] for c in root.iter("category")}
            assert set(values) == set(figures.FILLS)
            symbol = next(
                s for s in root.iter("symbol") if s.attrib["name"] == values["not_covered"]
            )
            colours = [o.attrib["value"] for o in symbol.iter("Option") if o.get("name") == "color"]
            assert colours == [
                "240,138,36,255",
                "163,74,0,255",
            ]  # the fill, and strokes for grey print


def test_every_column_has_a_czech_alias_and_a_meaning(package):
    """As SQLite and as the style say it; the columns are those that GDAL finds."""
    with sqlite3.connect(package) as base:
        said = base.execute(
            "SELECT table_name, column_name, title, description FROM gpkg_data_columns"
        ).fetchall()
        used = base.execute("SELECT extension_name FROM gpkg_extensions").fetchall()
        styles = dict(base.execute('SELECT f_table_name, "styleQML" FROM layer_styles'))
    assert ("gpkg_schema",) in used
    for layer, _ in pyogrio.list_layers(package):
        if layer == "layer_styles":
            continue
        fields = list(pyogrio.read_info(package, layer=layer)["fields"])
        assert [column for table, column, *_ in said if table == layer] == fields
        if layer in styles:
            root = ET.fromstring(styles[layer])  # noqa: S314 - made by ourselves
            aliases = {each.attrib["field"]: each.attrib["name"] for each in root.iter("alias")}
            assert aliases == {column: title for table, column, title, _ in said if table == layer}
    for _, column, title, description in said:
        assert column.isascii()
        assert column == column.lower()
        assert title[:1].isupper()
        assert description


def test_names_in_qgis_are_chosen_by_people(package):
    with sqlite3.connect(package) as base:
        query = """SELECT "styleQML" FROM layer_styles WHERE f_table_name = 'obce'"""
        document = base.execute(query).fetchone()[0]
    root = ET.fromstring(document)  # noqa: S314 - made by ourselves
    (properties,) = (o for o in root.iter("Option") if o.get("name") == "properties")
    decided = {
        o.attrib["name"]: next(e for e in o if e.get("name") == "expression").attrib["value"]
        for o in properties
    }
    assert set(decided) == {"Priority", "Show"}
    assert all("population" in expression for expression in decided.values())


def test_the_package_says_the_question(bundled, package):
    asked = pyogrio.read_dataframe(package, layer="otazka")
    facts = dict(zip(asked["item"], asked["value"], strict=True))
    assert facts["Otisk dat"] == bundled("sluknovsko").question.data_digest
    assert "CC BY 4.0" in set(pyogrio.read_dataframe(package, layer="zdroje")["licence"])


def test_a_package_of_one_obec_without_services(one_obec, tmp_path):
    path = geopackage.write_geopackage(one_obec, tmp_path)[0]
    assert len(gpd.read_file(path, layer="obce")) == 1
    assert gpd.read_file(path, layer="mista").empty


def test_a_folder_that_cannot_be_written_is_named(one_obec, tmp_path):
    (tmp_path / "out").write_text("a file")
    for write in (geopackage.write_geopackage, workbook.write_workbook):
        with pytest.raises(CannotWrite):
            write(one_obec, tmp_path / "out")


def test_a_written_package_stays_when_the_next_cannot_be_made(one_obec, tmp_path, monkeypatch):
    path = geopackage.write_geopackage(one_obec, tmp_path)[0]
    before = path.read_bytes()

    def fail(*_args, **_options):
        raise pyogrio.errors.DataSourceError("disk full")

    monkeypatch.setattr(pyogrio, "write_dataframe", fail)
    with pytest.raises(CannotWrite, match="no room left"):
        geopackage.write_geopackage(one_obec, tmp_path)
    assert path.read_bytes() == before
