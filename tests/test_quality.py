"""The quality report: every spoiled row in it, with effect and next step; text stays text."""

import random
import shutil
import zipfile

import pandas as pd
import pytest
import python_calamine as calamine

from kpss_geo import cli, dataset, errors
from kpss_geo.errors import Finding
from kpss_geo.report import quality
from kpss_geo.settings import Settings, shipped_root
from kpss_geo.text import LANGUAGES, Words

from own_made import write_csv

SHIPPED = shipped_root() / "geodata"
DANGEROUS = ["=1+1", "+A1", "-2", "@SUM(A1)", "\t=1", "http://x.cz", "{=1}", "'", "<b>"]


def read(path):
    book = calamine.CalamineWorkbook.from_path(str(path))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


@pytest.fixture
def spoiled_folder(tmp_path):
    """Copy shipped tables into a data folder with known rows spoiled."""
    dice = random.Random(5)
    spoiled: dict[str, set[int]] = {}
    for name, column, values in (
        ("register.csv", "lat", ["abc", "99", "14.5"]),
        ("register.csv", "type_code", ["xx"]),
        ("register.csv", "forms", ["pob:luzka=-5", "dum:x"]),
        ("register.csv", "until", ["31. 12. 2026"]),
        ("population.csv", "65-69", ["-1", "mnoho", "", "1.5"]),
        ("population.csv", "code", ["999999"]),
        ("precincts.csv", "x", ["12", ""]),
        ("obce.csv", "area_km2", ["-3"]),
    ):
        path = tmp_path / name
        source = path if path.exists() else SHIPPED / name
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
        for _ in range(4):
            row = dice.randrange(200)
            while row + 2 in spoiled.setdefault(name, set()):
                row = dice.randrange(200)
            table.loc[row, column] = dice.choice(values)
            if column == "lat":
                table.loc[row, "lon"] = "14.5"
            spoiled[name].add(row + 2)
        table.to_csv(path, index=False)
    shutil.copy(SHIPPED / "register.toml", tmp_path / "register.toml")
    return tmp_path, spoiled


class TestReport:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_finding_is_a_row_with_effect_and_next_step(self, data, tmp_path, language):
        words = Words(language)
        lines = quality.faults(data.findings, words)
        sums = quality.counts(data, words, notes={})
        path = quality.write_quality(tmp_path / "f.xlsx", lines, sums, words)
        faults, counts = read(path).values()
        assert len(faults) == len(data.findings) + 1
        assert len(counts) == len(sums) + 1
        for cells, finding in zip(faults[1:], lines, strict=True):
            assert cells[1] == finding.file
            assert cells[2] == ("" if finding.row is None else finding.row)
            assert all(isinstance(cell, str) and cell for cell in (cells[0], *cells[4:]))

    def test_errors_come_first(self, data):
        lines = quality.faults(data.findings, Words("en"))
        order = [line.severity for line in lines]
        assert order == sorted(order, key=["error", "warning", "note"].index)

    def test_counts_agree_with_the_tables(self, data):
        sums = {c.table: c for c in quality.counts(data, Words("en"), notes={})}
        assert sums["Obce"].used == 6_258
        assert sums["Obce with people by age"].used == 6_258
        services = sums["Services"]
        assert services.used + services.unknown == len(data.register.services)
        places = [c for name, c in sums.items() if name.startswith("Places")]
        assert sum(c.used + c.unknown for c in places) == len(data.register.places)

    def test_text_is_never_a_formula(self, tmp_path):
        template = "“{value}” is not possible."
        findings = [
            Finding("error", text, template, 2, text, {"value": text}) for text in DANGEROUS
        ]
        path = quality.write_quality(
            tmp_path / "f.xlsx", quality.faults(findings, Words("en")), [], Words("en")
        )
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                assert b"<f>" not in content, name
                assert b"<hyperlink" not in content, name
        cells = read(path)["Faults"]
        assert {row[1] for row in cells[1:]} == set(DANGEROUS)

    def test_the_heading_stays_in_view(self, data, tmp_path):
        words = Words("cs")
        path = quality.write_quality(
            tmp_path / "f.xlsx", quality.faults(data.findings, words), [], words
        )
        with zipfile.ZipFile(path) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert 'state="frozen"' in sheet
        assert "<autoFilter" in sheet

    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(errors.FileNotUsable, match=r"f\.xlsx"):
            quality.write_quality(tmp_path / "no" / "f.xlsx", [], [], Words("cs"))


class TestCheck:
    def test_every_spoiled_row_is_named(self, spoiled_folder):
        folder, spoiled = spoiled_folder
        found = dataset.load(Settings(geo_data=folder))
        for name, rows in spoiled.items():
            named = {f.row for f in found.findings if f.file == name}
            assert rows <= named, (name, rows - named)

    def test_the_command_writes_them_all_and_ends_with_1(
        self, spoiled_folder, tmp_path, monkeypatch, capsys
    ):
        folder, spoiled = spoiled_folder
        monkeypatch.setattr("kpss_geo.settings.current", lambda: Settings(geo_data=folder))
        out = tmp_path / "faults.xlsx"
        with pytest.raises(SystemExit) as stop:
            cli.main(["data", "check", "--out", str(out)])
        assert stop.value.code == 1
        assert "faults.xlsx" in capsys.readouterr().err
        faults, counts = read(out).values()
        for name, rows in spoiled.items():
            assert rows <= {int(row[2]) for row in faults[1:] if row[1] == name}
        by_table = {row[0]: row[1:] for row in counts[1:]}
        people = next(row for name, row in by_table.items() if "věku" in name)
        assert people[0] + people[2] == 6_258 - 4  # four obce are left out of the list
        assert people[2] > 0

    def test_a_taken_list_is_counted(self, tmp_path, data, monkeypatch, capsys):
        from datetime import date

        from kpss_geo import own

        office = Settings(geo_data=tmp_path / "d")
        rows = [["Poskytovatel", "Druh", "Obec"], ["A", "§49", "Rumburk"], ["B", "?", "Rumburk"]]
        path = write_csv(tmp_path / "náš.csv", rows)
        checked = own.check_table("providers", path, data=data, settings=office)
        own.take_table(checked, folder=office.geo_data, on=date(2026, 11, 22))
        monkeypatch.setattr("kpss_geo.settings.current", lambda: office)
        with pytest.raises(SystemExit):
            cli.main(["data", "check", "--out", str(tmp_path / "f.xlsx")])
        capsys.readouterr()
        counts = list(read(tmp_path / "f.xlsx").values())[1]
        assert ["náš.csv", 1, 1, 0] in [[c[0], *map(int, c[1:])] for c in counts[1:]]
