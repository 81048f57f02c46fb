"""Cells of a table of served obce, found in a matrix or a long list, with where they stand."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from kpss_geo.errors import N_, FileNotUsable, Finding, Phrase
from kpss_geo.plan.answers import is_empty, tidy
from kpss_geo.schema import CODE, NAME, SERVICE_ID
from kpss_geo.sources import spreadsheets
from kpss_geo.sources.archives import is_zip
from kpss_geo.sources.files import check_readable
from kpss_geo.sources.tables import read_records
from kpss_geo.text import DANGEROUS, harmless

SERVES: Final = "serves"
NOTE: Final = "note"
HEADING_WITHIN: Final = 30
MAX_BYTES: Final = 20_000_000
NO_HEADING: Final = N_(
    "The sheet was left out: its column A has neither “service_id” nor “code”, by which the table "
    "is read. Take them over from the template."
)

Rows = Sequence[Sequence[str]]


class Said(NamedTuple):
    """What one cell says of a service in an obec; `row` and `column` as a spreadsheet has them."""

    service_id: str
    code: str
    name: str
    said: str
    note: str
    file: str
    sheet: str
    row: int
    column: str
    in_matrix: bool

    def fault(
        self, template: Phrase, *, of: Literal["cell", "row", "column"] = "cell", **fields: object
    ) -> Finding:
        """Say what is wrong with this cell, or with the whole row or column it stands in."""
        whole_column = of == "column" and self.in_matrix
        return Finding(
            "error",
            self.file,
            template,
            row=None if whole_column else self.row,
            column=None if of == "row" else self.column,
            fields=fields,
        )

    @property
    def where(self) -> str:
        """Name of the cell, with its sheet."""
        return f"{self.sheet} {self.column}{'' if self.in_matrix else ' '}{self.row}".strip()


def read_cells(path: Path) -> tuple[list[Said] | None, list[Finding]]:
    """Give every cell that says something; None when no sheet holds such a table.

    Raises
    ------
    FileNotUsable
        The file cannot be read at all, or is too large.
    """
    sheets, findings = read_sheets(path)
    found: list[Said] = []
    tables = 0
    for name, rows in sheets.items():
        file = f"{path.name} [{name}]" if len(sheets) > 1 else path.name
        cells = _cells(rows, file=file, sheet=name)
        if cells is not None:
            tables += 1
            found += cells
        elif not _is_prose(rows):
            findings.append(Finding("warning", file, NO_HEADING))
    return (found if tables else None), findings


def read_sheets(path: Path) -> tuple[dict[str, Rows], list[Finding]]:
    """Read the sheets of a workbook, or a delimited text as one sheet without a name.

    Raises
    ------
    FileNotUsable
        The file cannot be read, or is larger than 20 MB.
    """
    check_readable(path)
    if path.stat().st_size > MAX_BYTES:
        raise FileNotUsable(file=path.name, why=N_("it is larger than 20 MB"))
    if is_zip(path):
        return dict(spreadsheets.read_sheets(path)), []
    records = read_records(path)
    return {"": records.rows}, list(records.findings)


def _is_prose(rows: Rows) -> bool:
    """Whether a sheet is text in one column, such as the one that says how to fill in."""
    return all(is_empty(cell) for row in rows for cell in row[1:])


def _cells(rows: Rows, *, file: str, sheet: str) -> list[Said] | None:
    for at, row in enumerate(rows[:HEADING_WITHIN]):
        heading = [tidy(cell) for cell in row]
        if {CODE, SERVICE_ID, SERVES} <= set(heading):
            return list(_of_list(rows, at, heading, file, sheet))
        if heading and heading[0] == SERVICE_ID:
            start = _obce_from(rows, at)
            return None if start is None else list(_of_matrix(rows, at, start, file, sheet))
    return None


def _obce_from(rows: Rows, at: int) -> int | None:
    """Index of the first row of an obec: below the one headed `code`."""
    below = range(at + 1, min(len(rows), at + HEADING_WITHIN))
    return next((i + 1 for i in below if rows[i] and tidy(rows[i][0]) == CODE), None)


def _of_matrix(rows: Rows, at: int, start: int, file: str, sheet: str) -> Iterator[Said]:
    ids = [plain(cell) for cell in rows[at]]
    for number, row in enumerate(rows[start:], start=start + 1):
        code, name = (plain(cell) for cell in (*row[:2], "", "")[:2])
        for column, said in enumerate(row[2:], start=2):
            if not is_empty(said):
                service_id = ids[column] if column < len(ids) else ""
                yield Said(
                    service_id, "".join(code.split()), name, said, "", file, sheet, number,
                    letters(column), in_matrix=True,
                )  # fmt: skip


def _of_list(rows: Rows, at: int, heading: list[str], file: str, sheet: str) -> Iterator[Said]:
    places = {name: heading.index(name) for name in (CODE, NAME, SERVICE_ID, SERVES, NOTE)
              if name in heading}  # fmt: skip
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        line = {name: row[i] if i < len(row) else "" for name, i in places.items()}
        if not is_empty(line[SERVES]):
            yield Said(
                plain(line[SERVICE_ID]), "".join(plain(line[CODE]).split()),
                plain(line.get(NAME, "")), line[SERVES], plain(line.get(NOTE, "")), file, sheet,
                number, SERVES, in_matrix=False,
            )  # fmt: skip


def plain(cell: str) -> str:
    """Text of a cell without outer spaces and without the mark that keeps it from running.

    >>> plain("'=1+1"), plain(" Rumburk "), plain(guarded("'=1"))
    ('=1+1', 'Rumburk', "'=1")
    """
    cleaned = cell.strip()
    marked = cleaned.startswith("'") and cleaned.lstrip("'").startswith(DANGEROUS)
    return cleaned[1:] if marked else cleaned


def guarded(cell: str) -> str:
    """Text for a cell that no spreadsheet runs, and that `plain` gives back as it was."""
    marked = cell.startswith("'") and cell.lstrip("'").startswith(DANGEROUS)
    return f"'{cell}" if marked else str(harmless(cell))


def letters(column: int) -> str:
    """Name of a column of a spreadsheet, the first being 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
