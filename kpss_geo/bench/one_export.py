"""One output in a process of its own, so that its memory is its own.

`python -m kpss_geo.bench.one_export JOB FOLDER NAME…` reads the Bundle of the job, writes the
outputs named into the folder, and prints a line of JSON: what it took.
"""

import json
import pickle
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from kpss_geo import export
from kpss_geo.export import Bundle, geopackage, layers, workbook
from kpss_geo.report import rows

MIB: Final = 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock and of the processor, memory before and at most, what was written."""

    seconds: float
    cpu_s: float
    start_mib: float
    peak_mib: float
    files: int
    written_mib: float


def plain_excel(bundle: Bundle, out: Path) -> list[Path]:
    """Write the lists as pandas does it by itself: no widths, no meaning, nothing checked."""
    path = out / "plain.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        for name, (_, records) in workbook.sheets(bundle).items():
            pd.DataFrame(list(records)).to_excel(book, sheet_name=name, index=False)
    return [path]


def plain_layers(bundle: Bundle, out: Path) -> list[Path]:
    """Write the layers as geopandas does it by itself: no styles, no question, no sources."""
    path = out / "plain.gpkg"
    layers.obce(bundle).to_file(path, layer="obce", driver="GPKG")
    for answer in bundle.answers:
        table = layers.with_areas(pd.DataFrame(rows.rows(answer)), bundle)
        table.to_file(path, layer=geopackage.layer_of(answer), driver="GPKG")
    layers.places(bundle).to_file(path, layer="mista", driver="GPKG")
    return [path]


FLOORS: Final[Mapping[str, Callable[[Bundle, Path], list[Path]]]] = {
    "pandas to_excel": plain_excel,
    "geopandas to_file": plain_layers,
}
"""What people do now for the same tables."""


def measure(bundle: Bundle, out: Path, names: Sequence[str]) -> Taken:
    """Write the outputs, or one of the floors, and say what it took."""
    out.mkdir(parents=True, exist_ok=True)
    start_mib, clock, processor = _memory("VmRSS"), time.perf_counter(), time.process_time()
    if names[0] in FLOORS:
        made = FLOORS[names[0]](bundle, out)
    else:
        made = export.write(bundle, out, outputs=names)
    return Taken(
        seconds=time.perf_counter() - clock,
        cpu_s=time.process_time() - processor,
        start_mib=start_mib,
        peak_mib=_memory("VmHWM"),
        files=len(made),
        written_mib=sum(path.stat().st_size for path in made) / MIB,
    )


def _memory(field: str) -> float:
    """Memory of this process in MiB, where the system tells (Linux)."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return int(lines[field].split()[0]) / 1024


if __name__ == "__main__":
    job, folder, *wanted = sys.argv[1:]
    found = pickle.loads(Path(job).read_bytes())  # noqa: S301 - written by the benchmark
    sys.stdout.write(json.dumps(asdict(measure(found, Path(folder), wanted))) + "\n")
