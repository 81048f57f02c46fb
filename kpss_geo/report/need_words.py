"""Supply against need and equity in words: what is said above and below their tables."""

import re
from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from kpss_geo.equity import Link
from kpss_geo.errors import N_
from kpss_geo.need import AccessAnswer, Equity, NeedQuestion
from kpss_geo.need.measures import AGE, EXCLUSION, ORP, SIZE, TERRITORY
from kpss_geo.need.notes import UNIT_NAMES
from kpss_geo.report.need_rows import RANKS, known
from kpss_geo.report.sentences import FORM_WORDS, reach_words
from kpss_geo.text import NBSP, Words

KIND_WORDS: Final = {
    TERRITORY: N_("the whole territory"),
    AGE: N_("by age"),
    SIZE: N_("by inhabitants of the obec"),
    EXCLUSION: N_("by index of social exclusion (0–30)"),
    ORP: N_("ORP of the region, for comparison"),
}
DECAY_WORDS: Final = {
    "none": N_("no decay"),
    "zones": N_("by thirds of the reach 1, 0.68 and 0.22"),
    "gaussian": N_("Gaussian decay"),
    "linear": N_("linear decay"),
    "kernel": N_("Epanechnikov kernel"),
    "exponential": N_("exponential decay"),
    "gravity": N_("decay by one over minutes"),
}


MEAN_WAY: Final = N_("Mean way of an obec")
ACCESS: Final = N_("Access of an obec")


def part_words(part: Mapping[Hashable, Any], words: Words) -> str:
    """Name a part of the people."""
    name = str(part["name"])
    if not name:
        return words.t("not known")
    if part["kind"] == SIZE:
        return re.sub(r"\d+", lambda digits: words.number(int(digits[0])), name)
    return words.t(name) if part["kind"] == AGE else name


def amount_words(value: float, least: float, words: Words) -> str:
    r"""Write access: the number where it is known, else what it is at least.

    >>> amount_words(9.18, 9.18, Words("cs")), amount_words(float("nan"), 5.24, Words("cs"))
    ('9,2', '≥\xa05,2')
    """
    if not pd.isna(value):
        return words.number(value, digits=1)
    return f"≥{NBSP}{words.number(least, digits=1)}" if least > 0 else "–"


def bounds_words(least: float, most: float, words: Words, *, digits: int = 0) -> str:
    r"""Write a number that lies between two bounds; one number when they agree.

    >>> bounds_words(2.0, 2.0, Words("cs")), bounds_words(2.0, float("inf"), Words("cs"))
    ('2', '≥\xa02')
    >>> bounds_words(2.0, 3.4, Words("cs"), digits=1)
    '2,0–3,4'
    """
    if pd.isna(least) or (least == 0 and most == float("inf")):
        return "–"
    low = words.number(least, digits=digits) if least != float("inf") else "∞"
    if known(least, most):
        return low
    if most == float("inf"):
        return f"≥{NBSP}{low}"
    high = words.number(most, digits=digits)
    return low if low == high else f"{low}–{high}"


def access_headline(answer: AccessAnswer, words: Words) -> str:
    """Say in one sentence how much capacity people of the territory reach."""
    question, totals = answer.question, answer.totals
    return words.t(
        "{name}, {group}: {service}, {form}; {unit} per 1,000 people within {reach}: {amount}.",
        name=answer.territory.name,
        group=words.t(answer.target.short),
        service=answer.service_type.label,
        form=words.t(FORM_WORDS[question.form]),
        unit=words.t(UNIT_NAMES[question.unit]),
        reach=reach_words(question.about.reach, words),
        amount=amount_words(totals["per_1000"], totals["least_per_1000"], words),
    )


def inside_sentence(answer: AccessAnswer, words: Words) -> str:
    """Say what stands inside the territory and what that is per 1 000 people living there."""
    totals = answer.totals
    capacity = totals["capacity_inside"]
    template = (
        N_("Inside the territory {capacity} ({unit}), {rate} per 1,000 people who live there.")
        if not totals["capacity_unknown"]
        else N_(
            "Inside the territory {capacity} ({unit}), {rate} per 1,000 people who live there, "
            "without {lost} places that give no figure."
        )
    )
    return words.t(
        template,
        capacity=words.number(capacity, digits=0 if known(capacity, round(capacity)) else 1),
        unit=words.t(UNIT_NAMES[answer.question.unit]),
        rate=amount_words(totals["rate_inside"], totals["rate_inside"], words),
        lost=words.number(totals["capacity_unknown"]),
    )


def method_sentence(question: NeedQuestion, words: Words) -> str:
    """Say the method, its decay and the reach: working values, not norms."""
    return words.t(
        "Method {method}, {decay}; places within {reach} count (working value, not a norm). "
        "As of {day}.",
        method=question.method.upper(),
        decay=words.t(DECAY_WORDS[question.decay]),
        reach=reach_words(question.about.reach, words),
        day=words.date(question.about.on.isoformat()),
    )


def equity_headline(equity: Equity, words: Words) -> str:
    """Say in one sentence how far people of the territory have it."""
    whole = equity.whole
    if whole["least_mean_min"] == 0 or whole["most_mean_min"] == float("inf"):
        template = N_(
            "{name}, {group}: how long the way to “{service}” ({form}) takes is not known."
        )
    else:
        template = N_(
            "{name}, {group}: the way to “{service}” ({form}) takes {mean} min on average, for "
            "nine people in ten up to {p90} min."
        )
    return words.t(
        template,
        name=equity.territory.name,
        group=words.t(equity.target.short),
        service=equity.service_type.name,
        form=words.t(FORM_WORDS[equity.question.form]),
        mean=bounds_words(whole["least_mean_min"], whole["most_mean_min"], words, digits=1),
        p90=bounds_words(whole["least_p90_min"], whole["most_p90_min"], words, digits=1),
    )


def rank_words(part: Mapping[Hashable, Any], words: Words) -> str:
    """Write the places that a part may hold among others: 3, or 2–9."""
    if pd.isna(part["rank_best"]):
        return ""
    return f"{bounds_words(part['rank_best'], part['rank_worst'], words)}/{part['ranked']}"


def rank_sentence(equity: Equity, words: Words) -> str:
    """Say where the territory stands among ORP of its region; empty when nothing is known."""
    whole = equity.whole
    best, worst, count = (whole[name] for name in RANKS)
    if pd.isna(best) or (best == 1 and worst == count > 1):
        return ""
    template = (
        N_("By mean way it stands at place {place} of {count} among ORP of the region (1 nearest).")
        if best == worst
        else N_(
            "By mean way it stands at place {place} of {count} among ORP of the region (1 "
            "nearest); which one, districts that the data do not hold decide."
        )
    )
    place = bounds_words(best, worst, words)
    return words.t(template, place=place, count=words.number(count))


def link_sentence(link: Link, what: str, words: Words) -> str:
    """Say how a figure goes with the index of social exclusion across the obce."""
    if pd.isna(link.rho):
        return words.t(
            "{what} and the index of social exclusion: too few obce are known ({count}).",
            what=words.t(what),
            count=link.obce,
        )
    return words.t(
        "{what} and the index of social exclusion: rank correlation {rho} over {count} obce; "
        "{lost} left out, not known.",
        what=words.t(what),
        rho=words.number(link.rho, digits=2),
        count=words.number(link.obce),
        lost=words.number(link.left_out),
    )
