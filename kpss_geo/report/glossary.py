"""Definitions as HTML: the panel behind a heading, the line under a result, the glossary.

A heading is a button of the template macro `term`; it opens the panel with the id
`co-KEY` by the browser's own popover, so it works by keyboard, by touch and without scripts.
"""

import re
from collections.abc import Sequence
from typing import Any

from kpss_geo.provenance import Source
from kpss_geo.report.definitions import (
    BY_KEY,
    DEFINITIONS,
    PLAN,
    PLAN_WORDS,
    RECKONED,
    SECTIONS,
    Definition,
    sources_of,
)
from kpss_geo.report.html import render
from kpss_geo.text import Words

USED = re.compile(r'popovertarget="co-([a-z_]+)"')


def used_in(page: str) -> list[str]:
    """Give the keys of the definitions that the headings of a page open, each once."""
    return list(dict.fromkeys(USED.findall(page)))


def panels(
    sources: Sequence[Source], words: Words, *, keys: Sequence[str] = (), link: str = ""
) -> str:
    """Write the panels that headings open; of `keys` alone, else of every definition.

    `link` is the address of the glossary, empty where there is none, as in a saved file.
    """
    chosen = [BY_KEY[key] for key in keys] or DEFINITIONS
    entries = [entry(definition, sources, words) for definition in chosen]
    return render("panels.html", entries=entries, link=link, t=words.t)


def line(keys: Sequence[str], words: Words, *, link: str) -> str:
    """Write one line that offers the definitions of the numbers around it."""
    terms = [(key, words.t(BY_KEY[key].term)) for key in keys]
    return render("terms.html", terms=terms, link=link, t=words.t)


def page(sources: Sequence[Source], words: Words) -> str:
    """Write every definition, section by section."""
    sections = [
        (words.t(name), [entry(d, sources, words) for d in DEFINITIONS if d.section == name])
        for name in SECTIONS
    ]
    return render("glossary.html", sections=sections, t=words.t)


def entry(definition: Definition, sources: Sequence[Source], words: Words) -> dict[str, Any]:
    """Give the words of a definition."""
    return {
        "key": definition.key,
        "term": words.t(definition.term),
        "meaning": words.t(definition.meaning),
        "not_said": words.t(definition.not_said),
        "sources": "; ".join(_named(definition, sources, words)),
    }


def _named(definition: Definition, sources: Sequence[Source], words: Words) -> list[str]:
    """Name the sources of a definition, each with the day or year of its state."""
    named = []
    for source in sources_of(definition, sources):
        short = words.t(source.short)
        state = words.date(source.as_of) or words.t("date not given")
        # Most short names carry their year already; the team's own files do not.
        dated = bool(source.as_of) and source.as_of[:4] in short
        named.append(short if dated else f"{short} ({state})")
    if PLAN in definition.sources:
        named.append(words.t(PLAN_WORDS))
    return named or [words.t(RECKONED)]
