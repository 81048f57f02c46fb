"""Import of the official register of providers (RPSS, MPSV): its file into plain tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
import pandas as pd

from kpss_geo.errors import N_, Finding, Severity
from kpss_geo.schema import CODE, NAME, SERVICE_ID, TYPE_CODE
from kpss_geo.sources.register import GROUPS
from kpss_geo.sources.rpss_codes import Codes, names_of
from kpss_geo.sources.rpss_forms import Row
from kpss_geo.sources.rpss_json import Fault, Log, Node, raw_records
from kpss_geo.sources.rpss_record import Rows, read_record, together
from kpss_geo.sources.segments import Progress, silent

SERVICE_TEXTS: Final = (
    SERVICE_ID, TYPE_CODE, "source", "provider", "ico", "opening", "web", "email", "phone",
)  # fmt: skip
SERVICE_LISTS: Final = (GROUPS, "age_bands", "regions")
PLACE_COLUMNS: Final = (
    SERVICE_ID, NAME, "address_code", "street", "house_number", "house_kind",
    "orientation_number", "postcode", CODE, "obec_part", "obec_part_code", "web", "phone",
    "since", "until", "secret", "record", "facility",
)  # fmt: skip
STEP: Final = 500
"""Records after which the progress is told."""


@dataclass(frozen=True)
class Imported:
    """What a file of the register holds, without points on the map.

    services
        One row per registration: texts, `since`, `until` (dates or None), tuples of target
        groups, age bands and regions (CZ042) it extends to, `record` (its number in the
        file), `apart` (another record of the same id came first and says something else).
    capacities
        `service_id`, `form`, `unit`, `count`, as in `register.Register`.
    places
        One row per facility, in the words of the register; a secret one with its obec only.
    names
        Names of the types and target groups: `list`, `code`, `name`.
    records, left_out
        Records in the file, and those that gave no service; each of these is a finding.
    official_lists
        Code lists that came from official files; the others are the shipped ones.
    """

    services: pd.DataFrame
    capacities: pd.DataFrame
    places: pd.DataFrame
    names: pd.DataFrame
    findings: tuple[Finding, ...]
    file: str
    as_of: str
    records: int
    left_out: int
    official_lists: tuple[str, ...]


def import_rpss(
    path: Path,
    *,
    codes: Codes,
    as_of: date,
    found_before: Sequence[Finding] = (),
    progress: Progress = silent,
) -> Imported:
    """Read the file of the register; every fault is named, no record is lost silently.

    `found_before` are findings about the code lists; they are kept with the others.

    Raises
    ------
    FileNotUsable
        The file as a whole is not the register: cut, a web page, another encoding or shape.
    """
    read = _Reading(path.name, codes)
    for number, raw in enumerate(raw_records(path), start=1):
        read.take(number, raw)
        if number % STEP == 0:
            progress(N_("Reading the register of providers"), number)
    return read.result(as_of, found_before)


class _Reading:
    """A file half read: rows so far, ids seen, faults."""

    def __init__(self, file: str, codes: Codes) -> None:
        self.file = file
        self.codes = codes
        self.rows: list[Rows] = []
        self.findings: list[Finding] = []
        self.log = Log()
        self.seen: dict[str, tuple[int, bytes]] = {}
        self.records = 0

    def take(self, number: int, raw: msgspec.Raw) -> None:
        """Read one record into rows, or name it as left out."""
        self.records = number
        try:
            held = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            held = None
        self.log.faults.clear()
        if isinstance(held, dict):
            self._record(number, Node(held, "", self.log), sha256(raw).digest())
        else:
            template = N_("The record is no service that can be read. It was left out.")
            self._find(number, Fault("", template, {}))

    def _record(self, number: int, node: Node, content: bytes) -> None:
        service = _service_id(node, number)
        first, known = self.seen.setdefault(service, (number, content))
        if first != number and known == content:
            template = N_(
                "{service} stands in record {first} with the same words. It was left out."
            )
            self._find(number, Fault("portalId", template, {"first": first}, warning=True), service)
            return
        apart = first != number
        if apart:
            template = N_(
                "{service} stands in record {first} already and says something else there. That "
                "one counts; this one is kept apart, and where it is within reach, a verdict is "
                "not known."
            )
            node.log.add("portalId", template, first=first)
        own_id = f"{service}~{number}" if apart else service
        rows = read_record(node, number, service=own_id, codes=self.codes)
        rows.services[0]["apart"] = apart
        self.rows.append(rows)
        for fault in node.log.faults:
            self._find(number, fault, service)

    def _find(self, number: int, fault: Fault, service: str = "") -> None:
        fields = {"service": service, **fault.fields}
        severity: Severity = "warning" if fault.warning else "error"
        self.findings.append(
            Finding(severity, self.file, fault.template, number, fault.path or None, fields)
        )

    def result(self, as_of: date, found_before: Sequence[Finding]) -> Imported:
        """Give the tables of what was read."""
        whole = together(self.rows)
        services, places = _services(whole.services), _places(whole.places)
        return Imported(
            services=services,
            capacities=_capacities(whole.capacities),
            places=places,
            names=names_of(self.codes),
            findings=(*found_before, *self._about_all(len(services)), *self.findings),
            file=self.file,
            as_of=as_of.isoformat(),
            records=self.records,
            left_out=self.records - len(services),
            official_lists=tuple(sorted(self.codes.official)),
        )

    def _about_all(self, services: int) -> Iterator[Finding]:
        if not services:
            yield Finding("error", self.file, N_("The table holds no service at all."))
        if self.log.unknown:
            template = N_(
                "The register has keys that are not known here and were not read: {keys}. Look "
                "for a newer version of kpss_geo."
            )
            keys = ", ".join(f"{key} ({n}×)" for key, n in sorted(self.log.unknown.items()))
            yield Finding("note", self.file, template, fields={"keys": keys})


def _service_id(record: Node, number: int) -> str:
    """Id of the registration: that of the portal, else the register's own, else its place."""
    portal = record.whole("portalId")
    if portal is not None:
        return f"mpsv-{portal}"
    other = record.text("identifikator") or record.text("id")
    template = N_("{service}: the record has no portalId. It is called by another id of its own.")
    record.log.add("portalId", template, warning=True)
    return f"mpsv:{other}" if other else f"mpsv#{number}"


def _services(rows: list[Row]) -> pd.DataFrame:
    columns = (*SERVICE_TEXTS, *SERVICE_LISTS, "since", "until", "record", "apart")
    table = pd.DataFrame(rows, columns=list(columns))
    kinds = dict.fromkeys(SERVICE_TEXTS, "str") | {"record": "int64", "apart": "bool"}
    return table.astype(kinds).astype(dict.fromkeys((*SERVICE_LISTS, "since", "until"), object))


def _capacities(rows: list[Row]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[SERVICE_ID, "form", "unit", "count"])
    return table.astype({SERVICE_ID: "str", "form": "str", "unit": "str", "count": float})


def _places(rows: list[Row]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(PLACE_COLUMNS))
    texts = [
        c for c in PLACE_COLUMNS if c not in ("since", "until", "secret", "record", "facility")
    ]
    kinds = dict.fromkeys(texts, "str") | {"secret": "bool", "record": "int64", "facility": "int64"}
    return table.astype(kinds).astype({"since": object, "until": object})
