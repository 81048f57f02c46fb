"""A table of the team's own before it is taken: first rows, and how many count."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kpss_geo.catalogue import ServiceType
from kpss_geo.own import Checked
from kpss_geo.own.kinds import COLUMNS, FILES
from kpss_geo.report.html import render
from kpss_geo.report.sentences import FORM_WORDS, UNIT_WORDS
from kpss_geo.schema import TYPE_CODE
from kpss_geo.sources.register import GROUPS
from kpss_geo.text import Words

_KEYS: Final = {TYPE_CODE: "type", GROUPS: "groups"}
"""Columns of the product's own form that templates call otherwise."""


def preview_table(checked: Checked, words: Words, *, types: Mapping[str, ServiceType]) -> str:
    """Write the first rows as they would be taken, under the headings of the template."""
    shown = checked.preview.copy()
    if TYPE_CODE in shown:
        shown[TYPE_CODE] = [types[c].label if c in types else c for c in shown[TYPE_CODE]]
    if "forms" in shown:
        shown["forms"] = [forms_words(text, words) for text in shown["forms"]]
    headings = {column.key: column.heading for column in COLUMNS[checked.kind]}
    return render(
        "plain.html",
        name="own-preview",
        caption=words.t("{file}: the first rows as they would be taken", file=checked.file),
        headings=[
            words.t("row"),
            *(headings.get(_KEYS.get(str(name), str(name)), str(name)) for name in shown.columns),
        ],
        rows=[
            (str(row), *map(str, cells))
            for row, cells in zip(shown.index, shown.to_numpy(), strict=True)
        ],
    )


def forms_words(stored: str, words: Words) -> str:
    """Write the forms and capacities of a row as people say them.

    >>> forms_words("pob:luzka=24;amb", Words("cs")).replace("\u00a0", " ")
    'pobytová: 24 lůžek; ambulantní'
    """
    said = []
    for part in filter(None, stored.split(";")):
        form, _, amounts = part.partition(":")
        name = words.t(FORM_WORDS[form]) if form in FORM_WORDS else form
        texts = [_amount(amount, words) for amount in amounts.split("+") if amount]
        said.append(f"{name}: {', '.join(texts)}" if texts else name)
    return "; ".join(said)


def _amount(stored: str, words: Words) -> str:
    unit, _, count = stored.partition("=")
    if unit not in UNIT_WORDS or not count.isdigit():
        return stored
    return words.n(*UNIT_WORDS[unit], int(count))


def counts(checked: Checked, words: Words) -> str:
    """Say how many rows were read, can be taken and are left out."""
    return words.t(
        "{read} rows read, {taken} can be taken, {left} are left out.",
        read=words.number(checked.read),
        taken=words.number(checked.read - checked.left_out),
        left=words.number(checked.left_out),
    )


def taken(checked: Checked, words: Words) -> str:
    """Say what was taken over."""
    return words.t(
        "{count} rows were taken over into {file}; {left} were left out.",
        count=words.number(checked.read - checked.left_out),
        file=FILES[checked.kind],
        left=words.number(checked.left_out),
    )


def undone(put_back: Path | None, words: Words) -> str:
    """Say which table is in force after a taking over was taken back."""
    if put_back is None:
        return words.t("There was no own table before; the product's is in force again.")
    return words.t("{file} is as it was before the last taking over.", file=put_back.name)
