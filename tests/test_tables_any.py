"""Tables of any make are read as they stand; what cannot be read is refused in words, in time."""

import csv
import io
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpss_geo import errors
from kpss_geo.settings import shipped_root
from kpss_geo.sources import archives, delimited, limits, spreadsheets, tables

SHIPPED = shipped_root() / "geodata"
ROWS = [
    ["Název obce", "Kód", "Šířka"],
    ["Šluknov", "562858", "51,0036"],
    ['Lipová "u Šluknova"', "562661", ""],
    ["Příliš; žluťoučký, kůň | úpěl\tďábelské ódy", "", "1 234,5"],
]


def as_text(rows, *, separator: str, ending: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=ending).writerows(rows)
    return out.getvalue()


def as_xlsx(path: Path, rows, *, title: str = "") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Data")
        start = 0
        if title:
            sheet.merge_range(0, 0, 0, len(rows[0]) - 1, title)
            start = 2
        for r, row in enumerate(rows, start=start):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
    return path


def as_ods(path: Path, rows_xml: str) -> Path:
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    spaces = " ".join(f'xmlns:{key}="{value}"' for key, value in names.items())
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="List1">{rows_xml}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def ods_cell(text: str) -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def ods_row(cells: str, times: int = 1) -> str:
    repeated = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeated}>{cells}</table:table-row>"


X = ods_cell("x")


def rewritten(source: Path, target: Path, change) -> Path:
    """Copy a workbook with its parts changed by `change(name, content)`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
    return target


class TestDelimited:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "cp1250", "iso-8859-2", "cp852", "utf-16", "utf-32"]
    )
    @pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
    @pytest.mark.parametrize("ending", ["\r\n", "\n"])
    def test_every_make_gives_the_same_cells(self, tmp_path, encoding, separator, ending):
        path = tmp_path / "t.csv"
        path.write_bytes(as_text(ROWS, separator=separator, ending=ending).encode(encoding))
        records = tables.read_records(path)
        assert [row + [""] * (3 - len(row)) for row in records.rows] == ROWS

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_two_byte_text_with_its_mark(self, tmp_path, encoding):
        mark = b"\xff\xfe" if encoding.endswith("le") else b"\xfe\xff"
        (tmp_path / "t.txt").write_bytes(mark + as_text(ROWS, separator="\t").encode(encoding))
        assert tables.read_records(tmp_path / "t.txt").rows[1][0] == "Šluknov"

    @pytest.mark.parametrize("encoding", delimited.CZECH_ENCODINGS)
    def test_the_guess_is_right_for_every_name_of_an_obec(self, data, encoding):
        """Each name alone: the harder the shorter. Names that read alike are no fault."""
        wrong = []
        for name in data.obce["name"].unique():
            content = f"kód;název\n562777;{name}\n".encode(encoding)
            found, _ = delimited.find_encoding(content, file="x.csv")
            if content.decode(found) != content.decode(encoding):
                wrong.append(name)
        assert wrong == []

    def test_a_guess_is_said(self, tmp_path):
        (tmp_path / "t.csv").write_bytes("kód;Šluknov".encode("cp1250"))
        (finding,) = tables.read_records(tmp_path / "t.csv").findings
        assert finding.severity == "note"
        assert finding.fields == {"encoding": "cp1250"}

    def test_decimal_commas_do_not_cut_the_cells(self, tmp_path):
        lines = ["kód;šířka;délka", *(f"56277{i % 10};50,9{i};14,5{i}" for i in range(80))]
        (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
        rows = tables.read_records(tmp_path / "t.csv").rows
        assert {len(row) for row in rows} == {3}

    def test_semicolons_inside_cells_do_not_cut_them(self):
        rows = tables.read_records(SHIPPED / "register.csv").rows
        assert rows == [
            row[: max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)]
            for row in csv.reader((SHIPPED / "register.csv").open(encoding="utf-8"))
        ]

    def test_title_blank_rows_and_trailing_columns(self, tmp_path):
        lines = ["Přehled služeb 2026;;;;", ";;;;", "code;name;;;", "562777;Rumburk;;;", ";;;;"]
        text = "\r\n".join([*lines, "562882;Varnsdorf", ";;", ""])
        (tmp_path / "t.csv").write_bytes(text.encode("cp1250"))
        table = tables.read_csv(tmp_path / "t.csv", columns=("code", "name"))
        assert list(table.columns) == ["code", "name"]
        assert table["name"].to_dict() == {4: "Rumburk", 6: "Varnsdorf"}

    def test_a_repeated_heading_loses_no_column(self, tmp_path):
        (tmp_path / "t.csv").write_text("code;a;a\n1;2;3\n", encoding="utf-8")
        table = tables.read_csv(tmp_path / "t.csv", columns=("code",))
        assert table.iloc[0].tolist() == ["1", "2", "3"]
        assert table.columns.is_unique

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"code;name\n1;a\x00b\n", "NUL"),
            (b"\xff\xfea", "encoding it claims"),
            (b"\xff\xfea\x00\x00\x00", "encoding it claims"),
            (b"\xef\xbb\xbf\xff\xff", "encoding it claims"),
            (b"code;name\n1;\x81\x83\x98\x8d\xff\xfa\x01\xf0\xf1\n", "encoding is not known"),
            (b'code;name\n1;"a\n', "never closed"),
            (b'code;name\n1;"a"b\n', "double it or remove it"),
            (b"<!doctype html><html>", "web page"),
            (b"\n <?xml version='1.0'?>", "web page or XML"),
            (b'{"polozky": []}', "JSON"),
            (b"%PDF-1.7", "PDF"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
            (b"\x1f\x8b\x08\x00", "gzip"),
            (b"PAR1PAR1", "Parquet"),
        ],
    )
    def test_what_is_no_table_is_refused_with_the_reason(self, tmp_path, content, why):
        (tmp_path / "x.csv").write_bytes(content)
        with pytest.raises(errors.TableNotUsable, match=why) as error:
            tables.read_records(tmp_path / "x.csv")
        assert error.value.fields["file"] == "x.csv"

    def test_a_broken_row_is_named(self, tmp_path):
        (tmp_path / "x.csv").write_text('a;b\n1;2\n3;"4"5\n', encoding="utf-8")
        with pytest.raises(errors.RowNotUsable) as error:
            tables.read_records(tmp_path / "x.csv")
        assert error.value.fields["row"] == 3


class TestBounds:
    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (",".join("x" * 1_000_000), "too long"),
            (",".join("x" * 5_000), "2 000 columns"),
            ("a\n" * 500_001, "500 000 rows"),
            ("\n".join([",".join("x" * 1_000)] * 5_001), "5 000 000 cells"),
            ("a,b\n" + "x" * 40_000 + ",1\n", "too long"),
            ('a,b\n"' + "x" * 200_000, "too long"),
        ],
        ids=["million columns", "columns", "rows", "cells", "cell", "open quotation"],
    )
    def test_too_large_a_table_is_refused_quickly(self, tmp_path, content, why):
        (tmp_path / "big.csv").write_text(content, encoding="utf-8")
        started = time.perf_counter()
        with pytest.raises(errors.TableNotUsable, match=why):
            tables.read_records(tmp_path / "big.csv")
        assert time.perf_counter() - started < 5

    def test_a_file_that_claims_ten_gigabytes_is_refused_unread(self, tmp_path):
        with (tmp_path / "x.csv").open("wb") as file:
            file.truncate(10_000_000_000)
        started = time.perf_counter()
        with pytest.raises(errors.FileNotUsable, match="500 MB"):
            tables.read_records(tmp_path / "x.csv")
        assert time.perf_counter() - started < 1


class TestWorkbooks:
    @pytest.fixture
    def two_cells(self, tmp_path):
        return as_xlsx(tmp_path / "two.xlsx", [["a", "b"], ["c", "d"]])

    def test_values_become_text(self, tmp_path):
        import datetime as dt

        path = tmp_path / "v.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            day = book.add_format({"num_format": "d.m.yyyy"})
            sheet.write_row(0, 0, ["code", "lat", "day", "formula", "ico"])
            sheet.write_number(1, 0, 562777)
            sheet.write_number(1, 1, 50.95)
            sheet.write_datetime(1, 2, dt.date(2026, 1, 31), day)
            sheet.write_formula(1, 3, '=HYPERLINK("http://x")', None, "Odkaz")
            sheet.write_string(1, 4, "00006947")
        rows = tables.read_records(path).rows
        assert rows[1] == ["562777", "50.95", "2026-01-31", "Odkaz", "00006947"]

    def test_a_merged_title_above_the_heading(self, tmp_path):
        rows = [["code", "name"], ["562777", "Rumburk"]]
        path = as_xlsx(tmp_path / "t.xlsx", rows, title="Seznam obcí mikroregionu")
        table = tables.read_csv(path, columns=("code", "name"))
        assert table["name"].to_dict() == {4: "Rumburk"}

    def test_sheets_are_chosen_by_name_and_the_others_are_said(self, tmp_path):
        path = tmp_path / "s.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            book.add_worksheet("Prázdný")
            for name in ("Služby", "Obce"):
                book.add_worksheet(name).write(0, 0, name)
            hidden = book.add_worksheet("Skrytý")
            hidden.write(0, 0, "x")
            hidden.hide()
        read = tables.read_records(path)
        assert read.rows == [["Služby"]]
        assert read.findings[0].fields == {"sheet": "Služby", "others": "Obce"}
        assert tables.read_records(path, sheet="Obce").rows == [["Obce"]]
        with pytest.raises(errors.BadOption, match="Služby, Obce"):
            tables.read_records(path, sheet="Neznámý")

    def test_open_document(self, tmp_path):
        row = ods_row(ods_cell("code") + ods_cell("název"))
        tail = ods_row('<table:table-cell table:number-columns-repeated="16384"/>', 1_048_574)
        path = as_ods(tmp_path / "o.ods", row + row + tail)
        assert tables.read_records(path).rows == [["code", "název"]] * 2

    def test_protected_and_damaged(self, tmp_path, two_cells):
        content = two_cells.read_bytes()
        for size in (10, 100, len(content) // 2, len(content) - 1):
            (tmp_path / "cut.xlsx").write_bytes(content[:size])
            with pytest.raises(errors.FileNotUsable):
                tables.read_records(tmp_path / "cut.xlsx")
        with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
            archive.writestr("readme.txt", "nothing")
        with pytest.raises(errors.TableNotUsable, match="damaged"):
            tables.read_records(tmp_path / "other.xlsx")

    def test_a_doctype_is_refused(self, tmp_path, two_cells):
        bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 50 + b'">]>'

        def change(name, content):
            return content.replace(b"<sst", bomb + b"<sst") if "sharedStrings" in name else content

        path = rewritten(two_cells, tmp_path / "d.xlsx", change)
        with pytest.raises(errors.TableNotUsable):
            tables.read_records(path)


BOMBS = {
    "far cell": lambda _, x: x.replace(b'r="B2"', b'r="XFD1048576"'),
    "impossible cell": lambda _, x: x.replace(b'r="B2"', b'r="ZZZZZZZ99999999999"'),
    "claimed texts": lambda _, x: x.replace(b'uniqueCount="4"', b'uniqueCount="9999999999"'),
    "claimed count": lambda _, x: x.replace(b' count="4"', b' count="4000000000"'),
    "sheet elsewhere": lambda n, x: (
        x.replace(b"worksheets/sheet1.xml", b"media/image1.png")
        if n.endswith("workbook.xml.rels")
        else x
    ),
    "rows without numbers": lambda _, x: x.replace(
        b"</sheetData>", b"<row/>" * 600_000 + b'<row><c t="n"><v>1</v></c></row></sheetData>'
    ),
}
NUMBER = ' office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
ODS_BOMBS = {
    "rows": ods_row(X) + ods_row("<table:table-cell/>", 1_000_000_000) + ods_row(X),
    "columns": ods_row(f'<table:table-cell table:number-columns-repeated="1000000000"/>{X}'),
    "area": ods_row(f'<table:table-cell table:number-columns-repeated="16000"{NUMBER}', 1_000_000),
    "spaces": ods_row(ods_cell('<text:s text:c="2000000000"/>')),
}

READ = """
import resource, sys
from pathlib import Path
from kpss_geo.errors import KpssGeoError
from kpss_geo.sources import tables
limit = 3 << 30
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    tables.read_records(Path(sys.argv[1]))
except KpssGeoError as error:
    print(type(error).__name__)
status = Path("/proc/self/status")
if status.exists():  # the usual measure keeps the peak of whoever started this process
    print(next(line.split()[1] for line in status.open() if line.startswith("VmHWM:")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def read_elsewhere(path: Path) -> tuple[str, int]:
    """Read in another process with little memory: name of the error, peak kilobytes."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    *name, peak = done.stdout.split()
    return (name[0] if name else ""), int(peak)


class TestBombs:
    """Small files that claim or hold more than a machine can carry. None ends the process."""

    @pytest.mark.parametrize("name", BOMBS)
    def test_workbooks(self, tmp_path, name):
        source = as_xlsx(tmp_path / "two.xlsx", [["a", "b"], ["c", "d"]])
        path = rewritten(source, tmp_path / "bomb.xlsx", BOMBS[name])
        assert path.stat().st_size < 20_000
        found, peak_kb = read_elsewhere(path)
        assert found == "TableNotUsable"
        assert peak_kb < 600_000

    @pytest.mark.parametrize("name", ODS_BOMBS)
    def test_open_documents(self, tmp_path, name):
        found, peak_kb = read_elsewhere(as_ods(tmp_path / "bomb.ods", ODS_BOMBS[name]))
        assert found == "TableNotUsable"
        assert peak_kb < 600_000

    def test_a_part_that_unpacks_to_gigabytes(self, tmp_path):
        path = tmp_path / "zip.xlsx"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
            archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
        ):
            part.write(b"<sst>")
            for _ in range(600):
                part.write(b" " * 1_000_000)
        assert path.stat().st_size < 1_000_000
        found, peak_kb = read_elsewhere(path)
        assert found == "FileNotUsable"
        assert peak_kb < 600_000


class TestArchives:
    def write(self, path: Path, names, content: bytes = b"x") -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, content)
        return path

    @pytest.mark.parametrize(
        "name", ["../x.shp", "a/../../x", "/etc/x", "C:/x", "..\\x", "a\\..\\..\\x"]
    )
    def test_names_that_lead_out(self, tmp_path, name):
        path = self.write(tmp_path / "t.zip", ["ok.txt", name])
        with pytest.raises(errors.FileNotUsable, match="leads out"):
            archives.check_zip(path, most_bytes=1000)

    def test_honest_archive_gives_its_names(self, tmp_path):
        path = self.write(tmp_path / "t.zip", ["a.shp", "slozka/b..c.dbf"])
        assert archives.check_zip(path, most_bytes=2) == ["a.shp", "slozka/b..c.dbf"]

    def test_more_inside_than_allowed(self, tmp_path):
        path = self.write(tmp_path / "t.zip", ["a", "b"], b"x" * 600)
        assert archives.check_zip(path, most_bytes=1200)
        with pytest.raises(errors.FileNotUsable, match="unpacks to more"):
            archives.check_zip(path, most_bytes=1199)

    def test_a_lie_about_the_size_does_not_help(self, tmp_path):
        path = self.write(tmp_path / "t.zip", ["a"], b"x" * 1_000_000)
        content = path.read_bytes().replace(
            (1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
        )
        path.write_bytes(content)
        with pytest.raises(errors.FileNotUsable):
            archives.check_zip(path, most_bytes=1000)

    def test_too_many_members(self, tmp_path):
        path = self.write(tmp_path / "t.zip", [f"{i:030d}" for i in range(30_000)])
        started = time.perf_counter()
        with pytest.raises(errors.FileNotUsable, match="too many"):
            archives.check_zip(path, most_bytes=10**9)
        assert time.perf_counter() - started < 1

    @given(content=st.binary(max_size=300), where=st.integers(0, 2000), size=st.integers(0, 40))
    @settings(
        max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_spoiled_archives_are_refused_or_read(self, tmp_path, content, where, size):
        path = self.write(tmp_path / "t.zip", ["a.txt", "b.txt"], b"hello " * 40)
        whole = path.read_bytes()
        path.write_bytes(whole[:where] + content + whole[where + size :])
        try:
            archives.check_zip(path, most_bytes=10_000)
        except errors.KpssGeoError as error:
            refused = str(error)
        else:
            refused = "t.zip"
        assert "t.zip" in refused


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)


class TestFuzz:
    """Bytes of any kind: rows, or a word about the file; never anything else, never for long."""

    def read(self, path: Path) -> None:
        try:
            rows = tables.read_records(path).rows
        except errors.KpssGeoError as error:
            rows, said = [], str(error)
        else:
            said = path.name
        assert path.name in said
        assert all(isinstance(cell, str) for row in rows for cell in row)

    @given(st.binary(max_size=2000))
    @settings(
        max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_bytes(self, tmp_path, content):
        path = tmp_path / "x.csv"
        path.write_bytes(content)
        self.read(path)

    @given(
        st.text(alphabet='a1;,\t|"\n\r č€\u00a0', max_size=300),
        st.sampled_from(["utf-8", "utf-16", "cp1250"]),
    )
    @settings(
        max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_text(self, tmp_path, text, encoding):
        path = tmp_path / "x.csv"
        path.write_bytes(text.encode(encoding))
        self.read(path)

    @given(
        rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=8),
        separator=st.sampled_from(";\t|,"),
    )  # fmt: skip
    @settings(
        max_examples=300, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_written_cells_come_back(self, tmp_path, rows, separator):
        """What a spreadsheet writes with quotation marks around every cell is read back."""
        out = io.StringIO()
        heading = ["Obec", "Název", "Adresa"]
        csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([heading, *rows])
        path = tmp_path / "x.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        read = tables.read_records(path).rows
        wanted = [heading, *rows]
        while not any(cell.strip() for cell in wanted[-1]):
            wanted.pop()
        for got, row in zip(read, wanted, strict=True):
            kept = row[: max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)]
            assert got == kept

    @given(seed=st.integers(0, 10_000), spoiled=st.integers(1, 30))
    @settings(
        max_examples=120, deadline=4000, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_spoiled_workbooks(self, tmp_path, seed, spoiled):
        source = tmp_path / "w.xlsx"
        if not source.exists():
            as_xlsx(source, [["code", "name"], *([str(i), f"Obec {i}"] for i in range(50))])
        content = bytearray(source.read_bytes())
        dice = random.Random(seed)
        for _ in range(spoiled):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path = tmp_path / "x.xlsx"
        path.write_bytes(content)
        self.read(path)

    @given(seed=st.integers(0, 10_000), spoiled=st.integers(1, 6))
    @settings(
        max_examples=120, deadline=4000, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_spoiled_parts_in_a_sound_archive(self, tmp_path, seed, spoiled):
        source = tmp_path / "w.xlsx"
        if not source.exists():
            as_xlsx(source, [["code", "name"], *([i, f"Obec {i}"] for i in range(5))])
        dice = random.Random(seed)
        pieces = [
            b"<",
            b'"',
            b"9" * 12,
            b"-1",
            b"</c>",
            b"<row>",
            b"XFD1048576",
            b"",
            b"&#x110000;",
            b"s",
        ]

        def change(name, content):
            if not name.endswith((".xml", ".rels")):
                return content
            for _ in range(spoiled):
                at = dice.randrange(len(content))
                content = content[:at] + dice.choice(pieces) + content[at + dice.randrange(6) :]
            return content

        self.read(rewritten(source, tmp_path / "x.xlsx", change))


def test_a_large_but_allowed_table_is_read_within_bounds(tmp_path):
    lines = ["a;b;c;d;e"] + [f"{i};Obec {i};{i},5;x;y" for i in range(200_000)]
    (tmp_path / "l.csv").write_text("\n".join(lines), encoding="cp1250")
    started = time.perf_counter()
    table = tables.read_csv(tmp_path / "l.csv", columns=("a",))
    assert len(table) == 200_000
    assert time.perf_counter() - started < 15


def test_numbers_of_czech_spreadsheets():
    text = pd.DataFrame(
        {"n": ["1 234,5", "1\u00a0234\u00a0567", "12 34", "-3,2", "", "1.5", "2,,5", "1\u202f000"]}
    )
    numbers, findings = tables.to_numbers(text, ("n",), file="x")
    expected = [1234.5, 1_234_567, None, -3.2, None, 1.5, None, 1000]
    assert [None if pd.isna(n) else n for n in numbers["n"]] == expected
    assert [(f.row, f.fields["value"]) for f in findings] == [(2, "12 34"), (6, "2,,5")]


def test_limits_are_those_that_are_written():
    assert (limits.MAX_ROWS, limits.MAX_COLUMNS, limits.MAX_CELLS) == (500_000, 2_000, 5_000_000)
    assert limits.MAX_TABLE_BYTES == 100_000_000
    assert spreadsheets.MAX_CLAIM == limits.MAX_CELLS
