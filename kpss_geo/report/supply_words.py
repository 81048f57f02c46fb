"""Registered capacity of a territory in words: what stands in it, and what is within reach."""

from typing import Any

import pandas as pd

from kpss_geo.catalogue import FIELD
from kpss_geo.errors import N_
from kpss_geo.report.sentences import FORM_WORDS, UNIT_WORDS
from kpss_geo.schema import CODE, SERVICE_ID
from kpss_geo.study import Answer
from kpss_geo.text import Words, half_up


def amount(count: float, unit: str, words: Words) -> str:
    r"""Write a capacity with its unit; a part of one, by its share of addresses, is never 0.

    >>> amount(54, "luzka", Words("cs")), amount(0.25, "klient", Words("cs"))
    ('54 lůžek', 'méně než 1 klient')
    """
    if 0 < count < 1:
        return words.t("less than {share}", share=words.n(*UNIT_WORDS[unit], 1))
    return words.n(*UNIT_WORDS[unit], int(half_up(count)))


def per_1000(count: float, words: Words) -> str:
    """Write a rate per 1,000 people with one decimal; a small one is never 0."""
    if 0 < count < 0.05:
        return words.t("less than {share}", share=words.number(0.1, digits=1))
    return words.number(count, digits=1)


def standing(answer: Answer) -> list[dict[str, Any]]:
    """Give the rows of `Answer.rates` of which some capacity stands in the territory."""
    return [_named(rate) for rate in answer.rates.to_dict("records") if rate["inside"] > 0]


def only_reached(answer: Answer) -> list[dict[str, Any]]:
    """Give the rows of `Answer.rates` within reach of which nothing stands in the territory."""
    return [
        _named(rate)
        for rate in answer.rates.to_dict("records")
        if not rate["inside"] > 0 and rate["reachable"] > 0
    ]


def _named(rate: Any) -> dict[str, Any]:
    return {str(name): value for name, value in rate.items()}


def not_given(answer: Answer) -> dict[str, int]:
    """Count registrations with an address in the territory by the form they give no capacity of."""
    here, supply = set(answer.territory.codes), answer.supply
    places = answer.places[answer.places[CODE].isin(here)]
    seats = supply.seats.loc[supply.seats[CODE].isin(here), SERVICE_ID]
    lines = [
        *((form, service, capacity)
          for service, forms, capacity in zip(
              places[SERVICE_ID], places["forms"], places["capacity"], strict=True)
          for form in forms if form != FIELD),
        *((FIELD, service, capacity)
          for service, capacity in supply.field.loc[seats.unique(), "capacity"].items()),
    ]  # fmt: skip
    silent: dict[str, set[str]] = {}
    for form, service, capacity in lines:
        if not any(f == form and not pd.isna(count) for f, _, count in capacity):
            silent.setdefault(form, set()).add(str(service))
    return {form: len(services) for form, services in silent.items()}


def rates_words(answer: Answer, words: Words) -> str:
    """Say the registered capacity in the territory by form and unit, and what is in reach alone."""
    parts = [_part(rate, words) for rate in standing(answer)]
    parts += [
        words.t("{form}: capacity not given ({count})", form=words.t(FORM_WORDS[form]), count=count)
        for form, count in not_given(answer).items()
    ]
    reached = [
        f"{words.t(FORM_WORDS[rate['form']])} {amount(rate['reachable'], rate['unit'], words)}"
        for rate in only_reached(answer)
    ]
    inside = N_("Registered capacity in the territory: {parts}.")
    outside = N_("Registered only outside the territory, within reach: {parts}.")
    return " ".join(
        words.t(template, parts="; ".join(said))
        for template, said in ((inside, parts), (outside, reached))
        if said
    )


def _part(rate: dict[str, Any], words: Words) -> str:
    text = f"{words.t(FORM_WORDS[rate['form']])} {amount(rate['inside'], rate['unit'], words)}"
    if not pd.isna(rate["per_1000"]):
        count = per_1000(rate["per_1000"], words)
        text += " " + words.t("({count} per 1,000 people)", count=count)
    if rate["form"] != FIELD:
        text += ", " + words.t("within reach {count}", count=words.number(rate["reachable"]))
    return text
