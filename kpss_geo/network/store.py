"""Prepared roads on disk: read once from the source, opened at once ever after."""

import importlib.util
import json
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kpss_geo.errors import N_, Finding
from kpss_geo.network.graph import RoadGraph, build
from kpss_geo.network.measure import Roads, prepare
from kpss_geo.network.search import Engine
from kpss_geo.network.snap import Access
from kpss_geo.sources.osm import SUFFIXES, read_osm, sha256
from kpss_geo.sources.osm_tags import Profile
from kpss_geo.sources.roads_table import read_roads_table
from kpss_geo.sources.segments import Origin, Progress, Segments, silent

if TYPE_CHECKING:
    from kpss_geo.network.hierarchy import Hierarchy

VERSION: Final = 1
"""Goes up whenever the meaning of the stored arrays or of tags changes."""

WORTH_A_HIERARCHY: Final = 5_000
"""Junctions from which preparing a hierarchy pays."""

_log = logging.getLogger(__name__)


def open_roads(
    path: Path,
    *,
    folder: Path,
    profile: Profile = "car",
    access: Access | None = None,
    progress: Progress = silent,
) -> tuple[Roads, tuple[Finding, ...]]:
    """Open the roads of a source file, ready to be asked.

    What was prepared before from the same file, for the same profile and by the same
    version is taken from `folder`; otherwise it is prepared and written there, whole or
    not at all, with a manifest beside it. With the extra `roads` installed large graphs
    get a hierarchy; without it the plain search gives the same answers, slower.

    Raises
    ------
    FileNotUsable, NoRoads, MissingExtra, MissingColumns, MissingCrs, CrsDisagrees
        The source cannot be used.
    """
    graph, findings = open_graph(path, folder=folder, profile=profile, progress=progress)
    engine = _open_engine(graph, folder / f"{path.name}-{profile}-order.npz", progress)
    return prepare(graph, access=access, engine=engine), findings


def open_graph(
    path: Path, *, folder: Path, profile: Profile = "car", progress: Progress = silent
) -> tuple[RoadGraph, tuple[Finding, ...]]:
    """Open the graph of a source file: from `folder`, or made anew and written there."""
    prepared = folder / f"{path.name}-{profile}.npz"
    if path.is_file():
        expected = {"version": VERSION, "sha256": sha256(path), "profile": profile}
        stored = _read(prepared, expected)
        if stored is not None:
            arrays, manifest = stored
            findings = tuple(Finding(**finding) for finding in manifest["findings"])
            return _graph(arrays, Origin(**manifest["origin"])), findings
    segments = _read_source(path, profile=profile, progress=progress)
    graph, findings = build(segments, progress=progress)
    progress(N_("Saving roads"), len(graph.tail))
    save_graph(prepared, graph, findings)
    return graph, findings


def save_graph(path: Path, graph: RoadGraph, findings: tuple[Finding, ...] = ()) -> None:
    """Write a graph and its manifest, whole or not at all."""
    manifest = {
        "version": VERSION,
        "sha256": graph.origin.sha256,
        "profile": graph.origin.profile,
        "origin": asdict(graph.origin),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "junctions": len(graph.node_x),
        "edges": len(graph.tail),
        "shape_points": len(graph.shape_x),
        "km": round(float(graph.length_dm.sum()) / 10_000, 1),
        "crs": "EPSG:5514",
        "findings": [asdict(finding) for finding in findings],
    }
    arrays = {f.name: getattr(graph, f.name) for f in fields(graph) if f.name != "origin"}
    _write(path, arrays, manifest)


def has_fast_extra() -> bool:
    """Whether the package a hierarchy needs is installed."""
    return importlib.util.find_spec("numba") is not None


def _read_source(path: Path, *, profile: Profile, progress: Progress) -> Segments:
    if path.name.lower().endswith(SUFFIXES):
        return read_osm(path, profile=profile, progress=progress)
    return read_roads_table(path, profile=profile)


def _open_engine(graph: RoadGraph, path: Path, progress: Progress) -> Engine | None:
    if len(graph.node_x) < WORTH_A_HIERARCHY:
        return None
    if not has_fast_extra():
        _log.info("numba is not installed; roads are searched by scipy")
        return None
    from kpss_geo.network import hierarchy  # noqa: PLC0415 - an optional extra

    expected = {
        "version": VERSION,
        "sha256": graph.origin.sha256,
        "profile": graph.origin.profile,
        "junctions": len(graph.node_x),
    }
    stored = _read(path, expected)
    if stored is not None:
        return _hierarchy(stored[0])
    made = hierarchy.prepare_hierarchy(graph, progress=progress)
    halves = {
        f"{name}_{f.name}": getattr(getattr(made, name), f.name)
        for name in ("rise", "fall")
        for f in fields(made.rise)
    }
    _write(path, {"position": made.position, "parent": made.parent, **halves}, expected)
    return made


def _hierarchy(arrays: Mapping[str, NDArray[Any]]) -> "Hierarchy":
    from kpss_geo.network.hierarchy import Half, Hierarchy  # noqa: PLC0415 - an optional extra

    rise, fall = (
        Half(*(arrays[f"{name}_{f.name}"] for f in fields(Half))) for name in ("rise", "fall")
    )
    return Hierarchy(arrays["position"], arrays["parent"], rise, fall)


def _graph(arrays: Mapping[str, NDArray[Any]], origin: Origin) -> RoadGraph:
    return RoadGraph(**arrays, origin=origin)


def _write(path: Path, arrays: Mapping[str, NDArray[Any]], manifest: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    half = path.with_name(path.name + ".part")
    with half.open("wb") as file:
        np.savez(file, allow_pickle=False, manifest=np.array(text), **dict(arrays))
    half.replace(path)
    beside = path.with_suffix(".json")
    half = beside.with_name(beside.name + ".part")
    half.write_text(text + "\n", encoding="utf-8")
    half.replace(beside)


def _read(
    path: Path, expected: Mapping[str, object]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]] | None:
    """Give stored arrays and their manifest; None when absent, damaged or of another source."""
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            manifest = json.loads(str(stored["manifest"]))
            if any(manifest.get(key) != value for key, value in expected.items()):
                return None
            return {name: stored[name] for name in stored.files if name != "manifest"}, manifest
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError):
        _log.warning("%s is damaged and is made anew", path.name)
        return None
