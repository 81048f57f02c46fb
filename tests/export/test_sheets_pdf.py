"""Sheets of obce and PDF: set against the rows and each other."""

import io
import re

import pypdf
import pytest

from kpss_geo.export import chapter, pdf, sheets
from kpss_geo.export.blocks import Heading, Table
from kpss_geo.report import rows
from kpss_geo.text import Words, in_order

CS = Words("cs")


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
            assert line[2:6] == tuple(
                CS.number(row[name]) for name in ("covered", "on_paper", "not_covered", "unknown")
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
