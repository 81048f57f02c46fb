"""Catalogue: set against the register's own tables; its PDF and DOCX opened by other software."""

import io
import re
from collections import Counter
from dataclasses import replace

import docx
import pandas as pd
import pypdf
import pypdfium2
import pytest
from docx.oxml.ns import qn
from pypdfium2 import raw

from kpss_geo.export import entries, large_print, listing, orders, pdf, providers, word
from kpss_geo.export.blocks import Card, Heading, Paragraph, Points, References, Table
from kpss_geo.served import Served
from kpss_geo.sources.contacts import same_name
from kpss_geo.text import in_order


def _text(document) -> str:
    parts = []
    for block in document.blocks:
        match block:
            case Points():
                parts += block.items
            case Table():
                parts += [block.caption, *block.head, *(c for row in block.rows for c in row)]
            case Card():
                parts += [block.title, *(f"{name}: {value}" for name, value in block.facts)]
            case References():
                parts += [text for text, _ in block.items]
            case Heading() | Paragraph():
                parts.append(block.text)
    return "\n".join(parts)


def _part(document, head):
    """Blocks under a heading of the first level."""
    heads = [n for n, b in enumerate(document.blocks) if isinstance(b, Heading) and b.level == 1]
    start = next(n for n in heads if document.blocks[n].text == head)
    return document.blocks[start + 1 : next((n for n in heads if n > start), None)]


def _pointed(blocks):
    return [
        n for b in blocks if isinstance(b, References) for _, numbers in b.items for n in numbers
    ]


def _digits(text):
    return re.sub(r"\D", "", text)


@pytest.fixture(scope="module")
def document(bundled):
    return providers.catalogue(bundled("sluknovsko"))


@pytest.fixture(scope="module")
def cards(document):
    return [block for block in document.blocks if isinstance(block, Card)]


def test_every_place_of_the_register_in_the_territory_has_its_card(bundled, cards):
    """Read from the register's own tables, not from what the catalogue was made of."""
    bundle = bundled("sluknovsko")
    register = bundle.data.register
    here = register.places[register.places["code"].isin(bundle.territory.codes)]
    types = {answer.service_type.code for answer in bundle.answers}
    day = bundle.question.on
    checked = 0
    for place in here.to_dict("records"):
        service = register.services.loc[place["service_id"]]
        until, since = service["until"], service["since"]
        open_then = (until is None or until >= day) and (since is None or since <= day)
        if service["source"] != "MPSV" or service["type_code"] not in types or not open_then:
            continue
        if "senioři" not in service["register_groups"]:
            continue
        checked += 1
        facts = [dict(card.facts) for card in cards if card.title == place["name"]]
        assert any(
            service["provider"] in fact["Poskytovatel"]
            and place["house_number"] in (fact.get("Adresa") or fact["Sídlo"])
            and _digits(place["phone"]).removeprefix("420") in _digits(fact["Telefon"])
            for fact in facts
        ), place
    assert checked > 10


def test_each_service_is_written_out_once_and_numbered_in_order(cards):
    assert [card.number for card in cards] == list(range(1, len(cards) + 1))
    assert len({(card.title, card.facts) for card in cards}) == len(cards)


def test_other_orders_point_to_every_card(document, cards):
    everything = {card.number for card in cards}
    assert Counter(_pointed(_part(document, "Služby podle druhu"))) == Counter(everything)
    assert set(_pointed(_part(document, "Rejstřík poskytovatelů a zařízení"))) == everything
    assert set(_pointed(_part(document, "Služby podle životní situace"))) <= everything


def test_a_situation_points_to_services_of_its_types_alone(bundled, document):
    bundle = bundled("sluknovsko")
    by_number = {entry.number: entry for entry in entries.entries(bundle)}
    blocks = _part(document, "Služby podle životní situace")
    named = {life.name: life for life in bundle.data.situations.by_id.values()}
    life, seen = None, 0
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            life = named.get(block.text)
        for number in _pointed([block]):
            seen += 1
            assert by_number[number].first["service_type"] in life.types
    assert seen > 10
    said = _text(document)
    assert all(name in said for name in named)


def test_capacity_stands_with_its_unit_and_addresses_are_not_added(document):
    text = _text(document).replace("\u00a0", " ")
    assert "pobytová: 70 lůžek (dohromady na 3 adresách)" in text
    assert "210" not in re.findall(r"(\d+)\s*lůžek", text)


def test_the_index_is_in_the_czech_alphabet(document):
    index = _part(document, "Rejstřík poskytovatelů a zařízení")
    letters = [block.text for block in index if isinstance(block, Heading)]
    names = [text for block in index if isinstance(block, References) for text, _ in block.items]
    assert letters == in_order(letters)
    assert names == in_order(names)
    assert letters.index("Ch") == letters.index("H") + 1
    assert len(set(names)) == len(names) > 20


def test_groups_are_lists_where_the_register_knows_more_than_one(bundled):
    found = entries.entries(bundled("sluknovsko"))
    one = orders.by_group(found)
    assert "senioři" in one[0].text
    mixed = (replace(found[0], groups=frozenset({"osoby v krizi", "senioři"})), *found[1:-1],
             replace(found[-1], groups=frozenset()))  # fmt: skip
    blocks = orders.by_group(mixed)
    heads = [block.text for block in blocks if isinstance(block, Heading)]
    assert heads == ["Osoby v krizi", "Senioři", "Skupina v registru neuvedena"]
    lists = [block for block in blocks if isinstance(block, References)]
    assert [_pointed([block]) for block in lists] == [
        [1], [e.number for e in found[:-1]], [found[-1].number],
    ]  # fmt: skip


def test_served_obce_are_named_where_the_team_has_said_them(bundled):
    bundle = bundled("sluknovsko")
    entry = next(
        e for e in entries.entries(bundle) if e.name == "Agentura KROK, o.\u00a0p.\u00a0s."
    )
    territory = dict(entries.card(entry, bundle).facts)["Kam dojíždí"]
    assert territory == "neuvedeno"
    service = entry.first["service_id"]
    codes = [*bundle.territory.codes[:2], "554782"]
    keys = pd.MultiIndex.from_product([[service], codes], names=["service_id", "code"])
    said = replace(bundle, said=Served(pd.Series([True] * 3, index=keys)))
    names = in_order(bundle.data.obce.loc[codes[:2], "name"])
    facts = dict(entries.card(entry, said).facts)
    assert facts["Kam dojíždí"] == f"{names[0]} a {names[1]} a 1\u00a0obec mimo území"


@pytest.fixture(scope="module")
def pages(document):
    reader = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(document)))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def test_the_pages_in_the_index_are_where_the_cards_are(pages, cards):
    pointers = {
        (int(number), int(page))
        for text in pages
        for number, page in re.findall(r"č\. (\d+) \(s\. (\d+)\)", text)
    }
    assert {number for number, _ in pointers} == {card.number for card in cards}
    for number, page in pointers:
        title = re.sub(r"\s+", " ", cards[number - 1].title)
        assert f"{number}. {title}" in pages[page - 1], number


def test_a_word_reference_leads_to_its_card(document, cards):
    file = docx.Document(io.BytesIO(word.to_docx(document)))
    marks = {m.get(qn("w:name")) for m in file.element.body.iter(qn("w:bookmarkStart"))}
    links = {link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))}
    assert links <= marks
    wanted = {f"karta{card.number}" for card in cards}
    assert {each for each in links if each.startswith("karta")} == wanted
    assert {each for each in marks if each.startswith("karta")} == wanted


def test_large_print_is_large_black_and_whole(document, cards):
    large = large_print.large(document)
    made = pdf.to_pdf(large)
    sizes, colours = Counter(), Counter()
    for page in pypdfium2.PdfDocument(made):
        for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            sizes[round(thing.get_font_size() * thing.get_matrix().a, 1)] += 1
            channels = [raw.ctypes.c_uint() for _ in range(4)]
            raw.FPDFPageObj_GetFillColor(thing, *channels)
            colours[tuple(channel.value for channel in channels[:3])] += 1
    assert min(sizes) >= 18
    assert set(colours) == {(0, 0, 0)}
    reader = pypdf.PdfReader(io.BytesIO(made))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    for card in cards:
        assert re.sub(r"\s+", " ", f"{card.number}. {card.title}") in text
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_large_print_in_word_uses_no_small_style_and_no_table(document):
    file = docx.Document(io.BytesIO(word.to_docx(large_print.large(document))))
    assert file.tables == []
    used = {paragraph.style.name: paragraph.style for paragraph in file.paragraphs}
    assert min(style.font.size.pt for style in used.values()) >= 18
    assert {str(style.font.color.rgb) for style in used.values()} == {"000000"}
    whole = _text(large_print.large(document))
    for source in {row[1] for b in document.blocks if isinstance(b, Table) for row in b.rows}:
        assert source in whole


def test_nothing_in_the_territory_is_said_and_not_left_blank(one_obec):
    assert listing.services(one_obec) == []
    document = providers.catalogue(one_obec)
    text = _text(document)
    assert "žádná služba" in text
    assert "neobsahují žádnou další službu" in text
    assert pypdf.PdfReader(io.BytesIO(pdf.to_pdf(document))).pages


def test_an_organisation_is_one_line_of_the_index_however_it_is_written(bundled):
    bundle = bundled("jihomoravsky")
    found = entries.entries(bundle)
    icos = bundle.data.register.services["ico"]
    lines = [line for block in orders.index(bundle, found) if isinstance(block, References)
             for line in block.items]  # fmt: skip
    where = {number: name for name, numbers in lines for number in numbers}
    assert len(where) == len(found)
    letters = [same_name(name) for name, _ in lines]
    assert len(set(letters)) == len(letters)
    by_ico: dict[str, set[int]] = {}
    for entry in found:
        by_ico.setdefault(str(icos[entry.first["service_id"]]), set()).add(entry.number)
    whole = [set(numbers) for _, numbers in lines]
    assert all(any(theirs <= numbers for numbers in whole) for theirs in by_ico.values())
    written = bundle.data.register.services.groupby("ico")["provider"].agg(set)
    twice = [names for names in written if len(names) > 1]
    assert twice, "the register writes no provider in two ways: the test would prove nothing"
    for names in twice:
        assert sum(name in names for name, _ in lines) <= 1


def test_what_is_beyond_the_border_comes_by_way_and_apart_from_what_is_given_from_afar(bundled):
    bundle = bundled("kaplice")
    document = providers.catalogue(bundle)
    found = entries.entries(bundle)
    by_title = {entry.number: entry for entry in found}
    obce = bundle.data.obce
    for head, anywhere, far in (
        ("Služby v okolí území", False, False),
        ("Služby po telefonu a na dálku", True, None),
        ("Vzdálené služby", False, True),
    ):
        cards = [block for block in _part(document, head) if isinstance(block, Card)]
        rows = [by_title[card.number].first for card in cards]
        assert len(rows) > 2
        assert {bundle.data.types[row["service_type"]].anywhere for row in rows} == {anywhere}
        ways = []
        for row in rows:
            here = obce.loc[row["code"], ["x", "y"]].astype(float)
            inside = obce.loc[list(bundle.territory.codes), ["x", "y"]].astype(float)
            ways.append(float(((inside - here) ** 2).sum(axis=1).min() ** 0.5))
        towns = [str(row["obec"]) for row in rows]
        assert towns == in_order(towns) if anywhere else ways == sorted(ways)
        assert far is None or {way > 20_000 for way in ways} == {far}


def test_nobody_is_said_to_travel_for_a_service_given_at_a_distance(bundled):
    bundle = bundled("kaplice")
    found = entries.entries(bundle)
    afar = [entry for entry in found if entry.where == "anywhere"]
    assert len(afar) > 2
    for entry in afar:
        assert "Kam dojíždí" not in dict(entries.card(entry, bundle).facts)
    keys = pd.MultiIndex.from_product(
        [[afar[0].first["service_id"]], bundle.territory.codes], names=["service_id", "code"]
    )
    said = replace(bundle, said=Served(pd.Series([True] * len(keys), index=keys)))
    facts = dict(entries.card(afar[0], said).facts)
    assert facts["Komu slouží"] == f"celé území ({len(keys)}\u00a0obcí)"


def test_namesakes_have_headings_of_their_own(bundled):
    bundle = bundled("jihomoravsky")
    heads = [b.text for b in _part(providers.catalogue(bundle), "Služby podle obcí")
             if isinstance(b, Heading) and b.level == 2]  # fmt: skip
    assert len(set(heads)) == len(heads)
    assert "Němčičky (ORP Hustopeče)" in heads


def test_one_sentence_is_not_said_on_every_card(bundled):
    cards = [b for b in providers.catalogue(bundled("kaplice")).blocks if isinstance(b, Card)]
    said = Counter(value for card in cards for _, value in card.facts if len(value) > 60)
    assert max(said.values(), default=0) <= 3
