"""Tables of the team's own that somebody loads in the app: seen first, taken when told to."""

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from kpss_geo import own, settings
from kpss_geo.errors import N_, TableNotUsable
from kpss_geo.own import Checked
from kpss_geo.own.kinds import Kind
from kpss_geo.state.tables import data
from kpss_geo.study import today

MAX_UPLOAD_MB: Final = 20


def check_upload(
    kind: Kind, name: str, content: bytes, *, mapping: Mapping[str, str] | None = None
) -> Checked:
    """Say what a loaded table holds and what of it would be taken; the file is not kept.

    Raises
    ------
    KpssGeoError
        It cannot be read, or is greater than an upload may be.
    """
    if len(content) > MAX_UPLOAD_MB * 1_000_000:
        raise TableNotUsable(file=name, why=N_("it is greater than 20 MB"))
    said = tuple(sorted((mapping or {}).items()))
    return _checked(kind, name, content, said, data().digest)


@lru_cache(maxsize=4)
def _checked(
    kind: Kind, name: str, content: bytes, said: tuple[tuple[str, str], ...], _of: str
) -> Checked:
    with tempfile.TemporaryDirectory(prefix="kpss-geo-") as folder:
        path = Path(folder) / (Path(name).name or "tabulka.xlsx")
        path.write_bytes(content)
        current = settings.current()
        return own.check_table(kind, path, data=data(), settings=current, mapping=dict(said))


def take_upload(checked: Checked) -> Path:
    """Write a checked table into the data folder; gives its path.

    Raises
    ------
    KpssGeoError
        No row of it can be used, or the folder cannot be written.
    """
    return own.take_table(checked, folder=settings.current().geo_data, on=today())


def can_undo(kind: Kind) -> bool:
    """Whether the last taking of a kind can be taken back."""
    return own.can_undo(kind, folder=settings.current().geo_data)


def undo_table(kind: Kind) -> Path | None:
    """Put back what the last taking of a kind replaced; None where there was nothing.

    Raises
    ------
    KpssGeoError
        There is nothing to take back, or the folder cannot be written.
    """
    return own.undo_table(kind, folder=settings.current().geo_data)


def forget() -> None:
    """Forget the tables that were seen."""
    _checked.cache_clear()
