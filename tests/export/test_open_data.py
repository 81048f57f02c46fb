"""Every data output read with other software: the same figures as the Answer, everywhere."""

import csv
import io
import json
import sqlite3
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import python_calamine
from lxml import etree
from owslib.iso import MD_Metadata

from kpss_geo import export, settings
from kpss_geo.export import csv_files, dcat, iso, listing, terms, workbook
from kpss_geo.export.geopackage import layer_of
from kpss_geo.report import rows
from kpss_geo.schema import VERDICTS

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:owslib")
DATA = ("xlsx", "gpkg", "csv", "geoparquet", "hsds", "iso", "dcat")
SCHEMAS = "plugins/profiles/apiso/schemas/ogc/iso/19139/20060504/gmd/gmd.xsd"


@pytest.fixture(scope="module")
def folder(bundled, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("data")
    export.write(bundled("sluknovsko"), out, outputs=DATA)
    return out


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """Schemas of ISO 19139 as another program ships them."""
    root = Path(find_spec("pycsw").submodule_search_locations[0])
    parser = etree.XMLParser(no_network=True)
    return etree.XMLSchema(etree.parse(str(root / SCHEMAS), parser))


def _csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", dtype={"Kód obce": str,
                       "Kód druhu": str})  # fmt: skip


def _from_workbook(folder):
    book = python_calamine.CalamineWorkbook.from_path(folder / "sluknovsko-data.xlsx")
    head, *body = book.get_sheet_by_name("Pokrytí").to_python()
    table = pd.DataFrame(body, columns=head)
    return _long(table)


def _long(table):
    named = {"covered": "Pokryto", "on_paper": "Jen na papíře", "not_covered": "Nepokryto",
             "unknown": "Nevíme"}  # fmt: skip
    return {
        (str(kind), verdict): int(part[heading].sum())
        for kind, part in table.groupby("Kód druhu")
        for verdict, heading in named.items()
    }


def _wide(table):
    return {
        (name.rsplit("_", 1)[1], name.rsplit("_", 1)[0]): int(table[name].sum())
        for name in table.columns
        if name.rsplit("_", 1)[0] in VERDICTS
    }


def test_the_figures_are_the_same_in_every_output(bundled, folder):
    answers = bundled("sluknovsko").answers
    expected = {(a.service_type.code, v): a.totals[v] for a in answers for v in VERDICTS}
    assert sum(expected.values()) == len(answers) * 10_969
    parquet = pq.read_table(folder / "sluknovsko-obce.parquet").to_pandas()
    package = pyogrio.read_dataframe(folder / "sluknovsko.gpkg", layer="obce", read_geometry=False)
    with sqlite3.connect(folder / "sluknovsko.gpkg") as base:
        queried = {
            (a.service_type.code, v): base.execute(
                f'SELECT sum("{v}") FROM "{layer_of(a)}"'  # noqa: S608
            ).fetchone()[0]
            for a in answers
            for v in VERDICTS
        }
    found = {
        "workbook": _from_workbook(folder),
        "csv": _long(_csv(folder / "csv" / "sluknovsko-pokryti.csv")),
        "parquet": _wide(parquet),
        "package": _wide(package),
        "layers": queried,
    }
    for name, figures in found.items():
        assert figures == expected, name


def test_every_output_says_question_data_and_version(bundled, folder):
    digest = bundled("sluknovsko").question.data_digest
    said = pq.read_schema(folder / "sluknovsko-obce.parquet")
    named = {
        "csv": (folder / "csv" / "sluknovsko-otazka.csv").read_text(encoding="utf-8-sig"),
        "csvw": (folder / "csv" / "sluknovsko-csv-metadata.json").read_text(encoding="utf-8"),
        "parquet": said.metadata[b"kpss_geo"].decode(),
        "hsds": (folder / "sluknovsko-hsds.json").read_text(encoding="utf-8"),
        "dcat": (folder / "sluknovsko-dcat.jsonld").read_text(encoding="utf-8"),
        "iso": (folder / "sluknovsko-gpkg-iso19139.xml").read_text(encoding="utf-8"),
    }
    for name, text in named.items():
        assert digest in text, name
        assert "kpss-geo 0.1.0" in text or '"version": "0.1.0"' in text, name
        assert "Šluknovsko (18 obcí)" in text, name


def test_csv_opens_in_a_czech_excel_and_holds_what_the_workbook_holds(bundled, folder):
    sheets = workbook.sheets(bundled("sluknovsko"))
    names = sorted(path.name for path in (folder / "csv").glob("*.csv"))
    assert len(names) == len(sheets) > 8
    described = json.loads((folder / "csv" / "sluknovsko-csv-metadata.json").read_text())
    assert sorted(table["url"] for table in described["tables"]) == names
    book = python_calamine.CalamineWorkbook.from_path(folder / "sluknovsko-data.xlsx")
    for table in described["tables"]:
        raw = (folder / "csv" / table["url"]).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        head, *body = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
        columns = table["tableSchema"]["columns"]
        assert head == [column["titles"] for column in columns]
        theirs = book.get_sheet_by_name(table["dc:title"]).to_python()
        assert head == theirs[0]
        assert len(body) == len(theirs) - 1
        for mine, other in zip(body, theirs[1:], strict=True):
            for text, cell, column in zip(mine, other, columns, strict=True):
                if column["datatype"] == "string":
                    assert text == str(cell)
                elif text:
                    assert float(text.replace(",", ".")) == pytest.approx(cell)
                else:
                    assert cell == ""


def test_a_number_with_a_point_is_never_written(folder):
    for path in (folder / "csv").glob("*.csv"):
        for line in csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"):
            for cell in line:
                with pytest.raises(ValueError, match="float"):
                    float(cell if "." in cell else "x")


def test_nothing_in_csv_runs_as_a_formula(evil, tmp_path):
    for path in csv_files.write_csv(evil, tmp_path):
        if path.suffix == ".csv":
            for line in csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"):
                assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in line)


def test_geoparquet_carries_areas_points_and_metres(bundled, folder):
    bundle = bundled("sluknovsko")
    obce = gpd.read_parquet(folder / "sluknovsko-obce.parquet")
    assert obce.crs.to_epsg() == 5514
    assert sorted(obce["code"]) == sorted(bundle.territory.codes)
    assert obce.area.sum() == pytest.approx(bundle.ground.areas.area.sum())
    places = gpd.read_parquet(folder / "sluknovsko-mista.parquet")
    expected = [row for row in listing.services(bundle) if row["x"] == row["x"]]
    assert places.geometry.x.tolist() == pytest.approx([row["x"] for row in expected])
    assert (
        str(pq.read_schema(folder / "sluknovsko-obce.parquet").field("population").type) == "int64"
    )


def test_what_is_not_known_is_missing_in_geoparquet(bundled, tmp_path):
    bundle = bundled("sluknovsko")
    first = bundle.answers[0]
    code = bundle.territory.codes[0]
    obce = first.obce.copy()
    obce.loc[code, ["people", *VERDICTS]] = pd.NA
    changed = replace(bundle, answers=(replace(first, obce=obce),))
    paths = export.write(changed, tmp_path, outputs=["geoparquet"])
    table = pq.read_table(paths[0]).to_pandas().set_index("code")
    assert table.loc[code].isna().sum() == 1 + len(VERDICTS)


@pytest.fixture(scope="module")
def record(folder):
    return json.loads((folder / "sluknovsko-dcat.jsonld").read_text(encoding="utf-8"))


def test_the_record_points_to_every_data_file_that_was_written(folder, record):
    named = [each["soubor_ke_stažení"] for each in record["distribuce"]]
    written = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in dcat.KINDS and "metadata" not in path.name
    }
    assert set(named) == written
    assert len(named) == len(set(named)) == len({d["iri"] for d in record["distribuce"]}) > 12
    for each in record["distribuce"]:
        if each["soubor_ke_stažení"].endswith(".csv"):
            assert (folder / each["schéma"]).is_file()


def test_the_record_keeps_to_the_czech_norm(bundled, record):
    needed = {"název", "popis", "prvek_rúian", "téma", "periodicita_aktualizace",
              "klíčové_slovo", "distribuce"}  # fmt: skip
    assert needed <= record.keys()
    assert "poskytovatel" not in record  # nobody has said who publishes
    assert len(record["prvek_rúian"]) == len(bundled("sluknovsko").territory.codes)
    for each in record["distribuce"]:
        allowed = each["podmínky_užití"]
        assert allowed["typ"] == "Specifikace podmínek užití"
        assert allowed["autorské_dílo"] == terms.CC_BY
        assert "ČSÚ" in allowed["autor"]["cs"]
        assert allowed["osobní_údaje"].startswith("https://data.gov.cz/podmínky-užití/")
    by_name = {d["název"]["cs"]: d["podmínky_užití"]["osobní_údaje"] for d in record["distribuce"]}
    assert by_name["sluknovsko-obce.parquet"].endswith("/neobsahuje-osobní-údaje/")
    assert "není-specifikováno" in by_name["sluknovsko-sluzby.csv"]
    assert "není-specifikováno" in by_name["sluknovsko.gpkg"]


def test_an_unknown_licence_is_not_made_up(bundled):
    bundle = bundled("sluknovsko")
    first = bundle.answers[0]
    own = replace(first.sources[0], licence="", title="vlastní tabulka")
    mixed = replace(first.sources[0], licence="OpenStreetMap, ODbL 1.0")
    plain = dcat.dataset(bundle, [Path("a.csv")])
    for sources, expected in (((own,), None), ((*first.sources, mixed), terms.ODBL)):
        changed = replace(bundle, answers=(replace(first, sources=sources),))
        found = dcat.dataset(changed, [Path("a.csv")])["distribuce"][0]["podmínky_užití"]
        assert found.get("databáze_chráněná_zvláštními_právy") == expected
        assert found != plain["distribuce"][0]["podmínky_užití"]
    assert "vlastní tabulka" in iso.record(
        replace(bundle, answers=(replace(first, sources=(own,)),))
    )


def test_the_publisher_stands_in_both_descriptions_when_it_is_set(bundled, monkeypatch):
    monkeypatch.setenv("KPSS_OPERATOR", "Město Rumburk & spol.")
    monkeypatch.setenv("KPSS_OPERATOR_ICO", "00261602")
    settings.current.cache_clear()
    try:
        bundle = bundled("sluknovsko")
        assert dcat.dataset(bundle, [])["poskytovatel"].endswith("/orgán-veřejné-moci/00261602")
        read = MD_Metadata(etree.fromstring(iso.record(bundle).encode()))
        assert read.contact[0].organization == "Město Rumburk & spol."
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


@pytest.mark.parametrize("name", ["sluknovsko", "evil", "one_obec", "secret"])
def test_the_iso_record_is_valid(name, request, bundled, schema):
    bundle = bundled(name) if name == "sluknovsko" else request.getfixturevalue(name)
    document = etree.fromstring(iso.record(bundle).encode())
    schema.assertValid(document)
    broken = etree.fromstring(iso.record(bundle).encode())
    broken.remove(broken.find("{*}contact"))
    assert not schema.validate(broken)


def test_another_program_reads_the_iso_record(folder):
    read = MD_Metadata(etree.parse(folder / "sluknovsko-gpkg-iso19139.xml").getroot())
    about = read.identification[0]
    assert "Šluknovsko" in about.title
    package = pyogrio.read_info(folder / "sluknovsko.gpkg", layer="obce")
    assert package["crs"] == "EPSG:5514"
    assert read.referencesystem.code.endswith("/5514")
    inside = gpd.read_file(folder / "sluknovsko.gpkg", layer="obce").to_crs(4326).total_bounds
    box = [float(v) for v in (about.bbox.minx, about.bbox.miny, about.bbox.maxx, about.bbox.maxy)]
    assert box == pytest.approx(list(inside), abs=2e-4)
    assert (folder / read.distribution.online[0].url).is_file()
    assert "schematické" in read.dataquality.lineage


def test_controls_of_a_name_do_not_break_the_record(one_obec, schema):
    where = replace(one_obec.territory, name="Obec\x0b\x00 <&>")
    schema.assertValid(etree.fromstring(iso.record(replace(one_obec, territory=where)).encode()))


def test_descriptions_come_with_what_they_describe(one_obec, tmp_path):
    names = {path.name for path in export.write(one_obec, tmp_path, outputs=["iso", "dcat"])}
    assert {"jedna.gpkg", "jedna-pokryti.csv", "jedna-dcat.jsonld"} <= names


def test_rows_of_the_csv_are_those_of_the_answer(bundled, folder):
    table = _csv(folder / "csv" / "sluknovsko-mezery.csv")
    expected = [row for a in bundled("sluknovsko").answers for row in rows.gap_rows(a)]
    assert table["Nepokryto"].tolist() == [row["not_covered"] for row in expected]
    assert table["Čas nepokrytých (min)"].dropna().tolist() == pytest.approx(
        [row["nearest_min"] for row in expected if row["nearest_min"] is not None]
    )
