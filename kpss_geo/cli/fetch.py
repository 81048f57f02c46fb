"""Commands that fetch official data and say how old they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from kpss_geo import dataset, official, settings, terminal
from kpss_geo.cli.options import WORDS, TerritoryArg
from kpss_geo.official import FetchReport, Outcome
from kpss_geo.report import official_words
from kpss_geo.sources.fetch.catalogue import CHOOSABLE
from kpss_geo.sources.fetch.line import Progress as Tell
from kpss_geo.sources.fetch.manifest import Manifest
from kpss_geo.territory import choose

_ = WORDS.t
app = typer.Typer()

MANY = 12
"""Findings and news of one source that are printed; the rest are counted."""


@app.command("fetch", help=_("Fetch official data for a territory into the data folder."))
def fetch(
    territory: TerritoryArg,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(help=_("Only this source (may be repeated): ") + ", ".join(CHOOSABLE) + "."),
    ] = None,
    addresses: Annotated[
        bool, typer.Option("--addresses", help=_("Address points too, a file for each obec."))
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help=_("Official files take the place of own ones."))
    ] = False,
) -> None:
    """Fetch source by source; exit code 1 when one of them failed."""
    current = settings.current()
    place = choose(dataset.load(current).territories, territory)
    with _shown_progress() as tell:
        report = official.fetch_territory(
            place,
            settings=current,
            only=only or (),
            addresses=addresses,
            replace_own=replace,
            progress=tell,
        )
    _say_report(report)
    raise typer.Exit(1 if report.failed else 0)


@app.command("status", help=_("How old the data of each official source are."))
def status() -> None:
    """Print each source: file, date of the data, age, whether it is stale, licence."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in official_words.HEADINGS:
        table.add_column(_(heading))
    rows = official.status(settings.current())
    for row in rows:
        table.add_row(*official_words.status_cells(row, WORDS))
    terminal.console().print(table, highlight=False)
    for row in rows:
        if row.state == "absent":
            terminal.say(f"- {_(row.source.title)}: {_(row.source.without)}")
        if row.note:
            terminal.say(f"- {_(row.source.title)}: {_(row.note)}")
    _say_licences({row.attribution for row in rows if row.state != "absent"})


def _say_report(report: FetchReport) -> None:
    heading = WORDS.n(
        "{name}: {count} obec", "{name}: {count} obce with the surroundings", report.obce,
        name=report.territory.name,
    )  # fmt: skip
    typer.echo(heading)
    for outcome in report.outcomes:
        _say_outcome(outcome)
    _say_licences({m.attribution for o in report.outcomes for m in o.fetched.manifests})


def _say_outcome(outcome: Outcome) -> None:
    typer.echo(
        f"{_(outcome.source.title)}: {_(official_words.STATES[outcome.state])}{_files(outcome)}"
    )
    if outcome.error is not None:
        typer.echo(f"  ! {WORDS.say(outcome.error)}")
    if outcome.state == "failed":
        typer.echo(f"    {official_words.without(outcome, WORDS)}")
    lines = [terminal.finding_line(finding, WORDS) for finding in outcome.fetched.findings]
    lines += [WORDS.say(official_words.as_finding(change)) for change in outcome.news]
    for line in lines[:MANY]:
        typer.echo(f"  - {line}")
    if len(lines) > MANY:
        typer.echo("  - " + _("and {count} more", count=WORDS.number(len(lines) - MANY)))


def _files(outcome: Outcome) -> str:
    manifests = outcome.fetched.manifests
    if not manifests:
        return ""
    shown = [_file(manifest) for manifest in manifests[:3]]
    if len(manifests) > len(shown):
        shown.append(_("and {count} more", count=WORDS.number(len(manifests) - len(shown))))
    return f" – {', '.join(shown)}"


def _file(manifest: Manifest) -> str:
    rows = "" if manifest.rows is None else f", {_('rows')}: {WORDS.number(manifest.rows)}"
    return f"{manifest.file} ({WORDS.date(manifest.as_of)}{rows})"


def _say_licences(attributions: set[str]) -> None:
    if attributions:
        terminal.say(f"{_('Sources')}: {' · '.join(sorted(attributions))}")


@contextmanager
def _shown_progress() -> Iterator[Tell]:
    """Show one bar for each step on standard error, where somebody is watching."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(_(step), total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield tell
