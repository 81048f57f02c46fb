"""Every page in a real browser: for assistive technology, on a phone, by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)

PAGES = (
    "",
    "?uzemi=jihomoravsky",
    "mezery?sluzba=10",
    "obec?obec=562858",
    "najit?obec=545708&situace=domov-senioru",
    "najit",
    "srovnani?s_uzemi=tanvaldsko",
    "jednani?obec=545708&sluzba=10",
    "vystupy?vystupy=docx,hsds",
    "plan",
    "data",
    "napoveda",
    "pristupnost",
)
PHONE = {"width": 390, "height": 844}


def ready(page: Page) -> None:
    """Wait until the page is whole and nothing more is being reckoned."""
    page.locator("h1").first.wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def serious(page: Page) -> list[tuple[str, list[list[str]]]]:
    """Serious faults that axe finds on the page."""
    return [
        (fault["id"], [node["target"] for node in fault["nodes"]][:3])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_on_a_desk_and_on_a_phone(page: Page, app: str, outside: list[str], path: str):
    page.goto(f"{app}/{path}")
    ready(page)
    assert page.locator("html").get_attribute("lang") == "cs"
    assert page.locator("h1").count() == 1
    assert page.locator('[data-testid="stException"]').count() == 0
    assert serious(page) == []
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == []
    assert outside == []


@pytest.mark.parametrize("path", PAGES)
def test_whoever_tabs_through_a_page_sees_where_they_are(page: Page, app: str, path: str):
    """Every stop has a name to read out, and looks otherwise than when it is left again."""
    page.goto(f"{app}/{path}")
    ready(page)
    page.add_script_tag(content=STOPS)
    nameless, unseen, stops = [], [], 0
    for _ in range(60):
        page.keyboard.press("Tab")
        page.wait_for_timeout(150)  # a border may take a moment to change its colour
        left, now = page.evaluate("kpssStop()")
        unseen += [left["what"]] if left and left["unchanged"] else []
        if now is None:
            break
        stops += 1
        nameless += [] if now["name"] else [now["what"]]
    assert stops > 8
    assert nameless == []
    assert unseen == []


STOPS = """
let last = null;
const look = (e) => {
  const styles = [];
  for (let x = e, up = 0; x && up < 5; x = x.parentElement, up++) {
    const s = getComputedStyle(x);
    styles.push([x, [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor,
                     s.backgroundColor, s.textDecorationLine, s.position].join()]);
  }
  return styles;
};
window.kpssStop = () => {
  const e = document.activeElement;
  const left = last && last.styles
    ? {what: last.what,
       unchanged: last.styles.every(([x, was]) => look(x)[0][1] === was)}
    : null;
  last = null;
  if (!e || e === document.body) return [left, null];
  const by = document.getElementById(e.getAttribute('aria-labelledby'));
  const name = (e.getAttribute('aria-label') || e.getAttribute('title') || e.innerText
    || e.value || (e.labels && e.labels[0] && e.labels[0].innerText)
    || (by && by.innerText) || '').trim();
  const kind = e.getAttribute('data-testid') || e.className || '';
  const what = e.tagName + ' ' + kind + ' ' + name.slice(0, 30);
  last = {what, styles: e.tagName === 'IFRAME' ? null : look(e)};
  return [left, {name, what}];
};
"""


def test_a_planner_walks_from_the_overview_to_an_obec_by_keyboard(page: Page, app: str):
    page.goto(app)
    ready(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate("document.activeElement.tagName + document.activeElement.innerText")
        if stop.startswith("AUkázat na mapě"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/mezery?**")
    ready(page)
    expect(page.locator("h1.kpss-headline")).to_contain_text("na Šluknovsku nemá")
    for _ in range(40):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if "Obec (nebo" in label:
            break
    page.keyboard.type("Varnsdorf")
    page.keyboard.press("Enter")
    page.wait_for_url("**obec=562882**")
    expect(page.get_by_text("Varnsdorf: ").first).to_be_visible()
