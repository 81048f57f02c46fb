"""What the command line prints: tables of an Answer, where it comes from, findings.

Data go to standard output; what is said about them goes to standard error.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from kpss_geo.catalogue import ServiceType
from kpss_geo.dataset import Data
from kpss_geo.errors import N_, FileNotUsable, Finding
from kpss_geo.own import Checked
from kpss_geo.report import board, compared, compared_words, own_words, sentences
from kpss_geo.report.rows import Row
from kpss_geo.schema import NAME, NOT_COVERED, SERVICE_ID, TYPE_CODE, UNKNOWN
from kpss_geo.sources.register_changes import KINDS
from kpss_geo.study import Answer, Comparison
from kpss_geo.text import Words, in_order

NAMED = 4
"""How many obce a line of the board names."""
WIDTH_WITHOUT_TERMINAL = 150
"""Characters of a table that is written into a file or a pipe."""

CHANGE_HEADINGS = (
    N_("change"), N_("service"), N_("provider"), N_("type of service"), N_("obec"), N_("before"),
    N_("after"),
)  # fmt: skip


def say(text: str) -> None:
    """Print a line on standard error."""
    typer.echo(text, err=True)


def write_file(out: Path, content: str | bytes) -> None:
    """Write a file whole, or leave what was there; a text in UTF-8 with its own line ends.

    Raises
    ------
    FileNotUsable
        The folder or the file cannot be written.
    """
    half = out.with_name(out.name + ".part")
    try:
        half.write_bytes(content.encode() if isinstance(content, str) else content)
        half.replace(out)
    except OSError as error:
        raise FileNotUsable(file=out.name, why=error.strerror or str(error)) from error


def print_table(answer: Answer, records: list[Row], words: Words) -> None:
    """Print the headline and a table of the rows with the sums of the territory."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(words.t("Obec"))
    headings = (
        words.t(answer.target.short),
        *(words.t(word) for word in sentences.VERDICT_WORDS.values()),
        words.t("mean way"),
        words.t("mean time"),
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_column(words.t("most often nearest"))
    for row in records:
        table.add_row(row["name"], *_cells(row, words), row["nearest_place"] or "–")
    totals = answer.totals.values()
    table.add_row(words.t("Territory in all"), *(words.number(n) for n in totals), style="bold")
    screen = console()
    screen.print(f"\n{sentences.headline(answer, words)}", style="bold", highlight=False)
    screen.print(sentences.second_line(answer, words), highlight=False)
    screen.print(table)


def print_board(answers: list[Answer], words: Words) -> None:
    """Print the sums of every type of service, then the obce not covered by any of them."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(words.t("Service"))
    headings = (
        *(words.t(word) for word in sentences.VERDICT_WORDS.values()),
        words.t("in the checks of firmness"),
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_column(words.t("obce not covered, most people first"), overflow="ellipsis")
    by_type = {answer.service_type.code: answer for answer in answers}
    for row in board.summary(board.held(answers), words):
        answer = by_type[row["service_type"]]
        counts = [words.number(row[verdict]) for verdict in sentences.VERDICT_WORDS]
        bounds = [row[f"not_covered_{end}"] for end in ("low", "high")]
        names = [str(name) for name in answer.gaps[NAME].head(NAMED)]
        more = len(answer.gaps) - len(names)
        table.add_row(
            row["service_name"],
            *counts,
            "–" if None in bounds else "–".join(map(words.number, bounds)),
            ", ".join(names) + (f" … (+{more})" if more else ""),
        )
    screen = console()
    screen.print(f"\n{board.headline(answers, words)}", style="bold", highlight=False)
    screen.print(table)
    screen.print(board.not_held_words(answers, words), highlight=False)


def print_comparisons(found: list[Comparison], words: Words) -> None:
    """Print two sides: one type with all its measures, or every type in a line."""
    names = compared.side_names(found[0], words)
    screen = console()
    screen.print(f"\nA: {names[0]} · B: {names[1]}", highlight=False)
    if len(found) == 1:
        screen.print(compared_words.headline(found[0], words), style="bold", highlight=False)
        screen.print(_lines(found[0], words))
        return
    screen.print(compared_words.balance(found, words), style="bold", highlight=False)
    table = _headed(words.t("Service"), (*(f"{words.t('not covered')} {side}" for side in "AB"),
                    *(f"{words.t('not known')} {side}" for side in "AB"),
                    words.t("percentage points")), words)  # fmt: skip
    for each in found:
        lacking, silent = each.line(NOT_COVERED), each.line(UNKNOWN)
        shares = (lacking.share_a, lacking.share_b, silent.share_a, silent.share_b)
        table.add_row(
            each.a.service_type.name,
            *(compared.share(value, words) for value in shares),
            compared.points(lacking.share_difference, words),
            compared.outcome_words(lacking, words),
        )
    screen.print(table)


def _lines(comparison: Comparison, words: Words) -> Table:
    headings = ("A", words.t("share"), "B", words.t("share"), "B − A", words.t("percentage points"))
    table = _headed("", headings, words)
    for line in comparison.lines:
        table.add_row(
            compared.line_name(line, words),
            compared.amount(line, line.a, words),
            compared.share(line.share_a, words),
            compared.amount(line, line.b, words),
            compared.share(line.share_b, words),
            compared.amount(line, line.difference, words, signed=True),
            compared.points(line.share_difference, words),
            compared.outcome_words(line, words),
        )
    return table


def _headed(first: str, numbers: Iterable[str], words: Words) -> Table:
    """Give a table of a text, numbers, and whether the difference holds."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first)
    for heading in numbers:
        table.add_column(heading, justify="right")
    table.add_column(words.t("does it hold?"))
    return table


def _cells(row: Row, words: Words) -> list[str]:
    counts = (
        row["population"],
        row["covered"],
        row["on_paper"],
        row["not_covered"],
        row["unknown"],
    )
    shown = ["–" if count is None else words.number(count) for count in counts]
    metres, minutes = row["nearest_m"], row["nearest_min"]
    mark = "" if row["nearest_certain"] else "*"
    shown.append("–" if metres is None else words.km(metres) + mark)
    shown.append("–" if minutes is None else words.minutes(minutes))
    return shown


def say_provenance(answer: Answer, words: Words, *, real: bool, data: Data) -> None:
    """Print the threshold, every fall-back and the sources."""
    typer.echo("", err=True)
    typer.echo(
        words.t("Threshold: {threshold}. As of {day}.",
          threshold=sentences.threshold_words(answer, words),
          day=words.date(answer.question.on.isoformat())),
        err=True,
    )  # fmt: skip
    for note in answer.notes:
        say(f"- {sentences.note_words(note, words)}")
    if not answer.obce["certain"].all() and not answer.places.empty:
        typer.echo(
            "* " + words.t("districts that the data do not hold may have a nearer one"), err=True
        )
    say_faults(data, words)
    say_sources(source_parts(answer, words, real=real), words)


def source_parts(answer: Answer, words: Words, *, real: bool) -> list[str]:
    """Name the sources of an Answer and of its boundaries."""
    parts = [words.t(source.short) for source in answer.sources if source.id != "types"]
    return parts if real else [*parts, words.t("boundaries: schematic cells")]


def say_faults(data: Data, words: Words) -> None:
    """Say how many errors the data have; nothing without any."""
    errors = sum(finding.severity == "error" for finding in data.findings)
    if errors:
        say(
            "- "
            + words.n(
                "the data have {count} error, see kpss-geo data check",
                "the data have {count} errors, see kpss-geo data check",
                errors,
            )
        )


def say_sources(parts: list[str], words: Words) -> None:
    """Name the sources in one line."""
    say(f"{words.t('Sources')}: {' · '.join(in_order(parts))}")


def print_checked(checked: Checked, words: Words) -> None:
    """Print what a table of the team's own holds: columns, first rows, faults, sums."""
    screen = console()
    for key, guess in checked.mapping.items():
        sure = "" if guess.confidence == 1 else f" ({words.percent(guess.confidence, 1)})"
        say(f"{key} ← {guess.found}{sure}")
    preview = checked.preview
    table = Table(words.t("row"), *map(str, preview.columns), box=None, header_style="bold")
    for row, cells in zip(preview.index, preview.to_numpy(), strict=True):
        table.add_row(str(row), *map(str, cells))
    screen.print(table)
    for finding in checked.findings:
        say(f"- {finding_line(finding, words)}")
    say(own_words.counts(checked, words))


def finding_line(finding: Finding, words: Words) -> str:
    """Write a finding as file, row, column and what is wrong."""
    place = f"{finding.file}"
    if finding.row is not None:
        place += f", {words.t('row')} {finding.row}"
    if finding.column:
        place += f", {words.t('column')} {finding.column}"
    return f"{place}: {words.say(finding)}"


def print_changes(changes: pd.DataFrame, types: Mapping[str, ServiceType], words: Words) -> None:
    """Print what is new in the register, kind by kind, each service in one row."""
    if changes.empty:
        console().print(words.t("Nothing has changed in the register."))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in CHANGE_HEADINGS:
        table.add_column(words.t(heading))
    for row in changes.to_dict("records"):
        kind = types.get(row[TYPE_CODE])
        cells = (row[SERVICE_ID], row["provider"], kind.name if kind else row[TYPE_CODE])
        table.add_row(words.t(KINDS[row["kind"]]), *cells, row["obce"], row["before"], row["after"])
    console().print(table, markup=False)


def console(*, width: int = WIDTH_WITHOUT_TERMINAL) -> Console:
    """Give a console that does not squeeze tables where there is no terminal."""
    screen = Console()
    return screen if screen.is_terminal else Console(width=width)
