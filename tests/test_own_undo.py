"""What a taking replaced comes back byte for byte, however often one changes one's mind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo.errors import NothingToUndo
from kpss_geo.own.undo import BEFORE, can_undo, keep, put, undo_table
from kpss_geo.sources.taken import note_beside

NAME = "providers.csv"


def _write(folder, content: bytes | None) -> None:
    """Write a table with a note as a taking does; None: somebody put a bare file there."""
    folder.mkdir(exist_ok=True)
    keep("providers", folder=folder)
    put(folder / NAME, content or b"bare")
    note = note_beside(folder / NAME)
    note.unlink(missing_ok=True)
    if content is not None:
        put(note, b"note of " + content)


def _now(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.none() | st.binary(min_size=1, max_size=8), min_size=1, max_size=4))
def test_one_step_back_and_forth(tmp_path_factory, contents):
    folder = tmp_path_factory.mktemp("data")
    states = [_now(folder)]
    for content in contents:
        _write(folder, content)
        states.append(_now(folder))
    assert can_undo("providers", folder=folder)
    undo_table("providers", folder=folder)
    assert _now(folder) == states[-2]
    undo_table("providers", folder=folder)
    assert _now(folder) == states[-1]
    assert [path.name for path in (folder / BEFORE).iterdir()] == ["providers"]


def test_without_a_table_before_there_is_none_after(tmp_path):
    _write(tmp_path, b"a")
    assert undo_table("providers", folder=tmp_path) is None
    assert _now(tmp_path) == {}


def test_nothing_to_take_back(tmp_path):
    assert not can_undo("population", folder=tmp_path)
    with pytest.raises(NothingToUndo):
        undo_table("population", folder=tmp_path)
