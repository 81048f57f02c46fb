"""The HTML file: opened by a real browser from a file with the network off."""

import re

import pytest

from kpss_geo.export import offline
from kpss_geo.report import rows
from kpss_geo.text import Words

CS = Words("cs")


@pytest.fixture
def open_page(browser, tmp_path):
    """Open the file of a bundle offline; no request and no error of a script is allowed."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="cs-CZ")
    context.set_offline(True)
    wrong: list[str] = []

    def go(bundle):
        path = offline.write_html(bundle, tmp_path)[0]
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on("dialog", lambda dialog: (wrong.append("dialog"), dialog.dismiss()))
        page.on("request", lambda r: None if r.url.startswith("file:") else wrong.append(r.url))
        page.goto(path.as_uri())
        page.wait_for_selector("#table tbody tr")
        return page

    yield go
    assert wrong == []
    context.close()


def _table(page):
    lines = page.locator("#table tbody tr").all()
    return [[c.strip() for c in line.locator("th,td").all_text_contents()] for line in lines]


@pytest.mark.browser
def test_every_type_says_the_numbers_of_the_rows(open_page, bundled):
    bundle = bundled("sluknovsko")
    page = open_page(bundle)
    for answer in bundle.answers:
        page.select_option("#type", answer.service_type.code)
        names = ("population", "covered", "on_paper", "not_covered", "unknown")
        found = [[cell.replace(" ", "\u00a0") for cell in line[1:6]] for line in _table(page)]
        assert found == [[CS.number(row[name]) for name in names] for row in rows.rows(answer)]
        shown = page.locator("#figures div[data-verdict=not_covered] dd").text_content()
        assert shown.replace(" ", "\u00a0") == CS.number(answer.totals["not_covered"])


@pytest.mark.browser
def test_an_obec_is_found_without_diacritics(open_page, bundled):
    page = open_page(bundled("sluknovsko"))
    page.fill("#obec", "sluknov")
    page.keyboard.press("Enter")
    assert page.locator("tr.chosen th").text_content() == "Šluknov"
    assert "Šluknov" in page.locator("#said").text_content()
    page.fill("#obec", "Atlantida")
    page.keyboard.press("Enter")
    assert "není" in page.locator("#said").text_content()


def test_no_two_obce_of_a_region_have_one_name(bundled):
    bundle = bundled("jihomoravsky")
    names = offline.distinct_names(bundle)
    assert len(set(names.values())) == len(names) == 673
    real = bundle.data.obce.loc[list(names), "name"]
    for code, name in names.items():
        assert name == real[code] or (name.startswith(f"{real[code]} (") and real[code] != name)
    once = real[~real.duplicated(keep=False)]
    assert all(names[code] == name for code, name in once.items())


def test_a_white_obec_is_explained_where_there_is_one_alone(bundled):
    """Of all five territories Březina alone, a military district, has no inhabitants."""
    white = "nikdo z této cílové skupiny tu nežije"
    assert offline.page(bundled("jihomoravsky")).count(white) == 1
    assert white not in offline.page(bundled("sluknovsko"))


@pytest.mark.browser
def test_who_looks_for_a_town_is_not_answered_for_a_village_of_its_name(open_page, bundled):
    bundle = bundled("jihomoravsky")
    page = open_page(bundle)
    page.fill("#obec", "Hodonín")
    page.keyboard.press("Enter")
    assert page.locator("tr.chosen").count() == 0
    said = page.locator("#said").text_content()
    assert "Hodonín (ORP Hodonín)" in said
    assert "Hodonín (ORP Boskovice)" in said
    page.fill("#obec", "Hodonín (ORP Hodonín)")
    page.keyboard.press("Enter")
    people = bundle.answers[0].obce.at["586021", "people"]
    chosen = page.locator("tr.chosen td").first.text_content()
    assert chosen.replace(" ", "\u00a0") == CS.number(people)


@pytest.mark.browser
def test_the_map_is_painted(open_page, bundled):
    page = open_page(bundled("sluknovsko"))
    page.select_option("#type", "13")
    colours = page.evaluate(
        """() => { const c = document.querySelector('#map canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const n = {};
        for (let i = 0; i < d.length; i += 4) { const k = [d[i], d[i+1], d[i+2]].join();
          n[k] = (n[k] || 0) + 1; } return n; }"""
    )
    near = {
        name: sum(
            count
            for key, count in colours.items()
            if all(abs(int(a) - b) < 30 for a, b in zip(key.split(","), rgb, strict=True))
        )
        for name, rgb in {"covered": (35, 97, 150), "not_covered": (241, 150, 58)}.items()
    }
    assert near["covered"] > 5_000
    assert near["not_covered"] > 1_000


@pytest.mark.browser
def test_hostile_names_stay_text(open_page, evil):
    page = open_page(evil)
    assert page.locator("#table th >> text=<b>").count() == 1
    assert page.locator("main b").count() == 0


@pytest.mark.browser
def test_one_obec_and_no_serious_faults_of_access(open_page, one_obec, bundled):
    from axe_playwright_python.sync_playwright import Axe

    assert len(_table(open_page(one_obec))) == 1
    found = Axe().run(open_page(bundled("kaplice"))).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_a_file_is_small_and_asks_nothing_from_outside(bundled):
    text = offline.page(bundled("sluknovsko"))
    assert len(text.encode()) < 1_500_000
    assert 'src="http' not in text
    assert "<link" not in text
    assert bundled("sluknovsko").question.data_digest in text
    assert "pracovní hodnota, nikoli norma" in text


@pytest.mark.real_data
def test_an_orp_with_real_borders_is_under_five_megabytes(real_bundle):
    assert real_bundle.ground.real
    text = offline.page(real_bundle)
    assert len(text.encode()) < 5_000_000
    assert "nikoli skutečné</strong>" not in text


def _page_rows(bundle):
    facts = offline._facts(bundle)["types"]
    return [
        (answer, row, shown)
        for answer in bundle.answers
        for row, shown in zip(
            rows.rows(answer), facts[answer.service_type.code]["rows"], strict=True
        )
    ]


def test_way_and_nearest_are_written_as_in_the_documents(bundled):
    """Kilometres, star and form; a dash where it hangs on whom field services serve."""
    dashes, stars, forms = set(), set(), set()
    for answer, row, shown in _page_rows(bundled("kaplice")):
        way, place = shown[8], shown[9]
        hangs = row["verdict"] == "unknown" and row["unknown_reason"].startswith("field_")
        if hangs or row["nearest_m"] is None:
            assert (way, place) == ("–", "–")
            dashes.add(hangs)
            continue
        certain = row["nearest_certain"]
        assert way == CS.km(row["nearest_m"]) + ("" if certain else "*")
        stars.add(certain)
        several = len(answer.question.limits) > 1
        word = place.partition(": ")[0]
        assert (word in ("pobytově", "ambulantně")) == several
        assert place.removeprefix(f"{word}: " if several else "") == row["nearest_place"]
        forms |= {word} if several else set()
    assert True in dashes
    assert stars == {True, False}
    assert forms


@pytest.mark.browser
def test_nothing_is_wider_than_a_telephone(open_page, bundled):
    page = open_page(bundled("kaplice"))
    page.set_viewport_size({"width": 390, "height": 844})
    for code in page.locator("#type option").evaluate_all("all => all.map(o => o.value)"):
        page.select_option("#type", code)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for table in page.locator("table").all():
        frame = table.locator("xpath=..")
        assert frame.get_attribute("tabindex") == "0"
        assert frame.get_attribute("aria-label")
        assert frame.evaluate("f => getComputedStyle(f).overflowX") == "auto"


@pytest.mark.browser
def test_doubt_and_the_meanings_of_marks_are_said(open_page, bundled):
    page = open_page(bundled("kaplice"))
    said = set()
    for code in page.locator("#type option").evaluate_all("all => all.map(o => o.value)"):
        page.select_option("#type", code)
        starred = any("*" in line[6] for line in _table(page))
        assert page.locator("#doubt").is_visible() == starred
        said.add(starred)
    assert said == {True, False}
    meanings = page.locator("#meanings")
    assert not meanings.locator("dl").is_visible()
    meanings.locator("summary").click()
    terms = meanings.locator("dt").all_text_contents()
    heads = page.locator("#table thead th").all_text_contents()
    assert set(terms) <= set(heads)
    assert len(terms) == 5
    assert "●●○" in meanings.text_content()


@pytest.mark.browser
def test_what_is_not_covered_is_hatched_for_grey_print(open_page, bundled):
    """Beside its orange the dark strokes of the print maps, on the map and in the legend."""
    page = open_page(bundled("sluknovsko"))
    page.select_option("#type", "13")
    strokes = page.evaluate(
        """() => { const c = document.querySelector('#map canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
        for (let i = 0; i < d.length; i += 4)
          if (d[i] > 140 && d[i] < 205 && d[i+1] > 60 && d[i+1] < 115 && d[i+2] < 60) n++;
        return n; }"""
    )
    assert strokes > 500
    swatch = page.locator(".swatch.not_covered").first
    assert "rgb(163, 74, 0)" in swatch.evaluate("s => getComputedStyle(s).backgroundImage")


def test_texts_have_hard_spaces_and_dates_in_words(bundled):
    bundle = bundled("kaplice")
    text = offline.page(bundle)
    for type_ in offline._facts(bundle)["types"].values():
        for said in (type_["headline"], type_["second"], *(row[11] for row in type_["rows"])):
            assert not re.search(r"(?<!\w)[KkSsVvZzOoUu] |\d [%\w]", said), said
    assert "<td>31.\u00a012.\u00a02020</td>" in text
    assert not re.search(r"<td>\d{4}-\d\d", text)


@pytest.mark.browser
@pytest.mark.parametrize("territory", ["sluknovsko", "luhacovice", "kaplice", "tanvaldsko"])
def test_every_obec_has_its_name_on_the_first_map(open_page, bundled, territory):
    bundle = bundled(territory)
    labels = open_page(bundle).locator(".label").all()
    shown = {" ".join(label.inner_text().split()) for label in labels if label.is_visible()}
    assert shown == set(bundle.ground.names)
    boxes = [label.bounding_box() for label in labels]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            beside = abs(one["x"] - other["x"]) >= min(one["width"], other["width"])
            above = abs(one["y"] - other["y"]) >= min(one["height"], other["height"]) - 0.5
            assert beside or above


@pytest.mark.browser
def test_paper_holds_the_whole_table_and_the_whole_map(open_page, bundled):
    """What stands on A4 with margins of 1.5 cm: 680 pixels wide."""
    page = open_page(bundled("luhacovice"))
    before = page.evaluate("[map.getZoom(), map.getSize().x]")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("map.getBounds().contains(obce.getBounds())")
    assert page.evaluate("document.documentElement.scrollWidth") <= 681
    assert page.locator("#meanings dd").first.is_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("[map.getZoom(), map.getSize().x]") == before
