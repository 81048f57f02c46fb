"""The settlement table: the same rows in Word, Excel, the terminal; nothing runs as a formula."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kpss_geo import cli, plan
from kpss_geo import settings as settings_module
from kpss_geo.errors import TextEmpty
from kpss_geo.plan import Reactions, Remark
from kpss_geo.plan.typed import free_text
from kpss_geo.report.remark_files import settlement_docx, settlement_xlsx
from kpss_geo.report.remarks import HEADINGS, card, settlement
from kpss_geo.text import Words

CS = Words("cs")
HERE = "sluknovsko"
SAID = Remark(
    "Chybí denní stacionář.\nNejen v Rumburku.", "user", HERE, code="562777", type_code="10",
    working_group="Senioři", place="u nádraží", answer="Zařadíme.", decision="accepted", number=7,
)  # fmt: skip


MOMENT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def made(data):
    def make(*remarks: Remark, words: Words = CS, **more: object):
        options = {"reactions": {}, "erased": (), **more}
        return settlement(HERE, remarks, data=data, words=words, **options)

    return make


def word_rows(content: bytes) -> list[list[str]]:
    (table,) = docx.Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def excel_rows(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def test_the_table_holds_all_of_a_remark_in_order(made):
    counted = {7: Reactions({"agree": 12, "more": 1})}
    erased = plan.Erased(3, "koordinátor", MOMENT, "osobní údaje")
    others = (
        replace(SAID, number=8, state="waiting"),
        replace(SAID, number=10, state="refused"),
    )
    later = replace(SAID, number=9, text="Později.")
    table = made(later, SAID, *others, reactions=counted, erased=[erased])
    assert [row[0] for row in table.rows] == [3, 7, 9]
    assert table.rows[0][4] == "(vymazal koordinátor: osobní údaje)"
    assert table.rows[1][:11] == (
        7, "Rumburk, u nádraží", "denní stacionáře", "uživatel služeb, Senioři", SAID.text,
        12, 0, 1, "Zařadíme.", "akceptováno", "",
    )  # fmt: skip
    assert table.title == "Vypořádání připomínek: Šluknovsko"
    assert table.headings[:5] == (
        "Č.", "Obec / místo", "Služba", "Role a pracovní skupina", "Připomínka",
    )  # fmt: skip


def test_word_and_excel_hold_the_same_rows(made):
    counted = {7: Reactions({"agree": 12, "more": 1})}
    moment = MOMENT
    table = made(replace(SAID, written=moment, answered=moment), reactions=counted)
    heading, row = word_rows(settlement_docx(table, CS))
    assert heading[5] == "Souhlasím / Nesouhlasím / Chci vědět víc"
    assert row[0] == "7"
    assert row[4] == SAID.text
    assert row[5] == "12 / 0 / 1"
    assert row[6:] == [
        "Zařadíme.", "akceptováno\n20.\xa011.\xa02026\n20.\xa011.\xa02026",
    ]  # fmt: skip
    in_excel = excel_rows(settlement_xlsx(table, CS))
    assert in_excel[0] == [CS.t(heading) for heading in HEADINGS]
    assert in_excel[1] == [cell if isinstance(cell, str) else float(cell) for cell in table.rows[0]]


def test_word_is_landscape_and_repeats_its_heading(made):
    content = settlement_docx(made(SAID), CS)
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    assert section.page_width > section.page_height
    widths = sum(cell.width for cell in document.tables[0].rows[0].cells)
    assert widths <= section.page_width - section.left_margin - section.right_margin
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml
    assert "w:tblHeader" not in document.tables[0].rows[1]._tr.xml


def test_nothing_said_yet_is_said(made):
    text = "\n".join(
        p.text for p in docx.Document(io.BytesIO(settlement_docx(made(), CS))).paragraphs
    )
    assert "Zatím není zveřejněna žádná připomínka." in text
    assert len(excel_rows(settlement_xlsx(made(), CS))) == 1


@pytest.mark.parametrize("text", ["=1+1", "+420", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", " =1"])
def test_no_text_is_a_formula(made, text):
    table = made(replace(SAID, text=text, answer=text, place=text))
    content = settlement_xlsx(table, CS)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    row = excel_rows(content)[1]
    assert row[4] == f"'{text}"
    assert row[8] == f"'{text}"


@given(st.text(max_size=200))
@hypothesis_settings(max_examples=40, deadline=None)
def test_any_text_that_the_plan_takes_goes_into_both_files(data, text):
    try:
        cleaned = free_text(text)
    except TextEmpty:
        return
    table = settlement(
        HERE, [replace(SAID, text=cleaned)], reactions={}, erased=(), data=data, words=CS
    )
    assert word_rows(settlement_docx(table, CS))[1][4] == cleaned
    assert str(excel_rows(settlement_xlsx(table, CS))[1][4]).lstrip("'") == cleaned.lstrip("'")


@pytest.mark.parametrize("language", ["cs", "uk", "en"])
def test_every_language_writes_both(made, language):
    words = Words(language)
    table = made(SAID, words=words)
    assert len(word_rows(settlement_docx(table, words))) == 2
    assert len(excel_rows(settlement_xlsx(table, words))) == 2


def test_what_the_data_do_not_know_any_more_is_still_shown(made):
    row = made(
        replace(SAID, code="999999", type_code="zaniklá", service_id="mpsv-0", place="")
    ).rows[0]
    assert row[1] == "999999"
    assert row[2] == "zaniklá, mpsv-0"
    assert made(replace(SAID, code="", place="", type_code="")).rows[0][1:3] == ("celé území", "")


def test_a_card_escapes_everything(data):
    evil = '<img src=x onerror="alert(1)">'
    shown = card(
        replace(SAID, text=evil, answer=evil, place=evil, working_group=evil), data, CS,
        obec_known=False,
    )  # fmt: skip
    assert "<img" not in shown
    assert shown.count("&lt;img") == 4
    assert 'dir="auto"' in shown


# From a terminal


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KPSS_GEO_DATA", str(tmp_path))
    settings_module.current.cache_clear()

    def go(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            cli.main(["plan", "remarks", *arguments])
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    yield go
    settings_module.current.cache_clear()


def test_the_command_lists_and_writes(call, tmp_path):
    opened = plan.open_plan(tmp_path / "plan.sqlite")
    plan.write_remark(opened, replace(SAID, state="published"))
    plan.write_remark(opened, replace(SAID, text="Čeká.", state="waiting"))
    plan.write_remark(opened, replace(SAID, text="Jinde.", territory="kaplice", code=""))
    code, out, err = call("Šluknovsko")
    assert code == 0
    assert "Rumburk" in out
    assert "Čeká." not in out
    assert "Jinde." not in out
    assert "1 poznámka čeká na schválení." in err
    for ending, rows in ((".docx", word_rows), (".xlsx", excel_rows)):
        file = tmp_path / f"vyporadani{ending}"
        code, _, err = call(HERE, "--out", str(file))
        assert code == 0
        assert file.name in err
        assert rows(file.read_bytes())[1][4] == SAID.text


def test_the_command_without_a_plan_or_with_a_wrong_ending(call, tmp_path):
    code, out, err = call(HERE)
    assert (code, out) == (0, "")
    assert "Zatím není zveřejněna" in err
    code, _, err = call(HERE, "--out", str(tmp_path / "x.pdf"))
    assert code != 0
    assert ".docx, .xlsx" in err
    assert not list(tmp_path.iterdir())
