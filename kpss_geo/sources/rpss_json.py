"""The file of the register RPSS: its records one by one, and a careful look into each.

The file is mapped into memory and cut into raw records; only one record is ever turned into
objects, so that the memory needed does not grow with what the records hold.
"""

import mmap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from kpss_geo.errors import N_, FileNotUsable, Phrase
from kpss_geo.sources.files import check_readable

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
MAX_TEXT: Final = 500
"""Characters of a text that are kept; the longest name in the register has under 300."""
MAX_UNKNOWN: Final = 200
"""Different unknown keys that are counted each by its name; the rest count together."""
KINDS: Final[Mapping[type, Phrase]] = {
    bool: N_("yes or no"),
    int: N_("a whole number"),
    float: N_("a decimal number"),
    str: N_("a text"),
    list: N_("a list"),
    dict: N_("an object"),
    type(None): N_("nothing"),
}
WRONG_KIND: Final = N_(
    "{service}: here stands {found}, not {wanted}. It is treated as not known; tell the keeper "
    "of the register."
)


class _Document(msgspec.Struct):
    polozky: list[msgspec.Raw]


@dataclass(frozen=True)
class Fault:
    """Something wrong at one place of a record."""

    path: str
    template: str
    fields: Mapping[str, object]
    warning: bool = False


@dataclass
class Log:
    """Faults of one record, and keys of all records that the product does not know."""

    faults: list[Fault] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)

    def add(self, path: str, template: str, *, warning: bool = False, **fields: object) -> None:
        """Keep a fault; the service is named when the record has been read."""
        self.faults.append(Fault(path, template, fields, warning=warning))


def raw_records(path: Path) -> Iterator[msgspec.Raw]:
    """Give the records of `{"polozky": [...]}` as they stand in the file, one by one.

    Raises
    ------
    FileNotUsable
        No whole JSON in UTF-8, nested without end, or of another shape.
    """
    check_readable(path)
    with path.open("rb") as file:
        # Closing the map while a record is still looked at would be an error; it goes with them.
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    head = mapped[:3]
    content = memoryview(mapped)[len(BYTE_ORDER_MARK) if head == BYTE_ORDER_MARK else 0 :]
    try:
        document = msgspec.json.decode(content, type=_Document)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise FileNotUsable(file=path.name, why=_reason(error, bytes(content[:200]))) from error
    yield from document.polozky


def _reason(error: Exception, beginning: bytes) -> str:
    if beginning.lstrip().startswith(b"<"):
        return N_("it is a web page, not JSON")
    if isinstance(error, msgspec.ValidationError):
        return N_("it is JSON, but not the register: it has no list “polozky”")
    if isinstance(error, RecursionError):
        return N_("it is nested too deeply")
    if "truncated" in str(error):
        return N_("the JSON in it is cut or broken")
    return str(error)


@dataclass(frozen=True)
class Node:
    """An object of a record, its place in it, and where faults are noted."""

    held: Mapping[str, Any]
    path: str
    log: Log

    def expects(self, known: frozenset[str], kind: str) -> "Node":
        """Count keys that are not known; values of theirs are never looked at."""
        for key in self.held.keys() - known:
            name = f"{kind}{key[:60]}"
            full = len(self.log.unknown) >= MAX_UNKNOWN and name not in self.log.unknown
            self.log.unknown["…" if full else name] += 1
        return self

    def text(self, key: str) -> str:
        """Text of a key without outer spaces; empty when there is none."""
        value: str = self._take(key, str) or ""
        if len(value) <= MAX_TEXT and value.isprintable():
            return value.strip()
        shown = "".join(c if c.isprintable() else " " for c in value[:MAX_TEXT]).strip()
        if len(value) > MAX_TEXT:
            template = N_("{service}: a text of {length} characters was cut to {kept}.")
            self._note(key, template, length=len(value), kept=MAX_TEXT)
        elif any(not c.isprintable() and not c.isspace() for c in value):
            template = N_("{service}: characters that cannot be printed were left out of a text.")
            self._note(key, template)
        return shown

    def whole(self, key: str) -> int | None:
        """Whole number of a key; None when there is none."""
        value: int | None = self._take(key, int)
        return value

    def flag(self, key: str) -> bool | None:
        """Yes or no of a key; None when it says neither."""
        value: bool | None = self._take(key, bool)
        return value

    def day(self, key: str) -> date | None:
        """Date of a key; None when there is none or it is no date, which is named."""
        text = self._take(key, str)
        if text is None or not text.strip():
            return None
        try:
            return date.fromisoformat(text.strip()[:10])
        except ValueError:
            template = N_("{service}: “{value}” is no date. It counts as not given.")
            self.log.add(self._at(key), template, value=text[:40])
            return None

    def node(self, key: str) -> "Node | None":
        """Object of a key; None when there is none."""
        value = self._take(key, dict)
        return None if value is None else Node(value, self._at(key), self.log)

    def nodes(self, key: str) -> "list[Node]":
        """Objects of a list; what is no object in it is named and left out."""
        found = []
        for number, value in enumerate(self._take(key, list) or ()):
            path = f"{self._at(key)}[{number}]"
            if isinstance(value, dict):
                found.append(Node(value, path, self.log))
            else:
                self.log.add(path, WRONG_KIND, found=_kind(value), wanted=KINDS[dict])
        return found

    def code(self, key: str, of: str) -> str:
        """Code of a list entry, as `554499` of `{"id": "Obec/554499"}`; empty without one."""
        entry = self.node(key)
        return "" if entry is None else entry.entry_code(of)

    def entry_code(self, of: str) -> str:
        """Code of this very list entry; empty when it names none of that list."""
        text = self.text("id")
        head, _, code = text.partition("/")
        if not text or (head == of and code):
            return code
        template = N_("{service}: “{value}” is no entry of the code list {list}.")
        self.log.add(self._at("id"), template, value=text[:40], list=of)
        return ""

    def _take(self, key: str, wanted: type) -> Any:
        value = self.held.get(key)
        if value is None or type(value) is wanted:
            return value
        self.log.add(self._at(key), WRONG_KIND, found=_kind(value), wanted=KINDS[wanted])
        return None

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _note(self, key: str, template: str, **fields: object) -> None:
        self.log.add(self._at(key), template, warning=True, **fields)


def _kind(value: object) -> Phrase:
    return KINDS.get(type(value), KINDS[dict])
