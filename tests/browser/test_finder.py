"""The resident's and the mayor's walk in a real browser, on a phone and on paper."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)
PHONE = {"width": 390, "height": 844}


def serious(page: Page) -> list[tuple[str, list[list[str]]]]:
    """Serious faults that axe finds on the page."""
    faults = Axe().run(page).response["violations"]
    return [
        (fault["id"], [node["target"] for node in fault["nodes"]][:3])
        for fault in faults
        if fault["impact"] in ("serious", "critical")
    ]


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_resident_finds_help_by_keyboard_without_diacritics(
    page: Page, app: str, outside: list[str]
):
    page.set_viewport_size(PHONE)
    page.goto(f"{app}/najit")
    expect(page.get_by_text("Vyberte, kde bydlíte")).to_be_visible()
    page.get_by_role("combobox", name="Kde bydlíte?").focus()
    page.keyboard.type("lobendava")
    page.keyboard.press("Enter")
    page.wait_for_url("**obec=545708**")
    page.get_by_role("combobox", name="S čím potřebujete pomoci?").focus()
    page.keyboard.type("domov pro seniory")
    page.keyboard.press("Enter")
    page.wait_for_url("**situace=domov-senioru**")
    call = page.locator('a[href="tel:+420412386312"]').first
    expect(call).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    assert serious(page) == []
    assert outside == []


def test_an_obec_with_diacritics_is_found_without(page: Page, app: str):
    page.goto(f"{app}/najit")
    page.get_by_role("combobox", name="Kde bydlíte?").focus()
    page.keyboard.type("sluknov")
    page.keyboard.press("Enter")
    page.wait_for_url("**obec=562858**")


def test_help_lines_come_first(page: Page, app: str):
    page.set_viewport_size(PHONE)
    page.goto(f"{app}/najit?obec=545708&situace=nasili")
    line = page.locator('a[href="tel:158"]')
    expect(line).to_be_visible()
    assert line.bounding_box()["y"] < PHONE["height"]
    assert serious(page) == []


@pytest.mark.parametrize("path", ["obec?obec=545708", "najit?obec=545708&situace=domacnost"])
def test_one_page_of_paper(page: Page, app: str, path: str):
    page.goto(f"{app}/{path}")
    expect(page.locator('[data-testid="sheet"], [data-testid="found"]')).to_be_visible()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    pdf = page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
    assert pages_of(pdf) == 1


def test_the_sheet_has_no_serious_fault(page: Page, app: str, outside: list[str]):
    page.goto(f"{app}/obec?obec=562882")
    expect(page.locator('[data-testid="sheet"] img')).to_be_visible()
    natural = page.locator('[data-testid="sheet"] img').evaluate("i => i.naturalWidth")
    assert natural > 0
    assert serious(page) == []
    assert outside == []
