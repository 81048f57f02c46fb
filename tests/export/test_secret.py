"""An address that is kept secret leads nowhere: no street, no telephone, no point."""

import io
import json
import re

import geopandas as gpd
import numpy as np
import openpyxl
import pytest

from kpss_geo import figures
from kpss_geo.export import geopackage, listing, offline, providers, workbook
from kpss_geo.text import Words

TRACES = ("Tajná", "777 000 111")


def test_lists_keep_the_obec_alone(secret):
    found = listing.services(secret)
    assert len(found) > 10
    assert {row["address"] for row in found} == {listing.KEPT_SECRET}
    text = json.dumps(found, default=str, ensure_ascii=False)
    assert not any(trace in text for trace in TRACES)
    assert all(np.isnan(row["x"]) for row in found)


def test_no_export_holds_a_trace_or_a_point(secret, tmp_path):
    path = geopackage.write_geopackage(secret, tmp_path)[0]
    assert gpd.read_file(path, layer="mista").empty
    book = openpyxl.load_workbook(io.BytesIO(workbook.workbook(secret)))
    cells = [str(c.value) for sheet in book for line in sheet.iter_rows() for c in line]
    page = offline.page(secret)
    blocks = str(providers.catalogue(secret).blocks)
    for text in ("\n".join(cells), page, blocks, path.read_bytes().decode("latin-1")):
        assert not any(trace in text for trace in TRACES)
    assert set(re.findall(r'"places":(\[[^\]]*\])', page)) == {"[]"}


@pytest.mark.parametrize("code", ["13", "29"])
def test_no_map_draws_it(secret, code):
    answer = next(a for a in secret.answers if a.service_type.code == code)
    figure = figures.verdict_map(answer, secret.ground, Words("cs"))
    drawn = [c for c in figure.axes[0].collections if c.get_zorder() == 5]
    assert sum(len(c.get_offsets()) for c in drawn) == 0
