"""Chapter: how the number of people changes by age, as far as the data held can say."""

import pandas as pd

from kpss_geo.export.blocks import Block, Heading, Paragraph, table
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.czech import CZECH, and_others, people
from kpss_geo.schema import CODE
from kpss_geo.text import NBSP, in_order

COUNTED_2011 = ("children_2011", "seniors_2011", "residents_2011")
NAMED = 12
"""So many of the obce left out are named."""
REACHED = {65: ("60-64", "55-59"), 80: ("75-79", "70-74"), 85: ("80-84", "75-79")}
"""Who reaches an age within five years, and who besides within ten."""


def change(bundle: Bundle) -> list[Block]:
    """Say that no projection is held; show the change since 2011 and who grows older."""
    blocks: list[Block] = [
        Heading("Vývoj věkové struktury", 2),
        Paragraph(
            "Projekci obyvatel použitá data neobsahují a tento dokument ji nenahrazuje odhadem. "
            "Projekci za kraje zveřejňuje ČSÚ; do plánu ji doplňte odtud. Z dat lze říci jen to, "
            "jak se počty změnily mezi dvěma známými stavy a kdo z dnešních obyvatel zestárne."
        ),
    ]
    since = since_2011(bundle)
    if since is None:
        blocks.append(Paragraph("Starší stav obyvatel, se kterým by šlo srovnávat, data nemají."))
    else:
        blocks += _since(bundle, since)
    return [*blocks, *_older(bundle)]


def since_2011(bundle: Bundle) -> pd.DataFrame | None:
    """Give people in 2011 and now by group, of the obce that both tables hold whole.

    Rows `children`, `adults`, `seniors`, `everyone`; columns `then`, `now`. None without any
    obec. `attrs["codes"]` names the obce that are counted.
    """
    precincts = bundle.data.precincts
    mine = precincts[precincts[CODE].isin(bundle.territory.codes)]
    counts = list(COUNTED_2011)
    complete = mine[counts].notna().all(axis=1).groupby(mine[CODE]).all()
    then = mine.groupby(CODE)[counts].sum()[complete]
    now = bundle.data.population.reindex(then.index).dropna()
    if now.empty:
        return None
    then = then.loc[now.index]
    children, seniors, everyone = (int(then[name].sum()) for name in COUNTED_2011)
    bands = now.sum()
    start = [int(str(band).split("-")[0].rstrip("+")) for band in bands.index]
    young = int(bands[[age < 15 for age in start]].sum())
    old = int(bands[[age >= 65 for age in start]].sum())
    total = int(bands.sum())
    found = pd.DataFrame(
        {
            "then": [children, everyone - children - seniors, seniors, everyone],
            "now": [young, total - young - old, old, total],
        },
        index=["children", "adults", "seniors", "everyone"],
    )
    found.attrs["codes"] = list(then.index)
    return found


def _since(bundle: Bundle, found: pd.DataFrame) -> list[Block]:
    state = next((s.as_of for s in bundle.answers[0].sources if s.id == "population"), "")
    day = CZECH.date(state)
    left_out = _left_out(bundle, set(found.attrs["codes"]))
    names = ("děti (0–14 let)", "15–64 let", "senioři (65 a více let)", "celkem")
    return [
        table(
            f"Obyvatelé podle věku v roce 2011 a ke dni {day}",
            ("Skupina", "2011", day, "Změna", "Změna v %"),
            [
                (name, CZECH.number(row["then"]), CZECH.number(row["now"]), *_changed(row))
                for name, (_, row) in zip(names, found.iterrows(), strict=True)
            ],
            widths=(2, 0.9, 1.3, 1, 1.2),
            sums=True,
        ),
        Paragraph(
            "Stavy pocházejí z různých zjišťování (2011: počty za volební okrsky, ČSÚ; novější "
            "stav: bilance obyvatel ČSÚ), ukazují tedy směr a velikost změny, nikoli přesný "
            "rozdíl. Věkové meze dětí a seniorů podklad z roku 2011 neuvádí; velikostí odpovídají "
            f"uvedeným.{left_out}",
            "note",
        ),
    ]


def _left_out(bundle: Bundle, counted_codes: set[str]) -> str:
    """Name the obce that the comparison leaves out, and say how many people live in them."""
    lived_in = bundle.data.population.sum(axis=1).ne(0)
    codes = [
        code
        for code in bundle.territory.codes
        if code not in counted_codes and lived_in.get(code, default=True)
    ]
    if not codes:
        return ""
    lived = people(int(bundle.data.population.reindex(codes).sum().sum()))
    names = and_others(in_order(map(str, bundle.names[codes])), shown=NAMED)
    return (
        " V obou stavech chybí obce, za které rok 2011 v datech není celý, ačkoli v nich podle "
        f"novějšího stavu žije {lived}: {names}."
    )


def _changed(row: "pd.Series[int]") -> tuple[str, str]:
    more = int(row["now"]) - int(row["then"])
    sign = "+" if more > 0 else "−" if more < 0 else ""
    amount, then = f"{sign}{CZECH.number(abs(more))}", int(row["then"])
    if 0 < abs(more) < then / 100:  # “less than 1 %” would not say which way
        return amount, f"{sign}{CZECH.number(100 * abs(more) / then, digits=2)}{NBSP}%"
    share = CZECH.percent(abs(more), then)
    return amount, f"{sign}{share}" if share[0].isdigit() else share


def _until(state: str, years: int, spoken: str) -> str:
    """Write by which day: within so many years of the state of the data."""
    year, dash, rest = state.partition("-")
    if not dash:
        return f"Do {spoken} let od stavu dat"
    return f"Do {CZECH.date(f'{int(year) + years}-{rest}')} (do {spoken} let)"


def _older(bundle: Bundle) -> list[Block]:
    bands = bundle.data.population.reindex(list(bundle.territory.codes)).sum()
    rows = []
    for age, (soon, later) in REACHED.items():
        five, ten = int(bands[soon]), int(bands[soon] + bands[later])
        rows.append((f"{age} let", CZECH.number(five), CZECH.number(ten)))
    state = next((s.as_of for s in bundle.answers[0].sources if s.id == "population"), "")
    return [
        table(
            f"Kdo z obyvatel k {CZECH.date(state)} zestárne",
            ("Dosáhne věku", _until(state, 5, "pěti"), _until(state, 10, "deseti")),
            rows,
            widths=(1, 1.3, 1.3),
        ),
        Paragraph(
            f"Počítají se lidé, kteří v území žili k {CZECH.date(state)}, budou-li žít a "
            "neodstěhují-li se; úmrtí ani stěhování se neodečítají ani nepřičítají. Není to "
            "projekce.",
            "note",
        ),
    ]
