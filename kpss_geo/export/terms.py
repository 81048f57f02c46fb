"""Terms of use of what is made, from the licences of what it was made of.

Terms are a proposal to the office that publishes the data: it decides, and answers for
them. Where a licence of any source is not known, none are proposed.
"""

from typing import Final

from kpss_geo.export.bundle import Bundle

CC_BY: Final = "https://creativecommons.org/licenses/by/4.0/"
ODBL: Final = "https://opendatacommons.org/licenses/odbl/1-0/"
FREE: Final = ("nechráněná databáze", "úřední dílo", "CC0")
"""Beginnings of licences that ask for nothing."""


def unclear(bundle: Bundle) -> list[str]:
    """Name the sources whose licence is not known; an empty list when all are."""
    sources = bundle.answers[0].sources
    names = [source.title for source in sources if not _known(source.licence)]
    held = {source.id for source in sources}
    if bundle.question.travel.roads and "roads" not in held:
        names.append("silnice")
    return names


def authors(bundle: Bundle) -> str:
    """Name whom CC BY asks to name; empty when nobody."""
    named = (s.source for s in bundle.answers[0].sources if "CC BY" in s.licence + s.source)
    return "; ".join(dict.fromkeys(named))


def licence(bundle: Bundle) -> str | None:
    """Give the address of the licence that all sources allow; None where one is not known."""
    if unclear(bundle):
        return None
    shared = any("ODbL" in source.licence for source in bundle.answers[0].sources)
    return ODBL if shared else CC_BY


def _known(text: str) -> bool:
    return text.startswith(FREE) or "CC BY 4.0" in text or "ODbL" in text
