"""The analytical chapter of a plan, in the order of an SPRSS."""

from pathlib import Path
from typing import Final

import kpss_geo
from kpss_geo.errors import N_
from kpss_geo.export import (
    chapter_cover,
    chapter_place,
    chapter_supply,
    listing,
    overlaps,
    whole,
    word,
)
from kpss_geo.export.blocks import Block, Document, Heading, Paragraph, Points, table
from kpss_geo.export.bundle import Bundle, question_lines, register_words
from kpss_geo.export.czech import CZECH
from kpss_geo.sources.segments import Progress, silent


def write_chapter(
    bundle: Bundle, out: Path, *, progress: Progress = silent, template: Path | None = None
) -> list[Path]:
    """Write the chapter as DOCX into the folder, in the team's own template where given."""
    progress(N_("Writing the chapter"), len(bundle.answers))
    path = out / f"{whole.file_name(bundle.territory.id)}-kapitola.docx"
    return [whole.write(path, word.to_docx(chapter(bundle), template=template))]


OF_DAY: Final = ", stav ke dni "
"""Before the day at the head of a page."""


def chapter(bundle: Bundle) -> Document:
    """Compose the chapter: territory, supply, need, coverage, overlaps, findings, method."""
    day = CZECH.date(bundle.question.on.isoformat())
    return Document(
        title="Analytická část: dostupnost sociálních služeb",
        subtitle=(
            f"{bundle.territory.name}, {bundle.target.name}, stav služeb ke dni {day} "
            f"{register_words(bundle)}"
        ),
        about=about(bundle),
        running=running(bundle, "analytická část"),
        contents=2,
        blocks=(
            *chapter_place.place(bundle),
            *chapter_supply.supply(bundle),
            *chapter_place.need(bundle),
            *chapter_cover.coverage(bundle),
            *overlaps.overlaps(bundle),
            *chapter_cover.findings(bundle),
            *_method(bundle),
            *closing(bundle),
        ),
    )


def about(bundle: Bundle) -> str:
    """Say in one line which program, data and question a document was made from."""
    question = bundle.question
    return (
        f"kpss-geo {kpss_geo.__version__}; data {question.data_digest}; {bundle.territory.id}; "
        f"{bundle.target.id}; {question.on.isoformat()}; {question.travel.mode}"
    )


def running(bundle: Bundle, part: str) -> str:
    """Say at the head of every page whose document it is, which part, and of which day."""
    day = CZECH.date(bundle.question.on.isoformat())
    return f"{bundle.territory.name} – {part}{OF_DAY}{day}"


def _method(bundle: Bundle) -> list[Block]:
    return [
        Heading("Metoda a její meze"),
        Paragraph(
            "Hranice dostupnosti (kilometry, minuty, kapacita na 1 000 lidí) jsou pracovní hodnoty "
            "týmu, nikoli norma. Žádný právní předpis je nestanoví; jiná hodnota dá jiný výsledek."
        ),
        Points(
            (
                (
                    "Pokryto: otevřená služba je v dosahu, nebo ji tým označil za službu, která do "
                    "obce dojíždí, a kapacita stačí, pokud byl poměr stanoven."
                ),
                (
                    "Jen na papíře: služba je podle registru v dosahu nebo uvádí celý kraj, ale "
                    "není doloženo, že její kapacita stačí nebo že do obce skutečně dojíždí."
                ),
                "Nepokryto: data jsou v místě úplná a žádná taková služba v dosahu není.",
                "Nevíme: chybí údaj, bez kterého nelze rozhodnout. Nikdy se nepočítá jako nula.",
                (
                    "Jistota: ●●● závěr platí i s mezí o pětinu kratší či delší, při vzdušné čáře "
                    "× 1,3 i bez míst mimo území; ●●○ jedna zkouška jej mění; ●○○ mění jej jich "
                    "více."
                ),
            )
        ),
        Heading("Výhrady k použitým údajům", 2),
        Points(tuple(listing.notes(bundle))),
    ]


def closing(bundle: Bundle, *, new_page: bool = False) -> list[Block]:
    """Close a document: sources with dates and licences, and how to make it again."""
    return [
        Heading("Zdroje dat", new_page=new_page),
        table(
            "Zdroje, stav a licence",
            ("Tabulka", "Zdroj", "Stav", "Licence", "K čemu se nehodí"),
            [
                (r["title"], r["source"], CZECH.date(r["as_of"]), r["licence"], r["not_for"] or "–")
                for r in listing.sources(bundle)
            ],
            numbers=range(0),
            widths=(1.9, 1.4, 1.3, 1.25, 2.1),
        ),
        Heading("Jak výsledek zopakovat"),
        table(
            "Otázka, na kterou dokument odpovídá",
            ("Otázka", "Hodnota"),
            question_lines(bundle),
            numbers=range(0),
            widths=(1, 3.2),
            unbroken=True,
        ),
    ]
