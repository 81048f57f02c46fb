"""The finder from a terminal: who comes to a person and what is nearest."""

import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kpss_geo import dataset, finder, settings, study, terminal
from kpss_geo.catalogue import choose_type
from kpss_geo.cli.options import (
    WORDS,
    OnOpt,
    ServiceOpt,
    TravelOpt,
    WayOfTravel,
    day_of,
    show_progress,
)
from kpss_geo.dataset import Data
from kpss_geo.errors import N_, BadOption
from kpss_geo.finder import Found
from kpss_geo.report import files, found
from kpss_geo.situations import Situation, choose_situation
from kpss_geo.territory import choose_obec

_ = WORDS.t
app = typer.Typer()


class FindFormat(StrEnum):
    """Forms in which what was found is written."""

    table = "table"
    json = "json"


@app.command("find", help=_("Who comes to people of an obec, and the nearest services."))
def find(
    obec: Annotated[str, typer.Argument(help=_("Name or code of an obec."))],
    situation: Annotated[
        str | None, typer.Option(help=_("Life situation: its id, as in situations.toml, or name."))
    ] = None,
    service: ServiceOpt = None,
    travel: TravelOpt = WayOfTravel.straight,
    on: OnOpt = None,
    format: Annotated[  # noqa: A002 - the name people type
        FindFormat, typer.Option(help=_("How the rows are written."))
    ] = FindFormat.table,
) -> None:
    """Print help lines, those who come, the nearest places, and what is not known."""
    current = settings.current()
    data = dataset.load(current)
    life = _wanted(data, situation, service)
    opened = dataset.open_roads(current, travel.value, progress=show_progress)
    roads = None if opened is None else opened[0]
    result = finder.find(
        choose_obec(data.obce, obec),
        life.types,
        data,
        groups=life.groups,
        travel=study.travel_of(current, travel.value, roads),
        roads=roads,
        field_km=current.field_km,
        on=day_of(on) or study.today(),
    )
    if format is FindFormat.json:
        sys.stdout.write(files.to_json(found.rows(result, data)) + "\n")
    else:
        _print(result, life, data)
    for line in (*found.not_held(result, data, WORDS), *found.unknown(result, data, WORDS)):
        terminal.say(f"- {line}")
    terminal.say_faults(data, WORDS)
    terminal.say_sources([_(each.short) for each in data.sources if each.id != "types"], WORDS)


def _wanted(data: Data, situation: str | None, service: str | None) -> Situation:
    if (situation is None) == (service is None):
        raise BadOption(
            given=f"--situation {situation or '–'}, --service {service or '–'}",
            option="kpss-geo find",
            possible=N_("one of them"),
        )
    if situation is not None:
        return choose_situation(data.situations, situation)
    kind = choose_type(data.types, service or "")
    return Situation(id=kind.code, name=kind.name, types=(kind.code,))


def _print(result: Found, life: Situation, data: Data) -> None:
    screen = terminal.console()
    for line in life.lines:
        screen.print(escape(f"{line.number}  {_(line.name)} – {_(line.what)}"), highlight=False)
    table = Table(box=None, header_style="bold", pad_edge=False)
    headings = (_("Service"), _("phone"), _("type"), _("address"), _("way"), _("how it is known"))
    for heading in headings:
        table.add_column(heading)
    for rows in (result.coming, result.places):
        for row in rows.to_dict("records"):
            card = found.card(row, result, data, WORDS)
            known = _(found.evidence_words(row, result)[0]) if "evidence" in row else ""
            shown = ", ".join(text for text, _href in card["phones"]) or card["said_phone"]
            cells = (card["name"], shown, card["kind"], card["address"], card["way"], known)
            table.add_row(*(escape(str(cell)) for cell in cells))
    screen.print(escape(found.headline(result, life, WORDS)), style="bold", highlight=False)
    screen.print(table)
    terminal.say(found.measured(result, WORDS))
