"""Choose, make and take outputs in a real browser, with nothing from outside."""

import io
import zipfile

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
MAKE_MS = 240_000
expect.set_options(timeout=45_000)


def _serious(page: Page) -> list[tuple[str, list[object]]]:
    return [
        (fault["id"], [node["target"] for node in fault["nodes"]][:3])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def test_choose_make_and_take(page: Page, app: str, outside: list[str]):
    page.goto(f"{app}/vystupy?uzemi=kaplice&druhy=13")
    expect(page.get_by_role("button", name="Vytvořit výstupy")).to_be_disabled()
    assert _serious(page) == []
    page.get_by_text("Všechny tabulky v jednom sešitu (Excel)").click()
    page.wait_for_url("**vystupy=xlsx**")
    page.get_by_text("Tiskové mapy každého druhu").click()
    page.wait_for_url("**maps**")
    page.get_by_role("button", name="Vytvořit výstupy").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("3 soubory jsou hotovy.")).to_be_visible(timeout=MAKE_MS)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert _serious(page) == []
    with page.expect_download() as taken:
        page.get_by_role("button", name="kaplice-data.xlsx").click()
    assert taken.value.suggested_filename == "kaplice-data.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes()))
    assert [cell.value for cell in book["Souhrn"][2]][:2] == ["13", "domovy pro seniory"]
    with page.expect_download() as taken:
        page.get_by_role("button", name="Stáhnout vše").click()
    assert taken.value.suggested_filename.startswith("kaplice-2")
    with zipfile.ZipFile(taken.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert {name.rsplit(".", 1)[1] for name in names} == {"xlsx", "png", "svg"}
        inside = archive.read("kaplice/kaplice-data.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(inside)).sheetnames == book.sheetnames
    assert outside == []


def test_the_link_opens_the_same_choice_on_a_phone(page: Page, app: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app}/vystupy?vystupy=docx,hsds")
    expect(page.get_by_role("checkbox", name="Analytická kapitola")).to_be_checked()
    expect(page.get_by_role("checkbox", name="HSDS")).to_be_checked()
    expect(page.get_by_role("checkbox", name="sešitu")).not_to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert _serious(page) == []
