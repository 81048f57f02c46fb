"""Columns guessed from headings, templates read back, words of forms, capacities and ages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import errors, own
from kpss_geo.own import ages, capacity, columns, kinds, template
from kpss_geo.own.faults import Faults
from kpss_geo.own.providers import is_ico
from kpss_geo.schema import AGE_BANDS
from kpss_geo.text import Words

from own_made import NOWHERE


class TestColumns:
    @pytest.mark.parametrize("kind", kinds.KINDS)
    def test_every_known_heading_is_taken_for_its_column(self, kind):
        """Alone, in capitals and without diacritics; no heading belongs to two columns."""
        wanted = kinds.COLUMNS[kind]
        for column in wanted:
            for heading in column.headings:
                for form in (heading, heading.upper(), f" {heading}: "):
                    assert columns.guess_columns([form], wanted) == {
                        column.key: columns.Guess(form, 1.0)
                    }

    def test_a_real_catalogue(self):
        found = [
            "Poř. č.", "Název poskytovatele", "IČ", "Druh sociální služby", "Název zařízení",
            "Forma poskytování", "Kapacita", "Ulice", "Č.p.", "PSČ", "Obec", "Cílová skupina",
            "Tel.", "www", "Poznámka",
        ]  # fmt: skip
        guessed = {
            k: g.found for k, g in columns.guess_columns(found, kinds.COLUMNS["providers"]).items()
        }
        assert guessed == {
            "provider": "Název poskytovatele", "ico": "IČ", "type": "Druh sociální služby",
            "name": "Název zařízení", "forms": "Forma poskytování", "capacity": "Kapacita",
            "street": "Ulice", "house_number": "Č.p.", "postcode": "PSČ", "obec": "Obec",
            "groups": "Cílová skupina", "phone": "Tel.", "web": "www",
        }  # fmt: skip

    def test_slips_are_guessed_with_less_than_certainty_and_said(self):
        wanted = kinds.COLUMNS["providers"]
        mapping, findings = columns.map_columns(
            ["Poskytovateĺ služeb", "Druh sluzby", "Obce"], wanted, file="x.csv"
        )
        assert mapping["provider"].confidence < 1
        assert {f.column for f in findings} == {
            g.found for g in mapping.values() if g.confidence < 1
        }

    def test_what_a_person_says_wins(self):
        wanted = kinds.COLUMNS["providers"]
        mapping, findings = columns.map_columns(
            ["Obec", "Město", "Druh služby", "Kdo"],
            wanted,
            said={"obec": "město", "Poskytovatel": "KDO", "name": "-"},
            file="x",
        )
        assert mapping["obec"] == columns.Guess("Město", 1.0)
        assert mapping["provider"] == columns.Guess("Kdo", 1.0)
        assert findings == []

    def test_wrong_sayings_and_missing_columns(self):
        wanted = kinds.COLUMNS["providers"]
        with pytest.raises(errors.BadOption, match="provider"):
            columns.map_columns(["a"], wanted, said={"xyz": "a"}, file="x")
        with pytest.raises(errors.MissingColumns, match="column b"):
            columns.map_columns(["a"], wanted, said={"obec": "b"}, file="x")
        with pytest.raises(errors.MissingColumns, match="Poskytovatel, Druh služby"):
            columns.map_columns(["Obec"], wanted, file="x")

    @given(st.lists(st.text(max_size=20), max_size=12, unique=True))
    @settings(max_examples=200, deadline=2000)
    def test_no_column_is_used_twice(self, found):
        guessed = columns.guess_columns(found, kinds.COLUMNS["providers"])
        used = [guess.found for guess in guessed.values()]
        assert len(used) == len(set(used))
        assert set(used) <= set(found)
        assert all(columns.LEAST <= guess.confidence <= 1 for guess in guessed.values())


class TestTemplates:
    @pytest.mark.parametrize("kind", kinds.KINDS)
    @pytest.mark.parametrize("ending", ["xlsx", "csv"])
    @pytest.mark.parametrize("language", ["cs", "en", "uk"])
    def test_every_heading_is_read_back_and_the_example_is_never_taken(
        self, tmp_path, data, kind, ending, language
    ):
        path = template.write_template(kind, tmp_path / f"t.{ending}", words=Words(language))
        checked = own.check_table(kind, path, data=data, settings=NOWHERE)
        assert checked.read == len(checked.table) == 0
        assert all(guess.confidence == 1 for guess in checked.mapping.values())
        hidden = {"age", "count"} if kind == "population" else set()
        assert set(checked.mapping) == {column.key for column in kinds.COLUMNS[kind]} - hidden

    def test_headings_of_ages_are_no_dates_to_a_spreadsheet(self):
        names = [name for name in template.headings("population") if ages.ages_of(name)]
        assert [ages.band_of(ages.ages_of(name)) for name in names] == list(AGE_BANDS)
        assert not [name for name in names if name.replace("-", "").isdigit()]

    def test_wrong_ending(self, tmp_path):
        with pytest.raises(errors.BadOption, match="xlsx"):
            template.write_template("obce", tmp_path / "t.doc", words=Words("cs"))


class TestWords:
    @pytest.mark.parametrize(
        ("forms", "written", "expected"),
        [
            ("pobytová", "24 lůžek", "pob:luzka=24"),
            ("pobytová", "lůžka: 24", "pob:luzka=24"),
            ("pobytová", "1 200 lůžek", "pob:luzka=1200"),
            (
                "terénní a ambulantní",
                "ter. 10 klientů; amb. 5 klientů",
                "amb:klient=5;ter:klient=10",
            ),
            ("ambulantní", "20 klientů denně, 5 intervencí", "amb:klient=20+interv=5"),
            ("pobytová, terénní", "10 lůžek", "pob:luzka=10;ter:"),
            ("pobytová, terénní", "10 klientů", "pob:;ter:"),
            ("ambulantní", "24 lůžek (10 klientů)", "amb:klient=10+luzka=24"),
            ("ambulantní", "10 klientů / 30 minut", "amb:klient=10"),
            ("ambulantní", "10", "amb:"),
            ("pob:luzka=24;ter:klient=1", "", "pob:luzka=24;ter:klient=1"),
            ("Pobytová forma", "12,0 lůžek", "pob:luzka=12"),
        ],
    )
    def test_forms_and_capacities(self, forms, written, expected):
        cells = {"forms": forms, "capacity": written}
        faults = Faults("x", {})
        text = capacity.forms_text(cells, faults, row=2)
        assert sorted(text.split(";")) == sorted(_sorted_units(expected).split(";"))
        lost = written and len(capacity._NUMBER.findall(written)) > text.count("=")
        assert bool(faults.found) == bool(lost)

    def test_ico(self):
        """IČO of ministries and of towns pass, any other last digit does not."""
        for number in ("00551023", "00006947", "00261602", "00261351"):
            assert is_ico(number)
            assert sum(is_ico(number[:7] + digit) for digit in "0123456789") == 1

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("65–69", (65, 69)), ("65 - 69 let", (65, 69)), ("65 až 69", (65, 69)),
            ("85+", (85, 150)), ("85 a více let", (85, 150)), ("85 let a více", (85, 150)),
            ("0", (0, 0)), ("5 let", (5, 5)), ("muži 0–4", (0, 4)), ("Ženy: 80-84", (80, 84)),
            ("0 až 5 (více nebo rovno 0 a méně než 5)", (0, 4)),
            ("Od 85 (více nebo rovno 85)", (85, 150)), ("celkem", None), ("IČO", None),
            ("69–65", None), ("2026", None), ("562777", None), ("rok 2020", None), ("", None),
        ],
    )  # fmt: skip
    def test_ages(self, text, expected):
        assert ages.ages_of(text) == expected

    def test_bands_must_be_made_up_exactly(self):
        whole = [ages.ages_of(band) for band in AGE_BANDS]
        assert ages.bands_not_covered(whole) == []
        single = [(year, year) for year in range(85)] + [(85, 150)]
        assert ages.bands_not_covered(single) == []
        assert ages.bands_not_covered(whole[1:]) == ["0-4"]
        assert ages.bands_not_covered([*whole, (3, 3)]) == ["0-4"]
        assert ages.band_of((0, 14)) is None


def _sorted_units(text: str) -> str:
    from kpss_geo.schema import CAPACITY_UNITS

    parts = []
    for part in text.split(";"):
        form, _, amounts = part.partition(":")
        units = sorted(
            filter(None, amounts.split("+")), key=lambda a: CAPACITY_UNITS.index(a.split("=")[0])
        )
        parts.append(f"{form}:{'+'.join(units)}")
    return ";".join(parts)
