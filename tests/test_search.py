"""What people type is found without diacritics, with other endings, and never by accident."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpss_geo import search
from kpss_geo.pages import need
from kpss_geo.text import Words, fold

CZECH = Words("cs")


def test_every_situation_is_found_by_its_own_words_without_diacritics(data):
    for key, life in data.situations.by_id.items():
        assert need.matching(fold(life.name), data, CZECH)[0] == key


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_situation_is_found_in_other_languages(data, language):
    words = Words(language)
    for key, life in data.situations.by_id.items():
        assert key in need.matching(words.t(life.name), data, words)[:2]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("pecovatelku pro babicku", "domacnost"),
        ("exekuce", "poradit"),
        ("bije mě manžel", "nasili"),
        ("sebevrazda", "krize"),
        ("tatinek ma alzheimera", "demence"),
        ("nemam kde spat", "bez-domova"),
        ("hluchý", "smysly"),
        ("noclehárna", "bez-domova"),
        ("denni stacionar", "typ-10"),
    ],
)
def test_other_words_find_the_situation(data, said, wanted):
    assert wanted in need.matching(said, data, CZECH)[:4]


@pytest.mark.parametrize("said", ["", "   ", "xyzzy qwerty", "12345", "<script>", "🙂", "—"])
def test_nothing_is_made_up(data, said):
    assert need.matching(said, data, CZECH) == []


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=5))
def test_likeness_is_between_nothing_and_everything(said, known):
    words = [token for text in known for token in search.tokens(text)]
    assert 0.0 <= search.likeness(said, words) <= 1.0


@given(st.lists(st.text(alphabet="abcčdďeěéřš", min_size=3, max_size=9), min_size=1, max_size=6))
def test_own_words_are_everything(words):
    text = " ".join(words)
    assert search.likeness(text, search.tokens(text)) == 1.0


def table(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    names = ["street", "house_number", "orientation_number", "orientation_letter", "part"]
    return pd.DataFrame(rows, columns=names).assign(house_kind="č.p.")


ADDRESSES = table(
    ("Dlouhá", "12", "", "", "Rumburk 1"),
    ("Dlouhá", "123", "", "", "Rumburk 1"),
    ("Šluknovská", "568", "1", "A", "Rumburk 2"),
    ("", "12", "", "", "Horní Jindřichov"),
)


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ("dlouha 12", [0]),
        ("Dlouhá 1", [0, 1]),  # the part of the obec is Rumburk 1
        ("12", [0, 3]),
        ("sluknovska 1a", [2]),
        ("sluknovska 568", [2]),
        ("jindrichov 12", [3]),
        ("Krátká 12", []),
        ("", []),
        ("1234", []),
    ],
)
def test_addresses_need_every_word_and_the_whole_number(said, rows):
    assert sorted(search.addresses(ADDRESSES, said)) == rows


def test_addresses_are_written_as_people_write_them():
    assert search.addresses(ADDRESSES, "sluknovska") == {2: "Šluknovská 568/1A, Rumburk 2"}
    assert search.addresses(ADDRESSES, "jindrichov") == {3: "č.p. 12, Horní Jindřichov"}


def test_never_more_than_asked_for():
    many = table(*[("Dlouhá", str(n), "", "", "") for n in range(500)])
    assert len(search.addresses(many, "dlouha", limit=12)) == 12
