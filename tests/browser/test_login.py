"""A server with editors, from the login to the approval: the whole way in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kpss_geo import plan

pytest.importorskip("authlib", reason="the extra `login` is not installed")
from login_office import CLIENT, LoginOffice, open_login_office

pytestmark = pytest.mark.browser
expect.set_options(timeout=45_000)
VIEW = "jednani?obec=562777&sluzba=10"


@pytest.fixture(scope="module")
def office() -> Iterator[LoginOffice]:
    with open_login_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def guarded(
    office: LoginOffice,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[..., Iterator[str]],
    free_port: Callable[[], int],
) -> Iterator[tuple[str, Path]]:
    """Address of an app with a login and one editor, and its folder."""
    folder, home = tmp_path_factory.mktemp("plan"), tmp_path_factory.mktemp("home")
    port = free_port()
    secrets = home / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(
        "[auth]\n"
        f'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        'cookie_secret = "a-long-random-text-of-this-test-alone"\n'
        f'client_id = "{CLIENT}"\n'
        'client_secret = "none"\n'
        f'server_metadata_url = "{office.address}/.well-known/openid-configuration"\n'
    )
    more = {"HOME": str(home), "KPSS_EDITORS": "jana@obec.cz", "NO_PROXY": "127.0.0.1"}
    for address in serve(folder, port=port, **more):
        yield address, folder


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/{VIEW}")
    page.get_by_role("button", name="Přihlásit se").click()
    page.wait_for_url(f"{address}/")  # the way back from the login leads to the first page
    page.locator("h1.kpss-headline").wait_for()
    page.goto(f"{address}/{VIEW}")
    expect(page.get_by_role("button", name="Odhlásit se")).to_be_visible()


def speak_as(page: Page, role: str) -> None:
    box = page.get_by_role("combobox", name="Mluvím jako")
    box.focus()
    page.keyboard.type(role)
    page.keyboard.press("Enter")
    expect(box).to_have_value(role)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def test_the_public_sends_and_an_editor_approves(
    open_browser: Callable[[], Page],
    guarded: tuple[str, Path],
    office: LoginOffice,
    outside: list[str],
):
    address, folder = guarded
    citizen, editor = open_browser(), open_browser()
    citizen.goto(f"{address}/{VIEW}")
    expect(citizen.get_by_text("Číst a poslat poznámku může každý")).to_be_visible()
    speak_as(citizen, "veřejnost")
    citizen.get_by_role("button", name="Zapsat poznámku").click()
    citizen.get_by_role("textbox", name="Poznámka").fill("Od občanky.")
    citizen.get_by_role("button", name="Odeslat poznámku").click()
    expect(citizen.get_by_text("čeká na schválení")).to_be_visible()
    expect(citizen.locator('[data-testid="remark"]')).to_have_count(0)
    office.claims = {"email": "Jana@obec.cz", "email_verified": True}
    log_in(editor, address)
    expect(editor.get_by_text("přihlášeni jako editor")).to_be_visible()
    speak_as(editor, "koordinátor")
    editor.get_by_role("button", name="Vypořádat", exact=True).click()
    editor.get_by_role("button", name="Uložit").click()
    expect(citizen.locator('[data-testid="remark"]', has_text="Od občanky.")).to_be_visible()
    assert plan.remarks(
        plan.find_plan(folder / "plan.sqlite"), territory="sluknovsko"
    )[0].state == "published"  # fmt: skip
    assert outside == []


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "petr@obec.cz", "email_verified": True},
        {"email": "jana@obec.cz", "email_verified": False},
        {"name": "jana@obec.cz"},
    ],
)
def test_who_is_not_on_the_list_is_no_editor(
    page: Page, guarded: tuple[str, Path], office: LoginOffice, claims: dict[str, object]
):
    address, _ = guarded
    office.claims = claims
    log_in(page, address)
    expect(page.get_by_text("nejste na seznamu editorů")).to_be_visible()
    page.goto(f"{address}/plan")
    expect(page.get_by_role("button", name="Uložit limit")).to_be_disabled()
    page.goto(f"{address}/data")
    expect(page.get_by_role("button", name="Načíst úřední data")).to_be_disabled()
