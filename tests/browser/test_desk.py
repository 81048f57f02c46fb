"""The planner's walk in a real browser, with nothing from outside."""

import json
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect

from facts import REPOSITORY

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)


def map_of(page: Page) -> Frame:
    """Wait until the areas are on the map; gives the frame it lives in."""
    frame_element = page.locator("iframe[title*=folium]")
    expect(frame_element).to_be_visible()
    frame_element.scroll_into_view_if_needed()
    frame = next(f for f in page.frames if "streamlit_folium" in f.url)
    frame.wait_for_function("window.kpssReady === true")
    idle(page)
    return frame


def idle(page: Page) -> None:
    """Wait until the page has stopped working, so that a press meets what it shows."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def shown(page: Page, name: str, column: int) -> str:
    """Text of a cell of the obec's row in the equal table."""
    row = page.locator('table[data-testid="obce"] tbody tr', has_text=name).first
    return row.locator("th, td").nth(column).inner_text().replace("\xa0", " ")


def test_map_click_table_and_link_agree(page: Page, app: str, outside: list[str]):
    page.goto(f"{app}/mezery")
    frame = map_of(page)
    count = frame.evaluate(
        "Object.values(map._layers).filter(l => l.feature && l.setStyle"
        " && l.feature.properties.code && !l.feature.properties.outside).length"
    )
    assert count == 18
    assert frame.locator("canvas").count() >= 1
    label = frame.locator(".kpss-label", has_text="Varnsdorf").bounding_box()
    page.mouse.click(label["x"] + label["width"] / 2, label["y"] + label["height"] / 2)
    expect(page.get_by_text("Varnsdorf: pokryto 3 351.")).to_be_visible()
    page.wait_for_url("**obec=562882**")
    assert shown(page, "Varnsdorf", 1) == "3 351"
    assert shown(page, "Varnsdorf", 2) == "3 351"
    assert page.locator('tr[aria-current="true"] th').first.inner_text() == "Varnsdorf"
    page.get_by_role("combobox", name="Obec (nebo").focus()
    page.keyboard.type("Rumburk")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rumburk: pokryto 2 190.")).to_be_visible()
    label = frame.locator(".kpss-label", has_text="Varnsdorf").bounding_box()
    page.mouse.click(label["x"] + label["width"] / 2, label["y"] + label["height"] / 2)
    expect(page.get_by_text("Varnsdorf: pokryto 3 351.")).to_be_visible()
    hover = frame.evaluate("window.kpssColours.obce['562882'][1]").replace("\xa0", " ")
    assert hover.startswith("Varnsdorf: pokryto 3 351.")
    assert outside == []


def test_colours_on_the_map_are_the_verdicts_of_the_table(page: Page, app: str):
    page.goto(f"{app}/mezery?sluzba=13&dosah=15")
    frame = map_of(page)
    fills = frame.evaluate(
        "Object.fromEntries(Object.values(map._layers).filter(l => l.feature && l.setStyle &&"
        " l.feature.properties.code && !l.feature.properties.outside)"
        ".map(l => [l.feature.properties.code, l.options.fillColor]))"
    )
    assert fills["562882"] == "#0b4f8a"  # Varnsdorf: covered
    assert fills["562441"] == "#f08a24"  # Dolní Poustevna: not covered
    assert shown(page, "Dolní Poustevna", 4) == "299"


def test_a_link_opens_the_same_view(page: Page, app: str):
    page.goto(f"{app}/mezery?uzemi=tanvaldsko&sluzba=10&dosah=20&jednotka=min")
    expect(page.locator("h1.kpss-headline")).to_contain_text("na Tanvaldsku nemá denní stacionář")
    expect(page.locator("h1.kpss-headline")).to_contain_text("do 20")
    map_of(page)


def test_change_of_service_keeps_the_map_and_recolours_it(page: Page, app: str):
    page.goto(f"{app}/mezery")
    frame = map_of(page)
    frame.evaluate("window.stillTheSame = true")
    page.get_by_role("combobox", name="Služba").focus()
    page.keyboard.type("denní stacionáře")
    page.keyboard.press("Enter")
    expect(page.locator("h1.kpss-headline")).to_contain_text("nemá denní stacionář")
    frame.wait_for_function("window.kpssColours.obce['562882'][0] === 'not_covered'")
    assert frame.evaluate("window.stillTheSame") is True


def test_choosing_by_keyboard_does_what_a_click_does(page: Page, app: str):
    page.goto(f"{app}/mezery")
    map_of(page)
    page.get_by_role("combobox", name="Obec (nebo").focus()
    page.keyboard.type("Rumburk")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rumburk: pokryto 2 190.")).to_be_visible()


def test_popup_of_a_place(page: Page, app: str):
    page.goto(f"{app}/mezery")
    frame = map_of(page)
    popup = frame.evaluate(
        "Object.values(map._layers).filter(l => l.feature && l.feature.properties.popup)"
        ".map(l => l.feature.properties.popup)"
    )
    assert any("Jiříkov" in text and "lůžek" in text and "telefon" in text for text in popup)


def test_downloads(page: Page, app: str):
    page.goto(f"{app}/mezery")
    map_of(page)
    idle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Stáhnout tabulku").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("code;name;")
    assert len(text.splitlines()) == 19
    idle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Stáhnout mapu").click()
    content = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert len(content["features"]) == 18
    assert content["features"][0]["properties"]["boundary"] == "schematic"


def test_page_speaks_its_language(page: Page, app: str):
    page.goto(f"{app}/mezery")
    assert page.locator("html").get_attribute("lang") == "cs"
    page.goto(f"{app}/mezery?jazyk=uk")
    assert page.locator("html").get_attribute("lang") == "uk"


@pytest.mark.parametrize("path", ["mezery", "data"])
def test_no_serious_fault_for_assistive_technology(page: Page, app: str, path: str):
    page.goto(f"{app}/{path}")
    page.locator("h1.kpss-headline").wait_for()
    if path == "mezery":
        map_of(page)
    results = Axe().run(page)
    serious = [
        (fault["id"], [node["target"] for node in fault["nodes"]][:3])
        for fault in results.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_data_page_names_the_faults(page: Page, app: str):
    page.goto(f"{app}/data")
    expect(page.locator('table[data-testid="findings"]')).to_contain_text("Klobouky u Brna")


def test_real_boundaries_of_a_whole_region(page: Page, real_app: str, outside: list[str]):
    page.goto(f"{real_app}/mezery?uzemi=jihomoravsky&sluzba=10")
    frame = map_of(page)
    inside = frame.evaluate(
        "Object.values(map._layers).filter(l => l.feature && l.setStyle"
        " && l.feature.properties.code && !l.feature.properties.outside).length"
    )
    assert inside == 673
    expect(page.get_by_text("hranice obcí: soubor municipalities.parquet")).to_be_visible()
    assert outside == []


def test_areas_of_another_state_of_the_data_are_not_given(app: str):
    request = f"{app}/kpss/areas/sluknovsko/000000000000.json"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request)  # noqa: S310 - the test's own server


def test_leaflet_is_whole_and_has_its_licence():
    folder = REPOSITORY / "static" / "leaflet"
    assert (folder / "leaflet.js").stat().st_size > 140_000
    assert "BSD 2-Clause" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_by_car_the_map_and_the_table_change_together(page: Page, real_app: str):
    page.goto(f"{real_app}/mezery?sluzba=13&dosah=15")
    frame = map_of(page)
    assert frame.evaluate("window.kpssColours.obce['562882'][0]") == "covered"
    page.goto(f"{real_app}/mezery?sluzba=13&dosah=15&cesta=autem")
    frame = map_of(page)
    assert frame.evaluate("window.kpssColours.obce['562882'][0]") == "not_covered-partly"
    assert shown(page, "Varnsdorf", 4) == "3 285"
    expect(page.get_by_text("cesta autem po silniční síti")).to_be_visible()


def test_roads_asked_for_but_missing_are_said(page: Page, app: str):
    page.goto(f"{app}/mezery?cesta=autem")
    expect(page.get_by_text("Ve složce s daty nejsou silnice")).to_be_visible()


def test_the_view_goes_along_to_another_page_and_back(page: Page, app: str):
    page.goto(f"{app}/mezery?uzemi=kaplice&jazyk=uk")
    map_of(page)
    page.get_by_role("link", name="Дані").click()
    expect(page.locator('table[data-testid="findings"]')).to_be_visible()
    page.get_by_role("link", name="Прогалини").click()
    expect(page.locator("h1.kpss-headline")).to_contain_text("ORP Kaplice")
