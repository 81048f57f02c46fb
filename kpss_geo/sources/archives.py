"""Archives (ZIP, and office files that are ZIP inside), judged before anybody opens them.

A small archive may claim, or hold, far more than a machine can carry. Members are counted
by what they truly unpack to, never by what the archive says of itself.
"""

import copy
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from kpss_geo.errors import N_, FileNotUsable
from kpss_geo.sources.files import check_readable

MAX_MEMBERS: Final = 5_000
MAX_DIRECTORY_BYTES: Final = 2_000_000
"""Bytes of the archive's own list of members."""
CHUNK_BYTES: Final = 1 << 18
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_BYTES = 22
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)


def is_zip(path: Path) -> bool:
    """Whether the file begins as a ZIP archive does, whatever its name."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def check_zip(path: Path, *, most_bytes: int) -> list[str]:
    """Names of the members of an archive that unpacks whole within `most_bytes`.

    Raises
    ------
    FileNotUsable
        No archive, a damaged or protected one, too many members, a member whose name leads
        out of the archive, or more inside than allowed.
    """
    with open_zip(path) as archive:
        left = most_bytes
        for member in archive.infolist():
            for chunk in unpacked(archive, member, most_bytes=left):
                left -= len(chunk)
        return archive.namelist()


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose list of members is sound; faults met inside are `FileNotUsable`."""
    check_readable(path)
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                _check_member(member, file=path.name)
            yield archive
    except FileNotUsable:
        raise
    except _FAULTS as error:
        raise FileNotUsable(file=path.name, why=N_("the archive is damaged")) from error


def unpacked(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, most_bytes: int
) -> Iterator[bytes]:
    """Give the bytes of a member piece by piece; stops with `FileNotUsable` beyond `most_bytes`."""
    honest = copy.copy(member)
    honest.file_size = most_bytes + CHUNK_BYTES + 1  # read on past the size the archive claims
    given = 0
    with archive.open(honest) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            given += len(chunk)
            if given > most_bytes:
                file = Path(archive.filename or "").name
                raise FileNotUsable(file=file, why=N_("it unpacks to more than is allowed"))
            yield chunk


def _check_directory(path: Path) -> None:
    """Refuse an archive whose own list is missing or so long that reading it takes minutes."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _END_BYTES - 0xFFFF))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise zipfile.BadZipFile
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    is_64 = tail[max(0, at - 20) : at].startswith(_END_64)
    if directory_bytes > MAX_DIRECTORY_BYTES or is_64:
        raise FileNotUsable(file=path.name, why=N_("it holds too many files"))


def _check_member(member: zipfile.ZipInfo, *, file: str) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
        raise FileNotUsable(file=file, why=N_("a file in it leads out of the archive"))
    if member.flag_bits & 0x1:
        raise FileNotUsable(file=file, why=N_("it is protected by a password"))
    if member.compress_type not in METHODS:
        raise FileNotUsable(file=file, why=N_("it is packed in a way that is not read here"))
