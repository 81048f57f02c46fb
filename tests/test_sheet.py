"""The sheet of an obec against plain loops; names from the data stay text."""

import base64
import re
from dataclasses import replace
from statistics import median

import numpy as np
import pandas as pd
import pytest

from kpss_geo import dataset, finder, state
from kpss_geo.distance import Travel
from kpss_geo.report import board, peers, reasons, rows, sheet, sheet_map, sheet_words
from kpss_geo.report.contacts import phones, web_address
from kpss_geo.state import View
from kpss_geo.text import Words

from facts import DAY

WHO_COMES = ("field_not_declared", "field_not_held")
LOBENDAVA, VARNSDORF = "545708", "562882"
CS = Words("cs")


@pytest.fixture(scope="module")
def answers():
    return board.held(state.board(View()))


@pytest.fixture(scope="module")
def people(data):
    return data.population.sum(axis=1)


def _stands(row):
    """Where an obec stands with a type, from the people of its row alone."""
    if row["population"] is None:
        return "unknown"
    if row["covered"] == row["population"] > 0:
        return "covered"
    return "partly" if row["covered"] else row["verdict"]


def test_counts_equal_plain_loops_over_the_rows(answers):
    counts = peers.counts_of(answers)
    by_type = [{row["code"]: row for row in rows.rows(a)} for a in answers]
    for code in answers[0].obce.index:
        loop = [_stands(found[code]) for found in by_type]
        assert counts.loc[code].to_dict() == {each: loop.count(each) for each in counts.columns}
    assert (counts.sum(axis=1) == len(answers)).all()
    assert counts["partly"].sum() > 0  # else this would say nothing


def test_a_type_that_some_lack_is_never_counted_as_covered(answers, people):
    """Said as covered are those where nobody is left; the others with how many they cover."""
    data, seen = state.data(), 0
    by_type = [{row["code"]: row for row in rows.rows(a)} for a in answers]
    for code in answers[0].obce.index:
        found = peers.peers_of(answers, code, people)
        five = sheet_words.five_sentences(answers, code, data, CS, peers=found)
        mine = [found[code] for found in by_type]
        whole = [row for row in mine if row["covered"] == row["population"]]
        some = [row for row in mine if 0 < row["covered"] < row["population"]]
        seen += len(some)
        said, _, part = five[1].partition("Jen pro část lidí")
        if whole:
            names = ", ".join(row["service_name"] for row in whole)
            assert f"pro všechny: {len(whole)} ({names})" in said
        for row in some:
            count, everyone = CS.number(row["covered"]), CS.number(row["population"])
            assert re.search(rf"{row['service_name']} \({count} ze? {everyone}\)", part)
        assert f"má jich {len(whole)}," in five[4] or found is None
        for row in mine:  # whoever is left is said too, in the gap or as uncertain
            if 0 < row["unknown"] < row["population"]:
                left = f"{CS.number(row['unknown'])} ze? {CS.number(row['population'])}"
                assert re.search(rf"{row['service_name']} \({left}\)", five[3])
            named = [i for i in (1, 2, 3) if _names_type(answers, row, five[i])]
            assert named == [
                i
                for i, held in ((1, row["covered"]), (2, row["not_covered"]), (3, row["unknown"]))
                if held or (i == 3 and row["on_paper"])
            ]
    assert seen > 0


def _names_type(answers, row, sentence):
    kind = next(a.service_type for a in answers if a.service_type.code == row["service_type"])
    return kind.name in sentence or kind.name_one in sentence


@pytest.mark.parametrize("code", [LOBENDAVA, VARNSDORF])
def test_peers_and_rank_equal_plain_loops(answers, people, code):
    found = peers.peers_of(answers, code, people)
    counts = peers.counts_of(answers)["covered"]
    own = counts[code]
    chosen = list(found.table.index)
    assert code in chosen
    first, last = found.rank(code)
    assert first == 1 + sum(counts[c] > own for c in chosen)
    assert last == sum(counts[c] >= own for c in chosen)
    sentence = sheet_words.five_sentences(answers, code, state.data(), CS, peers=found)[4]
    assert f"celkem {len(chosen)}" in sentence
    middle = median(counts[c] for c in chosen)
    assert sentence.endswith(f"medián je {CS.number(middle, digits=1 if middle % 1 else 0)}.")


def test_peers_are_of_one_class_where_they_are_enough(data, people):
    answers = board.held(state.board(View(territory="jihomoravsky")))
    codes = list(data.territories["jihomoravsky"].codes)
    code = next(c for c in codes if 500 <= people[c] < 1_000)
    table = peers.peers_of(answers, code, people).table
    assert set(table.index) == {c for c in codes if 500 <= people[c] < 1_000}


@pytest.mark.parametrize("territory", ["luhacovice", "kaplice", "sluknovsko"])
def test_peers_are_at_most_one_class_of_size_away(people, territory):
    """The classes of the statistical office, written out again."""
    answers = board.held(state.board(View(territory=territory)))
    limits = [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]

    def size(code):
        return sum(people[code] >= limit for limit in limits)

    codes = answers[0].obce.index
    for code in codes:
        found = peers.peers_of(answers, code, people)
        same = {c for c in codes if size(c) == size(code)}
        near = {c for c in codes if abs(size(c) - size(code)) <= 1}
        expected = same if len(same) >= peers.FEW else near
        assert (found is None) == (len(expected) < 3)
        assert found is None or set(found.table.index) == expected


def test_who_has_no_peers_is_told_so(answers, people):
    alone = peers.peers_of(answers, VARNSDORF, people.where(people.index == VARNSDORF, 150))
    five = sheet_words.five_sentences(answers, VARNSDORF, state.data(), CS, peers=alone)
    assert five[4] == "Obcí podobné velikosti je v území příliš málo na srovnání."


def test_two_obce_of_one_size_are_not_ranked(answers, people):
    others = [code for code in answers[0].obce.index if code != VARNSDORF]
    two = people.where(~people.index.isin(others[1:]), 150)
    two[others[0]] = people[VARNSDORF]
    assert peers.peers_of(answers, VARNSDORF, two) is None
    two[others[1]] = people[VARNSDORF]
    assert set(peers.peers_of(answers, VARNSDORF, two).table.index) == {VARNSDORF, *others[:2]}


def test_where_nobody_lives_nothing_is_said_to_be_lacking_nor_ranked(answers, people):
    data = state.data()
    empty = data.population.copy()
    empty.loc[LOBENDAVA] = 0
    deserted = replace(data, population=empty)
    none = people.where(people.index != LOBENDAVA, 0)
    assert peers.peers_of(answers, LOBENDAVA, none) is None
    for code in answers[0].obce.index:
        found = peers.peers_of(answers, code, none)
        assert found is None or LOBENDAVA not in found.table.index
    said = sheet_words.five_sentences(answers, LOBENDAVA, deserted, CS, peers=None)
    assert said == ["Lobendava: nikdo tu nežije, dostupnost se proto neposuzuje."]


def test_types_that_just_as_many_lack_are_named(answers):
    data = state.data()
    for code in answers[0].obce.index:
        worst = sheet_words.biggest_gap(answers, code)
        if worst is None:
            continue
        most = worst.obce.at[code, "not_covered"]
        equal = [
            a.service_type.name
            for a in answers
            if a is not worst and a.obce.at[code, "not_covered"] == most
        ]
        gap = sheet_words.five_sentences(answers, code, data, CS, peers=None)[2]
        if equal:
            assert f"Stejnému počtu lidí chybí: {', '.join(equal)}." in gap
        else:
            assert "Stejnému počtu" not in gap


def test_names_of_providers_with_commas_are_told_apart():
    many = ["Borůvka, Borovany spolek", "ABAPO, s.r.o.", "C", "D", "E"]
    assert reasons.asked_words(many, CS) == (
        "Koho se zeptat: Borůvka, Borovany spolek; ABAPO, s.r.o.; C a další (2)."
    )
    assert reasons.asked_words(many[:2], CS) == (
        "Koho se zeptat: Borůvka, Borovany spolek; ABAPO, s.r.o."
    )


def test_where_nobody_is_known_who_could_come_the_region_is_asked(answers):
    """Nobody is told to ask the providers where the data hold none of them."""
    words = []
    for answer in answers:
        for record in answer.obce.to_dict("records"):
            if record["verdict"] != "unknown" or record["reason"] not in WHO_COMES:
                continue
            for text in (reasons.reason(answer, record, CS), reasons.brief(answer, record, CS)):
                assert ("zeptejte kraje" in text) == (len(record["silent"]) == 0)
                assert ("Koho se zeptat" in text) == (len(record["silent"]) > 0)
                words.append("zeptejte kraje" in text)
    assert set(words) == {True, False}


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
    whole = [a for a in covered if a.obce.at[VARNSDORF, "covered"] == 3_351]
    assert f"pro všechny: {len(whole)} (" in five[1]
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


def test_the_border_list_leaves_out_what_hangs_on_who_comes(answers):
    for code in answers[0].obce.index:
        kinds = " ".join(row["kind"] for row in sheet.across_the_border(answers, code, CS))
        for answer in answers:
            obec = answer.obce.loc[code]
            if obec["verdict"] == "unknown" and obec["reason"] in WHO_COMES:
                assert answer.service_type.name_one not in kinds


def test_the_picture_is_svg_with_the_obec_and_escaped_names(answers):
    data = state.data()
    areas, _ = dataset.areas_of(pd.Index(data.territories["sluknovsko"].codes, name="code"), data)
    places = sheet_map.nearest_places(answers, LOBENDAVA).assign(town="<script>")
    address = sheet_map.picture(areas, places, code=LOBENDAVA, name="A & <b>", words=Words("cs"))
    svg = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    assert "<script>" not in svg
    assert "A &amp; &lt;b&gt;" in svg
    assert svg.count("<path") >= 2
    numbers = [float(n) for n in re.findall(r'c[xy]="([-\d.]+)"', svg)]
    assert all(0 <= n <= sheet_map.WIDTH for n in numbers)


def _labels_of(address):
    svg = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    one = r'<text x="([-\d.]+)" y="([-\d.]+)"[^>]*font-size="(\d+)"[^>]*>([^<]*)<'
    found = re.findall(one, svg)
    return [(float(x), float(y), int(size), text) for x, y, size, text in found]


@pytest.mark.parametrize("territory", ["sluknovsko", "tanvaldsko", "kaplice", "luhacovice"])
def test_no_name_on_the_picture_is_cut_off_and_places_off_it_are_named(territory, ask, data):
    """Widths by the average letter of a bold sans serif."""
    found = [ask(territory, service) for service in ("13", "10")]
    codes = pd.Index(data.territories[territory].codes, name="code")
    areas, _ = dataset.areas_of(codes, data)
    for code in codes:
        places = sheet_map.nearest_places(found, code)
        name = str(data.obce.at[code, "name"])
        address = sheet_map.picture(areas, places, code=code, name=name, words=CS)
        written = _labels_of(address)
        assert name in [text for *_, text in written]
        for x, y, size, text in written:
            assert -2 <= x - 0.3 * size * len(text) <= x + 0.3 * size * len(text) <= 462, text
            assert 0 < y <= sheet_map.HEIGHT
        home = areas[code].representative_point()
        far = np.hypot(places["x"] - home.x, places["y"] - home.y) > sheet_map.FARTHEST_M
        said = " ".join(text for *_, text in written).replace("\xa0", " ")
        assert all(f"{town} (" in said for town in places.loc[far, "town"])
        assert ("mimo výřez" in said) is bool(far.any())


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
