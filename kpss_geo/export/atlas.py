"""The atlas: a page for every obec with its map, the verdict on each type, the nearest places."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kpss_geo.errors import N_
from kpss_geo.export import chapter_place, near, obec_map, pdf, whole
from kpss_geo.export.blocks import Block, Document, Heading, Paragraph, Picture, table
from kpss_geo.export.bundle import Bundle, question_lines, short_sources
from kpss_geo.export.chapter import about, closing, running
from kpss_geo.export.czech import CZECH, first_capital
from kpss_geo.export.near import MARKS
from kpss_geo.export.obec_map import Scene
from kpss_geo.export.sheets import who
from kpss_geo.report import reasons, rows
from kpss_geo.report.rows import Row
from kpss_geo.report.sheet_words import nobody_lives
from kpss_geo.schema import NAME, X, Y
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer
from kpss_geo.text import in_order

ONE_VOLUME: Final = 60
"""An atlas of more obce than this is bound by ORP."""
COVER_MM: Final = 120.0
"""Width of the map on the first page."""
WHERE_TO_LOOK: Final = (
    "Čísla na mapě odpovídají sloupci „Mapa“; místa nad 15\u00a0km od obce jsou jen v tabulce. "
    f"{MARKS}"
)


@dataclass(frozen=True)
class Book:
    """What all pages are made from: the areas to draw on, and the rows of each type by code."""

    bundle: Bundle
    scene: Scene
    rows: tuple[dict[str, Row], ...]


def write_atlas(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the atlas as PDF into the folder; tells `progress` how many obce are drawn.

    A territory of more than `ONE_VOLUME` obce has a volume for each ORP in the folder
    `atlas`, so that the memory needed does not grow with the territory.
    """
    name, book, pages = whole.file_name(bundle.territory.id), open_book(bundle), 0
    paths = []
    for orp, codes in volumes(bundle).items():
        path = out / (f"atlas/{name}-{whole.file_name(orp)}.pdf" if orp else f"{name}-atlas.pdf")
        document = volume(book, codes, orp=orp, before=pages, progress=progress)
        paths.append(whole.write(path, pdf.to_pdf(document)))
        pages += len(codes)
    return paths


def open_book(bundle: Bundle) -> Book:
    """Prepare what all pages share."""
    everyone = bundle.data.population.sum(axis=1)
    found = tuple(
        {row["code"]: row for row in rows.rows(answer, words=bundle.words)}
        for answer in bundle.answers
    )
    return Book(bundle, obec_map.scene(bundle.ground, bundle.data.obce, everyone), found)


def volumes(bundle: Bundle) -> dict[str, list[str]]:
    """Give the obce of each volume in the Czech alphabet; the only volume has no name."""
    obce = bundle.obce
    codes = in_order(map(str, obce.index), key=lambda code: str(obce[NAME][code]))
    if len(codes) <= ONE_VOLUME:
        return {"": codes}
    found: dict[str, list[str]] = {str(orp): [] for orp in in_order(obce["orp_name"].unique())}
    for code in codes:
        found[str(obce["orp_name"][code])].append(code)
    return found


def volume(
    book: Book,
    codes: Sequence[str],
    *,
    orp: str = "",
    before: int = 0,
    progress: Progress = silent,
) -> Document:
    """Compose a volume, a page for each obec; `before` are the pages of earlier volumes."""
    bundle = book.bundle
    blocks: list[Block] = [] if orp or len(codes) == 1 else [_cover_map(bundle)]
    for number, code in enumerate(codes, before + 1):
        progress(N_("Drawing the atlas, obec"), number)
        blocks += _page(book, code)
    part = f", ORP {orp}" if orp else ""
    return Document(
        title="Atlas dostupnosti sociálních služeb",
        subtitle=f"{bundle.territory.name}{part}, {bundle.target.name}",
        about=about(bundle),
        running=running(bundle, f"atlas obcí{part}"),
        opening=f"{_limits(bundle)} {WHERE_TO_LOOK}",
        blocks=(*blocks, *closing(bundle, new_page=True)),
        contents=1,
        tight=True,
        letters_pt=8.5,
    )


def _cover_map(bundle: Bundle) -> Picture:
    """Draw the territory so that it has room under the contents of a volume."""
    return replace(chapter_place.location(bundle), width_mm=COVER_MM)


def _limits(bundle: Bundle) -> str:
    borders = "" if bundle.ground.real else " Hranice obcí na mapách jsou schematické (buňky)."
    return (
        "Hranice dostupnosti jsou pracovní hodnoty týmu, nikoli norma; jsou vypsány na konci. "
        f"Nevíme neznamená nula.{borders}"
    )


def _page(book: Book, code: str) -> list[Block]:
    bundle, drawn, mine = book.bundle, book.scene, [by_code[code] for by_code in book.rows]
    name = mine[0]["name"]
    places = obec_map.nearest(bundle.answers, code)
    given = obec_map.numbers(places, obec_map.middle_of(drawn, code))
    spots = {
        number: (float(place[X]), float(place[Y]))
        for number, place in zip(given, places, strict=True)
        if number and place is not None
    }
    facts = dict(question_lines(bundle))
    deserted = nobody_lives(code, bundle.data.population)
    picture = Picture(
        obec_map.draw(drawn, code, {})
        if deserted
        else obec_map.draw(drawn, code, spots, beside=_off(given, places)),
        _caption(book, name, numbered=None if deserted else len(spots)),
        f"Mapa obce {name} a sousedních obcí"
        f"{'' if deserted else '; nejbližší místa jsou v tabulce pod mapou'}.",
        width_mm=obec_map.SHEET.width_mm,
        format="svg",
    )
    head: list[Block] = [
        Heading(name, new_page=True),
        Paragraph(who(bundle, code, mine[0]["population"])),
    ]
    if deserted:
        return [*head, picture]
    return [
        *head,
        picture,
        table(
            f"{name}: závěr pro každý druh služby ({bundle.words.t(bundle.target.short)})",
            ("Druh služby", "Závěr a lidé", "Nejbližší místo", "Cesta", "Mapa", "Jistota"),
            [
                _line(answer, row, number)
                for answer, row, number in zip(bundle.answers, mine, given, strict=True)
            ],
            numbers=range(3, 5),
            widths=(2.22, 1.72, 2.88, 1.99, 0.69, 0.8),
        ),
        Paragraph(
            f"Zdroje: {short_sources(bundle).rstrip('.')}. Stav ke dni {facts['Stav ke dni']}; "
            f"vzdálenosti: {facts['Cesta']}; {facts['Program']}, otisk dat "
            f"{facts['Otisk dat'][:16]}.",
            "note",
            closes=True,
        ),
    ]


def _off(given: Sequence[int], places: Sequence[Mapping[Hashable, Any] | None]) -> list[str]:
    """Give the obce of the nearest places that have no number on the map, each place once."""
    off = {
        (place[X], place[Y]): str(place["obec"])
        for number, place in zip(given, places, strict=True)
        if not number and place is not None and not place["secret"]
    }
    return list(off.values())


def _caption(book: Book, name: str, *, numbered: int | None) -> str:
    """Say what is drawn; without numbers, where the nearest places are; None: nothing of them."""
    borders = "" if book.bundle.ground.real else "; schematické hranice"
    signs = (
        "čísla značí nejbližší místa služeb"
        if numbered
        else "do 15\u00a0km od obce není žádné z nejbližších míst, jež tabulka jmenuje"
    )
    said = "" if numbered is None else f"; {signs}"
    return f"{name} a okolí{said}{borders}."


def _line(answer: Answer, row: Row, number: int) -> tuple[str, ...]:
    lost = len(row["firm_lost"].split("|")) if row["firm_lost"] else 0
    place = near.place_of(answer, row["code"], row["nearest_place"])
    return (
        first_capital(row["service_name"]),
        near.verdicts_of(row),
        place,
        "–" if place == "–" else rows.way_of(row, CZECH),
        str(number) if number else "–",
        reasons.firmness_mark(row["firm"], lost),
    )
