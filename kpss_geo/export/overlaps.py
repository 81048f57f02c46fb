"""Chapter: what people of the territory have beyond its border, and others within it."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from kpss_geo import distance, population
from kpss_geo.catalogue import FIELD
from kpss_geo.distance import Travel
from kpss_geo.export.blocks import Block, Heading, Paragraph, table
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.czech import CZECH, out_of
from kpss_geo.report.rows import place_name
from kpss_geo.report.sentences import FORM_WORDS
from kpss_geo.schema import CODE, PEOPLE, X, Y
from kpss_geo.study import Answer
from kpss_geo.study.users import FAR

MOST = 40
"""Rows of a table in the text; the rest is in the workbook, and the text says so."""
_HEAD = ("Druh služby", "Zařízení", "Obec", "Nejblíž pro (lidé)")
_WIDTHS = (2.2, 2.6, 1.6, 1)
Line = tuple[int, str, str, str]
"""People, and what is nearest to them: type, place, obec."""


def overlaps(bundle: Bundle) -> list[Block]:
    """Name places beyond the border nearest to people of it, and ours nearest to others."""
    return [
        Heading("Územní přesahy"),
        Paragraph(
            "Nejbližší neznamená v dosahu ani skutečně využívané: kdo kam dojíždí, data "
            "neobsahují. Tabulky proto říkají jen, s kým o přesazích jednat."
        ),
        *_outwards(bundle),
        *_inwards(bundle),
    ]


def _outwards(bundle: Bundle) -> list[Block]:
    lines = [
        line
        for answer in bundle.answers
        for line in _lines(answer, answer.places["used_near"], bundle, inside=False)
    ]
    whom = (
        "Počítají se jen ti, jimž nemůže být blíž místo v okrese, který data neobsahují, a kteří "
        f"to mají nejvýš {CZECH.number(FAR)}× dál, než je hranice dostupnosti.{_left_out(bundle)}"
    )
    head = Heading("Služby mimo území, které jsou nejbližší lidem z území", 2)
    if not lines:
        nobody = "Pro nikoho z území tím není jisté nejbližší místo za hranicí."
        return [head, Paragraph(f"{whom} {nobody}")]
    return [head, Paragraph(whom), _table("Nejbližší místa za hranicí území", lines)]


def _left_out(bundle: Bundle) -> str:
    """Say how many places beyond the border are nearest in the data alone, or too far."""
    places = pd.concat(
        [a.places.loc[~a.places[CODE].isin(bundle.territory.codes)] for a in bundle.answers]
    )
    unsure = int((places["used"].gt(0) & places["used_surely"].eq(0)).sum())
    far = int((places["used_surely"].gt(0) & places["used_near"].eq(0)).sum())
    why = [
        f"{CZECH.number(count)} ({reason})"
        for count, reason in ((unsure, "bližší není vyloučeno"), (far, "příliš daleko"))
        if count
    ]
    return f" Z míst v datech nejbližších se neuvádí {' a '.join(why)}." if why else ""


def _inwards(bundle: Bundle) -> list[Block]:
    homes, left_out = homes_around(bundle)
    lines = [
        line
        for answer in bundle.answers
        for line in _lines(answer, nearest_to(homes, answer), bundle, inside=True)
    ]
    km = CZECH.number(bundle.question.surroundings_km)
    said = f" Obce v okresech, jejichž služby data neobsahují, se nepočítají ({left_out})."
    around = (
        f"Lidé z obcí do {km}\u00a0km od území, měřeno vzdušnou čarou. Počítají se jen ti, jimž "
        f"nemůže být blíž místo v okrese, který data neobsahují.{said if left_out else ''}"
    )
    head = Heading("Služby v území, které jsou nejbližší lidem z okolí", 2)
    if not lines:
        nobody = "Podle dat není pro nikoho z okolí nejbližší místo v území."
        return [head, Paragraph(f"{nobody} {around}")]
    return [head, Paragraph(around), _table("Místa v území nejbližší lidem z okolí", lines)]


def _lines(answer: Answer, people: pd.Series, bundle: Bundle, *, inside: bool) -> Iterator[Line]:
    """Give the places in or beyond the territory that are nearest to somebody."""
    for place, count in zip(answer.places.to_dict("records"), people, strict=True):
        if count > 0 and (place[CODE] in bundle.territory.codes) is inside:
            yield int(count), _kind(answer, place), place_name(place), str(place["obec"])


def _kind(answer: Answer, place: Mapping[Hashable, Any]) -> str:
    """Name the type; where it may come to people too, the form for which they travel here."""
    name = answer.service_type.name
    forms = " nebo ".join(CZECH.t(FORM_WORDS[form]) for form in place["forms"] if form != FIELD)
    return f"{name} ({forms})" if answer.supply.by_field and forms else name


def _added(lines: list[Line]) -> list[Line]:
    """Add up places that read the same, most people first: nobody is counted in two of them."""
    sums: dict[tuple[str, str, str], int] = {}
    for count, *named in lines:
        kind, name, obec = named
        sums[kind, name, obec] = sums.get((kind, name, obec), 0) + count
    found = [(count, *named) for named, count in sums.items()]
    return sorted(found, key=lambda line: -line[0])


def _table(caption: str, lines: list[Line]) -> Block:
    lines = _added(lines)
    more = (
        f" (prvních {MOST} {out_of(len(lines))}; všechny v sešitu dat)" if len(lines) > MOST else ""
    )
    return table(
        f"{caption}{more}",
        _HEAD,
        [(kind, name, obec, CZECH.number(count)) for count, kind, name, obec in lines[:MOST]],
        numbers=range(3, 4),
        widths=_WIDTHS,
    )


def homes_around(bundle: Bundle) -> tuple[pd.DataFrame, int]:
    """Give where people of the group live around the territory, and how many obce are left out.

    Left out are obce in districts that the register does not hold. `not_held` are metres as
    the crow flies to the nearest such district.
    """
    data, held = bundle.data, bundle.data.register.completeness.districts
    around = list(map(str, bundle.ground.around.index))
    obce = data.obce.loc[around]
    known = obce[obce["district_code"].isin(held)]
    people = population.people_of(data.population, bundle.target).reindex(known.index).dropna()
    homes = population.home_points(
        people.astype("int64"), precincts=data.precincts, obce=data.obce, group=bundle.target
    )
    strangers = data.obce[~data.obce["district_code"].isin(held)]
    straight = Travel(detour_factor=1.0, speed_kmh=1.0)
    away = distance.metres_to_areas(homes, strangers, travel=straight)
    return homes.assign(not_held=away), len(around) - len(known)


def nearest_to(homes: pd.DataFrame, answer: Answer) -> pd.Series:
    """Count people by the place nearest to them as the crow flies; index that of the places.

    People to whom a place that the data do not hold may be nearer are not counted.
    """
    places = answer.places.dropna(subset=[X, Y])
    counts = pd.Series(0, index=answer.places.index)
    if places.empty or homes.empty:
        return counts
    metres, number = cKDTree(places[[X, Y]].to_numpy()).query(homes[[X, Y]].to_numpy())
    sure = metres <= homes["not_held"].to_numpy()
    people = homes[PEOPLE].to_numpy()
    sums = np.bincount(np.asarray(number)[sure], weights=people[sure], minlength=len(places))
    return counts.add(pd.Series(sums, index=places.index), fill_value=0).astype(int)
