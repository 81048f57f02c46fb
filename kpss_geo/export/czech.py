"""Czech sentences of the documents: counted nouns, names in a row."""

import math
from collections.abc import Sequence
from typing import Final

from kpss_geo.text import NBSP, Words, preposition

CZECH: Final = Words("cs")
_MONTHS: Final = tuple(f"{month:02d}" for month in range(1, 13))
_FROM_MONTHS: Final = (
    "z ledna", "z února", "z března", "z dubna", "z května", "z června", "z července", "ze srpna",
    "ze září", "z října", "z listopadu", "z prosince",
)  # fmt: skip


def of_register(as_of: str) -> str:
    """Say which register something is told by: its month, or its day, or what stands there.

    >>> of_register("2026-09"), of_register("")
    ('podle registru ze září 2026 (9/2026)', 'podle registru bez udaného stavu')
    >>> of_register("2026-11-02").replace(NBSP, " ")
    'podle registru ke dni 2. 11. 2026'
    """
    match as_of.split("-"):
        case [year, month] if year.isdigit() and month in _MONTHS:
            return f"podle registru {_FROM_MONTHS[int(month) - 1]} {year} ({CZECH.date(as_of)})"
        case [_, _, _]:
            return f"podle registru ke dni {CZECH.date(as_of)}"
        case _:
            return f"podle registru (stav {as_of})" if as_of else "podle registru bez udaného stavu"


def counted(count: int, one: str, few: str, many: str) -> str:
    r"""Write a number with its noun in the case that Czech asks for.

    >>> [counted(n, "služba", "služby", "služeb") for n in (0, 1, 3, 5, 1234)]
    ['0\xa0služeb', '1\xa0služba', '3\xa0služby', '5\xa0služeb', '1\xa0234\xa0služeb']
    """
    noun = one if count == 1 else few if count in (2, 3, 4) else many
    return f"{CZECH.number(count)}{NBSP}{noun}"


def out_of(count: int) -> str:
    r"""Write of how many: z 5, ze 4.

    >>> out_of(5), out_of(4_923)
    ('z 5', 'ze 4\xa0923')
    """
    return f"{preposition('z', str(count))} {CZECH.number(count)}"


def verb(count: int, one: str, few: str) -> str:
    """Give the verb of a counted subject: 3 služby mají, but 1 služba and 5 služeb má.

    >>> [verb(count, "má", "mají") for count in (1, 3, 5)]
    ['má', 'mají', 'má']
    """
    return few if count in (2, 3, 4) else one


def people(count: int) -> str:
    r"""Write how many people.

    >>> people(1), people(2), people(1003)
    ('1\xa0člověk', '2\xa0lidé', '1\xa0003\xa0lidí')
    """
    return counted(count, "člověk", "lidé", "lidí")


def and_others(names: Sequence[str], *, shown: int) -> str:
    r"""Name the first and say how many there are besides.

    >>> and_others(["Lipová", "Šluknov", "Rumburk"], shown=2)
    'Lipová, Šluknov a další (1)'
    >>> and_others(["Lipová", "Šluknov"], shown=2)
    'Lipová a Šluknov'
    """
    if len(names) > shown:
        return f"{', '.join(names[:shown])} a další ({CZECH.number(len(names) - shown)})"
    return " a ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def shown(value: float | None, *, digits: int = 0) -> str:
    """Write a number, or a dash where it is missing."""
    return "–" if value is None or math.isnan(value) else CZECH.number(value, digits=digits)


def first_capital(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]
