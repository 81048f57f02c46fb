"""Commands for the team's own tables and territories, run as people run them."""

import pytest

from kpss_geo import cli, plan
from kpss_geo.settings import Settings

from own_made import write_csv, write_xlsx

LIST = """Obce mikroregionu:
1. Rumburk
2. Jiříkov
3. Krásná Lípa, Doubice a Staré Křečany
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    current = Settings(geo_data=tmp_path / "data", cache=tmp_path / "cache")
    monkeypatch.setattr("kpss_geo.settings.current", lambda: current)
    return current.geo_data


@pytest.fixture
def call(folder, capsys):  # noqa: ARG001 - commands write into that folder
    """Run in this process on an own data folder: exit code, standard output, standard error."""

    def go(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return go


def territories(folder):
    """Obce of the territories of the plan, by id."""
    found = plan.own_territories(plan.find_plan(folder / plan.PLAN_NAME))
    return {key: each.codes for key, each in found.items()}


class TestTerritory:
    def test_whole_areas(self, call, folder):
        options = ("--orp", "Rumburk", "--orp", "4214", "--in-name", "na Výběžku")
        code, out, _ = call("territory", "new", "Výběžek", *options[:2], *options[4:])
        assert code == 0
        assert "12 obcí" in out
        own = plan.own_territories(plan.find_plan(folder / plan.PLAN_NAME))
        assert own["vybezek"].in_name == "na Výběžku"
        code, out, _ = call("territory", "new", "Okres", "--district", "CZ0421")
        assert len(territories(folder)["okres"]) == 52
        code, out, _ = call("territory", "new", "Kraj", "--region", "Vysočina")
        assert len(territories(folder)["kraj"]) == 704

    def test_it_is_there_at_once(self, call):
        call("territory", "new", "Moje", "--obce", "562777, 562882", "--surroundings-km", "5")
        _, out, _ = call("territory", "list")
        (line,) = [row for row in out.splitlines() if " moje " in row]
        assert "5,0" in line
        code, out, _ = call("coverage", "moje", "--service", "13", "--format", "json")
        assert code == 0
        assert "Varnsdorf" in out

    def test_nothing_is_decided_silently(self, call, folder):
        asked = ("territory", "new", "Moje", "--obce", "Rumburk, Varnsdorf, Jiříkov")
        code, _, err = call(*asked)
        assert code == 2
        assert "Jiříkov (562581, ORP Rumburk, okres Děčín)" in err
        assert "--yes" in err
        assert not folder.exists()
        code, _, err = call(*asked, "--yes")
        assert code == 0
        assert "Jiříkov (562581" in err
        assert territories(folder)["moje"] == ("562777", "562882", "562581")

    def test_what_stays_open_stops_even_with_yes(self, call, folder):
        for text in ("Lipová", "Rumburk, Neznámá Lhota", "Nová Ves, Lipová"):
            code, _, err = call("territory", "new", "Moje", "--obce", text, "--yes")
            assert code == 2
            assert text.rsplit(", ", maxsplit=1)[-1] in err
        assert not folder.exists()

    def test_a_list_in_a_file(self, call, folder, tmp_path):
        path = tmp_path / "seznam.txt"
        path.write_bytes(LIST.split("\n", 1)[1].encode("cp1250"))
        code, _, _ = call("territory", "new", "Ze souboru", "--from-file", path, "--yes")
        assert code == 0
        assert len(territories(folder)["ze-souboru"]) == 5
        path.write_text(LIST, encoding="utf-8")
        code, _, err = call("territory", "new", "Druhé", "--from-file", path, "--yes")
        assert code == 2
        assert "Obce mikroregionu" in err
        book = write_xlsx(tmp_path / "t.xlsx", [["Obec", "Okres"], ["Lipová", "Děčín"]])
        code, _, _ = call("territory", "new", "Třetí", "--from-file", book)
        assert (code, territories(folder)["treti"]) == (0, ("562661",))

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("new", "X"), "X"),
            (("new", "X", "--orp", "Rumbrk"), "Rumburk"),
            (("new", "Šluknovsko", "--orp", "Rumburk"), "--replace"),
            (("new", "X", "--orp", "Rumburk", "--surroundings-km", "500"), "0"),
            (("new", "X", "--from-file", "neni.txt"), "neni.txt"),
            (("new", "X", "--outline", "neni.geojson"), "neni.geojson"),
            (("nwe",), "nwe"),
        ],
    )
    def test_a_mistake_is_one_clear_line(self, call, folder, arguments, said):
        code, out, err = call("territory", *arguments)
        assert code in (1, 2)
        assert (out, len(err.strip().splitlines())) == ("", 1)
        assert said in err
        assert not folder.exists()


class TestTables:
    ROWS = (
        ["Poskytovatel", "Druh služby", "Forma", "Kapacita", "Město", "Pro koho"],
        ["Nový domov", "§ 49", "pobytová", "24 lůžek", "Doubice", "senioři"],
        ["Druhý", "hospic", "", "", "Rumburk", "senioři"],
    )

    def test_dry_run_first_then_taken(self, call, folder, tmp_path):
        path = write_csv(tmp_path / "s.csv", self.ROWS)
        code, out, err = call("data", "table", "providers", path)
        assert code == 1
        assert "pob:luzka=24" in out
        assert "s.csv, řádek 3, sloupec Druh služby" in err
        assert "Pro koho" not in err.split("groups")[0]
        assert not folder.exists()
        code, out, _ = call("data", "table", "providers", path, "--map", "groups=Pro koho", "--yes")
        assert code == 0
        assert "providers.csv" in out
        written = (folder / "providers.csv").read_text(encoding="utf-8")
        assert "senioři" in written
        assert "hospic" not in written
        code, out, _ = call("data", "check")
        assert "providers.csv" in out

    def test_the_last_taking_is_taken_back(self, call, folder, tmp_path):
        path = write_csv(tmp_path / "s.csv", self.ROWS)
        assert call("data", "undo", "providers")[0] == 1
        assert call("data", "table", "providers", path, "--yes")[0] == 0
        first = (folder / "providers.csv").read_bytes()
        more = write_csv(tmp_path / "t.csv", [*self.ROWS[:2], [*self.ROWS[1][:4], "Rumburk", ""]])
        call("data", "table", "providers", more, "--yes")
        code, out, _ = call("data", "undo", "providers")
        assert code == 0
        assert "providers.csv" in out
        assert (folder / "providers.csv").read_bytes() == first
        assert call("data", "undo", "served")[0] == 2

    def test_served_obce_go_into_the_plan(self, call, folder, tmp_path, data):
        service = data.register.services.index[0]
        rows = [["Číslo služby", "Obec", "Obsluhuje"], [service, "ORP Varnsdorf", "ano"]]
        path = write_csv(tmp_path / "u.csv", [*rows, [service, "Rumburk", "ne"]])
        assert call("data", "table", "served", path)[0] == 0
        assert not folder.exists()
        code, out, _ = call("data", "table", "served", path, "--yes")
        assert code == 0
        said = plan.served(plan.find_plan(folder / plan.PLAN_NAME)).set_index("code")
        assert len(said) == 7
        assert set(said["service_id"]) == {service}
        assert said["serves"].sum() == 6
        assert not said.loc["562777", "serves"]
        assert "plan.sqlite" in out

    def test_a_clean_table_ends_with_0(self, call, tmp_path):
        path = write_csv(tmp_path / "o.csv", [["Obec", "Kód obce"], ["Rumburk", "562777"]])
        assert call("data", "table", "obce", path)[0] == 0

    @pytest.mark.parametrize("kind", ["providers", "served", "population", "obce"])
    @pytest.mark.parametrize("ending", ["xlsx", "csv"])
    def test_templates(self, call, tmp_path, kind, ending):
        out = tmp_path / f"{kind}.{ending}"
        code, _, err = call("data", "template", kind, "--out", out)
        assert code == 0
        assert out.name in err
        assert call("data", "table", kind, out)[0] == 0

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("table", "provider", "x.csv"), "providers"),
            (("table", "providers", "neni.csv"), "neni.csv"),
            (("template", "obce", "--out", "x.pdf"), ".xlsx"),
            (("template", "nic", "--out", "x.csv"), "population"),
        ],
    )
    def test_a_mistake_is_one_clear_line(self, call, arguments, said):
        code, out, err = call("data", *arguments)
        assert code in (1, 2)
        assert (out, len(err.strip().splitlines())) == ("", 1)
        assert said in err

    def test_wrong_mappings(self, call, tmp_path):
        path = write_csv(tmp_path / "s.csv", self.ROWS)
        for mapping, said in (("groups", "groups"), ("xyz=Město", "provider"), ("obec=Nic", "Nic")):
            code, _, err = call("data", "table", "providers", path, "--map", mapping)
            assert code in (1, 2)
            assert said in err
