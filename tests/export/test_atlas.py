"""The atlas: a page for every obec, opened with pypdf and set against the rows."""

import io
import re
from dataclasses import replace

import numpy as np
import pypdf
import pytest

from kpss_geo.export import atlas, obec_map, pdf, sheets
from kpss_geo.export.blocks import Heading, Paragraph, Picture, Table
from kpss_geo.report import rows
from kpss_geo.schema import X, Y
from kpss_geo.text import Words, in_order

CS = Words("cs")


def _plain(text):
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def made(bundled, tmp_path_factory):
    told = []
    paths = atlas.write_atlas(
        bundled("tanvaldsko"),
        tmp_path_factory.mktemp("atlas"),
        progress=lambda step, count: told.append((step, count)),
    )
    return paths, told


def test_every_obec_has_one_page_of_its_own_and_progress_is_told(made, bundled):
    paths, told = made
    names = in_order(bundled("tanvaldsko").obce["name"])
    assert [path.name for path in paths] == ["tanvaldsko-atlas.pdf"]
    assert [count for _, count in told] == list(range(1, len(names) + 1))
    reader = pypdf.PdfReader(paths[0])
    pages = [_plain(page.extract_text()) for page in reader.pages]
    assert [
        pages[number + 1].split("2026", 1)[1].strip().startswith(name)
        for number, name in enumerate(names)
    ] == [True] * 12
    assert "2026 Zdroje dat" in pages[len(names) + 1]
    assert len(pages) <= len(names) + 4


def test_the_atlas_is_tagged_and_its_maps_are_described(made):
    root = pypdf.PdfReader(made[0][0]).trailer["/Root"]
    assert root["/Lang"] == "cs"
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


@pytest.fixture(scope="module")
def book(bundled):
    return atlas.open_book(bundled("tanvaldsko"))


def test_tables_say_the_numbers_of_the_rows(book):
    bundle = book.bundle
    codes = atlas.volumes(bundle)[""]
    tables = [b for b in atlas.volume(book, codes).blocks if isinstance(b, Table)]
    words = {"covered": "pokryto", "on_paper": "jen na papíře", "not_covered": "nepokryto",
             "unknown": "nevíme"}  # fmt: skip
    for answer_number, answer in enumerate(bundle.answers):
        by_name = {row["name"]: row for row in rows.rows(answer)}
        for drawn in tables[: len(codes)]:
            row = by_name[drawn.caption.split(":")[0]]
            said = drawn.rows[answer_number][1]
            expected = [f"{word}\xa0{CS.number(row[k])}" for k, word in words.items() if row[k]]
            assert said == ", ".join(expected)


def test_a_number_stands_where_its_place_is_and_only_near(book):
    """Places within 15 km by Pythagoras are numbered, each point once; farther ones are not."""
    bundle, code = book.bundle, book.bundle.territory.codes[3]
    places = obec_map.nearest(bundle.answers, code)
    middle = obec_map.middle_of(book.scene, code)
    given = obec_map.numbers(places, middle)
    points = {}
    for place, number in zip(places, given, strict=True):
        near = place is not None and np.hypot(place[X] - middle[0], place[Y] - middle[1]) <= 15_000
        assert (number > 0) == near
        if near:
            assert points.setdefault(number, (place[X], place[Y])) == (place[X], place[Y])
    assert sorted(points) == list(range(1, len(points) + 1))
    assert len(points) >= 2


def test_a_map_holds_ten_kilometres_and_its_caption_says_what_is_drawn(bundled):
    book = atlas.open_book(bundled("kaplice"))
    codes = atlas.volumes(book.bundle)[""]
    blocks = atlas.volume(book, codes).blocks
    tables = [b for b in blocks if isinstance(b, Table)]
    pictures = [b for b in blocks if isinstance(b, Picture)]
    numbered = set()
    for code, picture, lines in zip(codes, pictures[1:], tables[: len(codes)], strict=True):
        drawn = any(line[4] != "–" for line in lines.rows)
        assert ("čísla značí" in picture.caption) == drawn
        west, south, east, north = obec_map._view(book.scene, code, {})
        assert min(east - west, north - south) >= 10_000
        # Paper is broader than high: the axes show that much more of the country.
        half = max(east - west, (north - south) * obec_map.SHEET.frame[2] / obec_map.SHEET.frame[3])
        middle = (west + east) / 2
        view = slice(middle - half / 2, middle + half / 2)
        others = book.scene.inner.drop(code).cx[view, south:north]
        assert len(others) > 0, code  # at least one neighbour can be named
        numbered.add(drawn)
    assert numbered == {True, False}


def test_where_field_services_decide_no_place_is_named(bundled):
    """No town hundreds of kilometres away stands for a service that may be next door."""
    book = atlas.open_book(bundled("kaplice"))
    bundle, dashes = book.bundle, 0
    codes = atlas.volumes(bundle)[""]
    tables = [b for b in atlas.volume(book, codes).blocks if isinstance(b, Table)]
    for code, lines in zip(codes, tables[: len(codes)], strict=True):
        for answer, line in zip(bundle.answers, lines.rows, strict=True):
            obec = answer.obce.loc[code]
            if obec["verdict"] == "unknown" and obec["reason"] in (
                "field_not_declared",
                "field_not_held",
            ):
                assert line[2:5] == ("–", "–", "–")
                dashes += obec["nearest_place"] >= 0
    assert dashes > 0


def test_a_secret_place_has_no_number_and_no_name(secret):
    book = atlas.open_book(secret)
    codes = atlas.volumes(secret)[""]
    document = atlas.volume(book, codes[:3])
    lines = [
        row for block in document.blocks[:-4] if isinstance(block, Table) for row in block.rows
    ]
    assert all(line[4] == "–" for line in lines)
    register = secret.data.register
    hidden = set(register.places["name"]) - set(register.services["provider"])
    assert not {line[2].split(",")[0] for line in lines} & hidden


def test_a_region_is_bound_by_orp(bundled):
    bundle = bundled("jihomoravsky")
    found = atlas.volumes(bundle)
    assert len(found) == 21
    codes = [code for each in found.values() for code in each]
    assert sorted(codes) == sorted(bundle.territory.codes)
    for orp, mine in found.items():
        assert set(bundle.obce.loc[mine, "orp_name"]) == {orp}
        assert list(bundle.obce.loc[mine, "name"]) == in_order(bundle.obce.loc[mine, "name"])


def test_hostile_names_and_an_obec_without_services(one_obec):
    book = atlas.open_book(one_obec)
    document = atlas.volume(book, list(one_obec.territory.codes))
    assert sum(isinstance(block, Picture) for block in document.blocks) == 1
    heads = [block.text for block in document.blocks if isinstance(block, Heading)]
    reader = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(document)))
    assert heads[0] in _plain(reader.pages[1].extract_text())


@pytest.mark.real_data
def test_real_borders_are_not_called_schematic(real_bundle):
    book = atlas.open_book(replace(real_bundle, answers=real_bundle.answers[:2]))
    document = atlas.volume(book, list(real_bundle.territory.codes[:1]))
    texts = [getattr(b, "caption", "") or getattr(b, "text", "") for b in document.blocks[:4]]
    assert not any("schematick" in text for text in texts)


def test_where_nobody_lives_a_page_says_so_and_judges_nothing(bundled):
    """Březina is a military area: the only obec of the region without people."""
    bundle = bundled("jihomoravsky")
    empty = bundle.obce.index[bundle.data.population.sum(axis=1).reindex(bundle.obce.index).eq(0)]
    (code,) = empty
    page = atlas._page(atlas.open_book(bundle), code)
    assert not [block for block in page if isinstance(block, Table)]
    said = " ".join(block.text for block in page if isinstance(block, Paragraph))
    assert "Nikdo tu nežije" in said
    sheet = [block.text for block in sheets.sheets(bundle).blocks if isinstance(block, Heading)]
    assert "Březina (ORP Vyškov)" in sheet
    assert len(set(sheet)) == len(sheet) == 673
    for answer in bundle.answers:
        assert code not in answer.gaps.index
