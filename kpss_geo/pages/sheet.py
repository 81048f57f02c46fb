"""Stub."""


def show() -> None:
    """Draw."""
