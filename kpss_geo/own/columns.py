"""Which column of a table holds what: guessed from its heading, or said by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from kpss_geo.errors import N_, BadOption, Finding, MissingColumns
from kpss_geo.sources.tables import tidy
from kpss_geo.text import fold

LEAST: Final = 0.8
"""Confidence below which a column is left unassigned rather than guessed."""
NOT_THERE: Final = "-"
"""What a person writes to say that the table does not hold a column."""


@dataclass(frozen=True)
class Column:
    """A wanted column: its key in the product, its heading in a template, other headings.

    `about` says what belongs there; `needed` whether a table is of no use without it.
    """

    key: str
    heading: str
    about: str
    example: str = ""
    synonyms: tuple[str, ...] = ()
    needed: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading by which the column is known."""
        return (self.heading, self.key, *self.synonyms)


@dataclass(frozen=True)
class Guess:
    """The column of the table taken for a wanted one; confidence 1 is certain or said."""

    found: str
    confidence: float


def guess_columns(found: Sequence[str], wanted: Sequence[Column]) -> dict[str, Guess]:
    """Give the columns of a table for the wanted ones, by key; each is used once.

    The confidence is the likeness of the headings (0 to 1, case, diacritics and punctuation
    apart); the assignment is the one with the greatest sum of them.
    """
    if not found or not wanted:
        return {}
    scores = np.array([[_likeness(name, column) for name in found] for column in wanted])
    weights = np.where(scores >= LEAST, scores**4, 0.0)  # a certain one before two doubtful
    rows, places = linear_sum_assignment(weights, maximize=True)
    return {
        wanted[row].key: Guess(found[place], float(scores[row, place]))
        for row, place in zip(rows.tolist(), places.tolist(), strict=True)
        if scores[row, place] >= LEAST
    }


def map_columns(
    found: Sequence[str],
    wanted: Sequence[Column],
    *,
    said: Mapping[str, str] | None = None,
    file: str,
) -> tuple[dict[str, Guess], list[Finding]]:
    """Give the columns by key: those a person said, the others guessed, each guess named.

    Raises
    ------
    BadOption
        A wanted column that does not exist was named.
    MissingColumns
        The table lacks a column that was said, or one that is needed.
    """
    mapping = _said(found, wanted, said or {}, file=file)
    used = {guess.found for guess in mapping.values()}
    skipped = {key for key, name in (said or {}).items() if name == NOT_THERE}
    open_columns = [c for c in wanted if c.key not in mapping and c.key not in skipped]
    mapping |= guess_columns([name for name in found if name not in used], open_columns)
    missing = [c.heading for c in wanted if c.needed and c.key not in mapping]
    if missing:
        shown = ", ".join(name[:40] for name in list(found)[:40])
        raise MissingColumns(file=file, columns=", ".join(missing), found=shown)
    return mapping, _doubtful(mapping, wanted, file=file)


def looks_like_heading(cells: Sequence[str], wanted: Sequence[Column]) -> float:
    """How much a row looks like the heading of a table with the wanted columns."""
    known = {_bare(name) for column in wanted for name in column.headings}
    exact = sum(_bare(cell) in known for cell in cells if cell)
    return exact + sum(guess.confidence for guess in guess_columns(cells, wanted).values())


def _said(
    found: Sequence[str], wanted: Sequence[Column], said: Mapping[str, str], *, file: str
) -> dict[str, Guess]:
    keys = {_bare(name): column.key for column in wanted for name in (column.key, column.heading)}
    headings = {_bare(name): name for name in found}
    mapping: dict[str, Guess] = {}
    for given, name in said.items():
        key = keys.get(_bare(given))
        if key is None:
            possible = ", ".join(column.key for column in wanted)
            raise BadOption(given=given, option=file, possible=possible)
        if name == NOT_THERE:
            continue
        heading = headings.get(_bare(name))
        if heading is None:
            raise MissingColumns(file=file, columns=name, found=", ".join(found)[:400])
        mapping[key] = Guess(heading, 1.0)
    return mapping


def _doubtful(
    mapping: Mapping[str, Guess], wanted: Sequence[Column], *, file: str
) -> list[Finding]:
    headings = {column.key: column.heading for column in wanted}
    template = N_("The column was taken for “{wanted}” by the likeness of their names; check it.")
    return [
        Finding("warning", file, template, column=guess.found, fields={"wanted": headings[key]})
        for key, guess in mapping.items()
        if guess.confidence < 1
    ]


def _likeness(name: str, column: Column) -> float:
    bare = _bare(name)
    if not bare:
        return 0.0
    known = [_bare(heading) for heading in column.headings]
    if bare in known:
        return 1.0
    return min(0.99, max(fuzz.token_sort_ratio(bare, heading) for heading in known) / 100)


def _bare(heading: str) -> str:
    """Heading in lower case without diacritics and punctuation.

    >>> _bare("Název obce:"), _bare("č.p."), _bare("type_code")
    ('nazev obce', 'c p', 'type code')
    """
    folded = fold(tidy(heading))
    return " ".join("".join(c if c.isalnum() or c in "+-" else " " for c in folded).split())
