"""Coordinates: the Czech operation, the same in every thread, from threads that come and go."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pyproj import Transformer

from kpss_geo import schema

from facts import REPOSITORY

VISITS = """
import threading
import numpy as np
from kpss_geo.schema import to_degrees, to_metric

spread = np.random.default_rng(0)
x, y = spread.uniform(-850e3, -450e3, 200), spread.uniform(-1200e3, -950e3, 200)
expected = to_degrees(x, y)
same = []

def visit():
    for _ in range(10):
        found = to_degrees(x, y)
        to_metric(*found)
        same.append(all(np.array_equal(a, b) for a, b in zip(expected, found)))

for _ in range(60):
    visits = [threading.Thread(target=visit) for _ in range(16)]
    for each in visits:
        each.start()
    for each in visits:
        each.join()
assert all(same) and len(same) == 60 * 16 * 10
"""


def test_threads_that_come_and_go_get_the_same_and_bring_nothing_down():
    """Every run of a page is a thread of its own: a transformer of an ended one would crash."""
    done = subprocess.run(
        [sys.executable, "-c", VISITS], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_each_thread_has_a_transformer_of_its_own():
    def inner() -> object:
        return schema._pinned(schema.METRES, schema.DEGREES)._transformer

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(inner).result() is not inner()


@pytest.mark.parametrize("source", ["EPSG:4258", "EPSG:3857", "EPSG:32633", "EPSG:5513"])
def test_any_known_crs_goes_to_the_same_metres_as_degrees_do(source):
    spread = np.random.default_rng(1)
    lon, lat = spread.uniform(12.2, 18.7, 1_000), spread.uniform(48.7, 50.9, 1_000)
    if source == "EPSG:5513":  # the same datum, other axes: no Czech operation is needed
        x, y = schema.to_metric(lon, lat)
        moved = schema._pinned(source, schema.METRES).transform(-y, -x)
    else:
        there = Transformer.from_crs("EPSG:4326", source, always_xy=True).transform(lon, lat)
        moved = schema._pinned(source, schema.METRES).transform(*there)
    for found, expected in zip(moved, schema.to_metric(lon, lat), strict=True):
        assert np.abs(found - expected).max() < 0.2  # its own operation of the EPSG
