"""Bytes from official servers: bounded, resumed, checked, and whole or not at all.

Connections, redirects, pauses and retries are those of requests and urllib3. pooch was
looked at and not taken: it neither resumes a cut transfer, nor heeds Retry-After, nor
bounds how much it takes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

import requests

from kpss_geo.errors import N_, AnswerNotUsable, DownloadFailed, DownloadTooLarge
from kpss_geo.sources.fetch.forms import check_form
from kpss_geo.sources.fetch.line import (
    Line,
    Progress,
    Wanted,
    ask,
    pieces,
    require_ok,
    silent,
    whole_size,
)


@dataclass(frozen=True)
class Reply:
    """How the server names what it gave."""

    url: str
    etag: str
    last_modified: str

    @property
    def validator(self) -> str:
        """What tells two versions apart for certain; a weak tag does not."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class _Cut(Exception):
    """A transfer that ended before its end: worth another try."""


def read(line: Line, wanted: Wanted) -> bytes:
    """Give a small answer whole, in memory.

    Raises
    ------
    DownloadFailed, DownloadTooLarge, AnswerNotUsable
    """
    for attempt in range(line.settings.fetch_tries):
        line.pause(attempt)
        with ask(line, wanted, {}) as response:
            require_ok(response, wanted)
            try:
                content = b"".join(pieces(line, response, wanted))
            except requests.RequestException:
                continue
        check_form(wanted.form, content[:1024], content[-64:], source=wanted.source)
        return content
    raise _cut_for_good(wanted)


def save(
    line: Line,
    wanted: Wanted,
    half: Path,
    *,
    held: Reply | None = None,
    progress: Progress = silent,
) -> Reply | None:
    """Write a large answer into `half`; None when the server says `held` is still the newest.

    A transfer cut in the middle goes on from where it stopped, if the server says which
    version it gives; otherwise it starts again. Only tries that bring nothing count. What
    came in stays in `half` after a failure and the next call goes on from it. The caller
    checks `half` and puts it in place.

    Raises
    ------
    DownloadFailed, DownloadTooLarge, AnswerNotUsable
    """
    fruitless = 0
    while fruitless < line.settings.fetch_tries:
        line.pause(fruitless)
        size = _size(half)
        try:
            return _transfer(line, wanted, half, held, progress)
        except _Cut:
            fruitless = 0 if _version_of(half, wanted) and _size(half) > size else fruitless + 1
        except DownloadTooLarge:
            forget(half)
            raise
        except DownloadFailed:
            raise
        except OSError as error:
            raise DownloadFailed(source=wanted.source, why=error.strerror or "") from error
    raise _cut_for_good(wanted)


def _size(half: Path) -> int:
    return half.stat().st_size if half.is_file() else 0


def forget(half: Path) -> None:
    """Drop what came in of a transfer."""
    half.unlink(missing_ok=True)
    _note(half).unlink(missing_ok=True)


def _transfer(
    line: Line, wanted: Wanted, half: Path, held: Reply | None, progress: Progress
) -> Reply | None:
    version = _version_of(half, wanted)
    start = half.stat().st_size if version else 0
    with ask(line, wanted, _conditions(start, version, held)) as response:
        if response.status_code == requests.codes.not_modified and held is not None and not start:
            return None
        if _is_another_part(response, start):
            forget(half)
            raise _Cut
        require_ok(response, wanted)
        reply = _reply(response)
        already = start if response.status_code == requests.codes.partial_content else 0
        try:
            with _opened(half, already, reply, wanted) as file:
                for piece in pieces(line, response, wanted, already=already):
                    file.write(piece)
                    progress(wanted.source, file.tell(), whole_size(response, already))
        except requests.RequestException as error:
            raise _Cut from error
    _check_file(half, wanted)
    _note(half).unlink(missing_ok=True)
    return reply


def _conditions(start: int, version: str, held: Reply | None) -> dict[str, str]:
    if start:
        return {"Range": f"bytes={start}-", "If-Range": version}
    if held is None:
        return {}
    asked = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
    return {name: value for name, value in asked.items() if value}


def _is_another_part(response: requests.Response, start: int) -> bool:
    """Whether the answer is a part, but not the one that was asked for."""
    if response.status_code == requests.codes.requested_range_not_satisfiable:
        return start > 0
    expected = f"bytes {start}-"
    return response.status_code == requests.codes.partial_content and not (
        start and response.headers.get("Content-Range", "").startswith(expected)
    )


def _reply(response: requests.Response) -> Reply:
    return Reply(
        url=response.url,
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )


def _opened(half: Path, already: int, reply: Reply, wanted: Wanted) -> IO[bytes]:
    """Open the half file to go on or anew, noting beside it which version it holds."""
    if already:
        return half.open("ab")
    half.parent.mkdir(parents=True, exist_ok=True)
    forget(half)
    if reply.validator:
        _note(half).write_text(f"{wanted.url}\n{reply.validator}", encoding="utf-8")
    return half.open("wb")


def _version_of(half: Path, wanted: Wanted) -> str:
    """Which version of the same address the half file holds; empty when that is not known."""
    if not (half.is_file() and half.stat().st_size and _note(half).is_file()):
        return ""
    url, _, version = _note(half).read_text(encoding="utf-8").partition("\n")
    return version if url == wanted.url else ""


def _note(half: Path) -> Path:
    return half.with_name(half.name + ".version")


def _check_file(half: Path, wanted: Wanted) -> None:
    with half.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, half.stat().st_size - 64))
        tail = file.read()
    try:
        check_form(wanted.form, head, tail, source=wanted.source)
    except AnswerNotUsable:
        forget(half)
        raise


def _cut_for_good(wanted: Wanted) -> DownloadFailed:
    return DownloadFailed(source=wanted.source, why=N_("the transfer is cut again and again"))
