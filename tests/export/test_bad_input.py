"""Odd territories, hostile names, full disks and locked files: clear words, no half files."""

import errno
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from lxml import etree
from PIL import Image
from pypdf import PdfReader

from kpss_geo import export
from kpss_geo.errors import CannotWrite
from kpss_geo.text import Words

from facts import REPOSITORY

ALL = list(export.OUTPUTS)


@pytest.fixture(scope="module")
def small(bundled):
    """One type of Kaplice: every output is quick, none is empty."""
    bundle = bundled("kaplice")
    return replace(bundle, answers=bundle.answers[-3:-2])


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


OPENED = {
    ".docx": lambda path: zipfile.ZipFile(path).testzip() is None,
    ".pdf": lambda path: len(PdfReader(path).pages) > 0,
    ".png": lambda path: Image.open(path).size[0] > 1000,
    ".svg": lambda path: etree.parse(path).getroot() is not None,
    ".xml": lambda path: etree.parse(path).getroot() is not None,
    ".xlsx": lambda path: len(openpyxl.load_workbook(path).sheetnames) > 5,
    ".gpkg": lambda path: len(gpd.read_file(path, layer="obce")) > 0,
    ".parquet": lambda path: pq.read_table(path).num_columns > 3,
    ".csv": lambda path: pd.read_csv(path, sep=";", encoding="utf-8-sig").shape[1] > 1,
    ".json": lambda path: isinstance(json.loads(path.read_text(encoding="utf-8")), dict),
    ".jsonld": lambda path: isinstance(json.loads(path.read_text(encoding="utf-8")), dict),
    ".html": lambda path: path.read_text(encoding="utf-8").rstrip().endswith("</html>"),
}
"""How a file of each kind is opened by a program that is not ours."""


def _opens(path: Path) -> bool:
    return bool(OPENED[path.suffix](path))


@pytest.fixture(scope="module")
def good(small, tmp_path_factory) -> Path:
    """Every output of the small bundle, written without trouble."""
    folder = tmp_path_factory.mktemp("good")
    export.write(small, folder, outputs=ALL)
    return folder


@pytest.fixture
def written(good, tmp_path) -> Path:
    """A folder with good files of before."""
    return Path(shutil.copytree(good, tmp_path / "plan"))


@pytest.mark.parametrize("name", ["one_obec", "wordy"])
def test_odd_territories_give_every_output_and_each_opens(name, request, tmp_path):
    whole = request.getfixturevalue(name)
    bundle = replace(whole, answers=whole.answers[:2])
    made = export.write(bundle, tmp_path, outputs=ALL)
    assert set(made) == {path for path in tmp_path.rglob("*") if path.is_file()}
    for path in made:
        assert _opens(path), path
        assert len(path.name) < 120
        assert path.name.isascii()


def test_673_obce_are_all_in_the_data(bundled, tmp_path):
    bundle = bundled("jihomoravsky")
    made = export.write(bundle, tmp_path, outputs=["geoparquet", "hsds", "dcat"])
    by_name = {path.name: path for path in made}
    table = pq.read_table(by_name["jihomoravsky-obce.parquet"]).to_pandas()
    assert len(table) == 673
    rows = pd.read_csv(by_name["jihomoravsky-pokryti.csv"], sep=";", encoding="utf-8-sig")
    assert len(rows) == 673 * len(bundle.answers)
    assert table["population"].sum() == 241_897
    assert rows.groupby("Kód druhu")["Lidé"].sum().eq(241_897).all()
    assert all(_opens(path) for path in made)


@pytest.mark.parametrize("name", ALL)
def test_a_disk_that_fills_up_leaves_the_good_file(name, small, written, monkeypatch):
    before = _snapshot(written)
    whole = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if not path.is_relative_to(written):
            return whole(path, content)
        whole(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def full_table(*_args: object, **_options: object) -> None:
        raise pyogrio.errors.FeatureError("INSERT INTO t: database or disk is full")

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(pyogrio, "write_dataframe", full_table)
    with pytest.raises(CannotWrite) as caught:
        export.write(small, written, outputs=[name])
    text = Words("cs").say(caught.value)
    assert "nelze zapsat" in text
    assert "na disku není místo" in text
    assert re.search(r"Soubor [\w.-]+\.\w+ ", text)
    assert _snapshot(written) == before


@pytest.mark.parametrize("name", ALL)
def test_a_locked_file_leaves_it_as_it_was(name, small, written, monkeypatch):
    before = _snapshot(written)

    def locked(path: Path, target: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied", str(target), 32, str(path))

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(CannotWrite, match="open in another program"):
        export.write(small, written, outputs=[name])
    assert _snapshot(written) == before


@pytest.mark.parametrize("name", ALL)
def test_a_folder_that_cannot_be_written_is_said(name, small, tmp_path, monkeypatch):
    place = tmp_path / "out"
    place.write_text("a file")
    with pytest.raises(CannotWrite):
        export.write(small, place, outputs=[name])
    assert place.read_text() == "a file"

    def forbidden(path: Path, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", forbidden)
    with pytest.raises(CannotWrite, match="may not write"):
        export.write(small, tmp_path / "new", outputs=[name])
    assert not (tmp_path / "new").exists()


UNDER_A_LIMIT = """
import pickle, resource, sys
from pathlib import Path
from kpss_geo import export

bundle = pickle.loads(Path(sys.argv[1]).read_bytes())
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for name in export.OUTPUTS:
    for limit in (400, 60_000, 150_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            export.write(bundle, Path(sys.argv[2]), outputs=[name])
            said = "written"
        except Exception as error:
            said = f"{type(error).__name__} {error}"
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        print(name, limit, " ".join(said.split()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of files there")
def test_a_system_that_refuses_to_write_more_is_told_in_words(small, good, tmp_path):
    """The system itself stops each write after some bytes: what GDAL and the rest then do."""
    job, out = tmp_path / "job", Path(shutil.copytree(good, tmp_path / "out"))
    job.write_bytes(pickle.dumps(small))
    names = set(_snapshot(out))
    done = subprocess.run(
        [sys.executable, "-c", UNDER_A_LIMIT, str(job), str(out)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    lines = [line.split(" ", 2) for line in done.stdout.splitlines()]
    assert {name for name, *_ in lines} == set(ALL)
    for name, limit, said in lines:
        assert said.startswith(("CannotWrite", "written")), (name, limit, said)
        if limit == "400":
            assert said.startswith("CannotWrite"), name
    assert any(name == "gpkg" and limit == "150000" and "Cannot" in s for name, limit, s in lines)
    assert set(_snapshot(out)) == names
    assert all(_opens(path) for path in out.rglob("*") if path.is_file())
