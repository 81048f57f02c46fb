"""The team's own tables: columns guessed, every spoiled row named, what is good comes back."""

import csv
import io
import json
import random
from datetime import date

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpss_geo import dataset, errors, own
from kpss_geo.own import ages, capacity, columns, kinds, template
from kpss_geo.own.faults import Faults
from kpss_geo.own.obec_file import resolve_file
from kpss_geo.own.providers import is_ico
from kpss_geo.schema import AGE_BANDS
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.text import Words

from facts import FIVE

SHIPPED = shipped_root() / "geodata"
TODAY = date(2026, 11, 22)
FORM_WORDS = {"pob": "pobytová", "amb": "ambulantní", "ter": "terénní"}
UNIT_WORDS = {
    "luzka": "lůžek",
    "klient": "klientů",
    "kontakt": "kontaktů",
    "interv": "intervencí",
    "hovor": "hovorů",
}


def write_csv(path, rows, *, encoding="cp1250", separator=";"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(path, rows):
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("List1")
        sheet.merge_range(0, 0, 0, 5, "Naše tabulka, stav 2026")
        for r, row in enumerate(rows, start=1):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
    return path


def loaded(folder):
    return dataset.load(Settings(geo_data=folder))


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
        checked = own.check_table(kind, path, data=data)
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


def as_own_list(register: pd.DataFrame) -> list[list[str]]:
    """Real rows of the register as an office would write them down."""
    heading = [
        "Poskytovatel", "Název služby", "IČO", "Druh služby", "Forma služby", "Kapacita", "Ulice",
        "Č.p.", "Č.o.", "PSČ", "Obec", "Kód obce", "Část obce", "GPS šířka", "GPS délka",
        "Cílová skupina", "Kód adresy",
    ]  # fmt: skip
    types = pd.read_csv(SHIPPED / "types.csv", dtype=str).set_index("type_code")
    rows = [heading]
    for row in register.to_dict("records"):
        parts = [part.partition(":") for part in row["forms"].split(";")]
        kind = types.loc[row["type_code"]]
        amounts = [
            f"{FORM_WORDS[form]} {amount.partition('=')[2]} {UNIT_WORDS[amount.partition('=')[0]]}"
            for form, _, text in parts
            for amount in filter(None, text.split("+"))
        ]
        rows.append([
            row["provider"], row["name"], row["ico"].lstrip("0"), kind["name"],
            ", ".join(FORM_WORDS[form] for form, _, _ in parts), "; ".join(amounts), row["street"],
            row["house_number"], row["orientation_number"], row["postcode"], row["obec"],
            row["code"], row["obec_part"], row["lat"].replace(".", ","),
            row["lon"].replace(".", ","), "senioři", row["address_code"],
        ])  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def real_rows():
    """First rows of services of the act that have not ended."""
    table = pd.read_csv(SHIPPED / "register.csv", dtype=str, keep_default_na=False)
    table = table[(table["source"] == "MPSV") & (table["forms"] != "")]
    return table[table["until"] == ""].drop_duplicates("service_id").reset_index(drop=True)


class TestProviders:
    @pytest.mark.parametrize("made", ["cp1250.csv", "utf-16.csv", "utf-8-sig.csv", "x.xlsx"])
    def test_real_services_come_back_as_the_register_has_them(
        self, tmp_path, data, real_rows, made
    ):
        rows = as_own_list(real_rows)
        encoding, _, ending = made.rpartition(".")
        path = tmp_path / f"seznam.{ending}"
        if ending == "xlsx":
            write_xlsx(path, rows)
        else:
            write_csv(path, rows, encoding=encoding)
        checked = own.check_table("providers", path, data=data)
        assert (checked.read, checked.left_out) == (len(real_rows), 0)
        assert [f for f in checked.findings if "left out" in f.template] == []
        first_row = 3 if ending == "xlsx" else 2
        back = checked.table.reindex(range(first_row, first_row + len(real_rows)))
        for column in ("type_code", "code", "street", "house_number", "address_code", "ico"):
            expected = real_rows[column].to_numpy()
            assert back[column].to_numpy().tolist() == expected.tolist(), column
        assert _amounts(back["forms"]) == _amounts(real_rows["forms"])

    def test_services_of_the_register_count_once(self, tmp_path, data, real_rows):
        """The whole register as an own list adds nothing: not a place, not a bed."""
        path = write_csv(tmp_path / "s.csv", as_own_list(real_rows), encoding="utf-8")
        checked = own.check_table("providers", path, data=data)
        own.take_table(checked, folder=tmp_path / "data", on=TODAY)
        after = loaded(tmp_path / "data")
        added = after.register.services[after.register.services["own"].astype(bool)]
        assert len(added) == 0, added["provider"].tolist()[:5]
        assert len(after.register.places) == len(data.register.places)
        named = [f for f in checked.findings if "counts once" in f.template.casefold()]
        assert len({f.row for f in named}) == len(real_rows)

    def test_a_new_service_covers_and_is_said_to_be_ours(self, tmp_path, data):
        rows = [
            ["Poskytovatel", "Druh služby", "Forma", "Kapacita", "Adresa", "Obec", "Skupina"],
            ["Nový domov", "§ 49", "pobytová", "1 200 lůžek", "Hlavní 1", "Doubice", "senioři"],
        ]  # fmt: skip
        checked = own.check_table("providers", write_csv(tmp_path / "s.csv", rows), data=data)
        own.take_table(checked, folder=tmp_path / "data", on=TODAY)
        after = loaded(tmp_path / "data")
        assert len(after.register.services) == len(data.register.services) + 1
        service = after.register.services.iloc[-1]
        assert (service["own"], service["type_code"], service["provider"]) == (
            True,
            "13",
            "Nový domov",
        )
        mine = after.register.capacities[after.register.capacities["service_id"] == service.name]
        assert mine[["form", "unit", "count"]].to_numpy().tolist() == [["pob", "luzka", 1200.0]]
        assert "providers" in {source.id for source in after.sources}
        assert "providers" not in {source.id for source in data.sources}
        assert after.digest != data.digest

    def test_ids_stay_the_same_whatever_else_changes(self, tmp_path, data, real_rows):
        rows = as_own_list(real_rows.head(40))
        ids = []
        for shown in (rows, [rows[0], *reversed(rows[1:])]):
            path = write_csv(tmp_path / "s.csv", shown, encoding="utf-8")
            table = own.check_table("providers", path, data=data).table
            keys = table["address_code"] + table["type_code"]
            ids.append(dict(zip(keys, table["service_id"], strict=True)))
        assert ids[0] == ids[1]
        assert len(set(ids[0].values())) == len(ids[0])

    def test_rows_of_one_service_are_put_together(self, tmp_path, data):
        rows = [
            ["Poskytovatel", "Druh", "Forma", "Kapacita", "Ulice", "č.p.", "Obec"],
            ["A", "odlehčovací služby", "pobytová", "10 lůžek", "Dlouhá", "1", "Rumburk"],
            ["A", "§44", "terénní", "5 klientů", "Dlouhá", "1", "Rumburk"],
            ["A", "44", "terénní", "7 klientů", "dlouhá", "1", "RUMBURK"],
        ]
        checked = own.check_table("providers", write_csv(tmp_path / "s.csv", rows), data=data)
        assert checked.table["forms"].tolist() == ["pob:luzka=10;ter:klient=5"]
        assert (checked.read, checked.left_out) == (3, 0)
        repeated = [f for f in checked.findings if "repeats row" in f.template]
        assert [(f.row, f.fields["first"]) for f in repeated] == [(4, 2)]

    def test_a_secret_address_is_not_kept(self, tmp_path, data):
        rows = [
            ["Poskytovatel", "Druh", "Adresa", "Obec", "lat", "lon", "Kód ADM", "Utajená adresa"],
            ["Azyl", "§ 57", "Tajná 7, 408 01 Rumburk", "Rumburk", "50,95", "14,55", "123", "ano"],
        ]  # fmt: skip
        checked = own.check_table("providers", write_csv(tmp_path / "s.csv", rows), data=data)
        target = own.take_table(checked, folder=tmp_path / "data", on=TODAY)
        written = target.read_text(encoding="utf-8")
        for secret in ("Tajná", "408", "50.95", "14.55", ",123,"):
            assert secret not in written
        assert checked.table["obec"].tolist() == ["Rumburk"]
        place = loaded(tmp_path / "data").register.places.iloc[-1]
        assert place["located"] == "obec"

    def test_a_service_without_target_group_is_doubtful_never_left_aside(self, tmp_path, data):
        """Nobody is told "not covered" where a service may well be for them."""
        heading = ["Poskytovatel", "Druh", "Forma", "Obec", "Cílová skupina"]
        codes = data.territories["sluknovsko"].codes
        names = data.obce.loc[list(codes), "name"]
        totals = {}
        for groups in ("", "senioři", "osoby bez přístřeší"):
            rows = [
                heading,
                *([f"P {c}", "§ 47", "pobytová", f"{n} {c}", groups] for c, n in names.items()),
            ]
            checked = own.check_table("providers", write_csv(tmp_path / "s.csv", rows), data=data)
            assert checked.left_out == 0
            folder = tmp_path / (groups or "none")
            own.take_table(checked, folder=folder, on=TODAY)
            totals[groups] = _totals(folder, service="§47")
        assert totals["senioři"]["covered"] == totals["senioři"]["people"]
        assert totals[""]["covered"] == 0
        assert totals[""]["not_covered"] == 0
        assert totals[""]["unknown"] == totals[""]["people"]
        assert totals["osoby bez přístřeší"] == _totals(None, service="§47")

    def test_an_ended_service_of_the_register_goes_on_from_the_next_day(self, tmp_path, real_rows):
        folder = tmp_path / "data"
        folder.mkdir()
        register = pd.read_csv(SHIPPED / "register.csv", dtype=str, keep_default_na=False)
        first = register["service_id"] == real_rows.at[0, "service_id"]
        register.loc[first, "until"] = "2026-06-30"
        register.to_csv(folder / "register.csv", index=False)
        (folder / "register.toml").write_bytes((SHIPPED / "register.toml").read_bytes())
        before = loaded(folder)
        path = write_csv(tmp_path / "s.csv", as_own_list(real_rows.head(1)), encoding="utf-8")
        checked = own.check_table("providers", path, data=before)
        own.take_table(checked, folder=folder, on=TODAY)
        after = loaded(folder)
        added = after.register.services[after.register.services["own"].astype(bool)]
        assert added["since"].tolist() == [date(2026, 7, 1)]
        assert added["until"].tolist() == [None]
        assert [f.fields["day"] for f in checked.findings if "the service ends" in f.template] == [
            "2026-06-30"
        ]

    def test_an_unusable_list_is_named_and_the_register_stands(self, tmp_path, data):
        (tmp_path / "providers.csv").write_text("a;b\n1;2\n", encoding="utf-8")
        after = loaded(tmp_path)
        assert len(after.register.services) == len(data.register.services)
        assert [f.severity for f in after.findings if f.file == "providers.csv"] == ["error"]


SPOIL = {
    "Druh služby": ["", "mobilní hospic", "§ 999", "xx", "domov"],
    "Obec": ["", "Lipová", "Nikde", "???"],
    "Kód obce": ["999999", "56277", "abc"],
    "Poskytovatel": [""],
    "Forma služby": ["dálková", "?"],
    "Kapacita": ["mnoho", "-5 lůžek", "12", "9 999 999 lůžek", "3,5 lůžka"],
    "IČO": ["123", "12345678", "abc"],
    "GPS šířka": ["abc", "14,5", "0", "91"],
    "Cílová skupina": ["marťané", ""],
}


class TestSpoiledRows:
    @given(seed=st.integers(0, 100_000))
    @settings(
        max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_every_spoiled_row_is_named_and_no_other_is_lost(self, tmp_path, data, real_rows, seed):
        """Real rows, some spoiled: each spoiled one is in the findings, the others are taken."""
        dice = random.Random(seed)
        placed = real_rows[real_rows["lat"] != ""]
        table = as_own_list(placed.sample(25, random_state=seed))
        heading = table[0]
        for row in table[1:]:  # not a service the register holds: those count as it has them
            row[0], row[2] = f"Náš {row[0]}", "00006947"
        spoiled = {}
        for place in dice.sample(range(1, len(table)), 8):
            column = dice.choice(list(SPOIL))
            value = dice.choice(SPOIL[column])
            row = table[place]
            row[heading.index(column)] = value
            if column == "Obec":
                row[heading.index("Kód obce")] = ""
                row[heading.index("GPS šířka")] = ""
            if column == "Poskytovatel":
                row[heading.index("Název služby")] = ""
            spoiled[place + 1] = (column, value)
        path = write_csv(tmp_path / f"{seed}.csv", table, encoding="utf-8")
        checked = own.check_table("providers", path, data=data)
        usual = ("has no coordinates", "counts once", "lie far from")
        told = {f.row for f in checked.findings if not any(u in f.template for u in usual)}
        assert set(spoiled) <= told, {k: v for k, v in spoiled.items() if k not in told}
        lost = set(range(2, len(table) + 1)) - set(checked.table.index)
        named_lost = {f.row for f in checked.findings if "left out" in f.template}
        repeated = {f.row for f in checked.findings if "repeats row" in f.template}
        assert lost <= named_lost | repeated
        assert named_lost <= set(spoiled)
        assert checked.left_out == len(named_lost)

    @given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), max_size=6))
    @settings(
        max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_cells(self, tmp_path, data, rows):
        heading = ["Poskytovatel", "Druh služby", "Forma", "Kapacita", "Obec", "Cílová skupina"]
        path = write_csv(tmp_path / "x.csv", [heading, *rows], encoding="utf-8")
        try:
            checked = own.check_table("providers", path, data=data)
        except errors.KpssGeoError as error:
            told = str(error)
        else:
            told = checked.file
            named = {f.row for f in checked.findings if f.severity == "error"}
            assert checked.left_out <= len(named)
        assert "x.csv" in told


def _amounts(forms) -> list[frozenset[str]]:
    return [
        frozenset(f"{part.partition(':')[0]}:{amount}" for part in text.split(";")
                  for amount in part.partition(":")[2].split("+"))
        for text in forms
    ]  # fmt: skip


def _totals(folder, *, service: str) -> dict[str, int]:
    from kpss_geo import study

    own_settings = Settings(geo_data=folder or shipped_root() / "none")
    data = dataset.load(own_settings)
    question = study.ask(
        data, own_settings, territory_id="sluknovsko", service=service, on=date(2026, 10, 1)
    )
    return study.answer(question, data).totals


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


@pytest.fixture(scope="module")
def people():
    table = pd.read_csv(SHIPPED / "population.csv", dtype={"code": str})
    return table.sort_values(["code", "sex"]).reset_index(drop=True)


class TestPopulation:
    def rows(self, data, people, codes, *, form: str) -> list[list[object]]:
        mine = people[people["code"].isin(codes)]
        names = data.obce["name"]
        if form == "sexes in rows":
            heading = [
                "Kód obce",
                "Název obce",
                "Pohlaví",
                *(f"{b} let" for b in AGE_BANDS),
                "Celkem",
            ]
            word = {"male": "Muži", "female": "Ženy"}
            return [heading] + [
                [
                    r["code"],
                    names[r["code"]],
                    word[r["sex"]],
                    *(r[b] for b in AGE_BANDS),
                    sum(r[b] for b in AGE_BANDS),
                ]
                for r in mine.to_dict("records")
            ]
        if form == "together":
            sums = mine.groupby("code")[list(AGE_BANDS)].sum()
            heading = [
                "Kód",
                "Obec",
                *(b.replace("-", " – ") for b in AGE_BANDS[:-1]),
                "85 a více",
                "Celkem",
            ]
            return [heading] + [
                [code, names[code], *(f"{n:,}".replace(",", "\u00a0") for n in row), sum(row)]
                for code, row in zip(sums.index, sums.to_numpy().tolist(), strict=True)
            ]
        if form == "sexes in columns":
            heading = ["Kód obce", *(f"{w} {b}" for w in ("Muži", "Ženy") for b in AGE_BANDS)]
            wide = mine.set_index(["code", "sex"])[list(AGE_BANDS)]
            return [heading] + [
                [code, *wide.loc[code, "male"], *wide.loc[code, "female"]]
                for code in sorted(set(mine["code"]))
            ]
        heading = ["uzemi_kod", "uzemi_txt", "pohlavi_txt", "vek_txt", "hodnota"]
        starts = {b: int(b.partition("-")[0].rstrip("+")) for b in AGE_BANDS}
        ends = {
            band: f"{a} až {a + 5} (více nebo rovno {a} a méně než {a + 5})"
            for band, a in starts.items()
        }
        ends["85+"] = "Od 85 (více nebo rovno 85)"
        long = [heading]
        for r in mine.to_dict("records"):
            word = "muž" if r["sex"] == "male" else "žena"
            long += [[r["code"], names[r["code"]], word, ends[b], r[b]] for b in AGE_BANDS]
        return long

    @pytest.mark.parametrize("form", ["sexes in rows", "together", "sexes in columns", "long"])
    @pytest.mark.parametrize("territory", ["sluknovsko", "kaplice"])
    def test_every_form_gives_the_people_of_the_territory(
        self, tmp_path, data, people, form, territory
    ):
        codes = data.territories[territory].codes
        path = write_xlsx(tmp_path / "lide.xlsx", self.rows(data, people, codes, form=form))
        checked = own.check_table("population", path, data=data)
        assert checked.left_out == 0
        assert [f for f in checked.findings if f.severity == "error"] == []
        own.take_table(checked, folder=tmp_path / "d", on=TODAY)
        after = loaded(tmp_path / "d")
        assert set(after.population.index) == set(codes)
        assert int(after.population.to_numpy().sum()) == FIVE[territory][1]
        pd.testing.assert_frame_equal(
            after.population.sort_index(), data.population.loc[sorted(codes)], check_names=False
        )

    def test_the_state_printed_is_that_of_the_own_table(self, tmp_path, data, people):
        codes = data.territories["kaplice"].codes
        path = write_xlsx(tmp_path / "lide.xlsx", self.rows(data, people, codes, form="together"))
        own.take_table(own.check_table("population", path, data=data), folder=tmp_path, on=TODAY)
        (source,) = [s for s in loaded(tmp_path).sources if s.id == "population"]
        assert (source.own, source.as_of, source.source) == (True, "2026-11-22", "lide.xlsx")
        assert "2020" not in source.short + source.not_for

    @given(seed=st.integers(0, 10_000))
    @settings(
        max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_a_spoiled_cell_makes_the_obec_unknown_and_is_named(self, tmp_path, data, people, seed):
        dice = random.Random(seed)
        form = dice.choice(["sexes in rows", "together", "sexes in columns", "long"])
        codes = sorted(data.territories["luhacovice"].codes)
        table = self.rows(data, people, codes, form=form)
        line = dice.randrange(1, len(table))
        cells = range(4 if form == "long" else 3, len(table[0]))
        value = dice.choice(["-5", "", "mnoho", "3,5", "nan", "1e30", "9000000", "-", "x"])
        table[line][dice.choice(list(cells))] = value
        path = write_csv(tmp_path / f"{seed}.csv", table, encoding="utf-8")
        checked = own.check_table("population", path, data=data)
        total_hidden = value in ("", "-", "x", "nan", "mnoho") and not _has_error(checked)
        spoiled = str(table[line][0])
        if total_hidden:  # a total that cannot be read checks nothing, and the ages are whole
            assert set(checked.table["code"]) == set(codes)
        else:
            assert line + 1 in {f.row for f in checked.findings if f.severity == "error"}
            assert set(checked.table["code"]) == set(codes) - {spoiled}
        kept = checked.table.set_index("code")[list(AGE_BANDS)].astype(int).groupby("code").sum()
        expected = people.groupby("code")[list(AGE_BANDS)].sum().loc[kept.index]
        assert (kept.to_numpy() == expected.to_numpy()).all()

    def test_an_obec_twice_and_a_missing_age_are_unknown(self, tmp_path, data, people):
        codes = sorted(data.territories["luhacovice"].codes)
        table = self.rows(data, people, codes, form="together")
        table.append(table[1])
        long = self.rows(data, people, codes, form="long")
        del long[5]
        for name, rows in (("twice", table), ("missing", long)):
            path = write_csv(tmp_path / f"{name}.csv", rows, encoding="utf-8")
            checked = own.check_table("population", path, data=data)
            assert set(checked.table["code"]) == set(codes) - {codes[0]}
            assert _has_error(checked)
            assert checked.left_out > 0

    def test_broad_ages_are_refused_with_what_is_missing(self, tmp_path, data):
        rows = [["Obec", "0–14", "15–64", "65+"], ["Rumburk", 1, 2, 3]]
        with pytest.raises(errors.MissingColumns, match="65-69"):
            own.check_table(
                "population", write_csv(tmp_path / "x.csv", rows, encoding="utf-8"), data=data
            )


def _has_error(checked) -> bool:
    return any(f.severity == "error" for f in checked.findings)


class TestServed:
    def check(self, tmp_path, data, rows):
        heading = ["Číslo služby", "Poskytovatel", "Druh služby", "Obec", "Obsluhuje"]
        path = write_csv(tmp_path / "u.csv", [heading, *rows], encoding="utf-8")
        return own.check_table("served", path, data=data)

    def test_by_number_by_name_and_by_area(self, tmp_path, data):
        services = data.register.services
        care = services[services["type_code"] == "4"]
        unique = care[~care["provider"].duplicated(keep=False)].iloc[0]
        checked = self.check(
            tmp_path,
            data,
            [
                [unique.name, "", "", "ORP Varnsdorf", "ano"],
                ["", unique["provider"].upper(), "pečovatelská služba", "Rumburk", ""],
                [unique.name.removeprefix("mpsv-"), "", "", "562858", "ne"],
            ],
        )
        said = checked.table.set_index("code")
        assert set(said["service_id"]) == {unique.name}
        assert len(said) == 8
        assert said.loc["562858", "serves"] == "no"
        assert said.loc["562777", "serves"] == "yes"
        assert checked.left_out == 0

    def test_what_is_not_certain_is_named_and_left_out(self, tmp_path, data):
        service = data.register.services.index[0]
        checked = self.check(
            tmp_path,
            data,
            [
                [service, "", "", "Lipová", ""],
                ["neznámá", "", "", "Rumburk", ""],
                ["", "Charita, která není", "", "Rumburk", ""],
                [service, "", "", "Rumbruk", ""],
                [service, "", "", "Varnsdorf", "ano"],
                [service, "", "", "Varnsdorf", "ne"],
                [service, "", "", "", ""],
                [service, "", "", "999999", ""],
            ],
        )
        assert checked.table["code"].tolist() == ["562777"]
        rows = {f.row for f in checked.findings if f.severity == "error"}
        assert rows == {2, 3, 4, 7, 8, 9}
        assert [f.row for f in checked.findings if f.severity == "warning"] == [5]


class TestObecFiles:
    def test_a_table_and_a_text_give_the_same(self, tmp_path, data):
        codes = data.territories["tanvaldsko"].codes
        named = data.obce.loc[list(codes), ["name", "district_name"]]
        rows = [["Obec", "Okres"], *named.to_numpy().tolist()]
        table = write_csv(tmp_path / "t.csv", rows)
        book = write_xlsx(tmp_path / "t.xlsx", rows)
        text = tmp_path / "t.txt"
        text.write_bytes("\r\n".join(f"• {n}, okr. {d}" for n, d in rows[1:]).encode("cp1250"))
        for path in (table, book, text):
            resolved = resolve_file(path, data=data)
            assert (set(resolved.codes), resolved.unclear) == (set(codes), ())

    def test_rows_that_are_not_certain_are_open(self, tmp_path, data):
        path = write_csv(tmp_path / "t.csv", [["Obec", "Okres"], ["Lipová", ""], ["Rumburk", ""]])
        resolved = resolve_file(path, data=data)
        assert resolved.codes == ("562777",)
        assert "Lipová" in resolved.unclear[0].given


HSDS = {
    "id": "1f3a", "name": "Pečovatelská služba Výběžek", "url": "https://vybezek.example",
    "organization": {
        "name": "Výběžek, z. ú.",
        "organization_identifiers": [{"identifier_scheme": "CZ-ICO", "identifier": "00006947"}],
    },
    "attributes": [{"taxonomy_term": {"code": "4", "name": "pečovatelská služba"}}],
    "phones": [{"number": "412 000 000"}],
    "contacts": [{"name": "Jana Nováková", "email": "jana@example"}],
    "capacities": [{"maximum": 12, "unit": {"name": "klientů"}}],
    "eligibility_description": "senioři",
    "service_areas": [{"name": "Rumburk"}, {"name": "ORP Varnsdorf"}],
    "service_at_locations": [
        {"location": {
            "latitude": 50.9516, "longitude": 14.557,
            "addresses": [{"address_1": "Hlavní 12/3", "city": "Rumburk", "postal_code": "408 01",
                           "address_type": "physical"}],
        }},
        {"location": {"addresses": [{"address_1": "Lipová 5", "city": "Varnsdorf"}]}},
    ],
}  # fmt: skip


class TestHsds:
    def check(self, tmp_path, data, content, *, kind="providers"):
        path = tmp_path / "h.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return own.check_table(kind, path, data=data)

    @pytest.mark.parametrize("wrap", [lambda s: [s], lambda s: {"contents": [s]}, lambda s: s])
    def test_places_of_a_service(self, tmp_path, data, wrap):
        checked = self.check(tmp_path, data, wrap(HSDS))
        table = checked.table
        assert table["code"].tolist() == ["562777", "562882"]
        assert set(table["type_code"]) == {"4"}
        assert set(table["provider"]) == {"Výběžek, z. ú."}
        assert set(table["ico"]) == {"00006947"}
        assert table["street"].tolist() == ["Hlavní", "Lipová"]
        assert table["house_number"].tolist() == ["12", "5"]
        assert table["lat"].tolist() == ["50.9516", ""]
        assert "Nováková" not in table.to_csv()

    def test_areas_of_a_service(self, tmp_path, data):
        own.take_table(self.check(tmp_path, data, [HSDS]), folder=tmp_path / "d", on=TODAY)
        after = loaded(tmp_path / "d")
        checked = self.check(tmp_path, after, [HSDS], kind="served")
        assert len(checked.table) == 1 + 6
        assert set(checked.table["serves"]) == {"yes"}

    @pytest.mark.parametrize(
        "text",
        ['[{"name": "a"}', "[]", "{}", '{"a": 1}', "[" * 100_000, "[1, null]x", '{"a": NaN'],
    )
    def test_what_is_no_hsds(self, tmp_path, data, text):
        (tmp_path / "h.json").write_text(text, encoding="utf-8")
        with pytest.raises(errors.TableNotUsable, match=r"h\.json"):
            own.check_table("providers", tmp_path / "h.json", data=data)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just(HSDS),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from([*HSDS, "location", "contents", "number", "x"]),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=8,
        )
    )
    @settings(
        max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_json(self, tmp_path, data, content):
        try:
            checked = self.check(tmp_path, data, content)
        except errors.KpssGeoError as error:
            told = str(error)
        else:
            told = checked.file
        assert "h.json" in told


class TestTaking:
    def test_whole_or_not_at_all(self, tmp_path, data, monkeypatch):
        rows = [["Poskytovatel", "Druh", "Obec"], ["A", "§49", "Rumburk"]]
        checked = own.check_table("providers", write_csv(tmp_path / "s.csv", rows), data=data)
        target = own.take_table(checked, folder=tmp_path, on=TODAY)
        before = target.read_bytes()
        monkeypatch.setattr("pathlib.Path.replace", _no_space)
        with pytest.raises(errors.FileNotUsable, match=r"providers\.csv"):
            own.take_table(checked, folder=tmp_path, on=TODAY)
        assert target.read_bytes() == before

    def test_nothing_usable_leaves_what_was_there(self, tmp_path, data):
        rows = [["Poskytovatel", "Druh", "Obec"], ["A", "hospic", "Rumburk"]]
        checked = own.check_table("providers", write_csv(tmp_path / "s.csv", rows), data=data)
        with pytest.raises(errors.FileNotUsable, match="none of its rows"):
            own.take_table(checked, folder=tmp_path / "d", on=TODAY)
        assert not (tmp_path / "d").exists()

    def test_the_note_tells_what_was_left_out_and_what_changed_since(self, tmp_path, data):
        rows = [["Poskytovatel", "Druh", "Obec"], ["A", "§49", "Rumburk"], ["B", "?", "Rumburk"]]
        checked = own.check_table("providers", write_csv(tmp_path / "s.csv", rows), data=data)
        target = own.take_table(checked, folder=tmp_path / "d", on=TODAY)
        told = [
            f
            for f in loaded(tmp_path / "d").findings
            if f.row is None and f.file == "providers.csv"
        ]
        assert [f.fields["count"] for f in told] == [1]
        target.write_text(target.read_text(encoding="utf-8").replace("A", "Ä"), encoding="utf-8")
        told = [
            f
            for f in loaded(tmp_path / "d").findings
            if f.row is None and f.file == "providers.csv"
        ]
        assert [f.severity for f in told] == ["warning", "note"]

    def test_a_list_of_obce_is_no_table_of_the_folder(self, tmp_path, data):
        checked = own.check_table(
            "obce", write_csv(tmp_path / "o.csv", [["Obec"], ["Rumburk"]]), data=data
        )
        with pytest.raises(errors.BadOption, match="providers"):
            own.take_table(checked, folder=tmp_path, on=TODAY)


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")
