"""Fixtures shared by all tests."""

import os
import sys
from pathlib import Path

import pytest
from official.forms import open_offices
from official.office import open_office
from official.world import only

from kpss_geo import dataset, study, territory
from kpss_geo.dataset import Data
from kpss_geo.settings import Settings
from kpss_geo.study import Answer

from facts import DAY, EMPTY_FOLDER, REAL_FOLDER


@pytest.fixture(autouse=True)
def _main_module_stays():
    """A page that was run leaves its script as `__main__`: no new process could begin after it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a worker: a second Playwright beside it would not start."""
    path = os.environ.get("KPSS_CHROMIUM", "")
    if not path or not Path(path).exists():
        if os.environ.get("KPSS_REQUIRE_BROWSER"):
            pytest.fail("no Chromium (set KPSS_CHROMIUM), and KPSS_REQUIRE_BROWSER is set")
        pytest.skip("no Chromium here; `make test` finds or installs one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(geo_data=EMPTY_FOLDER)


@pytest.fixture(scope="session")
def data(settings: Settings) -> Data:
    """What the product ships, with no data folder at all."""
    return dataset.load(settings)


@pytest.fixture(scope="session")
def real_folder() -> Path:
    """The folder with real boundaries; tests that need it are skipped without it."""
    if not (REAL_FOLDER / "municipalities.parquet").is_file():
        pytest.skip("the folder with real data is not here")
    return REAL_FOLDER


@pytest.fixture(scope="session")
def real_data(real_folder: Path) -> Data:
    return dataset.load(Settings(geo_data=real_folder))


@pytest.fixture(scope="session")
def ask(data: Data, settings: Settings):
    """Ask the shipped data: `ask("sluknovsko", "13", target="80+", ...)`."""

    def answer(territory_id: str, service: str, **options: object) -> Answer:
        options.setdefault("on", DAY)
        question = study.ask(data, settings, territory_id=territory_id, service=service, **options)  # type: ignore[arg-type]
        return study.answer(question, data)

    return answer


@pytest.fixture
def office(monkeypatch):
    """A bare local server: routes and faults are the test's own."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with open_office() as served:
        yield served


@pytest.fixture(scope="session")
def small_world(data: Data):
    """Šluknovsko with its surroundings, drawn; the people of the whole country."""
    place = data.territories["sluknovsko"]
    around = territory.surroundings(place, obce=data.obce, km=20)
    return only([*place.codes, *around])


@pytest.fixture(scope="session")
def _open_offices(small_world):
    with open_offices(small_world) as served:
        yield served


@pytest.fixture
def offices(_open_offices, monkeypatch):
    """All official sources on loopback, whole and healthy at the start of each test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    _open_offices.office.mend()
    _open_offices.office.log.clear()
    yield _open_offices
    _open_offices.office.mend()
