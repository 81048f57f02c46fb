"""Commands that measure speed and derive constants."""

from pathlib import Path
from typing import Annotated

import typer

from kpss_geo import dataset, settings
from kpss_geo.cli.options import WORDS
from kpss_geo.territory import choose

_ = WORDS.t
app = typer.Typer(help=_("Measured speed and derived constants."), no_args_is_help=True)


@app.command("coverage", help=_("Straight-line coverage of the whole country."))
def bench_coverage(
    repeats: Annotated[int, typer.Option(min=1, max=100, help=_("How many times to measure."))] = 5,
    precincts: Annotated[
        Path | None, typer.Option(help=_("Precinct points of the whole country (GeoParquet)."))
    ] = None,
) -> None:
    """Time the whole country next to geopandas.sjoin_nearest."""
    from kpss_geo.bench import coverage as bench  # noqa: PLC0415 - only when asked for

    bench.run(
        dataset.load(settings.current()), settings.current(), repeats=repeats, precincts=precincts
    )


@app.command("roads", help=_("Nearest places by road, next to other programs."))
def bench_roads(
    roads: Annotated[
        Path | None, typer.Option(help=_("Road lines of the country (GeoParquet), measured too."))
    ] = None,
    osm: Annotated[Path | None, typer.Option(help=_("OSM extract, measured too."))] = None,
    junctions: Annotated[
        int, typer.Option(min=1_000, help=_("Junctions of the made-up roads."))
    ] = 1_000_000,
    repeats: Annotated[int, typer.Option(min=1, max=100, help=_("How many times to measure."))] = 5,
) -> None:
    """Time every way to find the nearest places on the same graphs."""
    from kpss_geo.bench import roads as bench  # noqa: PLC0415 - only when asked for

    bench.run(
        dataset.load(settings.current()), roads=roads, osm=osm, junctions=junctions, repeats=repeats
    )


@app.command("detour", help=_("Derive the detour factor from a road table."))
def bench_detour(
    roads: Annotated[Path, typer.Argument(help=_("Road lines in EPSG:5514 (GeoParquet)."))],
) -> None:
    """Print road length divided by straight length, by distance band."""
    from kpss_geo.bench import detour as bench  # noqa: PLC0415 - only when asked for

    bench.run(dataset.load(settings.current()).obce, roads)


@app.command("sessions", help=_("Many visitors of the app at once: response and memory."))
def bench_sessions(
    sessions: Annotated[int, typer.Option(min=1, max=500, help=_("Visitors at once."))] = 30,
    think: Annotated[
        float, typer.Option(min=0, max=60, help=_("Longest time a visitor reads a page, seconds."))
    ] = 4.0,
) -> None:
    """Time one visitor and many, each walking through the pages."""
    from kpss_geo.bench import sessions as bench  # noqa: PLC0415 - only when asked for

    script = settings.shipped_root() / "app.py"
    bench.run(script, sessions=sessions, think_s=think)


@app.command("exports", help=_("Every output: seconds and memory, next to plain pandas."))
def bench_exports(
    territory: Annotated[str, typer.Argument(help=_("Id of a territory."))] = "sluknovsko",
    region: Annotated[
        str, typer.Option(help=_("Id of a large territory whose sheets are measured too."))
    ] = "jihomoravsky",
) -> None:
    """Time every output in a process of its own, and the sheets of more and more obce."""
    from kpss_geo.bench import exports as bench  # noqa: PLC0415 - only when asked for

    current = settings.current()
    data = dataset.load(current)
    small, large = (choose(data.territories, given).id for given in (territory, region))
    bench.run(data, current, territory=small, region=large)
