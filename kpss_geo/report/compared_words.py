"""A comparison in sentences: what differs, whether it holds, and what cannot be compared."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from kpss_geo.dataset import Data
from kpss_geo.errors import N_
from kpss_geo.report.compared import side_names
from kpss_geo.report.sentences import (
    limits_of,
    limits_words,
    measured_words,
    note_words,
    service_words,
)
from kpss_geo.schema import NOT_COVERED, PEOPLE, UNKNOWN
from kpss_geo.study import Answer, Comparison
from kpss_geo.study.compared import LESS, MORE, NOT_JUDGED, SAME, WITHIN
from kpss_geo.text import Words

MANY_TIMES: Final = 10
"""A side with so many times more people is a mean that hides its own differences."""
_BEFORE: Final = N_(
    "Before the register of the data ({register}): {days}. Services that ended since are no "
    "longer in it. Where nothing is within reach it is therefore not known, and a difference may "
    "be of knowledge, not of services."
)
_AFTER: Final = N_(
    "Later than the register of the data ({register}): {days}. Only starts and ends that it "
    "already named are counted."
)
HOW_JUDGED: Final = N_(
    "A difference of shares holds when it has the same sign in every check of firmness (a limit a "
    "fifth shorter or longer, straight lines × 1.3, without the places outside the territory), "
    "whatever the verdict of the people not known; otherwise it is within the uncertainty."
)
_HOLDS: Final = {
    MORE: N_("the difference holds in every check of firmness"),
    LESS: N_("the difference holds in every check of firmness"),
    SAME: N_("there is no difference"),
    WITHIN: N_("the difference is within the uncertainty"),
}
_PLACES: Final = N_(
    "“{service}”: not covered are {share_a} of {group} in {name_a} and {share_b} in {name_b}; "
    "{holds}."
)
_DAYS: Final = N_(
    "“{service}”, {name_a}: not covered are {share_a} of {group} on {day_a} and {share_b} on "
    "{day_b}; {holds}."
)
_BOTH: Final = N_(
    "“{service}”: not covered are {share_a} of {group} in {name_a} on {day_a} and {share_b} in "
    "{name_b} on {day_b}; {holds}."
)
_UNKNOWN: Final = N_(
    "“{service}”: it is not known who of {group} has it ({side}), so the two sides cannot be "
    "compared."
)


def headline(comparison: Comparison, words: Words) -> str:
    """Say in one sentence who of both sides is not covered and whether the difference holds."""
    a, b = comparison.a, comparison.b
    line = comparison.line(NOT_COVERED)
    facts = {
        "service": service_words(a, words),
        "group": words.t(a.target.short),
        "of_them": a.target.of_them,
        "name_a": a.territory.name,
        "name_b": b.territory.name,
        "where_a": a.territory.in_name,
        "where_b": b.territory.in_name,
        "share_a": _share(a, words),
        "share_b": _share(b, words),
        "day_a": words.date(a.question.on.isoformat()),
        "day_b": words.date(b.question.on.isoformat()),
    }
    if line.outcome == NOT_JUDGED:
        silent = [
            name
            for name, answer in zip(side_names(comparison, words), (a, b), strict=True)
            if answer.totals[UNKNOWN] == answer.totals[PEOPLE]
        ]
        return words.t(_UNKNOWN, side=words.t(" and ").join(silent), **facts)
    template = _PLACES
    if a.question.on != b.question.on:
        template = _DAYS if a.territory.id == b.territory.id else _BOTH
    holds = _HOLDS[line.outcome]
    if line.outcome == WITHIN and not line.share_difference:
        holds = N_("no difference comes out, but one cannot be ruled out")
    return words.t(template, holds=words.t(holds), **facts)


def _share(answer: Answer, words: Words) -> str:
    """Write the share not covered; beside it that of whom it is not known, where there is one."""
    totals = answer.totals
    lacking = words.percent(totals[NOT_COVERED], totals[PEOPLE])
    if not totals[UNKNOWN]:
        return lacking
    unknown = words.percent(totals[UNKNOWN], totals[PEOPLE])
    return words.t("{share} ({unknown} not known)", share=lacking, unknown=unknown)


def balance(comparisons: Sequence[Comparison], words: Words) -> str:
    """Say of how many types of services more people are not covered on which side."""
    counts = Counter(each.line(NOT_COVERED).outcome for each in comparisons)
    names = side_names(comparisons[0], words)
    return words.t(
        "Of {types} types of services in the data a greater share is not covered in A ({a}) for "
        "{less}, in B ({b}) for {more}; for {even} there is no difference or it is within the "
        "uncertainty, {silent} cannot be judged.",
        types=words.number(len(comparisons)),
        a=names[0],
        b=names[1],
        less=words.number(counts[LESS]),
        more=words.number(counts[MORE]),
        even=words.number(counts[SAME] + counts[WITHIN]),
        silent=words.number(counts[NOT_JUDGED]),
    )


def small_print(comparison: Comparison, words: Words) -> str:
    """Say the limits and the way, once for both sides."""
    return " · ".join((words.t(comparison.a.target.short), *measured_words(comparison.a, words)))


def cautions(comparison: Comparison, data: Data, words: Words) -> list[str]:
    """Name what the comparison can say and what it cannot; the weightiest first."""
    return [*warnings(comparison, data, words), *remarks(comparison, words)]


def warnings(comparison: Comparison, data: Data, words: Words) -> list[str]:
    """Name what makes the two sides unlike each other; nothing where they are alike."""
    return [
        *_of_days(comparison, data, words),
        *_of_knowledge(comparison, words),
        *_of_question(comparison, words),
        *_of_size(comparison, words),
    ]


def remarks(comparison: Comparison, words: Words) -> list[str]:
    """Give how a difference is judged, and the notes of both sides.

    A note that only one side has is given with its name.
    """
    both = [
        [note_words(note, words) for note in side.notes] for side in (comparison.a, comparison.b)
    ]
    shared = [text for text in both[0] if text in both[1]]
    alone = [
        f"{name}: {text}"
        for name, texts in zip(side_names(comparison, words), both, strict=True)
        for text in texts
        if text not in shared
    ]
    return [words.t(HOW_JUDGED), *alone, *shared]


def _of_days(comparison: Comparison, data: Data, words: Words) -> list[str]:
    """Say what a comparison of two days shows, and what the register cannot know of them."""
    held = data.register.completeness
    people = next((source.short for source in data.sources if source.id == "population"), "")
    texts = []
    if comparison.a.question.on != comparison.b.question.on:
        template = N_(
            "Two days show only what started and ended in the register between them; people are "
            "the same on both days ({people}), so a change in their number is not in it."
        )
        texts.append(words.t(template, people=people))
    days = dict.fromkeys(answer.question.on for answer in comparison.in_order)
    before = [day for day in days if held.whole_from is not None and day < held.whole_from]
    after = [day for day in days if day.isoformat()[: len(held.as_of)] > held.as_of]
    if before:
        texts.append(words.t(_BEFORE, **_days_and_register(before, held.as_of, words)))
    if after and len(days) > 1:
        texts.append(words.t(_AFTER, **_days_and_register(after, held.as_of, words)))
    return texts


def _days_and_register(days: list[date], register: str, words: Words) -> dict[str, str]:
    named = words.t(" and ").join(words.date(day.isoformat()) for day in days)
    return {"days": named, "register": words.date(register)}


def _of_knowledge(comparison: Comparison, words: Words) -> list[str]:
    """Say where one side is known less than the other."""
    names = side_names(comparison, words)
    line, texts = comparison.line(UNKNOWN), []
    if line.share_a != line.share_b:
        template = N_(
            "The data do not reach equally far: not known are {a} of the people on side A and "
            "{b} on side B. They are in no other verdict."
        )
        shares = [
            words.percent(each.totals[UNKNOWN], each.totals[PEOPLE])
            for each in (comparison.a, comparison.b)
        ]
        texts.append(words.t(template, a=shares[0], b=shares[1]))
    for name, answer in zip(names, (comparison.a, comparison.b), strict=True):
        without = int(answer.obce[PEOPLE].isna().sum())
        if without:
            template = N_("{name}: of {count} obce the people are not known; they are in no sum.")
            texts.append(words.t(template, name=name, count=words.number(without)))
        silent = int(answer.rates["not_given"].sum())
        if silent:
            template = N_(
                "{name}: {count} registrations within reach give no capacity, so the capacity is "
                "a lower bound."
            )
            texts.append(words.t(template, name=name, count=words.number(silent)))
    return texts


def _of_question(comparison: Comparison, words: Words) -> list[str]:
    """Say when the sides were not asked in the same way."""
    a, b = comparison.a.question, comparison.b.question
    texts = []
    if a.limits != b.limits:
        template = N_("The limits of the two sides differ: {a} on side A, {b} on side B.")
        said = limits_of(comparison.a, words), limits_of(comparison.b, words)
        if said[0] == said[1]:  # they differ in a form of which there is none
            said = limits_words(a, words), limits_words(b, words)
        texts.append(words.t(template, a=said[0], b=said[1]))
    if a.travel != b.travel:
        texts.append(words.t("The ways of the two sides were not measured in the same manner."))
    if (a.data_digest, a.said_digest) != (b.data_digest, b.said_digest):
        texts.append(words.t("The two sides were reckoned from different data."))
    return texts


def _of_size(comparison: Comparison, words: Words) -> list[str]:
    people = sorted((comparison.a.totals[PEOPLE], comparison.b.totals[PEOPLE]))
    if not people[0] or people[1] < MANY_TIMES * people[0]:
        return []
    template = N_(
        "One side has many times more people than the other ({count} and {few}); its shares are "
        "a mean of very different obce."
    )
    return [words.t(template, count=words.number(people[1]), few=words.number(people[0]))]
