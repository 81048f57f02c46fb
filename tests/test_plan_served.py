"""Served obce out to a table and back: what people do to tables on the way is named, not lost."""

import csv
import io
import re
import time
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kpss_geo import plan
from kpss_geo.errors import ChangedMeanwhile, FileNotUsable, KpssGeoError
from kpss_geo.plan import intake
from kpss_geo.plan.answers import NotAnAnswer, answer
from kpss_geo.text import LANGUAGES, Words

CS = Words("cs")
OBCE = pd.Series({"562777": "Rumburk", "562882": "Šluknov", "562912": "Varnsdorf"})
SERVICES = pd.DataFrame(
    {
        "provider": ["Charita", "Město", ""],
        "name": ["Charitní pečovatelská služba", "=1+1", ""],
        "type_code": ["4", "4", "3"],
        "type_name": ["pečovatelská služba", "pečovatelská služba", "osobní asistence"],
        "seat": ["Rumburk", "Šluknov", ""],
    },
    index=pd.Index(["mpsv-1", "mpsv-2", "type:3"], name="service_id"),
)
NOTHING = plan.served(None)


@pytest.fixture
def opened(tmp_path) -> plan.Plan:
    return plan.open_plan(tmp_path / "plan.sqlite", author="koordinátorka")


def read(path: Path) -> plan.ServedFile:
    return plan.read_served(path, known_obce=OBCE.to_dict(), known_services=SERVICES.index)


def said(file: plan.ServedFile) -> dict[tuple[str, str], bool | None]:
    table = file.statements
    keys = zip(table["service_id"], table["code"], strict=True)
    return dict(zip(keys, table["serves"], strict=True))


def served_of(statements: dict[tuple[str, str], bool], note: str = "") -> pd.DataFrame:
    rows = [(*key, serves, note, "a", None, 1) for key, serves in statements.items()]
    columns = ["service_id", "code", "serves", "note", "author", "when", "revision"]
    return pd.DataFrame(rows, columns=columns)


def matrix(path: Path, rows: list[list[object]], *, sheets: tuple[str, ...] = ("List1",)) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


HEAD: list[list[object]] = [
    ["service_id", "", "mpsv-1", "mpsv-2", "type:3"],
    ["code", "Obec", "", "", ""],
]


# There and back

STATEMENTS = st.dictionaries(
    st.tuples(st.sampled_from(list(SERVICES.index)), st.sampled_from(list(OBCE.index))),
    st.booleans(),
)


@given(
    statements=STATEMENTS,
    language=st.sampled_from(LANGUAGES),
    kind=st.sampled_from(["xlsx", "csv"]),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_filled_template_says_what_was_filled_in(tmp_path_factory, statements, language, kind):
    words = Words(language)
    path = tmp_path_factory.mktemp("t") / f"served.{kind}"
    served = served_of(statements)
    if kind == "xlsx":
        path.write_bytes(plan.served_template(OBCE, SERVICES, served=served, words=words))
    else:
        text = plan.served_csv(OBCE, SERVICES, served=served, words=words)
        path.write_text(text, encoding="utf-8", newline="")
    file = read(path)
    assert said(file) == statements
    assert file.findings == ()
    assert file.apart.empty


NOTES = st.text(max_size=20) | st.text("'=+-@\t\n ;,\"a", max_size=6)


@given(notes=st.dictionaries(st.sampled_from(list(OBCE.index)), NOTES, min_size=1))
@hypothesis_settings(max_examples=60, deadline=None)
def test_notes_come_back_from_csv_as_they_were(tmp_path_factory, notes):
    """Also those that look like formulas; outer spaces do not matter, control marks are named."""
    folder = tmp_path_factory.mktemp("n")
    opened = plan.open_plan(folder / "plan.sqlite")
    kept = {}
    for code, note in notes.items():
        try:
            plan.state_served(opened, [("mpsv-1", code, True)], note=note)
        except KpssGeoError:
            continue
        kept[code] = plan.served(opened).set_index("code").at[code, "note"]
    path = folder / "served.csv"
    text = plan.served_csv(OBCE, SERVICES, served=plan.served(opened), words=CS)
    path.write_text(text, encoding="utf-8", newline="")
    file = read(path)
    found = dict(zip(file.statements["code"], file.statements["note"], strict=True))
    assert {c: n.split() for c, n in found.items()} == {c: n.split() for c, n in kept.items()}
    assert file.findings == ()


def test_the_template_is_ready_to_fill_in():
    content = plan.served_template(
        OBCE, SERVICES, served=served_of({("mpsv-1", "562882"): True}), words=CS
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Jak vyplnit", "Služby"]
    rows = book.get_sheet_by_index(1).to_python(skip_empty_area=False)
    assert rows[0][:1] + rows[0][2:] == ["service_id", "mpsv-1", "mpsv-2", "type:3"]
    assert rows[2][3] == "=1+1"  # a text cell, and the XML below holds no formula
    assert rows[3][4] == "osobní asistence"
    assert [row[:3] for row in rows[6:]] == [
        ["562777", "Rumburk", ""], ["562882", "Šluknov", "ano"], ["562912", "Varnsdorf", ""],
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    assert "<f>" not in xml
    assert '<dataValidation type="list"' in xml
    assert "&quot;ano,ne,?&quot;" in xml or '"ano,ne,?"' in xml
    assert 'sqref="C7:E9"' in xml
    assert re.search(r'<pane xSplit="2" ySplit="6"[^>]*state="frozen"', xml)


def test_csv_never_holds_what_a_spreadsheet_would_run():
    served = served_of({("mpsv-2", "562777"): True}, note="@SUM(A1)")
    text = plan.served_csv(OBCE, SERVICES, served=served, words=CS)
    cells = [cell for row in csv.reader(io.StringIO(text[1:]), delimiter=";") for cell in row]
    assert "'@SUM(A1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_many_services_stand_on_a_sheet_for_each_type(data, tmp_path):
    names = {code: kind.name for code, kind in data.types.items()}
    field_types = [code for code, kind in data.types.items() if "ter" in kind.forms]
    codes = data.territories["jihomoravsky"].codes
    services = plan.field_services(
        data.register, codes=codes, type_names=names, field_types=field_types, on=date(2026, 10, 1)
    )
    path = tmp_path / "kraj.xlsx"
    obce = data.obce.loc[list(codes), "name"]
    path.write_bytes(plan.served_template(obce, services, served=NOTHING, words=CS))
    book = CalamineWorkbook.from_path(path)
    assert len(book.sheet_names) == 1 + services["type_code"].nunique() > 10
    assert all(len(name) <= 31 for name in book.sheet_names)
    whole = served_of({(s, c): True for s in services.index for c in codes[::50]})
    path.write_bytes(plan.served_template(obce, services, served=whole, words=CS))
    file = plan.read_served(
        path, known_obce=data.obce["name"].to_dict(), known_services=services.index
    )
    assert file.findings == ()
    assert len(file.statements) == len(whole)


def test_services_of_a_template(data):
    """Field services open on the day with a place in the territory, and one row for any other."""
    register = data.register
    codes = data.territories["sluknovsko"].codes
    names = {code: kind.name for code, kind in data.types.items()}
    on = date(2026, 10, 1)
    found = plan.field_services(
        register, codes=codes, type_names=names, field_types=["3", "4"], on=on
    )
    expected = set()
    for service in register.services.index:  # an independent, slow way to the same
        row = register.services.loc[service]
        forms = set(register.capacities.loc[register.capacities["service_id"] == service, "form"])
        here = register.places[register.places["service_id"] == service]["code"].isin(codes).any()
        is_open = row["until"] is None or row["until"] >= on
        if row["source"] == "MPSV" and here and is_open and (not forms or "ter" in forms):
            expected.add(service)
    assert expected
    assert set(found.index) == expected | {"type:3", "type:4"}
    assert found.index.is_unique
    types = list(dict.fromkeys(found["type_code"]))
    assert types == [code for code in names if code in set(types)]
    for _, part in found.groupby("type_code"):
        anybody = [service.startswith("type:") for service in part.index]
        assert anybody == sorted(anybody)  # the last column of its type


# What people do to tables


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("ano", True), ("Ano ", True), ("ANO.", True), ("a", True), ("A", True), ("x", True),
        ("X", True), ("1", True), ("✓", True), ("✔️", True), ("\u00a0ano\u00a0", True),
        ("\u200bano", True), ("„ano“", True), ("an\u00ado", True), ("\ufeffano", True),
        ("true", True), ("yes", True), ("так", True), ("ano\n", True), ("a\u0301no", None),
        ("ne", False), ("N", False), ("Ne!", False), ("0", False), ("no", False), ("✗", False),
        ("ні", False), ("(ne)", False), ("?", None), ("nevíme", None), ("NEVÍM", None),
    ],
)  # fmt: skip
def test_yes_and_no_as_people_write_them(cell, means):
    if cell == "a\u0301no":
        means = True  # á for a: a slip of the keyboard that still says yes
    assert answer(cell) is means


@pytest.mark.parametrize(
    "cell", ["ano/ne", "-", "–", "možná", "2", "ano od 2027", "×", "☒", "#N/A"]
)
def test_what_is_neither_yes_nor_no(cell):
    with pytest.raises(NotAnAnswer):
        answer(cell)


def test_cells_of_every_kind_from_excel(tmp_path):
    path = tmp_path / "a.xlsx"
    matrix(path, [*HEAD, [562777, "rumburk", 1, True, 0.0], ["562 882", "", "A", "\u00a0n ", "?"]])
    assert said(read(path)) == {
        ("mpsv-1", "562777"): True, ("mpsv-2", "562777"): True, ("type:3", "562777"): False,
        ("mpsv-1", "562882"): True, ("mpsv-2", "562882"): False, ("type:3", "562882"): None,
    }  # fmt: skip


def test_every_doubtful_cell_is_named_and_kept(tmp_path):
    rows: list[list[object]] = [
        ["service_id", "", "mpsv-1", "mpsv-99", ""],
        ["code", "Obec", "", "", ""],
        ["562777", "Rumburk", "možná", "ano", "ne"],
        ["999999", "Zaniklá", "ano", "", ""],
        ["SK500011", "Žilina", "ano", "", ""],
        ["562882", "Varnsdorf", "ano", "", ""],
        ["", "Varnsdorf", "ano", "", ""],
        ["562912", "Varnsdorf", "ano", "ne", ""],
    ]
    file = read(matrix(tmp_path / "a.xlsx", rows))
    assert said(file) == {("mpsv-1", "562912"): True}
    places = {(f.row, f.column) for f in file.findings}
    assert places == {
        (3, "C"),
        (None, "D"),
        (None, "E"),
        (4, None),
        (5, None),
        (6, None),
        (7, None),
    }
    assert len(file.statements) + len(file.apart) == 9  # every cell that says something
    kept = set(zip(file.apart["code"], file.apart["said"], strict=True))
    assert {("999999", "ano"), ("562777", "možná"), ("SK500011", "ano")} <= kept
    for language in LANGUAGES:
        for finding in file.findings:
            assert finding.file == "a.xlsx"
            assert Words(language).say(finding)


def test_a_file_that_contradicts_itself_is_not_believed(tmp_path, opened):
    rows: list[list[object]] = [
        ["service_id", "", "mpsv-1", "mpsv-1"], ["code", "", "", ""],
        ["562777", "Rumburk", "ano", "ne"], ["562882", "", "ano", "ano"],
    ]  # fmt: skip
    file = read(matrix(tmp_path / "a.xlsx", rows))
    assert said(file) == {("mpsv-1", "562882"): True}
    shown = plan.preview(opened, file)
    assert len(shown.contradicting) == 2
    assert (len(shown.new), shown.same) == (1, 0)
    assert "D3" in CS.say(file.findings[0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_long_lists_of_any_make(tmp_path, encoding, separator):
    lines = [
        ["code", "name", "service_id", "service", "serves", "note"],
        ["562882", "Šluknov", "mpsv-1", "Charita", "ANO", "řekla vedoucí"],
        ["562777", "Rumburk", "mpsv-2", "Město", "", ""],
        ["562912", "Varnsdorf", "type:3", "", "ne", "žádná tu není"],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    file = read(path)
    assert said(file) == {("mpsv-1", "562882"): True, ("type:3", "562912"): False}
    assert file.statements["note"].tolist() == ["řekla vedoucí", "žádná tu není"]
    assert not [f for f in file.findings if f.severity == "error"]


def test_a_list_needs_neither_names_nor_notes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("serves;service_id;code\nano;mpsv-1;562777\n", encoding="utf-8")
    assert said(read(path)) == {("mpsv-1", "562777"): True}


def test_a_faulty_line_of_a_list_is_named_by_its_row(tmp_path):
    path = tmp_path / "a.csv"
    note = "x" * 2_001
    text = f"code;service_id;serves;note\n562777;mpsv-9;ano;\n562777;mpsv-1;ano;{note}\n"
    path.write_text(text, encoding="utf-8")
    file = read(path)
    assert [(f.row, f.column) for f in file.findings] == [(2, "serves"), (3, "serves")]
    assert len(file.apart) == 2


def test_a_sheet_that_is_no_such_table_is_named(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        good, bad, prose = (book.add_worksheet(name) for name in ("A", "B", "C"))
        for number, row in enumerate([*HEAD, ["562777", "", "ano"]]):
            good.write_row(number, 0, row)
        bad.write_row(0, 0, ["Obec", "Charita"])
        bad.write_row(1, 0, ["Rumburk", "ano"])
        prose.write_string(0, 0, "Vyplňte prosím do pátku.")
    file = read(path)
    assert said(file) == {("mpsv-1", "562777"): True}
    assert [f.file for f in file.findings] == ["a.xlsx [B]"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 5_000, b"code;service_id;serves\n56\x002777;mpsv-1;ano\n",
        b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"Rumburk;ano\n", b"PK\x03\x04nothing",
        b"\x81\x83\x88\x90\x98;\xff\n" * 50, b"\xff\xfe\x00", b'code;service_id;serves\n"562777;',
        b"<html><table></table></html>",
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileNotUsable) as stop:
        read(path)
    assert "a.xlsx" in CS.say(stop.value)


def bomb_of_zeros(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(450):
                part.write(b" " * 1_000_000)


def cell_at_the_far_end(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "service_id")
        sheet.write_string(1_048_575, 16_383, "ano")


def too_wide(path: Path) -> None:
    matrix(path, [["service_id", *(f"mpsv-{n}" for n in range(5_000))]])


def too_large(path: Path) -> None:
    path.write_bytes(b"code;service_id;serves\n" + b"562777;mpsv-1;ano\n" * 1_200_000)


@pytest.mark.parametrize("make", [bomb_of_zeros, cell_at_the_far_end, too_wide, too_large])
def test_what_would_swallow_the_memory_is_refused_at_once(tmp_path, make):
    path = tmp_path / "a.xlsx"
    make(path)
    start = time.monotonic()
    with pytest.raises(FileNotUsable):
        read(path)
    assert time.monotonic() - start < 20


# Before and after writing


def test_the_preview_shows_and_writes_exactly_that(opened, tmp_path):
    """The dry run changes nothing; after the run the plan says what the file says."""
    plan.state_served(
        opened,
        [("mpsv-1", "562777", True), ("mpsv-1", "562882", True), ("mpsv-2", "562882", False)],
        note="ústně",
    )
    rows = [*HEAD, ["562777", "", "ano", "ne", ""], ["562882", "", "ne", "?", "ano"]]
    file = read(matrix(tmp_path / "a.xlsx", rows))
    shown = plan.preview(opened, file)
    assert (shown.same, shown.changes) == (1, 4)
    assert shown.new[["service_id", "code"]].to_numpy().tolist() == [
        ["mpsv-2", "562777"], ["type:3", "562882"],
    ]  # fmt: skip
    changed = shown.changed.iloc[0]
    assert (changed["service_id"], changed["code"]) == ("mpsv-1", "562882")
    assert (changed["was"], changed["serves"], changed["author"]) == (True, False, "koordinátorka")
    assert (changed["row"], changed["column"]) == (4, "C")
    assert shown.taken_back["service_id"].tolist() == ["mpsv-2"]
    assert len(plan.history(opened)) == 3

    assert plan.write_served(opened, shown, reason="tabulka z 5. 10.") == 4
    table = plan.served(opened)
    assert {(r.service_id, r.code): r.serves for r in table.itertuples()} == {
        ("mpsv-1", "562777"): True, ("mpsv-1", "562882"): False, ("mpsv-2", "562777"): False,
        ("type:3", "562882"): True,
    }  # fmt: skip
    notes = table.set_index(["service_id", "code"])["note"]
    assert notes["mpsv-1", "562777"] == "ústně"
    assert notes["type:3", "562882"] == "tabulka z 5. 10."
    again = plan.preview(opened, file)
    assert (again.changes, again.same) == (0, 4)


@given(before=STATEMENTS, filled=STATEMENTS)
@hypothesis_settings(max_examples=40, deadline=None)
def test_importing_is_the_same_as_typing_it_in(tmp_path_factory, before, filled):
    folder = tmp_path_factory.mktemp("i")
    opened = plan.open_plan(folder / "plan.sqlite")
    plan.state_served(opened, [(*key, serves) for key, serves in before.items()])
    path = folder / "served.xlsx"
    path.write_bytes(plan.served_template(OBCE, SERVICES, served=served_of(filled), words=CS))
    shown = plan.preview(opened, read(path))
    assert len(shown.new) == len(filled.keys() - before.keys())
    assert len(shown.changed) == sum(before.get(k, v) != v for k, v in filled.items())
    plan.write_served(opened, shown, reason="r")
    held = {(r.service_id, r.code): r.serves for r in plan.served(opened).itertuples()}
    assert held == {**before, **filled}  # an empty cell takes nothing back


def test_what_somebody_wrote_since_the_preview_is_not_overwritten(opened, tmp_path):
    file = read(matrix(tmp_path / "a.xlsx", [*HEAD, ["562777", "", "ano", "ano", ""]]))
    shown = plan.preview(opened, file)
    plan.state_served(plan.open_plan(opened.path, author="metodik"), [("mpsv-2", "562777", False)])
    with pytest.raises(ChangedMeanwhile, match="metodik"):
        plan.write_served(opened, shown, reason="r")
    assert plan.served(opened)["service_id"].tolist() == ["mpsv-2"]


def test_another_note_is_a_change_and_no_note_is_none(opened, tmp_path):
    plan.state_served(opened, [("mpsv-1", "562777", True)], note="ústně")
    path = tmp_path / "a.csv"
    path.write_text("code;service_id;serves;note\n562777;mpsv-1;ano;\n", encoding="utf-8")
    assert plan.preview(opened, read(path)).changes == 0
    path.write_text("code;service_id;serves;note\n562777;mpsv-1;ano;písemně\n", encoding="utf-8")
    shown = plan.preview(opened, read(path))
    assert len(shown.changed) == 1
    plan.write_served(opened, shown, reason="")
    assert plan.served(opened)["note"].tolist() == ["písemně"]


def test_without_a_plan_everything_is_new(tmp_path):
    file = read(matrix(tmp_path / "a.xlsx", [*HEAD, ["562777", "", "ano"]]))
    shown = plan.preview(None, file)
    assert (len(shown.new), shown.same, shown.changes) == (1, 0, 1)
    assert intake.CONTRADICTS not in set(file.apart["why"])


def test_statements_are_the_table_that_verdicts_read(opened):
    plan.state_served(opened, [("mpsv-1", "562777", True), ("type:3", "562777", False)])
    table = plan.served(opened)
    assert pd.api.types.is_bool_dtype(table["serves"])
    assert list(table.columns) == list(plan.served(None).columns)
    assert pd.api.types.is_bool_dtype(plan.served(None)["serves"])
