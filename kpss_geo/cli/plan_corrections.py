"""Commands about corrections of the register: list, add, mark, hand over."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from kpss_geo import dataset, plan, settings, terminal
from kpss_geo.cli.options import WORDS
from kpss_geo.cli.plan_file import (
    NOTHING_SO,
    AuthorOpt,
    PlanOpt,
    ReasonOpt,
    TableOut,
    ending_of,
    existing,
    for_writing,
)
from kpss_geo.errors import BadOption
from kpss_geo.plan import Correction
from kpss_geo.plan.correction_files import COLUMNS
from kpss_geo.plan.fields import FIELDS

_ = WORDS.t
app = typer.Typer(help=_("What the team knows better than the register."), no_args_is_help=True)


class StateOfCorrection(StrEnum):
    """How far a correction is."""

    open = "open"
    reported = "reported"
    withdrawn = "withdrawn"


ServiceArg = Annotated[str, typer.Argument(help=_("Id of the service, such as mpsv-845."))]
FieldArg = Annotated[
    str, typer.Argument(help=_("What is corrected: {fields}.", fields=", ".join(FIELDS)))
]
PlaceOpt = Annotated[
    str, typer.Option(help=_("Which place; needed where the service has several."))
]
StateOpt = Annotated[StateOfCorrection | None, typer.Option(help=_("Only those in this state."))]


@app.command("list", help=_("List the corrections, and what the register says now."))
def list_all(state: StateOpt = None, plan_file: PlanOpt = None) -> None:
    """Print corrections on standard output, what is wrong with them on standard error."""
    data = dataset.load(settings.current())
    chosen = _in_state(plan.corrections(existing(plan_file)), state)
    table = Table(*(_(heading) for heading in COLUMNS.values()), box=None, pad_edge=False)
    for row in plan.corrections_table(chosen, register=data.register, words=WORDS).itertuples(
        index=False
    ):
        table.add_row(*map(str, row))
    if chosen:
        terminal.console().print(table, markup=False)
    applied = plan.apply_corrections(data.register, chosen, obce=data.obce, known_types=data.types)
    for finding in applied[1]:
        terminal.say(terminal.finding_line(finding, WORDS))


@app.command(help=_("Correct one field of a service or of one of its places."))
def add(
    service: ServiceArg,
    field: FieldArg,
    new: Annotated[str, typer.Argument(help=_("What is right; “” where it is not known."))],
    reason: ReasonOpt,
    place: PlaceOpt = "",
    author: AuthorOpt = None,
    plan_file: PlanOpt = None,
) -> None:
    """Write a correction of what the register says now; an earlier one of the field is replaced."""
    data = dataset.load(settings.current())
    made = plan.propose(
        data.register,
        service_id=service,
        field=field,
        new=new,
        place=place,
        known_types=data.types,
    )
    opened = for_writing(plan_file, author)
    before = [c for c in plan.corrections(opened) if _key(c) == _key(made)]
    revision = before[0].revision if before else made.revision
    plan.set_correction(opened, replace(made, reason=reason, revision=revision))
    terminal.say(
        _(
            "{service}, {field}: “{original}” is corrected to “{new}”.",
            service=service,
            field=field,
            original=made.original,
            new=made.new,
        )
    )


@app.command(help=_("Mark a correction as reported to the register, withdrawn, or open again."))
def mark(
    service: ServiceArg,
    field: FieldArg,
    state: Annotated[StateOfCorrection, typer.Argument(help=_("open, reported or withdrawn"))],
    place: PlaceOpt = "",
    reason: ReasonOpt = "",
    author: AuthorOpt = None,
    plan_file: PlanOpt = None,
) -> None:
    """Change the state of one correction."""
    opened = for_writing(plan_file, author)
    mine = [c for c in plan.corrections(opened) if (c.service_id, c.field) == (service, field)]
    chosen = [c for c in mine if place in ("", c.place)]
    if len(chosen) != 1:
        possible = "; ".join(c.place for c in mine) or NOTHING_SO
        raise BadOption(given=place or f"{service} {field}", option="--place", possible=possible)
    plan.set_correction(opened, plan.with_state(chosen[0], state.value, reason=reason))


@app.command("export", help=_("Write corrections for the keeper of the register."))
def export(
    out: TableOut, state: StateOpt = StateOfCorrection.open, plan_file: PlanOpt = None
) -> None:
    """Write those to be reported, or those in another state."""
    ending = ending_of(out)
    data = dataset.load(settings.current())
    chosen = _in_state(plan.corrections(existing(plan_file)), state)
    table = plan.corrections_table(chosen, register=data.register, words=WORDS)
    write = plan.corrections_xlsx if ending == ".xlsx" else plan.corrections_csv
    terminal.write_file(out, write(table, words=WORDS))
    terminal.say(_("{count} rows were written into {file}.", count=len(table), file=out.name))


def _in_state(every: tuple[Correction, ...], state: StateOfCorrection | None) -> list[Correction]:
    return [c for c in every if state is None or c.state == state.value]


def _key(correction: Correction) -> tuple[str, str, str]:
    return correction.service_id, correction.place, correction.field
