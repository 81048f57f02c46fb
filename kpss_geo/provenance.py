"""Where each table comes from, as printed with every result."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kpss_geo.errors import FileNotUsable
from kpss_geo.sources.fetch.manifest import read_manifest, was_fetched
from kpss_geo.sources.files import Found
from kpss_geo.sources.taken import Note

BOUNDARIES: Final = "boundaries"
"""Id of the source of the boundaries that are drawn."""


@dataclass(frozen=True)
class Source:
    """Where a table comes from, as printed with every result."""

    id: str
    title: str
    short: str
    source: str
    licence: str
    as_of: str
    not_for: str
    own: bool


def sources_of(
    definitions: dict[str, Any],
    found: dict[str, Found],
    *,
    register_of: str,
    areas: Path | None,
    notes: Mapping[str, Note],
) -> tuple[Source, ...]:
    """Give where each table comes from, in the order of the definitions.

    `register_of` is the day of an imported register, for which `[rpss]` stands in place of
    `[register]`; `areas` the office's boundaries. What a fetch wrote speaks by its manifest,
    what the team took over by its note.

    Raises
    ------
    FileNotUsable
        A definition lacks one of its facts.
    """
    needed = ("title", "short", "source", "licence", "as_of")
    for key, value in definitions.items():
        missing = [name for name in needed if not isinstance(value, dict) or name not in value]
        if missing:
            raise FileNotUsable(file="sources.toml", why=f"[{key}]: {', '.join(missing)}?")
    imported = definitions.get("rpss")
    entries = {key: value for key, value in definitions.items() if key != "rpss"}
    if imported is not None and register_of:
        entries["register"] = {k: v.format(day=register_of) for k, v in imported.items()}
    tables = []
    for key, value in entries.items():
        own = key in found and found[key].own
        if value.get("only_own") and not own:
            continue
        is_import = key == "register" and bool(register_of)
        fetched = _fetched(key, found[key].path) if own and not is_import else None
        tables.append(
            fetched or _stated(key, value, own=own, is_import=is_import, note=notes.get(key))
        )
    if areas is None:
        return tuple(tables)
    return (*tables, _fetched(BOUNDARIES, areas) or _of_file(areas))


def _of_file(areas: Path) -> Source:
    """Give what is known of boundaries that no fetch wrote: the file, and nothing else."""
    told = f"soubor {areas.name}, původ neuveden"
    title = "Hranice obcí"
    return Source(
        BOUNDARIES, title, f"hranice obcí: {told}", told, "neuvedena", "neuvedeno", "", own=True
    )


def _stated(
    key: str, value: dict[str, Any], *, own: bool, is_import: bool, note: Note | None
) -> Source:
    """Give what is said of a table; what is said of the shipped one is not true of an own."""
    is_own_table = own and not is_import
    said = {} if is_own_table else value
    return Source(
        id=key,
        title=str(value["title"]),
        short=f"{key}.csv" if is_own_table else str(value["short"]),
        source=note.from_file if note else str(said.get("source", f"{key}.csv")),
        licence=str(said.get("licence", "")),
        as_of=note.taken_on if note else str(said.get("as_of", "")),
        not_for=str(said.get("not_for", "")),
        own=own or is_import,
    )


def _fetched(key: str, path: Path) -> Source | None:
    """Give the source of a file that a fetch wrote, from its manifest; None for others."""
    manifest = read_manifest(path) if was_fetched(path) else None
    if manifest is None:
        return None
    return Source(
        id=key,
        title=manifest.title,
        short=f"{path.name}: {manifest.attribution}, {manifest.as_of}",
        source=manifest.attribution,
        licence=manifest.licence,
        as_of=manifest.as_of,
        not_for=manifest.note,
        own=False,
    )
