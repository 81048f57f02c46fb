"""Everything that goes into a plan: how long each output takes and how much memory it needs.

Each is made in a process of its own, and then all in one, from the same Answers; the
floor is what pandas and geopandas write of the same tables by themselves. Then the pages
of a region's obce, for more and more of them: their memory must not grow with them.
"""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

import kpss_geo
from kpss_geo import export, study
from kpss_geo.bench import one_export
from kpss_geo.bench.coverage import DAY
from kpss_geo.bench.one_export import FLOORS, Taken
from kpss_geo.dataset import Data
from kpss_geo.export import Bundle
from kpss_geo.settings import Settings

WIDTH: Final = 100
BY_OBEC: Final = ("sheets", "atlas")
"""Outputs with a page for every obec."""
SIZES: Final = (100, 300, 673)
LEGEND: Final = """\
Each row is a process of its own. Seconds are by the clock; "processor" are those the program
itself was running, the same on a busy machine. "before" is Python with its libraries and the
Answers, "at most" the most memory until the end."""


def run(
    data: Data,
    settings: Settings,
    *,
    territory: str = "sluknovsko",
    region: str = "jihomoravsky",
    sizes: Sequence[int] = SIZES,
) -> None:
    """Print what every output of a territory takes, and the pages of a region's obce."""
    console = Console(width=WIDTH)
    console.print(LEGEND, f"load before: {_load()}", sep="\n")
    bundle = gathered(data, settings, territory=territory)
    table = _table(f"{bundle.title}: {len(bundle.answers)} types", "output")
    alone = {name: [name] for name in (*export.OUTPUTS, *FLOORS)}
    for label, names in (alone | {"all in one process": list(export.OUTPUTS)}).items():
        table.add_row(label, *_cells(measure(bundle, names)))
    console.print(table)
    for name in BY_OBEC:
        if name in export.OUTPUTS:
            console.print(_by_size(data, settings, region, name, sizes))
    console.print(f"load after: {_load()}")


def gathered(data: Data, settings: Settings, *, territory: str, first: int = 0) -> Bundle:
    """Answer every type that the data hold for a territory, or its first so many obce."""
    where = data.territories[territory]
    if first:
        shorter = replace(where, codes=where.codes[:first])
        data = replace(data, territories={**data.territories, territory: shorter})
    held = data.register.completeness.type_codes
    questions = [
        study.ask(data, settings, territory_id=territory, service=code, on=DAY)
        for code in data.types
        if code in held
    ]
    measured = study.measure(questions[0], data)
    answers = [study.answer(question, data, measured=measured) for question in questions]
    return export.gather(answers, data)


def measure(bundle: Bundle, names: Sequence[str]) -> Taken:
    """Make outputs in a process of their own, in a folder that is then removed."""
    here = str(Path(kpss_geo.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    with TemporaryDirectory(prefix="kpss-geo-bench-") as folder:
        job = Path(folder) / "job"
        job.write_bytes(pickle.dumps(bundle))
        done = subprocess.run(  # noqa: S603 - this Python, this package
            [sys.executable, "-m", one_export.__name__, str(job), f"{folder}/out", *names],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            check=True,
        )
    return Taken(**json.loads(done.stdout))


def _by_size(data: Data, settings: Settings, region: str, name: str, sizes: Sequence[int]) -> Table:
    table = _table(f"{name}: {data.territories[region].name}", "obce")
    for size in sizes:
        bundle = gathered(data, settings, territory=region, first=size)
        table.add_row(str(len(bundle.territory.codes)), *_cells(measure(bundle, [name])))
    return table


def _table(title: str, first: str) -> Table:
    names = ("seconds", "processor s", "before MiB", "at most MiB", "files", "MiB written")
    table = Table(first, title=title, box=None, title_justify="left")
    for name in names:
        table.add_column(name, justify="right")
    return table


def _cells(taken: Taken) -> list[str]:
    return [
        f"{taken.seconds:.1f}",
        f"{taken.cpu_s:.1f}",
        f"{taken.start_mib:.0f}",
        f"{taken.peak_mib:.0f}",
        str(taken.files),
        f"{taken.written_mib:.1f}",
    ]


def _load() -> str:
    """Say how many processes wanted a processor in the last minute, where the system tells."""
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "not known"
