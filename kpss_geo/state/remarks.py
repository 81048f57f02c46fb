"""Remarks of the round table as the process last read them: anew when the plan file changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kpss_geo import plan, settings
from kpss_geo.plan import Erased, Reactions, Remark
from kpss_geo.state.tables import plan_found

Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """What has been said of a territory: remarks by number, reactions, traces of the erased."""

    remarks: tuple[Remark, ...] = ()
    reactions: Mapping[int, Reactions] = field(default_factory=dict)
    erased: tuple[Erased, ...] = ()


def stamp() -> Stamp:
    """Tell one state of the plan file from another without opening it; zeros without a file."""
    path = settings.current().plan_path
    return (*_facts(path), *_facts(Path(f"{path}-wal")))


def plan_is_there() -> bool:
    """Whether there is a plan file."""
    return settings.current().plan_path.exists()


def table(territory: str, *, visit: str = "") -> Table:
    """Give what has been said of a territory, and how one visit reacted.

    Raises
    ------
    KpssGeoError
        The plan cannot be read.
    """
    return _table(stamp(), territory, visit)


@lru_cache(maxsize=128)
def _table(_of: Stamp, territory: str, visit: str) -> Table:
    found = plan_found()
    return Table(
        plan.remarks(found, territory=territory),
        plan.reactions(found, visit=visit),
        plan.erased_remarks(found, territory=territory),
    )


def _facts(path: Path) -> Stamp:
    try:
        facts = path.stat()
    except OSError:
        return (0, 0, 0)
    return (facts.st_mtime_ns, facts.st_size, facts.st_ino)


def forget() -> None:
    """Forget what was read."""
    _table.cache_clear()
