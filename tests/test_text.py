"""Words: every text of the code is in every catalogue, with the same fields."""

import ast
import re
import string
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import kpss_geo
from kpss_geo.errors import N_, Finding, UnknownTerritory
from kpss_geo.text import (
    Words,
    fold,
    half_up,
    in_order,
    known_language,
    preposition,
    vocalised,
)

CS = Words("cs")

PACKAGE = Path(kpss_geo.__file__).parent
MARKERS = {"N_", "t", "n", "_"}
CZECH_FORMS = {
    "of_them", "where", "where_a", "where_b", "service_acc", "service_one", "share_first",
    "forms_in",
}  # fmt: skip
"""Inflected words that only the Czech sentences use."""


def _texts_of_code() -> set[str | tuple[str, str]]:
    texts: set[str | tuple[str, str]] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in MARKERS:
                strings = [a.value for a in node.args if isinstance(a, ast.Constant)]
                strings = [s for s in strings if isinstance(s, str)]
                if _called(node) == "n" and len(strings) == 2:
                    texts.add((strings[0], strings[1]))
                elif strings and _called(node) != "n":
                    texts.add(strings[0])
    for path in PACKAGE.rglob("*.html"):
        texts |= set(re.findall(r'\bt\("([^"]+)"\)', path.read_text(encoding="utf-8")))
    return texts


def _called(node: ast.Call) -> str:
    name = node.func
    return name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _catalogue(language: str):
    with (PACKAGE / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


TEXTS = _texts_of_code()
PLURALS = {text[0] for text in TEXTS if isinstance(text, tuple)} | {"{count} bed", "{count} client"}


def test_texts_were_found():
    assert len(TEXTS) > 150
    assert "Gaps" in TEXTS
    assert "most often nearest" in TEXTS


@pytest.mark.parametrize("language", ["cs", "uk"])
def test_every_text_is_translated(language):
    catalogue = _catalogue(language)
    known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue if m.string}
    singles = {text if isinstance(text, str) else text[0] for text in TEXTS}
    plural_halves = {m.id[1] for m in catalogue if isinstance(m.id, tuple)}
    assert singles - known - plural_halves == set()


@pytest.mark.parametrize("language", ["cs", "uk", "en"])
def test_translations_fill_only_fields_that_exist(language):
    for message in _catalogue(language):
        if not message.id:
            continue
        assert not message.fuzzy
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = set().union(*map(_fields, ids)) | (CZECH_FORMS if language == "cs" else set())
        for text in strings:
            assert text.strip(), message.id
            assert _fields(text) <= allowed, message.id


@pytest.mark.parametrize("language", ["cs", "uk"])
def test_a_text_is_translated_once(language):
    """A second entry would silently win over the first."""
    lines = (PACKAGE / "locale" / f"{language}.po").read_text(encoding="utf-8")
    texts = re.findall(r'^msgid ((?:".*"\n?)+)', lines, re.MULTILINE)
    assert [text for text in set(texts) if texts.count(text) > 1] == []


@pytest.mark.parametrize("language", ["cs", "uk"])
def test_plurals_have_all_forms(language):
    for message in _catalogue(language):
        if isinstance(message.id, tuple):
            assert len(message.string) == 3
            assert all(message.string)


@pytest.mark.parametrize(
    ("count", "czech", "ukrainian", "english"),
    [(1, "1 lůžko", "1 ліжко", "1 bed"), (3, "3 lůžka", "3 ліжка", "3 beds"),
     (5, "5 lůžek", "5 ліжок", "5 beds"), (1200, "1\xa0200 lůžek", "1\xa0200 ліжок", "1,200 beds")],
)  # fmt: skip
def test_counted_words(count, czech, ukrainian, english):
    for language, expected in (("cs", czech), ("uk", ukrainian), ("en", english)):
        assert Words(language).n("{count} bed", "{count} beds", count) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 10, "0\xa0%"), (10, 10, "100\xa0%"), (1, 1000, "méně než 1\xa0%"),
     (999, 1000, "více než 99\xa0%"), (1, 3, "33\xa0%"), (0, 0, "–")],
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_all(part, whole, expected):
    assert Words("cs").percent(part, whole) == expected


@pytest.mark.parametrize(
    ("value", "digits", "czech"),
    [(4.25, 1, "4,3"), (0.25, 1, "0,3"), (2.5, 0, "3"), (0.5, 0, "1"), (0.15, 1, "0,2"),
     (1.005, 2, "1,01"), (-2.5, 0, "-3"), (-0.04, 1, "0,0"), (4.2499, 1, "4,2"),
     (1234.56, 1, "1\xa0234,6"), (1234.5, 0, "1\xa0235")],
)  # fmt: skip
def test_a_half_is_rounded_up_as_czech_readers_expect(value, digits, czech):
    assert Words("cs").number(value, digits=digits) == czech


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_every_exact_half_goes_away_from_nought(whole, digits):
    """Numbers of one digit more than is written, reckoned in whole numbers alone."""
    expected = (abs(whole) + 5) // 10 * (1 if whole >= 0 else -1)
    assert half_up(whole / 10 ** (digits + 1), digits=digits) == Decimal(expected).scaleb(-digits)


def test_errors_speak_czech():
    error = UnknownTerritory(given="x", nearest="kaplice")
    assert Words("cs").say(error) == "Území x neznáme. Nejbližší: kaplice."
    assert str(error) == "The territory x is not known. Nearest: kaplice."


def test_reasons_inside_errors_are_translated_too():
    finding = Finding("error", "a.csv", "{what}", fields={"what": N_("it is empty")})
    assert Words("cs").say(finding) == "je prázdný"


def test_words_of_the_data_are_never_translated():
    finding = Finding("error", "a.csv", "{what}", fields={"what": "phone"})
    assert Words("cs").say(finding) == "phone"


def test_czech_alphabet():
    names = ["Šluknov", "Chřibská", "Cvikov", "Huntířov", "Jiříkov", "Čermná", "Zásada", "Sosnová"]
    assert in_order(names) == [
        "Cvikov", "Čermná", "Huntířov", "Chřibská", "Jiříkov", "Sosnová", "Šluknov", "Zásada",
    ]  # fmt: skip


def test_folding_and_languages():
    assert fold("  Příliš ŽLUŤOUČKÝ ") == "prilis zlutoucky"
    assert known_language("uk") == "uk"
    assert known_language("de") == "cs"


ONES = ("", "jednoho", "dvou", "tří", "čtyř", "pěti", "šesti", "sedmi", "osmi", "devíti", "deseti",
        "jedenácti", "dvanácti", "třinácti", "čtrnácti", "patnácti", "šestnácti", "sedmnácti",
        "osmnácti", "devatenácti")  # fmt: skip
TENS = ("", "", "dvaceti", "třiceti", "čtyřiceti", "padesáti", "šedesáti", "sedmdesáti",
        "osmdesáti", "devadesáti")  # fmt: skip


def first_word(number: int) -> str:
    """The word with which a number begins when it is said in the genitive."""
    for unit, word in ((1_000_000, "milionu"), (1_000, "tisíce")):
        if number >= unit:
            return word if number < 2 * unit else first_word(number // unit)
    if number >= 100:
        return "sta" if number < 200 else ONES[number // 100]
    return ONES[number] if number < 20 else TENS[number // 10]


@pytest.mark.parametrize("group", [(1, 200), (200, 1_100), (1_100, 100_000), (100_000, 9_000_000)])
def test_prepositions_before_numbers_are_said_as_before_their_words(group):
    for number in range(*group, max(1, (group[1] - group[0]) // 700)):
        word = first_word(number)
        clustered = word.startswith(("dv", "tř", "čt", "st"))
        hissing = word.startswith(("s", "z", "š", "ž"))
        written = CS.number(number)
        assert (preposition("z", written) == "ze") == (clustered or hissing), number
        assert (preposition("v", written) == "ve") == clustered, number


def test_only_a_number_of_things_changes_a_preposition():
    template = "{name} z {count}, stav k {day}, z {town}"
    fields = {"name": "Dům z 3 cihel", "count": "3", "day": "31. 12. 2020", "town": "Zlína"}
    assert vocalised(template, fields).format(**fields) == (
        "Dům z 3 cihel ze 3, stav k 31. 12. 2020, z Zlína"
    )
    assert Words("en").t("{count} z {total}", count=1, total=4) == "1 z 4"
