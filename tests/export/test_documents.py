"""Word documents: opened with python-docx and set against the rows."""

import io
from dataclasses import replace

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from kpss_geo.errors import FileNotUsable
from kpss_geo.export import chapter, chapter_place, word
from kpss_geo.export.blocks import Document, Paragraph, Points, Table
from kpss_geo.report import board, rows
from kpss_geo.text import Words

CS = Words("cs")


def plain(text):
    """Text with common spaces: hard ones are set only when a document is written."""
    return text.replace("\u00a0", " ")


def number(value):
    return plain(CS.number(value))


def _open(document, **options):
    return docx.Document(io.BytesIO(word.to_docx(document, **options)))


def _captions(file):
    """Caption → table: the caption stands before its table."""
    found, last = {}, ""
    for child in file.element.body:
        if child.tag == qn("w:p"):
            last = "".join(t.text or "" for t in child.iter(qn("w:t"))) or last
        elif child.tag == qn("w:tbl"):
            table = next(t for t in file.tables if t._tbl is child)
            cells = [[plain(c.text) for c in row.cells] for row in table.rows]
            found[plain(last).split(". ", 1)[1]] = cells
    return found


@pytest.fixture(scope="module")
def file(bundled):
    return _open(chapter.chapter(bundled("sluknovsko")))


@pytest.fixture(scope="module")
def tables(file):
    return _captions(file)


def test_the_chapter_has_the_parts_of_a_plan_in_order(file):
    heads = [plain(p.text) for p in file.paragraphs if p.style.name == "Heading 1"]
    assert heads == [
        "Územní vymezení a vazby",
        "Analýza nabídky služeb",
        "Analýza potřeb: demografie",
        "Dostupnost a pokrytí",
        "Územní přesahy",
        "Východiska pro návrhovou část",
        "Metoda a její meze",
        "Zdroje dat",
        "Jak výsledek zopakovat",
    ]
    assert file.core_properties.language == "cs-CZ"


def test_each_table_of_a_type_equals_its_rows(bundled, tables):
    bundle = bundled("sluknovsko")
    checked = 0
    for answer in bundle.answers:
        caption = f"{answer.service_type.name}: pokrytí podle obcí".capitalize()
        drawn = {title.capitalize(): body for title, body in tables.items()}.get(caption)
        if answer.totals["unknown"] == answer.totals["people"]:
            assert drawn is None
            continue
        checked += 1
        head, *body, sums = drawn
        found = rows.rows(answer)
        names = ("population", "covered", "on_paper", "not_covered", "unknown")
        assert head[0] == "Obec"
        for line, row in zip(body, found, strict=True):
            assert line[0] == row["name"]
            assert line[1:6] == [number(row[name]) for name in names]
        assert sums[1:6] == [number(value) for value in answer.totals.values()]
    assert checked >= 6


def test_the_summary_equals_the_board(bundled, tables):
    _, *body = tables["Pokrytí podle druhu služby (senioři 65+)"]
    for line, row in zip(body, board.summary(bundled("sluknovsko").answers, CS), strict=True):
        assert line[0].lower() == row["service_name"].lower()
        assert line[3] == number(row["not_covered"])


def test_people_by_age_are_those_of_the_population_table(bundled, tables):
    bundle = bundled("sluknovsko")
    people = bundle.data.population.loc[list(bundle.territory.codes)].sum()
    _, *body, total = tables["Obyvatelé podle věku"]
    assert [line[1] for line in body] == [number(count) for count in people]
    assert total[1] == number(52_318)
    ages = {line[0]: line[2:6] for line in tables["Obce a jejich obyvatelé"]}["celkem"]
    young, middle, old = people.iloc[:3].sum(), people.iloc[3:13].sum(), people.iloc[13:].sum()
    assert ages == [number(v) for v in (52_318, young, middle, old)]


def test_obce_whose_people_are_not_known_are_named_and_not_counted_as_nought(bundled):
    bundle = bundled("kaplice")
    population = bundle.data.population.copy().astype(float)
    code = bundle.territory.codes[0]
    population.loc[code] = float("nan")
    changed = replace(bundle, data=replace(bundle.data, population=population))
    blocks = [*chapter_place.need(changed), *chapter_place.place(changed)]
    name = bundle.data.obce.at[code, "name"]
    assert any("data neobsahují" in getattr(b, "text", "") and name in b.text for b in blocks)
    obce = next(b for b in blocks if getattr(b, "caption", "") == "Obce a jejich obyvatelé")
    assert next(row for row in obce.rows if row[0] == name)[2:] == ("–",) * 5
    assert obce.rows[-1][2:] == ("–",) * 5


def test_the_document_says_question_data_and_that_limits_are_no_norm(bundled, file, tables):
    bundle = bundled("sluknovsko")
    digest = bundle.question.data_digest
    assert digest in file.core_properties.comments
    asked = {line[0]: line[1] for line in tables["Otázka, na kterou dokument odpovídá"]}
    assert asked["Otisk dat"] == digest
    text = plain("\n".join(p.text for p in file.paragraphs))
    assert "pracovní hodnoty týmu, nikoli norma" in text
    assert "schematické" in text
    assert "CC BY 4.0" in {line[3] for line in tables["Zdroje, stav a licence"]}


def test_every_picture_is_described_and_every_table_has_a_heading_row(file):
    pictures = list(file.element.body.iter(qn("wp:docPr")))
    assert len(pictures) >= 8
    assert all(len(picture.get("descr", "")) > 20 for picture in pictures)
    for table in file.tables:
        assert table._tbl.tr_lst[0].find(".//" + qn("w:tblHeader")) is not None


def test_own_template_keeps_its_page_and_styles_and_loses_its_text(bundled, tmp_path):
    template = docx.Document()
    template.styles["Heading 1"].font.name = "Comic Neue"
    template.sections[0].footer.paragraphs[0].text = "Město Rumburk"
    template.add_paragraph("Vzorový text")
    template.styles.add_style("Vlastní", WD_STYLE_TYPE.PARAGRAPH)
    path = tmp_path / "vzor.docx"
    template.save(path)
    file = _open(chapter.chapter(bundled("kaplice")), template=path)
    assert file.styles["Heading 1"].font.name == "Comic Neue"
    assert file.sections[0].footer.paragraphs[0].text == "Město Rumburk"
    assert "Vzorový text" not in {p.text for p in file.paragraphs}
    assert "Vlastní" in {style.name for style in file.styles}


def test_a_template_that_is_no_word_document_is_named(one_obec, tmp_path):
    path = tmp_path / "vzor.docx"
    path.write_bytes(b"no")
    with pytest.raises(FileNotUsable, match=r"vzor\.docx"):
        word.to_docx(chapter.chapter(one_obec), template=path)


def test_one_obec_without_services(one_obec):
    file = _open(chapter.chapter(one_obec))
    text = plain("\n".join(p.text for p in file.paragraphs))
    assert "žádná služba" in text
    assert "<b>\"Domov\" & 'syn'</b>" in {c.text for t in file.tables for c in t.columns[0].cells}


def test_a_region_is_told_by_orp_and_adds_up(bundled):
    bundle = bundled("jihomoravsky")
    tables = _captions(_open(chapter.chapter(bundle)))
    answer = next(a for a in bundle.answers if a.service_type.code == "13")
    _, *body, sums = tables["Domovy pro seniory: pokrytí podle obvodů ORP"]
    assert len(body) == 21
    counts = [[int(cell.replace(" ", "")) for cell in line[1:6]] for line in body]
    assert [sum(column) for column in zip(*counts, strict=True)] == list(answer.totals.values())
    assert sums[1] == number(241_897)


def test_what_introduces_a_list_and_what_explains_a_table_stay_with_it():
    blocks = (
        Paragraph("Týká se:"),
        Points(("první",)),
        Table("Sčítání", ("Obec", "Lidé"), (("Rumburk", "1"),)),
        Paragraph("Hvězdička znamená odhad.", "note"),
        Paragraph("Dál."),
    )
    file = _open(Document("Název", "Podtitul", "o čem", blocks))
    said = {p.text: p for p in file.paragraphs}
    assert said["Týká se:"].paragraph_format.keep_with_next
    assert not said["Dál."].paragraph_format.keep_with_next
    (drawn,) = file.tables
    assert all(
        p.paragraph_format.keep_with_next for c in drawn.rows[-1].cells for p in c.paragraphs
    )
    under = drawn._tbl.getnext()
    assert under.find(f".//{qn('w:keepNext')}") is not None
    assert "Hvězdička" in "".join(t.text for t in under.getnext().iter(qn("w:t")))
