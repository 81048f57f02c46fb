"""Delimited text (CSV and its kin) of any usual make: encoding, separator, records."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO, Final

from kpss_geo.errors import N_, Finding, RowNotUsable, TableNotUsable
from kpss_geo.sources.files import check_readable
from kpss_geo.sources.limits import (
    MAX_CELL,
    MAX_LINE,
    MAX_TABLE_BYTES,
    TOO_LARGE,
    TOO_LONG,
    Records,
    counted,
)

SEPARATORS: Final = (";", "\t", "|", ",")
SAMPLE_LINES: Final = 60
CZECH_ENCODINGS: Final = ("cp1250", "iso-8859-2", "cp852")
BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CZECH = frozenset("áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ„“‚‘’–—…§°€×•·\u00a0äöüßÄÖÜ")
_LEAST_CZECH = 0.6
"""Share of the letters beyond English that must be Czech for an encoding to be believed."""


def read_delimited(path: Path) -> Records:
    """Read delimited text: every line as a spreadsheet numbers it, cells as they stand.

    The encoding is that of the byte-order mark, else UTF-8, else the Czech one whose letters
    come out as Czech; a guess is named. The separator is the one that cuts the lines most
    evenly.

    Raises
    ------
    TableNotUsable
        No text, an unknown encoding, an open quotation mark, or more than the bounds allow.
    """
    check_readable(path)
    if path.stat().st_size > MAX_TABLE_BYTES:
        raise TableNotUsable(file=path.name, why=TOO_LARGE)
    encoding, findings = find_encoding(path.read_bytes(), file=path.name)
    with path.open(encoding=encoding, newline="") as text:
        separator = _separator(_lines(text, path.name))
    with path.open(encoding=encoding, newline="") as text:
        records = _records(_lines(text, path.name), separator, file=path.name)
        return Records(counted(records, file=path.name), findings)


def find_encoding(content: bytes, *, file: str) -> tuple[str, list[Finding]]:
    """Name of the encoding of a text, and a note where it had to be guessed.

    Raises
    ------
    TableNotUsable
        The bytes are no text in any encoding used for Czech.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _proved(content, name, file=file), []
    if b"\0" in content:
        why = N_("it holds NUL characters, so it is no text; save it as “CSV UTF-8”")
        raise TableNotUsable(file=file, why=why)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        encoding = _czech_encoding(content, file=file)
    else:
        return "utf-8", []
    template = N_("The file is not in UTF-8; it was read as {encoding}. Check letters like š, ž.")
    return encoding, [Finding("note", file, template, fields={"encoding": encoding})]


def _proved(content: bytes, encoding: str, *, file: str) -> str:
    try:
        if "\0" not in content.decode(encoding):
            return encoding
    except UnicodeDecodeError:
        pass
    why = N_("it is not text in the encoding it claims; save it as “CSV UTF-8”")
    raise TableNotUsable(file=file, why=why)


def _czech_encoding(content: bytes, *, file: str) -> str:
    strange = bytes(byte for byte in content[:2_000_000] if byte > 127)
    shares: dict[str, float] = {}
    for encoding in CZECH_ENCODINGS:
        try:
            content.decode(encoding)
            letters = strange.decode(encoding)
        except UnicodeDecodeError:
            continue
        shares[encoding] = sum(letter in _CZECH for letter in letters) / max(len(letters), 1)
    best = max(shares, key=shares.__getitem__, default="")
    if not best or shares[best] < _LEAST_CZECH:
        why = N_("its encoding is not known; save it as “CSV UTF-8”")
        raise TableNotUsable(file=file, why=why)
    return best


def _lines(text: IO[str], file: str) -> Iterator[str]:
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise TableNotUsable(file=file, why=TOO_LONG)
        yield line


def _separator(lines: Iterator[str]) -> str:
    """Give the separator that cuts most lines, and the heading first of all, evenly."""
    sample = [line for line, _ in zip(lines, range(SAMPLE_LINES), strict=False) if line.strip()]
    scores = {separator: _evenness(sample, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=scores.__getitem__)


def _evenness(sample: list[str], separator: str) -> tuple[bool, int, float, int]:
    """Whether half of the lines have one width, how early it begins, how many lines have it.

    A decimal comma cuts rows evenly too, but not the heading above them.
    """
    try:
        widths = [len(cells) for cells in csv.reader(sample, delimiter=separator)]
    except csv.Error:
        widths = []
    usual, lines = max(Counter(w for w in widths if w > 1).items(), key=_second, default=(1, 0))
    if not lines:
        return (False, 0, 0.0, 0)
    return (lines >= len(widths) / 2, -widths.index(usual), lines / len(widths), usual)


def _second(pair: tuple[int, int]) -> int:
    return pair[1]


def _records(lines: Iterator[str], separator: str, *, file: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    for row in count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RowNotUsable(file=file, row=row, why=_fault(error)) from error
        if any(len(cell) > MAX_CELL for cell in cells):
            raise RowNotUsable(file=file, row=row, why=TOO_LONG)
        yield cells


def _fault(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return N_("a quotation mark in it is never closed")
    if "field larger" in text:
        return TOO_LONG
    return N_("a quotation mark in it stands where a cell goes on; double it or remove it")
