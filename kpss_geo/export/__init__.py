"""Answers into the plan: print maps, workbook, GeoPackage, chapter, catalogue, one HTML file.

Each module makes one output from the same `Bundle`, so that a number is the same everywhere.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from kpss_geo.export.atlas import write_maps
from kpss_geo.export.bundle import Bundle, gather, question_lines
from kpss_geo.export.geopackage import write_geopackage
from kpss_geo.export.workbook import write_workbook
from kpss_geo.sources.segments import Progress, silent

__all__ = ["OUTPUTS", "Bundle", "gather", "question_lines", "write"]

Writer = Callable[..., list[Path]]
OUTPUTS: Final[Mapping[str, Writer]] = {
    "maps": write_maps,
    "xlsx": write_workbook,
    "gpkg": write_geopackage,
}
"""What can be made, by the name of its option."""


def write(
    bundle: Bundle, out: Path, *, outputs: Iterable[str] = OUTPUTS, progress: Progress = silent
) -> list[Path]:
    """Write the outputs asked for into a folder; give the paths of all files.

    Raises
    ------
    CannotWrite
        A file cannot be written; what was there before stays as it was.
    """
    paths: list[Path] = []
    for name in OUTPUTS:
        if name in set(outputs):
            paths += OUTPUTS[name](bundle, out, progress=progress)
    return paths
