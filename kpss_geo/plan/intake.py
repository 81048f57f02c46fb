"""A filled-in table of served obce, read back: every doubtful cell named, none lost."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from kpss_geo.errors import N_, BadOption, FileNotUsable, Finding, Phrase
from kpss_geo.plan import grid
from kpss_geo.plan.answers import NotAnAnswer, answer
from kpss_geo.plan.grid import Said
from kpss_geo.plan.typed import text
from kpss_geo.schema import CODE, SERVICE_ID
from kpss_geo.text import fold

NO_SERVICE: Final = N_(
    "No service has the number “{service}”. What is written of it was kept apart; take the "
    "number from the template."
)
NO_OBEC: Final = N_(
    "No obec of Czechia has the code “{code}”: it is abolished, abroad, or mistyped. What is "
    "written of it was kept apart; correct the code."
)
OTHER_NAME: Final = N_(
    "The code {code} is {known}, but the row says {name}: rows may have moved. What is written "
    "in it was kept apart; correct the code or the name."
)
NO_ANSWER: Final = N_(
    "“{said}” is neither yes nor no. It was kept apart; write yes or no, or leave it empty."
)
BAD_NOTE: Final = N_("The note cannot be kept: {possible}. The line was kept apart; correct it.")
CONTRADICTS: Final = N_(
    "The file says both yes and no of service {service} in obec {code} (also {where}). Neither "
    "was taken; keep one of them."
)
NOTHING_IN_IT: Final = N_("it holds no table of served obce; begin with the template")
SERVED_FILE: Final = (SERVICE_ID, CODE, "serves", "note", "sheet", "row", "column")
APART: Final = (SERVICE_ID, CODE, "said", "note", "sheet", "row", "column", "why")
SHOWN: Final = 60


@dataclass(frozen=True)
class ServedFile:
    """What a filled-in table says.

    statements
        `service_id`, `code`, `serves` (True, False, or None where it takes back what was
        stated), `note`, and where it stands: `sheet`, `row`, `column`.
    apart
        Cells that cannot be taken, as they stand: `service_id`, `code`, `said`, `note`,
        where, and `why` (template of the finding).
    """

    statements: pd.DataFrame
    apart: pd.DataFrame
    findings: tuple[Finding, ...]


class Judged(NamedTuple):
    """A cell with what it means, or with what is wrong with it."""

    cell: Said
    serves: bool | None
    fault: Finding | None


def read_served(
    path: Path, *, known_obce: Mapping[str, str], known_services: Collection[str]
) -> ServedFile:
    """Read a filled-in template, XLSX or CSV, with whatever Word and Excel did to it.

    Parameters
    ----------
    known_obce
        Names of all obce of the country by code.
    known_services
        Ids of services of the register, and `type:<code>` of types.

    Raises
    ------
    FileNotUsable
        The file cannot be read at all, is too large, or holds no such table.
    """
    cells, findings = grid.read_cells(path)
    if cells is None:
        raise FileNotUsable(file=path.name, why=NOTHING_IN_IT)
    services = frozenset(known_services)
    judged = [_judge(cell, known_obce, services) for cell in cells]
    judged = _name_contradictions(judged)
    faults = _each_once(one.fault for one in judged if one.fault is not None)
    sound = {(one.cell.service_id, one.cell.code): one for one in reversed(judged) if not one.fault}
    statements = [
        (c.service_id, c.code, one.serves, c.note, c.sheet, c.row, c.column)
        for one in reversed(sound.values())
        for c in (one.cell,)
    ]
    apart = [
        (c.service_id, c.code, c.said, c.note, c.sheet, c.row, c.column, one.fault.template)
        for one in judged
        for c in (one.cell,)
        if one.fault is not None
    ]
    table = pd.DataFrame(statements, columns=list(SERVED_FILE)).astype({"serves": object})
    return ServedFile(table, pd.DataFrame(apart, columns=list(APART)), (*findings, *faults))


def _judge(cell: Said, obce: Mapping[str, str], services: Collection[str]) -> Judged:
    if cell.service_id not in services:
        fault = cell.fault(NO_SERVICE, of="column", service=cell.service_id[:SHOWN] or "–")
        return Judged(cell, None, fault)
    if cell.code not in obce:
        return Judged(cell, None, cell.fault(NO_OBEC, of="row", code=cell.code[:SHOWN] or "–"))
    known = obce[cell.code]
    if cell.name and _plain(cell.name) != _plain(known):
        name = cell.name[:SHOWN]
        fault = cell.fault(OTHER_NAME, of="row", code=cell.code, known=known, name=name)
        return Judged(cell, None, fault)
    try:
        text(cell.note, option="note")
        return Judged(cell, answer(cell.said), None)
    except NotAnAnswer:
        return Judged(cell, None, cell.fault(NO_ANSWER, said=cell.said.strip()[:SHOWN]))
    except BadOption as error:
        return Judged(cell, None, cell.fault(BAD_NOTE, possible=error.fields["possible"]))


def _plain(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").replace("–", " ").split())


def _name_contradictions(judged: Sequence[Judged]) -> list[Judged]:
    """Mark every cell of a service and obec of which the file says different things."""
    said: dict[tuple[str, str], dict[bool | None, Said]] = {}
    for one in judged:
        if one.fault is None:
            key = (one.cell.service_id, one.cell.code)
            said.setdefault(key, {}).setdefault(one.serves, one.cell)
    result = []
    for one in judged:
        answers = said.get((one.cell.service_id, one.cell.code), {})
        if one.fault is None and len(answers) > 1:
            other = next(cell for serves, cell in answers.items() if serves is not one.serves)
            fault = one.cell.fault(
                CONTRADICTS, service=one.cell.service_id, code=one.cell.code, where=other.where
            )
            result.append(Judged(one.cell, None, fault))
        else:
            result.append(one)
    return result


def _each_once(findings: Iterator[Finding]) -> list[Finding]:
    """Name a wrong column or row once, however many cells it has."""
    seen: dict[tuple[str, str, int | None, str | None], Finding] = {}
    for finding in findings:
        key = (finding.file, finding.template, finding.row, finding.column)
        seen.setdefault(key, finding)
    return list(seen.values())


__all__ = ["CONTRADICTS", "Phrase", "ServedFile", "read_served"]
