"""Help by keyboard, the tabs of the plan in the address, the first start."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)


def idle(page: Page) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


@pytest.mark.parametrize(
    ("path", "table", "key"),
    [("", "board", "not_covered"), ("mezery?sluzba=10", "gaps", "way"),
     ("obec?obec=562882", "obec-types", "firmness")],
)  # fmt: skip
def test_a_number_explains_itself_by_keyboard(
    page: Page, app: str, path: str, table: str, key: str
):
    page.goto(f"{app}/{path}")
    heading = page.locator(f'[data-testid="{table}"] [popovertarget="co-{key}"]').first
    expect(heading).to_be_visible()
    expect(page.locator(".kpss-footer")).to_be_visible()
    idle(page)
    panel = page.locator(f"#co-{key}")
    expect(panel).to_be_hidden()
    heading.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Co neříká")
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Zavřít"
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    heading.press("Enter")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_part_of_the_plan_is_in_the_address(page: Page, app: str):
    page.goto(f"{app}/plan")
    tab = page.get_by_role("tab", name="Opravy")
    expect(tab).to_be_visible()
    idle(page)
    tab.click()
    page.wait_for_url("**karta=opravy**")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("tab", name="Opravy")).to_have_attribute("aria-selected", "true")
    expect(other.get_by_text("Odkud to víme")).to_be_visible()


def test_from_the_first_start_to_a_territory_of_ones_own(page: Page, app: str):
    page.goto(app)
    expect(page.locator(".kpss-start")).to_be_visible()
    headline = page.locator("h1.kpss-headline")
    expect(headline).to_be_in_viewport()
    page.get_by_role("link", name="vložit seznam obcí").click()
    expect(page.get_by_role("tab", name="Území")).to_have_attribute("aria-selected", "true")
    page.goto(f"{app}/?uzemi=kaplice")
    expect(headline).to_contain_text("Kaplice")
    assert page.locator(".kpss-start").count() == 0


def test_the_foot_leads_to_help_in_ones_language(page: Page, app: str):
    page.goto(f"{app}/obec?obec=562882")
    page.get_by_role("link", name="Українська").click()
    page.wait_for_url("**jazyk=uk**")
    assert "obec=562882" in page.url
    page.get_by_role("link", name="Заява про доступність").click()
    expect(page.locator('[data-testid="accessibility"]')).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "uk"
