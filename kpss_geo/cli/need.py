"""Commands about supply against need, and about who bears the distance."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import dataset, need, settings, study, terminal
from kpss_geo.catalogue import BY_DISTANCE, choose_type
from kpss_geo.cli import need_tables
from kpss_geo.cli.options import (
    WORDS,
    FormOfService,
    FormOpt,
    OnOpt,
    OutOpt,
    RowFormat,
    RowFormatOpt,
    ServiceOpt,
    TargetOpt,
    TerritoryArg,
    TravelOpt,
    WayOfTravel,
    day_of,
    show_progress,
)
from kpss_geo.dataset import Data
from kpss_geo.distance import Reach
from kpss_geo.errors import BadOption
from kpss_geo.need import LIMITS_MIN, REACH_MIN, AccessAnswer, Equity, NeedQuestion
from kpss_geo.network import Roads
from kpss_geo.report import files, need_rows, need_words, sentences

_ = WORDS.t
app = typer.Typer()


MethodOpt = Annotated[
    str, typer.Option(help=_("How supply is shared: 2sfca, e2sfca, m2sfca or 3sfca."))
]
DecayOpt = Annotated[
    str | None,
    typer.Option(
        help=_("How a place fades: none, zones, gaussian, linear, kernel, exponential, gravity.")
    ),
]
UnitOpt = Annotated[
    str | None,
    typer.Option(help=_("Unit of capacity: luzka, klient, kontakt, interv or hovor.")),
]
ReachOpt = Annotated[float, typer.Option("--max-min", help=_("Reach in minutes."))]
BeyondOpt = Annotated[
    list[float], typer.Option(help=_("Count people farther than so many minutes; may repeat."))
]


@dataclass(frozen=True)
class Wanted:
    """What the options say, the same for both commands."""

    service: str | None
    target: str
    form: FormOfService | None
    day: str | None
    mode: WayOfTravel
    reach_min: float
    method: str
    decay: str | None
    unit: str | None


@app.command(help=_("How much capacity people reach, by obec: supply against need."))
def access(
    territory: TerritoryArg,
    service: ServiceOpt = None,
    target: TargetOpt = "seniori",
    method: MethodOpt = "2sfca",
    decay: DecayOpt = None,
    max_min: ReachOpt = REACH_MIN,
    travel: TravelOpt = WayOfTravel.straight,
    unit: UnitOpt = None,
    form: FormOpt = None,
    on: OnOpt = None,
    format: RowFormatOpt = RowFormat.table,  # noqa: A002 - the name people type
    out: OutOpt = None,
) -> None:
    """Print capacity per 1 000 people for every obec of the territory."""
    wanted = Wanted(service, target, form, on, travel, max_min, method, decay, unit)
    data, questions, roads = _questions(territory, wanted)
    answers = [need.access_of(question, data, roads=roads) for question in questions]
    rows = [row for answer in answers for row in need_rows.access_rows(answer)]
    _write(rows, need_rows.ACCESS_FIELDS, format_=format, out=out)
    for answer in answers:
        if format is RowFormat.table and out is None:
            need_tables.print_access(answer, WORDS)
        _say(answer)
    _end(answers[-1], data)


@app.command(help=_("Who bears the distance: by age, size of obec, social exclusion, ORP."))
def equity(
    territory: TerritoryArg,
    service: ServiceOpt = None,
    target: TargetOpt = "seniori",
    beyond: BeyondOpt = list(LIMITS_MIN),  # noqa: B006 - typer copies it
    method: MethodOpt = "2sfca",
    decay: DecayOpt = None,
    max_min: ReachOpt = REACH_MIN,
    travel: TravelOpt = WayOfTravel.straight,
    unit: UnitOpt = None,
    form: FormOpt = None,
    on: OnOpt = None,
    format: RowFormatOpt = RowFormat.table,  # noqa: A002 - the name people type
    out: OutOpt = None,
) -> None:
    """Print measures of the way and of access for the parts of the people."""
    limits_min = tuple(sorted({Reach(limit, "min").value for limit in beyond}))
    wanted = Wanted(service, target, form, on, travel, max_min, method, decay, unit)
    data, questions, roads = _questions(territory, wanted)
    answers = [
        need.equity_of(question, data, limits_min=limits_min, roads=roads) for question in questions
    ]
    rows = [row for answer in answers for row in need_rows.equity_rows(answer)]
    _write(rows, tuple(rows[0]), format_=format, out=out)
    for answer in answers:
        if format is RowFormat.table and out is None:
            need_tables.print_equity(answer, WORDS)
        _say(answer)
    _end(answers[-1], data)


def _questions(territory: str, wanted: Wanted) -> tuple[Data, list[NeedQuestion], Roads | None]:
    current = settings.current()
    data = dataset.load(current)
    opened = dataset.open_roads(current, wanted.mode.value, progress=show_progress)
    roads = None if opened is None else opened[0]
    questions = []
    for code in _types(data, wanted):
        about = study.ask(
            data,
            current,
            territory_id=territory,
            service=code,
            target=wanted.target,
            form=wanted.form.value if wanted.form else None,
            reach=Reach(wanted.reach_min, "min"),
            on=day_of(wanted.day),
            mode=wanted.mode.value,
            roads=roads,
        )
        questions.append(
            need.ask(about, data, method=wanted.method, decay=wanted.decay, unit=wanted.unit)
        )
    return data, questions, roads


def _types(data: Data, wanted: Wanted) -> list[str]:
    """Give the type asked for; without one those of the data that people travel to."""
    if wanted.service is not None:
        return [choose_type(data.types, wanted.service).code]
    asked = set(BY_DISTANCE) & ({wanted.form.value} if wanted.form else set(BY_DISTANCE))
    if not asked:
        raise BadOption(given=wanted.form, option="--form", possible=", ".join(BY_DISTANCE))
    held = data.register.completeness.type_codes or data.types.keys()
    return [
        code
        for code, kind in data.types.items()
        if code in held and asked & set(study.forms_offered(data, kind))
    ]


def _write(
    rows: Sequence[Mapping[str, object]],
    fields: tuple[str, ...],
    *,
    format_: RowFormat,
    out: Path | None,
) -> None:
    """Write rows as text; a table on the screen is left to the command."""
    if format_ is RowFormat.table and out is None:
        return
    if format_ is RowFormat.table:
        raise BadOption(given="table", option="--out", possible="csv, json")
    as_csv = format_ is RowFormat.csv
    text = files.to_csv(rows, fields=fields) if as_csv else files.to_json(rows)
    if out is None:
        sys.stdout.write(text.rstrip("\n") + "\n")
        return
    terminal.write_file(out, text)
    terminal.say(_("{count} rows were written into {file}.", count=len(rows), file=out.name))


def _say(answer: AccessAnswer | Equity) -> None:
    terminal.say("")
    terminal.say(need_words.method_sentence(answer.question, WORDS))
    for note in answer.notes:
        terminal.say(f"- {sentences.note_words(note, WORDS)}")


def _end(answer: AccessAnswer | Equity, data: Data) -> None:
    terminal.say_faults(data, WORDS)
    shorts = [_(source.short) for source in answer.sources if source.id != "types"]
    terminal.say_sources(shorts, WORDS)
