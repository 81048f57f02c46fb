"""The comparison from a terminal: the same numbers as the Answers, faults in one line."""

import json

import pytest

from kpss_geo.cli import main
from kpss_geo.report import compared_rows


def _run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["compare", *arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def test_rows_of_one_type(capsys):
    code, out, err = _run(
        capsys, "sluknovsko", "kaplice", "--service", "13", "--on", "2026-10-01", "--format", "json"
    )
    assert code == 0
    rows = json.loads(out)
    assert [tuple(row) for row in rows][0] == compared_rows.FIELDS
    people = next(row for row in rows if row["measure"] == "people")
    assert (people["a"], people["b"], people["difference"]) == (10_969, 3_532, -7_437)
    assert "Rozdíl podílů obstojí" in err


def test_every_type_and_two_days(capsys):
    code, out, err = _run(capsys, "luhacovice", "--on", "2026-10-01", "--with-on", "2027-01-15")
    assert code == 0
    assert "centra denních služeb" in out
    assert "začalo a skončilo" in err


def test_one_side_alone_is_no_comparison(capsys):
    code, out, err = _run(capsys, "luhacovice")
    assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    "arguments", [("luhacovice", "nikde"), ("luhacovice", "--with-on", "jednou")]
)
def test_what_is_not_known_is_one_line(capsys, arguments):
    code, out, err = _run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_into_a_file(capsys, tmp_path):
    out = tmp_path / "srovnani.csv"
    code, _, _ = _run(
        capsys, "luhacovice", "kaplice", "--service", "13", "--format", "csv", "--out", str(out)
    )
    assert code == 0
    assert out.read_text().startswith("service_type,")
