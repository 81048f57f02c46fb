"""Five sentences about one obec, made from the Answers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.report.peers import Peers
from kpss_geo.report.reasons import asked_words, form_of_place, nearest_form, nobody_to_ask
from kpss_geo.report.standing import PARTLY, standings
from kpss_geo.report.unknown import listed
from kpss_geo.report.ways import way
from kpss_geo.schema import (
    COVERED,
    NAME,
    NOT_COVERED,
    ON_PAPER,
    PEOPLE,
    UNKNOWN,
    X,
    Y,
)
from kpss_geo.study import Answer
from kpss_geo.text import Words


def with_verdict(answers: Sequence[Answer], code: str, verdict: str) -> list[Answer]:
    """Give the answers in which anybody of an obec has a verdict, be it most or few people."""
    return [
        answer
        for answer in answers
        if answer.obce.at[code, "verdict"] == verdict or _count(answer, code, verdict) > 0
    ]


def _count(answer: Answer, code: str, verdict: str) -> int:
    count = answer.obce.loc[code].to_dict()[verdict]
    return 0 if pd.isna(count) else int(count)


def five_sentences(
    answers: Sequence[Answer], code: str, data: Data, words: Words, *, peers: Peers | None
) -> list[str]:
    """Say of an obec: who lives there, what is covered, what is missing, unknown, the peers.

    `answers` are those about types that the data hold. Where nobody lives, that is all.
    """
    if nobody_lives(code, data.population):
        name = answers[0].obce.at[code, NAME]
        return [words.t("{name}: nobody lives here, so no service is judged.", name=name)]
    return [
        _people(answers[0], code, data, words),
        _covered(answers, code, words),
        _gap(answers, code, words),
        _unsure(answers, code, data, words),
        _compared(peers, code, words),
    ]


def nobody_lives(code: str, population: pd.DataFrame) -> bool:
    """Whether it is known that an obec has no inhabitant at all."""
    known = population.loc[population.index == code].to_numpy(dtype=float)
    return known.size > 0 and float(known.sum()) == 0


def _people(answer: Answer, code: str, data: Data, words: Words) -> str:
    row, group = answer.obce.loc[code].to_dict(), words.t(answer.target.short)
    name = row[NAME]
    if code not in data.population.index or pd.isna(row[PEOPLE]):
        return words.t("How many people live in {name} is not known.", name=name)
    whole = int(data.population.loc[[code]].to_numpy().sum())
    part = int(row[PEOPLE])
    if part == whole:
        return words.n("{name} has {count} person.", "{name} has {count} people.", whole, name=name)
    return words.n(
        "{name} has {count} person; {group}: {part} ({share}).",
        "{name} has {count} people; {group}: {part} ({share}).",
        whole,
        name=name,
        group=group,
        of_them=answer.target.of_them,
        part=words.number(part),
        share=words.percent(part, whole),
    )


def _covered(answers: Sequence[Answer], code: str, words: Words) -> str:
    stand = {answer.service_type.code: standings(answer.obce)[code] for answer in answers}
    covered, some = (
        [answer for answer in answers if stand[answer.service_type.code] == each]
        for each in (COVERED, PARTLY)
    )
    text = words.n(
        "Of {count} type of services in the data {some} covered for everyone: {names}.",
        "Of {count} types of services in the data {some} covered for everyone: {names}.",
        len(answers),
        some=words.number(len(covered)),
        names=_names(covered),
    )
    if not covered:
        text = words.n(
            "Of {count} type of services in the data none is known to be covered for everyone.",
            "Of {count} types of services in the data none is known to be covered for everyone.",
            len(answers),
        )
    if not some:
        return text
    names = _for_whom(some, code, COVERED, words)
    return f"{text} {words.t('Covered for a part of the people: {names}.', names=names)}"


def biggest_gap(answers: Sequence[Answer], code: str) -> Answer | None:
    """Give the type that most people of an obec lack; none when nothing is known to lack.

    Of equal ones that with the farthest nearest place, where it is certain; else the
    nearest, because beyond the districts of the data a far way says nothing.
    """

    def lack(answer: Answer) -> tuple[int, bool, float]:
        row = answer.obce.loc[code].to_dict()
        people = 0 if pd.isna(row[NOT_COVERED]) else int(row[NOT_COVERED])
        way = np.inf if pd.isna(row["beyond_m"]) else float(row["beyond_m"])
        return people, bool(row["certain"]), way if row["certain"] else -way

    worst = max(answers, key=lack)
    return worst if lack(worst)[0] > 0 else None


def _gap(answers: Sequence[Answer], code: str, words: Words) -> str:
    worst = biggest_gap(answers, code)
    if worst is None:
        return words.t("No type of service is known to be missing here.")
    row = worst.obce.loc[code].to_dict()
    form = form_of_place(worst, row, "beyond", words)
    facts = {
        "service": worst.service_type.name,
        "service_one": worst.service_type.name_one,
        "form": form,
        "count": words.number(int(row[NOT_COVERED])),
        "total": words.number(int(row[PEOPLE])),
        "group": words.t(worst.target.short),
        "of_them": worst.target.of_them,
    }
    if row["beyond_place"] < 0:
        return words.t(
            "What is missing most: {service} ({count} of {total} people, {group}); no place of it "
            "is known.",
            **facts,
        )
    template = (
        N_(
            "What is missing most: {service} ({count} of {total} people, {group}); the nearest "
            "place{form} is in {town}, {way}."
        )
        if row["certain"]
        else N_(
            "What is missing most: {service} ({count} of {total} people, {group}); the nearest "
            "place{form} in the data is in {town}, {way}, a nearer one may be in districts that "
            "the data do not hold."
        )
    )
    place = worst.places.loc[row["beyond_place"]].to_dict()
    reach = worst.question.reach_of(nearest_form(row, "beyond"))
    far = way(float(row["beyond_m"]), float(row["beyond_min"]), reach, words, beyond=True)
    text = words.t(template, town=place["obec"], way=far, **facts)
    return " ".join([text, *_other_gaps(answers, worst, code, words)])


def _other_gaps(answers: Sequence[Answer], worst: Answer, code: str, words: Words) -> list[str]:
    """Name the types that just as many people lack as the worst, then those that fewer lack."""
    most = _count(worst, code, NOT_COVERED)
    others = [a for a in with_verdict(answers, code, NOT_COVERED) if a is not worst]
    equal = [a for a in others if _count(a, code, NOT_COVERED) == most]
    fewer = [a for a in others if _count(a, code, NOT_COVERED) < most]
    texts = []
    if equal:
        texts.append(words.t("Missing for just as many: {services}.", services=_names(equal)))
    if fewer:
        names = _for_whom(fewer, code, NOT_COVERED, words)
        texts.append(words.t("Not covered either: {names}.", names=names))
    return texts


def _unsure(answers: Sequence[Answer], code: str, data: Data, words: Words) -> str:
    paper, unknown = (with_verdict(answers, code, verdict) for verdict in (ON_PAPER, UNKNOWN))
    parts = []
    if paper:
        names = _for_whom(paper, code, ON_PAPER, words)
        parts.append(words.t("on paper only: {names}", names=names))
    if unknown:
        names = _for_whom(unknown, code, UNKNOWN, words)
        parts.append(words.t("we do not know about: {names}", names=names))
    if not parts:
        return words.t("Of no type is anything uncertain.")
    texts = [words.t("Uncertain: {parts}.", parts="; ".join(parts))]
    asked = whom_to_ask(unknown, code, data.obce)
    if asked:
        texts.append(asked_words(asked, words))
    texts += _districts(unknown, code, words)
    nobody = [a for a in unknown if nobody_to_ask(a.obce.loc[code].to_dict())]
    if nobody:
        template = N_(
            "The data hold no field service that might come here for: {names}; ask the regional "
            "authority."
        )
        texts.append(words.n(template, template, len(nobody), names=_names(nobody)))
    return " ".join(texts)


def _districts(answers: Sequence[Answer], code: str, words: Words) -> list[str]:
    """Name the districts to be added to the data, for there a place may be near enough."""
    rows = [answer.obce.loc[code].to_dict() for answer in answers]
    names = tuple(dict.fromkeys(str(name) for row in rows for name in row["near_districts"]))
    if not names:
        return []
    text = words.n(
        "Add the services of the district {districts}; one of them may be near enough.",
        "Add the services of the districts {districts}; one of them may be near enough.",
        len(names),
        districts=listed(names, words),
    )
    return [text]


def whom_to_ask(answers: Sequence[Answer], code: str, obce: pd.DataFrame) -> list[str]:
    """Name the providers of whom nobody has said whether they come to the obec, nearest first."""
    parts = []
    for answer in answers:
        silent = list(answer.obce.loc[code].to_dict()["silent"])
        parts.append(answer.supply.field.loc[silent, ["provider", X, Y]])
    rows = pd.concat(parts) if parts else pd.DataFrame(columns=["provider", X, Y])
    if rows.empty:
        return []
    here = obce.loc[code, [X, Y]].astype(float)
    rows = rows.assign(away=np.hypot(rows[X] - here[X], rows[Y] - here[Y])).sort_values("away")
    return [str(name) for name in rows["provider"].drop_duplicates()]


def _compared(peers: Peers | None, code: str, words: Words) -> str:
    if peers is None:
        return words.t("The territory has too few obce of similar size to compare with.")
    covered = peers.table[COVERED]
    first, last = peers.rank(code)
    return words.t(
        "Of {count} obce of similar size in the territory ({size}) it is number {rank} by types "
        "covered for everyone: it has {own}, the median is {median}.",
        count=words.number(len(covered)),
        size=size_words(peers, words),
        rank=f"{first}." if first == last else f"{first}.–{last}.",
        own=words.number(int(covered[code])),
        median=words.number(float(covered.median()), digits=1 if covered.median() % 1 else 0),
    )


def size_words(peers: Peers, words: Words) -> str:
    """Write from how many to how many people the obce compared have."""
    people = peers.table["inhabitants"]
    return words.t(
        "{low}–{high} people",
        low=words.number(int(people.min())),
        high=words.number(int(people.max())),
    )


def _names(answers: Sequence[Answer]) -> str:
    return ", ".join(answer.service_type.name for answer in answers)


def _for_whom(answers: Sequence[Answer], code: str, verdict: str, words: Words) -> str:
    """Name the types, and how many people have the verdict where it is not everyone."""
    names = []
    for answer in answers:
        name, count = answer.service_type.name, _count(answer, code, verdict)
        people = answer.obce.loc[code].to_dict()[PEOPLE]
        if pd.isna(people) or count == people:
            names.append(name)
        else:
            some, everyone = words.number(count), words.number(int(people))
            text = words.t("{name} ({count} of {total})", name=name, count=some, total=everyone)
            names.append(text)
    return ", ".join(names)
