"""Fixtures of the page tests."""

import pytest

from kpss_geo import settings, state


@pytest.fixture
def own_setting(monkeypatch):
    """Set a variable of the settings for this test alone: `own_setting(name, value)`."""

    def change(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        settings.current.cache_clear()
        state.forget()

    yield change
    monkeypatch.undo()
    settings.current.cache_clear()
    state.forget()


@pytest.fixture
def own_plan(own_setting, tmp_path):
    """A plan of this test alone."""
    path = tmp_path / "plan.sqlite"
    own_setting("KPSS_PLAN", str(path))
    return path
