"""Which plan file the commands work with, and in whose name."""

from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import plan, settings, terminal
from kpss_geo.cli.options import WORDS
from kpss_geo.errors import N_, BadOption
from kpss_geo.plan import Plan

_ = WORDS.t

PlanOpt = Annotated[
    Path | None,
    typer.Option("--plan", help=_("The plan file; plan.sqlite in the data folder (KPSS_PLAN).")),
]
AuthorOpt = Annotated[
    str | None,
    typer.Option(help=_("In whose name: a role such as “coordinator”, not a name (KPSS_AUTHOR).")),
]
ReasonOpt = Annotated[str, typer.Option(help=_("Why; it is kept with the change."))]
TableOut = Annotated[Path, typer.Option("--out", help=_("File to write into, .xlsx or .csv."))]


def existing(path: Path | None) -> Plan | None:
    """Open the plan for reading; without one say so on standard error."""
    current = settings.current()
    where = path or current.plan_path
    found = plan.find_plan(where, author=current.author)
    if found is None:
        terminal.say(
            _("There is no plan file yet ({file}); the first entry makes it.", file=where.name)
        )
    return found


def for_writing(path: Path | None, author: str | None) -> Plan:
    """Open the plan, made new if there is none."""
    current = settings.current()
    where = path or current.plan_path
    return plan.open_plan(where, author=current.author if author is None else author)


def ending_of(out: Path) -> str:
    """Give the ending of a table to write.

    Raises
    ------
    BadOption
        It is neither .xlsx nor .csv.
    """
    ending = out.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise BadOption(given=out.name, option="--out", possible=".xlsx, .csv")
    return ending


NOTHING_SO = N_("nothing of that kind is in the plan")
