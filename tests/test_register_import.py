"""The register taken over: round trip, whole or not at all, in place of the extract, secret."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kpss_geo import catalogue, dataset, errors, maps, providers, register_update, study
from kpss_geo.settings import Settings
from kpss_geo.sources import register_store, rpss, rpss_codes
from kpss_geo.text import Words

import rpss_made as made
from facts import DAY


@pytest.fixture
def office(tmp_path) -> Settings:
    """An empty data folder with the official code lists in it."""
    settings = Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")
    made.write_lists(settings.geo_data / "code_lists")
    return settings


@pytest.fixture
def take(office, data, tmp_path):
    def go(*records: made.Record, as_of: date = date(2026, 9, 30)) -> register_update.Taken:
        path = made.write(tmp_path / "rpss.json", list(records))
        return register_update.take_register(
            path, office, obce=data.obce, types=data.types, as_of=as_of
        )

    return go


def _with_points(office: Settings, rows: pd.DataFrame) -> None:
    folder = office.geo_data / "addresses"
    folder.mkdir(parents=True, exist_ok=True)
    for code, points in made.address_points(rows).groupby("code"):
        points.to_parquet(folder / f"{code}.parquet", index=False)


def _same(one: pd.DataFrame, other: pd.DataFrame, columns: list[str]) -> None:
    by = [c for c in columns if c not in ("x", "y", "count")]
    a, b = (t[columns].sort_values(by, ignore_index=True) for t in (one, other))
    pd.testing.assert_frame_equal(a, b, check_dtype=False)


class TestRoundTrip:
    """The shipped rows, written as the register writes them and read again, are the same."""

    @pytest.fixture(scope="class")
    @classmethod
    def both(cls, data, tmp_path_factory):
        folder = tmp_path_factory.mktemp("round")
        office = Settings(geo_data=folder / "data", cache=folder / "cache")
        made.write_lists(office.geo_data / "code_lists")
        _with_points(office, made.shipped())
        path = made.write(folder / "rpss.json", made.from_shipped()[::-1])
        register_update.take_register(
            path, office, obce=data.obce, types=data.types, as_of=date(2026, 9, 30)
        )
        ours = data.register.services[data.register.services["source"] == "MPSV"]
        return office, dataset.load(office), ours, data

    def test_services(self, both):
        _, again, ours, _ = both
        columns = ["service_id", "type_code", "provider", "ico", "since", "until", "web", "phone",
                   "addresses", "clear", "register_groups"]  # fmt: skip
        a, b = again.register.services.reset_index(), ours.reset_index()
        a["register_groups"], b["register_groups"] = (
            t["register_groups"].map(sorted) for t in (a, b)
        )
        assert len(a) == 464
        _same(a.assign(register_groups=a["register_groups"].str.join("|")),
              b.assign(register_groups=b["register_groups"].str.join("|")), columns)  # fmt: skip

    def test_capacities(self, both):
        _, again, ours, data = both
        capacities = data.register.capacities
        mine = capacities[capacities["service_id"].isin(ours.index)]
        _same(again.register.capacities, mine, ["service_id", "form", "unit", "count"])

    def test_places(self, both):
        _, again, ours, data = both
        mine = data.register.places[data.register.places["service_id"].isin(ours.index)]
        columns = ["service_id", "address_code", "name", "street", "house_number",
                   "orientation_number", "postcode", "code", "obec"]  # fmt: skip
        _same(again.register.places, mine, columns)

    def test_points(self, both):
        """Where the extract has a point it may trust, the address code leads to the same one."""
        _, again, ours, data = both
        mine = data.register.places[data.register.places["service_id"].isin(ours.index)]
        pairs = mine.merge(again.register.places, on=["service_id", "address_code"])
        sure = pairs["located_x"] == "address"
        assert len(pairs) == 617
        assert (pairs["located_y"][sure] == "address").all()
        assert not (pairs["located_y"][~sure] == "address").any()
        moved = np.hypot(pairs["x_x"] - pairs["x_y"], pairs["y_x"] - pairs["y_y"])
        assert moved[sure].max() < 0.001
        assert sure.sum() > 590

    def test_verdicts(self, both):
        office, again, _, data = both
        question = study.ask(data, office, territory_id="sluknovsko", service="13", on=DAY)
        ours = study.answer(question, data)
        theirs = study.answer(replace(question, data_digest=again.digest), again)
        pd.testing.assert_series_equal(ours.obce["covered"], theirs.obce["covered"])
        np.testing.assert_allclose(ours.obce["nearest_m"], theirs.obce["nearest_m"])

    def test_the_second_start_reads_the_same(self, both):
        office, again, _, _ = both
        once_more = dataset.load(office)
        assert once_more.digest == again.digest
        for name in ("services", "capacities", "places"):
            pd.testing.assert_frame_equal(
                getattr(once_more.register, name), getattr(again.register, name)
            )
        assert once_more.register.findings == again.register.findings

    def test_the_whole_register_is_known_everywhere(self, both):
        _, again, _, data = both
        whole = again.register.completeness
        assert whole.districts == set(data.obce["district_code"])
        assert {"senioři", "any"} < whole.register_groups
        assert set(map(str, range(3, 18))) < whole.type_codes
        assert whole.whole_from == date(2026, 9, 1)
        source = next(s for s in again.sources if s.id == "register")
        assert (source.as_of, source.own) == ("2026-09-30", True)
        assert "2026-09-30" in source.short
        assert not [s for s in again.sources if s.id == "rpss"]


class TestWholeOrNotAtAll:
    def test_a_bad_file_leaves_what_was_there(self, take, office, tmp_path, data):
        take(made.service(1))
        before = dataset.load(office)
        for content in (
            b'{"polozky":[{"portalId":2',
            b"<html>",
            b'{"polozky":[]}',
            b'{"polozky":[7]}',
        ):
            bad = tmp_path / "bad.json"
            bad.write_bytes(content)
            with pytest.raises(errors.FileNotUsable):
                register_update.take_register(bad, office, obce=data.obce, types=data.types)
        after = dataset.load(office)
        assert after.digest == before.digest
        assert after.register.services.index.tolist() == ["mpsv-1"]

    def test_a_stop_before_the_end_leaves_the_older_register(self, take, office, monkeypatch):
        take(made.service(1))
        written = register_store._write

        def stop(name: str, *rest: object) -> object:
            if name == "names":
                raise KeyboardInterrupt
            return written(name, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(register_store, "_write", stop)
        with pytest.raises(KeyboardInterrupt):
            take(made.service(2))
        monkeypatch.undo()
        assert dataset.load(office).register.services.index.tolist() == ["mpsv-1"]

    @pytest.mark.parametrize("spoil", ["missing", "changed", "manifest", "form"])
    def test_a_spoiled_register_is_named_and_the_extract_stands_in(self, take, office, data, spoil):
        take(made.service(1))
        folder = office.geo_data / "register"
        manifest = folder / "manifest.json"
        part = next(folder.glob("places-*.parquet"))
        match spoil:
            case "missing":
                part.unlink()
            case "changed":
                part.write_bytes(part.read_bytes()[:-9])
            case "manifest":
                manifest.write_text("{", encoding="utf-8")
            case "form":
                held = json.loads(manifest.read_text(encoding="utf-8")) | {"form": 0}
                manifest.write_text(json.dumps(held), encoding="utf-8")
        loaded = dataset.load(office)
        assert len(loaded.register.services) == len(data.register.services)
        named = [f for f in loaded.findings if "imported register cannot be read" in str(f)]
        assert [f.severity for f in named] == ["error"]
        assert str(office.geo_data) not in str(named[0])

    def test_older_tables_do_not_pile_up(self, take, office):
        for number in range(4):
            take(made.service(number + 1))
        files = list((office.geo_data / "register").glob("*.parquet"))
        assert len(files) <= 2 * len(register_store.TABLES)
        assert not list((office.geo_data / "register").glob("*.part"))

    def test_an_own_extract_beside_it_is_named(self, take, office):
        take(made.service(1))
        shipped = Path(dataset.shipped_root()) / "geodata" / "register.csv"
        shutil.copy(shipped, office.geo_data / "register.csv")
        loaded = dataset.load(office)
        assert loaded.register.services.index.tolist() == ["mpsv-1"]
        assert any("is not read" in str(f) for f in loaded.findings)

    def test_day_of_the_file(self, office, tmp_path, data):
        path = made.write(tmp_path / "rpss.json", [made.service(1)])
        taken = register_update.take_register(path, office, obce=data.obce, types=data.types)
        changed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
        assert abs(date.fromisoformat(taken.register.completeness.as_of) - changed) <= timedelta(1)
        manifest = path.with_name("rpss.json.manifest.json")
        manifest.write_text('{"as_of": "2026-08-31"}', encoding="utf-8")
        taken = register_update.take_register(path, office, obce=data.obce, types=data.types)
        assert taken.register.completeness.as_of == "2026-08-31"


class TestSecretsOnDiskAndOnScreen:
    def test_no_file_made_from_the_register_holds_them(self, take, office):
        take(*made.made(300, seed=5, documents=1))
        dataset.load(office)
        files = [p for folder in (office.geo_data, office.cache) for p in folder.rglob("*.*")]
        tables = [p for p in files if p.suffix == ".parquet"]
        assert len(tables) > 5
        for path in tables:
            text = pd.read_parquet(path).select_dtypes(exclude="float").to_json(force_ascii=False)
            assert not [mark for mark in made.MARKS if mark in text], path.name
        assert "manifest.json" in {p.name for p in files}

    def test_a_secret_place_counts_for_its_obec_and_is_never_drawn(self, take, office):
        shelter = made.entry("DruhSocialniSluzby", 20)
        groups = [{"cilovaSkupina": made.entry("CilovaSkupinaOsoby", 24)}]
        take(made.service(5, druhSocialniSluzby=shelter, ciloveSkupiny=groups,
                          zarizeni=[made.secret_facility("562777")]))  # fmt: skip
        loaded = dataset.load(office)
        question = study.ask(loaded, office, territory_id="sluknovsko", service="20", on=DAY)
        answer = study.answer(question, loaded)
        assert answer.totals["covered"] > 0
        place = answer.places.iloc[0]
        home = loaded.obce.loc["562777"]
        assert (place["x"], place["y"]) == (home["x"], home["y"])
        assert place["address"] == "Rumburk"
        assert (place["phone"], place["web"]) == ("", "")
        layer = maps.places_layer(answer, Words("cs"), within=loaded.obce.index)
        assert not layer._children
        assert any("keep their address secret" in note.template for note in answer.notes)
        stored = pd.read_parquet(next((office.geo_data / "register").glob("places-*.parquet")))
        assert not {"x", "y"} & set(stored.columns)


class TestDates:
    """A place ends when it ends or when its service does."""

    @pytest.mark.parametrize(
        ("service_until", "place_until", "open_on"),
        [
            (None, None, ["2026-09-05", "2026-10-01", "2027-01-01"]),
            (None, "2026-09-30", ["2026-09-05"]),
            ("2026-10-01", None, ["2026-09-05", "2026-10-01"]),
            ("2026-10-01", "2026-09-30", ["2026-09-05"]),
            ("2026-09-30", "2026-10-01", ["2026-09-05"]),
        ],
    )
    def test_either_end(self, take, office, service_until, place_until, open_on):
        take(made.service(1, datumPoskytovaniDo=service_until,
                          zarizeni=[made.facility(poskytujeDo=place_until)]))  # fmt: skip
        loaded = dataset.load(office)
        for text in ("2026-09-05", "2026-10-01", "2027-01-01"):
            there = catalogue.supplies(
                loaded.register, loaded.types, groups=frozenset({"senioři"}),
                on=date.fromisoformat(text),
            )["13"]  # fmt: skip
            assert len(there.places) == (text in open_on), text
            assert there.doubtful.empty
            assert not there.unlocated

    def test_one_address_named_again_counts_once(self, take, office):
        floors = [made.facility(nazev=f"{n}. patro") for n in range(3)]
        take(made.service(1, zarizeni=[*floors, made.facility(poskytujeDo="2020-01-01"),
                                       made.facility(made.address(house=13))]))  # fmt: skip
        loaded = dataset.load(office)
        assert len(loaded.register.places) == 5
        there = catalogue.supplies(
            loaded.register, loaded.types, groups=frozenset({"senioři"}), on=DAY
        )["13"]
        assert len(there.places) == 2
        assert there.places["addresses"].tolist() == [2, 2]


class TestDoubt:
    @pytest.fixture
    def supply(self, take, office):
        def go(*records: made.Record, type_code: str = "13") -> catalogue.Supply:
            take(*records)
            loaded = dataset.load(office)
            groups = frozenset({"senioři"})
            return catalogue.supplies(loaded.register, loaded.types, groups=groups, on=DAY)[
                type_code
            ]

        return go

    def test_without_target_groups_a_service_may_count(self, supply):
        there = supply(made.service(1, ciloveSkupiny=[]))
        assert (len(there.places), len(there.doubtful)) == (0, 1)

    def test_another_target_group_does_not_count(self, supply):
        group = [{"cilovaSkupina": made.entry("CilovaSkupinaOsoby", 26)}]
        there = supply(made.service(1, ciloveSkupiny=group))
        assert (len(there.places), len(there.doubtful)) == (0, 0)

    def test_a_record_kept_apart_may_count(self, supply):
        there = supply(made.service(1, datumPoskytovaniDo="2020-01-01"), made.service(1))
        assert (len(there.places), len(there.doubtful)) == (0, 1)

    def test_without_a_type_it_may_be_of_any(self, supply):
        there = supply(made.service(1, druhSocialniSluzby=None), type_code="4")
        assert (len(there.places), len(there.doubtful)) == (0, 1)

    @pytest.mark.parametrize("places", [[], None, [made.facility(adresa=None)]])
    def test_a_service_whose_places_are_not_known_may_be_anywhere(self, supply, places):
        there = supply(made.service(1, zarizeni=places))
        assert there.unlocated == {"pob"}

    def test_a_service_whose_only_place_the_team_has_closed_is_nowhere(self, take, office):
        take(made.service(1))
        loaded = dataset.load(office)
        closed = replace(loaded.register, places=loaded.register.places.iloc[:0])
        groups = frozenset({"senioři"})
        there = catalogue.supplies(closed, loaded.types, groups=groups, on=DAY)["13"]
        assert there.places.empty
        assert there.doubtful.empty
        assert not there.unlocated

    def test_a_field_service_needs_no_place(self, supply):
        there = supply(made.service(1, zarizeni=[], formy=[made.form("ter", ("klient", 3))]))
        assert not there.unlocated
        assert there.doubtful.empty
        assert there.field.index.tolist() == ["mpsv-1"]


class TestTypes:
    def test_names_are_the_registers_and_the_rest_ours(self, data):
        joined = providers.join_types(
            data.types, {"13": "domovy seniorů", "4": "Pečovatelská služba", "36": "nová služba"},
            used=["99", "13", ""],
        )  # fmt: skip
        assert (joined["13"].name, joined["13"].paragraph) == ("domovy seniorů", "49")
        assert joined["4"] == data.types["4"]
        assert (joined["36"].name, joined["36"].paragraph) == ("nová služba", "")
        assert joined["99"].name == "č. 99"
        assert "" not in joined

    def test_a_code_inferred_wrongly_does_not_lend_its_paragraph(self, data):
        """Should 20 and 21 be the other way round, names decide, not our codes."""
        names = {"20": data.types["21"].name, "21": data.types["20"].name}
        joined = providers.join_types(data.types, names, used=[])
        assert (joined["20"].paragraph, joined["21"].paragraph) == ("58", "57")

    def test_an_item_that_had_no_code_gets_the_registers(self, data):
        joined = providers.join_types(data.types, {"35": "Centrum duševního zdraví"}, used=[])
        assert "cdz" not in joined
        assert joined["35"].working_groups == ("duševní",)

    def test_without_official_lists_other_types_are_not_known(self, data, tmp_path):
        office = Settings(geo_data=tmp_path / "d", cache=tmp_path / "c")
        path = made.write(tmp_path / "rpss.json", [made.service(1)])
        register_update.take_register(path, office, obce=data.obce, types=data.types)
        loaded = dataset.load(office)
        question = study.ask(loaded, office, territory_id="sluknovsko", service="20", on=DAY)
        totals = study.answer(question, loaded).totals
        assert totals["unknown"] == totals["people"]
        assert any("has no target group" in str(f) for f in loaded.findings)


def test_a_large_file_stays_within_its_bounds(tmp_path):
    """Size of what is read per record, not its time: the machine may be busy."""
    path = made.write(tmp_path / "rpss.json", made.made(700, documents=60))
    codes, _ = rpss_codes.read_codes(None)
    imported = rpss.import_rpss(path, codes=codes, as_of=DAY)
    kept = sum(t.memory_usage(deep=True).sum() for t in (imported.services, imported.places))
    assert path.stat().st_size > 20_000_000
    assert kept < path.stat().st_size / 8
