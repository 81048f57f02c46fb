"""Tables of the chapter: stars and their notes, the supply, whom to ask, notes, contents."""

import io
import re
from dataclasses import replace
from itertools import pairwise

import docx
import numpy as np
import pandas as pd
import pytest
from docx.oxml.ns import qn

from kpss_geo.export import chapter, chapter_supply, listing, providers, word
from kpss_geo.export.blocks import Heading, Paragraph, Table
from kpss_geo.report import reasons, supply_words
from kpss_geo.schema import COVERED
from kpss_geo.study import Note
from kpss_geo.territory import metres_from
from kpss_geo.text import Words, in_order

CS = Words("cs")
FIVE = ("kaplice", "luhacovice", "sluknovsko")


def _starred(block):
    return isinstance(block, Table) and any(
        re.search(r"(km|\d min\))\*$", cell.replace("\u00a0", " "))
        for row in block.rows
        for cell in row
    )


def _is_note(block):
    return isinstance(block, Paragraph) and block.text.startswith("* ")


@pytest.mark.parametrize("territory", FIVE)
def test_every_table_with_a_star_has_its_note_right_under_it(bundled, territory):
    blocks = chapter.chapter(bundled(territory)).blocks
    starred = {number for number, block in enumerate(blocks) if _starred(block)}
    assert starred
    notes = {number - 1 for number, block in enumerate(blocks) if _is_note(block)}
    assert starred == notes


def test_ways_of_gaps_have_a_star_where_a_nearer_place_may_be(bundled):
    checked = 0
    for territory in FIVE:
        bundle = bundled(territory)
        shown = [
            answer
            for answer in bundle.answers
            if not answer.gaps["certain"].all() and _has_gap_table(bundle, answer.service_type.code)
        ]
        gaps = [b for b in chapter.chapter(bundle).blocks
                if isinstance(b, Table) and b.caption.startswith("Mezery: obce")]  # fmt: skip
        assert sum(map(_starred, gaps)) == len(shown)
        checked += len(shown)
    assert checked


def _has_gap_table(bundle, code):
    """Whether a table of gaps says more than that of obce: not where all lack it alike."""
    answer = next(a for a in bundle.answers if a.service_type.code == code)
    all_lack = answer.totals["not_covered"] == answer.totals["people"]
    return not (all_lack and len(set(answer.gaps["beyond_place"])) == 1)


def test_where_everybody_lacks_a_service_the_table_of_obce_says_it(bundled):
    bundle = bundled("kaplice")
    lacking = [a for a in bundle.answers if not _has_gap_table(bundle, a.service_type.code)]
    assert lacking
    captions = [b.caption for b in chapter.chapter(bundle).blocks if isinstance(b, Table)]
    some = [a for a in bundle.answers if not a.gaps.empty]
    tables = [caption for caption in captions if caption.startswith("Mezery: obce")]
    assert len(tables) == len(some) - len(lacking)


def test_a_place_nearest_to_all_obce_with_gaps_is_said_once(bundled):
    checked = 0
    for territory in FIVE:
        for before, block in pairwise(chapter.chapter(bundled(territory)).blocks):
            if isinstance(block, Table) and block.caption.startswith("Mezery: obce"):
                said = " stejné: " in getattr(before, "text", "")
                assert said == ("Nejbližší místo" not in block.head)
                places = {row[-1] for row in block.rows}
                assert said or len(places) > 1 or len(block.rows) == 1
                checked += said
    assert checked


@pytest.mark.parametrize("territory", FIVE)
def test_supply_of_a_territory_names_only_what_stands_in_it(bundled, territory):
    """Reckoned anew from the places, not from the rates."""
    bundle = bundled(territory)
    here = set(bundle.territory.codes)
    for answer in bundle.answers:
        units = {
            (form, unit)
            for _, place in answer.places[answer.places["code"].isin(here)].iterrows()
            for form, unit, count in place["capacity"]
            if form in place["forms"] and count > 0
        }
        field, seats = answer.supply.field, answer.supply.seats
        served = set(seats.loc[seats["code"].isin(here), "service_id"])
        units |= {
            ("ter", unit)
            for capacity in field.loc[field.index.isin(served), "capacity"]
            for form, unit, count in capacity
            if form == "ter" and count > 0
        }
        found = {(rate["form"], rate["unit"]) for rate in supply_words.standing(answer)}
        assert found == units
        apart = {(rate["form"], rate["unit"]) for rate in supply_words.only_reached(answer)}
        assert not apart & units


def test_supply_never_says_nought_of_what_there_is(bundled):
    for territory in FIVE:
        for block in chapter_supply.supply(bundled(territory)):
            if isinstance(block, Table) and block.caption.startswith("Registrovaná kapacita"):
                cells = [cell for row in block.rows for cell in row[2:]]
                assert not [cell for cell in cells if re.match(r"0(?!,[1-9])", cell)]
                assert not [cell for cell in cells if re.fullmatch(r"\d+", cell)], "no unit"


def test_a_registration_that_gives_no_capacity_is_said(bundled):
    bundle = bundled("kaplice")
    answer = next(a for a in bundle.answers if a.service_type.code == "13")
    places = answer.places.copy()
    here = places["code"].isin(bundle.territory.codes)
    places["capacity"] = places["capacity"].where(~here, pd.Series([()] * len(places)))
    bare = replace(answer, places=places)
    assert supply_words.not_given(bare) == {"pob": places.loc[here, "service_id"].nunique()}
    assert supply_words.not_given(answer) == {}
    assert "kapacita neuvedena" in supply_words.rates_words(bare, CS)


def test_whom_to_ask_is_the_nearest_first_and_each_provider_once(bundled):
    checked = 0
    bundle = bundled("kaplice")
    away = metres_from(bundle.territory, obce=bundle.data.obce)
    for answer in bundle.answers:
        asked = listing.silent_providers(answer, away)
        names = [name for name, _, _ in asked]
        assert len(names) == len(set(names))
        for count in {obce for _, _, obce in asked}:
            same = [(min(ways.values()), name) for name, ways, obce in asked if obce == count]
            assert [way for way, _ in same] == sorted(way for way, _ in same)
            for metres in {way for way, _ in same}:
                names_there = [name for way, name in same if way == metres]
                assert names_there == in_order(names_there)
            checked += len(same)
        rows = listing.silent_services(answer)
        for _, part in rows.groupby("obce"):
            assert list(part["provider"]) == in_order(part["provider"])
        assert set(rows["provider"].str.strip()) == set(names)
    assert checked > 20


def test_notes_that_differ_by_a_count_are_one_sentence(bundled):
    bundle = bundled("kaplice")
    text = "{count} places have no usable coordinates; the middle of their obec is used."
    answers = [replace(a, notes=(Note(text, {"count": n}),))
               for n, a in enumerate(bundle.answers[:3], start=1)]  # fmt: skip
    (said,) = listing.notes(replace(bundle, answers=tuple(answers)))
    assert "obce: 1 až 3 podle druhu služby (" in said
    assert all(f"{a.service_type.name} {n}" in said for n, a in enumerate(answers, start=1))
    assert sum("bez použitelných souřadnic" in note for note in listing.notes(bundle)) == 1


def test_firmness_says_when_only_the_covered_change(ask):
    answer = ask("kaplice", "14")
    same = pd.DataFrame([answer.totals] * 4, answer.bounds.index)[list(answer.bounds.columns)]
    shaky = answer.obce.assign(shaky=[()] * len(answer.obce))
    firm = replace(answer, bounds=same, obce=shaky)
    assert reasons.bounds_words(firm, CS).endswith("ve všech zkouškách stejně.")
    moved = same.assign(**{COVERED: np.arange(4) + answer.totals[COVERED] - 3})
    low, high = (CS.number(answer.totals[COVERED] - less) for less in (3, 0))
    assert f"{low} až {high}" in reasons.bounds_words(replace(firm, bounds=moved), CS)
    some = answer.obce.assign(shaky=[("shorter",)] * len(answer.obce))
    said = reasons.bounds_words(replace(firm, obce=some), CS)
    assert "závěr některých obcí se však mění" in said


@pytest.mark.parametrize(("compose", "levels"), [(chapter.chapter, 2), (providers.catalogue, 1)])
def test_contents_of_a_word_document_link_to_every_heading(bundled, compose, levels):
    document = compose(bundled("kaplice"))
    body = docx.Document(io.BytesIO(word.to_docx(document))).element.body
    marks = {mark.get(qn("w:name")): mark.getparent() for mark in body.iter(qn("w:bookmarkStart"))}
    numbers = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))
    links = [link for link in body.iter(qn("w:hyperlink"))
             if link.get(qn("w:anchor")).startswith("_Toc")]  # fmt: skip

    def text(element):
        return "".join(part.text or "" for part in element.iter(qn("w:t")))

    wanted = [b for b in document.blocks if isinstance(b, Heading) and b.level <= levels]
    assert len(links) == len(wanted) > 5
    assert all(text(link) == text(marks[link.get(qn("w:anchor"))]) for link in links)
    kinds = [sign.get(qn("w:fldCharType")) for sign in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    assert not [sign for sign in body.iter(qn("w:fldChar")) if sign.get(qn("w:dirty"))]


def test_the_subtitle_says_of_when_the_register_is(bundled):
    assert "podle registru ze září 2026 (9/2026)" in chapter.chapter(bundled("kaplice")).subtitle
