"""One page for every obec: who lives there, what they have within reach and what they lack."""

from pathlib import Path

from kpss_geo.errors import N_
from kpss_geo.export import near, whole, word
from kpss_geo.export.blocks import Block, Document, Heading, Paragraph, Points, table
from kpss_geo.export.bundle import Bundle, question_lines, short_sources
from kpss_geo.export.chapter import about, running
from kpss_geo.export.czech import CZECH, first_capital, people, verb
from kpss_geo.report import reasons, rows
from kpss_geo.report.peers import Peers, counts_of, peers_of
from kpss_geo.report.rows import Row
from kpss_geo.report.sheet_words import five_sentences, nobody_lives
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer
from kpss_geo.text import in_order


def write_sheets(
    bundle: Bundle, out: Path, *, progress: Progress = silent, template: Path | None = None
) -> list[Path]:
    """Write the sheets of all obce as one DOCX into the folder, a page for each."""
    progress(N_("Writing the sheets of obce"), len(bundle.territory.codes))
    path = out / f"{whole.file_name(bundle.territory.id)}-listy-obci.docx"
    return [whole.write(path, word.to_docx(sheets(bundle), template=template))]


def sheets(bundle: Bundle) -> Document:
    """Compose the sheets, obce in the Czech alphabet."""
    found = [{row["code"]: row for row in rows.rows(a, words=bundle.words)} for a in bundle.answers]
    blocks: list[Block] = []
    names = bundle.names
    everyone, counts = bundle.data.population.sum(axis=1), counts_of(bundle.answers)
    for number, code in enumerate(in_order(names.index, key=lambda code: str(names[code]))):
        peers = peers_of(bundle.answers, code, everyone, counts=counts)
        mine = [by_code[code] for by_code in found]
        blocks += _sheet(bundle, mine, peers, first=number == 0)
    return Document(
        title="Listy obcí",
        subtitle=f"{bundle.territory.name}, {bundle.target.name}",
        about=about(bundle),
        running=running(bundle, "listy obcí"),
        blocks=tuple(blocks),
        tight=True,
        letters_pt=9.0,
    )


def _sheet(bundle: Bundle, mine: list[Row], peers: Peers | None, *, first: bool) -> list[Block]:
    code, name = mine[0]["code"], mine[0]["name"]
    facts = dict(question_lines(bundle))
    heading = Heading(name, new_page=not first)
    if nobody_lives(code, bundle.data.population):
        return [heading, Paragraph(who(bundle, code, 0))]
    return [
        heading,
        Paragraph(who(bundle, code, mine[0]["population"])),
        Points(_sentences(bundle, code, peers)),
        table(
            f"{name}: druhy služeb",
            (
                "Druh služby (hranice)",
                "Závěr a lidé",
                "Nejbližší místo",
                "Jistota",
            ),
            [_line(answer, row) for answer, row in zip(bundle.answers, mine, strict=True)],
            numbers=range(0),
            widths=(3.6, 1.8, 3.75, 0.85),
        ),
        Paragraph(
            "Hranice jsou pracovní hodnoty týmu, nikoli norma. Nevíme neznamená nula. "
            f"{near.MARKS} Zdroje: "
            f"{short_sources(bundle).rstrip('.')}. Stav ke dni {facts['Stav ke dni']}; "
            f"vzdálenosti: {facts['Cesta']}; {facts['Program']}, otisk dat "
            f"{facts['Otisk dat'][:16]}.",
            "note",
        ),
    ]


def _sentences(bundle: Bundle, code: str, peers: Peers | None) -> tuple[str, ...]:
    """Say what is covered, missing and uncertain, and how obce of similar size fare."""
    said = five_sentences(bundle.answers, code, bundle.data, bundle.words, peers=peers)
    return tuple(said[1:])  # the first, who lives there, stands above them


def who(bundle: Bundle, code: str, asked: int | None) -> str:
    """Say where an obec belongs, how many people live there and how many are asked about."""
    everyone = bundle.data.population.reindex([code]).sum(axis=1, min_count=1).iloc[0]
    obec = bundle.data.obce.loc[code]
    where = f"Obec leží ve správním obvodu ORP {obec['orp_name']} ({obec['region_name']})."
    if nobody_lives(code, bundle.data.population):
        return f"{where} Nikdo tu nežije, dostupnost služeb se proto neposuzuje."
    if asked is None or everyone != everyone:  # noqa: PLR0124 - NaN
        return f"{where} Kolik v ní žije lidí, data neobsahují."
    share = CZECH.percent(asked, float(everyone))
    lives = verb(int(everyone), "Žije", "Žijí")
    return (
        f"{where} {lives} v ní {people(int(everyone))}, z toho v cílové skupině "
        f"„{bundle.target.short}“ {CZECH.number(asked)} ({share})."
    )


def _line(answer: Answer, row: Row) -> tuple[str, ...]:
    lost = len(row["firm_lost"].split("|")) if row["firm_lost"] else 0
    return (
        f"{first_capital(row['service_name'])} ({near.limit_of(answer)})",
        near.verdicts_of(row),
        near.place_of(answer, row["code"], _town(row)),
        reasons.firmness_mark(row["firm"], lost),
    )


def _town(row: Row) -> str | None:
    """Write where the nearest place is and how far, in the unit of the limit too."""
    if row["nearest_obec"] is None or row["nearest_m"] is None:
        return row["nearest_obec"]
    return f"{row['nearest_obec']}, {rows.way_of(row, CZECH)}"
