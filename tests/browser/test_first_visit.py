"""A first visit without reading anything: the gap, a remark on it, help nearby, a sheet."""

import io
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from kpss_geo import plan

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)


def idle(page: Page) -> None:
    """Wait until the page has stopped working, so that a press meets what it shows."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def choose(page: Page, box: str, typed: str) -> None:
    page.get_by_role("combobox", name=box).focus()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    idle(page)


def test_from_the_gap_to_the_sheet_by_what_is_on_the_screen(
    page: Page, own_app: tuple[str, Path], outside: list[str]
):
    address, folder = own_app
    page.goto(address)
    expect(page.locator("h1.kpss-headline")).to_contain_text("na Šluknovsku nemá v dosahu")
    idle(page)
    page.get_by_role("link", name="Ukázat na mapě").click()
    expect(page.locator("h1.kpss-headline")).to_contain_text("na Šluknovsku nemá centrum")
    idle(page)
    page.get_by_role("link", name="Zapsat poznámku").click()
    page.get_by_role("textbox", name="Poznámka").wait_for()
    idle(page)
    choose(page, "Mluvím jako", "koordinátor")
    page.get_by_role("textbox", name="Poznámka").fill("Chybí v celém výběžku.")
    page.get_by_role("button", name="Odeslat poznámku").click()
    expect(page.locator('[data-testid="remark"]', has_text="v celém výběžku")).to_be_visible()
    said = plan.remarks(plan.find_plan(folder / "plan.sqlite"), territory="sluknovsko")
    assert "Chybí v celém výběžku." in {remark.text for remark in said}
    page.get_by_role("link", name="Najít službu").click()
    idle(page)
    choose(page, "Kde bydlíte", "lobendava")
    page.wait_for_url("**obec=545708**")
    idle(page)
    page.get_by_label("S čím potřebujete pomoci").first.click()
    page.keyboard.type("domov duchodcu")
    page.get_by_text("Hledám domov pro seniory").click()
    expect(page.locator("h1")).to_contain_text("Domov pro seniory Šluknov")
    idle(page)
    page.get_by_role("link", name="Obec", exact=True).click()
    expect(page.get_by_role("button", name="Vytisknout na jednu stránku")).to_be_visible()
    idle(page)
    sheet = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    assert len(sheet.pages) == 1
    assert "Lobendava" in sheet.pages[0].extract_text()
    assert outside == []
