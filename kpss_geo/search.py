"""Looking for what people typed: without diacritics, endings forgiven, small slips too."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd
from rapidfuzz import fuzz

from kpss_geo.text import fold

STEM: Final = 5
"""Letters by which two inflected words count as one: pečovatelka, pečovatelská."""
SLIP: Final = 84.0
"""Likeness (rapidfuzz, 0-100) from which a word counts as another with a slip."""
SHORT: Final = 3
"""Shorter words carry no meaning of their own."""


def tokens(text: str) -> list[str]:
    """Split a text into bare words.

    >>> tokens("Dluhy – exekuce, dávky!")
    ['dluhy', 'exekuce', 'davky']
    """
    return re.findall(r"\w+", fold(text))


def likeness(said: str, known: Iterable[str]) -> float:
    """Say how much of what was said is among known words: 0 nothing, 1 everything.

    >>> likeness("pečovatelku", tokens("pečovatelská služba"))
    0.9
    """
    words = [word for word in tokens(said) if len(word) >= SHORT] or tokens(said)
    bare = set(known)
    if not words or not bare:
        return 0.0
    return sum(max(_alike(word, other) for other in bare) for word in words) / len(words)


def _alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if len(word) >= SHORT and other.startswith(word):
        return 0.95
    stem = min(STEM, max(len(word) - 1, SHORT))
    if len(other) >= stem and word[:stem] == other[:stem]:
        return 0.9
    return 0.7 if len(word) > SHORT and fuzz.ratio(word, other) >= SLIP else 0.0


def best(said: str, texts: Mapping[str, str], *, least: float = 0.45, limit: int = 8) -> list[str]:
    """Give the keys of the texts that hold most of what was said, the best first.

    Of equally good ones the shorter text comes first: it says less besides.

    >>> best("domov senioru", {"13": "domovy pro seniory", "10": "denní stacionáře"})
    ['13']
    """
    known = {key: tokens(text) for key, text in texts.items()}
    scored = {key: likeness(said, words) for key, words in known.items()}
    found = [key for key in texts if scored[key] >= least]
    return sorted(found, key=lambda key: (-scored[key], len(known[key])))[:limit]


def addresses(table: pd.DataFrame, said: str, *, limit: int = 12) -> dict[int, str]:
    """Give the rows of a table of address points that hold every word said, as they are written.

    A number has to be whole: `12` is not found in `123`. Shorter addresses come first.

    Parameters
    ----------
    table
        `part`, `street`, `house_kind`, `house_number`, `orientation_number`,
        `orientation_letter`, as `sources.addresses` gives them.
    """
    words = tokens(said)
    if not words:
        return {}
    written = {int(str(row)): text for row, text in _written(table).items()}
    bare = {row: tokens(text) for row, text in written.items()}
    found = [row for row, known in bare.items() if all(_holds(known, word) for word in words)]
    ordered = sorted(found, key=lambda row: (len(written[row]), written[row]))
    return {row: written[row] for row in ordered[:limit]}


def _holds(known: Sequence[str], word: str) -> bool:
    if word[0].isdigit():
        return word in known
    return any(other.startswith(word) for other in known)


def _written(table: pd.DataFrame) -> pd.Series:
    """Write addresses: street and numbers, or the kind of number; the part of the obec."""
    orientation = table["orientation_number"] + table["orientation_letter"]
    number = table["house_number"].where(
        orientation == "", table["house_number"] + "/" + orientation
    )
    named = table["street"].where(table["street"] != "", table["house_kind"].replace("", "č.p."))
    part = (", " + table["part"]).where(table["part"] != "", "")
    return (named + " " + number + part).str.strip()
