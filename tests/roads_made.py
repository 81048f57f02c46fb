"""Small road networks made by the tests, and where the real ones are."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kpss_geo.sources.segments import Origin, Segments

ORIGIN = Origin("made.osm", "0" * 64, "2026-11-01", "ODbL", "car")
KMH = 3.6  # a metre a second: metres are whole thousands of milliseconds


def data_folder() -> Path | None:
    beside = Path(__file__).parents[2] / "shared/geodata"
    named = (os.environ.get(name) for name in ("KPSS_TEST_REAL_DATA", "KPSS_GEO_DATA"))
    for folder in (*named, beside):
        if folder and (Path(folder) / "roads_generalised.parquet").is_file():
            return Path(folder)
    return None


real_data = pytest.mark.skipif(data_folder() is None, reason="no folder with real roads")


def real(name: str) -> Path:
    folder = data_folder()
    assert folder is not None
    path = folder / name
    if not path.is_file():
        pytest.skip(f"{name} is not there")
    return path


def segments(points, pieces, *, stoppable=None, origin=ORIGIN) -> Segments:
    """Points as (x, y); pieces as (tail, head, forward km/h, backward km/h)."""
    tail, head, forward, backward = (np.array(column) for column in zip(*pieces, strict=True))
    x, y = np.array(points, dtype=float).T
    return Segments(
        x=x,
        y=y,
        tail=tail.astype(np.int64),
        head=head.astype(np.int64),
        forward_kmh=forward.astype(float),
        backward_kmh=backward.astype(float),
        stoppable=np.ones(len(tail), bool) if stoppable is None else np.array(stoppable),
        origin=origin,
    )


def table(points) -> pd.DataFrame:
    return pd.DataFrame(np.array(points, dtype=float).reshape(-1, 2), columns=["x", "y"])


def write_osm(path: Path, nodes, ways) -> Path:
    """Nodes as {id: (lon, lat) or (lon, lat, tags)}; ways as (node ids, tags)."""
    lines = ['<osm version="0.6" generator="test">']
    for ref, (lon, lat, *tags) in nodes.items():
        inner = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in (tags[0] if tags else {}).items())
        lines.append(f'<node id="{ref}" lon="{lon}" lat="{lat}" version="1">{inner}</node>')
    for number, (refs, tags) in enumerate(ways, 1):
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        inner += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        lines.append(f'<way id="{number}" version="1">{inner}</way>')
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path
