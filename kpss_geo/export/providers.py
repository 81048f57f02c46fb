"""Katalog poskytovatelů: services by obec and by type, with contacts, capacity and an index."""

from collections.abc import Iterable
from pathlib import Path

from kpss_geo.errors import N_
from kpss_geo.export import listing, whole, word
from kpss_geo.export.blocks import Block, Document, Heading, Paragraph, Points, table
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.chapter import about, closing
from kpss_geo.export.czech import CZECH, first_capital
from kpss_geo.export.listing import Record
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.text import in_order


def write_catalogue(
    bundle: Bundle, out: Path, *, progress: Progress = silent, template: Path | None = None
) -> list[Path]:
    """Write the catalogue as DOCX into the folder, in the team's own template where given."""
    progress(N_("Writing the catalogue"), len(bundle.answers))
    path = out / f"{whole.file_name(bundle.territory.id)}-katalog.docx"
    return [whole.write(path, word.to_docx(catalogue(bundle), template=template))]


def catalogue(bundle: Bundle) -> Document:
    """Compose the catalogue: services in the territory by obec, by type, then around, an index."""
    rows = listing.services(bundle)
    inside = [row for row in rows if row["inside"]]
    outside = [row for row in rows if not row["inside"]]
    day = CZECH.date(bundle.question.on.isoformat())
    blocks: list[Block] = [
        Paragraph(
            f"Katalog obsahuje registrované služby pro cílovou skupinu „{bundle.target.name}“ "
            f"podle registru ve výběru, který používá celý plán. Stav ke dni {day}. Kapacita je "
            "nejvyšší registrovaná kapacita celé registrace, nikoli volná místa; jednotky se "
            "nesčítají."
        ),
        Heading("Služby podle obcí"),
        *_by_obec(inside),
        Heading("Služby podle druhu", new_page=True),
        *_by_type(inside),
        Heading("Služby v okolí území", new_page=True),
        *_around(outside),
        Heading("Rejstřík poskytovatelů", new_page=True),
        *_index(rows),
        *closing(bundle),
    ]
    return Document(
        title="Katalog poskytovatelů sociálních služeb",
        subtitle=f"{bundle.territory.name}, {bundle.target.name}",
        about=about(bundle),
        blocks=tuple(blocks),
    )


def _grouped(rows: Iterable[Record], *keys: str) -> dict[tuple[str, ...], list[Record]]:
    found: dict[tuple[str, ...], list[Record]] = {}
    for row in rows:
        found.setdefault(tuple(str(row[key]) for key in keys), []).append(row)
    ordered = in_order(found, key=" ".join)
    return {key: found[key] for key in ordered}


def _by_obec(rows: list[Record]) -> list[Block]:
    if not rows:
        return [Paragraph("V území nemá podle dat místo ani sídlo žádná služba.")]
    blocks: list[Block] = []
    for (obec,), mine in _grouped(rows, "obec").items():
        blocks.append(Heading(obec, 2))
        cards = _grouped(mine, "name", "service_type", "service_id").values()
        blocks += [block for card in cards for block in _card(card)]
    return blocks


def _card(rows: list[Record]) -> list[Block]:
    """Give one service in one obec: who, what, where, how to reach it, how big it is."""
    row = rows[0]
    head = str(row["name"] or row["provider"])
    what = f"{first_capital(row['service_name'])} – {row['forms']}"
    contact = [f"telefon {row['phone']}" if row["phone"] else "telefon v registru není"]
    contact += [str(row["web"])] if row["web"] else []
    where = "; ".join(dict.fromkeys(str(each["address"]) for each in rows))
    where += "" if row["used"] is not None else " (sídlo terénní služby)"
    return [
        Heading(head, 3),
        Points(
            (
                what,
                f"Poskytovatel: {row['provider'] or 'neuveden'}",
                f"Adresa: {where}",
                f"Kontakt: {', '.join(contact)}",
                f"Kapacita: {row['capacity']}",
            )
        ),
    ]


def _by_type(rows: list[Record]) -> list[Block]:
    blocks: list[Block] = []
    for (name,), mine in _grouped(rows, "service_name").items():
        blocks += [Heading(first_capital(name), 2), _short(mine, f"{first_capital(name)} v území")]
    return blocks or [Paragraph("V území nemá podle dat místo ani sídlo žádná služba.")]


def _short(rows: list[Record], caption: str) -> Block:
    return table(
        caption,
        ("Zařízení", "Obec", "Forma", "Kapacita registrace", "Telefon"),
        [
            (r["name"] or r["provider"], r["obec"], r["forms"], r["capacity"], r["phone"] or "–")
            for r in in_order(rows, key=lambda row: f"{row['obec']} {row['name']}")
        ],
        numbers=range(0),
        widths=(2.2, 1.3, 1, 2, 1.2),
    )


def _around(rows: list[Record]) -> list[Block]:
    if not rows:
        return [Paragraph("V okolí území data neobsahují žádnou další službu.")]
    blocks: list[Block] = [
        Paragraph("Služby mimo území, které jsou blízko nebo jsou pro někoho z území nejbližší.")
    ]
    for (name,), mine in _grouped(rows, "service_name").items():
        blocks.append(_short(mine, f"{first_capital(name)} v okolí"))
    return blocks


def _index(rows: list[Record]) -> list[Block]:
    lines = []
    for (provider,), mine in _grouped(rows, "provider").items():
        names = in_order({str(row["service_name"]) for row in mine})
        towns = in_order({str(row["obec"]) for row in mine if row["obec"]})
        lines.append((provider, "; ".join(names), ", ".join(towns) or "–"))
    lines = [line for line in lines if line[0]] + [
        ("(poskytovatel v registru neuveden)", *line[1:]) for line in lines if not line[0]
    ]
    return [
        table(
            "Poskytovatelé podle abecedy",
            ("Poskytovatel", "Druhy služeb", "Obce"),
            lines,
            numbers=range(0),
            widths=(2, 2, 1.5),
        )
    ]
