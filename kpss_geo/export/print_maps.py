"""Print maps: a sheet of A4 or A3 for each type of service, PNG for Word and SVG for print."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from kpss_geo import figures, paper
from kpss_geo.errors import N_
from kpss_geo.export import whole
from kpss_geo.export.bundle import (
    Bundle,
    limit_words,
    question_lines,
    register_words,
    short_sources,
)
from kpss_geo.figures import Texts
from kpss_geo.paper import Sheet
from kpss_geo.report import sentences
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer

Paper = Literal["a4", "a3"]
SHEETS: Final[Mapping[Paper, Sheet]] = {"a4": paper.A4, "a3": paper.A3}


def write_maps(
    bundle: Bundle, out: Path, *, progress: Progress = silent, size: Paper = "a4"
) -> list[Path]:
    """Write two files for each type of service into the folder `mapy`; give their paths.

    Maps of A3 have it in their names, so that both sizes may lie side by side.
    """
    ending = "" if size == "a4" else f"-{size}"
    paths = []
    for number, answer in enumerate(bundle.answers, start=1):
        progress(N_("Drawing maps"), number)
        name = f"{int(answer.service_type.code):02d}-" if answer.service_type.code.isdigit() else ""
        path = out / "mapy" / f"{name}{whole.file_name(answer.service_type.name)}{ending}.png"
        png, svg = map_files(bundle, answer, sheet=SHEETS[size])
        paths += [whole.write(path, png), whole.write(path.with_suffix(".svg"), svg)]
    return paths


def map_files(bundle: Bundle, answer: Answer, *, sheet: Sheet = paper.A4) -> tuple[bytes, bytes]:
    """Draw the map of one type of service: PNG of 300 dots per inch, and SVG."""
    texts = map_texts(bundle, answer)
    about = "; ".join(f"{name}: {value}" for name, value in question_lines(bundle))
    figure = figures.verdict_map(answer, bundle.ground, bundle.words, sheet=sheet, texts=texts)
    title = f"{bundle.title}: {answer.service_type.label}"
    return (
        paper.to_png(figure, about={"Title": title, "Description": about}),
        paper.to_svg(figure, title=title, description=about),
    )


def map_texts(bundle: Bundle, answer: Answer) -> Texts:
    """Give what stands around a map: title, question, source and date line."""
    words, question = bundle.words, answer.question
    service = sentences.service_words(answer, words)
    way = [] if question.only_field else [sentences.way_words(answer, words)]
    asked = " · ".join([bundle.title, limit_words(answer, words), *way])
    foot = (
        f"{source_line(bundle)} {question_lines(bundle)[-1][1]}, otisk dat "
        f"{question.data_digest[:16]}. Čísla: lidé cílové skupiny."
    )
    return Texts(service[:1].upper() + service[1:], asked, foot)


def in_text(bundle: Bundle) -> Texts:
    """Give what stands under a map inside a document: sources and dates."""
    return Texts(footer=source_line(bundle))


def source_line(bundle: Bundle) -> str:
    """Name the sources of a map and their dates."""
    borders = "" if bundle.ground.real else "; schematické hranice obcí (buňky)"
    return (
        f"Zdroje: {short_sources(bundle)}{borders}. Stav služeb ke dni "
        f"{bundle.words.date(bundle.question.on.isoformat())} {register_words(bundle)}."
    )
