"""Each number on the pages has a definition, and every page leads to help."""

import re
from html.parser import HTMLParser

import pytest
from streamlit.testing.v1 import AppTest

from kpss_geo import settings, state
from kpss_geo.report import accessibility, glossary
from kpss_geo.report.definitions import BY_KEY, DEFINITIONS, PLAN, SECTIONS
from kpss_geo.text import Words

from facts import REPOSITORY
from page_runs import html_of, open_page


class Headings(HTMLParser):
    """Collects what stands above numbers: `th.num`, names of figures, foot rows of the board."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[dict[str, object]] = []
        self.found: list[dict[str, object]] = []
        self.tables: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "table":
            self.tables.append(given.get("data-testid", ""))
        foot = tag == "th" and given.get("scope") == "row" and self.in_foot
        above = "num" in (given.get("class") or "").split() and given.get("scope") == "col"
        if (tag == "th" and above) or tag == "dt" or foot:
            self.open.append({"text": "", "key": "", "table": (self.tables or [""])[-1]})
        if tag == "tfoot":
            self.in_foot = True
        if self.open and tag == "button":
            self.open[-1]["key"] = given.get("popovertarget", "").removeprefix("co-")

    def handle_endtag(self, tag):
        if tag in ("th", "dt") and self.open:
            self.found.append(self.open.pop())
        if tag == "tfoot":
            self.in_foot = False

    def handle_data(self, data):
        if self.open:
            self.open[-1]["text"] += data.strip()

    in_foot = False


def _html(app: AppTest) -> str:
    assert not app.exception
    return html_of(app)


def _without_list_of_obce(page: str) -> str:
    """Leave out the list of obce of a comparison: its headings are the verdicts in words."""
    return re.sub(r'<table[^>]*data-testid="compared-obce".*?</table>', "", page, flags=re.S)


@pytest.mark.parametrize(
    ("script", "least"),
    [("board", 12), ("gaps", 14), ("sheet", 6), ("compare", 14)],
    ids=["board", "gaps", "sheet", "compare"],
)
def test_each_number_has_a_definition(script, least):
    page = _html(open_page(script, obec="562882", sluzba="10", s_uzemi="tanvaldsko"))
    page = _without_list_of_obce(page)
    headings = Headings()
    headings.feed(page)
    named = [each for each in headings.found if each["text"] not in ("Celkem", "")]
    assert len(named) >= least
    assert [each for each in named if each["key"] not in BY_KEY] == []
    panels = glossary.panels(state.data().sources, Words("cs"))
    for key in glossary.used_in(page):
        assert f'id="co-{key}"' in panels


def test_a_heading_without_a_definition_would_be_seen():
    headings = Headings()
    headings.feed('<table><tr><th scope="col" class="num">nové číslo</th></tr></table>')
    assert [each["key"] for each in headings.found] == [""]


def test_definitions_name_sources_that_there_are(data):
    ids = {source.id for source in data.sources} | {PLAN}
    for definition in DEFINITIONS:
        assert set(definition.sources) <= ids, definition.key
        assert definition.section in SECTIONS
    assert len(BY_KEY) == len(DEFINITIONS)


def test_sources_of_a_definition_carry_their_date(data):
    entry = glossary.entry(BY_KEY["inhabitants"], data.sources, Words("cs"))
    assert "31. 12. 2020" in entry["sources"].replace("\xa0", " ")
    assert "2026" in glossary.entry(BY_KEY["registration"], data.sources, Words("cs"))["sources"]


def test_the_limit_is_called_a_working_value(data):
    text = glossary.entry(BY_KEY["limit"], data.sources, Words("cs"))["meaning"]
    assert "Pracovní hodnota, nikoli norma" in text


@pytest.mark.parametrize("language", ["cs", "en", "uk"])
def test_the_glossary_holds_every_definition(language):
    page = _html(open_page("explain", jazyk=language))
    for definition in DEFINITIONS:
        assert f'data-key="{definition.key}"' in page
    assert page.count(Words(language).t("What it does not say")) == len(DEFINITIONS)


def test_a_saved_sheet_brings_its_panels():
    app = open_page("sheet", obec="562882")
    page = _html(app)
    assert glossary.used_in(page)
    written = glossary.panels(state.data().sources, Words(), keys=["covered"])
    assert 'id="co-covered"' in written
    assert 'id="co-limit"' not in written
    assert "href" not in written


def test_the_statement_says_what_is_not_met_and_that_nobody_has_filled_it_in():
    page = _html(open_page("accessibility"))
    assert page.count("<strong>Jinak:</strong>") == len(accessibility.NOT_MET)
    assert "KPSS_CONTACT" in page
    assert "22.\xa011.\xa02026" in page


@pytest.mark.parametrize(
    ("contact", "written"),
    [
        ("urad@obec.example", '<a href="mailto:urad@obec.example">'),
        ("412 000 000 <b>", "412 000 000 &lt;b&gt;"),
    ],
)
def test_the_operator_fills_in_the_contact(monkeypatch, contact, written):
    monkeypatch.setenv("KPSS_CONTACT", contact)
    monkeypatch.setenv("KPSS_OPERATOR", "Město Rumburk")
    settings.current.cache_clear()
    try:
        page = _html(open_page("accessibility"))
    finally:
        settings.current.cache_clear()
    assert written in page
    assert "Město Rumburk se zavazuje" in page
    assert "KPSS_CONTACT" not in page


def test_the_foot_names_version_digest_and_licences():
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120).run()
    page = _html(app)
    foot = page[page.index("kpss-footer") :]
    assert state.data().digest in foot
    assert "EUPL-1.2" in foot
    assert 'href="pristupnost"' in foot
    assert 'href="./?jazyk=uk"' in foot
