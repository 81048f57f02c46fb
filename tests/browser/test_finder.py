"""The resident's and the mayor's walk in a real browser, on a phone and on paper."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pypdf import PdfReader

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


def focused(page: Page) -> str:
    said = str(page.evaluate("document.activeElement.innerText"))
    return " ".join(said.split())


def idle(page: Page) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def tab_to(page: Page, text: str, limit: int = 40) -> None:
    """Press Tab until the stop says the text."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if text in focused(page):
            return
    pytest.fail(f"no stop says {text}")


def test_from_the_obec_to_a_telephone_number_by_keyboard_alone(
    page: Page, app: str, outside: list[str]
):
    page.set_viewport_size(PHONE)
    page.goto(f"{app}/najit")
    expect(page.get_by_text("Vyberte, kde bydlíte")).to_be_visible()
    page.get_by_role("combobox", name="Kde bydlíte?").focus()
    page.keyboard.type("lobendava")
    page.keyboard.press("Enter")
    page.wait_for_url("**obec=545708**")
    idle(page)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "INPUT":
            break
    page.keyboard.type("babicka potrebuje pecovatelku")
    expect(page.get_by_text("Rodič nebo partner už sám")).to_be_visible()
    idle(page)
    tab_to(page, "Rodič nebo partner už sám")
    page.keyboard.press("Enter")
    page.wait_for_url("**situace=domacnost**")
    assert "pecovatelku" not in page.url
    call = page.locator('a[href="tel:+420412397327"]').first
    expect(call).to_be_visible()
    idle(page)
    tab_to(page, "412 397 327")
    assert page.evaluate("document.activeElement.href") == "tel:+420412397327"
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    assert serious(page) == []
    assert outside == []


def test_a_click_on_the_map_measures_from_there_and_stays_out_of_the_link(
    page: Page, app: str, outside: list[str]
):
    page.goto(f"{app}/najit?situace=domov-senioru&mapa=ano")
    expect(page.locator("iframe[title*=folium]")).to_be_visible()
    frame = next(f for f in page.frames if "streamlit_folium" in f.url)
    frame.wait_for_function("window.kpssReady === true")
    idle(page)
    label = frame.locator(".kpss-label", has_text="Krásná Lípa").bounding_box()
    page.mouse.click(label["x"] + label["width"] / 2, label["y"] + label["height"] / 2)
    told = page.get_by_text("Cesty měříme od místa, které jste vybrali na mapě.")
    expect(told).to_be_visible()
    expect(page.locator('[data-testid="found"]')).to_be_visible()
    assert "obec=562611" in page.url
    assert "bod=" not in page.url
    assert not re.search(r"\d\d\.\d", page.url.split("?")[1])
    page.get_by_text("Přidat místo do odkazu").click()
    page.wait_for_url("**bod=**")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("V odkazu je zaokrouhleně")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Bez místa").click()
    expect(told).to_have_count(0)
    assert "bod=" not in page.url
    assert outside == []


def test_the_link_is_copied_and_paper_is_asked_for(page: Page, app: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app}/najit?obec=545708&situace=pad")
    button = page.get_by_role("button", name="Zkopírovat odkaz")
    expect(button).to_be_visible()
    idle(page)
    button.click()
    expect(page.get_by_text("Odkaz je zkopírován.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Vytisknout na jednu stránku").click()
    assert page.evaluate("window.printed") is True


def test_paper_holds_every_service_and_no_boxes(page: Page, app: str):
    page.goto(f"{app}/najit?uzemi=tanvaldsko&obec=563668&situace=domacnost")
    expect(page.locator('[data-testid="found"]')).to_be_visible()
    idle(page)
    cards = page.locator(".kpss-card h4").all_inner_texts()
    hidden = page.locator(".kpss-rest .kpss-card h4").all_text_contents()
    assert hidden
    page.emulate_media(media="print")
    text = "".join(
        part.extract_text() for part in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    )
    bare = re.sub(r"\s", "", text)
    for name in [*cards, *hidden]:
        assert re.sub(r"\s", "", name) in bare
    assert "Kdebydlíte" not in bare
    assert "Vytisknout" not in bare


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
