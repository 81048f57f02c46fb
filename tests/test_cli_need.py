"""`kpss-geo access` and `kpss-geo equity`, run as people run them."""

import csv
import io
import json

import pytest

from kpss_geo import cli

from facts import FIVE


@pytest.fixture
def call(capsys):
    """Run in this process: exit code, standard output, standard error."""

    def go(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            cli.main([*arguments, "--on", "2026-10-01"])
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return go


@pytest.mark.parametrize("territory", FIVE)
def test_access_as_json(call, territory):
    code, out, err = call("access", territory, "--service", "13", "--format", "json")
    records = json.loads(out)
    obce, _, seniors = FIVE[territory]
    assert code == 0
    assert len(records) == obce
    assert sum(row["population"] for row in records) == seniors
    keys = {"code", "name", "service_type", "form", "unit", "method", "population", "per_1000",
            "least_per_1000", "no_access", "unknown"}  # fmt: skip
    assert keys <= set(records[0])
    assert all(
        (row["per_1000"] is None) == (row["unknown"] > 0) for row in records if row["population"]
    )
    assert "pracovní hodnota, nikoli norma" in err
    assert "O táž místa se s lidmi z území dělí" in err
    assert "Zdroje" in err
    assert "vyloučení" not in err


def test_table_and_json_tell_the_same(call):
    _, out, _ = call("access", "sluknovsko", "--service", "13", "--method", "e2sfca")
    _, rows, _ = call(
        "access", "sluknovsko", "--service", "13", "--method", "e2sfca", "--format", "json"
    )
    rumburk = next(row for row in json.loads(rows) if row["name"] == "Rumburk")
    line = next(line for line in out.splitlines() if line.startswith("Rumburk"))
    assert str(round(rumburk["per_1000"], 1)).replace(".", ",") in line.split()
    assert "lůžka na 1\u00a0000 lidí v dosahu 30\u00a0min: 8,7" in out
    assert "Území celkem" in out


def test_csv_has_empty_cells_for_what_is_not_known(call):
    _, out, _ = call("access", "kaplice", "--service", "20", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 15
    assert {row["per_1000"] for row in rows} == {""}
    assert {row["least_per_1000"] for row in rows} == {"0.0"}
    assert all(row["unknown"] == row["population"] for row in rows)


def test_without_a_service_every_type_that_people_travel_to(call):
    _, out, _ = call("access", "kaplice", "--format", "json")
    kinds = {row["service_type"]: (row["form"], row["unit"]) for row in json.loads(out)}
    assert kinds["13"] == ("pob", "luzka")
    assert kinds["4"] == ("amb", "klient")
    assert "3" not in kinds  # personal assistance comes to people


@pytest.mark.parametrize("territory", FIVE)
def test_equity_as_json(call, territory):
    code, out, err = call("equity", territory, "--service", "13", "--format", "json")
    records = json.loads(out)
    assert code == 0
    assert [r["kind"] for r in records[:2]] == ["territory", "age"]
    assert records[0]["population"] == FIVE[territory][2]
    assert {
        "beyond_15_min",
        "beyond_30_min",
        "beyond_45_min",
        "mean_min",
        "least_mean_min",
        "most_mean_min",
        "gini",
        "palma",
        "rank_best",
        "way_exclusion_rho",
    } <= set(records[0])
    assert all(r["way_exclusion_rho"] is None for r in records[1:])
    assert "sociální vyloučení: MMR" in err


def test_equity_takes_other_minutes(call):
    _, out, _ = call("equity", "kaplice", "--service", "13", "--beyond", "20", "--beyond", "10",
                     "--format", "csv")  # fmt: skip
    first = next(csv.DictReader(io.StringIO(out)))
    assert [name for name in first if name.startswith("beyond_")] == [
        "beyond_10_min",
        "beyond_20_min",
    ]
    assert int(first["beyond_10_min"]) >= int(first["beyond_20_min"])


def test_equity_speaks_czech(call):
    _, out, _ = call("equity", "tanvaldsko", "--service", "13")
    assert "je mezi ORP kraje na místě 5–7 z 8" in out
    assert "podle počtu obyvatel obce" in out
    assert "5\u00a0000–9\u00a0999" in out
    assert "pořadová korelace -0,43" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("access", "kaplice", "--service", "3"), "nejezdí"),
        (("access", "kaplice", "--form", "ter"), "pob, amb"),
        (("access", "kaplice", "--service", "13", "--method", "raam"), "2sfca, e2sfca"),
        (("access", "kaplice", "--service", "13", "--decay", "zones"), "none"),
        (("equity", "kaplice", "--service", "13", "--unit", "hovor"), "luzka"),
        (("equity", "kaplice", "--service", "13", "--beyond", "0"), "0–500"),
        (("access", "kaplic", "--service", "13"), "kaplice"),
        (("access", "kaplice", "--service", "13", "--travel", "car"), "data roads"),
    ],
)
def test_what_is_not_possible_ends_with_2_and_one_line(call, options, said):
    code, out, err = call(*options)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_rows_go_into_a_file(call, tmp_path):
    out = tmp_path / "rovnost.csv"
    code, printed, err = call(
        "equity", "kaplice", "--service", "13", "--format", "csv", "--out", str(out)
    )
    assert (code, printed) == (0, "")
    assert out.name in err
    assert out.read_text(encoding="utf-8").startswith("kind,key,name,")
