"""Commands about the office's own data."""

from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import dataset, settings, terminal
from kpss_geo.cli.options import WORDS, show_progress
from kpss_geo.distance import MODES
from kpss_geo.errors import N_, FileNotUsable
from kpss_geo.report import sentences
from kpss_geo.sources import boundaries

_ = WORDS.t
app = typer.Typer(help=_("The office's own data."), no_args_is_help=True)


@app.command("boundaries", help=_("Take over obec boundaries from a file of your own."))
def take_boundaries(
    file: Annotated[Path, typer.Argument(help=_("GeoPackage, Shapefile, GeoJSON or GeoParquet."))],
) -> None:
    """Check a boundary file and write it into the data folder in the product's own form."""
    current = settings.current()
    known = dataset.load(current).obce.index
    areas, findings = boundaries.read_boundaries(file, known=known)
    for finding in findings:
        typer.echo(terminal.finding_line(finding, WORDS), err=True)
    if areas.empty:
        raise FileNotUsable(file=file.name, why=N_("none of its rows can be used"))
    boundaries.write_boundaries(areas, folder=current.geo_data)
    typer.echo(_("{count} boundaries were taken over.", count=WORDS.number(len(areas))))


@app.command("roads", help=_("Take over roads from an OSM extract or a table of lines."))
def take_roads(
    file: Annotated[
        Path, typer.Argument(help=_("OSM extract (.osm.pbf, .osm.gz, .osm) or GeoParquet."))
    ],
) -> None:
    """Check a road file, copy it into the data folder and make it ready to be asked."""
    current = settings.current()
    target = dataset.take_roads(file, current)
    for mode in MODES[1:]:
        opened = dataset.open_roads(current, mode, progress=show_progress)
        if opened is None:
            continue
        graph = opened[0].graph
        for finding in opened[1]:
            typer.echo(terminal.finding_line(finding, WORDS), err=True)
        typer.echo(
            _(
                "{mode}: {km} km of roads, {count} junctions ({file}).",
                mode=_(sentences.MODE_WORDS[mode]),
                km=WORDS.number(float(graph.length_dm.sum()) / 10_000),
                count=WORDS.number(len(graph.node_x)),
                file=target.name,
            )
        )


@app.command("check", help=_("List the faults found in the data; exit code 1 on errors."))
def check() -> None:
    """Print every finding: file, row, column, what was done."""
    findings = dataset.load(settings.current()).findings
    for finding in findings:
        typer.echo(terminal.finding_line(finding, WORDS))
    errors = sum(finding.severity == "error" for finding in findings)
    typer.echo(
        _(
            "{errors} errors, {others} warnings.",
            errors=WORDS.number(errors),
            others=WORDS.number(len(findings) - errors),
        ),
        err=True,
    )
    raise typer.Exit(1 if errors else 0)
