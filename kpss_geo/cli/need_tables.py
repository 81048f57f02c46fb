"""Tables of supply against need and of equity on a terminal."""

from collections.abc import Hashable, Mapping
from typing import Any

from rich.table import Table

from kpss_geo import terminal
from kpss_geo.need import AccessAnswer, Equity
from kpss_geo.need.measures import TERRITORY
from kpss_geo.need.notes import UNIT_NAMES
from kpss_geo.report import need_rows, need_words
from kpss_geo.schema import PEOPLE, UNKNOWN
from kpss_geo.text import Words

EQUITY_WIDTH = 190
"""Characters of the table of equity that is written into a file or a pipe."""


def print_access(answer: AccessAnswer, words: Words) -> None:
    """Print the headline and capacity per 1 000 people of every obec."""
    table = _table(
        words.t("Obec"),
        words.t(answer.target.short),
        words.t("{unit} per 1,000", unit=words.t(UNIT_NAMES[answer.question.unit])),
        words.t("reach nothing"),
        words.t("not known"),
    )
    for row in need_rows.access_rows(answer):
        least = row["least_per_1000"]
        amount = "–" if least is None else _amount(row["per_1000"], least, words)
        people, lost = (_count(row[name], words) for name in ("population", "unknown"))
        none = _bounds(row["no_access"], row["maybe_no_access"], words)
        table.add_row(row["name"], people, amount, none, lost)
    totals = answer.totals
    table.add_row(
        words.t("Territory in all"),
        words.number(totals[PEOPLE]),
        need_words.amount_words(totals["per_1000"], totals["least_per_1000"], words),
        _bounds(totals["no_access"], totals["maybe_no_access"], words),
        words.number(totals[UNKNOWN]),
        style="bold",
    )
    screen = terminal.console()
    screen.print(f"\n{need_words.access_headline(answer, words)}", style="bold", highlight=False)
    screen.print(need_words.inside_sentence(answer, words), highlight=False)
    screen.print(table)


def _count(count: int | None, words: Words) -> str:
    return "–" if count is None else words.number(count)


def _bounds(surely: float | None, maybe: float | None, words: Words) -> str:
    if surely is None or maybe is None:
        return "–"
    return need_words.bounds_words(surely, surely + maybe, words)


def _amount(value: float | None, least: float, words: Words) -> str:
    return need_words.amount_words(float("nan") if value is None else value, least, words)


def print_equity(equity: Equity, words: Words) -> None:
    """Print the headline, the measures of every part, ranks and links."""
    table = _table(
        "",
        words.t("obce"),
        words.t("people"),
        words.t("mean min"),
        words.t("90 % within"),
        *(words.t("over {count} min", count=f"{limit:g}") for limit in equity.limits_min),
        words.t("{unit} per 1,000", unit=words.t(UNIT_NAMES[equity.question.unit])),
        words.t("reach nothing"),
        words.t("Gini"),
        words.t("rank"),
    )
    before = TERRITORY
    for part in equity.parts.to_dict("records"):
        if part["kind"] != before:
            table.add_row(words.t(need_words.KIND_WORDS[part["kind"]]), style="bold")
            before = part["kind"]
        table.add_row(*_cells(equity, part, words))
    screen = terminal.console(width=EQUITY_WIDTH)
    screen.print(f"\n{need_words.equity_headline(equity, words)}", style="bold", highlight=False)
    said = (
        need_words.rank_sentence(equity, words),
        need_words.link_sentence(equity.way_link, need_words.MEAN_WAY, words),
        need_words.link_sentence(equity.access_link, need_words.ACCESS, words),
    )
    for sentence in filter(None, said):
        screen.print(sentence, highlight=False)
    screen.print(table)
    screen.print(words.t("* among the people whose access is known"), highlight=False)


def _cells(equity: Equity, part: Mapping[Hashable, Any], words: Words) -> list[str]:
    def within(measure: str) -> str:
        least, most = part[f"least_{measure}"], part[f"most_{measure}"]
        return need_words.bounds_words(least, most, words, digits=1)

    beyond = [
        _bounds(part[f"beyond_{limit:g}_min"], part[f"unknown_{limit:g}_min"], words)
        for limit in equity.limits_min
    ]
    gini = "–" if part["gini"] != part["gini"] else words.number(part["gini"], digits=2)
    return [
        need_words.part_words(part, words),
        words.number(part["obce"]),
        words.number(part[PEOPLE]),
        within("mean_min"),
        within("p90_min"),
        *beyond,
        need_words.amount_words(part["per_1000"], part["least_per_1000"], words),
        _bounds(part["no_access"], part["maybe_no_access"], words),
        gini + ("*" if part["unknown_access"] and gini != "–" else ""),
        need_words.rank_words(part, words),
    ]


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first, no_wrap=True)
    for heading in others:
        table.add_column(heading, justify="right")
    return table
