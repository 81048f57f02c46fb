"""What a file of each form begins and ends with; a web page is none of them."""

from collections.abc import Callable
from typing import Final, Literal

from kpss_geo.errors import N_, AnswerNotUsable, Phrase

Form = Literal["json", "zip", "csv", "pbf", "feed", "text"]

BOM: Final = b"\xef\xbb\xbf"


BEGINNINGS: Final[dict[Form, tuple[Callable[[bytes], bool], Phrase]]] = {
    "json": (lambda head: head.startswith((b"{", b"[")), N_("it is not JSON")),
    "zip": (lambda head: head.startswith(b"PK\x03\x04"), N_("it is not a ZIP archive")),
    "pbf": (lambda head: b"OSMHeader" in head[:64], N_("it is not an OSM extract (PBF)")),
    "feed": (lambda head: b"<feed" in head, N_("it is not an ATOM feed")),
    "csv": (lambda head: b"\x00" not in head, N_("it is not a table in CSV")),
    "text": (lambda head: b"\x00" not in head, N_("it is not text")),
}
"""How each form begins, and what is said when it does not."""


def check_form(form: Form, head: bytes, tail: bytes, *, source: str) -> None:
    """Judge the first and last bytes of an answer.

    Raises
    ------
    AnswerNotUsable
        The answer is empty, a web page, of another form, or cut in the middle.
    """
    why = _fault(form, head.removeprefix(BOM).lstrip(), tail.rstrip())
    if why is not None:
        raise AnswerNotUsable(source=source, why=why)


def _fault(form: Form, head: bytes, tail: bytes) -> Phrase | None:
    if not head:
        return N_("it is empty")
    if form != "feed" and head.startswith(b"<"):
        return N_("it is a web page (HTML), not data")
    is_so, why = BEGINNINGS[form]
    if not is_so(head):
        return why
    if form == "json" and not tail.endswith((b"}", b"]")):
        return N_("it is cut in the middle")
    return None
