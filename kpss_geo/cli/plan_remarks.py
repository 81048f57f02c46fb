"""The remarks of the round table: a list in the terminal, the settlement table as a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kpss_geo import dataset, plan, settings, terminal, territory
from kpss_geo.cli.options import WORDS, TerritoryArg
from kpss_geo.cli.plan_file import PlanOpt, existing
from kpss_geo.errors import N_, BadOption
from kpss_geo.plan import WAITING
from kpss_geo.report.remark_files import WRITERS
from kpss_geo.report.remarks import Settlement, settlement

_ = WORDS.t
NONE_YET = N_("No remark has been published yet.")

RemarksOut = Annotated[
    Path | None, typer.Option("--out", help=_("File to write into, .docx or .xlsx."))
]


def remarks(place: TerritoryArg, out: RemarksOut = None, plan_file: PlanOpt = None) -> None:
    """Print the settlement table, or write it; how many remarks wait goes to standard error."""
    ending = "" if out is None else out.suffix.lower()
    if out is not None and ending not in WRITERS:
        raise BadOption(given=out.name, option="--out", possible=", ".join(WRITERS))
    data = dataset.load(settings.current())
    where = territory.choose(data.territories, place)
    found = existing(plan_file)
    every = plan.remarks(found, territory=where.id)
    table = settlement(
        where.id,
        every,
        reactions=plan.reactions(found),
        erased=plan.erased_remarks(found, territory=where.id),
        data=data,
        words=WORDS,
    )
    if out is not None:
        terminal.write_file(out, WRITERS[ending](table, WORDS))
        terminal.say(
            _("{count} rows were written into {file}.", count=len(table.rows), file=out.name)
        )
    else:
        _print(table)
    waiting = sum(remark.state == WAITING for remark in every)
    if waiting:
        terminal.say(
            WORDS.n(
                "{count} remark waits for approval", "{count} remarks wait for approval", waiting
            )
            + "."
        )


def _print(table: Settlement) -> None:
    if not table.rows:
        terminal.say(_(NONE_YET))
        return
    shown = Table(*table.headings, box=None, pad_edge=False)
    for row in table.rows:
        shown.add_row(*map(str, row))
    terminal.console().print(shown, markup=False)
