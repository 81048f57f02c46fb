"""A patient line to official servers: retries, pauses, redirects, and what is refused."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from kpss_geo import __version__
from kpss_geo.errors import N_, AnswerNotUsable, DownloadFailed, DownloadTooLarge
from kpss_geo.settings import OfficialSources
from kpss_geo.sources.fetch.forms import Form

Progress = Callable[[str, int, int | None], None]
"""Told what is fetched (a translatable text), how much is done, and of how much if known."""

CHUNK: Final = 1 << 16
"""Bytes written at once; of a transfer that is cut at most as many are lost."""
MB: Final = 1_000_000
SLOW: Final = N_("the server does not answer in time")
TROUBLE: Final = (429, 500, 502, 503, 504)
"""Answers after which the same question may succeed."""


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Progress for those who do not watch."""


@dataclass(frozen=True)
class Line:
    """A session with its patience."""

    session: requests.Session
    settings: OfficialSources

    def pause(self, attempt: int) -> None:
        """Wait before the given try; the first one (0) waits for nothing."""
        if attempt:
            pause = self.settings.fetch_pause_s * 2 ** (attempt - 1)
            time.sleep(min(pause, self.settings.fetch_longest_pause_s))


@dataclass(frozen=True)
class Wanted:
    """What is asked for: of whom, where, in which form, and how much it may be."""

    source: str
    url: str
    form: Form
    max_bytes: int
    query: Mapping[str, str] = field(default_factory=dict)
    post: bool = False


@dataclass(frozen=True)
class Job:
    """How and where to: a line, the data folder, the cache, who watches, what may be replaced.

    What lies in `cache` can be fetched again at any time; the office's own files in
    `folder` give way only with `replace_own`.
    """

    line: Line
    folder: Path
    cache: Path
    progress: Progress = silent
    replace_own: bool = False


@contextmanager
def open_line(settings: OfficialSources) -> Iterator[Line]:
    """Open a session that retries with growing pauses; proxies are those of the system."""
    retry = Retry(
        total=settings.fetch_tries - 1,
        status_forcelist=TROUBLE,
        allowed_methods=frozenset({"GET", "POST"}),
        backoff_factor=settings.fetch_pause_s,
        backoff_max=settings.fetch_longest_pause_s,
        retry_after_max=int(settings.fetch_longest_pause_s),
        raise_on_status=False,
    )
    with requests.Session() as session:
        session.max_redirects = 10
        # Lengths and resuming speak of the bytes as they are stored, so none are packed.
        session.headers.update(
            {"User-Agent": f"kpss-geo/{__version__}", "Accept-Encoding": "identity"}
        )
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        yield Line(session, settings)


def ask(line: Line, wanted: Wanted, headers: Mapping[str, str]) -> requests.Response:
    """Send the question and give the answer with its body still to come.

    Raises
    ------
    DownloadFailed
        Nobody answers, or the way leads to an address that is not to be trusted.
    """
    query = dict(wanted.query)
    try:
        response = line.session.request(
            "POST" if wanted.post else "GET",
            wanted.url,
            params=None if wanted.post else query,
            data=query if wanted.post else None,
            headers=dict(headers),
            timeout=line.settings.fetch_timeout_s,
            stream=True,
        )
    except requests.RequestException as error:
        raise DownloadFailed(source=wanted.source, why=_words(error)) from error
    hops = (hop.url for hop in (*response.history, response))
    if wanted.url.startswith("https:") and any(hop.startswith("http:") for hop in hops):
        response.close()
        why = N_("it points from an encrypted address to one that is not")
        raise DownloadFailed(source=wanted.source, why=why)
    return response


def _words(error: Exception) -> str:
    """Say what happened without addresses or names of classes of libraries."""
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (requests.exceptions.InvalidSchema, N_("it points to an address that is not http(s)")),
        (requests.exceptions.TooManyRedirects, N_("it points from address to address forever")),
        (requests.exceptions.SSLError, N_("the certificate of the server is not trusted")),
        (requests.exceptions.ProxyError, N_("the proxy of this network refuses it")),
        (requests.Timeout, SLOW),
        (requests.ConnectionError, N_("the server cannot be reached")),
    )
    # After the last retry requests calls a silent server a lost connection.
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, ReadTimeoutError):
        return SLOW
    said = (text for kind, text in kinds if isinstance(error, kind))
    return next(said, N_("the server speaks no proper HTTP"))


def require_ok(response: requests.Response, wanted: Wanted) -> None:
    """Judge the heading of an answer.

    Raises
    ------
    DownloadFailed
        The server refuses.
    AnswerNotUsable
        It calls its answer a web page.
    """
    if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
        why = f"HTTP {response.status_code} {response.reason or ''}".strip()
        raise DownloadFailed(source=wanted.source, why=why)
    if "text/html" in response.headers.get("Content-Type", "").lower():
        raise AnswerNotUsable(source=wanted.source, why=N_("it is a web page (HTML), not data"))


def pieces(
    line: Line, response: requests.Response, wanted: Wanted, *, already: int = 0
) -> Iterator[bytes]:
    """Give the body in pieces, within the bounds of size and time.

    Raises
    ------
    DownloadTooLarge
        More is declared, or comes, than such a source may have.
    DownloadFailed
        It takes longer than a file may take.
    requests.RequestException
        The transfer is cut.
    """
    declared = whole_size(response, already)
    bound(max(declared or 0, already), wanted)
    last_moment = time.monotonic() + line.settings.fetch_longest_s
    size = already
    for chunk in response.iter_content(CHUNK):
        size += len(chunk)
        bound(size, wanted)
        if time.monotonic() > last_moment:
            raise DownloadFailed(source=wanted.source, why=N_("it takes too long"))
        yield chunk
    if declared is not None and size != declared:
        raise requests.exceptions.ChunkedEncodingError(f"{size} of {declared}")


def bound(size: int, wanted: Wanted) -> None:
    """Raise `DownloadTooLarge` for more bytes than may be."""
    if size > wanted.max_bytes:
        limit = max(1, round(wanted.max_bytes / MB))
        megabytes = max(limit + 1, round(size / MB))
        raise DownloadTooLarge(source=wanted.source, megabytes=megabytes, limit=limit)


def whole_size(response: requests.Response, start: int) -> int | None:
    """Bytes of the whole file as the server declares them; None when it does not."""
    declared = response.headers.get("Content-Length", "")
    packed = response.headers.get("Content-Encoding", "identity") != "identity"
    return None if packed or not declared.isdigit() else int(declared) + start
