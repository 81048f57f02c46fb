"""The same Answers from a terminal: `kpss-geo`.

Data go to standard output, what is said about them to standard error. A value that is
not known ends with exit code 2 and one line; a file that cannot be used with 1.
Each module here holds the commands of one subject; `options` what they share.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
import typer.main
from typer.exceptions import TyperException

import kpss_geo
from kpss_geo import settings
from kpss_geo.cli import ask, bench, compare, data, export, fetch, find, need, plan, territory
from kpss_geo.cli.options import WORDS
from kpss_geo.errors import (
    BadOption,
    KpssGeoError,
    NoSuchObec,
    RoadsMissing,
    SeveralObce,
    UnclearObce,
    UnknownArea,
    UnknownServiceType,
    UnknownSituation,
    UnknownTargetGroup,
    UnknownTerritory,
)
from kpss_geo.territory import nearest_names

USAGE_ERRORS = (
    BadOption,
    NoSuchObec,
    RoadsMissing,
    SeveralObce,
    UnclearObce,
    UnknownArea,
    UnknownServiceType,
    UnknownSituation,
    UnknownTargetGroup,
    UnknownTerritory,
)

_ = WORDS.t

app = typer.Typer(
    name="kpss-geo",
    help=_("Coverage and distance gaps of social services for community planning."),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(ask.app)
app.add_typer(compare.app)
app.add_typer(need.app)
app.add_typer(find.app)
data.app.add_typer(fetch.app)
app.add_typer(export.app)
app.add_typer(data.app, name="data")
app.add_typer(territory.app, name="territory")
app.add_typer(plan.app, name="plan")
app.add_typer(bench.app, name="bench")


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer hands the flag over so
    if wanted:
        typer.echo(f"kpss-geo {kpss_geo.__version__}")
        raise typer.Exit


@app.callback()
def _top(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("The version."))
    ] = False,
) -> None:
    del version


@app.command("app", help=_("Start the app in this computer's browser."))
def start_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help=_("Port of the address."))] = 8501,
    address: Annotated[
        str, typer.Option(help=_("Who may open it: 127.0.0.1 this computer, 0.0.0.0 the network."))
    ] = "127.0.0.1",
) -> None:
    """Start the server and print its address."""
    from streamlit.web import cli as streamlit_cli  # noqa: PLC0415 - slow, needed only here

    script = settings.shipped_root() / "app.py"
    typer.echo(
        _("The app runs at {address} (stop it with Ctrl+C).", address=f"http://localhost:{port}")
    )
    sys.argv = ["streamlit", "run", str(script), "--server.port", str(port)]
    sys.argv += ["--server.address", address]
    streamlit_cli.main()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected error is one line on standard error."""
    command = typer.main.get_command(app)
    try:
        code = command.main(args=arguments, prog_name="kpss-geo", standalone_mode=False)
    except KpssGeoError as error:
        _stop(WORDS.say(error), code=2 if isinstance(error, USAGE_ERRORS) else 1)
    except TyperException as error:
        _stop(_one_line(error), code=2)
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        sys.stderr.close()
        sys.exit(0)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _stop(text: str, *, code: int) -> None:
    typer.echo(" ".join(text.split("\n")), err=True)
    sys.exit(code)


def _one_line(error: TyperException) -> str:
    text = str(error.format_message() if hasattr(error, "format_message") else error)
    if text.startswith("No such command"):
        commands = getattr(typer.main.get_command(app), "commands", {})
        names = {name: name for name in commands}
        given = text.split("'")[1] if "'" in text else ""
        return _(
            "The command {given} is not known. Nearest: {nearest}.",
            given=given,
            nearest=", ".join(nearest_names(given, names)),
        )
    return text
