"""The walk through the comparison in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)


def idle(page: Page) -> None:
    """Wait until the page has stopped working."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def test_two_territories_then_two_days(page: Page, app: str, outside: list[str]):
    page.goto(f"{app}/srovnani?ke_dni=2026-11-22&uzemi=luhacovice&s_uzemi=kaplice&sluzba=9")
    headline = page.locator("h1.kpss-headline")
    expect(headline).to_contain_text("centra denních služeb")
    maps = page.locator("iframe[title*=folium]")
    expect(maps).to_have_count(2)
    for frame in [f for f in page.frames if "streamlit_folium" in f.url]:
        frame.wait_for_function("window.kpssReady === true")
    idle(page)
    assert page.locator('table[data-testid="compared-obce"]').count() == 2
    page.get_by_role("combobox", name="Strana B: území").focus()
    page.keyboard.type("ORP Luhačovice")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Obě strany jsou stejné.")).to_be_visible()
    idle(page)
    page.get_by_role("spinbutton", name="day, Strana B").click()
    page.keyboard.type("15012027")
    page.keyboard.press("Escape")
    expect(page.locator('table[data-testid="services-changed"]')).to_contain_text("Domovinka")
    page.wait_for_url("**s_dni=2027-01-15**")
    assert outside == []


def test_the_page_has_no_serious_fault_for_a_reader(page: Page, app: str):
    page.goto(f"{app}/srovnani?ke_dni=2026-11-22&s_uzemi=kaplice")
    expect(page.locator("h1.kpss-headline")).to_be_visible()
    expect(page.locator('table[data-testid="compared-types"]')).to_be_visible()
    idle(page)
    found = Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in serious] == []
