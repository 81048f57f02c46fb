"""The capacities of a registration as the extract writes them: `pob:luzka=24;ter:klient=1`."""

import re
from typing import Final

import numpy as np
import pandas as pd

from kpss_geo.errors import N_, Finding
from kpss_geo.schema import CAPACITY_UNITS, FORMS, SERVICE_ID

MAX_CAPACITY: Final = 100_000

_CAPACITY = re.compile(r"^(?P<unit>[a-z]+)=(?P<count>-?\d+)$")


def read_capacities(first: pd.DataFrame, *, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the column `forms` of the rows of services: one record for each form and unit.

    A capacity that is not possible is NaN and named; a form that does not exist is left out.
    """
    records: list[tuple[str, str, str, float]] = []
    findings: list[Finding] = []
    for row, service, text in zip(first.index, first[SERVICE_ID], first["forms"], strict=True):
        for part in filter(None, text.split(";")):
            form, _, amounts = part.partition(":")
            if form not in FORMS:
                template = N_("“{value}” is no form of service (pob, amb, ter); it was left out.")
                findings.append(_finding(file, row, template, part))
                continue
            for amount in amounts.split("+"):
                unit, count = _amount(amount)
                if amount and np.isnan(count):
                    template = N_("The capacity “{value}” is not possible; it is not known.")
                    findings.append(_finding(file, row, template, part))
                records.append((service, form, unit, count))
    table = pd.DataFrame(records, columns=[SERVICE_ID, "form", "unit", "count"])
    return table.astype({SERVICE_ID: str, "form": str, "unit": str, "count": float}), findings


def _amount(text: str) -> tuple[str, float]:
    """Read unit and count of `luzka=24`; no unit, or NaN, when it is not possible."""
    match = _CAPACITY.match(text)
    unit = match["unit"] if match and match["unit"] in CAPACITY_UNITS else ""
    count = float(match["count"]) if match else np.nan
    return unit, count if unit and 0 < count <= MAX_CAPACITY else np.nan


def _finding(file: str, row: object, template: str, value: str) -> Finding:
    fields = {"value": value[:60]}
    return Finding("error", file, template, row=int(str(row)), column="forms", fields=fields)
