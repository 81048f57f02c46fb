"""Corrections as a table for the keeper of the register."""

import csv
import io
from collections.abc import Collection
from typing import Final

import pandas as pd
import xlsxwriter

from kpss_geo.errors import N_
from kpss_geo.plan.corrections import STATE_WORDS, Correction
from kpss_geo.plan.fields import (
    OF_A_SECRET_PLACE,
    PLACE_FIELDS,
    SERVICE_FIELDS,
    Present,
    look_at,
)
from kpss_geo.schema import SERVICE_ID
from kpss_geo.sources.register import Register
from kpss_geo.text import Words, harmless

COLUMNS: Final = {
    SERVICE_ID: N_("Number of the service"),
    "provider": N_("Provider"),
    "place": N_("Place in the register"),
    "field_name": N_("What is corrected"),
    "original": N_("The register said"),
    "new": N_("Correct is"),
    "now": N_("The register says now"),
    "reason": N_("Why"),
    "author": N_("Who"),
    "when": N_("When"),
    "state": N_("State"),
}


def corrections_table(
    chosen: Collection[Correction], *, register: Register, words: Words
) -> pd.DataFrame:
    """Give corrections as the keeper of the register needs them, one row each.

    Returns
    -------
    DataFrame
        Texts in the columns of `COLUMNS`. `now` is what the register says at present;
        empty when the service or the place is not in it any more.
    """
    present = look_at(register)
    rows = [_row(correction, present, words) for correction in chosen]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def corrections_csv(table: pd.DataFrame, *, words: Words) -> str:
    """Write the table as CSV as a Czech Excel opens it: semicolons and a byte-order mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([words.t(heading) for heading in COLUMNS.values()])
    for row in table.itertuples(index=False):
        writer.writerow([harmless(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def corrections_xlsx(table: pd.DataFrame, *, words: Words) -> bytes:
    """Write the table as an XLSX workbook with its heading frozen."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(words.t(N_("Corrections")))
        bold = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 24)
        for column, heading in enumerate(COLUMNS.values()):
            sheet.write_string(0, column, words.t(heading), bold)
        for number, row in enumerate(table.itertuples(index=False), start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, str(cell), wrapped)
    return out.getvalue()


def _row(correction: Correction, present: Present, words: Words) -> tuple[str, ...]:
    service, place, field = correction.service_id, correction.place, correction.field
    held = present.has_service(service)
    there = held and bool(field not in PLACE_FIELDS or present.labels_of(service, place))
    secret = held and present.is_secret(service)
    hidden = secret and field in PLACE_FIELDS and field not in OF_A_SECRET_PLACE
    provider = str(present.register.services.at[service, "provider"]) if held else ""
    return (
        service,
        provider,
        "" if secret else place,
        field_words(field, words),
        "" if hidden else correction.original,
        "" if hidden else correction.new,
        present.says(service, place, field) if there and not hidden else "",
        correction.reason,
        correction.author,
        words.date(correction.when.astimezone().date().isoformat()) if correction.when else "",
        words.t(STATE_WORDS[correction.state]),
    )


def field_words(field: str, words: Words) -> str:
    """Name a field of the register as people read it."""
    label = {**SERVICE_FIELDS, **PLACE_FIELDS}.get(field)
    if label is None:
        return field
    form = field.partition(":")[2]
    return f"{words.t(label)} ({form})" if form else words.t(label)
