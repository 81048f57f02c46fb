"""Commands about the office's own data."""

from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import dataset, register_update, settings, terminal
from kpss_geo.cli.options import WORDS, day_of, show_progress
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


@app.command("register", help=_("Take over the official register of providers (RPSS, JSON)."))
def take_register(
    file: Annotated[Path, typer.Argument(help=_("File rpss.json as MPSV publishes it."))],
    lists: Annotated[
        Path | None,
        typer.Option(help=_("Folder of the official code lists; code_lists beside the file.")),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help=_("Day of the file, YYYY-MM-DD; when it was last changed."))
    ] = None,
) -> None:
    """Import the register, put it into the data folder and print what changed."""
    current = settings.current()
    data = dataset.load(current)
    taken = register_update.take_register(
        file,
        current,
        obce=data.obce,
        types=data.types,
        as_of=day_of(as_of, option="--as-of"),
        lists=lists,
        progress=show_progress,
    )
    if taken.changes is not None:
        terminal.print_changes(taken.changes, data.types, WORDS)
    errors = sum(finding.severity == "error" for finding in taken.register.findings)
    typer.echo(
        _(
            "{services} services, {places} places; {left_out} of {records} records were left out. "
            "{errors} errors and {others} other findings: kpss-geo data check.",
            services=WORDS.number(len(taken.register.services)),
            places=WORDS.number(len(taken.register.places)),
            left_out=WORDS.number(taken.left_out),
            records=WORDS.number(taken.records),
            errors=WORDS.number(errors),
            others=WORDS.number(len(taken.register.findings) - errors),
        ),
        err=True,
    )


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
