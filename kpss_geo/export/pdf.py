"""Blocks → a tagged PDF (PDF/UA-1) in Czech, made by typst without any system library.

Texts travel beside the document as JSON, so that no name can be taken for a command.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import matplotlib as mpl

from kpss_geo.errors import N_
from kpss_geo.export import whole
from kpss_geo.export.blocks import Block, Document, Heading, Picture, Table
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.chapter import chapter
from kpss_geo.export.providers import catalogue
from kpss_geo.export.sheets import sheets
from kpss_geo.export.typeset import typeset
from kpss_geo.report.rows import DOUBT
from kpss_geo.sources.segments import Progress, silent

TEMPLATE: Final = Path(__file__).parent / "templates" / "document.typ"
FONTS: Final = Path(mpl.get_data_path()) / "fonts" / "ttf"
"""DejaVu Sans comes with the maps: documents look the same on every computer."""
FITTING: Final = Path(__file__).parent / "fitting.py"
_DOCUMENTS: Final[Mapping[str, Callable[[Bundle], Document]]] = {
    "kapitola": chapter,
    "katalog": catalogue,
    "listy-obci": sheets,
}


def write_pdf(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write chapter, catalogue and sheets of obce as PDF into the folder."""
    paths = []
    for number, (name, compose) in enumerate(_DOCUMENTS.items(), start=1):
        progress(N_("Writing PDF"), number)
        path = out / f"{whole.file_name(bundle.territory.id)}-{name}.pdf"
        paths.append(whole.write(path, to_pdf(compose(bundle))))
    return paths


def to_pdf(document: Document) -> bytes:
    """Write a document as PDF/UA-1: tagged, in Czech, with described pictures."""
    document = typeset(document)
    with TemporaryDirectory() as name:
        folder = Path(name)
        blocks = [_block(block, number, folder) for number, block in enumerate(document.blocks)]
        for block, after in pairwise(blocks):
            block["before"] = after["kind"] == "picture"
            deeper = after["kind"] == "heading" and after["level"] > 1 and not document.large
            introduces = deeper and block.get("style") == "text"
            block["leads"] = after["kind"] == "points" or introduces
            closes = after.get("closes") or after.get("text", "").startswith(DOUBT)
            if block["kind"] == "table" and closes:
                block["noted"], after["ends"] = True, block["number"]
        parts = [
            {"columns": columns, "blocks": some}
            for columns, some in _parts(document.blocks, blocks)
        ]
        facts = json.dumps({**vars(document), "blocks": [], "parts": parts}, default=sorted)
        (folder / "document.json").write_text(facts, encoding="utf-8")
        main = folder / "document.typ"
        main.write_bytes(TEMPLATE.read_bytes())
        return _compiled(main)


def _compiled(main: Path) -> bytes:
    """Compile in a process of its own: typst keeps what it has set until its process ends.

    In this one an atlas of 673 obce would grow by a megabyte with every page.
    """
    options = {"root": str(main.parent), "font_paths": [str(FONTS)]}
    done = subprocess.run(  # noqa: S603 - this Python, our own words
        [sys.executable, str(FITTING), str(main), json.dumps(options)],
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout


def _parts(
    blocks: Sequence[Block], facts: Sequence[dict[str, Any]]
) -> list[tuple[int, list[dict[str, Any]]]]:
    """Cut the blocks at headings of the first level, each part with its number of columns."""
    parts: list[tuple[int, list[dict[str, Any]]]] = [(1, [])]
    for block, fact in zip(blocks, facts, strict=True):
        if isinstance(block, Heading) and block.level == 1:
            parts.append((block.columns, []))
        parts[-1][1].append(fact)
    return parts


def _block(block: Block, number: int, folder: Path) -> dict[str, Any]:
    """Give a block as plain facts for the template; pictures are put into the folder."""
    facts = {
        "kind": type(block).__name__.lower(),
        "number": number,
        "before": False,
        "leads": False,
        "ends": None,
        **vars(block),
    }
    if isinstance(block, Table):
        facts |= {"whole": block.whole, "noted": False}
        facts["widths"] = block.widths or (1.0,) * len(block.head)
    if isinstance(block, Picture):
        facts["file"] = f"picture{number}.{block.format}"
        (folder / facts["file"]).write_bytes(facts.pop("data"))
    return facts
