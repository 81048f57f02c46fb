"""Which obec is meant: by code, by name as people write it, by name with its district.

5 346 names stand for 6 258 obce; 591 of them are borne by more than one (there are fourteen
called Nová Ves). What is not certain is never chosen here: it is given back with candidates.
"""

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import pandas as pd
from rapidfuzz import fuzz, process

from kpss_geo.schema import NAME
from kpss_geo.text import fold

K = TypeVar("K", bound=Hashable)
How = Literal["code", "name", "likely", "ambiguous", "unknown"]
ORP: Final = "orp"
DISTRICT: Final = "district"
LIKELY: Final = 85.0
"""Likeness (0–100) from which a name is proposed for one that does not exist."""
LEAST: Final = 60.0
"""Likeness below which a name is not even shown as a candidate."""
LEAD: Final = 4.0
"""By how much the proposed name must be more like it than the next one."""
CANDIDATES: Final = 8
HINT: Final = re.compile(
    r"(?:\(|,\s*|\s)(?P<kind>okres|okr|so\s+orp|orp)(?:\s*[.:]\s*|\s+)(?P<area>[^()]+?)\)?\s*$",
    re.IGNORECASE,
)
"""A district or ORP written behind a name: Lipová (okres Děčín), Lipová, okr. Děčín."""
_PREFIX = re.compile(
    r"^(?:obec|statutární město|hlavní město|hl\.\s?m\.|město|městys|m\.)\s+", re.IGNORECASE
)
_LEADING = re.compile(r"^(?:[\s•·▪◦‣●■□✓*\-–—]+|\(?\d{1,3}[.)]\s*|[a-z]\)\s+)+", re.IGNORECASE)
_TRAILING = re.compile(r"[\s,.;:–—-]+$")
_BRACKETS = re.compile(r"[()\[\]]")
_PEOPLE = re.compile(r"[\s,(–—-]+\d[\d\s.]*(?:obyv\w*|osob)\.?\)?$", re.IGNORECASE)
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True)
class Candidate:
    """An obec that may be meant, with what tells it from its namesakes."""

    code: str
    name: str
    orp: str
    district: str

    def __str__(self) -> str:
        return f"{self.name} ({self.code}, ORP {self.orp}, okres {self.district})"


@dataclass(frozen=True)
class Match:
    """What was written, how it was understood, and the candidates, best first.

    `how` is *code* or *name* when one obec is meant for certain, *likely* when one is
    proposed, *ambiguous* when several bear the name, *unknown* when none is like it.
    """

    given: str
    how: How
    candidates: tuple[Candidate, ...]

    @property
    def code(self) -> str | None:
        """Code of the obec that is meant for certain, else None."""
        return self.candidates[0].code if self.how in ("code", "name") else None


@dataclass(frozen=True)
class ObecNames:
    """Obce by their names, as written and without case and diacritics, and by their areas."""

    known: dict[str, Candidate]
    exact: dict[str, tuple[str, ...]]
    folded: dict[str, tuple[str, ...]]
    areas: dict[tuple[str, str], tuple[str, ...]]

    def candidates(self, codes: Iterable[str]) -> tuple[Candidate, ...]:
        """Describe obce by what tells namesakes apart."""
        return tuple(self.known[code] for code in codes)


def index_names(obce: pd.DataFrame) -> ObecNames:
    """Prepare the names of obce for `match`."""
    rows = obce[[NAME, "orp_name", "district_name"]].itertuples()
    known = {row[0]: Candidate(*row) for row in rows}
    areas = [
        *(((ORP, fold(obec.orp)), code) for code, obec in known.items()),
        *(((DISTRICT, fold(obec.district)), code) for code, obec in known.items()),
    ]
    return ObecNames(
        known,
        exact=_grouped((_plain(obec.name), code) for code, obec in known.items()),
        folded=_grouped((fold(obec.name), code) for code, obec in known.items()),
        areas=_grouped(areas),
    )


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, tuple[str, ...]]:
    groups: dict[K, list[str]] = {}
    for key, code in pairs:
        groups.setdefault(key, []).append(code)
    return {key: tuple(codes) for key, codes in groups.items()}


def match(given: str, names: ObecNames) -> Match:
    """Find the obec that is meant by a code or a name, with or without its district."""
    coded = match_code(given, names)
    if coded is not None:
        return coded
    text = clean(given)
    hint = HINT.search(text)
    if hint is None or _exact(text, names):
        return _by_name(given, text, names)
    kind = ORP if "orp" in hint["kind"].casefold() else DISTRICT
    within = names.areas.get((kind, fold(clean(hint["area"]))), ())
    return _by_name(given, clean(text[: hint.start()]), names, within=within)


def narrow(found: Match, codes: Collection[str]) -> Match:
    """Propose the one candidate of an ambiguous name that lies among the codes, if it is one."""
    near = tuple(c for c in found.candidates if c.code in codes)
    if found.how != "ambiguous" or len(near) != 1:
        return found
    return Match(found.given, "likely", near)


def match_code(given: str, names: ObecNames) -> Match | None:
    """Find the obec by a six-digit code in the text; None when there is no code in it.

    A code beside a name that is not its own is ambiguous: one of the two is wrong.
    """
    found = _CODE.search(given)
    if found is None:
        return None
    code = found.group()
    rest = clean(_BRACKETS.sub(" ", given.replace(code, " ")))
    named = _exact(rest, names) if rest else ()
    if code not in names.known:
        return Match(given, "unknown", names.candidates(named[:CANDIDATES]))
    if named and code not in named:
        return Match(given, "ambiguous", names.candidates([code, *named[: CANDIDATES - 1]]))
    return Match(given, "code", names.candidates([code]))


def clean(text: str) -> str:
    """Take bullets, numbering and outer punctuation away from a name.

    >>> clean(" 12.  Rumburk, ")
    'Rumburk'
    """
    plain = _LEADING.sub("", " ".join(text.split()))
    return _TRAILING.sub("", _PEOPLE.sub("", _TRAILING.sub("", plain)))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _exact(text: str, names: ObecNames) -> tuple[str, ...]:
    """Codes of obce of exactly this name, also behind “obec”, “město”, “městys”."""
    for form in (text, _PREFIX.sub("", text)):
        codes = names.exact.get(_plain(form)) or names.folded.get(fold(" ".join(form.split())))
        if codes:
            return codes
    return ()


def _by_name(
    given: str, text: str, names: ObecNames, *, within: tuple[str, ...] | None = None
) -> Match:
    """Find an obec by its name; `within` are the only codes the text itself allows."""
    codes = _exact(text, names)
    if not codes:
        return _alike(given, text, names, within)
    allowed = codes if within is None else tuple(code for code in codes if code in within)
    how: How = "name" if len(allowed) == 1 else "ambiguous"
    return Match(given, how, names.candidates(allowed or codes))


def _alike(given: str, text: str, names: ObecNames, within: tuple[str, ...] | None) -> Match:
    """Propose the obec whose name is most like the text, when it stands out."""
    wanted = fold(_PREFIX.sub("", text))
    known = names.folded
    if within is not None:
        known = _grouped((fold(names.known[code].name), code) for code in within)
    found = process.extract(
        wanted, known.keys(), scorer=fuzz.ratio, limit=CANDIDATES, score_cutoff=LEAST
    )
    codes = [code for name, _, _ in found for code in known[name]][:CANDIDATES]
    if not _stands_out([score for _, score, _ in found]):
        return Match(given, "unknown", names.candidates(codes))
    best = known[found[0][0]]
    return Match(given, "likely" if len(best) == 1 else "ambiguous", names.candidates(best))


def _stands_out(scores: Sequence[float]) -> bool:
    if not scores or scores[0] < LIKELY:
        return False
    return len(scores) == 1 or scores[0] - scores[1] >= LEAD
