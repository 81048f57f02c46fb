"""Chapter: who has a service within reach, who has not, of whom it is not known; the gaps."""

from typing import Any

from kpss_geo import figures, paper
from kpss_geo.export.blocks import Block, Heading, Paragraph, Picture, Points, Table, table
from kpss_geo.export.bundle import Bundle, limit_words
from kpss_geo.export.chapter_place import DOCUMENT_DPI
from kpss_geo.export.chapter_supply import whom_to_ask
from kpss_geo.export.czech import CZECH, and_others, counted, first_capital, out_of, people, shown
from kpss_geo.export.print_maps import in_text
from kpss_geo.report import board, reasons, rows, sentences
from kpss_geo.report.unknown import unknown_reasons
from kpss_geo.schema import COVERED, NAME, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN, VERDICTS
from kpss_geo.study import Answer

MOST_GAPS = 25
"""Obce in a table of gaps; the rest is in the workbook, and the caption says so."""

NOTHING_KNOWN = "Údaj chybí pro celé území; mapa ani tabulka obcí by neřekly víc."


def coverage(bundle: Bundle) -> list[Block]:
    """Say for every type who is covered: sums first, then a map and a table for each."""
    blocks: list[Block] = [
        Heading("Dostupnost a pokrytí"),
        Paragraph(board.headline(bundle.answers, bundle.words), "lead"),
        Paragraph(
            "Každý člověk cílové skupiny má u každého druhu služby právě jeden závěr: pokryto, jen "
            "na papíře, nepokryto, nebo nevíme. Čtyři čísla proto vždy dají dohromady všechny."
        ),
        _summary(bundle),
    ]
    for answer in bundle.answers:
        blocks += _one_type(bundle, answer)
    return blocks


def _summary(bundle: Bundle) -> Table:
    lines = [
        (
            first_capital(row["service_name"]),
            *(CZECH.number(row[verdict]) for verdict in VERDICTS),
            _between(row),
        )
        for row in board.summary(bundle.answers, bundle.words)
    ]
    return table(
        f"Pokrytí podle druhu služby ({bundle.words.t(bundle.target.short)})",
        (
            "Druh služby",
            "Pokryto",
            "Jen na papíře",
            "Nepokryto",
            "Nevíme",
            "Nepokryto podle zkoušek",
        ),
        lines,
        widths=(2.8, 1.1, 1, 1.4, 1.1, 1.6),
    )


def _between(row: dict[str, Any]) -> str:
    """Write between which numbers the people not covered lie; a dash where nothing is known."""
    if row["not_covered_low"] is None:
        return "–"
    low, high = (CZECH.number(row[f"not_covered_{end}"]) for end in ("low", "high"))
    return low if low == high else f"{low} až {high}"


def _one_type(bundle: Bundle, answer: Answer) -> list[Block]:
    words = bundle.words
    totals = answer.totals
    blocks: list[Block] = [
        Heading(first_capital(answer.service_type.label), 2),
        Paragraph(sentences.headline(answer, words), "lead"),
    ]
    said = " ".join(
        filter(None, (sentences.second_line(answer, words), reasons.bounds_words(answer, words)))
    )
    blocks += [Paragraph(said)] if said else []
    limit = limit_words(answer, words)
    travelled = "; hranice vzdálenosti se tu neuplatní" if answer.question.only_field else ""
    said = first_capital(f"{limit}{travelled}.") if travelled else f"Hranice: {limit}."
    nothing = totals[UNKNOWN] == totals[PEOPLE]
    blocks.append(Paragraph(f"{said} {NOTHING_KNOWN}" if nothing else said, "note"))
    if not nothing:
        blocks += [_map(bundle, answer), *_explained(_obce(bundle, answer))]
        blocks += _gaps(bundle, answer)
    return [*blocks, *whom_to_ask(bundle, answer)]


def _map(bundle: Bundle, answer: Answer) -> Picture:
    figure = figures.verdict_map(
        answer, bundle.ground, bundle.words, sheet=paper.IN_TEXT, texts=in_text(bundle)
    )
    borders = "" if bundle.ground.real else ", schematické hranice"
    service = sentences.service_words(answer, bundle.words)
    return Picture(
        paper.to_png(figure, dpi=DOCUMENT_DPI),
        f"{first_capital(service)}: {bundle.title}, {limit_words(answer, bundle.words)}{borders}.",
        f"Mapa pokrytí obcí: {service}. Stejné údaje jsou v tabulce pod mapou.",
    )


def _obce(bundle: Bundle, answer: Answer) -> Table:
    lines = board.lines_of(bundle.territory, bundle.data)
    by_obec = all(len(line.codes) == 1 for line in lines)
    found = {row["code"]: row for row in rows.rows(answer, words=bundle.words)}
    records = []
    for line, cell in zip(lines, board.cells(answer, lines), strict=True):
        counts = [
            shown(None if cell.people is None else cell.counts[verdict]) for verdict in VERDICTS
        ]
        records.append((line.name, shown(cell.people), *counts, *_way(found, line, by_obec)))
    totals = answer.totals
    sums = [CZECH.number(totals[name]) for name in (PEOPLE, *VERDICTS)]
    tail = ("Průměrná cesta", "Jistota") if by_obec else ()
    return table(
        f"{first_capital(answer.service_type.name)}: pokrytí podle "
        f"{'obcí' if by_obec else 'obvodů ORP'}",
        ("Obec" if by_obec else "ORP", "Lidé", "Pokryto", "Jen na papíře", "Nepokryto", "Nevíme",
         *tail),
        [*records, ("celkem", *sums, *("" for _ in tail))],
        widths=(2.1, 0.8, 1.05, 0.95, 1.35, 0.95, 2.15, 0.95)[: 6 + len(tail)],
        sums=True,
    )  # fmt: skip


def _way(found: dict[str, rows.Row], line: board.Line, by_obec: bool) -> tuple[str, ...]:  # noqa: FBT001 - which table it is
    if not by_obec:
        return ()
    row = found[line.codes[0]]
    lost = len(row["firm_lost"].split("|")) if row["firm_lost"] else 0
    return rows.way_of(row, CZECH), reasons.firmness_mark(row["firm"], lost)


def _gaps(bundle: Bundle, answer: Answer) -> list[Block]:
    """List the obce with people not covered; a place nearest to all of them is said once."""
    found = rows.gap_rows(answer, words=bundle.words)
    if not found:
        return []
    places = {row["nearest_place"] for row in found}
    (one,) = places if len(places) == 1 and len(found) > 1 else (None,)
    data = "" if all(row["nearest_certain"] for row in found) else " v datech"
    everybody = _everybody_lacks(bundle, answer)
    whose = "všechny obce" if everybody else "všechny obce s nepokrytými lidmi"
    same = [Paragraph(f"Nejbližší místo{data} mají {whose} stejné: {one}.")]
    if one and everybody:
        return [*same]  # the table of obce above says all that a table of gaps would
    more = f" (prvních {MOST_GAPS} {out_of(len(found))}; všechny v sešitu dat)"
    columns = 3 if one else 4
    drawn = table(
        "Mezery: obce s nepokrytými lidmi, od nejvíce lidí"
        f"{more if len(found) > MOST_GAPS else ''}",
        ("Obec", "Nepokryto (lidé)", "Cesta nepokrytých", "Nejbližší místo")[:columns],
        [
            (
                row["name"],
                shown(row["not_covered"]),
                rows.way_of(row, CZECH),
                row["nearest_place"] or "–",
            )[:columns]
            for row in found[:MOST_GAPS]
        ],
        numbers=range(1, 3),
        widths=(1.6, 1.1, 1.4, 2.7)[:columns],
    )
    return [*(same if one else []), *_explained(drawn)]


def _everybody_lacks(bundle: Bundle, answer: Answer) -> bool:
    lines = board.lines_of(bundle.territory, bundle.data)
    by_obec = all(len(line.codes) == 1 for line in lines)
    return by_obec and answer.totals[NOT_COVERED] == answer.totals[PEOPLE]


def _explained(drawn: Table) -> list[Block]:
    """Put under a table what its star means, if it has one."""
    starred = any(cell.endswith(rows.DOUBT) for row in drawn.rows for cell in row[1:])
    why = f"{rows.DOUBT} V okresech, které v datech nejsou, může být bližší."
    return [drawn, Paragraph(why, "note")] if starred else [drawn]


def findings(bundle: Bundle) -> list[Block]:
    """List the gaps ready to become measures, and what must be found out first."""
    ordered = sorted(bundle.answers, key=lambda answer: -answer.totals[NOT_COVERED])
    gaps = tuple(_gap(answer) for answer in ordered if answer.totals[NOT_COVERED] > 0)
    paper = tuple(
        f"{first_capital(a.service_type.name)}: {people(a.totals[ON_PAPER])} jen na papíře – "
        "ověřit kapacitu a skutečně obsluhované obce."
        for a in ordered
        if a.totals[ON_PAPER] > 0
    )
    nothing = Paragraph("Z dat neplyne žádná mezera, o které by bylo jisté, že existuje.")
    blocks: list[Block] = [
        Heading("Východiska pro návrhovou část"),
        Paragraph(
            "Seznam je podkladem pro pracovní skupiny; o opatřeních rozhoduje tým plánu, nikoli "
            "výpočet."
        ),
        Heading("Mezery podle počtu lidí", 2),
        Points(gaps) if gaps else nothing,
    ]
    if paper:
        blocks += [Heading("Pokryto jen na papíře", 2), Points(paper)]
    return [*blocks, *_to_find_out(bundle, ordered)]


def _to_find_out(bundle: Bundle, ordered: list[Answer]) -> list[Block]:
    """List the types of which something is not known under the reason, each reason once."""
    by_reason: dict[str, list[str]] = {}
    for answer in ordered:
        for reason, count in unknown_reasons(answer, bundle.words).items():
            by_reason.setdefault(reason, []).append(_unknown(answer, count))
    blocks: list[Block] = [Heading("Co je třeba zjistit", 2)] if by_reason else []
    for reason, types in by_reason.items():
        blocks += [Paragraph(f"{reason} Týká\u00a0se:"), Points(tuple(types))]
    return blocks


def _unknown(answer: Answer, count: int) -> str:
    """Say of how many people of a type it is not known, for one reason."""
    total = answer.totals[PEOPLE]
    whom = counted(count, "člověku", "lidech", "lidech")
    whom = f"všech {whom}" if count == total else f"{whom} {out_of(total)}"
    return f"{first_capital(answer.service_type.name)}: chybí údaj o {whom}."


def _gap(answer: Answer) -> str:
    totals = answer.totals
    names = [str(name) for name in answer.gaps[NAME]]
    lacking = [totals[NOT_COVERED], *map(int, answer.bounds[NOT_COVERED])]
    spread = (
        "počet je ve všech zkouškách stejný"
        if min(lacking) == max(lacking)
        else f"ve zkouškách jistoty {CZECH.number(min(lacking))} až {CZECH.number(max(lacking))}"
    )
    return (
        f"{first_capital(answer.service_type.name)}: nepokryto "
        f"{CZECH.number(totals[NOT_COVERED])} {out_of(totals[PEOPLE])} "
        f"({CZECH.percent(totals[NOT_COVERED], totals[PEOPLE])}); {spread}; "
        f"pokryto {CZECH.number(totals[COVERED])}. Nejvíc lidí: {and_others(names, shown=5)}."
    )
