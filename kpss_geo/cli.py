"""The same Answers from a terminal: `kpss-geo`.

Data go to standard output, what is said about them to standard error. A value that is
not known ends with exit code 2 and one line; a file that cannot be used with 1.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
import typer.main
from rich.table import Table
from typer.exceptions import TyperException

import kpss_geo
from kpss_geo import dataset, settings, study, terminal
from kpss_geo.catalogue import choose_type
from kpss_geo.dataset import Data
from kpss_geo.distance import MODES, Mode, Reach
from kpss_geo.errors import (
    N_,
    BadOption,
    FileNotUsable,
    KpssGeoError,
    RoadsMissing,
    UnknownServiceType,
    UnknownTargetGroup,
    UnknownTerritory,
)
from kpss_geo.report import files, rows, sentences
from kpss_geo.report.rows import Row
from kpss_geo.sources import boundaries
from kpss_geo.study import Answer
from kpss_geo.territory import nearest_names
from kpss_geo.text import Words, known_language

USAGE_ERRORS = (BadOption, RoadsMissing, UnknownServiceType, UnknownTargetGroup, UnknownTerritory)

# Help texts are made when this module is read; a wrong setting is reported by `main`.
WORDS = Words(known_language(os.environ.get("KPSS_LANGUAGE", "")))
_ = WORDS.t


class Format(StrEnum):
    """Forms in which rows are written."""

    table = "table"
    csv = "csv"
    json = "json"
    geojson = "geojson"


class WayOfTravel(StrEnum):
    """How people travel."""

    straight = "straight"
    car = "car"
    walk = "walk"


class FormOfService(StrEnum):
    """The register's codes of forms."""

    pob = "pob"
    amb = "amb"
    ter = "ter"


app = typer.Typer(
    name="kpss-geo",
    help=_("Coverage and distance gaps of social services for community planning."),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)
data_app = typer.Typer(help=_("The office's own data."), no_args_is_help=True)
bench_app = typer.Typer(help=_("Measured speed and derived constants."), no_args_is_help=True)
app.add_typer(data_app, name="data")
app.add_typer(bench_app, name="bench")

TerritoryArg = Annotated[str, typer.Argument(help=_("Id or name of a territory."))]
ServiceOpt = Annotated[
    str | None,
    typer.Option(
        help=_("Register code (13), paragraph (§49) or name; without it every type in the data.")
    ),
]
TargetOpt = Annotated[str, typer.Option(help=_("Target group: seniori, 80+, deti, vsichni."))]
MaxKmOpt = Annotated[float | None, typer.Option(help=_("Reach in kilometres by road."))]
MaxMinOpt = Annotated[float | None, typer.Option(help=_("Reach in minutes."))]
TravelOpt = Annotated[
    WayOfTravel, typer.Option(help=_("Straight line with a detour, by car, or on foot."))
]
FormOpt = Annotated[FormOfService | None, typer.Option(help=_("Only this form: pob, amb or ter."))]
OnOpt = Annotated[str | None, typer.Option(help=_("Day asked about, YYYY-MM-DD; today."))]
FormatOpt = Annotated[Format, typer.Option(help=_("How the rows are written."))]
OutOpt = Annotated[Path | None, typer.Option(help=_("File to write into."))]


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer hands the flag over so
    if wanted:
        typer.echo(f"kpss-geo {kpss_geo.__version__}")
        raise typer.Exit


@app.callback()
def _top(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("The version."))
    ] = False,
) -> None:
    del version


@app.command(help=_("List the territories."))
def territories() -> None:
    """List territories: id, name, how many obce."""
    data = dataset.load(settings.current())
    table = Table("id", _("Territory"), _("obce"), _("plan"), box=None)
    for key, place in data.territories.items():
        table.add_row(key, place.name, str(len(place.codes)), place.plan)
    terminal.console().print(table)


@app.command(help=_("Who is within reach of a service and who is not, by obec."))
def coverage(
    territory: TerritoryArg,
    service: ServiceOpt = None,
    target: TargetOpt = "seniori",
    max_km: MaxKmOpt = None,
    max_min: MaxMinOpt = None,
    travel: TravelOpt = WayOfTravel.straight,
    form: FormOpt = None,
    on: OnOpt = None,
    format: FormatOpt = Format.table,  # noqa: A002 - the name people type
    out: OutOpt = None,
) -> None:
    """Print every obec of the territory."""
    asked = Asked(service, target, _reach(max_km, max_min), travel.value, form, _day(on))
    data, answers = _answers(territory, asked)
    _write(answers, [rows.rows(a) for a in answers], data=data, format_=format, out=out)


@app.command(help=_("Only the obce with people not covered, most people first."))
def gaps(
    territory: TerritoryArg,
    service: ServiceOpt = None,
    target: TargetOpt = "seniori",
    max_km: MaxKmOpt = None,
    max_min: MaxMinOpt = None,
    travel: TravelOpt = WayOfTravel.straight,
    form: FormOpt = None,
    on: OnOpt = None,
    format: FormatOpt = Format.table,  # noqa: A002 - the name people type
    out: OutOpt = None,
) -> None:
    """Print the obce with a gap."""
    asked = Asked(service, target, _reach(max_km, max_min), travel.value, form, _day(on))
    data, answers = _answers(territory, asked)
    _write(answers, [rows.gap_rows(a) for a in answers], data=data, format_=format, out=out)


@app.command("app", help=_("Start the app in this computer's browser."))
def start_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help=_("Port of the address."))] = 8501,
    address: Annotated[
        str, typer.Option(help=_("Who may open it: 127.0.0.1 this computer, 0.0.0.0 the network."))
    ] = "127.0.0.1",
) -> None:
    """Start the server and print its address."""
    from streamlit.web import cli as streamlit_cli  # noqa: PLC0415 - slow, needed only here

    script = settings.shipped_root() / "app.py"
    typer.echo(
        _("The app runs at {address} (stop it with Ctrl+C).", address=f"http://localhost:{port}")
    )
    sys.argv = ["streamlit", "run", str(script), "--server.port", str(port)]
    sys.argv += ["--server.address", address]
    streamlit_cli.main()


@data_app.command("boundaries", help=_("Take over obec boundaries from a file of your own."))
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


@data_app.command("roads", help=_("Take over roads from an OSM extract or a table of lines."))
def take_roads(
    file: Annotated[
        Path, typer.Argument(help=_("OSM extract (.osm.pbf, .osm.gz, .osm) or GeoParquet."))
    ],
) -> None:
    """Check a road file, copy it into the data folder and make it ready to be asked."""
    current = settings.current()
    target = dataset.take_roads(file, current)
    for mode in MODES[1:]:
        opened = dataset.open_roads(current, mode, progress=_progress)
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


@data_app.command("check", help=_("List the faults found in the data; exit code 1 on errors."))
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


@bench_app.command("coverage", help=_("Straight-line coverage of the whole country."))
def bench_coverage(
    repeats: Annotated[int, typer.Option(min=1, max=100, help=_("How many times to measure."))] = 5,
    precincts: Annotated[
        Path | None, typer.Option(help=_("Precinct points of the whole country (GeoParquet)."))
    ] = None,
) -> None:
    """Time the whole country next to geopandas.sjoin_nearest."""
    from kpss_geo.bench import coverage as bench  # noqa: PLC0415 - only when asked for

    bench.run(
        dataset.load(settings.current()), settings.current(), repeats=repeats, precincts=precincts
    )


@bench_app.command("roads", help=_("Nearest places by road, next to other programs."))
def bench_roads() -> None:
    """Time every way to find the nearest places on the same graphs."""
    from kpss_geo.bench import roads as bench  # noqa: PLC0415 - only when asked for

    bench.run()


@bench_app.command("detour", help=_("Derive the detour factor from a road table."))
def bench_detour(
    roads: Annotated[Path, typer.Argument(help=_("Road lines in EPSG:5514 (GeoParquet)."))],
) -> None:
    """Print road length divided by straight length, by distance band."""
    from kpss_geo.bench import detour as bench  # noqa: PLC0415 - only when asked for

    bench.run(dataset.load(settings.current()).obce, roads)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected error is one line on standard error."""
    command = typer.main.get_command(app)
    try:
        code = command.main(args=arguments, prog_name="kpss-geo", standalone_mode=False)
    except KpssGeoError as error:
        _stop(WORDS.say(error), code=2 if isinstance(error, USAGE_ERRORS) else 1)
    except TyperException as error:
        _stop(_one_line(error), code=2)
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        sys.stderr.close()
        sys.exit(0)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _stop(text: str, *, code: int) -> None:
    typer.echo(" ".join(text.split("\n")), err=True)
    sys.exit(code)


def _one_line(error: TyperException) -> str:
    text = str(error.format_message() if hasattr(error, "format_message") else error)
    if text.startswith("No such command"):
        names = {name: name for name in ("territories", "coverage", "gaps", "app", "data", "bench")}
        given = text.split("'")[1] if "'" in text else ""
        return _(
            "The command {given} is not known. Nearest: {nearest}.",
            given=given,
            nearest=", ".join(nearest_names(given, names)),
        )
    return text


@dataclass(frozen=True)
class Asked:
    """What the options say, the same for every command that asks a question."""

    service: str | None
    target: str
    reach: Reach | None
    mode: Mode
    form: FormOfService | None
    on: date | None


def _answers(territory: str, asked: Asked) -> tuple[Data, list[Answer]]:
    current = settings.current()
    data = dataset.load(current)
    held = data.register.completeness.type_codes
    if asked.service is not None:
        chosen = [choose_type(data.types, asked.service).code]
    else:
        chosen = [code for code in data.types if code in held] or list(data.types)
    opened = dataset.open_roads(current, asked.mode, progress=_progress)
    roads = None if opened is None else opened[0]
    questions = [
        study.ask(
            data,
            current,
            territory_id=territory,
            service=code,
            target=asked.target,
            form=asked.form.value if asked.form else None,
            reach=asked.reach,
            on=asked.on,
            mode=asked.mode,
            roads=roads,
        )
        for code in chosen
    ]
    return data, [study.answer(question, data, roads=roads) for question in questions]


def _progress(step: str, count: int) -> None:
    if sys.stderr.isatty():
        terminal.say(f"{_(step)} ({WORDS.number(count)})")


def _reach(max_km: float | None, max_min: float | None) -> Reach | None:
    if max_km is not None and max_min is not None:
        raise BadOption(
            given="--max-km + --max-min", option="--max-km, --max-min", possible=N_("one of them")
        )
    if max_km is not None:
        return Reach(max_km, "km")
    return None if max_min is None else Reach(max_min, "min")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadOption(given=text, option="--on", possible="YYYY-MM-DD") from error


def _write(
    answers: list[Answer], lists: list[list[Row]], *, data: Data, format_: Format, out: Path | None
) -> None:
    if format_ is Format.table and out is None:
        for answer, records in zip(answers, lists, strict=True):
            terminal.print_table(answer, records, WORDS)
    else:
        records = [row for part in lists for row in part]
        text = _as_text(answers, records, data=data, format_=format_)
        if out is None:
            sys.stdout.write(text.rstrip("\n") + "\n")
        else:
            terminal.write_file(out, text)
            typer.echo(
                _("{count} rows were written into {file}.", count=len(records), file=out.name),
                err=True,
            )
    codes = answers[-1].territory.codes
    terminal.say_provenance(answers[-1], WORDS, real=dataset.has_boundaries(codes, data), data=data)


def _as_text(answers: list[Answer], records: list[Row], *, data: Data, format_: Format) -> str:
    if format_ is Format.csv:
        return files.to_csv(records)
    if format_ is Format.json:
        return files.to_json(records)
    if format_ is Format.table:
        raise BadOption(given="table", option="--out", possible="csv, json, geojson")
    if len(answers) > 1:
        raise BadOption(given="geojson", option="--format", possible=N_("with one --service"))
    codes = pd.Index(answers[0].territory.codes, name="code")
    areas, real = dataset.areas_of(codes, data)
    return files.to_geojson(records, areas, answer=answers[0], real_boundaries=real)
