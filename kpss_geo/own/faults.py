"""Findings about a table of the team's own, by the headings that the table itself has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from kpss_geo.errors import Finding, Severity


@dataclass(frozen=True)
class Faults:
    """The findings about one file, gathered as its rows are read."""

    file: str
    headings: Mapping[str, str]
    found: list[Finding] = field(default_factory=list)

    def say(
        self,
        severity: Severity,
        template: str,
        *,
        row: int | None = None,
        column: str | None = None,
        **fields: object,
    ) -> None:
        """Add a finding; `column` is the product's key of the column."""
        shown = None if column is None else self.headings.get(column)
        self.found.append(Finding(severity, self.file, template, row, shown, fields))


class Taken(NamedTuple):
    """Rows in the product's own form, and the rows of the file they come from.

    Rows of the file that are in `used` are in the table, alone or put together with others.
    """

    table: pd.DataFrame
    used: frozenset[int]
