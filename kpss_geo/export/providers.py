"""Katalog poskytovatelů: every service once, found by obec, situation, group, type or name."""

from collections.abc import Iterable
from pathlib import Path

from kpss_geo.errors import N_
from kpss_geo.export import orders, whole, word
from kpss_geo.export.blocks import Block, Document, Heading, Paragraph, Points
from kpss_geo.export.bundle import Bundle, register_words
from kpss_geo.export.chapter import about, closing, running
from kpss_geo.export.czech import CZECH
from kpss_geo.export.entries import Entry, card, entries, numbers_words
from kpss_geo.sources.segments import Progress, silent

FEW = 6
"""So few entries do not fill a page of their own."""
_NOTHING = "V území nemá podle dat místo ani sídlo žádná služba."


def write_catalogue(
    bundle: Bundle, out: Path, *, progress: Progress = silent, template: Path | None = None
) -> list[Path]:
    """Write the catalogue as DOCX into the folder, in the team's own template where given."""
    progress(N_("Writing the catalogue"), len(bundle.answers))
    path = out / f"{whole.file_name(bundle.territory.id)}-katalog.docx"
    return [whole.write(path, word.to_docx(catalogue(bundle), template=template))]


def catalogue(bundle: Bundle) -> Document:
    """Compose the catalogue: entries by obec, those around, then other orders and an index.

    Every service is written out once; the other orders point to the number of its entry.
    """
    found = entries(bundle)
    inside = tuple(entry for entry in found if entry.first["inside"])
    outside = tuple(entry for entry in found if not entry.first["inside"])
    return Document(
        title="Katalog poskytovatelů sociálních služeb",
        subtitle=f"{bundle.territory.name}, {bundle.target.name}",
        about=about(bundle),
        running=running(bundle, "katalog poskytovatelů"),
        contents=1,
        blocks=(
            *_opening(bundle, inside, outside),
            Heading("Služby podle obcí", new_page=len(inside) > FEW),
            *_by_obec(bundle, inside),
            Heading("Služby v okolí území", new_page=len(inside) > FEW),
            *_around(bundle, outside),
            *(_orders(bundle, found) if found else []),
            *closing(bundle),
        ),
    )


def _opening(bundle: Bundle, inside: tuple[Entry, ...], outside: tuple[Entry, ...]) -> list[Block]:
    day = CZECH.date(bundle.question.on.isoformat())
    where = [f"{numbers_words(inside)} v území" if inside else "",
             f"{numbers_words(outside)} v okolí" if outside else ""]  # fmt: skip
    numbered = f": {', '.join(filter(None, where))}" if any(where) else ""
    return [
        Paragraph(
            f"Katalog obsahuje registrované služby pro cílovou skupinu „{bundle.target.name}“ "
            f"podle registru ve výběru, který používá celý plán. Stav ke dni {day} "
            f"{register_words(bundle)}. Co ve výběru není, o tom katalog mlčí: "
            "neznamená to, že taková služba neexistuje."
        ),
        Heading("Jak v katalogu hledat"),
        Points(
            (
                (
                    f"Každé místo služby je popsáno jednou a má své číslo{numbered}. Služba s "
                    "více místy má čísel víc; kapacita celé registrace u nich stojí pokaždé "
                    "znovu a nesčítá se."
                ),
                "Podle obce: popisy jdou za sebou podle abecedy obcí.",
                (
                    "Podle životní situace, cílové skupiny nebo druhu služby: seznamy za popisy "
                    "odkazují na čísla služeb."
                ),
                "Podle jména: rejstřík poskytovatelů a zařízení je na konci.",
            )
        ),
        Paragraph(
            "Kapacita je nejvyšší registrovaná kapacita celé registrace, nikoli volná místa; různé "
            "jednotky se nesčítají. Sídlo terénní služby neříká, kam dojíždí.",
            "note",
        ),
    ]


def _orders(bundle: Bundle, found: tuple[Entry, ...]) -> list[Block]:
    return [
        Heading("Služby podle životní situace", new_page=True),
        *orders.by_situation(bundle, found),
        Heading("Služby podle cílové skupiny", new_page=True),
        *orders.by_group(found),
        Heading("Služby podle druhu"),
        *orders.by_type(bundle, found),
        Heading("Rejstřík poskytovatelů a zařízení", new_page=True, columns=2),
        *orders.index(found),
    ]


def _by_obec(bundle: Bundle, inside: Iterable[Entry]) -> list[Block]:
    """Write the cards under the names of their obce."""
    blocks: list[Block] = []
    town = None
    for entry in inside:
        if entry.first["obec"] != town:
            town = entry.first["obec"]
            blocks.append(Heading(str(town) or "Obec v registru neuvedena", 2))
        blocks.append(card(entry, bundle))
    return blocks or [Paragraph(_NOTHING)]


def _around(bundle: Bundle, outside: tuple[Entry, ...]) -> list[Block]:
    if not outside:
        return [Paragraph("V okolí území data neobsahují žádnou další službu.")]
    km = CZECH.number(bundle.question.surroundings_km)
    return [
        Paragraph(
            f"Služby mimo území: v obcích do {km}\u00a0km od některé z jeho obcí, nebo takové, "
            "které jsou pro někoho z území nejbližší."
        ),
        *_by_obec(bundle, outside),
    ]
