"""Commands about territories: list them, make a new one."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from kpss_geo import dataset, settings, terminal
from kpss_geo.cli.options import WORDS
from kpss_geo.cli.plan_file import AuthorOpt, PlanOpt, for_writing
from kpss_geo.errors import N_, UnclearObce
from kpss_geo.obec_list import (
    AreaKind,
    Resolved,
    codes_of_area,
    narrowed,
    resolve_list,
    suggest_area,
)
from kpss_geo.obec_names import Match
from kpss_geo.own.obec_file import resolve_file
from kpss_geo.territory_new import codes_within, new_territory, save_territory
from kpss_geo.text import in_order

_ = WORDS.t
app = typer.Typer(help=_("Territories: lists of obce."), no_args_is_help=True)

Many = list[str] | None
NameArg = Annotated[str, typer.Argument(help=_("Name of the territory."))]
ObceOpt = Annotated[str, typer.Option(help=_("Names or codes of obce, with commas."))]
OrpOpt = Annotated[Many, typer.Option(help=_("All obce of an ORP (code or name)."))]
DistrictOpt = Annotated[Many, typer.Option(help=_("All obce of a district."))]
RegionOpt = Annotated[Many, typer.Option(help=_("All obce of a region."))]
ListOpt = Annotated[Path | None, typer.Option(help=_("A list of obce: text, CSV, XLSX or ODS."))]
OutlineOpt = Annotated[Path | None, typer.Option(help=_("A drawn outline: GeoJSON in WGS84."))]
WhereOpt = Annotated[str, typer.Option(help=_("The name for sentences, saying where."))]
AroundOpt = Annotated[
    float | None, typer.Option(help=_("How far around obce are drawn and listed, km."))
]
WhyOpt = Annotated[str, typer.Option("--reason", help=_("Why; it is kept with the change."))]
YesOpt = Annotated[bool, typer.Option("--yes", help=_("Take the obce that are proposed."))]
ReplaceOpt = Annotated[
    bool, typer.Option("--replace", help=_("Put it in the place of one of the same name."))
]


@app.command("list", help=_("List the territories."))
def list_territories() -> None:
    """List territories: id, name, how many obce, how far around."""
    current = settings.current()
    table = Table("id", _("Territory"), _("obce"), _("surroundings"), _("plan"), box=None)
    for key, place in dataset.load(current).territories.items():
        km = place.surroundings_km
        around = _("usual") if km is None else WORDS.km(km * 1000)
        table.add_row(key, place.name, str(len(place.codes)), around, place.plan)
    terminal.console().print(table)


@app.command("new", help=_("Make a territory of names, codes, areas, a list or an outline."))
def new(
    name: NameArg,
    *,
    obce: ObceOpt = "",
    orp: OrpOpt = None,
    district: DistrictOpt = None,
    region: RegionOpt = None,
    from_file: ListOpt = None,
    outline: OutlineOpt = None,
    in_name: WhereOpt = "",
    surroundings_km: AroundOpt = None,
    yes: YesOpt = False,
    replace: ReplaceOpt = False,
    reason: WhyOpt = "",
    author: AuthorOpt = None,
    plan_file: PlanOpt = None,
) -> None:
    """Understand what is meant, say it, and save the territory when nothing is open."""
    current = settings.current()
    data = dataset.load(current)
    codes = _whole_areas({"orp": orp, "district": district, "region": region}, data.obce)
    if outline is not None:
        codes += codes_within(outline, obce=data.obce)
    listed = [resolve_list(obce, obce=data.obce)]
    if from_file is not None:
        listed.append(resolve_file(from_file, data=data, settings=current))
    resolved = _settle(_together(codes, listed), data.obce, accept=yes)
    made = new_territory(
        name,
        resolved.codes,
        present=data.territories,
        in_name=in_name,
        surroundings_km=surroundings_km,
        replace=replace,
    )
    save_territory(made, for_writing(plan_file, author), reason=reason)
    names = ", ".join(in_order(data.obce.loc[list(made.codes), "name"]))
    typer.echo(WORDS.n("{count} obec", "{count} obce", len(made.codes)) + f": {names}")
    typer.echo(_("The territory {id} was saved into the plan.", id=made.id))


def _whole_areas(given: dict[AreaKind, Many], obce: pd.DataFrame) -> list[str]:
    return [
        code
        for kind, names in given.items()
        for one in names or []
        for code in codes_of_area(kind, one, obce=obce)
    ]


def _together(codes: list[str], lists: list[Resolved]) -> Resolved:
    """Put whole areas and lists into one."""
    return Resolved(
        tuple(dict.fromkeys([*codes, *(code for part in lists for code in part.codes)])),
        tuple(area for part in lists for area in part.areas),
        tuple(found for part in lists for found in part.likely),
        tuple(found for part in lists for found in part.unclear),
    )


def _settle(resolved: Resolved, obce: pd.DataFrame, *, accept: bool) -> Resolved:
    """Say how each line was understood; stop where it is not certain and nobody said yes."""
    for area, count in resolved.areas:
        terminal.say(f"{area}: " + WORDS.n("{count} obec", "{count} obce", count))
    usual = suggest_area(resolved, obce=obce)
    if usual is not None:
        resolved = narrowed(resolved, codes_of_area(*usual, obce=obce))
    for found in resolved.likely:
        terminal.say(f"“{found.given}” → {found.candidates[0]}")
    for found in resolved.unclear:
        terminal.say(f"“{found.given}” → ? {_candidates(found)}")
    if accept:
        resolved = resolved.accepted()
    elif resolved.likely and not resolved.unclear:
        terminal.say(_("Add --yes to take what is proposed."))
    waiting = (*resolved.unclear, *resolved.likely)
    if waiting:
        raise UnclearObce(count=len(waiting), given=waiting[0].given)
    return resolved


def _candidates(found: Match) -> str:
    shown = [str(candidate) for candidate in found.candidates]
    return " / ".join(shown) or _(N_("no obec is called so"))
