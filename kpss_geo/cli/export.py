"""The command that writes what goes into the plan: maps, tables, chapter, catalogue."""

from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import export
from kpss_geo.cli.ask import find_answers
from kpss_geo.cli.options import (
    WORDS,
    Asked,
    FormOpt,
    MaxKmOpt,
    MaxMinOpt,
    OnOpt,
    ServiceOpt,
    TargetOpt,
    TerritoryArg,
    TravelOpt,
    WayOfTravel,
    day_of,
    reach_of,
    show_progress,
)
from kpss_geo.errors import BadOption

_ = WORDS.t
app = typer.Typer()

FolderOpt = Annotated[Path, typer.Option("--out", help=_("Folder to write into."))]
AllOpt = Annotated[bool, typer.Option("--all", help=_("Everything that can be made."))]
MapsOpt = Annotated[bool, typer.Option("--maps", help=_("Print maps, A4: PNG and SVG."))]
XlsxOpt = Annotated[bool, typer.Option("--xlsx", help=_("Excel workbook of all the data."))]
GpkgOpt = Annotated[bool, typer.Option("--gpkg", help=_("GeoPackage that opens coloured in QGIS."))]


@app.command("export", help=_("Write what goes into the plan: maps, tables, chapter, catalogue."))
def export_files(
    territory: TerritoryArg,
    out: FolderOpt,
    service: ServiceOpt = None,
    target: TargetOpt = "seniori",
    max_km: MaxKmOpt = None,
    max_min: MaxMinOpt = None,
    travel: TravelOpt = WayOfTravel.straight,
    form: FormOpt = None,
    on: OnOpt = None,
    *,
    maps: MapsOpt = False,
    xlsx: XlsxOpt = False,
    gpkg: GpkgOpt = False,
    all_: AllOpt = False,
) -> None:
    """Write the outputs asked for into a folder and name every file."""
    wanted = {"maps": maps, "xlsx": xlsx, "gpkg": gpkg}
    chosen = [name for name, asked_for in wanted.items() if asked_for or all_]
    if not chosen:
        raise BadOption(
            given="–", option="export", possible=", ".join(f"--{name}" for name in (*wanted, "all"))
        )
    asked = Asked(service, target, reach_of(max_km, max_min), travel.value, form, day_of(on))
    data, answers = find_answers(territory, asked)
    bundle = export.gather(answers, data)
    for path in export.write(bundle, out, outputs=chosen, progress=show_progress):
        typer.echo(str(path))
