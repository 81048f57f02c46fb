"""Where a service is and how it is reached, in the words of HSDS; nothing where not known."""

import json
import re
from typing import Any, Final

import numpy as np

from kpss_geo.export.listing import SECRET, Record
from kpss_geo.schema import to_degrees
from kpss_geo.sources.geocode import ADDRESS, PARTS

DIGITS: Final = 5
"""Decimals of degrees: about one metre."""
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[!-~]*)?", re.IGNORECASE)
_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_MAIL = re.compile(r"[!-?A-~]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
FORMS: Final = {"pob": "pobytová", "amb": "ambulantní", "ter": "terénní"}


def url_of(text: str) -> str | None:
    """Give an address of a website; one without a scheme gets what a browser would add.

    >>> url_of("www.domov.cz"), url_of("https://domov.cz/kontakt"), url_of("není")
    ('http://www.domov.cz', 'https://domov.cz/kontakt', None)
    """
    given = text.strip()
    if _LINK.fullmatch(given):
        return given
    return f"http://{given}" if _HOST.fullmatch(given) else None


def email_of(text: str) -> str | None:
    """Give an address of electronic mail, None for what is not one.

    >>> email_of("info@domov.cz"), email_of("info(at)domov.cz")
    ('info@domov.cz', None)
    """
    return text.strip() if _MAIL.fullmatch(text.strip()) else None


def point_of(row: Record) -> dict[str, float]:
    """Give degrees of a place at its own address; of one known less well nothing."""
    if row["located"] not in (ADDRESS, PARTS) or np.isnan(row["x"]):
        return {}
    lon, lat = to_degrees(np.array([row["x"]]), np.array([row["y"]]))
    return {"latitude": round(float(lat[0]), DIGITS), "longitude": round(float(lon[0]), DIGITS)}


def address_of(row: Record, region: str, key: str, location: str) -> list[dict[str, str]]:
    """Give the address of a place; none where any part that HSDS requires is not known."""
    town = re.escape(row["obec"])
    parts = re.fullmatch(rf"(.+), (\d{{3}} ?\d{{2}}) {town}", row["address"])
    if row["located"] == SECRET or not parts or not region:
        return []
    return [
        {
            "id": key,
            "location_id": location,
            "address_1": parts[1],
            "city": row["obec"],
            "state_province": region,
            "postal_code": parts[2],
            "country": "CZ",
            "address_type": "physical",
        }
    ]


def opening_of(opening: str) -> list[tuple[str, str]]:
    """Give forms that are open without a break, with words for it.

    Other hours stand in the register in a shape that nobody describes; they are left out.

    >>> opening_of('{"pob": {"continuous": true}, "amb": {"continuous": false}}')
    [('pob', 'nepřetržitý provoz (forma pobytová)')]
    """
    said: dict[str, Any] = json.loads(opening) if opening else {}
    return [
        (form, f"nepřetržitý provoz (forma {FORMS.get(form, form)})")
        for form, facts in said.items()
        if facts.get("continuous") is True
    ]
