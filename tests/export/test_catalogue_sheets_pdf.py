"""Catalogue, sheets of obce and PDF: set against the register, the rows and each other."""

import io
import re

import pypdf
import pytest

from kpss_geo.export import chapter, listing, pdf, providers, sheets
from kpss_geo.export.blocks import Heading, Picture, Points, Table
from kpss_geo.report import rows
from kpss_geo.text import Words, in_order

CS = Words("cs")


def _text(document) -> str:
    parts = []
    for block in document.blocks:
        match block:
            case Points():
                parts += block.items
            case Table():
                parts += [block.caption, *block.head, *(c for row in block.rows for c in row)]
            case Picture():
                parts.append(block.caption)
            case _:
                parts.append(block.text)
    return "\n".join(parts)


def test_every_place_of_the_register_in_the_territory_is_in_the_catalogue(bundled):
    """Read from the register's own tables, not from what the catalogue was made of."""
    bundle = bundled("sluknovsko")
    text = _text(providers.catalogue(bundle))
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
        assert place["name"] in text
        if place["phone"]:
            assert place["phone"] in text
    assert checked > 10


def test_capacity_stands_with_its_unit_and_addresses_are_not_added(bundled):
    text = _text(providers.catalogue(bundled("sluknovsko")))
    assert "pobytová: 70\u00a0lůžek (dohromady na 3\u00a0adresách)" in text.replace(
        "70 ", "70\u00a0"
    ).replace("na 3 ", "na 3\u00a0")
    assert "210" not in re.findall(r"(\d+)\s*lůžek", text)


def test_the_index_is_in_the_czech_alphabet(bundled):
    document = providers.catalogue(bundled("sluknovsko"))
    index = next(b for b in document.blocks if isinstance(b, Table) and "abecedy" in b.caption)
    names = [row[0] for row in index.rows if not row[0].startswith("(")]
    assert names == in_order(names)
    assert len(set(names)) == len(names) > 5


def test_a_sheet_for_every_obec_says_its_rows(bundled):
    bundle = bundled("tanvaldsko")
    document = sheets.sheets(bundle)
    heads = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert heads == in_order(bundle.obce["name"])
    tables = {b.caption: b for b in document.blocks if isinstance(b, Table)}
    for answer in bundle.answers:
        for row in rows.rows(answer):
            lines = tables[f"{row['name']}: druhy služeb"].rows
            line = next(x for x in lines if x[0].lower() == row["service_name"].lower())
            assert line[2:5] == tuple(
                CS.number(row[name]) for name in ("covered", "not_covered", "unknown")
            )


@pytest.fixture(scope="module")
def made(bundled):
    document = sheets.sheets(bundled("kaplice"))
    return document, pypdf.PdfReader(io.BytesIO(pdf.to_pdf(document)))


def test_pdf_is_tagged_czech_and_says_it_is_accessible(made, bundled):
    document, reader = made
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "cs"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert reader.metadata.title == document.title
    assert bundled("kaplice").question.data_digest in str(reader.metadata.get("/Subject", "")) + (
        root["/Metadata"].get_data().decode()
    )


def test_pdf_has_every_heading_and_a_page_for_each_obec(made, bundled):
    document, reader = made
    assert len(reader.pages) == len(bundled("kaplice").territory.codes)
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    for block in document.blocks:
        if isinstance(block, Heading):
            assert block.text in text
        if isinstance(block, Table):
            assert all(row[1] in text for row in block.rows)


def test_hostile_names_are_text_in_pdf(one_obec):
    reader = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(chapter.chapter(one_obec))))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "<b>" in text


def test_names_of_commands_do_nothing():
    from kpss_geo.export.blocks import Document, Paragraph

    document = Document("T", "", "", (Heading('#read("/etc/passwd")'), Paragraph("*x* $y$ @z")))
    reader = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(document)))
    text = reader.pages[0].extract_text()
    assert '#read("/etc/passwd")' in text
    assert "*x* $y$ @z" in text


def test_nothing_in_the_territory_is_said_and_not_left_blank(one_obec):
    assert listing.services(one_obec) == []
    text = _text(providers.catalogue(one_obec))
    assert "žádná služba" in text
    assert "neobsahují žádnou další službu" in text
