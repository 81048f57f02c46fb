"""Commands about served obce: a table to fill in, and the filled one taken over."""

from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from kpss_geo import dataset, plan, settings, terminal, territory
from kpss_geo.cli.options import WORDS, TerritoryArg
from kpss_geo.cli.plan_file import (
    AuthorOpt,
    PlanOpt,
    ReasonOpt,
    TableOut,
    ending_of,
    existing,
    for_writing,
)
from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.plan import Preview
from kpss_geo.schema import CODE, NAME, SERVICE_ID
from kpss_geo.text import in_order

_ = WORDS.t
app = typer.Typer(help=_("Which obce field services serve."), no_args_is_help=True)

FIELD = "ter"
MOST_SHOWN = 100
HEADINGS = (N_("service"), N_("obec"), N_("in the plan"), N_("by the file"), N_("written by"))
AroundOpt = Annotated[
    float, typer.Option(help=_("Take services seated up to so many kilometres around too."))
]


@app.command("export", help=_("Write a table of obce and field services, to be filled in."))
def export(
    place: TerritoryArg, out: TableOut, around: AroundOpt = 0.0, plan_file: PlanOpt = None
) -> None:
    """Write the template with what the plan already holds."""
    ending = ending_of(out)
    data = dataset.load(settings.current())
    where = territory.choose(data.territories, place)
    served = plan.served(existing(plan_file))
    served = served[served[CODE].isin(where.codes)]
    near = territory.surroundings(where, obce=data.obce, km=max(around, 0.0))
    services = plan.field_services(
        data.register,
        codes=[*where.codes, *near],
        type_names={code: kind.name for code, kind in data.types.items()},
        field_types=_field_types(data),
        on=date.today(),  # noqa: DTZ011 - the office's own calendar day
        stated=tuple(served[SERVICE_ID].unique()),
    )
    names = data.obce[NAME]
    obce = names.loc[in_order(where.codes, key=lambda code: str(names[code]))]
    write = plan.served_template if ending == ".xlsx" else plan.served_csv
    terminal.write_file(out, write(obce, services, served=served, words=WORDS))
    terminal.say(
        _(
            "{obce} obce and {services} services were written into {file}.",
            obce=WORDS.number(len(obce)),
            services=WORDS.number(len(services)),
            file=out.name,
        )
    )


@app.command(
    "import", help=_("Take a filled table over; without --yes only show what it would do.")
)
def take(
    file: Annotated[Path, typer.Argument(help=_("The filled table, .xlsx or .csv."))],
    *,
    yes: Annotated[bool, typer.Option("--yes", help=_("Write it into the plan."))] = False,
    reason: ReasonOpt = "",
    author: AuthorOpt = None,
    plan_file: PlanOpt = None,
) -> None:
    """Show every difference, name every doubtful cell; exit code 1 when cells were kept apart."""
    data = dataset.load(settings.current())
    opened = for_writing(plan_file, author) if yes else existing(plan_file)
    stated = plan.served(opened)[SERVICE_ID]
    known = [*data.register.services.index, *map(plan.any_of_type, data.types), *stated]
    names = {str(code): str(name) for code, name in data.obce[NAME].items()}
    read = plan.read_served(file, known_obce=names, known_services=known)
    for finding in read.findings:
        terminal.say(terminal.finding_line(finding, WORDS))
    shown = plan.preview(opened, read)
    _print(shown, data)
    if yes and opened is not None:
        count = plan.write_served(opened, shown, reason=reason or file.name)
        terminal.say(_("{count} statements were written into the plan.", count=WORDS.number(count)))
    elif shown.changes:
        terminal.say(_("Nothing was written yet; write it with --yes."))
    raise typer.Exit(1 if len(read.apart) else 0)


def _field_types(data: Data) -> list[str]:
    """Types that may be given in the field, by law or by what is in the register."""
    rows = data.register.capacities
    services = rows.loc[rows["form"] == FIELD, SERVICE_ID].unique()
    registered = set(data.register.services["type_code"].reindex(services))
    return [code for code, kind in data.types.items() if FIELD in kind.forms or code in registered]


def _print(shown: Preview, data: Data) -> None:
    table = Table(*(_(heading) for heading in HEADINGS), box=None, pad_edge=False)
    rows = pd.concat([shown.changed, shown.taken_back, shown.new], ignore_index=True)
    for row in rows.head(MOST_SHOWN).to_dict("records"):
        table.add_row(
            row[SERVICE_ID],
            str(data.obce.at[row[CODE], NAME]),
            _said(row["was"]),
            _said(row["serves"]),
            "" if pd.isna(row["author"]) else f"{row['author']}, {row['when']:%Y-%m-%d}",
        )
    if len(rows):
        terminal.console().print(table, markup=False)
    if len(rows) > MOST_SHOWN:
        terminal.say(_("… and {count} more.", count=WORDS.number(len(rows) - MOST_SHOWN)))
    terminal.say(
        _(
            "New: {new}, changed: {changed}, taken back: {back}, the same: {same}, contradicting "
            "in the file: {against}.",
            new=WORDS.number(len(shown.new)),
            changed=WORDS.number(len(shown.changed)),
            back=WORDS.number(len(shown.taken_back)),
            same=WORDS.number(shown.same),
            against=WORDS.number(len(shown.contradicting)),
        )
    )


def _said(value: object) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "–"
    return _("yes") if value else _("no")
