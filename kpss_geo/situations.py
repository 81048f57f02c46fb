"""Life situations: what a person would say, and the types of services that help."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kpss_geo.errors import N_, FileNotUsable, Finding, UnknownSituation
from kpss_geo.schema import ANY_GROUP
from kpss_geo.territory import nearest_names
from kpss_geo.text import fold


@dataclass(frozen=True)
class HelpLine:
    """A national help line: `what` says whom it is for."""

    number: str
    name: str
    what: str


@dataclass(frozen=True)
class Situation:
    """A life situation: types of services in the order in which to try them.

    `groups` are the target groups of the register it is about (`ANY_GROUP`: any); `lines`
    are shown before all services. By `words` people find it who say it otherwise.
    """

    id: str
    name: str
    types: tuple[str, ...]
    groups: frozenset[str] = ANY_GROUP
    lines: tuple[HelpLine, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Situations:
    """The list of situations by id, and who made it when."""

    by_id: Mapping[str, Situation]
    source: str
    as_of: str


def parse_situations(
    definitions: Mapping[str, Any], *, file: str, known_types: Collection[str]
) -> tuple[Situations, list[Finding]]:
    """Read the situations of a parsed TOML file; types that are not known are left out, named.

    Raises
    ------
    FileNotUsable
        A situation or a line lacks a key, or names a line that is not there.
    """
    about = definitions.get("about", {})
    lines = {
        key: HelpLine(*(_text(value, name, f"lines.{key}", file) for name in _LINE))
        for key, value in _tables(definitions, "lines", file).items()
    }
    findings: list[Finding] = []
    found = {}
    for key, value in _tables(definitions, "situations", file).items():
        codes, numbers = (_texts(value, name, key, file) for name in ("types", "lines"))
        strange = [code for code in codes if code not in known_types]
        if strange:
            findings.append(_strange(file, key, strange))
        found[key] = Situation(
            id=key,
            name=_text(value, "name", key, file),
            types=tuple(code for code in codes if code in known_types),
            groups=frozenset(_texts(value, "groups", key, file)) or ANY_GROUP,
            lines=tuple(_line(lines, number, key, file) for number in numbers),
            words=_text(value, "words", key, file) if "words" in value else "",
        )
    return Situations(found, str(about.get("source", "")), str(about.get("as_of", ""))), findings


_LINE = ("number", "name", "what")


def _tables(definitions: Mapping[str, Any], name: str, file: str) -> dict[str, Any]:
    tables = definitions.get(name, {})
    if not isinstance(tables, dict):
        raise FileNotUsable(file=file, why=f"[{name}]?")
    return tables


def _text(value: Any, name: str, key: str, file: str) -> str:
    text = value.get(name) if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise FileNotUsable(file=file, why=f"[{key}]: {name}?")
    return text


def _texts(value: Any, name: str, key: str, file: str) -> list[str]:
    texts = value.get(name, []) if isinstance(value, dict) else None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FileNotUsable(file=file, why=f'[{key}]: {name} = ["…", "…"]')
    return texts


def _line(lines: Mapping[str, HelpLine], name: str, key: str, file: str) -> HelpLine:
    if name not in lines:
        raise FileNotUsable(file=file, why=f"[{key}]: [lines.{name}]?")
    return lines[name]


def _strange(file: str, key: str, codes: list[str]) -> Finding:
    template = N_("The situation {situation} names types of services that do not exist: {codes}.")
    fields = {"situation": key, "codes": ", ".join(codes)}
    return Finding("warning", file, template, fields=fields)


def choose_situation(situations: Situations, given: str) -> Situation:
    """Give the situation of that id or name; diacritics and capitals are equal.

    Raises
    ------
    UnknownSituation
        There is none; the nearest ids are named.
    """
    wanted = fold(given)
    for situation in situations.by_id.values():
        if wanted in (fold(situation.id), fold(situation.name)):
            return situation
    names = {situation.name: key for key, situation in situations.by_id.items()}
    nearest = nearest_names(given, [*names, *situations.by_id])
    raise UnknownSituation(
        given=given, nearest=", ".join(dict.fromkeys(names.get(each, each) for each in nearest))
    )
