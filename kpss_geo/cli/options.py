"""Options that several commands share, and what they say put together."""

import os
import sys
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import terminal
from kpss_geo.distance import Mode, Reach
from kpss_geo.errors import N_, BadOption
from kpss_geo.text import Words, known_language

# Help texts are made when this module is read; a wrong setting is reported by `main`.
WORDS = Words(known_language(os.environ.get("KPSS_LANGUAGE", "")))
_ = WORDS.t


class Format(StrEnum):
    """Forms in which rows are written."""

    table = "table"
    csv = "csv"
    json = "json"
    geojson = "geojson"


class RowFormat(StrEnum):
    """Forms in which rows without a geometry are written."""

    table = "table"
    csv = "csv"
    json = "json"


class WayOfTravel(StrEnum):
    """How people travel."""

    straight = "straight"
    car = "car"
    walk = "walk"


class FormOfService(StrEnum):
    """The register's codes of forms."""

    pob = "pob"
    amb = "amb"
    ter = "ter"


TerritoryArg = Annotated[str, typer.Argument(help=_("Id or name of a territory."))]
ServiceOpt = Annotated[
    str | None,
    typer.Option(
        help=_("Register code (13), paragraph (§49) or name; without it every type in the data.")
    ),
]
TargetOpt = Annotated[str, typer.Option(help=_("Target group: seniori, 80+, deti, vsichni."))]
MaxKmOpt = Annotated[float | None, typer.Option(help=_("Reach in kilometres by road."))]
MaxMinOpt = Annotated[float | None, typer.Option(help=_("Reach in minutes."))]
TravelOpt = Annotated[
    WayOfTravel, typer.Option(help=_("Straight line with a detour, by car, or on foot."))
]
FormOpt = Annotated[FormOfService | None, typer.Option(help=_("Only this form: pob, amb or ter."))]
OnOpt = Annotated[str | None, typer.Option(help=_("Day asked about, YYYY-MM-DD; today."))]
FormatOpt = Annotated[Format, typer.Option(help=_("How the rows are written."))]
RowFormatOpt = Annotated[RowFormat, typer.Option(help=_("How the rows are written."))]
OutOpt = Annotated[Path | None, typer.Option(help=_("File to write into."))]


@dataclass(frozen=True)
class Asked:
    """What the options say, the same for every command that asks a question."""

    service: str | None
    target: str
    reach: Reach | None
    mode: Mode
    form: FormOfService | None
    on: date | None


def reach_of(max_km: float | None, max_min: float | None) -> Reach | None:
    """Give the reach of `--max-km` or `--max-min`; None when neither is given.

    Raises
    ------
    BadOption
        Both are given, or the number is not possible.
    """
    if max_km is not None and max_min is not None:
        raise BadOption(
            given="--max-km + --max-min", option="--max-km, --max-min", possible=N_("one of them")
        )
    if max_km is not None:
        return Reach(max_km, "km")
    return None if max_min is None else Reach(max_min, "min")


def day_of(text: str | None, *, option: str = "--on") -> date | None:
    """Read the day of an option; None when it is not given.

    Raises
    ------
    BadOption
        It is no date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadOption(given=text, option=option, possible="YYYY-MM-DD") from error


def show_progress(step: str, count: int) -> None:
    """Say on standard error what is being done, where somebody is watching."""
    if sys.stderr.isatty():
        terminal.say(f"{_(step)} ({WORDS.number(count)})")
