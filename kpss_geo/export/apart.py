"""Outputs made in a process of their own: other visitors are not held up, and it can be ended.

The Answers travel there as they are, so that the numbers are those on the screen. The
process tells how far it is, a line of JSON at a time.
"""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Final

import kpss_geo
from kpss_geo import errors
from kpss_geo.errors import N_, ExportEnded, KpssGeoError
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.print_maps import Paper

Tell = Callable[[float, str, int], None]
"""Told which part is done (0 to 1), what is being done (translatable), how many so far."""
AT_ONCE: Final = 1
"""How many exports run at a time; the next waits its turn."""
_TURNS: Final = BoundedSemaphore(AT_ONCE)
_LOOK_S: Final = 0.5
HEAVY: Final = {
    "maps": 14.0,
    "atlas": 14.0,
    "pdf": 6.0,
    "docx": 4.0,
    "gpkg": 3.0,
    "large-print": 2.0,
}
"""Outputs that take longer than the others, as measured; only for the progress bar."""


def write_apart(
    bundle: Bundle,
    out: Path,
    *,
    outputs: Iterable[str],
    template: Path | None = None,
    size: Paper = "a4",
    tell: Tell,
) -> list[Path]:
    """Write the outputs asked for as `export.write` does; give the paths of all files.

    When `tell` raises, the work is ended and nothing goes on behind.

    Raises
    ------
    KpssGeoError
        What `export.write` raises.
    ExportEnded
        The process was ended from outside, as when memory ran out.
    """
    with TemporaryDirectory(prefix="kpss-geo-") as name:
        job = Path(name) / "job"
        options = {"outputs": list(outputs), "template": template, "size": size}
        job.write_bytes(pickle.dumps((bundle, out, options)))
        while not _TURNS.acquire(timeout=_LOOK_S):
            tell(0.0, N_("Waiting until the outputs of somebody else are made"), 1)
        try:
            return _run(job, tell)
        finally:
            _TURNS.release()


def _run(job: Path, tell: Tell) -> list[Path]:
    here = str(Path(kpss_geo.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    with (
        job.with_name("errors").open("wb") as said,
        subprocess.Popen(  # noqa: S603 - this Python, this package
            [sys.executable, "-m", __spec__.name, str(job)],
            stdout=subprocess.PIPE,
            stderr=said,
            env={**os.environ, "PYTHONPATH": paths},
        ) as process,
    ):
        try:
            made = _listen(process.stdout or (), tell)
        finally:
            process.kill()  # it has ended by itself, unless whoever watched went away
    if made is None:
        last = job.with_name("errors").read_text(errors="replace").strip().splitlines()[-1:]
        raise ExportEnded(why=last[0] if last else f"signal {-process.returncode}")
    return made


def _listen(lines: Iterable[bytes], tell: Tell) -> list[Path] | None:
    """Pass on what the process says; give the files it made, None when it ended before."""
    for line in lines:
        match json.loads(line):
            case {"made": made}:
                return [Path(path) for path in made]
            case {"error": name, "fields": fields, "ours": ours}:
                said = {key: errors.Phrase(fields[key]) for key in ours}
                raise getattr(errors, name)(**{**fields, **said})
            case {"done": share, "step": step, "count": count}:
                tell(share, errors.Phrase(step), count)
    return None


def _work(job: Path) -> None:
    """Write the outputs of a job, and say on standard output how far it is."""
    from kpss_geo import export  # noqa: PLC0415 - the parent needs nothing of it

    bundle, out, options = pickle.loads(job.read_bytes())  # noqa: S301 - written above
    order = export.in_order_made(options["outputs"])
    whole = sum(HEAVY.get(name, 1.0) for name in order)
    done = [0.0, 0.0]  # before this output, with it

    def began(name: str) -> None:
        done[:] = [done[1], done[1] + HEAVY.get(name, 1.0) / whole]

    def progress(step: str, count: int) -> None:
        _say(done=done[0], step=step, count=count)

    try:
        made = export.write(bundle, out, **options, progress=progress, began=began)
    except KpssGeoError as error:
        ours = [key for key, value in error.fields.items() if isinstance(value, errors.Phrase)]
        _say(error=type(error).__name__, fields=error.fields, ours=ours)
    else:
        _say(made=made)


def _say(**what: object) -> None:
    sys.stdout.write(json.dumps(what, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(5)  # the pages of other visitors come first
    _work(Path(sys.argv[1]))
