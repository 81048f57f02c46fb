"""Telephones and web addresses of the register as links that may be followed."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

from kpss_geo.sources.contacts import SHORT, number_words, numbers_of, phone_words, web_words
from kpss_geo.text import NBSP


def phones(text: str) -> list[tuple[str, str]]:
    r"""Read telephone numbers: as shown in threes, and as an address to call.

    A short number beside others is an extension and cannot be called by itself; digits that
    are no number of any network give none.

    >>> phones("412358411, +420 777 665 571")
    [('412\xa0358\xa0411', 'tel:+420412358411'), ('777\xa0665\xa0571', 'tel:+420777665571')]
    >>> phones("487 832 378, 120"), phones("80012411")
    ([('487\xa0832\xa0378', 'tel:+420487832378')], [])
    >>> phones("na vrátnici"), phones("116 111"), phones("112")
    ([], [('116\xa0111', 'tel:116111')], [('112', 'tel:112')])
    """
    found = [
        (
            number_words(number).replace(" ", NBSP),
            f"tel:{phonenumbers.format_number(number, PhoneNumberFormat.E164)}",
        )
        for number in numbers_of(text)
    ]
    if found:
        return found
    short = (re.sub(r"\s", "", line) for line in SHORT.findall(text))
    return [(phone_words(line).replace(" ", NBSP), f"tel:{line}") for line in dict.fromkeys(short)]


def web_address(text: str) -> str:
    """Give a web address that may be followed; empty for anything else.

    >>> web_address("www.domov.cz"), web_address("javascript:alert(1)"), web_address("")
    ('http://www.domov.cz', '', '')
    >>> web_address("https//www.ponikla.cz")
    'https://www.ponikla.cz'
    """
    first = web_words(text).split()[0] if text.strip() else ""
    if re.match(r"https?://[^\s\"'<>]+$", first):
        return first
    return f"http://{first}" if re.match(r"[\w-]+(\.[\w-]+)+(/[^\s\"'<>]*)?$", first) else ""
