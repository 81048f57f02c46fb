"""Chapter: what is on offer in the territory, and what people use beyond its border."""

from typing import Any

import numpy as np
import pandas as pd

from kpss_geo.catalogue import FIELD
from kpss_geo.export import listing
from kpss_geo.export.blocks import Block, Heading, Paragraph, table
from kpss_geo.export.bundle import Bundle, register_words
from kpss_geo.export.czech import CZECH, counted, out_of, verb
from kpss_geo.report.sentences import FORM_WORDS
from kpss_geo.report.supply_words import amount, not_given, only_reached, per_1000, standing
from kpss_geo.study import Answer
from kpss_geo.territory import metres_from
from kpss_geo.text import Words

MOST = 40
"""Rows of a table in the text; the rest is in the workbook, and the text says so."""
MOST_ASKED = 15


def supply(bundle: Bundle) -> list[Block]:
    """Say which services are registered in the territory: by type, form, capacity and unit."""
    rows = [row for row in listing.services(bundle) if row["inside"]]
    held = len({row["service_id"] for row in rows})
    registrations = counted(
        held,
        "registrovaná služba",
        "registrované služby",
        "registrovaných služeb",
    )
    day = CZECH.date(bundle.question.on.isoformat())
    return [
        Heading("Analýza nabídky služeb"),
        Paragraph(
            f"Ke dni {day} {register_words(bundle)} {verb(held, 'má', 'mají')} "
            f"{bundle.territory.in_name} místo nebo sídlo {registrations} "
            f"pro cílovou skupinu „{bundle.target.short}“ (druhy, které data obsahují). Co ve "
            "výběru z registru není, o tom nevíme."
        ),
        *_capacities(bundle),
        Paragraph(
            "Kapacita je nejvyšší registrovaná kapacita celé registrace, nikoli volná místa. "
            "Různé jednotky (lůžka, klienti, kontakty, intervence, hovory) se nesčítají. "
            "Registrace s místy i mimo území je v území započtena podílem svých adres. V dosahu: "
            "celá kapacita registrací, které má někdo z cílové skupiny v území do hranice "
            "dostupnosti, ať stojí kdekoli; u terénní formy těch, o kterých tým uvedl, že do "
            "území dojíždějí.",
            "note",
        ),
        _places(rows),
    ]


def _capacities(bundle: Bundle) -> list[Block]:
    """Give what stands in the territory, then what is only within reach of its people."""
    inside = [row for answer in bundle.answers for row in _standing(answer, bundle.words)]
    outside = [row for answer in bundle.answers for row in _reached(answer, bundle.words)]
    nothing = ("–", "–", "žádná kapacita v datech", "–", "–")
    tables: list[Block] = [
        table(
            "Registrovaná kapacita v území podle druhu a formy",
            ("Druh služby", "Forma", "V území", "Na 1 000 lidí skupiny", "V dosahu lidí z území"),
            inside or [nothing],
            numbers=range(2, 5),
            widths=(2.8, 1.3, 1.6, 1.2, 1.5),
        )
    ]
    if outside:
        tables.append(
            table(
                "Registrovaná kapacita jen mimo území, v dosahu jeho lidí",
                ("Druh služby", "Forma", "V dosahu lidí z území"),
                outside,
                numbers=range(2, 3),
                widths=(3.6, 1.6, 2),
            )
        )
    return tables


def _standing(answer: Answer, words: Words) -> list[tuple[str, ...]]:
    label = answer.service_type.label
    given: list[tuple[str, ...]] = [
        (
            label,
            words.t(FORM_WORDS[rate["form"]]),
            amount(rate["inside"], rate["unit"], words),
            "–" if pd.isna(rate["per_1000"]) else per_1000(rate["per_1000"], words),
            _reach(rate, words),
        )
        for rate in standing(answer)
    ]
    registrations = ("registrace", "registrace", "registrací")
    return given + [
        (
            label,
            words.t(FORM_WORDS[form]),
            f"neuvedena ({counted(count, *registrations)})",
            "–",
            "–",
        )
        for form, count in not_given(answer).items()
    ]


def _reached(answer: Answer, words: Words) -> list[tuple[str, ...]]:
    return [
        (answer.service_type.label, words.t(FORM_WORDS[rate["form"]]), _reach(rate, words))
        for rate in only_reached(answer)
    ]


def _reach(rate: dict[str, Any], words: Words) -> str:
    """Write what is within reach; of a field form that nobody is said to bring, a dash."""
    unknown = rate["form"] == FIELD and not rate["reachable"] > 0
    return "–" if unknown else amount(rate["reachable"], rate["unit"], words)


def _places(rows: list[listing.Record]) -> Block:
    if not rows:
        return Paragraph("V území nemá podle dat místo ani sídlo žádná služba.")
    by_registration: dict[tuple[str, str], list[listing.Record]] = {}
    for row in rows:
        by_registration.setdefault((row["service_type"], row["service_id"]), []).append(row)
    lines = [
        (
            some[0]["service_name"],
            some[0]["name"],
            ", ".join(dict.fromkeys(row["obec"] for row in some)),
            some[0]["forms"],
            some[0]["capacity"],
        )
        for some in _most_used_first(list(by_registration.values()))
    ]
    more = (
        f" (prvních {MOST} {out_of(len(lines))} podle počtu lidí, kterým je některé místo "
        "nejblíž; všechny v sešitu dat)"
    )
    return table(
        f"Služby v území{more if len(lines) > MOST else ''}",
        ("Druh služby", "Zařízení", "Obec", "Forma", "Kapacita registrace"),
        lines[:MOST],
        numbers=range(0),
        widths=(1.7, 2, 1.2, 1.15, 1.9),
    )


def _most_used_first(registrations: list[list[listing.Record]]) -> list[list[listing.Record]]:
    """Give registrations nearest to most people first, where not all can be shown."""
    if len(registrations) <= MOST:
        return registrations
    return sorted(registrations, key=lambda some: -sum(row["used"] or 0 for row in some))


def whom_to_ask(bundle: Bundle, answer: Answer) -> list[Block]:
    """Name the providers that have not said which obce they serve in the field, nearest first."""
    away = metres_from(bundle.territory, obce=bundle.data.obce)
    asked = listing.silent_providers(answer, away)
    if not asked:
        return []
    shown = f"prvních {MOST_ASKED} {out_of(len(asked))}"
    rest = f" ({shown}; všichni v sešitu dat, list Obsluhovaná území)"
    far = 1000 * bundle.question.surroundings_km
    named = [
        (name, _towns(towns, far) or "–", CZECH.number(obce))
        for name, towns, obce in asked[:MOST_ASKED]
    ]
    beyond = any("km)" in towns for _, towns, _ in named)
    town = "Obec (v závorce, jak daleko od území)" if beyond else "Obec"
    return [
        table(
            f"Koho se zeptat, které obce obsluhuje{rest if len(asked) > MOST_ASKED else ''}",
            ("Poskytovatel", town, "Obcí bez vyjádření"),
            named,
            numbers=range(2, 3),
            widths=(3, 1.5, 1.25),
        ),
    ]


def _towns(towns: dict[str, float], far: float) -> str:
    """Name towns; with how far it is where the provider does not stand in the surroundings."""
    return ", ".join(
        f"{town} ({CZECH.km(way)})" if far < way < np.inf else town for town, way in towns.items()
    )
