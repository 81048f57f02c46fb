"""The imported register in the data folder: tables as Parquet and one manifest over them.

The folder `register/` holds each table under a name of its content. `manifest.json` is
written last and at once, so that a reader finds either the old register or the new one,
whole. No table holds a point on the map: where places stand is found anew from addresses.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from kpss_geo.errors import N_, FileNotUsable, Finding, Phrase
from kpss_geo.settings import Settings
from kpss_geo.sources.rpss import Imported

FOLDER: Final = "register"
MANIFEST: Final = "manifest.json"
TABLES: Final = ("services", "capacities", "places", "names", "findings")
FORM: Final = 1
"""Number of the form of these tables; another one has to be imported again."""


class Part(BaseModel):
    """One table: its file, and the SHA-256 of what is in it."""

    file: str
    sha256: str
    rows: int


class Manifest(BaseModel):
    """What the tables are, and where they come from."""

    model_config = ConfigDict(frozen=True)

    form: int
    file: str
    as_of: str
    records: int
    left_out: int
    official_lists: tuple[str, ...]
    parts: dict[str, Part]


def write_register(imported: Imported, settings: Settings) -> Manifest:
    """Put the imported register into the data folder, whole or not at all."""
    folder = settings.geo_data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    before = _manifest(folder)
    parts = {name: _write(name, _table(imported, name), folder) for name in TABLES}
    manifest = Manifest(
        form=FORM,
        file=imported.file,
        as_of=imported.as_of,
        records=imported.records,
        left_out=imported.left_out,
        official_lists=imported.official_lists,
        parts=parts,
    )
    half = folder / f"{MANIFEST}.part"
    half.write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    half.replace(folder / MANIFEST)
    _tidy(folder, keep=(manifest, before))
    return manifest


def manifest_path(settings: Settings) -> Path | None:
    """Give the manifest of the imported register, or None when there is none."""
    path = settings.geo_data / FOLDER / MANIFEST
    return path if path.is_file() else None


def read_imported(settings: Settings) -> Imported:
    """Read the imported register as it was written.

    Raises
    ------
    FileNotUsable
        A table is missing, spoiled or of another form.
    """
    folder = settings.geo_data / FOLDER
    manifest = _manifest(folder)
    if manifest is None:
        raise FileNotUsable(file=MANIFEST, why=N_("it is no manifest of a register"))
    if manifest.form != FORM or set(manifest.parts) != set(TABLES):
        raise FileNotUsable(file=MANIFEST, why=N_("it is of another form; import the file again"))
    tables = {name: _read(part, folder) for name, part in manifest.parts.items()}
    for name in ("services", "places"):
        for column in ("since", "until"):
            days = tables[name][column]
            tables[name][column] = days.astype(object).where(days.notna(), None)
    return Imported(
        services=tables["services"],
        capacities=tables["capacities"],
        places=tables["places"],
        names=tables["names"],
        findings=tuple(map(_to_finding, tables["findings"].to_dict("records"))),
        file=manifest.file,
        as_of=manifest.as_of,
        records=manifest.records,
        left_out=manifest.left_out,
        official_lists=manifest.official_lists,
    )


def _manifest(folder: Path) -> Manifest | None:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None


def _tidy(folder: Path, *, keep: Iterable[Manifest | None]) -> None:
    """Remove tables of older states; those of the last one may just be read by somebody."""
    used = {part.file for manifest in keep if manifest for part in manifest.parts.values()}
    for path in (*folder.glob("*.parquet"), *folder.glob("*.parquet.part")):
        if path.name not in used:
            path.unlink()


def _table(imported: Imported, name: str) -> pd.DataFrame:
    if name != "findings":
        table: pd.DataFrame = getattr(imported, name)
        return table
    columns = ["severity", "file", "template", "row", "column", "fields"]
    rows = [
        (f.severity, f.file, f.template, f.row, f.column, _as_json(f.fields))
        for f in imported.findings
    ]
    return pd.DataFrame(rows, columns=columns).astype({"row": "Int64", "column": "str"})


def _write(name: str, table: pd.DataFrame, folder: Path) -> Part:
    packed = BytesIO()
    table.to_parquet(packed, index=False, compression="zstd")
    content = packed.getvalue()
    digest = sha256(content).hexdigest()
    path = folder / f"{name}-{digest[:12]}.parquet"
    half = path.with_name(path.name + ".part")
    half.write_bytes(content)
    half.replace(path)
    return Part(file=path.name, sha256=digest, rows=len(table))


def _read(part: Part, folder: Path) -> pd.DataFrame:
    path = folder / Path(part.file).name
    if not path.is_file() or sha256(content := path.read_bytes()).hexdigest() != part.sha256:
        raise FileNotUsable(file=path.name, why=N_("it is missing, or has changed since"))
    return pd.read_parquet(BytesIO(content))


def _as_json(fields: Mapping[str, object]) -> str:
    """Write fields; texts of ours that are to be translated are marked as such."""
    return json.dumps(
        {k: {"t": v} if isinstance(v, Phrase) else v for k, v in fields.items()},
        ensure_ascii=False,
    )


def _to_finding(row: Mapping[Any, Any]) -> Finding:
    fields = {
        key: Phrase(value["t"]) if isinstance(value, dict) else value
        for key, value in json.loads(row["fields"]).items()
    }
    number = None if pd.isna(row["row"]) else int(row["row"])
    column = row["column"] if isinstance(row["column"], str) and row["column"] else None
    return Finding(row["severity"], row["file"], row["template"], number, column, fields)
