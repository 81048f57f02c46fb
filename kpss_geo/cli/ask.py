"""Commands that ask about a territory: who is covered, where the gaps are."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from kpss_geo import dataset, plan, settings, study, team, terminal
from kpss_geo.catalogue import choose_type
from kpss_geo.cli.options import (
    WORDS,
    Asked,
    Format,
    FormatOpt,
    FormOpt,
    MaxKmOpt,
    MaxMinOpt,
    OnOpt,
    OutOpt,
    ServiceOpt,
    TargetOpt,
    TerritoryArg,
    TravelOpt,
    WayOfTravel,
    day_of,
    reach_of,
    show_progress,
)
from kpss_geo.dataset import Data
from kpss_geo.distance import Mode
from kpss_geo.errors import N_, BadOption
from kpss_geo.network import Roads
from kpss_geo.report import files, rows
from kpss_geo.report.rows import Row
from kpss_geo.settings import Settings
from kpss_geo.study import Answer
from kpss_geo.team import Team

_ = WORDS.t
app = typer.Typer()


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
    asked = Asked(service, target, reach_of(max_km, max_min), travel.value, form, day_of(on))
    data, answers = find_answers(territory, asked)
    _write(
        answers, [rows.rows(a, words=WORDS) for a in answers], data=data, format_=format, out=out
    )


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
    *,
    all_: Annotated[
        bool,
        typer.Option("--all", help=_("Every type of service and every obec, with every verdict.")),
    ] = False,
) -> None:
    """Print the obce with a gap, or with `--all` every verdict of every type."""
    asked = Asked(service, target, reach_of(max_km, max_min), travel.value, form, day_of(on))
    if all_ and service is not None:
        raise BadOption(given=service, option="--service", possible=N_("not with --all"))
    data, answers = find_answers(territory, asked, every_type=all_)
    if all_ and format is Format.table and out is None:
        terminal.print_board(answers, WORDS)
        _provenance(answers, data)
        return
    lists = [rows.rows(a, words=WORDS) if all_ else rows.gap_rows(a, words=WORDS) for a in answers]
    _write(answers, lists, data=data, format_=format, out=out)


@dataclass(frozen=True)
class Desk:
    """What every question of one command is answered from."""

    settings: Settings
    data: Data
    team: Team
    roads: Roads | None


def open_desk(mode: Mode) -> Desk:
    """Read the data, the plan and the roads of a way of travel."""
    current = settings.current()
    data = dataset.load(current)
    ours = team.read_team(current, plan.find_plan(current.plan_path))
    opened = dataset.open_roads(current, mode, progress=show_progress)
    return Desk(current, data, ours, None if opened is None else opened[0])


def find_answers(
    territory: str, asked: Asked, *, every_type: bool = False
) -> tuple[Data, list[Answer]]:
    """Answer what the options ask, for one type or for all that the data hold."""
    desk = open_desk(asked.mode)
    return desk.data, answers_at(desk, territory, asked, every_type=every_type)


def answers_at(
    desk: Desk, territory: str, asked: Asked, *, every_type: bool = False
) -> list[Answer]:
    """Answer what the options ask of a territory, from what is read already."""
    data, roads = desk.data, desk.roads
    held = data.register.completeness.type_codes
    if every_type:
        chosen = list(data.types)
    elif asked.service is not None:
        chosen = [choose_type(data.types, asked.service).code]
    else:
        chosen = [code for code in data.types if code in held] or list(data.types)
    questions = [
        study.ask(
            data,
            desk.settings,
            territory_id=territory,
            service=code,
            target=asked.target,
            form=asked.form.value if asked.form else None,
            reach=asked.reach,
            on=asked.on,
            mode=asked.mode,
            roads=roads,
            limits=desk.team.limits,
            said_digest=desk.team.served.digest,
        )
        for code in chosen
    ]
    measured = study.measure(questions[0], data, roads=roads)
    return [
        study.answer(question, data, roads=roads, said=desk.team.served, measured=measured)
        for question in questions
    ]


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
    _provenance(answers, data)


def _provenance(answers: list[Answer], data: Data) -> None:
    real = dataset.has_boundaries(answers[-1].territory.codes, data)
    terminal.say_provenance(answers[-1], WORDS, real=real, data=data)


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
