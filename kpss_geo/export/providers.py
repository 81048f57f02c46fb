"""Katalog poskytovatelů: every service once, found by obec, situation, group, type or name."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_
from kpss_geo.export import orders, whole, word
from kpss_geo.export.blocks import Block, Document, Heading, Paragraph, Points
from kpss_geo.export.bundle import Bundle, register_words
from kpss_geo.export.chapter import about, closing, running
from kpss_geo.export.czech import CZECH, first_capital
from kpss_geo.export.entries import ORDER, Entry, Where, card, entries, numbers_words
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.text import in_order

Parts = Mapping[Where, tuple[Entry, ...]]
_STANDS: Final[Mapping[Where, str]] = {
    "inside": "v území", "around": "v okolí", "anywhere": "na dálku", "afar": "vzdálené",
}  # fmt: skip
_MEASURED: Final = "Kilometry u obce jsou vzdušnou čarou od nejbližší obce území."
_INSIDE: Final = "Služby, které mají v území místo nebo, jde-li o službu terénní, sídlo."
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
    parts = {where: tuple(e for e in found if e.where == where) for where in ORDER}
    return Document(
        title="Katalog poskytovatelů sociálních služeb",
        subtitle=f"{bundle.territory.name}, {bundle.target.name}",
        about=about(bundle),
        running=running(bundle, "katalog poskytovatelů"),
        contents=1,
        blocks=(
            *_opening(bundle, parts),
            Heading("Služby podle obcí", new_page=True),
            *([Paragraph(_INSIDE)] if parts["inside"] else []),
            *_by_obec(bundle, parts["inside"]),
            Heading("Služby v okolí území"),
            *_around(bundle, parts["around"]),
            *_anywhere(bundle, parts["anywhere"]),
            *_afar(bundle, parts["afar"]),
            *(_orders(bundle, found) if found else []),
            *closing(bundle),
        ),
    )


def _opening(bundle: Bundle, parts: Parts) -> list[Block]:
    day = CZECH.date(bundle.question.on.isoformat())
    where = [f"{numbers_words(some)} {_STANDS[part]}" for part, some in parts.items() if some]
    numbered = f": {', '.join(where)}" if where else ""
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
                    "více místy má více čísel; kapacita celé registrace je u každého z nich "
                    "uvedena znovu a nesčítá se."
                ),
                (
                    "Podle obce: popisy služeb v území a služeb na dálku jdou za sebou podle "
                    "abecedy obcí, ostatní od nejbližší obce po nejvzdálenější."
                ),
                (
                    "Podle životní situace, cílové skupiny nebo druhu služby: seznamy za popisy "
                    "odkazují na čísla služeb."
                ),
                "Podle jména: rejstřík poskytovatelů a zařízení je na konci.",
            )
        ),
        Paragraph(
            "Kapacita je nejvyšší registrovaná kapacita celé registrace, nikoli volná místa; různé "
            "jednotky se nesčítají. Sídlo terénní služby neříká, kam služba dojíždí. „Kam dojíždí: "
            "neuvedeno“ znamená, že obce, které obsluhuje, zatím nikdo neuvedl: zeptejte se "
            "poskytovatele.",
            "note",
        ),
    ]


def _orders(bundle: Bundle, found: tuple[Entry, ...]) -> list[Block]:
    return [
        Heading("Služby podle životní situace"),
        *orders.by_situation(bundle, found),
        Heading("Služby podle cílové skupiny"),
        *orders.by_group(found),
        Heading("Služby podle druhu"),
        *orders.by_type(bundle, found),
        Heading("Rejstřík poskytovatelů a zařízení", columns=2),
        *orders.index(bundle, found),
    ]


def _by_obec(bundle: Bundle, inside: Iterable[Entry]) -> list[Block]:
    """Write the cards under the names of their obce, with how far it is where not in them."""
    blocks: list[Block] = []
    town = None
    for entry in inside:
        if entry.first["code"] != town:
            town = entry.first["code"]
            blocks.append(Heading(_town(entry, bundle), 2))
        blocks.append(card(entry, bundle))
    return blocks or [Paragraph(_NOTHING)]


def _town(entry: Entry, bundle: Bundle) -> str:
    """Name the obec of an entry; of namesakes in the territory its ORP, beyond it how far."""
    if not entry.first["obec"]:
        return "Obec v registru neuvedena"
    if entry.where == "inside":
        return str(bundle.names.get(entry.first["code"], entry.first["obec"]))
    if entry.where == "anywhere":
        return str(entry.first["obec"])
    return f"{entry.first['obec']} ({CZECH.km(entry.away_m)})"


def _around(bundle: Bundle, outside: tuple[Entry, ...]) -> list[Block]:
    if not outside:
        return [Paragraph("V okolí území data neobsahují žádnou další službu.")]
    km = CZECH.number(bundle.question.surroundings_km)
    return [
        Paragraph(
            f"Služby mimo území v obcích do {km}\u00a0km od některé z jeho obcí. {_MEASURED}"
        ),
        *_by_obec(bundle, outside),
    ]


def _anywhere(bundle: Bundle, found: tuple[Entry, ...]) -> list[Block]:
    """Write the services given by telephone or a device: where their seat is says nothing."""
    if not found:
        return []
    names = in_order({str(entry.first["service_name"]) for entry in found})
    return [
        Heading("Služby po telefonu a na dálku"),
        Paragraph(
            f"{first_capital(' a '.join(names))}: služba se poskytuje tam, kde člověk je, sídlo "
            "poskytovatele proto může být kdekoli. Zda ji poskytne i vám, řekne poskytovatel."
        ),
        *_by_obec(bundle, found),
    ]


def _afar(bundle: Bundle, found: tuple[Entry, ...]) -> list[Block]:
    """Write the services that stand far away, with why they are named at all."""
    if not found:
        return []
    km = CZECH.number(bundle.question.surroundings_km)
    return [
        Heading("Vzdálené služby"),
        Paragraph(
            f"Služby s místem nebo sídlem dál než {km}\u00a0km od území. Jsou tu jen proto, že "
            "bližší místo téhož druhu použitá data neobsahují, nebo proto, že terénní služba "
            "neuvedla, které obce obsluhuje. Neznamená to, že do území dojíždějí: zeptejte se "
            f"poskytovatelů a také kraje, zda není služba blíž. {_MEASURED}"
        ),
        *_by_obec(bundle, found),
    ]
