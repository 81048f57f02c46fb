"""The benchmark of exports on a small territory. Nothing here is timed."""

import math

import openpyxl
import pyogrio
import pytest

from kpss_geo.bench import exports, one_export
from kpss_geo.export import geopackage, workbook


@pytest.fixture(scope="module")
def bundle(data, settings):
    return exports.gathered(data, settings, territory="kaplice", first=3)


def test_a_region_can_be_cut_to_its_first_obce(bundle, data):
    assert bundle.territory.codes == data.territories["kaplice"].codes[:3]
    assert all(len(answer.obce) == 3 for answer in bundle.answers)


def test_the_floor_writes_the_same_tables(bundle, tmp_path):
    plain = openpyxl.load_workbook(one_export.plain_excel(bundle, tmp_path)[0])
    assert plain.sheetnames == list(workbook.sheets(bundle))
    assert plain["Pokrytí"].max_row == 1 + 3 * len(bundle.answers)
    path = one_export.plain_layers(bundle, tmp_path)[0]
    names = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert {"obce", "mista", *map(geopackage.layer_of, bundle.answers)} <= names


def test_what_is_measured_is_what_was_written(bundle):
    taken = exports.measure(bundle, ["csv", "hsds"])
    assert taken.files == len(workbook.sheets(bundle)) + 2
    assert taken.cpu_s > 0
    assert 0 < taken.written_mib < 1
    assert math.isnan(taken.peak_mib) or taken.peak_mib >= taken.start_mib > 10
