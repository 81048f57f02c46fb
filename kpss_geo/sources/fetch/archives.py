"""ZIP archives of official data: judged before anything is unpacked, read in memory only."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from kpss_geo.errors import N_, AnswerNotUsable, DownloadTooLarge, KpssGeoError, Phrase

MAX_RATIO: Final = 200
"""Text packs up to about 60 times; a bomb thousands of times."""
SMALL: Final = 1_000_000
"""Bytes up to which the ratio is not judged: short tables of one repeated word pack well."""
MB: Final = 1_000_000
DAMAGE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    RuntimeError,
    UnicodeDecodeError,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
)
"""What zipfile raises for archives that are damaged or packed in a way it does not know."""


@contextmanager
def open_archive(
    path: Path, *, source: str, max_bytes: int, max_members: int = 10_000
) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file whose members are few, small enough and called by harmless names.

    No member is ever written under its own name. The bound on declared sizes is a bound on
    real ones: reading stops at the declared size and then the check sum does not match.

    Raises
    ------
    AnswerNotUsable
        It is damaged, encrypted, packed too well, or names a place outside.
    DownloadTooLarge
        Its members are more than `max_bytes` together.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            fault = _fault(members, max_members)
            if fault is not None:
                raise AnswerNotUsable(source=source, why=fault)
            unpacked = sum(member.file_size for member in members)
            if unpacked > max_bytes:
                raise DownloadTooLarge(
                    source=source, megabytes=unpacked // MB, limit=max_bytes // MB
                )
            yield archive
    except KpssGeoError:
        raise
    except DAMAGE as error:
        raise AnswerNotUsable(source=source, why=N_("the archive is damaged")) from error


def _fault(members: list[zipfile.ZipInfo], max_members: int) -> Phrase | None:
    if len(members) > max_members:
        return N_("the archive has too many files")
    if any(member.flag_bits & 1 for member in members):
        return N_("the archive is encrypted")
    if any(_leads_outside(member.filename) for member in members):
        return N_("the archive names a place outside of itself")
    if any(_is_bomb(member) for member in members):
        return N_("the archive is packed far too well to be honest")
    return None


def _leads_outside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or ":" in name or "\x00" in name


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(SMALL, MAX_RATIO * member.compress_size)


def only_member(archive: zipfile.ZipFile, suffix: str, *, source: str) -> zipfile.ZipInfo:
    """Give the one member whose name ends so (in any case), the largest of several.

    Raises
    ------
    AnswerNotUsable
        There is none.
    """
    fitting = [m for m in archive.infolist() if m.filename.lower().endswith(suffix.lower())]
    if not fitting:
        raise AnswerNotUsable(source=source, why=N_("the archive does not hold the table"))
    return max(fitting, key=lambda member: member.file_size)
