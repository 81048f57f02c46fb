"""A list of obce in a file: a table with a heading, or a text as it was copied."""

from pathlib import Path

from kpss_geo.dataset import Data
from kpss_geo.obec_list import MAX_LIST, Resolved, resolve_list
from kpss_geo.obec_names import Match
from kpss_geo.own.columns import looks_like_heading
from kpss_geo.own.kinds import COLUMNS
from kpss_geo.own.take import check_table
from kpss_geo.schema import CODE
from kpss_geo.settings import Settings
from kpss_geo.sources.archives import is_zip
from kpss_geo.sources.delimited import find_encoding
from kpss_geo.sources.files import check_readable
from kpss_geo.sources.tables import HEADING_WITHIN, read_records

CERTAIN = 2.0
"""Score of one heading that is known exactly: once as such, once as the best guess."""


def resolve_file(path: Path, *, data: Data, settings: Settings) -> Resolved:
    """Understand a file with a list of obce; a table by its columns, a text line by line.

    Raises
    ------
    FileNotUsable, TableNotUsable, MissingColumns, BadTerritory
        The file cannot be read as a list.
    """
    check_readable(path)
    if is_zip(path) or _has_heading(path):
        return _of_table(path, data, settings)
    content = path.read_bytes()[: 4 * MAX_LIST + 4]
    encoding, _ = find_encoding(content, file=path.name)
    return resolve_list(content.decode(encoding), obce=data.obce)


def _has_heading(path: Path) -> bool:
    rows = read_records(path).rows[:HEADING_WITHIN]
    return any(len(row) > 1 and looks_like_heading(row, COLUMNS["obce"]) >= CERTAIN for row in rows)


def _of_table(path: Path, data: Data, settings: Settings) -> Resolved:
    checked = check_table("obce", path, data=data, settings=settings)
    rows = [finding for finding in checked.findings if finding.severity == "error"]
    unclear = tuple(Match(str(finding), "unknown", ()) for finding in rows)
    return Resolved(tuple(checked.table[CODE]) if len(checked.table) else (), unclear=unclear)
