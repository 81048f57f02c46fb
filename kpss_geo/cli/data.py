"""Commands about the office's own data."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import dataset, plan, register_update, settings, terminal
from kpss_geo.cli.options import WORDS, day_of, show_progress
from kpss_geo.cli.plan_file import for_writing
from kpss_geo.distance import MODES
from kpss_geo.errors import N_, BadOption, FileNotUsable, Finding
from kpss_geo.own import Checked, check_table, take_table, undo_table, write_template
from kpss_geo.own.kinds import FILES, choose_kind
from kpss_geo.own.served import as_statements
from kpss_geo.report import own_words, quality, sentences
from kpss_geo.settings import Settings
from kpss_geo.sources import boundaries
from kpss_geo.sources.taken import read_notes

_ = WORDS.t
KindArg = Annotated[
    str, typer.Argument(metavar="KIND", help=_("providers, served, population or obce."))
]
app = typer.Typer(help=_("The office's own data."), no_args_is_help=True)


@app.command("boundaries", help=_("Take over obec boundaries from a file of your own."))
def take_boundaries(
    file: Annotated[
        Path, typer.Argument(help=_("GeoPackage, Shapefile, GeoJSON (also in ZIP), GeoParquet."))
    ],
    layer: Annotated[
        str | None, typer.Option(help=_("Layer to read where the file has more of them."))
    ] = None,
) -> None:
    """Check a boundary file and write it into the data folder in the product's own form."""
    current = settings.current()
    known = dataset.load(current).obce.index
    areas, findings = boundaries.read_boundaries(file, known=known, layer=layer)
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
def check(
    out: Annotated[
        Path | None, typer.Option(help=_("XLSX file for the faults and what was used."))
    ] = None,
) -> None:
    """Print every finding: file, row, column, what was done."""
    current = settings.current()
    data = dataset.load(current)
    if out is None:
        for finding in data.findings:
            typer.echo(terminal.finding_line(finding, WORDS))
    else:
        notes, _findings = read_notes(current.geo_data)
        sums = quality.counts(data, WORDS, notes=notes)
        quality.write_quality(out, quality.faults(data.findings, WORDS), sums, WORDS)
        typer.echo(_("The report was written into {file}.", file=out.name), err=True)
    raise typer.Exit(_say_count(data.findings))


def _say_count(findings: Sequence[Finding]) -> int:
    """Say how many errors there are; gives the exit code."""
    errors = sum(finding.severity == "error" for finding in findings)
    typer.echo(
        _(
            "{errors} errors, {others} warnings.",
            errors=WORDS.number(errors),
            others=WORDS.number(len(findings) - errors),
        ),
        err=True,
    )
    return 1 if errors else 0


@app.command("template", help=_("Write an empty table to fill in."))
def template(
    kind: KindArg,
    out: Annotated[Path, typer.Option(help=_("File to write, .xlsx or .csv."))],
) -> None:
    """Write a template with headings, an example and an explanation."""
    write_template(choose_kind(kind), out, words=WORDS)
    typer.echo(_("The template was written into {file}.", file=out.name), err=True)


@app.command("table", help=_("Check a table of your own; with --yes take it over."))
def take_own_table(
    kind: KindArg,
    file: Annotated[Path, typer.Argument(help=_("CSV, XLSX, ODS, or Open Referral JSON."))],
    *,
    map: Annotated[  # noqa: A002 - the name people type
        list[str] | None,
        typer.Option(help=_("Which column holds what: obec=Město; obec=- where none does.")),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help=_("Sheet of a workbook."))] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Write it into the data folder."))] = False,
) -> None:
    """Say what a table holds and what is wrong with it; write it only when told to."""
    current = settings.current()
    checked = check_table(
        choose_kind(kind),
        file,
        data=dataset.load(current),
        settings=current,
        mapping=_mapping(map),
        sheet=sheet,
    )
    terminal.print_checked(checked, WORDS)
    if yes:
        target = _take(checked, current)
        typer.echo(
            _(
                "{count} rows were taken over into {file}; {left} were left out.",
                count=WORDS.number(checked.read - checked.left_out),
                file=target,
                left=WORDS.number(checked.left_out),
            )
        )
        return
    typer.echo(_("Nothing was written. Add --yes to take it over."), err=True)
    raise typer.Exit(_say_count(checked.findings))


@app.command("undo", help=_("Put back the table that the last taking over replaced."))
def undo(kind: KindArg) -> None:
    """Swap the table in force with the one before it."""
    chosen = choose_kind(kind)
    if chosen not in FILES:
        raise BadOption(given=kind, option="KIND", possible=", ".join(FILES))
    target = undo_table(chosen, folder=settings.current().geo_data)
    typer.echo(own_words.undone(target, WORDS))


def _take(checked: Checked, current: Settings) -> str:
    """Write a checked table; gives the name of the file it is in."""
    if checked.kind == "served":
        opened = for_writing(None, None)
        said = plan.preview(opened, as_statements(checked.table))
        plan.write_served(opened, said, reason=checked.file)
        return current.plan_path.name
    today = date.today()  # noqa: DTZ011 - the office's own calendar day
    return take_table(checked, folder=current.geo_data, on=today).name


def _mapping(pairs: list[str] | None) -> dict[str, str]:
    mapping = {}
    for pair in pairs or []:
        key, equals, name = pair.partition("=")
        if not equals:
            raise BadOption(given=pair, option="--map", possible=N_("wanted=column"))
        mapping[key.strip()] = name.strip()
    return mapping
