"""The round table in real browsers: two at once, a clicker, a projector, a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kpss_geo import plan
from kpss_geo.plan import Remark

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)
VARNSDORF, RUMBURK, JIRIKOV = "562882", "562777", "562581"


def idle(page: Page) -> None:
    """Wait until the page has stopped working, so that a press meets what it shows."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def sit_down(page: Page, address: str, *, obec: str, role: str) -> None:
    """Open the table at an obec and choose a role."""
    page.goto(f"{address}/jednani?obec={obec}&sluzba=10")
    expect(page.locator("h1.kpss-headline")).to_contain_text("denní stacionáře")
    box = page.get_by_role("combobox", name="Mluvím jako")
    box.focus()
    page.keyboard.type(role)
    page.keyboard.press("Enter")
    expect(box).to_have_value(role)
    idle(page)


def open_form(page: Page) -> None:
    page.get_by_role("button", name="Zapsat poznámku").click()
    page.get_by_role("textbox", name="Poznámka").wait_for()
    idle(page)


def say(page: Page, text: str) -> None:
    open_form(page)
    page.get_by_role("textbox", name="Poznámka").fill(text)
    page.get_by_role("button", name="Odeslat poznámku").click()


def serious(page: Page) -> list[tuple[str, list[list[str]]]]:
    """Serious faults that axe finds on the page."""
    return [
        (fault["id"], [node["target"] for node in fault["nodes"]][:3])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def test_two_browsers_remark_at_once_and_see_each_other(
    open_browser: Callable[[], Page], own_app: tuple[str, Path], outside: list[str]
):
    address, folder = own_app
    first, second = open_browser(), open_browser()
    sit_down(first, address, obec=VARNSDORF, role="poskytovatel služeb")
    sit_down(second, address, obec=VARNSDORF, role="uživatel služeb")
    open_form(second)
    half = second.get_by_role("textbox", name="Poznámka")
    half.press_sequentially("Nedostanu se ")
    say(first, "Otevřeme stacionář.")
    seen = second.locator('[data-testid="remark"]', has_text="Otevřeme stacionář.")
    expect(seen).to_be_visible()  # it came by itself
    expect(half).to_have_value("Nedostanu se ")  # and nobody lost what they were writing
    expect(half).to_be_focused()
    half.press_sequentially("na autobus.")
    second.get_by_role("button", name="Odeslat poznámku").click()
    expect(
        first.locator('[data-testid="remark"]', has_text="Nedostanu se na autobus.")
    ).to_be_visible()
    second.get_by_role("button", name="Souhlasím (0)").first.click()
    expect(first.get_by_role("button", name="Souhlasím (1)")).to_be_visible()
    idle(first)
    first.get_by_role("button", name="Souhlasím (1)").click()
    expect(second.get_by_role("button", name="Souhlasím (2)")).to_be_visible()
    second.reload()
    expect(second.get_by_role("button", name="Souhlasím (2)")).to_have_attribute("kind", "primary")
    held = plan.find_plan(folder / "plan.sqlite")
    texts = {remark.text for remark in plan.remarks(held, territory="sluknovsko")}
    assert texts >= {"Otevřeme stacionář.", "Nedostanu se na autobus."}
    assert outside == []


def test_the_list_does_not_blink_while_it_looks_for_news(page: Page, own_app: tuple[str, Path]):
    address, folder = own_app
    opened = plan.open_plan(folder / "plan.sqlite")
    plan.write_remark(opened, Remark("Stálá.", "user", "sluknovsko", code=RUMBURK))
    page.goto(f"{address}/jednani?obec={RUMBURK}&sluzba=10")
    card = page.locator('[data-testid="remark"]', has_text="Stálá.")
    expect(card).to_be_visible()
    idle(page)
    page.wait_for_timeout(1_000)
    changes = page.evaluate(
        """async () => {
            const list = document.querySelector('.kpss-remarks-head').closest('.stMain');
            let changes = 0;
            const seen = new MutationObserver(found => {
                changes += found.filter(f => f.type === 'childList').length;
            });
            seen.observe(list, {subtree: true, childList: true});
            await new Promise(done => setTimeout(done, 7500));
            return changes;
        }"""
    )
    assert changes == 0


def test_the_coordinator_answers_and_everybody_sees_it(
    open_browser: Callable[[], Page], own_app: tuple[str, Path]
):
    address, folder = own_app
    opened = plan.open_plan(folder / "plan.sqlite")
    plan.write_remark(opened, Remark("Kdy otevřete?", "public", "sluknovsko", code=JIRIKOV))
    first, second = open_browser(), open_browser()
    sit_down(first, address, obec=JIRIKOV, role="koordinátor")
    second.goto(f"{address}/jednani?obec={JIRIKOV}&sluzba=10")
    first.get_by_role("button", name="Vypořádat", exact=True).click()
    answer = first.get_by_role("textbox", name="Odpověď koordinátora")
    answer.press_sequentially("V lednu ")
    first.wait_for_timeout(4_000)  # the list has refreshed itself around the form
    expect(answer).to_have_value("V lednu ")
    expect(answer).to_be_focused()
    answer.press_sequentially("2027.")
    first.get_by_role("button", name="Uložit").click()
    expect(second.get_by_text("V lednu 2027.")).to_be_visible()


def test_a_clicker_and_arrows_go_on_but_not_while_somebody_writes(
    page: Page, own_app: tuple[str, Path]
):
    address, _ = own_app
    page.goto(f"{address}/jednani?obec={RUMBURK}&sluzba=10")
    title = page.locator("h1.kpss-headline")
    expect(title).to_contain_text("Rumburk")
    idle(page)
    page.keyboard.press("PageDown")
    expect(title).to_contain_text("Rybniště")
    idle(page)
    page.keyboard.press("PageUp")
    expect(title).to_contain_text("Rumburk")
    idle(page)
    page.keyboard.press("ArrowRight")
    expect(title).not_to_contain_text("denní stacionáře")
    expect(title).to_contain_text("Rumburk")
    idle(page)
    open_form(page)
    text = page.get_by_role("textbox", name="Poznámka")
    text.press_sequentially("ab")
    for key in ("ArrowLeft", "PageDown", "PageUp"):
        page.keyboard.press(key)
    page.wait_for_timeout(1_500)
    expect(title).to_contain_text("Rumburk")
    expect(text).to_have_value("ab")


def test_a_link_in_the_gaps_leads_to_the_form_of_the_same_obec(
    page: Page, own_app: tuple[str, Path]
):
    address, _ = own_app
    page.goto(f"{address}/mezery?obec={RUMBURK}&sluzba=10")
    page.get_by_role("link", name="Zapsat poznámku").click()
    expect(page.locator("h1.kpss-headline")).to_contain_text("Rumburk")
    expect(page.get_by_role("textbox", name="Poznámka")).to_be_visible()
    page.wait_for_url(f"**/jednani?sluzba=10&obec={RUMBURK}")


def test_downloads_of_the_settlement(page: Page, own_app: tuple[str, Path]):
    address, folder = own_app
    opened = plan.open_plan(folder / "plan.sqlite")
    plan.write_remark(opened, Remark("=1+1", "user", "sluknovsko", code=RUMBURK))
    page.goto(f"{address}/jednani?obec={RUMBURK}&sluzba=10")
    idle(page)
    page.get_by_text("Vypořádání všech připomínek území").click()
    for ending in ("docx", "xlsx"):
        idle(page)
        with page.expect_download(timeout=90_000) as download:
            page.get_by_role("button", name=ending.upper()).click()
        assert download.value.path().read_bytes().startswith(b"PK")
        assert download.value.suggested_filename == f"vyporadani_sluknovsko.{ending}"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (390, 844)])
def test_readable_on_the_wall_and_on_a_phone(
    page: Page, own_app: tuple[str, Path], outside: list[str], width: int, height: int
):
    address, folder = own_app
    opened = plan.open_plan(folder / "plan.sqlite")
    strange = "Velmi" + "dlouhé" * 60 + " <b>ne</b> שלום 👩‍👧"
    plan.write_remark(
        opened, Remark(strange, "commissioner", "sluknovsko", code="562912", type_code="10")
    )
    page.set_viewport_size({"width": width, "height": height})
    sit_down(page, address, obec="562912", role="koordinátor")
    expect(page.locator('[data-testid="remark"]')).not_to_have_count(0)
    open_form(page)
    page.get_by_role("button", name="Vypořádat", exact=True).first.wait_for()
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.stMain *')]
            .filter(e => e.checkVisibility() && !e.closest('iframe')
                && !e.closest('[data-testid="stIconMaterial"]')
                && getComputedStyle(e).position !== 'absolute'
                && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
            .map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent.slice(0, 40)])
            .filter(([size]) => size < (window.innerWidth > 900 ? 24 : 16))"""
    )
    assert sizes == []
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    assert serious(page) == []
    assert outside == []
