"""The command that writes what goes into the plan: chapter, catalogue, maps, data."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import export, plan, settings, team
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


class PaperSize(StrEnum):
    """Sizes of paper for print maps."""

    a4 = "a4"
    a3 = "a3"


def _flag(name: str, text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(f"--{name}", help=text)
    return option


FolderOpt = Annotated[Path, typer.Option("--out", help=_("Folder to write into."))]
TemplateOpt = Annotated[
    Path | None, typer.Option(help=_("A Word document whose styles the documents take."))
]
AllOpt = Annotated[bool, _flag("all", _("Everything that can be made."))]
DocxOpt = Annotated[bool, _flag("docx", _("The analytical chapter, Word."))]
MapsOpt = Annotated[bool, _flag("maps", _("Print maps, PNG and SVG."))]
AtlasOpt = Annotated[bool, _flag("atlas", _("An atlas: a page with a map for every obec, PDF."))]
PaperOpt = Annotated[PaperSize, typer.Option(help=_("Paper of the print maps: a4 or a3."))]
XlsxOpt = Annotated[bool, _flag("xlsx", _("Excel workbook of all the data."))]
GpkgOpt = Annotated[bool, _flag("gpkg", _("GeoPackage that opens coloured in QGIS."))]
HtmlOpt = Annotated[bool, _flag("html", _("One HTML file that needs neither server nor internet."))]
CsvOpt = Annotated[
    bool, _flag("csv", _("The sheets of the workbook as CSV that a Czech Excel opens."))
]
ParquetOpt = Annotated[bool, _flag("geoparquet", _("Obce and places as GeoParquet."))]
DcatOpt = Annotated[
    bool, _flag("dcat", _("Record for the catalogue of open data (DCAT-AP-CZ), with CSV."))
]
IsoOpt = Annotated[
    bool, _flag("iso", _("Metadata of the GeoPackage (ISO 19139), with the GeoPackage."))
]
HsdsOpt = Annotated[
    bool, _flag("hsds", _("Services for other directories: Open Referral HSDS 3, JSON."))
]
CatalogueOpt = Annotated[bool, _flag("catalogue", _("Provider catalogue, Word."))]
LargeOpt = Annotated[
    bool, _flag("large-print", _("Provider catalogue in large print, Word and PDF."))
]
SheetsOpt = Annotated[bool, _flag("sheets", _("One page for every obec, Word."))]
PdfOpt = Annotated[
    bool, _flag("pdf", _("Chapter, catalogue and sheets as PDF for everybody (PDF/UA)."))
]


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
    docx: DocxOpt = False,
    catalogue: CatalogueOpt = False,
    large_print: LargeOpt = False,
    sheets: SheetsOpt = False,
    pdf: PdfOpt = False,
    maps: MapsOpt = False,
    atlas: AtlasOpt = False,
    xlsx: XlsxOpt = False,
    gpkg: GpkgOpt = False,
    html: HtmlOpt = False,
    csv: CsvOpt = False,
    geoparquet: ParquetOpt = False,
    hsds: HsdsOpt = False,
    iso: IsoOpt = False,
    dcat: DcatOpt = False,
    all_: AllOpt = False,
    template: TemplateOpt = None,
    paper: PaperOpt = PaperSize.a4,
) -> None:
    """Write the outputs asked for into a folder and name every file."""
    wanted = {
        "docx": docx,
        "catalogue": catalogue,
        "large-print": large_print,
        "sheets": sheets,
        "pdf": pdf,
        "maps": maps,
        "atlas": atlas,
        "xlsx": xlsx,
        "gpkg": gpkg,
        "html": html,
        "csv": csv,
        "geoparquet": geoparquet,
        "hsds": hsds,
        "iso": iso,
        "dcat": dcat,
    }
    chosen = [name for name, asked_for in wanted.items() if asked_for or all_]
    if not chosen:
        names = ", ".join(f"--{name}" for name in (*wanted, "all"))
        raise BadOption(given="–", option="export", possible=names)
    asked = Asked(service, target, reach_of(max_km, max_min), travel.value, form, day_of(on))
    data, answers = find_answers(territory, asked)
    current = settings.current()
    said = team.read_team(current, plan.find_plan(current.plan_path)).served
    bundle = export.gather(answers, data, said=said)
    made = export.write(
        bundle, out, outputs=chosen, template=template, size=paper.value, progress=show_progress
    )
    for path in made:
        typer.echo(str(path))
