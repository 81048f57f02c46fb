"""Facts and folders that all tests share. No test sees the data folder of who runs it."""

import os
import tempfile
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
_BESIDE = REPOSITORY.parent / "shared" / "geodata"
# Parallel workers inherit the environment of the first process: it says what was given.
os.environ.setdefault("KPSS_TEST_REAL_DATA", os.environ.get("KPSS_GEO_DATA") or str(_BESIDE))
REAL_FOLDER = Path(os.environ["KPSS_TEST_REAL_DATA"])
EMPTY_FOLDER = Path(tempfile.mkdtemp(prefix="kpss-geo-empty-"))
os.environ["KPSS_GEO_DATA"] = str(EMPTY_FOLDER)
os.environ["KPSS_LANGUAGE"] = "cs"

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
