"""Chapter: what is on offer in the territory, and what people use beyond its border."""

import pandas as pd

from kpss_geo.export import listing
from kpss_geo.export.blocks import Block, Heading, Paragraph, Table, table
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.czech import CZECH, counted, shown, verb
from kpss_geo.report.sentences import FORM_WORDS, capacity_here
from kpss_geo.study import Answer

MOST = 40
"""Rows of a table in the text; the rest is in the workbook, and the text says so."""


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
            f"Ke dni {day} {verb(held, 'má', 'mají')} {bundle.territory.in_name} místo nebo sídlo "
            f"{registrations} "
            f"pro cílovou skupinu „{bundle.target.short}“ (druhy, které data obsahují). Co ve "
            "výběru z registru není, o tom nevíme."
        ),
        _capacities(bundle),
        Paragraph(
            "Kapacita je nejvyšší registrovaná kapacita celé registrace, nikoli volná místa. "
            "Různé jednotky (lůžka, klienti, kontakty, intervence, hovory) se nesčítají. "
            "Registrace s místy i mimo území je započtena podílem svých adres.",
            "note",
        ),
        _places(rows),
    ]


def _capacities(bundle: Bundle) -> Table:
    words = bundle.words
    rows = []
    for answer in bundle.answers:
        known = answer.rates.to_dict("records")
        rows += [
            (
                answer.service_type.label,
                words.t(FORM_WORDS[rate["form"]]),
                capacity_here(rate["inside"], rate["unit"], words),
                _people_rate(rate["per_1000"]),
                "–" if rate["form"] == "ter" else CZECH.number(rate["reachable"]),
            )
            for rate in known
            if rate["inside"] > 0 or rate["reachable"] > 0
        ]
    nothing = ("–", "–", "žádná kapacita v datech", "–", "–")
    return table(
        "Registrovaná kapacita podle druhu a formy",
        ("Druh služby", "Forma", "V území", "Na 1 000 lidí skupiny", "V dosahu"),
        rows or [nothing],
        numbers=range(2, 5),
        widths=(3.1, 1.4, 1.6, 1.3, 1.15),
    )


def _people_rate(value: float) -> str:
    return "–" if pd.isna(value) else CZECH.number(value, digits=1)


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
        for some in by_registration.values()
    ]
    more = f" (prvních {MOST} z {len(lines)}; všechny v sešitu dat)" if len(lines) > MOST else ""
    return table(
        f"Služby v území{more}",
        ("Druh služby", "Zařízení", "Obec", "Forma", "Kapacita registrace"),
        lines[:MOST],
        numbers=range(0),
        widths=(1.7, 2, 1.2, 1.15, 1.9),
    )


def whom_to_ask(answer: Answer) -> list[Block]:
    """Name the field services that have not said which obce they serve."""
    silent = listing.silent_services(answer)
    if silent.empty:
        return []
    shown_rows = silent.head(15)
    more = f" (prvních {len(shown_rows)} z {len(silent)})" if len(silent) > len(shown_rows) else ""
    return [
        table(
            f"Koho se zeptat, které obce obsluhuje{more}",
            ("Poskytovatel", "Sídlo", "Obcí bez vyjádření"),
            [
                (str(r["provider"]) or str(r["name"]), str(r["town"]) or "–", shown(r["obce"]))
                for r in shown_rows.to_dict("records")
            ],
            numbers=range(2, 3),
            widths=(3, 1.6, 1),
        )
    ]
