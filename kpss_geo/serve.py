"""What the web server adds to Streamlit: the areas file, and the page's language.

`app.py` hands `ROUTES` and `MIDDLEWARE` to `streamlit.App`.
"""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders, QueryParams
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kpss_geo import settings, state
from kpss_geo.text import LANGUAGES, Language, known_language

_ENGLISH: Final = b'<html lang="en"'


async def _areas(request: Request) -> Response:
    territory_id = request.path_params["territory"]
    tables = await run_in_threadpool(state.data)
    known = territory_id in tables.territories
    if not known or request.path_params["digest"] != tables.digest:
        return Response(status_code=404)
    content = await run_in_threadpool(state.areas_file, territory_id)
    return Response(
        content,
        media_type="application/geo+json",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


class PageLanguage:
    """Say the page's real language in `<html lang>`, which Streamlit fixes to English.

    A screen reader would otherwise read Czech with English sounds (WCAG 3.1.1).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; in an HTML page replace the language."""
        if scope["type"] != "http" or "." in scope["path"].rsplit("/", 1)[-1]:
            await self.app(scope, receive, send)
            return
        # Uncompressed, so that it can be read here; the page is a few kilobytes.
        headers = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, _Rewriter(send, _language(scope)))


def _language(scope: Scope) -> Language:
    """Language that the link asks for, else the office's usual one."""
    given = QueryParams(scope.get("query_string", b"")).get("jazyk", "")
    return known_language(given) if given in LANGUAGES else settings.current().language


class _Rewriter:
    """Sends a response on; the first part of an HTML page goes out in its own language."""

    def __init__(self, send: Send, language: Language) -> None:
        self.send = send
        self.language = language
        self.start: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Hold back the start of an HTML response until its first part is known."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            if headers.get("content-type", "").startswith("text/html"):
                self.start = message
                return
        elif self.start is not None and message["type"] == "http.response.body":
            body = message.get("body", b"")
            changed = body.replace(_ENGLISH, f'<html lang="{self.language}"'.encode(), 1)
            headers = MutableHeaders(raw=list(self.start["headers"]))
            if "content-length" in headers:
                grown = int(headers["content-length"]) + len(changed) - len(body)
                headers["content-length"] = str(grown)
            del headers["etag"]
            await self.send({**self.start, "headers": headers.raw})
            self.start = None
            message = {**message, "body": changed}
        await self.send(message)


ROUTES: Final = (Route(state.AREAS_PATH, _areas),)
MIDDLEWARE: Final = (Middleware(PageLanguage),)
