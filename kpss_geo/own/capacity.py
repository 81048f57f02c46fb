"""Forms and capacities as people write them, in the register's own words.

“pobytová, terénní” and “24 lůžek; 10 klientů” become `pob:luzka=24;ter:klient=10`. A number
without a unit, or one that may belong to more forms, is named and stays unknown.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from kpss_geo.errors import N_
from kpss_geo.own.faults import Faults
from kpss_geo.own.places import Cells
from kpss_geo.schema import CAPACITY_UNITS, FORMS
from kpss_geo.sources.capacities import MAX_CAPACITY
from kpss_geo.text import fold

Words = Mapping[str, tuple[str, ...]]
FORM_WORDS: Final[Words] = {"pob": ("pob",), "amb": ("amb",), "ter": ("ter",)}
UNIT_WORDS: Final[Words] = {
    "luzka": ("luz", "postel"),
    "klient": ("klient", "uzivatel", "osob"),
    "kontakt": ("kontakt",),
    "interv": ("interv",),
    "hovor": ("hovor",),
}
_PIECES = re.compile(r"[;,\n/|+]| a ")
_NUMBER = re.compile(
    r"(?:(?<!\w)-)?(?:(?<![\d,.])\d{1,3}(?:[\s\u00a0]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
)
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(f"{_NUMBER.pattern}|{_WORD.pattern}")
_OWN_FORM = re.compile(r"(?:pob|amb|ter):(?:[a-z]+=\d+)?(?:\+[a-z]+=\d+)*")


class Amount(NamedTuple):
    """A number of a capacity; `form` and `unit` are empty where they are not said."""

    form: str
    unit: str
    number: int


def forms_text(cells: Cells, faults: Faults, *, row: int, by_law: tuple[str, ...] = ()) -> str:
    """Forms and capacities of a row, as the register writes them.

    by_law
        Forms the type may have; where the row names none and the law knows one, it is that.
    """
    given = cells.get("forms", "")
    if given and all(_OWN_FORM.fullmatch(part) for part in given.split(";")):
        return given
    forms = _forms(given, faults, row=row) or _only_form(by_law, given, faults, row=row)
    strange = [form for form in forms if by_law and form not in by_law]
    for form in strange:
        template = N_("By law the type has no form “{form}”. It was taken as written; check it.")
        faults.say("warning", template, row=row, column="forms", form=form)
    return _joined(forms, _amounts(cells, forms, faults, row=row))


def _forms(given: str, faults: Faults, *, row: int) -> list[str]:
    forms: list[str] = []
    for piece in filter(None, (part.strip() for part in _PIECES.split(given))):
        form = _word(piece, FORM_WORDS)
        if form:
            forms.append(form)
            continue
        template = N_("“{value}” is no form of service (pobytová, ambulantní, terénní).")
        faults.say("error", template, row=row, column="forms", value=piece[:40])
    return list(dict.fromkeys(forms))


def _only_form(by_law: tuple[str, ...], given: str, faults: Faults, *, row: int) -> list[str]:
    if not given and len(by_law) == 1:
        template = N_("The form is not given. By law the type has one form, {form}; it was used.")
        faults.say("note", template, row=row, column="forms", form=by_law[0])
        return list(by_law)
    template = N_(
        "The form is not given, so it is not known whom the service covers. Add pobytová, "
        "ambulantní or terénní."
    )
    faults.say("warning", template, row=row, column="forms")
    return []


def _amounts(cells: Cells, forms: list[str], faults: Faults, *, row: int) -> list[Amount]:
    read = [
        *_read_amounts(cells.get("capacity", ""), cells.get("unit", "")),
        *_read_amounts(cells.get("beds", ""), "luzka"),
        *_read_amounts(cells.get("clients", ""), "klient"),
    ]
    if not read and cells.get("capacity", ""):
        _say_unread(cells["capacity"], N_("it holds no whole number"), faults, row=row)
    sound: list[Amount] = []
    for amount in read:
        placed = amount._replace(form=amount.form or _form_for(amount.unit, forms))
        why = _fault(placed, forms)
        if why:
            _say_unread(cells.get("capacity", "") or str(amount.number), why, faults, row=row)
        elif placed not in sound:
            sound.append(placed)
    return sound


def _read_amounts(text: str, unit_said: str) -> list[Amount]:
    """Numbers of a text, each with its own unit and with the form of its piece of the text."""
    spoken = _word(unit_said, UNIT_WORDS)
    amounts = []
    for piece in re.split(r"[;\n|+]|,(?!\d)", text):
        form = _word(piece, FORM_WORDS)
        for number, unit in _with_units(piece):
            amounts.append(Amount(form, unit or spoken, _whole(number)))
    return amounts


def _with_units(piece: str) -> list[tuple[str, str]]:
    """Pair each number with the unit behind it, else the one before it; no unit is used twice."""
    pairs: list[tuple[str, str]] = []
    free = ""
    for token in _TOKEN.findall(piece):
        unit = _word(token, UNIT_WORDS)
        if token[-1].isdigit():
            pairs.append((token, free))
            free = ""
        elif unit and pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], unit)
        elif unit:
            free = unit
    return pairs


def _whole(number: str) -> int:
    """Read a whole number of people or beds; -1 for one with decimals."""
    plain = "".join(number.split()).replace(",", ".").removesuffix(".0")
    return int(plain) if plain.isdecimal() else -1


def _fault(amount: Amount, forms: list[str]) -> str:
    if not amount.unit:
        return N_("it has no unit (lůžka, klienti, kontakty, intervence, hovory)")
    if not 0 < amount.number <= MAX_CAPACITY:
        return N_("it is not possible")
    if not amount.form:
        return N_("it may belong to more than one form")
    return "" if amount.form in forms else N_("it is of a form that the row does not have")


def _say_unread(value: str, why: str, faults: Faults, *, row: int) -> None:
    template = N_("The capacity “{value}” is taken as not known: {why}.")
    faults.say("warning", template, row=row, column="capacity", value=value[:40], why=why)


def _form_for(unit: str, forms: list[str]) -> str:
    """Form of an amount that names none: the only one, or the residential one for beds."""
    if len(forms) == 1:
        return forms[0]
    return "pob" if unit == "luzka" and "pob" in forms else ""


def _joined(forms: Iterable[str], amounts: list[Amount]) -> str:
    parts = []
    for form in sorted(forms, key=FORMS.index):
        mine = sorted((a for a in amounts if a.form == form), key=_unit_order)
        parts.append(f"{form}:" + "+".join(f"{a.unit}={a.number}" for a in mine))
    return ";".join(parts)


def _unit_order(amount: Amount) -> int:
    return CAPACITY_UNITS.index(amount.unit)


def _word(text: str, words: Words) -> str:
    """Key of the first word of a text that begins as one of the known words does."""
    for word in _WORD.findall(fold(text)):
        for key, beginnings in words.items():
            if word.startswith(beginnings):
                return key
    return ""
