"""A table to fill in: which obce each field service serves, as XLSX or CSV."""

import csv
import io
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

import pandas as pd
import xlsxwriter

from kpss_geo.errors import N_
from kpss_geo.plan.grid import guarded
from kpss_geo.plan.statements import ANY_OF_TYPE, any_of_type
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.sources.register import ACT, Register
from kpss_geo.text import Words, in_order

SERVICE_COLUMNS: Final = ("provider", NAME, "type_name", "seat")
LABELS: Final = (N_("Provider"), N_("Service"), N_("Type of service"), N_("Seat"))
CSV_COLUMNS: Final = (CODE, NAME, SERVICE_ID, "service", "serves", "note")
MOST_ON_ONE_SHEET: Final = 40
"""With more services there is a sheet for each type."""
FIRST_OBEC: Final = 2 + len(SERVICE_COLUMNS)
"""Row, from 0, of the first obec: below the service ids, what is said of them, the heading."""
SHEET_NAME: Final = 31
HOW_TO: Final = N_("How to fill in")
ANY_OTHER: Final = N_("any other service of this type")
GUIDE: Final = (
    N_("One row is an obec, one column a service. Write into the cell whether it serves people "
       "at home in that obec."),
    N_("yes – it serves there; no – it does not; empty – nobody knows yet, and nothing changes."),
    N_("A question mark takes back what was written earlier: it is not known again."),
    N_("Leave column A and the row of service numbers as they are: the table is read by them."),
    N_("Obce may be left out or sorted otherwise, whole rows only. A row needs the obec code."),
    N_("The last column of a type is for any other service of it, where you do not know which."),
)  # fmt: skip


def field_services(
    register: Register,
    *,
    codes: Collection[str],
    type_names: Mapping[str, str],
    field_types: Collection[str],
    on: date,
    stated: Collection[str] = (),
) -> pd.DataFrame:
    """Give the services that may come to people in a territory, for a template.

    Those of the act that are open on the day, have a place in one of the obce, and have the
    field form or none in the register; those that something is `stated` of, wherever they
    are, be it that the register has lost them; then one row for any other service of each
    type that may be given in the field.

    Returns
    -------
    DataFrame
        Index `service_id` (or `type:<code>`): `provider`, `name`, `type_code`, `type_name`,
        `seat`; in the order of `type_names`, then of providers.
    """
    services = register.services[register.services["source"] == ACT]
    open_then = [until is None or until >= on for until in services["until"]]
    forms = register.capacities.groupby(SERVICE_ID)["form"].agg(set)
    by_field = [service for service in services.index[open_then] if _may_come(service, forms)]
    everywhere = register.places.drop_duplicates(SERVICE_ID).set_index(SERVICE_ID)
    here = register.places.loc[register.places[CODE].isin(list(codes)), SERVICE_ID]
    chosen = dict.fromkeys([*here[here.isin(by_field)], *stated])
    ids = pd.Index([each for each in chosen if not each.startswith(ANY_OF_TYPE)], name=SERVICE_ID)
    table = pd.DataFrame(
        {
            NAME: everywhere[NAME].reindex(ids).fillna(ids.to_series()),
            "provider": register.services["provider"].reindex(ids).fillna(""),
            TYPE_CODE: register.services[TYPE_CODE].reindex(ids).fillna(""),
            "seat": everywhere["obec"].reindex(ids).fillna(""),
        }
    )
    of_types = pd.DataFrame(
        {NAME: "", "provider": "", TYPE_CODE: list(field_types), "seat": ""},
        index=pd.Index([any_of_type(code) for code in field_types], name=SERVICE_ID),
    )
    both = pd.concat([table, of_types])
    both["type_name"] = [type_names.get(code, code) for code in both[TYPE_CODE]]
    return both.loc[_in_order_of(both, list(type_names))]


def _may_come(service: str, forms: pd.Series) -> bool:
    """Whether a service has the field form, or no form is known of it."""
    held = forms.get(service, set())
    return not held or "ter" in held


def _in_order_of(services: pd.DataFrame, types: list[str]) -> list[str]:
    """Ids by type, then by provider; any other service of the type comes last."""
    names = (services["provider"] + " " + services[NAME]).to_dict()
    rank = {code: number for number, code in enumerate(types)}
    by_name = in_order(services.index, key=lambda service: names[service])
    types_of = services[TYPE_CODE].to_dict()
    return sorted(
        by_name,
        key=lambda s: (rank.get(types_of[s], len(rank)), types_of[s], not names[s].strip()),
    )


def served_template(
    obce: pd.Series, services: pd.DataFrame, *, served: pd.DataFrame, words: Words
) -> bytes:
    """Give an XLSX workbook: obce in rows, services in columns, filled with what is stated.

    Parameters
    ----------
    obce
        Names by obec code.
    services
        As `field_services` gives them.
    served
        As `statements.served` gives it.
    """
    out = io.BytesIO()
    said = _said(served, words)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        _write_guide(book, words)
        for title, part in _sheets(services, words):
            _write_sheet(book, title, (obce, part), said, words)
    return out.getvalue()


def served_csv(
    obce: pd.Series, services: pd.DataFrame, *, served: pd.DataFrame, words: Words
) -> str:
    """Give the same as a long table: one line for each obec and service.

    Columns `code;name;service_id;service;serves;note`, with a byte-order mark, as a Czech
    Excel opens it.
    """
    said = _said(served, words)
    notes = served.set_index([SERVICE_ID, CODE])["note"].to_dict()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for service_id, service in services.iterrows():
        label = ", ".join(filter(None, (service["type_name"], _title(service, words))))
        for code, name in obce.items():
            key = (str(service_id), str(code))
            cells = (code, name, service_id, label, said.get(key, ""), notes.get(key, ""))
            writer.writerow([guarded(str(cell)) for cell in cells])
    return "\ufeff" + out.getvalue()


def _said(served: pd.DataFrame, words: Words) -> dict[tuple[str, str], str]:
    answers = {True: words.t(N_("yes")), False: words.t(N_("no"))}
    keys = zip(served[SERVICE_ID], served[CODE], strict=True)
    return {key: answers[bool(serves)] for key, serves in zip(keys, served["serves"], strict=True)}


def _title(service: pd.Series, words: Words) -> str:
    names = dict.fromkeys(filter(None, (service["provider"], service[NAME])))
    return ", ".join(names) or words.t(ANY_OTHER)


def _sheets(services: pd.DataFrame, words: Words) -> list[tuple[str, pd.DataFrame]]:
    if len(services) <= MOST_ON_ONE_SHEET:
        return [(words.t("Services"), services)]
    return [
        (_sheet_name(f"{code} {part['type_name'].iloc[0]}"), part)
        for code, part in services.groupby(TYPE_CODE, sort=False)
    ]


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:SHEET_NAME].strip()


def _write_guide(book: xlsxwriter.Workbook, words: Words) -> None:
    sheet = book.add_worksheet(_sheet_name(words.t(HOW_TO)))
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write_string(0, 0, words.t(HOW_TO), book.add_format({"bold": True, "font_size": 14}))
    for row, line in enumerate(GUIDE, start=1):
        sheet.write_string(row, 0, words.t(line))


def _write_sheet(
    book: xlsxwriter.Workbook,
    title: str,
    table: tuple[pd.Series, pd.DataFrame],
    said: Mapping[tuple[str, str], str],
    words: Words,
) -> None:
    obce, services = table
    sheet = book.add_worksheet(title)
    head = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#EEF2F6"})
    open_cell = book.add_format({"align": "center", "border": 4})
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 1 + len(services), 18)
    sheet.freeze_panes(FIRST_OBEC, 2)
    labels = (words.t("number of the service (leave as it is)"), *(words.t(x) for x in LABELS))
    for row, label in enumerate(labels):
        sheet.write_string(row, 0, SERVICE_ID if row == 0 else "", head)
        sheet.write_string(row, 1, label, head)
    sheet.write_row(FIRST_OBEC - 1, 0, (CODE, words.t("Obec")), head)
    for column, (service_id, service) in enumerate(services.iterrows(), start=2):
        facts = [str(service[name]) for name in SERVICE_COLUMNS]
        facts[1] = facts[1] or words.t(ANY_OTHER)
        for row, fact in enumerate((str(service_id), *facts)):
            sheet.write_string(row, column, fact, head)
        sheet.write_string(FIRST_OBEC - 1, column, "", head)
    for row, (code, name) in enumerate(obce.items(), start=FIRST_OBEC):
        sheet.write_string(row, 0, str(code), head)
        sheet.write_string(row, 1, str(name), head)
        for column, service_id in enumerate(services.index, start=2):
            sheet.write_string(row, column, said.get((service_id, str(code)), ""), open_cell)
    _offer_answers(sheet, len(obce), len(services), words)


def _offer_answers(
    sheet: xlsxwriter.worksheet.Worksheet, obce: int, services: int, words: Words
) -> None:
    """Let the cells offer yes and no; codes that look like numbers are meant as texts."""
    if obce and services:
        area = (FIRST_OBEC, 2, FIRST_OBEC + obce - 1, 1 + services)
        options = {
            "validate": "list",
            "source": [words.t("yes"), words.t("no"), "?"],
            "error_title": words.t(HOW_TO),
            "error_message": words.t("Write yes, no or a question mark, or leave it empty."),
        }
        sheet.data_validation(*area, options)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
