"""Hard spaces where a Czech line must not end: after a preposition, before a unit, in a date."""

import re
from dataclasses import replace
from typing import Final

from kpss_geo.export.blocks import (
    Block,
    Card,
    Document,
    Heading,
    Paragraph,
    Picture,
    Points,
    References,
    Table,
)
from kpss_geo.text import NBSP

_RULES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<!\w)([KkSsVvZzOoUuAaIi]) (?=\S)", rf"\1{NBSP}"),
        (r"(?<=\d) (?=[^\W\d_]|%)", NBSP),
        (rf"(?<=\d)({NBSP}ze) (?=\d)", rf"\1{NBSP}"),
        (r"(?<=\d) (?=\d{2,3}(?!\d))", NBSP),
        (r"(?<=\d\.) (?=\d)", NBSP),
        (r"(?<!\w)(č\.|s\.|§|odst\.|písm\.|např\.|tzv\.|×) (?=\S)", rf"\1{NBSP}"),
        (r"(?<!\w)(další|dalších) (?=\()", rf"\1{NBSP}"),
        (r" (?=(?:Sb\.|–|×)(?:\W|$))", NBSP),
        (r"(?<=[^\W\d_]) (?=\d+(?:/\d+)?(?:[,;]|\. |\.?$))", NBSP),
    )
)


def hard_spaces(text: str) -> str:
    """Put hard spaces where a line must not end.

    >>> hard_spaces("v 31 obcích k 31. 12. 2020, § 49, 20 km").replace(NBSP, "~")
    'v~31~obcích k~31.~12.~2020, §~49, 20~km'
    >>> hard_spaces("Křečanská 573, 407 77 Šluknov – a dál").replace(NBSP, "~")
    'Křečanská~573, 407~77~Šluknov~– a~dál'
    >>> hard_spaces("7 569 ze 7 583").replace(NBSP, "~")
    '7~569~ze~7~583'
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def typeset(document: Document) -> Document:
    """Give the document with hard spaces in all its texts."""
    return replace(
        document,
        title=hard_spaces(document.title),
        subtitle=hard_spaces(document.subtitle),
        running=hard_spaces(document.running),
        opening=hard_spaces(document.opening),
        blocks=tuple(map(_block, document.blocks)),
    )


def _block(block: Block) -> Block:
    match block:
        case Heading() | Paragraph():
            return replace(block, text=hard_spaces(block.text))
        case Points():
            return Points(tuple(map(hard_spaces, block.items)))
        case Picture():
            return replace(block, caption=hard_spaces(block.caption))
        case Table():
            return replace(
                block,
                caption=hard_spaces(block.caption),
                head=tuple(map(hard_spaces, block.head)),
                rows=tuple(tuple(map(hard_spaces, row)) for row in block.rows),
            )
        case Card():
            facts = tuple((name, hard_spaces(value)) for name, value in block.facts)
            return replace(block, title=hard_spaces(block.title), facts=facts)
        case References():
            return References(tuple((hard_spaces(text), to) for text, to in block.items))
