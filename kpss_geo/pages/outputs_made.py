"""Outputs being made, with a bar, and those that were made: each file, and all in one ZIP.

Every visit has a folder of its own that goes with it. Only a set that was finished for
the question on the page is offered.
"""

import mimetypes
import zipfile
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import streamlit as st

from kpss_geo.errors import KpssGeoError
from kpss_geo.export import Bundle, Paper, whole
from kpss_geo.export.apart import write_apart
from kpss_geo.text import Words

MADE: Final = "outputs-made"
COLUMNS: Final = 3
MEGABYTE: Final = 1_000_000


@dataclass(frozen=True)
class Made:
    """A finished set: what it answers, its files below `root`, and all of them in one ZIP.

    The folder is removed with this object.
    """

    key: Hashable
    folder: TemporaryDirectory[str]
    root: Path
    files: tuple[Path, ...]
    archive: Path


@dataclass(frozen=True)
class Wish:
    """What is to be made, on what paper, with the styles of which document."""

    outputs: Sequence[str]
    paper: Paper = "a4"
    template: bytes | None = None


def make(bundle: Bundle, wish: Wish, *, key: Hashable, words: Words) -> None:
    """Make the outputs and keep them for this visit; say what is wrong when that fails."""
    st.session_state.pop(MADE, None)
    try:
        st.session_state[MADE] = _make(bundle, wish, key, words)
    except KpssGeoError as error:
        st.error(words.say(error))
    except OSError as error:  # the folder of this visit itself: no room, no right
        st.error(words.say(whole.cannot(Path(error.filename or bundle.territory.id), error)))


def offer(key: Hashable, words: Words) -> None:
    """Offer what was made, when it answers what is asked on the page."""
    made = st.session_state.get(MADE)
    if made is not None and made.key == key:
        _offer(made, words)
    elif made is not None:
        st.info(words.t("The choice has changed since. Make the outputs again to take them."))


def _make(bundle: Bundle, wish: Wish, key: Hashable, words: Words) -> Made:
    """Write the outputs into a folder of this visit; nothing is kept when it fails."""
    folder = TemporaryDirectory(prefix="kpss-geo-outputs-")
    root = Path(folder.name) / whole.file_name(bundle.territory.id)
    styles = None
    if wish.template is not None:
        styles = whole.write(Path(folder.name) / "template.docx", wish.template)
    bar = st.progress(0.0, text=words.t("Starting"))

    def tell(share: float, step: str, count: int) -> None:
        bar.progress(share, text=f"{words.t(step)} ({words.number(count)})")

    try:
        files = write_apart(
            bundle, root, outputs=wish.outputs, template=styles, size=wish.paper, tell=tell
        )
        archive = _archive(files, root, on=bundle.question.on.isoformat())
    finally:
        bar.empty()
    return Made(key, folder, root, tuple(files), archive)


def _archive(files: Sequence[Path], root: Path, *, on: str) -> Path:
    """Put all files into one ZIP beside their folder."""
    path = root.with_name(f"{root.name}-{on}.zip")

    def put(half: Path) -> None:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as target:
            for file in files:
                target.write(file, file.relative_to(root.parent))

    return whole.make(path, put)


def _offer(made: Made, words: Words) -> None:
    count = words.n("{count} file is ready.", "{count} files are ready.", len(made.files))
    st.success(count)
    _button(made.archive, words.t("Download everything (ZIP)"), words, main=True)
    with st.expander(words.t("The files one by one"), expanded=len(made.files) <= 2 * COLUMNS):
        columns = st.columns(COLUMNS)
        for number, file in enumerate(made.files):
            with columns[number % COLUMNS]:
                _button(file, file.relative_to(made.root).as_posix(), words, main=False)


def _button(file: Path, label: str, words: Words, *, main: bool) -> None:
    megabytes = file.stat().st_size / MEGABYTE
    size = words.number(megabytes, digits=1) if megabytes >= 0.1 else "< 0,1"
    kind, _ = mimetypes.guess_type(file.name)
    st.download_button(
        f"{label} · {size} MB",
        file.read_bytes,
        file_name=file.name,
        mime=kind or "application/octet-stream",
        key=f"take-{file.name}-{label}",
        on_click="ignore",
        type="primary" if main else "secondary",
        use_container_width=not main,
    )
