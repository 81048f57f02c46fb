"""The command line, run as people run it."""

import json
import os
import subprocess
import sys

import pytest

from kpss_geo import cli, settings

import rpss_made as made
from facts import EMPTY_FOLDER, FIVE


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from kpss_geo.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "KPSS_GEO_DATA": str(EMPTY_FOLDER), "PYTHONUTF8": "1", **environment},
    )


@pytest.fixture
def call(capsys):
    """Run in this process: exit code, standard output, standard error."""

    def go(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            cli.main(arguments)
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return go


@pytest.mark.parametrize("territory", FIVE)
def test_coverage_as_json(call, territory):
    code, out, err = call("coverage", territory, "--service", "13", "--format", "json")
    records = json.loads(out)
    obce, _, seniors = FIVE[territory]
    assert code == 0
    assert len(records) == obce
    assert sum(row["population"] for row in records) == seniors
    keys = {
        "code", "name", "service_type", "population", "covered", "on_paper", "not_covered",
        "unknown", "nearest_m", "nearest_min", "nearest_place",
    }  # fmt: skip
    assert keys <= set(records[0])
    assert "pracovní hodnota, nikoli norma" in err
    assert "Zdroje" in err


def test_without_a_service_every_type_in_the_data(call):
    _, out, _ = call("coverage", "kaplice", "--format", "json")
    records = json.loads(out)
    assert len(records) == 15 * 14
    assert len({row["service_type"] for row in records}) == 14


def test_gaps_are_the_uncovered_rows(call):
    options = ("--service", "§46", "--max-km", "20", "--format", "json")
    _, every, _ = call("coverage", "tanvaldsko", *options)
    _, only, _ = call("gaps", "tanvaldsko", *options)
    expected = {r["code"] for r in json.loads(every) if r["not_covered"]}
    assert {r["code"] for r in json.loads(only)} == expected != set()


def test_table_speaks_czech(call):
    code, out, _ = call(
        "coverage", "sluknovsko", "--service", "domovy pro seniory", "--max-km", "15"
    )
    assert code == 0
    assert "9\xa0% seniorů 65+ na Šluknovsku nemá domov pro seniory do 15\xa0km" in out
    assert "Území celkem" in out


def test_territories(call):
    code, out, _ = call("territories")
    assert code == 0
    assert all(key in out for key in FIVE)


def test_version():
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("kpss-geo 0.")


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (("coverage", "slukonvsko"), "sluknovsko"),
        (("coverage", "sluknovsko", "--service", "domof pro seniory"), "domovy pro seniory"),
        (("coverage", "sluknovsko", "--target", "seniory"), "senioři"),
        (("coverage", "sluknovsko", "--max-kms", "3"), "--max-km"),
        (("coverage", "sluknovsko", "--max-km", "mnoho"), "--max-km"),
        (("coverage", "sluknovsko", "--max-km", "-3"), "--max-km"),
        (("coverage", "sluknovsko", "--max-km", "3", "--max-min", "3"), "--max-min"),
        (("coverage", "sluknovsko", "--on", "zítra"), "YYYY-MM-DD"),
        (("coverage", "sluknovsko", "--format", "pdf"), "json"),
        (("coverage", "sluknovsko", "--service", "13", "--form", "ter"), "pob"),
        (("covrage",), "coverage"),
        (("coverage",), "territory"),
        (("data", "chek"), "chek"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_2(call, arguments, near):
    code, out, err = call(*arguments)
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert near in err


def test_out_writes_the_file_whole(call, tmp_path):
    target = tmp_path / "vysledek.csv"
    code, out, err = call(
        "coverage", "kaplice", "--service", "13", "--format", "csv", "--out", str(target)
    )
    assert (code, out) == (0, "")
    assert len(target.read_text(encoding="utf-8").splitlines()) == 16
    assert "vysledek.csv" in err
    assert not list(tmp_path.glob("*.part"))


def test_out_into_no_folder_is_said(call, tmp_path):
    target = tmp_path / "neni" / "x.json"
    code, _, err = call("coverage", "kaplice", "--format", "json", "--out", str(target))
    assert code == 1
    assert "x.json" in err


def test_wrong_setting_is_one_line():
    done = run("territories", KPSS_LANGUAGE="de")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "KPSS_LANGUAGE" in done.stderr


def test_english():
    done = run("coverage", "kaplice", "--service", "13", KPSS_LANGUAGE="en")
    assert "ORP Kaplice, seniors 65+" in done.stdout


def test_broken_data_folder_names_the_file(tmp_path):
    (tmp_path / "population.csv").write_text("kod;pocet\n1;2\n", encoding="utf-8")
    done = run("territories", KPSS_GEO_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "population.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_data_check_counts_errors(call):
    code, out, err = call("data", "check")
    assert code == 1  # the shipped extract has one wrong coordinate, and it is named
    assert "register.csv, řádek 550, sloupec lat" in out
    assert "Chyb: 1, upozornění: 19" in err


def test_boundaries_are_taken_over_and_used(tmp_path, real_folder):
    source = str(real_folder / "municipalities.parquet")
    done = run("data", "boundaries", source, KPSS_GEO_DATA=str(tmp_path / "nova"))
    assert done.returncode == 0
    assert "6\xa0258" in done.stdout
    after = run("coverage", "kaplice", "--service", "13", KPSS_GEO_DATA=str(tmp_path / "nova"))
    assert "hranice obcí: soubor boundaries.parquet" in after.stderr.replace("\n", " ")


def test_boundaries_that_cannot_be_read(tmp_path):
    bad = tmp_path / "x.gpkg"
    bad.write_bytes(b"no")
    done = run("data", "boundaries", str(bad), KPSS_GEO_DATA=str(tmp_path / "d"))
    assert done.returncode == 1
    assert "x.gpkg" in done.stderr
    assert not (tmp_path / "d").exists()


def test_benchmark_runs_and_both_ways_agree(data, settings, capsys):
    from kpss_geo.bench import coverage as bench

    bench.run(data, settings, repeats=1)
    out = capsys.readouterr().out
    assert "sjoin_nearest" in out
    assert "6258 obce" in out


def test_detour_factor_is_what_the_roads_say(data, real_folder, settings):
    import geopandas as gpd

    from kpss_geo.bench import detour

    found = detour.ratios(data.obce, gpd.read_parquet(real_folder / "roads_generalised.parquet"))
    band = found.loc[found["straight_m"].between(10_000, 20_000), "ratio"]
    assert band.median() == pytest.approx(settings.detour_factor, abs=0.05)
    assert found["ratio"].min() >= 0.85


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A data folder of its own for commands that write into it."""
    monkeypatch.setenv("KPSS_GEO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPSS_CACHE", str(tmp_path / "cache"))
    settings.current.cache_clear()
    yield tmp_path
    settings.current.cache_clear()


def test_the_register_is_taken_over_and_what_changed_is_told(call, office):
    made.write_lists(office / "code_lists")
    path = made.write(office / "rpss.json", [made.service(1), made.service(2), 7])
    code, out, err = call("data", "register", str(path), "--as-of", "2026-09-30")
    assert (code, out) == (0, "")
    assert "Služeb 2, míst 2; ze 3 záznamů vynecháno 1" in err
    beds = [made.form("pob", ("luzka", 30))]
    made.write(path, [made.service(2, formy=beds), made.service(3)])
    code, out, _ = call("data", "register", str(path), "--as-of", "2026-10-31")
    assert code == 0
    assert [line.split()[:3] for line in out.splitlines()[1:]] == [
        ["nová", "služba", "mpsv-3"],
        ["už", "není", "v"],
        ["změněná", "kapacita", "mpsv-2"],
    ]
    assert "pob:luzka=24" in out
    assert "domovy pro seniory" in out
    _, out, _ = call("data", "register", str(path), "--as-of", "2026-10-31")
    assert out.strip() == "V registru se nic nezměnilo."
    code, out, err = call("coverage", "sluknovsko", "--service", "13", "--on", "2026-10-31")
    assert code == 0
    assert "celý registr MPSV (2026-10-31)" in err


@pytest.mark.parametrize(
    ("content", "text"), [(b"<html></html>", "webová stránka"), (b'{"polozky":[', "useknutý")]
)
def test_a_register_that_is_none_is_refused(call, office, content, text):
    path = office / "rpss.json"
    path.write_bytes(content)
    code, out, err = call("data", "register", str(path))
    assert (code, out) == (1, "")
    assert text in err
    assert str(office) not in err
    assert not (office / "data" / "register").exists()


@pytest.mark.parametrize(
    ("arguments", "code"), [(("nikde.json",), 1), (("x.json", "--as-of", "zítra"), 2)]
)
@pytest.mark.usefixtures("office")
def test_a_register_asked_for_wrongly(call, arguments, code):
    assert call("data", "register", *arguments)[0] == code
