"""A local HTTP server that plays the official ones, and can be told to go wrong."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from kpss_geo.settings import Settings

STAMP = "Mon, 31 Aug 2026 04:00:00 GMT"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    target: str


@dataclass(frozen=True)
class Answer:
    """What is sent. `sent` cuts the body short of what is declared; `endless` never stops."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None
    endless: bool = False
    resumable: bool = True
    declared: int | None = None


Fault = Callable[[Answer], Answer]
Route = Callable[[Request], Answer | None]


def status(code: int, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer(b"sorry", status=code, headers=named, kind="text/plain")


def redirect(to: str) -> Fault:
    return lambda _: Answer(status=302, headers={"Location": to})


def cut(at: int) -> Fault:
    """Say the whole length, send less, hang up."""
    return lambda answer: replace(answer, sent=at)


def declares(size: int) -> Fault:
    return lambda answer: replace(answer, declared=size, resumable=False)


def endless() -> Fault:
    return lambda answer: replace(answer, endless=True, resumable=False)


def gives(body: bytes, *, kind: str | None = None) -> Fault:
    return lambda answer: replace(answer, body=body, kind=kind or answer.kind)


def web_page(kind: str = "text/html; charset=utf-8") -> Fault:
    return gives(b"<!DOCTYPE html><html><body>Maintenance</body></html>", kind=kind)


def unversioned() -> Fault:
    return lambda answer: replace(answer, resumable=False)


def nothing_wrong() -> Fault:
    return lambda answer: answer


class Office:
    """Routes by prefix of the path, faults by prefix, and a log of what was asked."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.log: list[Request] = []
        self._faults: dict[str, list[Fault]] = {}
        self._forever: dict[str, Fault] = {}
        self._lock = threading.Lock()
        self.url = ""

    def spoil(self, prefix: str, *faults: Fault, forever: bool = False) -> None:
        """Let the next requests of a path go wrong, one fault each; or all of them."""
        if forever:
            self._forever[prefix] = faults[0]
        else:
            self._faults.setdefault(prefix, []).extend(faults)

    def mend(self) -> None:
        self._faults.clear()
        self._forever.clear()

    def asked(self, prefix: str) -> list[Request]:
        return [request for request in self.log if request.path.startswith(prefix)]

    def settings(self, folder: Path, **more: object) -> Settings:
        """Settings that point every source here, impatient, with a data folder of their own."""
        here = self.url
        known: dict[str, object] = {
            "geo_data": folder / "data",
            "cache": folder / "cache",
            "ruian_url": f"{here}/ruian",
            "gisco_lau_url": f"{here}/gisco/LAU_RG_01M_2024_4326.geojson",
            "addresses_url": f"{here}/vdp",
            "addresses_atom_url": f"{here}/atom?theme=RUIAN-CSV-ADR-ST",
            "csu_ages_url": f"{here}/csu/130149-25data052025.zip",
            "csu_census_url": f"{here}/csu/sldb2021_vek5_pohlavi.csv",
            "rpss_url": f"{here}/od/soubory",
            "geofabrik_url": f"{here}/geofabrik",
            "gtfs_urls": [("pid", f"{here}/gtfs/pid.zip"), ("kordis", f"{here}/gtfs/kordis.zip")],
            "fetch_pause_s": 0.0,
            "fetch_longest_pause_s": 2.0,
            "fetch_timeout_s": 5.0,
            "fetch_tries": 3,
        }
        return Settings(**{**known, **more})  # type: ignore[arg-type]

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.log.append(request)
            fault = self._next_fault(request.path)
        found = (
            route(request)
            for prefix, route in self.routes.items()
            if request.path.startswith(prefix)
        )
        answer = next((a for a in found if a is not None), Answer(b"no such thing", status=404))
        return fault(answer) if fault else answer

    def _next_fault(self, path: str) -> Fault | None:
        for prefix, faults in self._faults.items():
            if path.startswith(prefix) and faults:
                return faults.pop(0)
        return next((f for prefix, f in self._forever.items() if path.startswith(prefix)), None)


def partial(answer: Answer, request: Request) -> Answer:
    """Turn an answer into the part, or the 304, that the request's conditions ask for."""
    if not answer.resumable or answer.status != 200:
        return answer
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Last-Modified": STAMP, "Accept-Ranges": "bytes", **answer.headers}
    answer = replace(answer, headers=headers)
    wanted = request.headers
    if wanted.get("if-none-match") == headers["ETag"]:
        return replace(answer, status=304, body=b"", sent=None)
    if "range" in wanted and wanted.get("if-range") in (headers["ETag"], STAMP):
        start = int(wanted["range"].removeprefix("bytes=").rstrip("-"))
        if start >= len(answer.body):
            return replace(answer, status=416, body=b"")
        place = f"bytes {start}-{len(answer.body) - 1}/{len(answer.body)}"
        headers = {**headers, "Content-Range": place}
        return replace(answer, status=206, body=answer.body[start:], headers=headers)
    return answer


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    office: Office

    def do_GET(self) -> None:
        self._serve("")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._serve(self.rfile.read(length).decode())

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self, form: str) -> None:
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)) | dict(parse_qsl(form)),
            headers={name.lower(): value for name, value in self.headers.items()},
            target=self.path,
        )
        answer = partial(self.office.answer(request), request)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.close_connection = True
        self.send_header("Connection", "close")
        if answer.endless:
            self.end_headers()
            self._flood(answer.body[:64] or b"x")
            return
        declared = len(answer.body) if answer.declared is None else answer.declared
        self.send_header("Content-Length", str(declared))
        self.end_headers()
        self.wfile.write(answer.body[: answer.sent])

    def _flood(self, head: bytes) -> None:
        try:
            self.wfile.write(head)
            while True:
                self.wfile.write(b" " * 65_536)
        except OSError:  # the other side has had enough, which is what is tested
            return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that hang up early are part of the tests."""


@contextmanager
def open_office() -> Iterator[Office]:
    """Serve on a free port of 127.0.0.1 until the end of the block."""
    office = Office()
    desk = type("Desk", (_Desk,), {"office": office})
    with _Server(("127.0.0.1", 0), desk) as server:
        office.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join(5)
