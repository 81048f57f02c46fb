"""Names and contacts of the register as they are shown, and those that cannot be right."""

import re
from collections.abc import Callable
from typing import Final

import pandas as pd

from kpss_geo.errors import N_, Finding
from kpss_geo.schema import NAME
from kpss_geo.sources.contacts import is_odd_phone, is_odd_web, name_words, phone_words, web_words

_SPACES: Final = re.compile(r"\s{2,}")


def tidied(table: pd.DataFrame) -> pd.DataFrame:
    """Give names with one space and one writing of legal forms, and contacts written one way.

    A run of hard spaces alone stays one hard space.
    """
    words: dict[str, Callable[[str], str]] = {
        NAME: _named, "provider": _named, "phone": phone_words, "web": web_words
    }  # fmt: skip
    given = {
        name: [write(text) for text in table[name]]
        for name, write in words.items()
        if name in table
    }
    return table.assign(**given)


def odd_contacts(rows: pd.DataFrame, *, file: str) -> list[Finding]:
    """Name telephones that no network has and web addresses that lead nowhere, with their rows.

    The index of the rows is that of the file.
    """
    kinds: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("phone", is_odd_phone, N_("“{value}” is no telephone number. It is shown as it is.")),
        ("web", is_odd_web, N_("“{value}” is no web address. It is shown as it is, as no link.")),
    )
    return [
        Finding("warning", file, template, row=int(str(row)), column=column,
                fields={"value": str(rows.at[row, column])[:60]})
        for column, is_odd, template in kinds
        for row in rows.index[rows[column].map(is_odd).astype(bool)]
    ]  # fmt: skip


def _named(text: str) -> str:
    return name_words(_SPACES.sub(_one_space, text).strip())


def _one_space(run: re.Match[str]) -> str:
    return "\u00a0" if set(run[0]) == {"\u00a0"} else " "
