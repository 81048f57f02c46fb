"""Address ↔ View: a link always opens the view it came from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kpss_geo import settings, study
from kpss_geo.dataset import Data
from kpss_geo.distance import MODES, UNITS, Mode, Unit
from kpss_geo.export import OUTPUTS, Paper
from kpss_geo.schema import in_czechia
from kpss_geo.situations import Situation
from kpss_geo.text import LANGUAGES, Language, known_language

DEFAULT_TERRITORY = "sluknovsko"
DEFAULT_SERVICE = "13"
DEFAULT_TARGET = "seniori"
WAYS: Final = {"straight": "primo", "car": "autem", "walk": "pesky"}
"""Ways of travel as links name them."""
ONE_TYPE: Final = "typ-"
"""Before the code of a type of service, in place of a life situation."""
PAPERS: Final[tuple[Paper, ...]] = ("a4", "a3")
REACH_MIN, REACH_MAX = 0.1, 500.0
DAY_MIN, DAY_MAX = date(2007, 1, 1), date(2099, 12, 31)
"""Days that may be asked about: from the beginning of the register on."""
TABS: Final = ("limity", "obsluha", "opravy", "uzemi", "skupiny", "soubor")
"""Parts of the page Plan as links name them; the first is the usual one."""


POINT_DIGITS: Final = 3
"""Decimals of degrees of a point in a link: about a hundred metres, not a house."""


@dataclass(frozen=True)
class View:
    """What a link says: the question in plain values, the obec chosen, the language.

    `reach` None means the team's own working value of each type and form; `unit` None is
    kilometres where a reach is given, and that of the working value where none is. `orp` is the ORP
    a board of a large territory looks into; `group` the number of a working group.
    `situation` is a life situation, or `ONE_TYPE` and the code of a type of service.
    `other`, `day` and `other_day` are of the comparison alone: the territory it is compared
    with, and the day of each side; None means today, and the day of the first side.
    `tab` is a part of the page Plan; `outline` draws the outline of the reach on the map.
    `outputs` are names of `export.OUTPUTS` to be made, `kinds` the types they are about; none
    means all that the data hold; `paper` is that of the print maps.
    `map` says whether the map of a page is drawn, None as is usual there; `point` is where
    a person lives (latitude and longitude, rounded), only when they asked for it in the link.
    """

    territory: str = DEFAULT_TERRITORY
    service: str = DEFAULT_SERVICE
    target: str = DEFAULT_TARGET
    form: str = ""
    reach: float | None = None
    unit: Unit | None = None
    travel: Mode = "straight"
    obec: str = ""
    orp: str = ""
    group: int = 0
    situation: str = ""
    other: str = ""
    day: date | None = None
    other_day: date | None = None
    tab: str = TABS[0]
    outline: bool = False
    outputs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    paper: Paper = "a4"
    map: bool | None = None
    point: tuple[float, float] | None = None
    language: Language = "cs"

    def params(self) -> dict[str, str]:
        """Parameters of the address that open this view; what is usual is left out."""
        usual = View(language=settings.current().language)
        pairs = {
            "uzemi": (self.territory, usual.territory),
            "sluzba": (self.service, usual.service),
            "skupina": (self.target, usual.target),
            "forma": (self.form, usual.form),
            "dosah": ("" if self.reach is None else f"{self.reach:g}", ""),
            "jednotka": (self.unit or "", ""),
            "cesta": (WAYS[self.travel], WAYS[usual.travel]),
            "obec": (self.obec, usual.obec),
            "orp": (self.orp, usual.orp),
            "prac_skupina": (str(self.group), str(usual.group)),
            "situace": (self.situation, usual.situation),
            "s_uzemi": (self.other, usual.other),
            "ke_dni": (_iso(self.day), ""),
            "s_dni": (_iso(self.other_day), ""),
            "karta": (self.tab, usual.tab),
            "obrys": ("ano" if self.outline else "", ""),
            "vystupy": (",".join(self.outputs), ""),
            "druhy": (",".join(self.kinds), ""),
            "papir": (self.paper, usual.paper),
            "mapa": ({None: "", True: "ano", False: "ne"}[self.map], ""),
            "bod": ("" if self.point is None else ",".join(f"{v:.3f}" for v in self.point), ""),
            "jazyk": (self.language, usual.language),
        }
        return {name: value for name, (value, default) in pairs.items() if value != default}


def read_view(params: Mapping[str, str], data: Data) -> tuple[View, list[str]]:
    """Read a link; what it says wrongly is left at the usual value and named.

    Returns
    -------
    The view, and the names of the parameters that could not be used.
    """
    usual = View(language=settings.current().language)
    bad: list[str] = []

    def pick(name: str, default: str, possible: Collection[str]) -> str:
        """Give what the link says; else the default; else, in own tables without it, the first."""
        given = params.get(name, "")
        if given in possible:
            return given
        if given:
            bad.append(name)
        return default if default in possible or not default else next(iter(possible))

    where = pick("uzemi", usual.territory, data.territories)
    service = pick("sluzba", usual.service, data.types)
    form = pick("forma", "", study.forms_offered(data, data.types[service]))
    codes = data.territories[where].codes
    groups = [str(number) for number in range(len(data.territories[where].working_groups) + 1)]
    language = pick("jazyk", usual.language, LANGUAGES)
    unit = pick("jednotka", "", UNITS)
    way = pick("cesta", WAYS["straight"], tuple(WAYS.values()))
    view = View(
        territory=where,
        service=service,
        target=pick("skupina", usual.target, data.targets),
        form=form,
        reach=_number(params.get("dosah", ""), bad),
        unit=next((known for known in UNITS if known == unit), None),
        travel=next(mode for mode in MODES if WAYS[mode] == way),
        obec=pick("obec", "", codes),
        orp=pick("orp", "", set(data.obce.loc[list(codes), "orp_code"])),
        group=int(pick("prac_skupina", "0", groups)),
        situation=pick("situace", "", needs(data)),
        other=pick("s_uzemi", "", data.territories),
        day=_day("ke_dni", params, bad),
        other_day=_day("s_dni", params, bad),
        tab=pick("karta", usual.tab, TABS),
        outline=pick("obrys", "", ("ano",)) == "ano",
        outputs=_several("vystupy", params, OUTPUTS, bad),
        kinds=_several("druhy", params, data.types, bad),
        paper="a3" if pick("papir", usual.paper, PAPERS) == "a3" else "a4",
        map={"ano": True, "ne": False}.get(pick("mapa", "", ("ano", "ne"))),
        point=_point(params.get("bod", ""), bad),
        language=known_language(language),
    )
    return view, bad


def _several(
    name: str, params: Mapping[str, str], possible: Collection[str], bad: list[str]
) -> tuple[str, ...]:
    """Give those that the link names and that there are, in their own order."""
    given = {*filter(None, params.get(name, "").split(","))}
    if given - {*possible}:
        bad.append(name)
    return tuple(each for each in possible if each in given)


def _number(text: str, bad: list[str]) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not REACH_MIN <= value <= REACH_MAX:
        bad.append("dosah")
        return None
    return round(value, 1)


def _point(text: str, bad: list[str]) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        lat = lon = float("nan")
    if not in_czechia(np.array([lon]), np.array([lat]))[0]:
        bad.append("bod")
        return None
    return round(lat, POINT_DIGITS), round(lon, POINT_DIGITS)


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _day(name: str, params: Mapping[str, str], bad: list[str]) -> date | None:
    text = params.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = DAY_MIN
    # Only the way we write it ourselves: one day has one link.
    if not DAY_MIN < day <= DAY_MAX or day.isoformat() != text:
        bad.append(name)
        return None
    return day


def needs(tables: Data) -> list[str]:
    """Name what may be asked of the finder: situations, then single types of services."""
    return [*tables.situations.by_id, *(f"{ONE_TYPE}{code}" for code in tables.types)]


def situation(need: str, tables: Data) -> Situation:
    """Give the situation of a need; one type of service is a situation of its own."""
    if need.startswith(ONE_TYPE):
        kind = tables.types[need.removeprefix(ONE_TYPE)]
        return Situation(id=need, name=kind.name, types=(kind.code,))
    return tables.situations.by_id[need]
