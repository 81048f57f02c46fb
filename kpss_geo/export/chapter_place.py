"""Chapter: where the territory lies, who lives there and how old people are."""

import pandas as pd

from kpss_geo import figures, paper
from kpss_geo.export import chapter_change
from kpss_geo.export.blocks import Block, Heading, Paragraph, Picture, table
from kpss_geo.export.bundle import Bundle, count_obce
from kpss_geo.export.charts import age_chart
from kpss_geo.export.czech import CZECH, and_others, counted, first_capital, people, verb
from kpss_geo.export.print_maps import in_text
from kpss_geo.report.board import Line, lines_of
from kpss_geo.text import in_order

DOCUMENT_DPI = 200
AGES = {"0–14 let": (0, 15), "15–64 let": (15, 65), "65 a více let": (65, 200)}
OLDEST = ("80-84", "85+")


def place(bundle: Bundle) -> list[Block]:
    """Say where the territory lies: map, ties, table of obce with people by age."""
    return [
        Heading("Územní vymezení a vazby"),
        Paragraph(_where(bundle)),
        location(bundle),
        *_around(bundle),
        _obce_table(bundle),
    ]


def location(bundle: Bundle) -> Picture:
    """Draw where the obce of the territory lie."""
    borders = "" if bundle.ground.real else " Hranice jsou schematické, nikoli skutečné."
    figure = figures.location_map(bundle.ground, bundle.words, texts=in_text(bundle))
    return Picture(
        paper.to_png(figure, dpi=DOCUMENT_DPI),
        f"{bundle.territory.name} a okolí.{borders}",
        f"Mapa: {bundle.territory.name}, {count_obce(bundle)}. Obce jsou vypsány v dokumentu.",
    )


def need(bundle: Bundle) -> list[Block]:
    """Say how old people are, and how many are in the target group."""
    bands = _population(bundle).sum()
    total, asked = int(bands.sum()), int(bands[list(bundle.target.bands)].sum())
    oldest = int(bands[list(OLDEST)].sum())
    state = next((s.as_of for s in bundle.answers[0].sources if s.id == "population"), "")
    rows = [
        (str(band).replace("-", "–"), CZECH.number(count), CZECH.percent(count, total))
        for band, count in bands.items()
    ]
    population = _population(bundle)
    bare = in_order(map(str, bundle.names[population.isna().any(axis=1)]))
    lacking = f"Obyvatele těchto obcí data neobsahují a v součtech nejsou: {', '.join(bare)}."
    return [
        Heading("Analýza potřeb: demografie"),
        *([Paragraph(lacking)] if bare else []),
        Paragraph(
            f"{first_capital(bundle.territory.in_name)} {verb(total, 'žije', 'žijí')} "
            f"{people(total)} (stav {CZECH.date(state)}). "
            f"Do cílové skupiny „{bundle.target.name}“ patří {people(asked)}, tedy "
            f"{CZECH.percent(asked, total)} obyvatel. Osmdesát a více let "
            f"{verb(oldest, 'má', 'mají')} {people(oldest)} "
            f"({CZECH.percent(oldest, total)})."
        ),
        Picture(
            paper.to_png(age_chart(bands, bundle.target), dpi=DOCUMENT_DPI),
            "Věková struktura obyvatel.",
            "Sloupcový graf počtu obyvatel v pětiletých věkových skupinách; čísla jsou v tabulce.",
        ),
        table(
            "Obyvatelé podle věku",
            ("Věk", "Lidé", "Podíl"),
            [*rows, ("celkem", CZECH.number(total), CZECH.percent(total, total))],
            widths=(2, 1, 1),
            sums=True,
        ),
        Paragraph(
            "Věková struktura je jen jednou ze složek potřeb. Údaje o zdravotním stavu ani o "
            "příspěvku na péči v použitých datech nejsou.",
            "note",
        ),
        *chapter_change.change(bundle),
    ]


def _population(bundle: Bundle) -> pd.DataFrame:
    return bundle.data.population.reindex(list(bundle.territory.codes))


def _where(bundle: Bundle) -> str:
    obce = bundle.obce
    orp = in_order(obce["orp_name"].unique())
    regions = in_order(obce["region_name"].unique())
    area = CZECH.number(float(obce["area_km2"].sum()), digits=1)
    where = "správním obvodu obce" if len(orp) == 1 else "správních obvodech obcí"
    return (
        f"Území plánu tvoří {count_obce(bundle)} o rozloze {area}\u00a0km². "
        f"Leží ve {where} s rozšířenou působností {and_others(orp, shown=25)} "
        f"({and_others(regions, shown=14)})."
    )


def _around(bundle: Bundle) -> list[Block]:
    near = bundle.data.obce.loc[list(map(str, bundle.ground.around.index))]
    if near.empty:
        return []
    orp = in_order(set(near["orp_name"]) - set(bundle.obce["orp_name"]))
    km = CZECH.number(bundle.question.surroundings_km)
    text = (
        f"Lidé mohou využívat i služby za hranicí území. Do {km}\u00a0km od něj leží "
        f"{counted(len(near), 'další obec', 'další obce', 'dalších obcí')}"
    )
    beyond = f"; zasahují tam i obvody ORP {and_others(orp, shown=25)}" if orp else ""
    return [Paragraph(f"{text}{beyond}.")]


def _obce_table(bundle: Bundle) -> Block:
    lines = lines_of(bundle.territory, bundle.data)
    by_obec = all(len(line.codes) == 1 for line in lines)
    whole = Line("", "celkem", bundle.territory.codes)
    return table(
        "Obce a jejich obyvatelé" if by_obec else "Obyvatelé podle obvodů ORP (obce území)",
        ("Obec" if by_obec else "ORP", "Rozloha (km²)", "Lidé", *AGES, "Podíl 65+"),
        [_line(bundle, line) for line in (*lines, whole)],
        widths=(2.3, 1.2, 1, 1.05, 1.1, 1.15, 1),
        sums=True,
    )


def _line(bundle: Bundle, line: Line) -> list[str]:
    population = bundle.data.population.reindex(list(line.codes))
    area = CZECH.number(float(bundle.obce.loc[list(line.codes), "area_km2"].sum()), digits=1)
    if population.isna().any(axis=None):
        return [line.name, area, "–", "–", "–", "–", "–"]
    bands = population.sum()
    start = pd.Series([int(str(b).split("-")[0].rstrip("+")) for b in bands.index], bands.index)
    ages = [int(bands[(start >= low) & (start < high)].sum()) for low, high in AGES.values()]
    total = int(bands.sum())
    counts = [CZECH.number(count) for count in (total, *ages)]
    return [line.name, area, *counts, CZECH.percent(ages[-1], total)]
