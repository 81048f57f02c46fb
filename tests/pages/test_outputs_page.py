"""The page of outputs, run without a browser: choose, make, take; and what can go wrong."""

import io
import json
import zipfile

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import export, state
from kpss_geo.errors import CannotWrite
from kpss_geo.export import workbook
from kpss_geo.pages import outputs, outputs_made
from kpss_geo.state import View
from kpss_geo.text import Words

from page_runs import open_page


def _make(app: AppTest) -> AppTest:
    return next(b for b in app.button if b.label == "Vytvořit výstupy").click().run()


def _made(app: AppTest) -> outputs_made.Made:
    return app.session_state[outputs_made.MADE]


def _labels(app: AppTest) -> list[str]:
    return [element.proto.label for element in app.get("download_button")]


def test_every_output_can_be_chosen_and_none_is_twice():
    named = [name for labels in outputs.GROUPS.values() for name in labels]
    assert sorted(named) == sorted(export.OUTPUTS)


def test_a_tick_goes_into_the_address_and_a_link_opens_it():
    app = open_page("outputs")
    assert not app.exception
    assert not any(box.value for box in app.checkbox)
    assert next(b for b in app.button if b.label == "Vytvořit výstupy").disabled
    next(b for b in app.checkbox if "sešitu" in b.label).check().run()
    assert app.query_params["vystupy"] == "xlsx"
    app = open_page("outputs", vystupy="maps,xlsx", druhy="13,10", papir="a3")
    assert sum(box.value for box in app.checkbox) == 2
    assert next(r for r in app.radio if r.label == "Papír tiskových map").value == "a3"
    assert set(app.multiselect[0].value) == {"13", "10"}
    assert "2 druhy služeb" in "".join(str(e.proto.body) for e in app.get("html"))


def test_a_wrong_link_is_said():
    app = open_page("outputs", vystupy="xlsx,exe", druhy="13,999")
    assert not app.exception
    assert "druhy" in app.warning[0].value
    assert sum(box.value for box in app.checkbox) == 1


def test_what_is_made_is_offered_and_is_what_the_page_asks():
    app = _make(open_page("outputs", vystupy="xlsx,hsds", druhy="13,10", uzemi="kaplice"))
    assert not app.exception
    assert not app.error
    made = _made(app)
    assert [path.name for path in made.files] == ["kaplice-data.xlsx", "kaplice-hsds.json"]
    assert len(_labels(app)) == 3
    answers = [
        a for a in state.board(View(territory="kaplice")) if a.service_type.code in ("13", "10")
    ]
    bundle = export.gather(answers, state.data())
    mine = openpyxl.load_workbook(made.files[0])["Souhrn"].values
    other = openpyxl.load_workbook(io.BytesIO(workbook.workbook(bundle)))["Souhrn"].values
    assert list(mine) == list(other)
    with zipfile.ZipFile(made.archive) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["kaplice/kaplice-data.xlsx", "kaplice/kaplice-hsds.json"]
        text = json.loads(archive.read("kaplice/kaplice-hsds.json"))
    assert text["kpss_geo"]["data_digest"] == state.data().digest
    # another question: what was made before is not offered for it
    next(b for b in app.checkbox if "HSDS" in b.label).uncheck().run()
    assert _labels(app) == []
    assert any("změnilo" in info.value for info in app.info)


def test_two_visits_have_folders_of_their_own_that_go_with_them():
    first, second = (
        _made(_make(open_page("outputs", vystupy="hsds", druhy="13"))) for _ in range(2)
    )
    assert first.root != second.root
    assert first.files[0].read_bytes() == second.files[0].read_bytes()
    folder = first.root.parent
    first.folder.cleanup()
    assert not folder.exists()
    assert second.files[0].is_file()


def test_what_fails_is_said_and_nothing_is_offered(monkeypatch):
    def fail(_bundle, out, **_options):
        out.mkdir(parents=True)
        (out / "half.xlsx").write_bytes(b"half")
        raise CannotWrite(file="kaplice-data.xlsx", why="No space left on device")

    app = _make(open_page("outputs", vystupy="hsds", druhy="13"))
    assert len(_labels(app)) == 2
    monkeypatch.setattr(outputs_made, "write_apart", fail)
    app = _make(app)
    assert not app.exception
    assert "kaplice-data.xlsx" in app.error[0].value
    assert _labels(app) == []
    assert outputs_made.MADE not in app.session_state


def test_it_names_what_is_not_known():
    app = open_page("outputs", vystupy="dcat")
    said = "\n".join(str(m.value) for m in app.markdown)
    assert "KPSS" in said
    assert "nic není, takže nevíme" in said
    answers = [a for a in state.board(View()) if a.service_type.code == "13"]
    from kpss_geo.export import listing

    for line in listing.notes(export.gather(answers, state.data())):
        assert line.split("(")[0].strip()[:25] in said.replace("\\", "")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_it_speaks_other_languages(language):
    app = open_page("outputs", jazyk=language, vystupy="docx")
    assert not app.exception
    words = Words(language)
    assert any(b.label == words.t("Make the outputs") for b in app.button)
    assert words.t("The outputs are written in Czech.") in "".join(m.value for m in app.markdown)
