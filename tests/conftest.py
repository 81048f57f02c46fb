"""Fixtures shared by all tests. No test sees the data folder of the person who runs it."""

import os
import tempfile
from datetime import date
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
_GIVEN = os.environ.get("KPSS_GEO_DATA", "")
_BESIDE = REPOSITORY.parent / "shared" / "geodata"
REAL_FOLDER = Path(_GIVEN) if _GIVEN else _BESIDE
EMPTY_FOLDER = Path(tempfile.mkdtemp(prefix="kpss-geo-empty-"))
os.environ["KPSS_GEO_DATA"] = str(EMPTY_FOLDER)
os.environ["KPSS_LANGUAGE"] = "cs"

from kpss_geo import dataset, study  # noqa: E402 - the environment must be set first
from kpss_geo.dataset import Data  # noqa: E402
from kpss_geo.settings import Settings  # noqa: E402
from kpss_geo.study import Answer  # noqa: E402

DAY = date(2026, 10, 1)
"""Day that tests ask about, so that their results do not change with the calendar."""
FIVE = {
    "sluknovsko": (18, 52_318, 10_969),
    "luhacovice": (15, 18_567, 4_000),
    "kaplice": (15, 19_873, 3_532),
    "tanvaldsko": (12, 22_068, 4_923),
    "jihomoravsky": (673, 1_195_327, 241_897),
}
"""Obce, people and people of 65+ of the five plans (ČSÚ, 31 Dec 2020)."""


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
