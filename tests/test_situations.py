"""Life situations: the shipped list is whole and in every language; a bad one is named."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import kpss_geo
from kpss_geo import dataset
from kpss_geo.errors import FileNotUsable, UnknownSituation
from kpss_geo.report.contacts import phones
from kpss_geo.settings import Settings
from kpss_geo.situations import choose_situation, parse_situations


def test_the_shipped_situations(data):
    lives = data.situations.by_id
    assert 12 <= len(lives) <= 20
    for life in lives.values():
        assert life.types
        assert set(life.types) <= set(data.types)
    assert data.situations.source
    assert [line.number for line in lives["nasili"].lines] == ["158", "112", "116 006", "116 111"]


def test_groups_are_those_of_the_register(data):
    table = Path(__file__).parent.parent / "geodata" / "register_groups.csv"
    known = table.read_text(encoding="utf-8")
    for life in data.situations.by_id.values():
        assert all(group == "any" or group in known for group in life.groups), life.id


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_situation_and_line_is_translated(data, language):
    path = Path(kpss_geo.__file__).parent / "locale" / f"{language}.po"
    with path.open("rb") as file:
        known = {message.id for message in read_po(file, locale=language) if message.string}
    lives = data.situations.by_id.values()
    texts = {life.name for life in lives} | {data.situations.source}
    texts |= {text for life in lives for line in life.lines for text in (line.name, line.what)}
    assert texts - known == set()


def test_every_help_line_can_be_called(data):
    for life in data.situations.by_id.values():
        for line in life.lines:
            ((shown, href),) = phones(line.number)
            assert shown.replace("\xa0", " ") == line.number
            assert href == "tel:" + line.number.replace(" ", "")


@pytest.mark.parametrize("given", ["nasili", "Doma je násilí nebo se někoho bojím", "NASILI"])
def test_choosing_by_id_or_name(data, given):
    assert choose_situation(data.situations, given).id == "nasili"


def test_an_unknown_situation_names_the_nearest(data):
    with pytest.raises(UnknownSituation, match="nasili"):
        choose_situation(data.situations, "nasilli")


@pytest.mark.parametrize(
    "text",
    [
        {"situations": {"a": {"types": ["13"]}}},
        {"situations": {"a": {"name": "A", "types": "13"}}},
        {"situations": {"a": {"name": "A", "types": ["13"], "lines": ["999"]}}},
        {"situations": ["a"]},
        {"lines": {"112": {"number": "112"}}},
    ],
)
def test_a_faulty_list_is_one_clear_error(text):
    with pytest.raises(FileNotUsable, match=r"situations\.toml"):
        parse_situations(text, file="situations.toml", known_types={"13"})


def test_types_that_do_not_exist_are_left_out_and_named():
    read, findings = parse_situations(
        {"situations": {"a": {"name": "A", "types": ["13", "99"]}}},
        file="situations.toml",
        known_types={"13"},
    )
    assert read.by_id["a"].types == ("13",)
    assert "99" in str(findings[0])


def test_a_bad_list_of_the_office_gives_way_to_the_shipped_one(tmp_path):
    (tmp_path / "situations.toml").write_text("[situations.x]\nname = 1\n", encoding="utf-8")
    data = dataset.load(Settings(geo_data=tmp_path))
    assert "nasili" in data.situations.by_id
    assert any(f.file == "situations.toml" and f.severity == "error" for f in data.findings)


def test_a_list_of_the_office_takes_the_place_of_the_shipped_one(tmp_path):
    text = '[situations.x]\nname = "X"\ntypes = ["13"]\n'
    (tmp_path / "situations.toml").write_text(text, encoding="utf-8")
    data = dataset.load(Settings(geo_data=tmp_path))
    assert list(data.situations.by_id) == ["x"]
