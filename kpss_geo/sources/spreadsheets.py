"""Spreadsheets (XLSX, ODS), read only after their size has been counted.

A workbook of 5 kB may claim a cell at XFD1048576 or ten thousand million shared texts; the
library that reads it sets memory aside for what it claims and takes the process down. So
the parts are first walked through with a parser that holds nothing.
"""

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.parsers import expat

import python_calamine as calamine

from kpss_geo.errors import N_, BadOption, Finding, RowNotUsable, TableNotUsable
from kpss_geo.sources.archives import open_zip, unpacked
from kpss_geo.sources.limits import (
    MAX_CELL,
    MAX_TABLE_BYTES,
    MAX_UNPACKED_BYTES,
    TOO_LARGE,
    TOO_LONG,
    Records,
    check_size,
    counted,
)

MAX_CLAIM: Final = 5_000_000
"""The largest number a part may claim as its count of anything."""
ENCODINGS: Final = ("utf-8", "utf-16", "us-ascii")
XML_PARTS: Final = (".xml", ".rels")
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CLAIMS = frozenset(
    {"count", "uniqueCount", "c", "number-columns-repeated", "number-rows-repeated"}
)
TOO_MUCH: Final = N_("it claims to be larger than any table")
DAMAGED: Final = N_("the workbook is damaged; open it in a spreadsheet and save it again as XLSX")


class Workbook(NamedTuple):
    """Records of the chosen sheet, its name, and the other sheets that hold something."""

    records: Records
    sheet: str
    others: tuple[str, ...]


def read_workbook(path: Path, *, sheet: str | None = None) -> Workbook:
    """Read a sheet as text; without a name the first one that holds anything.

    Whole numbers lose the decimals a spreadsheet gives them, dates become YYYY-MM-DD, a
    formula gives the value it was saved with.

    Raises
    ------
    FileNotUsable, TableNotUsable
        No workbook, a damaged one, or one beyond the bounds.
    BadOption
        It has no sheet of that name.
    """
    with _opened(path) as book:
        names = _sheets_of(book)
        if sheet is not None and sheet not in names:
            raise BadOption(given=sheet, option=path.name, possible=", ".join(names)[:300])
        name = sheet or next(iter(names), None)
        if name is None:
            raise TableNotUsable(file=path.name, why=N_("it is empty"))
        rows = _rows_of(book, name, path)
    others = tuple(other for other in names if other != name)
    findings = _other_sheets(path.name, name, others) if sheet is None else []
    return Workbook(Records(rows, findings), name, others)


def read_sheets(path: Path) -> dict[str, list[list[str]]]:
    """Read every visible sheet that holds anything, as text, by name.

    Raises
    ------
    FileNotUsable, TableNotUsable
        No workbook, a damaged one, or one beyond the bounds.
    """
    with _opened(path) as book:
        return {name: _rows_of(book, name, path) for name in _sheets_of(book)}


@contextmanager
def _opened(path: Path) -> Iterator[calamine.CalamineWorkbook]:
    """Open a workbook after its parts have been counted; what the reader says is translated."""
    if path.stat().st_size > MAX_TABLE_BYTES:
        raise TableNotUsable(file=path.name, why=TOO_LARGE)
    _check_parts(path)
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except calamine.PasswordError as error:
        raise TableNotUsable(file=path.name, why=N_("it is protected by a password")) from error
    except calamine.CalamineError as error:
        raise TableNotUsable(file=path.name, why=DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a fault inside the reader ends
            raise
        raise TableNotUsable(file=path.name, why=DAMAGED) from error


def _sheets_of(book: calamine.CalamineWorkbook) -> list[str]:
    sheets = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == calamine.SheetVisibleEnum.Visible
    ]
    return [name for name in sheets if book.get_sheet_by_name(name).start]


def _rows_of(book: calamine.CalamineWorkbook, name: str, path: Path) -> list[list[str]]:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return counted(_texts(rows, file=path.name), file=path.name)


def _other_sheets(file: str, name: str, others: tuple[str, ...]) -> list[Finding]:
    if not others:
        return []
    template = N_("The sheet {sheet} was read; the file has others too: {others}.")
    fields = {"sheet": name, "others": ", ".join(others)[:200]}
    return [Finding("note", file, template, fields=fields)]


def _texts(rows: list[list[Any]], *, file: str) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=1):
        cells = [_text(value) for value in row]
        if any(len(cell) > MAX_CELL for cell in cells):
            raise RowNotUsable(file=file, row=number, why=TOO_LONG)
        yield cells


def _text(value: Any) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _check_parts(path: Path) -> None:
    """Walk through every part; refuse what claims or holds more than the bounds allow."""
    left = MAX_UNPACKED_BYTES
    with open_zip(path) as archive:
        for member in archive.infolist():
            feed = _scanner(path.name) if member.filename.lower().endswith(XML_PARTS) else None
            for chunk in unpacked(archive, member, most_bytes=left):
                left -= len(chunk)
                if feed:
                    feed(chunk, False)
            if feed:
                feed(b"", True)


def _scanner(file: str) -> Callable[[bytes, bool], None]:
    parser = expat.ParserCreate()
    extent = _Extent(file)
    parser.StartElementHandler = extent.start
    parser.StartDoctypeDeclHandler = extent.refuse
    parser.XmlDeclHandler = extent.declared

    def feed(chunk: bytes, last: bool) -> None:  # noqa: FBT001
        try:
            parser.Parse(chunk, last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise TableNotUsable(file=file, why=DAMAGED) from error

    return feed


class _Extent:
    """The used area of one part of a workbook, as its cells come by."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.row = self.column = self.rows = self.columns = 0
        self.cells_before = 0

    def refuse(self, *_given: object) -> None:
        raise TableNotUsable(file=self.file, why=DAMAGED)

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Refuse encodings that another parser of the same part may read otherwise."""
        if encoding is not None and encoding.lower() not in ENCODINGS:
            self.refuse()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Follow rows and cells of both kinds of workbooks."""
        prefix, _, local = name.rpartition(":")
        given = attributes
        if prefix:
            given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if not given.keys().isdisjoint(_CLAIMS):
            self._check_claims(given)
        if local in ("row", "c", "v", "is", "f"):
            self._xlsx(local, given)
        elif local in ("table", "table-row", "table-cell", "covered-table-cell", "p"):
            self._ods(local, given)
        elif local == "Relationship":
            self._check_target(given)

    def _check_claims(self, given: dict[str, str]) -> None:
        for key in _CLAIMS:
            value = given.get(key, "0").strip()
            if value.isdecimal() and (len(value) > 9 or int(value) > MAX_CLAIM):
                raise TableNotUsable(file=self.file, why=TOO_MUCH)

    def _check_target(self, given: dict[str, str]) -> None:
        kind, target = given.get("Type", ""), given.get("Target", "")
        inside = given.get("TargetMode") != "External"
        if kind.endswith(("/worksheet", "/sharedStrings")) and inside:
            path = posixpath.normpath(posixpath.join("/xl", target))
            if not path.lower().endswith(".xml"):
                self.refuse()

    def _xlsx(self, local: str, given: dict[str, str]) -> None:
        if local == "row":
            self.row = int(given["r"]) if given.get("r", "").isdecimal() else self.row + 1
            self.column = 0
        elif local == "c":
            self.column += 1
            if "r" in given:
                self._jump(given["r"])
        else:
            self._filled(self.row, self.column)

    def _jump(self, reference: str) -> None:
        match = _REF.fullmatch(reference)
        if match is None:
            self.refuse()
            return
        self.column = 0
        for letter in match[1]:
            self.column = self.column * 26 + ord(letter) - 64
        self.row = int(match[2])

    def _ods(self, local: str, given: dict[str, str]) -> None:
        if local == "table":
            self.cells_before += self.rows * self.columns
            self.row = self.column = self.rows = self.columns = 0
        elif local == "table-row":
            self.row += _repeats(given, "number-rows-repeated")
            self.column = 0
        elif local == "p":
            self._filled(self.row, self.column)
        else:
            self.column += _repeats(given, "number-columns-repeated")
            if "value-type" in given or "formula" in given:
                self._filled(self.row, self.column)

    def _filled(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        cells = self.cells_before + self.rows * self.columns
        check_size(self.rows, self.columns, cells, file=self.file)


def _repeats(given: dict[str, str], key: str) -> int:
    value = given.get(key, "1")
    return int(value) if value.isdecimal() else 1
