"""ZIP archives that would harm: refused before anything is unpacked, within bounds."""

import contextlib
import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from official.forms import zipped

from kpss_geo.errors import AnswerNotUsable, DownloadTooLarge
from kpss_geo.sources.fetch.archives import only_member, open_archive


def _open(tmp_path, content, **bounds):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    bounds.setdefault("max_bytes", 10_000_000)
    with open_archive(path, source="A source", **bounds) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_honest_archive(tmp_path):
    members = {"a.csv": b"1;2\n" * 1000, "b/c.txt": b""}
    assert _open(tmp_path, zipped(members)) == members


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/../../b.csv", "..\\..\\b.csv", "C:\\b.csv"]
)
def test_a_name_that_leads_outside(tmp_path, name):
    with pytest.raises(AnswerNotUsable, match="outside of itself"):
        _open(tmp_path, zipped({"good.csv": b"1", name: b"2"}))
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_bomb_of_one_file(tmp_path):
    content = zipped({"a.csv": b"\0" * 300_000_000})
    assert len(content) < 400_000
    start = time.monotonic()
    tracemalloc.start()
    with pytest.raises(AnswerNotUsable, match="packed far too well"):
        _open(tmp_path, content, max_bytes=10**12)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    assert time.monotonic() - start < 2


def test_a_bomb_of_many_files(tmp_path):
    many = zipped({f"{n}.csv": b"ab" * 400_000 for n in range(30)})
    with pytest.raises(DownloadTooLarge, match="24 MB is more than the 10 MB"):
        _open(tmp_path, many)
    with pytest.raises(AnswerNotUsable, match="too many files"):
        _open(tmp_path, zipped({str(n): b"" for n in range(60)}), max_members=50)


def test_a_size_that_lies_gives_an_error_not_the_bytes(tmp_path):
    content = bytearray(zipped({"a.csv": b"1234567890" * 100}))
    at = content.index(b"PK\x01\x02") + 24  # the unpacked size in the central directory
    content[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(AnswerNotUsable, match="damaged"):
        _open(tmp_path, bytes(content))


def test_an_encrypted_archive(tmp_path):
    content = bytearray(zipped({"a.csv": b"1"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(AnswerNotUsable, match="encrypted"):
        _open(tmp_path, bytes(content))


def test_the_table_is_the_largest_of_its_kind():
    with zipfile.ZipFile(
        io.BytesIO(zipped({"a.txt": b"12345", "b.CSV": b"1", "c.csv": b"12"}))
    ) as z:
        assert only_member(z, ".csv", source="A source").filename == "c.csv"
        with pytest.raises(AnswerNotUsable, match="does not hold the table"):
            only_member(z, ".xml", source="A source")


@given(st.binary(max_size=200), st.integers(0, 400))
def test_damage_is_an_error_of_ours_or_nothing(tmp_path_factory, noise, at):
    whole = bytearray(zipped({"a.csv": b"1;2\n" * 50, "b.csv": b"3"}))
    whole[at : at + len(noise)] = noise
    path = tmp_path_factory.mktemp("zip")
    with contextlib.suppress(AnswerNotUsable, DownloadTooLarge):
        _open(path, bytes(whole))
