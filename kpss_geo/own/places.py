"""Where a row says that something is: the obec, the parts of an address, the coordinates."""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from kpss_geo.errors import N_
from kpss_geo.obec_names import Match, ObecNames, match, match_code
from kpss_geo.own.faults import Faults
from kpss_geo.schema import EXTENT, X, Y, in_czechia, to_metric
from kpss_geo.text import fold

Cells = Mapping[str, str]
NEAR_M: Final = 2_000.0
"""How far beyond the border of an obec a point may lie and still tell namesakes apart."""
_POSTCODE = re.compile(r"(?<!\d)(\d{3})\s?(\d{2})(?!\d)\s*(?P<after>[^,\d]*)")
_NUMBERS = re.compile(
    r"^(?P<street>.*?)[\s,]*(?:č\.\s?p\.|čp\.?|č\.)?\s*(?P<house>\d{1,4})"
    r"(?:\s*/\s*(?P<orientation>\d{1,3}[a-z]?))?$",
    re.IGNORECASE,
)


def obec_of(
    cells: Cells, names: ObecNames, faults: Faults, *, row: int, near: frozenset[str] = frozenset()
) -> str | None:
    """Code of the obec of a row; None where it is not certain, which is then named.

    near
        Codes of obce around the coordinates of the row: they tell namesakes apart.
    """
    code, name = cells.get("code", ""), cells.get("obec", "")
    if not code and not name:
        faults.say("error", N_("The row names no obec. It was left out."), row=row, column="obec")
        return None
    found = _by_code(code, name, names) if code else _by_name(name, cells, names, near)
    if found.code is None and found.how != "likely":
        _say_open(found, faults, row=row, column="code" if code else "obec")
        return None
    chosen = found.candidates[0]
    if found.how == "likely":
        template = N_("“{value}” was read as {obec}. Check it.")
        faults.say("warning", template, row=row, column="obec", value=name, obec=str(chosen))
    return chosen.code


def codes_near(cells: Cells, obce: pd.DataFrame) -> frozenset[str]:
    """Codes of obce that may hold the coordinates of a row; none without usable ones."""
    lat, lon = degrees(cells.get("lat", "")), degrees(cells.get("lon", ""))
    if not in_czechia(np.array([lon]), np.array([lat])).all():
        return frozenset()
    x, y = to_metric(np.array([lon]), np.array([lat]))
    away = np.hypot(obce[X] - x[0], obce[Y] - y[0])
    return frozenset(obce.index[away <= obce[EXTENT] + NEAR_M])


def degrees(text: str) -> float:
    """Read degrees with a decimal comma or point; NaN for anything else."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return float("nan")


def address_parts(cells: Cells) -> dict[str, str]:
    """Street, numbers and postcode of a row, from their own cells or from a whole address.

    >>> address_parts({"address": "Jiráskova 4/12, 408 01 Rumburk"})["orientation_number"]
    '12'
    """
    given = {
        key: cells.get(key, "")
        for key in ("street", "house_number", "orientation_number", "postcode")
    }
    text = cells.get("address", "")
    if text and not given["street"]:
        found = _POSTCODE.search(text)
        before = text[: found.start()] if found else text.split(",")[0]
        given |= {key: given[key] or part for key, part in _street(before).items()}
        if found and not given["postcode"]:
            given["postcode"] = found[1] + found[2]
    given["postcode"] = "".join(given["postcode"].split())
    return given


def obec_in_address(cells: Cells) -> str:
    """Name of the obec behind the postcode of a whole address; empty without."""
    found = _POSTCODE.search(cells.get("address", ""))
    return found["after"].strip(" ,-–") if found else ""


def _street(text: str) -> dict[str, str]:
    plain = text.strip(" ,")
    found = _NUMBERS.match(plain)
    if found is None:
        return {"street": plain}
    return {
        "street": found["street"].strip(" ,"),
        "house_number": found["house"],
        "orientation_number": found["orientation"] or "",
    }


def _by_code(code: str, name: str, names: ObecNames) -> Match:
    plain = code.removeprefix("CZ_").removesuffix(".0").strip()
    return match_code(f"{plain} {name}", names) or Match(code, "unknown", ())


def _by_name(name: str, cells: Cells, names: ObecNames, near: frozenset[str]) -> Match:
    found = match(name, names)
    if found.how != "ambiguous":
        return found
    district = fold(cells.get("district", ""))
    told = [c for c in found.candidates if district and district in (fold(c.district), fold(c.orp))]
    if len(told) == 1:
        return Match(name, "name", (told[0],))
    close = [c for c in found.candidates if c.code in near]
    return Match(name, "likely", (close[0],)) if len(close) == 1 else found


def _say_open(found: Match, faults: Faults, *, row: int, column: str) -> None:
    shown = "; ".join(str(candidate) for candidate in found.candidates[:6])
    if found.how == "ambiguous":
        template = N_(
            "“{value}” may be more than one obec: {candidates}. The row was left out; write the "
            "code or the district."
        )
    elif shown:
        template = N_(
            "“{value}” is no obec. The nearest: {candidates}. The row was left out; correct it."
        )
    else:
        template = N_("“{value}” is no obec. The row was left out; correct it.")
    value = found.given.strip()[:60]
    faults.say("error", template, row=row, column=column, value=value, candidates=shown)
