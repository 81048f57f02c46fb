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
            line = next(x for x in lines if x[0].lower().startswith(f"{row['service_name']} ("))
            words = {"covered": "pokryto", "on_paper": "jen na papíře",
                     "not_covered": "nepokryto", "unknown": "nevíme"}  # fmt: skip
            said = [f"{words[name]}\xa0{CS.number(row[name])}" for name in words if row[name]]
            assert line[1] == (", ".join(said) or "nikdo ze skupiny tu nežije")


def _plain(text):
    """Leave out spaces and signs of division, which stand where a line ends."""
    return re.sub(r"[\s\xad\u2010-]+", "", text)


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
    for page in reader.pages:
        said = re.sub(r"\s+", " ", page.extract_text())
        assert all(text in said for text in ("Hranice jsou", "●●● závěr obstál", "Zdroje: obce:"))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    for block in document.blocks:
        if isinstance(block, Heading):
            assert block.text in text
        if isinstance(block, Table):
            assert all(_plain(row[1]) in _plain(text) for row in block.rows)


def test_the_whole_of_an_obec_is_never_said_of_a_part(bundled):
    """The numbers beside the verdicts of a line are all people of the group in the obec."""
    seen = set()
    for name in ("kaplice", "luhacovice"):
        bundle = bundled(name)
        tables = {b.caption: b for b in sheets.sheets(bundle).blocks if isinstance(b, Table)}
        for row in rows.rows(bundle.answers[0]):
            for line in tables[f"{row['name']}: druhy služeb"].rows:
                counts = re.findall(r"[a-zíř]\xa0(\d[\d\xa0\u202f]*)", line[1])
                assert sum(int(re.sub(r"\D", "", count)) for count in counts) == row["population"]
                seen.add(len(counts))
    assert seen == {1, 2}


def test_the_nearest_place_has_its_form_its_star_and_its_limit(bundled):
    """Set against the registers of the Answers; a dash where field services decide."""
    bundle, shown = bundled("kaplice"), set()
    tables = {b.caption: b for b in sheets.sheets(bundle).blocks if isinstance(b, Table)}
    for number, answer in enumerate(bundle.answers):
        forms = {limit.form for limit in answer.question.limits}
        for obec in answer.obce.to_dict("records"):
            line = tables[f"{obec['name']}: druhy služeb"].rows[number]
            if forms == {"ter"}:
                anywhere = answer.service_type.anywhere
                assert line[0].endswith("(na\xa0dálku)" if anywhere else "(přijede domů)")
            else:
                assert all(
                    f"{limit.reach.value:.0f}\xa0{limit.reach.unit}" in line[0]
                    for limit in answer.question.limits
                    if limit.form != "ter"
                )
            why = ("field_not_declared", "field_not_held", "district_not_held")
            asked = obec["verdict"] == "unknown" and obec["reason"] in why and "ter" in forms
            if asked or not obec["nearest_place"] >= 0:
                assert line[2] == "–"
                shown.add("dash")
                continue
            place = answer.places.loc[obec["nearest_place"]]
            assert place["obec"] in line[2]
            assert ("*" in line[2]) == (not obec["certain"])
            said = re.match(r"(pobytově|ambulantně): ", line[2])
            assert bool(said) == (len(forms) > 1)
            if said:
                assert {"pobytově": "pob", "ambulantně": "amb"}[said[1]] in place["forms"]
            shown |= {"form" if said else "plain", "star" if "*" in line[2] else "sure"}
    assert shown == {"dash", "form", "plain", "star", "sure"}


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
