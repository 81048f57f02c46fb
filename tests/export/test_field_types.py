"""Types that come to people: no limit of kilometres, and words that are true of them."""

import csv
import io
from dataclasses import replace

import pandas as pd
import pyogrio
import pytest

from kpss_geo.coverage import Limit
from kpss_geo.distance import Reach
from kpss_geo.export import geopackage, print_maps, workbook
from kpss_geo.export.listing import AT_DISTANCE, SERVED
from kpss_geo.report import board, compared_rows, files, html, reasons, rows, sentences
from kpss_geo.report.unknown import unknown_because
from kpss_geo.schema import NOT_COVERED, PEOPLE, UNKNOWN
from kpss_geo.study import compare
from kpss_geo.text import LANGUAGES, Words, preposition

CS = Words("cs")
FIELD_ONLY = ("3", "5", "18")
"""Personal assistance, emergency care, telephone crisis help."""


@pytest.mark.parametrize("service", FIELD_ONLY)
def test_a_type_nobody_travels_to_has_no_limit_in_any_row(ask, data, service):
    answer = ask("sluknovsko", service)
    records = rows.rows(answer)
    assert {(row["reach"], row["reach_unit"]) for row in records} == {(None, "")}
    line = next(csv.DictReader(io.StringIO(files.to_csv(records))))
    assert (line["reach"], line["reach_unit"]) == ("", "")
    found = compared_rows.rows([compare(answer, answer, data=data)])
    assert {(row["reach"], row["reach_unit"]) for row in found} == {(None, "")}
    for language in LANGUAGES:
        assert "15" not in html.obce_table(answer, Words(language)).split("<thead")[0]


def test_a_type_people_travel_to_keeps_its_limit(ask):
    for service in ("13", "4"):
        found = {(row["reach"], row["reach_unit"]) for row in rows.rows(ask("sluknovsko", service))}
        assert found == {(15.0, "km")}


def test_where_limits_differ_the_row_says_that_of_the_deciding_form(ask, data):
    limits = {
        ("8", "pob"): Limit("pob", Reach(2.0, "min")),
        ("8", "amb"): Limit("amb", Reach(30.0, "km")),
    }
    answer = ask("jihomoravsky", "8", limits=limits)
    known = {"pob": (2.0, "min"), "amb": (30.0, "km"), "ter": (None, ""), "": (None, "")}
    records = rows.rows(answer)
    covered = [row for row in records if row["verdict"] == "covered"]
    assert len({row["form"] for row in covered}) > 1
    for row in covered:
        assert (row["reach"], row["reach_unit"]) == known[row["form"]]
    found = compared_rows.rows([compare(answer, answer, data=data)])
    assert {(row["reach"], row["reach_unit"]) for row in found if not row["form"]} == {(None, "")}


def test_workbook_and_geopackage_leave_the_limit_empty(bundled, tmp_path):
    bundle = bundled("sluknovsko")
    records = [r for r in workbook.sheets(bundle)["Pokrytí"][1] if r["service_type"] in FIELD_ONLY]
    limits = {row["service_type"]: (row["reach"], row["reach_unit"]) for row in records}
    assert limits == {"3": (None, SERVED), "5": (None, AT_DISTANCE), "18": (None, AT_DISTANCE)}
    path = geopackage.write_geopackage(bundle, tmp_path)[0]
    for answer in bundle.answers:
        layer = pyogrio.read_dataframe(path, layer=geopackage.layer_of(answer))
        asked = answer.question.only_field
        assert layer["reach"].dtype == layer["nearest_min"].dtype == float
        assert layer["reach"].isna().all() == asked
    assert any(answer.question.only_field for answer in bundle.answers)


def test_where_nothing_is_known_there_is_no_number_of_people_not_covered(bundled):
    bundle = bundled("sluknovsko")
    seen = set()
    for row in board.summary(bundle.answers, CS):
        silent = row[UNKNOWN] == row[PEOPLE]
        seen.add(silent)
        assert (row["not_covered_low"] is None) == (row["not_covered_high"] is None) == silent
        if not silent:
            assert row["not_covered_low"] <= row[NOT_COVERED] <= row["not_covered_high"]
    assert seen == {True, False}


def test_a_gap_row_speaks_of_the_people_not_covered(ask):
    answer = ask("jihomoravsky", "13", reach=Reach(20.0, "min"))
    parts = 0
    for row in rows.gap_rows(answer):
        assert row["verdict"] == NOT_COVERED
        assert row["nearest_min"] >= 20
        part = row["not_covered"] < row["population"]
        parts += part
        if row["nearest_obec"] is not None:
            assert row["nearest_obec"] in row["reason"]
            digits = 1 if row["nearest_min"] < 20.5 else 0  # 20.3 is seen to be beyond 20
            minutes = CS.number(row["nearest_min"], digits=digits)
            assert f"({minutes}\u00a0min); limit je" in row["reason"]
        out_of = f"{preposition('z', str(row['population']))}\u00a0{CS.number(row['population'])}"
        said = f"({CS.number(row['not_covered'])} {out_of})"
        assert (said in row["reason"]) == part
        assert row["firm"] is None or row["not_covered"] * 2 >= row["population"]
    assert parts > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_given_by_telephone_is_not_said_to_travel(ask, language):
    words = Words(language)
    travels = {"cs": ("jezd", "přijede", "přijíž", "dojíž"), "en": ("come", "home", "travel"),
               "uk": ("приїжд", "виїзн", "додому")}[language]  # fmt: skip
    for service in ("5", "18"):
        answer = ask("sluknovsko", service)
        obec = answer.obce.iloc[0].to_dict()
        texts = [sentences.headline(answer, words), sentences.threshold_words(answer, words)]
        for verdict in sentences.VERDICT_WORDS:
            said = {**obec, "verdict": verdict, "by_ter": 5 if verdict == "covered" else 0}
            texts += [make(answer, said, words) for make in (reasons.reason, reasons.brief)]
        for verdict in (NOT_COVERED, "covered"):
            counts = dict.fromkeys(sentences.VERDICT_WORDS, 0) | {verdict: obec[PEOPLE]}
            told = replace(answer, obce=pd.DataFrame([{**obec, **counts}]))
            texts.append(sentences.headline(told, words))
        because = unknown_because(answer, words)
        assert because
        for text in (because, *texts):
            assert not [word for word in travels if word in text.lower()], text


def test_the_map_of_a_field_type_speaks_of_no_way(bundled):
    bundle = bundled("sluknovsko")
    for answer in bundle.answers:
        subtitle = print_maps.map_texts(bundle, answer).subtitle
        assert ("cesta" in subtitle) != answer.question.only_field


def test_a_headline_names_no_limit_where_only_the_field_side_is_open(ask):
    answer = ask("kaplice", "4")
    assert answer.totals[UNKNOWN] == answer.totals[PEOPLE]
    assert set(answer.obce["reason"]) <= {"field_not_declared", "field_not_held"}
    said = {language: sentences.headline(answer, Words(language)) for language in LANGUAGES}
    assert said["cs"].endswith(
        "má pečovatelskou službu: kam terénní služby jezdí, zatím nikdo neřekl."
    )
    for text in said.values():
        assert "15" not in text
        assert "(" not in text
    decided = ask("kaplice", "4", form="amb")
    assert "15\u00a0km" in sentences.headline(decided, CS)
