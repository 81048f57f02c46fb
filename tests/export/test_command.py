"""kpss-geo export, as people run it."""

import zipfile

import pytest

from kpss_geo import cli, export

ON = ("--on", "2026-10-01")


@pytest.fixture
def call(capsys):
    def go(*arguments: str) -> tuple[int, list[str], str]:
        with pytest.raises(SystemExit) as stop:
            cli.main(["export", *arguments])
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out.splitlines(), err

    return go


def test_everything_for_one_type_and_every_file_is_named(call, tmp_path):
    folder = tmp_path / "plán 2027"
    code, out, _ = call("kaplice", "--out", str(folder), "--all", "--service", "13", *ON)
    assert code == 0
    assert {str(path) for path in folder.rglob("*") if path.is_file()} == set(out)
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert kinds == {
        ".docx", ".pdf", ".png", ".svg", ".xlsx", ".gpkg", ".html", ".csv", ".json", ".jsonld",
        ".parquet", ".xml",
    }  # fmt: skip
    for path in folder.glob("*.docx"):
        assert zipfile.ZipFile(path).testzip() is None


def test_every_output_has_its_option(call, tmp_path):
    code, _, err = call("kaplice", "--out", str(tmp_path))
    assert code == 2
    for name in (*export.OUTPUTS, "all"):
        assert f"--{name}" in err


def test_a_folder_that_is_a_file_is_one_line(call, tmp_path):
    place = tmp_path / "out"
    place.write_text("x")
    code, out, err = call("kaplice", "--out", str(place), "--xlsx", "--service", "13", *ON)
    assert code == 1
    assert out == []
    assert "nelze zapsat" in err
    assert len(err.strip().splitlines()) == 1


def test_a_template_that_is_not_there_is_named(call, tmp_path):
    code, _, err = call(
        "kaplice",
        "--out",
        str(tmp_path),
        "--docx",
        "--service",
        "13",
        "--template",
        "není.docx",
        *ON,
    )
    assert code == 1
    assert "není.docx" in err
    assert list(tmp_path.iterdir()) == []
