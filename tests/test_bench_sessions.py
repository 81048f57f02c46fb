"""The benchmark of many visitors opens every page whole."""

from concurrent.futures import ThreadPoolExecutor

from kpss_geo.bench import sessions

from facts import EMPTY_FOLDER, REPOSITORY


def test_visitors_open_every_page_without_an_error(capsys, monkeypatch):
    monkeypatch.setenv("KPSS_GEO_DATA", str(EMPTY_FOLDER))
    monkeypatch.setattr(sessions, "WALK", (("", ""), ("najit", "obec=545708"), ("neni", "")))
    with ThreadPoolExecutor(1) as apart:  # a browser of another test keeps a loop in this thread
        apart.submit(sessions.run, REPOSITORY / "app.py", sessions=2, think_s=0.0).result()
    rows = {
        cells[1]: cells
        for line in capsys.readouterr().out.splitlines()
        if len(cells := [cell.strip() for cell in line.split("│")]) > 7
    }
    assert rows["prehled"][7] == "0"
    assert rows["najit"][7] == "0"
    assert rows["neni"][7] == "4"  # a page that is not there: both visitors, twice
    assert float(rows["prehled"][2]) > 0
