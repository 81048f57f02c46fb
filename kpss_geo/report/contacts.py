"""Telephones and web addresses of the register as links that may be followed."""

import re
from typing import Final

from kpss_geo.text import NBSP

_NUMBER: Final = re.compile(r"\+?\d[\d \u00a0./-]{1,20}\d")


def phones(text: str) -> list[tuple[str, str]]:
    r"""Read telephone numbers: as shown in threes, and as an address to call.

    A short number beside others is an extension and cannot be called by itself.

    >>> phones("412358411, +420 777 665 571")
    [('412\xa0358\xa0411', 'tel:+420412358411'), ('777\xa0665\xa0571', 'tel:+420777665571')]
    >>> phones("487 832 378, 120")
    [('487\xa0832\xa0378', 'tel:+420487832378')]
    >>> phones("na vrátnici"), phones("116 111"), phones("112")
    ([], [('116\xa0111', 'tel:116111')], [('112', 'tel:112')])
    """
    found = []
    for match in _NUMBER.findall(text):
        digits = re.sub(r"[^\d+]", "", match)
        local = digits.removeprefix("+420").removeprefix("00420")
        whole = f"+420{local}" if len(local) == 9 else local
        shown = NBSP.join(local[i : i + 3] for i in range(0, len(local), 3))
        found.append((shown if len(local) in (3, 6, 9) else digits, f"tel:{whole}"))
    callable_ = [each for each in found if len(each[1]) >= len("tel:123456789")]
    return list(dict.fromkeys(callable_ if len(found) > 1 else found))


def web_address(text: str) -> str:
    """Give a web address that may be followed; empty for anything else.

    >>> web_address("www.domov.cz"), web_address("javascript:alert(1)"), web_address("")
    ('http://www.domov.cz', '', '')
    """
    first = text.strip().split()[0] if text.strip() else ""
    if re.match(r"https?://[^\s\"'<>]+$", first):
        return first
    return f"http://{first}" if re.match(r"[\w-]+(\.[\w-]+)+(/[^\s\"'<>]*)?$", first) else ""
