"""The team's own list of providers: real rows come back, every spoiled one is named."""

import random
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpss_geo import dataset, errors, own, register_update, study
from kpss_geo.schema import VERDICTS, to_metric
from kpss_geo.settings import Settings, shipped_root

import rpss_made
from own_made import NOWHERE, SHIPPED, TODAY, as_own_list, loaded, write_csv, write_xlsx


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
        checked = own.check_table("providers", path, data=data, settings=NOWHERE)
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
        checked = own.check_table("providers", path, data=data, settings=NOWHERE)
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
        checked = own.check_table(
            "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=NOWHERE
        )
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
            table = own.check_table("providers", path, data=data, settings=NOWHERE).table
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
        checked = own.check_table(
            "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=NOWHERE
        )
        assert checked.table["forms"].tolist() == ["pob:luzka=10;ter:klient=5"]
        assert (checked.read, checked.left_out) == (3, 0)
        repeated = [f for f in checked.findings if "repeats row" in f.template]
        assert [(f.row, f.fields["first"]) for f in repeated] == [(4, 2)]

    def test_a_secret_address_is_not_kept(self, tmp_path, data):
        rows = [
            ["Poskytovatel", "Druh", "Adresa", "Obec", "lat", "lon", "Kód ADM", "Utajená adresa"],
            ["Azyl", "§ 57", "Tajná 7, 408 01 Rumburk", "Rumburk", "50,95", "14,55", "123", "ano"],
        ]  # fmt: skip
        checked = own.check_table(
            "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=NOWHERE
        )
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
            checked = own.check_table(
                "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=NOWHERE
            )
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
        checked = own.check_table("providers", path, data=before, settings=NOWHERE)
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
        checked = own.check_table("providers", path, data=data, settings=NOWHERE)
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
        max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_cells(self, tmp_path, data, rows):
        heading = ["Poskytovatel", "Druh služby", "Forma", "Kapacita", "Obec", "Cílová skupina"]
        path = write_csv(tmp_path / "x.csv", [heading, *rows], encoding="utf-8")
        try:
            checked = own.check_table("providers", path, data=data, settings=NOWHERE)
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


class TestBesideTheImportedRegister:
    """The own list is read in addition to the register of the data folder, whole or extract."""

    @pytest.fixture
    def office(self, tmp_path, data):
        found = Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")
        rpss_made.write_lists(found.geo_data / "code_lists")
        path = rpss_made.write(tmp_path / "rpss.json", rpss_made.from_shipped())
        register_update.take_register(
            path, found, obce=data.obce, types=data.types, as_of=date(2026, 9, 30)
        )
        return found

    def take(self, office, tmp_path, rows):
        path = write_csv(tmp_path / "s.csv", rows, encoding="utf-8")
        before = dataset.load(office)
        checked = own.check_table("providers", path, data=before, settings=office)
        own.take_table(checked, folder=office.geo_data, on=TODAY)
        return before, checked, dataset.load(office)

    def test_new_services_are_added_and_known_ones_count_once(self, office, tmp_path, real_rows):
        rows = as_own_list(real_rows.head(30))
        new = [["Nový domov", "", "", "§ 49", "pobytová", "12 lůžek", "", "", "", "", "Doubice"]]
        before, _, after = self.take(office, tmp_path, [*rows, *new])
        assert len(before.register.services) > 400
        assert len(after.register.services) == len(before.register.services) + 1
        assert len(after.register.places) == len(before.register.places) + 1
        assert not after.register.services.drop(columns=["until", "since"]).isna().any(axis=None)
        question = study.ask(
            after, office, territory_id="sluknovsko", service="13", on=date(2026, 10, 1)
        )
        answer = study.answer(question, after)
        assert sum(answer.totals[verdict] for verdict in VERDICTS) == answer.totals["people"]

    def test_taking_the_list_again_warns_of_nothing_new(self, office, tmp_path, real_rows):
        rows = [as_own_list(real_rows.head(1))[0]]
        rows += [["Nový domov", "", "", "§ 49", "pobytová", "12 lůžek", "", "", "", "", "Doubice"]]
        _, first, after = self.take(office, tmp_path, rows)
        _, second, again = self.take(office, tmp_path, rows)
        assert [str(f) for f in first.findings] == [str(f) for f in second.findings]
        assert len(after.register.services) == len(again.register.services)


class TestAddresses:
    """A list without coordinates is found by the address points of the data folder."""

    def test_places_stand_where_their_address_is(self, tmp_path, data, real_rows):
        rows = real_rows[(real_rows["lat"] != "") & (real_rows["house_number"] != "")].head(120)
        folder = tmp_path / "data" / "addresses"
        folder.mkdir(parents=True)
        for code, points in rpss_made.address_points(rows).groupby("code"):
            points.to_parquet(folder / f"{code}.parquet", index=False)
        office = Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")
        table = as_own_list(rows)
        for row in table[1:]:
            row[0], row[2] = f"Náš {row[0]}", ""
            row[13] = row[14] = row[16] = ""  # neither coordinates nor the code of the address
        path = write_csv(tmp_path / "s.csv", table, encoding="utf-8")
        checked = own.check_table("providers", path, data=data, settings=office)
        bare = own.check_table("providers", path, data=data, settings=NOWHERE)
        own.take_table(checked, folder=office.geo_data, on=TODAY)
        after = dataset.load(office)
        mine = after.register.places[after.register.places["service_id"].str.startswith("own-")]
        found = mine[mine["located"] == "parts"]
        true = rows.drop_duplicates(["code", "street", "house_number"])
        true = true.set_index(["code", "street", "house_number"])
        x, y = to_metric(true["lon"].astype(float).to_numpy(), true["lat"].astype(float).to_numpy())
        stands = pd.DataFrame({"x": x, "y": y}, index=true.index).loc[
            pd.MultiIndex.from_frame(found[["code", "street", "house_number"]])
        ]
        away = np.hypot(found["x"].to_numpy() - stands["x"], found["y"].to_numpy() - stands["y"])
        assert len(found) > 90
        assert (away < 1).mean() > 0.97  # a stated coordinate that was wrong is not repeated
        assert len(_without_place(checked)) == len(mine) - (mine["located"] != "obec").sum()
        # The shipped extract knows these very addresses, so an empty folder places them too.
        assert _without_place(bare) == set()

    def test_spoiled_address_points_are_named_and_the_list_stands(self, tmp_path, data):
        office = Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")
        (office.geo_data / "addresses").mkdir(parents=True)
        (office.geo_data / "addresses" / "562777.parquet").write_bytes(b"PAR1 nonsense")
        rows = [["Poskytovatel", "Druh", "Adresa", "Obec"], ["A", "§49", "Hlavní 1", "Rumburk"]]
        checked = own.check_table(
            "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=office
        )
        assert checked.left_out == 0
        assert "562777.parquet" in {f.file for f in checked.findings}


def _without_place(checked) -> set[int | None]:
    return {f.row for f in checked.findings if "has no coordinates" in f.template}
