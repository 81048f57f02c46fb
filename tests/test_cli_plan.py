"""The plan from a terminal: `kpss-geo plan …`."""

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from kpss_geo import cli, plan
from kpss_geo import settings as settings_module


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("KPSS_GEO_DATA", str(tmp_path))
    settings_module.current.cache_clear()
    yield tmp_path
    settings_module.current.cache_clear()


@pytest.fixture
def call(folder, capsys):
    assert folder.is_dir()

    def go(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            cli.main(["plan", *arguments])
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return go


@pytest.fixture
def opened(folder):
    return lambda: plan.open_plan(folder / "plan.sqlite")


def test_without_a_plan_the_working_values_are_shown_and_no_file_is_made(call, folder):
    code, out, err = call("show")
    assert code == 0
    assert "domovy pro seniory" in out
    assert "pracovní hodnota kpss_geo" in out
    assert "nikoli norma" in err
    assert "zatím není" in err
    assert list(folder.iterdir()) == []


def test_a_threshold_is_written_with_who_and_why(call, opened):
    code, out, _ = call(
        "threshold", "§49", "--form", "pob", "--max-min", "25", "--per-1000", "20", "--unit",
        "luzka", "--reason", "usnesení", "--author", "koordinátorka",
    )  # fmt: skip
    assert code == 0
    assert "25 min" in out
    held = plan.thresholds(opened(), {})["13", "pob"]
    assert (held.value, held.unit, held.per_1000, held.capacity_unit) == (25, "min", 20, "luzka")
    assert (held.reason, held.author) == ("usnesení", "koordinátorka")
    call("threshold", "13", "--form", "pob", "--max-km", "12.5", "--reason", "nově")
    held = plan.thresholds(opened(), {})["13", "pob"]
    assert (held.value, held.unit, held.per_1000) == (12.5, "km", 20)  # the rest stays
    assert held.author == "neuvedeno"
    code, out, _ = call("threshold", "13", "--form", "pob", "--remove", "--reason", "omyl")
    assert "30 min" in out
    assert plan.thresholds(opened(), {}) == {}
    assert len(plan.history(opened())) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("threshold", "13", "--form", "pob", "--reason", "r", "--max-km", "1", "--max-min", "1"),
        ("threshold", "13", "--form", "pob", "--reason", "r", "--max-km", "-1"),
        ("threshold", "13", "--form", "pob", "--reason", "r", "--per-1000", "5"),
        ("threshold", "13", "--form", "pob", "--reason", "r", "--per-1000", "5", "--unit", "míst"),
        ("threshold", "13", "--form", "pob", "--reason", " ", "--max-km", "5"),
        ("threshold", "13", "--form", "ter", "--reason", "r"),
        ("threshold", "13", "--form", "doma", "--reason", "r", "--max-km", "5"),
        ("threshold", "13", "--form", "pob", "--max-km", "5"),
        ("threshold", "neexistuje", "--form", "pob", "--reason", "r", "--max-km", "5"),
        ("threshold", "13", "--form", "pob", "--reason", "r", "--remove"),
        ("served", "export", "sluknofsko", "--out", "a.xlsx"),
        ("served", "export", "sluknovsko", "--out", "a.pdf"),
        ("corrections", "add", "mpsv-0", "phone", "1", "--reason", "r"),
        ("corrections", "add", "mpsv-845", "telefon", "1", "--reason", "r"),
        ("corrections", "mark", "mpsv-845", "phone", "reported"),
    ],
)
def test_a_mistake_is_one_clear_line_and_nothing_is_written(call, folder, opened, arguments):
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    if (folder / "plan.sqlite").exists():
        assert plan.history(opened()).empty


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_served_obce_out_and_in(call, folder, opened, ending):
    out = folder / f"sluknovsko.{ending}"
    code, _, err = call("served", "export", "sluknovsko", "--out", str(out))
    assert code == 0
    assert "(18)" in err
    filled = folder / "vyplneno.csv"
    call("served", "export", "sluknovsko", "--out", str(filled))
    rows = list(csv.DictReader(io.StringIO(filled.read_text("utf-8-sig")), delimiter=";"))
    assert {row["serves"] for row in rows} == {""}
    for row in rows[:5]:
        row["serves"] = "Ano "
    rows[6]["serves"] = "možná"
    with filled.open("w", encoding="cp1250", newline="", errors="replace") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)

    code, out_text, err = call("served", "import", str(filled))
    assert code == 1  # a cell was kept apart
    assert "možná" in err
    assert "řádek 8" in err
    assert "Nové: 5" in err
    assert "--yes" in err
    assert rows[0]["name"] in out_text
    assert not (folder / "plan.sqlite").exists()

    call("served", "import", str(filled), "--yes", "--author", "sociální pracovnice")
    table = plan.served(opened())
    assert len(table) == 5
    assert set(table["author"]) == {"sociální pracovnice"}
    assert set(table["note"]) == {"vyplneno.csv"}
    _, _, err = call("served", "import", str(filled))
    assert "beze změny: 5" in err

    code, _, _ = call("served", "export", "sluknovsko", "--out", str(out))
    assert code == 0
    code, _, err = call("served", "import", str(out))  # what was written out says the same
    assert code == 0
    assert "Nové: 0, změněné: 0, vzaté zpět: 0, beze změny: 5" in err


def test_a_correction_is_added_listed_reported_and_handed_over(call, folder, opened, data):
    services = data.register.services
    one = services.index[services["addresses"] == 1][0]
    code, _, err = call(
        "corrections", "add", one, "phone", "412 000 000", "--reason", "ověřeno telefonem"
    )
    assert code == 0
    assert "412 000 000" in err
    code, out, _ = call("corrections", "list")
    assert (code, one in out) == (0, True)
    handed = folder / "opravy.xlsx"
    call("corrections", "export", "--out", str(handed))
    rows = CalamineWorkbook.from_path(handed).get_sheet_by_index(0).to_python()
    assert rows[1][0] == one
    assert rows[1][5] == "412 000 000"
    code, _, _ = call("corrections", "mark", one, "phone", "reported")
    assert code == 0
    (held,) = plan.corrections(opened())
    assert (held.state, held.reason) == ("reported", "ověřeno telefonem")
    _, out, _ = call("corrections", "list", "--state", "open")
    assert one not in out
    empty = folder / "opravy.csv"
    call("corrections", "export", "--out", str(empty))
    assert len(empty.read_text("utf-8-sig").splitlines()) == 1


def test_the_copy_is_a_plan(call, tmp_path):
    call("threshold", "13", "--form", "pob", "--max-min", "25", "--reason", "r")
    target = tmp_path / "usb.sqlite"
    code, _, err = call("copy", str(target))
    assert (code, "usb.sqlite" in err) == (0, True)
    assert plan.thresholds(plan.open_plan(target), {})["13", "pob"].value == 25
    code, _, err = call("copy", str(target))
    assert code == 1
    assert "už existuje" in err
    code, out, _ = call("show", "--plan", str(target))
    assert (code, "25 min" in out) == (0, True)


def test_a_plan_that_is_none_is_one_line(call, folder):
    (folder / "plan.sqlite").write_text("to není plán" * 100)
    code, out, err = call("show")
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert "plan.sqlite" in err
