"""Command that sets two territories, or two days of one, side by side."""

import sys
from dataclasses import replace
from typing import Annotated

import typer

from kpss_geo import dataset, study, terminal
from kpss_geo.cli.ask import answers_at, open_desk
from kpss_geo.cli.options import (
    WORDS,
    Asked,
    FormOpt,
    MaxKmOpt,
    MaxMinOpt,
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
    reach_of,
)
from kpss_geo.dataset import Data
from kpss_geo.errors import BadOption
from kpss_geo.report import compared_rows, compared_words, files
from kpss_geo.study import Comparison

_ = WORDS.t
app = typer.Typer()


OtherArg = Annotated[
    str | None, typer.Argument(help=_("The territory compared with it; the same one for two days."))
]
WithOnOpt = Annotated[
    str | None, typer.Option(help=_("Day of the second side, YYYY-MM-DD; that of --on."))
]


@app.command(help=_("Two territories, or one on two days: who is covered on each side."))
def compare(
    territory: TerritoryArg,
    other: OtherArg = None,
    service: ServiceOpt = None,
    target: TargetOpt = "seniori",
    max_km: MaxKmOpt = None,
    max_min: MaxMinOpt = None,
    travel: TravelOpt = WayOfTravel.straight,
    form: FormOpt = None,
    on: OnOpt = None,
    with_on: WithOnOpt = None,
    format: RowFormatOpt = RowFormat.table,  # noqa: A002 - the name people type
    out: OutOpt = None,
) -> None:
    """Print the comparison: one type whole, or every type in a line each."""
    if other is None and with_on is None:
        raise BadOption(given="–", option="B, --with-on", possible=_("one of them"))
    first = Asked(service, target, reach_of(max_km, max_min), travel.value, form, day_of(on))
    second = replace(first, on=day_of(with_on, option="--with-on") or first.on)
    desk = open_desk(first.mode)
    sides = [
        answers_at(desk, where, asked)
        for where, asked in ((territory, first), (other or territory, second))
    ]
    found = [study.compare(a, b, data=desk.data) for a, b in zip(*sides, strict=True)]
    if format is RowFormat.table:
        if out is not None:
            raise BadOption(given="table", option="--out", possible="csv, json")
        terminal.print_comparisons(found, WORDS)
    else:
        _write(found, format, out)
    _say_cautions(found, desk.data)
    real = all(
        dataset.has_boundaries(each.territory.codes, desk.data) for each in (found[0].a, found[0].b)
    )
    terminal.say_sources(terminal.source_parts(found[0].a, WORDS, real=real), WORDS)


def _say_cautions(found: list[Comparison], data: Data) -> None:
    """Say what holds of every type compared; of one type alone, all of it."""
    lists = [compared_words.cautions(each, data, WORDS) for each in found]
    for text in lists[0]:
        if all(text in others for others in lists):
            terminal.say(f"- {text}")
    if len(lists) > 1:
        terminal.say(f"- {_('What else holds of one type of service is said with --service.')}")


def _write(found: list[Comparison], format_: RowFormat, out: OutOpt) -> None:
    rows = compared_rows.rows(found)
    if format_ is RowFormat.csv:
        text = files.to_csv(rows, fields=compared_rows.FIELDS)
    else:
        text = files.to_json(rows)
    if out is None:
        sys.stdout.write(text.rstrip("\n") + "\n")
        return
    terminal.write_file(out, text)
    terminal.say(_("{count} rows were written into {file}.", count=len(rows), file=out.name))
