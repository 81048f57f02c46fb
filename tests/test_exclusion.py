"""The index of social exclusion: what is faulty is named and not known."""

import pandas as pd
import pytest

from kpss_geo import dataset
from kpss_geo.settings import Settings
from kpss_geo.sources.exclusion import read_exclusion
from kpss_geo.sources.files import Found

KNOWN = pd.Index(["500011", "500020", "500046"])


def read(tmp_path, text: str):
    path = tmp_path / "exclusion.csv"
    path.write_text(f"code,exclusion_index\n{text}", encoding="utf-8")
    return read_exclusion(Found(path, own=True), known=KNOWN)


def test_the_shipped_table_is_whole_and_that_of_the_source(data, real_folder):
    source = pd.read_csv(real_folder / "social_exclusion_2023.csv", dtype={"code": str})
    expected = source.set_index("code")["exclusion_index_0_30"]
    assert data.exclusion.index.equals(data.obce.index)
    assert data.exclusion.eq(expected.reindex(data.obce.index)).all()


def test_its_source_is_said_only_where_it_is_used(data):
    assert data.exclusion_source is not None
    assert data.exclusion_source not in data.sources


@pytest.mark.parametrize("cell", ["31", "-1", "2.5", "mnoho"])
def test_an_impossible_index_is_named_and_not_known(tmp_path, cell):
    found = read(tmp_path, f"500011,{cell}\n500020,0\n500046,30\n")
    assert found.table["exclusion_index"].isna().tolist() == [True, False, False]
    (finding,) = found.findings
    assert (finding.row, finding.column, finding.severity) == (2, "exclusion_index", "error")
    assert cell in str(finding)


def test_absent_strange_and_repeated_obce_are_named(tmp_path):
    found = read(tmp_path, "500011,1\n500011,2\n999999,3\n500020,\n")
    assert found.table["exclusion_index"].to_dict() == {
        "500011": 1.0,
        "500020": pytest.approx(float("nan"), nan_ok=True),
    }
    assert [f.row for f in found.findings] == [4, 3, None]
    assert "500046" in str(found.findings[-1])


def test_an_own_table_that_cannot_be_used_stops_nothing(tmp_path):
    (tmp_path / "exclusion.csv").write_text("nothing\n", encoding="utf-8")
    data = dataset.load(Settings(geo_data=tmp_path))
    assert data.exclusion.isna().all()
    assert any(f.file == "exclusion.csv" and f.severity == "error" for f in data.findings)
