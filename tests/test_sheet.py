"""The sheet of an obec against plain loops; names from the data stay text."""

import base64
import re
from dataclasses import replace
from statistics import median

import pandas as pd
import pytest

from kpss_geo import dataset, finder, state
from kpss_geo.distance import Travel
from kpss_geo.report import board, peers, sheet, sheet_map, sheet_words
from kpss_geo.report.contacts import phones, web_address
from kpss_geo.state import View
from kpss_geo.text import Words

from facts import DAY

LOBENDAVA, VARNSDORF = "545708", "562882"
CS = Words("cs")


@pytest.fixture(scope="module")
def answers():
    return board.held(state.board(View()))


@pytest.fixture(scope="module")
def people(data):
    return data.population.sum(axis=1)


def test_counts_equal_plain_loops(answers):
    counts = peers.counts_of(answers)
    for code in answers[0].obce.index:
        for verdict in counts.columns:
            loop = [a for a in answers if a.obce.loc[code]["verdict"] == verdict]
            assert counts.at[code, verdict] == len(loop)
    assert (counts.sum(axis=1) == len(answers)).all()


@pytest.mark.parametrize("code", [LOBENDAVA, VARNSDORF])
def test_peers_and_rank_equal_plain_loops(answers, people, code):
    found = peers.peers_of(answers, code, people)
    counts = peers.counts_of(answers)["covered"]
    own = counts[code]
    chosen = list(found.table.index)
    assert code in chosen
    assert len(chosen) >= peers.FEW
    first, last = found.rank(code)
    assert first == 1 + sum(counts[c] > own for c in chosen)
    assert last == sum(counts[c] >= own for c in chosen)
    sentence = sheet_words.five_sentences(answers, code, state.data(), CS, peers=found)[4]
    assert f"celkem {len(chosen)}" in sentence
    middle = median(counts[c] for c in chosen)
    assert sentence.endswith(f"prostřední obec {CS.number(middle, digits=1 if middle % 1 else 0)}.")


def test_peers_are_of_one_class_where_they_are_enough(data, people):
    answers = board.held(state.board(View(territory="jihomoravsky")))
    codes = list(data.territories["jihomoravsky"].codes)
    code = next(c for c in codes if 500 <= people[c] < 1_000)
    table = peers.peers_of(answers, code, people).table
    assert set(table.index) == {c for c in codes if 500 <= people[c] < 1_000}


def test_an_obec_whose_people_are_not_known_has_no_peers(answers, people):
    assert peers.peers_of(answers, VARNSDORF, people.drop(index=VARNSDORF)) is None


def test_five_sentences_say_the_numbers_of_the_answers(answers, people):
    data = state.data()
    five = sheet_words.five_sentences(
        answers, VARNSDORF, data, CS, peers=peers.peers_of(answers, VARNSDORF, people)
    )
    assert len(five) == 5
    assert five[0] == "V obci Varnsdorf žije 15\xa0117 lidí, z toho 3\xa0351 seniorů 65+ (22\xa0%)."
    covered = [a for a in answers if a.obce.at[VARNSDORF, "verdict"] == "covered"]
    assert f"pokryto: {len(covered)} (" in five[1]
    assert all(a.service_type.name in five[1] for a in covered)
    missing = [a for a in answers if a.obce.at[VARNSDORF, "verdict"] == "not_covered"]
    worst = sheet_words.biggest_gap(answers, VARNSDORF)
    assert worst.obce.at[VARNSDORF, "not_covered"] == max(
        a.obce.at[VARNSDORF, "not_covered"] for a in answers
    )
    assert worst.service_type.name_one in five[2]
    assert all(a.service_type.name in five[2] for a in missing if a is not worst)
    unknown = [a for a in answers if a.obce.at[VARNSDORF, "verdict"] == "unknown"]
    assert all(a.service_type.name in five[3] for a in unknown)
    assert "Město Varnsdorf" in five[3]  # the nearest seat that nobody has asked


@pytest.mark.parametrize("language", ["cs", "en", "uk"])
def test_every_obec_has_its_five_sentences(answers, people, language):
    words = Words(language)
    for code in answers[0].obce.index:
        found = peers.peers_of(answers, code, people)
        five = sheet_words.five_sentences(answers, code, state.data(), words, peers=found)
        assert all(line.strip() and "{" not in line for line in five)


def test_who_has_a_seat_here_is_named(answers):
    data = state.data()
    found = state.serving(View(obec=VARNSDORF))
    names = [row["name"] for row in sheet.serving_here(answers, VARNSDORF, data, found, CS)]
    assert "CSS města Varnsdorf - Pečovatelská služba" in names


def test_the_border_list_is_outside_and_sorted(answers):
    rows = sheet.across_the_border(answers, LOBENDAVA, CS)
    assert rows[0]["town"] == "Vilémov"
    ways = [float(row["way"].split("\xa0")[0].replace(",", ".")) for row in rows]
    assert ways == sorted(ways)
    assert "Lobendava" not in {row["town"] for row in rows}


def test_the_picture_is_svg_with_the_obec_and_escaped_names(answers):
    data = state.data()
    areas, _ = dataset.areas_of(pd.Index(data.territories["sluknovsko"].codes, name="code"), data)
    places = sheet_map.nearest_places(answers, LOBENDAVA).assign(town="<script>")
    address = sheet_map.picture(areas, places, code=LOBENDAVA, name="A & <b>")
    svg = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    assert "<script>" not in svg
    assert "A &amp; &lt;b&gt;" in svg
    assert svg.count("<path") >= 2
    numbers = [float(n) for n in re.findall(r'c[xy]="([-\d.]+)"', svg)]
    assert all(0 <= n <= sheet_map.WIDTH for n in numbers)


def test_names_from_the_register_stay_text():
    evil = '<img src=x onerror="alert(1)">'
    data = state.data()
    places = data.register.places.assign(name=evil, phone=evil, web="javascript:alert(1)")
    register = replace(data.register, places=places)
    other = replace(data, register=register)
    result = finder.find(LOBENDAVA, ("13", "4"), other, travel=Travel(1.4, 50), on=DAY)
    from kpss_geo.report import found

    life = data.situations.by_id["domacnost"]
    text = found.page(result, life, other, CS) + found.headline(result, life, CS).replace(evil, "")
    assert "<img" not in text
    assert "javascript:" not in text
    assert "&lt;img" in text
    document = sheet.document("<p>x</p>", title=evil, style="", words=CS)
    assert "<img" not in document


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        'http://a" onclick="x',
        "//evil.cz",
        "x",
        " ",
        "a b.cz",
    ],
)
def test_only_web_addresses_are_followed(text):
    assert web_address(text) in ("", "http://a") or web_address(text).startswith("http://")
    assert '"' not in web_address(text)
    assert not web_address(text).startswith(("javascript", "data"))


@pytest.mark.parametrize(
    "given", ["", "+", "12", "a" * 500, "1" * 500, "412 358 411 nebo 606-167-312"]
)
def test_telephones_never_fail(given):
    for shown, href in phones(given):
        assert re.fullmatch(r"tel:\+?\d+", href)
        assert shown
