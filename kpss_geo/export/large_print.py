"""The catalogue in large print: 18 points and more, black on white, one column, no tables."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from kpss_geo.errors import N_
from kpss_geo.export import pdf, whole, word
from kpss_geo.export.blocks import Block, Card, Document, Heading, Points, Table
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.chapter import OF_DAY
from kpss_geo.export.providers import catalogue
from kpss_geo.sources.segments import Progress, silent

ENOUGH: Final = frozenset({"Telefon", "Kontakt"})
"""With this fact an entry has said what, who, where and how to call: so far it is not divided."""
REST: Final = 3
"""So many facts at least stand on the next page."""


def write_large_print(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the catalogue in large print as DOCX and PDF into the folder."""
    document = large(catalogue(bundle))
    paths = []
    for number, (ending, make) in enumerate(
        {"docx": word.to_docx, "pdf": pdf.to_pdf}.items(), start=1
    ):
        progress(N_("Writing the catalogue in large print"), number)
        path = out / f"{whole.file_name(bundle.territory.id)}-katalog-velke-pismo.{ending}"
        paths.append(whole.write(path, make(document)))
    return paths


def large(document: Document) -> Document:
    """Give the document in large print; a table, too wide for it, becomes lists."""
    blocks = tuple(each for block in document.blocks for each in _wide(block))
    head = document.running.partition(OF_DAY)[0]  # the opening paragraph says the day
    return replace(document, blocks=blocks, running=head, large=True)


def _wide(block: Block) -> Iterable[Block]:
    match block:
        case Heading():
            return [replace(block, new_page=False)]
        case Card():
            return [replace(block, kept=_kept(block))]
        case Table():
            return _lists(block)
        case _:
            return [block]


def _kept(card: Card) -> int:
    """Count the facts by which one gets help; the rest may stand on the next page."""
    ends = (n for n, (name, _) in enumerate(card.facts, start=1) if name in ENOUGH)
    kept = max(ends, default=0)
    return kept if len(card.facts) - kept >= REST else 0


def _lists(block: Table) -> list[Block]:
    if len(block.head) == 2:
        return [Points(tuple(f"{name}: {value}" for name, value in block.rows))]
    lines: list[Block] = []
    for row in block.rows:
        lines.append(Heading(row[0], 2))
        pairs = zip(block.head[1:], row[1:], strict=True)
        lines.append(Points(tuple(f"{name}: {value}" for name, value in pairs if value != "–")))
    return lines
