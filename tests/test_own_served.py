"""Served territories, lists of obce, Open Referral JSON, and the taking over of a table."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpss_geo import errors, own
from kpss_geo.own.obec_file import resolve_file

from own_made import NOWHERE, TODAY, loaded, write_csv, write_xlsx


class TestServed:
    def check(self, tmp_path, data, rows):
        heading = ["Číslo služby", "Poskytovatel", "Druh služby", "Obec", "Obsluhuje"]
        path = write_csv(tmp_path / "u.csv", [heading, *rows], encoding="utf-8")
        return own.check_table("served", path, data=data, settings=NOWHERE)

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
            resolved = resolve_file(path, data=data, settings=NOWHERE)
            assert (set(resolved.codes), resolved.unclear) == (set(codes), ())

    def test_rows_that_are_not_certain_are_open(self, tmp_path, data):
        path = write_csv(tmp_path / "t.csv", [["Obec", "Okres"], ["Lipová", ""], ["Rumburk", ""]])
        resolved = resolve_file(path, data=data, settings=NOWHERE)
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
        return own.check_table(kind, path, data=data, settings=NOWHERE)

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
            own.check_table("providers", tmp_path / "h.json", data=data, settings=NOWHERE)

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
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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
        checked = own.check_table(
            "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=NOWHERE
        )
        target = own.take_table(checked, folder=tmp_path, on=TODAY)
        before = target.read_bytes()
        monkeypatch.setattr("pathlib.Path.replace", _no_space)
        with pytest.raises(errors.FileNotUsable, match=r"providers\.csv"):
            own.take_table(checked, folder=tmp_path, on=TODAY)
        assert target.read_bytes() == before

    def test_nothing_usable_leaves_what_was_there(self, tmp_path, data):
        rows = [["Poskytovatel", "Druh", "Obec"], ["A", "hospic", "Rumburk"]]
        checked = own.check_table(
            "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=NOWHERE
        )
        with pytest.raises(errors.FileNotUsable, match="none of its rows"):
            own.take_table(checked, folder=tmp_path / "d", on=TODAY)
        assert not (tmp_path / "d").exists()

    def test_the_note_tells_what_was_left_out_and_what_changed_since(self, tmp_path, data):
        rows = [["Poskytovatel", "Druh", "Obec"], ["A", "§49", "Rumburk"], ["B", "?", "Rumburk"]]
        checked = own.check_table(
            "providers", write_csv(tmp_path / "s.csv", rows), data=data, settings=NOWHERE
        )
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
            "obce",
            write_csv(tmp_path / "o.csv", [["Obec"], ["Rumburk"]]),
            data=data,
            settings=NOWHERE,
        )
        with pytest.raises(errors.BadOption, match="providers"):
            own.take_table(checked, folder=tmp_path, on=TODAY)


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")
