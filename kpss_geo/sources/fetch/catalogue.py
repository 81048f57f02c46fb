"""The official sources: their names, licences, and what works without them."""

from dataclasses import dataclass
from typing import Final

from kpss_geo.errors import N_, Phrase

CUZK: Final = "© ČÚZK, RÚIAN, CC BY 4.0"
CSU: Final = "Zdroj: Český statistický úřad, CC BY 4.0"


@dataclass(frozen=True)
class OfficialSource:
    """A source as people choose it; `without` says what works when it is not there."""

    id: str
    title: Phrase
    licence: str
    attribution: str
    without: Phrase


BOUNDARIES: Final = OfficialSource(
    "boundaries",
    N_("Obec boundaries (RÚIAN)"),
    "CC BY 4.0",
    CUZK,
    N_("The map draws schematic cells for obce without a boundary; no number changes."),
)
GISCO: Final = OfficialSource(
    "gisco",
    N_("Obec boundaries (Eurostat GISCO, 1 : 1 million)"),
    "© EuroGeographics; GISCO, non-commercial use, attribution",
    "© EuroGeographics for the administrative boundaries; source: Eurostat GISCO",
    BOUNDARIES.without,
)
PARTS: Final = OfficialSource(
    "parts",
    N_("Parts of obce (RÚIAN)"),
    "CC BY 4.0",
    CUZK,
    N_("Addresses without a code are placed by their obec only."),
)
PEOPLE: Final = OfficialSource(
    "people",
    N_("People by age per obec (ČSÚ)"),
    "CC BY 4.0",
    CSU,
    N_("People are counted from the table used before; its date is printed with every result."),
)
CENSUS: Final = OfficialSource(
    "census", N_("Census 2021 by five years of age (ČSÚ)"), "CC BY 4.0", CSU, PEOPLE.without
)
REGISTER: Final = OfficialSource(
    "register",
    N_("Register of providers (MPSV)"),
    "nechráněná databáze bez povinnosti citovat",
    "Registr poskytovatelů sociálních služeb, MPSV",
    N_("Services are those of the register used before; its date is printed with every result."),
)
ROADS: Final = OfficialSource(
    "roads",
    N_("Roads (OpenStreetMap, Geofabrik)"),
    "ODbL 1.0",
    "© OpenStreetMap contributors, ODbL 1.0; Geofabrik GmbH",
    N_("Ways by road cannot be measured where roads are missing; straight lines can."),
)
TIMETABLES: Final = OfficialSource(
    "timetables",
    N_("Timetables of public transport (GTFS)"),
    "CC BY 4.0",
    "© ROPID (PID), KORDIS JMK, CC BY 4.0",
    N_("Ways by public transport cannot be measured; the other ways can."),
)
ADDRESSES: Final = OfficialSource(
    "addresses",
    N_("Address points (RÚIAN)"),
    "CC BY 4.0",
    CUZK,
    N_("Places without coordinates of their own stand on the reference point of their obec."),
)

CHOOSABLE: Final = {
    source.id: source
    for source in (BOUNDARIES, PARTS, PEOPLE, REGISTER, ROADS, TIMETABLES, ADDRESSES)
}
"""What can be asked for, in the order it is fetched."""
USUAL: Final = tuple(name for name in CHOOSABLE if name != ADDRESSES.id)
"""What is fetched when nobody says what; address points are many and are asked for."""
