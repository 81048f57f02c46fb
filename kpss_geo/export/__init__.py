"""Answers into the plan: chapter, catalogue, sheets of obce, maps, data, one HTML file.

Each module makes one output from the same `Bundle`, so that a number is the same everywhere.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from kpss_geo.errors import KpssGeoError
from kpss_geo.export import whole
from kpss_geo.export.atlas import write_atlas
from kpss_geo.export.bundle import Bundle, gather, question_lines
from kpss_geo.export.chapter import write_chapter
from kpss_geo.export.csv_files import write_csv
from kpss_geo.export.dcat import write_dcat
from kpss_geo.export.geopackage import write_geopackage
from kpss_geo.export.geoparquet import write_geoparquet
from kpss_geo.export.hsds import write_hsds
from kpss_geo.export.iso import write_iso
from kpss_geo.export.large_print import write_large_print
from kpss_geo.export.offline import write_html
from kpss_geo.export.pdf import write_pdf
from kpss_geo.export.print_maps import Paper, write_maps
from kpss_geo.export.providers import write_catalogue
from kpss_geo.export.sheets import write_sheets
from kpss_geo.export.workbook import write_workbook
from kpss_geo.sources.segments import Progress, silent

__all__ = ["OUTPUTS", "Bundle", "Paper", "gather", "in_order_made", "question_lines", "write"]

Writer = Callable[..., list[Path]]
OUTPUTS: Final[Mapping[str, Writer]] = {
    "docx": write_chapter,
    "catalogue": write_catalogue,
    "large-print": write_large_print,
    "sheets": write_sheets,
    "pdf": write_pdf,
    "maps": write_maps,
    "atlas": write_atlas,
    "xlsx": write_workbook,
    "gpkg": write_geopackage,
    "html": write_html,
    "csv": write_csv,
    "geoparquet": write_geoparquet,
    "hsds": write_hsds,
    "iso": write_iso,
    "dcat": write_dcat,
}
"""What can be made, by the name of its option; `dcat` last, for it describes the others."""
NEEDS: Final[Mapping[str, str]] = {"iso": "gpkg", "dcat": "csv"}
"""Descriptions, and what is made with them so that they describe something."""
IN_WORD: Final = frozenset({"docx", "catalogue", "sheets"})
"""The outputs that take a template."""


def unwatched(_name: str) -> None:
    """Nobody is told which output begins."""


def in_order_made(outputs: Iterable[str]) -> list[str]:
    """Give the outputs asked for with what they need, in the order they are made.

    >>> in_order_made(["iso", "xlsx"])
    ['xlsx', 'gpkg', 'iso']
    """
    wanted = set(outputs)
    wanted |= {NEEDS[name] for name in wanted & NEEDS.keys()}
    return [name for name in OUTPUTS if name in wanted]


def write(
    bundle: Bundle,
    out: Path,
    *,
    outputs: Iterable[str] = OUTPUTS,
    template: Path | None = None,
    size: Paper = "a4",
    progress: Progress = silent,
    began: Callable[[str], None] = unwatched,
) -> list[Path]:
    """Write the outputs asked for into a folder; give the paths of all files.

    `template` is a Word document of the team whose styles the documents take, `size` that of
    the paper of maps. `began` is told the name of each output before it is made.

    Raises
    ------
    CannotWrite
        A file cannot be written; what was there before stays as it was.
    FileNotUsable
        The template is no Word document.
    """
    paths: list[Path] = []
    for name in in_order_made(outputs):
        began(name)
        own: dict[str, Any] = {"template": template} if name in IN_WORD else {}
        own |= {"made": tuple(paths)} if name == "dcat" else {}
        own |= {"size": size} if name == "maps" else {}
        paths += _make(name, bundle, out, progress=progress, **own)
    return paths


def _make(name: str, bundle: Bundle, out: Path, **own: Any) -> list[Path]:
    """Make one output; what goes wrong beside its files, as in a folder of the system, is told."""
    try:
        return OUTPUTS[name](bundle, out, **own)
    except KpssGeoError:
        raise
    except OSError as error:
        raise whole.cannot(Path(error.filename or name), error) from error
