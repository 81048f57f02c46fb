"""Commands about the plan file: what the team typed, its thresholds, a copy."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kpss_geo import dataset, plan, settings, terminal
from kpss_geo.catalogue import ServiceType, choose_type
from kpss_geo.cli import plan_corrections, plan_remarks, plan_served
from kpss_geo.cli.options import WORDS, FormOfService, reach_of
from kpss_geo.cli.plan_file import AuthorOpt, PlanOpt, ReasonOpt, existing, for_writing
from kpss_geo.errors import N_, BadOption
from kpss_geo.plan import Plan, Threshold, Thresholds
from kpss_geo.schema import CAPACITY_UNITS
from kpss_geo.sources import files

_ = WORDS.t
app = typer.Typer(
    help=_("What the team typed: thresholds, served obce, corrections."), no_args_is_help=True
)
app.add_typer(plan_served.app, name="served")
app.add_typer(plan_corrections.app, name="corrections")
app.command("remarks", help=_("Remarks of the round table and how they were settled."))(
    plan_remarks.remarks
)

HEADINGS = (
    N_("type of service"), N_("form"), N_("reach"), N_("capacity per 1 000 people"), N_("set by"),
    N_("when"), N_("why"),
)  # fmt: skip
MaxKmOpt = Annotated[float | None, typer.Option(help=_("Reach in kilometres by road."))]
MaxMinOpt = Annotated[float | None, typer.Option(help=_("Reach in minutes."))]


@app.command(help=_("What the plan holds, and the thresholds in force."))
def show(plan_file: PlanOpt = None) -> None:
    """Print the thresholds on standard output, how much else there is on standard error."""
    found = existing(plan_file)
    types = dataset.load(settings.current()).types
    in_force = plan.thresholds(found, _defaults())
    terminal.console().print(_as_table(in_force, types), markup=False)
    terminal.say(_("Thresholds are working values of the team, not a norm."))
    if found is not None:
        _say_counts(found)


@app.command(help=_("Set how far and how much is enough for a type of service and form."))
def threshold(
    service_type: Annotated[str, typer.Argument(metavar="TYPE", help=_("Code, paragraph, name."))],
    form: Annotated[FormOfService, typer.Option(help=_("Form: pob, amb or ter."))],
    reason: ReasonOpt,
    max_km: MaxKmOpt = None,
    max_min: MaxMinOpt = None,
    per_1000: Annotated[
        float | None,
        typer.Option("--per-1000", help=_("Capacity per 1 000 people that is enough.")),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(help=_("Unit of that capacity: {units}.", units=", ".join(CAPACITY_UNITS))),
    ] = None,
    *,
    remove: Annotated[
        bool, typer.Option("--remove", help=_("Take the team's value away again."))
    ] = False,
    author: AuthorOpt = None,
    plan_file: PlanOpt = None,
) -> None:
    """Write one threshold; what is not given stays as it is in force."""
    reach = reach_of(max_km, max_min)
    types = dataset.load(settings.current()).types
    kind = choose_type(types, service_type)
    opened = for_writing(plan_file, author)
    key = (kind.code, form.value)
    now = plan.thresholds(opened, _defaults()).get(key, Threshold())
    if remove:
        _remove(opened, key, now, reason)
    else:
        wanted = replace(now, reason=reason)
        if reach is not None:
            wanted = replace(wanted, value=reach.value, unit=reach.unit)
        if per_1000 is not None:
            wanted = replace(wanted, per_1000=per_1000)
        if unit is not None:
            wanted = replace(wanted, capacity_unit=unit)
        plan.set_threshold(opened, type_code=kind.code, form=form.value, threshold=wanted)
    after = plan.thresholds(opened, _defaults())
    shown = {key: after[key]} if key in after else {}
    terminal.console().print(_as_table(shown, types), markup=False)


@app.command("copy", help=_("Copy the plan as it stands, also while others write into it."))
def copy(
    to: Annotated[Path, typer.Argument(help=_("New file, or a folder such as a USB stick."))],
    plan_file: PlanOpt = None,
) -> None:
    """Write a consistent copy that stands alone."""
    found = existing(plan_file)
    if found is None:
        raise typer.Exit(1)
    terminal.say(_("The plan was copied into {file}.", file=plan.copy_plan(found, to).name))


def _remove(opened: Plan, key: tuple[str, str], now: Threshold, reason: str) -> None:
    if not now.own:
        raise BadOption(
            given=" ".join(key), option="--remove", possible=N_("what the team has set")
        )
    plan.remove_threshold(
        opened, type_code=key[0], form=key[1], revision=now.revision, reason=reason
    )


def _defaults() -> Thresholds:
    found = files.find("thresholds.toml", settings=settings.current())
    return plan.read_default_thresholds(found.path)


def _as_table(thresholds: Thresholds, types: dict[str, ServiceType]) -> Table:
    table = Table(*(_(heading) for heading in HEADINGS), box=None, pad_edge=False)
    order = {code: number for number, code in enumerate(types)}
    for code, form in sorted(thresholds, key=lambda key: (order.get(key[0], len(order)), key)):
        each = thresholds[code, form]
        table.add_row(
            types[code].name if code in types else code,
            form,
            _amount(each.value, _(each.unit or "")),
            _amount(each.per_1000, each.capacity_unit or ""),
            each.author if each.own else _("working value of kpss_geo"),
            f"{each.when.astimezone():%Y-%m-%d}" if each.when else "",
            each.reason,
        )
    return table


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{WORDS.number(value, digits=0 if value == round(value) else 1)} {unit}"


def _say_counts(found: Plan) -> None:
    served = plan.served(found)
    every = plan.corrections(found)
    terminal.say(
        _(
            "Served obce: {served} statements about {services} services. Corrections: {open} to "
            "report, {reported} reported, {withdrawn} withdrawn. Changes so far: {changes}.",
            served=WORDS.number(len(served)),
            services=WORDS.number(served["service_id"].nunique()),
            open=sum(c.state == "open" for c in every),
            reported=sum(c.state == "reported" for c in every),
            withdrawn=sum(c.state == "withdrawn" for c in every),
            changes=WORDS.number(len(plan.history(found))),
        )
    )
