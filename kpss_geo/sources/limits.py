"""How large a table may be, and the records that every reader of tables gives."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from kpss_geo.errors import N_, Finding, TableNotUsable

MAX_TABLE_BYTES: Final = 100_000_000
MAX_UNPACKED_BYTES: Final = 400_000_000
MAX_ROWS: Final = 500_000
MAX_COLUMNS: Final = 2_000
MAX_CELLS: Final = 5_000_000
MAX_LINE: Final = 1_000_000
"""Characters of one line of text."""
MAX_CELL: Final = 32_767
"""Characters of one cell, as in a spreadsheet."""
TOO_LONG: Final = N_("a cell or a line in it is too long for a table")
TOO_MANY: Final = N_("it has more than 500 000 rows, 2 000 columns or 5 000 000 cells")
TOO_LARGE: Final = N_("a table larger than 100 MB is not read")


class Records(NamedTuple):
    """Rows of a table as they stand in the file, and what was noticed on the way.

    `rows[0]` is row 1 of the spreadsheet; empty rows are kept so that the numbers agree.
    """

    rows: list[list[str]]
    findings: list[Finding]


def counted(records: Iterable[list[str]], *, file: str) -> list[list[str]]:
    """Collect records; cells that are empty to the end of a row are cut off.

    Raises
    ------
    TableNotUsable
        There are more rows, columns or cells than the bounds allow; reading stops there.
    """
    rows: list[list[str]] = []
    cells = 0
    for row in _trimmed(records):
        cells += len(row)
        check_size(len(rows) + 1, len(row), cells, file=file)
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def check_size(rows: int, columns: int, cells: int, *, file: str) -> None:
    """Raise `TableNotUsable` for a table beyond the bounds."""
    if rows > MAX_ROWS or columns > MAX_COLUMNS or cells > MAX_CELLS:
        raise TableNotUsable(file=file, why=TOO_MANY)


def _trimmed(records: Iterable[list[str]]) -> Iterator[list[str]]:
    for row in records:
        end = len(row)
        while end and not row[end - 1].strip():
            end -= 1
        yield row[:end]
