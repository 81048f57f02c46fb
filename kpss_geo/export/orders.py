"""The other orders of the catalogue, by number of entry: situation, group, type, alphabet."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from kpss_geo.export.blocks import Block, Heading, Paragraph, Points, References
from kpss_geo.export.bundle import Bundle
from kpss_geo.export.czech import first_capital
from kpss_geo.export.entries import Entry, numbers_words
from kpss_geo.schema import ANY_GROUP
from kpss_geo.situations import Situation
from kpss_geo.sources.contacts import same_name
from kpss_geo.text import in_order

LETTERS = frozenset("ČŘŠŽ")
"""Letters with a mark that are letters of their own in the Czech alphabet."""
Lines = list[tuple[str, tuple[int, ...]]]


def by_situation(bundle: Bundle, found: Collection[Entry]) -> list[Block]:
    """Give for each life situation the services that help, in the order in which to try them."""
    blocks: list[Block] = []
    bare = []
    for situation in bundle.data.situations.by_id.values():
        mine = [entry for entry in found if _helps(situation, entry)]
        if mine:
            blocks += _situation(bundle, situation, mine)
        else:
            bare.append(situation.name)
    if bare:
        blocks += [
            Heading("Situace, na které použitá data neodpovídají", 2),
            Paragraph(
                "Pro tyto situace katalog službu neuvádí. Neznamená to, že není: výběr z registru "
                "takové druhy nebo skupiny lidí neobsahuje."
            ),
            Points(tuple(bare)),
        ]
    return blocks


def _helps(situation: Situation, entry: Entry) -> bool:
    for_them = situation.groups == ANY_GROUP or not entry.groups or situation.groups & entry.groups
    return bool(for_them) and entry.first["service_type"] in situation.types


def _situation(bundle: Bundle, situation: Situation, mine: list[Entry]) -> list[Block]:
    lines = [f"{line.name} {line.number} ({line.what})" for line in situation.lines]
    blocks: list[Block] = [Heading(situation.name, 2)]
    if lines:
        blocks.append(Paragraph(f"Nejdřív volejte: {'; '.join(lines)}.", "lead"))
    for code in situation.types:
        theirs = [entry for entry in mine if entry.first["service_type"] == code]
        if theirs:
            blocks += [
                Heading(first_capital(bundle.data.types[code].name), 3),
                References(tuple(_line(entry) for entry in theirs)),
            ]
    held = bundle.data.register.completeness.type_codes
    unheld = [bundle.data.types[code].name for code in situation.types if code not in held]
    if unheld:
        text = f"Pomoci mohou i druhy, které data neobsahují: {', '.join(unheld)}."
        blocks.append(Paragraph(text, "note"))
    return blocks


def by_group(found: tuple[Entry, ...]) -> list[Block]:
    """Give the services of each target group of the register; where there is one, say so."""
    groups = in_order(frozenset().union(*(entry.groups for entry in found)))
    bare = [entry for entry in found if not entry.groups]
    if len(groups) == 1 and not bare:
        return [
            Paragraph(
                f"Všechny služby katalogu ({numbers_words(found)}) jsou v použitých datech vedeny "
                f"pro skupinu „{groups[0]}“. Zda slouží i dalším skupinám, výběr z registru "
                "neuvádí."
            )
        ]
    blocks: list[Block] = []
    for group in groups:
        mine = [entry for entry in found if group in entry.groups]
        blocks += [Heading(first_capital(group), 2), References(tuple(map(_typed, mine)))]
    if bare:
        head = Heading("Skupina v registru neuvedena", 2)
        blocks += [head, References(tuple(map(_typed, bare)))]
    return blocks


def by_type(bundle: Bundle, found: Iterable[Entry]) -> list[Block]:
    """Give the services of each type, in the order of the alphabet."""
    grouped: dict[str, list[Entry]] = {}
    for entry in found:
        grouped.setdefault(str(entry.first["service_type"]), []).append(entry)
    labels = {code: bundle.data.types[code].label for code in grouped}
    blocks: list[Block] = []
    for code in in_order(grouped, key=lambda code: labels[code]):
        lines = tuple(_line(entry) for entry in grouped[code])
        blocks += [Heading(first_capital(labels[code]), 2), References(lines)]
    return blocks


def _line(entry: Entry) -> tuple[str, tuple[int, ...]]:
    return f"{entry.line} – {entry.first['forms']}", (entry.number,)


def _typed(entry: Entry) -> tuple[str, tuple[int, ...]]:
    return f"{entry.line} – {entry.first['service_name']}", (entry.number,)


def index(bundle: Bundle, found: Iterable[Entry]) -> list[Block]:
    """Give providers and facilities in the Czech alphabet, letter by letter, with numbers.

    An organisation stands there once, however the register writes its name: it is told by
    its number (IČO), without one by the letters of its name.
    """
    letters: dict[str, Lines] = {}
    named = _named(bundle, found)
    for name, numbers in in_order(named, key=lambda line: _sounding(line[0])):
        letters.setdefault(letter(name), []).append((name, numbers))
    blocks: list[Block] = []
    for sign, lines in letters.items():
        blocks += [Heading(sign, 2), References(tuple(lines))]
    return blocks


def _named(bundle: Bundle, found: Iterable[Entry]) -> Lines:
    """Give each organisation and facility by one name, with the numbers of its entries."""
    icos = bundle.data.register.services["ico"]
    owners: dict[str, str] = {}
    written: dict[str, Counter[str]] = {}
    numbers: dict[str, set[int]] = {}
    entries = list(found)
    for entry in entries:
        provider = str(entry.first["provider"])
        owners.setdefault(same_name(provider), str(icos.get(entry.first["service_id"], "")))
    for entry in entries:
        provider = str(entry.first["provider"])
        own = str(icos.get(entry.first["service_id"], "")) or same_name(provider)
        for name in filter(None, (provider, entry.name)):
            letters = same_name(name)
            theirs = own if name == provider or letters == same_name(provider) else ""
            key = theirs or owners.get(letters, "") or letters
            written.setdefault(key, Counter())[name] += 1
            numbers.setdefault(key, set()).add(entry.number)
    return [(_usual(names), tuple(sorted(numbers[key]))) for key, names in written.items()]


def _usual(names: Mapping[str, int]) -> str:
    """Choose of several writings of a name the most frequent, rather none in capitals alone."""
    return min(names, key=lambda name: (name.isupper(), -names[name], name))


def _sounding(name: str) -> str:
    """Give a name from its first letter or digit on; quotes before it do not sort it."""
    start = next((place for place, sign in enumerate(name) if sign.isalnum()), 0)
    return name[start:]


def letter(name: str) -> str:
    """Give the letter of the Czech alphabet under which a name stands in an index.

    >>> [letter(name) for name in ("Charita", "Čistá", "élan", "„Dům“", "3. věk", "")]
    ['Ch', 'Č', 'E', 'D', '0–9', '–']
    """
    sounding = _sounding(name)
    if sounding[:2].casefold() == "ch":
        return "Ch"
    first = sounding[:1].upper()
    if first.isdigit():
        return "0–9"
    bare = unicodedata.normalize("NFD", first)[:1]
    return (first if first in LETTERS else bare) or "–"
