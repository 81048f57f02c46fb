"""An Answer in sentences: what a person takes away in ten seconds."""

from collections.abc import Collection, Hashable, Mapping
from typing import Any, Final

import pandas as pd

from kpss_geo.catalogue import FIELD, ServiceType
from kpss_geo.coverage import FIELD_OPEN
from kpss_geo.distance import Reach
from kpss_geo.errors import N_
from kpss_geo.report.headlines import ANYWHERE, AT_HOME, IN_ANY_FORM, MOSTLY_UNKNOWN, WITHIN
from kpss_geo.report.unknown import unknown_because
from kpss_geo.report.ways import way
from kpss_geo.schema import COVERED, FORMS, NAME, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN
from kpss_geo.study import Answer, Note, Question
from kpss_geo.text import Words

VERDICT_WORDS: Final = {
    COVERED: N_("covered"),
    ON_PAPER: N_("on paper only"),
    NOT_COVERED: N_("not covered"),
    UNKNOWN: N_("not known"),
}
BY_PLACE_ONLY: Final = N_(
    "Only places that people travel to are counted; nobody has said yet which obce the field "
    "form serves."
)
MODE_WORDS: Final = {
    "straight": N_("as the crow flies, with a detour"),
    "car": N_("by car"),
    "walk": N_("on foot"),
}
FORM_WORDS: Final = {
    "pob": N_("residential"),
    "amb": N_("ambulatory"),
    "ter": N_("field"),
}
IN_FORM: Final = {"pob": "pobytové", "amb": "ambulantní", "ter": "terénní"}
"""The forms as Czech says them in “v … formě”."""
UNIT_WORDS: Final = {
    "luzka": (N_("{count} bed"), N_("{count} beds")),
    "klient": (N_("{count} client"), N_("{count} clients")),
    "kontakt": (N_("{count} contact"), N_("{count} contacts")),
    "interv": (N_("{count} intervention"), N_("{count} interventions")),
    "hovor": (N_("{count} call"), N_("{count} calls")),
}


NOT_JUDGED: Final = N_("Whether the capacity suffices is not judged.")


def reach_words(reach: Reach, words: Words) -> str:
    """Write a reach: 15 km, 20 min."""
    digits = next((d for d in range(3) if round(reach.value, d) == reach.value), 3)
    return f"{words.number(reach.value, digits=digits)}\u00a0{words.t(reach.unit)}"


def counted_forms(answer: Answer) -> tuple[str, ...]:
    """Forms that an Answer is about: the one asked for, else those of which there is any.

    Of a form that people travel to there is one when a place of it stands anywhere in the
    data, of the field form when the team has said of somebody that it comes.
    """
    if answer.question.form:
        return (answer.question.form,)
    found = {form for forms in answer.places["forms"] for form in forms}
    if answer.obce["by_ter"].fillna(0).sum() > 0:
        found.add(FIELD)
    return tuple(form for form in FORMS if form in found)


def limits_words(question: Question, words: Words, *, forms: Collection[str] = FORMS) -> str:
    """Write how near is near enough: 15 km, or a reach for each form when they differ.

    `forms` are those to be named (`counted_forms`); without a limit of any, all are.
    """
    every = [limit for limit in question.limits if limit.form != FIELD]
    named = [limit for limit in every if limit.form in forms] or every
    if len({limit.reach for limit in named}) <= 1:
        return reach_words(named[0].reach if named else question.reach, words)
    return words.t(" or ").join(
        f"{reach_words(limit.reach, words)} ({words.t(FORM_WORDS[limit.form])})" for limit in named
    )


def limits_of(answer: Answer, words: Words) -> str:
    """Write the limits of the forms that words about an Answer name."""
    return limits_words(answer.question, words, forms=counted_forms(answer))


def headline(answer: Answer, words: Words) -> str:
    """Say in one sentence how many people have no such service within reach."""
    totals = answer.totals
    templates, form = _templates(answer), ""
    reach = limits_of(answer, words)
    if templates is WITHIN and "(" not in reach:  # else the limits name the forms
        form = _by_form(answer, words)
    # Czech uses the inflected forms (where, of_them, service_acc), other languages the names.
    facts = {
        "of_them": answer.target.of_them,
        "group": words.t(answer.target.short),
        "where": answer.territory.in_name,
        "name": answer.territory.name,
        "service": f"{answer.service_type.name}{form}",
        "service_acc": f"{answer.service_type.name_one_acc}{form}",
        "reach": reach,
        "total": words.number(totals[PEOPLE]),
    }
    if totals[PEOPLE] == 0:
        return words.t("{name}: nobody of the group “{group}” is known to live here.", **facts)
    if totals[UNKNOWN] == totals[PEOPLE]:
        return words.t(templates[UNKNOWN], **facts)
    verdict = NOT_COVERED if totals[NOT_COVERED] > 0 else COVERED
    verdict = UNKNOWN if mostly_unknown(answer) else verdict
    share = words.percent(totals[verdict], totals[PEOPLE])
    facts |= {"share": share, "share_first": _capital(share), "rest": _known(answer, words)}
    template = templates[MOSTLY_UNKNOWN if verdict == UNKNOWN else verdict]
    return words.t(template, count=words.number(totals[verdict]), **facts)


def mostly_unknown(answer: Answer) -> bool:
    """Whether of more than half of the people, but not of all, the verdict is not known."""
    totals = answer.totals
    return totals[PEOPLE] / 2 < totals[UNKNOWN] < totals[PEOPLE]


def _known(answer: Answer, words: Words) -> str:
    """Say of how many people what is known."""
    known = (NOT_COVERED, ON_PAPER, COVERED)
    return ", ".join(
        f"{words.t(VERDICT_WORDS[verdict])} {words.number(answer.totals[verdict])}"
        for verdict in known
        if answer.totals[verdict] > 0
    )


def _templates(answer: Answer) -> Mapping[str, str]:
    """Choose the words of a headline: of a way, or of who comes where this alone is open.

    Where everybody is unknown because nobody has said whom the field services serve, the forms
    that people travel to are decided, and no limit of theirs is in question. Where a form that
    the data hold nowhere may be near all the same, no form is named.
    """
    if answer.question.only_field:
        return ANYWHERE if answer.service_type.anywhere else AT_HOME
    unknown = answer.obce[answer.obce[UNKNOWN].fillna(0) > 0]
    nobody_said = bool(unknown["reason"].isin(FIELD_OPEN).all())
    everybody = answer.totals[UNKNOWN] == answer.totals[PEOPLE]
    if not everybody:
        return WITHIN
    counted = counted_forms(answer)
    asked = {limit.form for limit in answer.question.limits if limit.form != FIELD}
    elsewhere = counted and not asked <= {*counted}
    return AT_HOME if nobody_said else IN_ANY_FORM if elsewhere else WITHIN


def _by_form(answer: Answer, words: Words) -> str:
    """Name the forms that were counted, where the type has others too; else nothing."""
    if answer.question.form is None and (not answer.supply.by_field or answer.question.only_field):
        return ""
    forms = counted_forms(answer)
    if not forms:
        return ""
    return " " + forms_said(forms, words)


def forms_said(forms: Collection[str], words: Words) -> str:
    """Say in which forms: v pobytové nebo ambulantní formě."""
    either = words.t(" or ")
    names = either.join(words.t(FORM_WORDS[form]) for form in forms)
    inflected = either.join(IN_FORM[form] for form in forms)
    return words.t("(form: {forms})", forms=names, forms_in=inflected)


def service_words(answer: Answer, words: Words) -> str:
    """Name the type with its paragraph, and the form where one was chosen or counted."""
    return f"{answer.service_type.label}{_by_form(answer, words)}"


def second_line(answer: Answer, words: Words, *, capacity: bool = True) -> str:
    """Say how far the uncovered have it, or why it is not known; may be empty.

    `capacity` says what is registered within reach, for where nothing else says it.
    """
    totals = answer.totals
    parts = []
    mean = answer.mean_way_uncovered
    if mean is not None:
        question = answer.question
        far = way(*mean, question.reach, words, beyond=question.one_reach)
        certain = bool(answer.gaps["certain"].all())
        template = (
            N_("Their nearest place is {km} away on average, most often in {place}.")
            if certain
            else N_(
                "Their nearest place in the data is {km} away on average, most often in {place}; "
                "districts that the data do not hold may have a nearer one."
            )
        )
        parts.append(words.t(template, km=far, place=_most_used(answer)))
    if totals[ON_PAPER] > 0:
        share = words.percent(totals[ON_PAPER], totals[PEOPLE])
        parts.append(words.t("{share} are covered on paper only.", share=share))
    parts += _capacity_in_reach(answer, words) if capacity else []
    if 0 < totals[UNKNOWN] < totals[PEOPLE] and not mostly_unknown(answer):
        share = words.percent(totals[UNKNOWN], totals[PEOPLE])
        parts.append(words.t("For {share} it is not known.", share=share))
    if totals[UNKNOWN] > 0:
        parts.append(unknown_because(answer, words))
    elif answer.supply.by_field and not answer.obce["by_ter"].fillna(0).any():
        parts.append(words.t(BY_PLACE_ONLY))
    return " ".join(parts)


def capacity_not_judged(answer: Answer) -> bool:
    """Whether to be covered is to be within reach alone, for nobody has said how much is enough."""
    judged = all(limit.ratio for limit in answer.question.limits)
    return bool(answer.totals[COVERED]) and not judged


def _capacity_in_reach(answer: Answer, words: Words) -> list[str]:
    """Say that to be within reach is not to have enough, and what capacity is registered there."""
    if not capacity_not_judged(answer):
        return []
    reached: dict[str, list[str]] = {}
    for rate in answer.rates.to_dict("records"):
        if rate["reachable"] > 0 and rate["unit"] in UNIT_WORDS:
            amount = words.n(*UNIT_WORDS[rate["unit"]], round(rate["reachable"]))
            reached.setdefault(words.t(FORM_WORDS[rate["form"]]), []).append(amount)
    if not reached:
        return [words.t(NOT_JUDGED)]
    template = N_(
        "Registered within reach of all of them together: {parts}; whether it suffices is "
        "not judged."
    )
    parts = "; ".join(f"{form} {', '.join(amounts)}" for form, amounts in reached.items())
    return [words.t(template, parts=parts)]


def verdicts_sentence(obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say of one obec (a row of `Answer.obce`) how many people have which verdict."""
    if pd.isna(obec[PEOPLE]):
        return words.t("How many people live in {name} is not known.", name=obec[NAME])
    verdicts = ", ".join(
        f"{words.t(text)} {words.number(obec[verdict])}"
        for verdict, text in VERDICT_WORDS.items()
        if obec[verdict] > 0
    )
    nobody = words.t("nobody of the target group lives here")
    return words.t("{name}: {verdicts}.", name=obec[NAME], verdicts=verdicts or nobody)


def capacity_words(
    capacity: tuple[tuple[str, str, float], ...], addresses: int, words: Words
) -> str:
    """Write the capacity of a whole registration, form by form, never added up.

    A registration with more addresses says that the number is for all of them together.
    """
    if not capacity:
        return words.t("the register gives no capacity")
    parts: dict[str, list[str]] = {}
    for form, unit, count in capacity:
        if pd.isna(count) or unit not in UNIT_WORDS:
            amount = words.t("capacity not known")
        else:
            singular, plural = UNIT_WORDS[unit]
            amount = words.n(singular, plural, int(count))
        parts.setdefault(words.t(FORM_WORDS[form]), []).append(amount)
    text = "; ".join(f"{form}: {', '.join(amounts)}" for form, amounts in parts.items())
    if addresses > 1:
        text += " " + words.n(
            "({count} address together)", "({count} addresses together)", addresses
        )
    return text


def unit_name(unit: str, words: Words) -> str:
    """Name a unit of capacity as after "number of".

    >>> unit_name("luzka", Words("cs"))
    'lůžek'
    """
    return words.n(*UNIT_WORDS[unit], 5).removeprefix("5").strip()


def note_words(note: Note, words: Words) -> str:
    """Write a note with its numbers as the language writes them."""
    fields = {
        name: words.number(value, digits=0 if value == round(value) else 1)
        if isinstance(value, (int, float))
        else words.t(str(value))
        for name, value in note.fields.items()
    }
    return words.t(note.template, **fields)


def way_words(answer: Answer, words: Words) -> str:
    """Say how the way was measured: by which roads, or estimated."""
    travel = answer.question.travel
    if travel.mode == "straight":
        return words.t(
            "way by road estimated from a straight line × {factor}",
            factor=words.number(travel.detour_factor, digits=1),
        )
    return words.t("way {mode} by roads", mode=words.t(MODE_WORDS[travel.mode]))


def threshold_words(answer: Answer, words: Words) -> str:
    """Say what the threshold is: the team's working value, never a norm."""
    values = values_words(answer, words)
    if answer.question.only_field and not ratios_words(answer.question, words):
        return values  # no working value takes part in it
    return words.t("{values}; working value, not a norm", values=values)


def values_words(answer: Answer, words: Words) -> str:
    """Write the threshold alone: how near, and how much capacity, is enough."""
    if answer.question.only_field:
        within = without_limit(answer.service_type, words)
    else:
        within = words.t("within {reach}", reach=limits_of(answer, words))
    return "; ".join([within, *ratios_words(answer.question, words)])


def measured_words(answer: Answer, words: Words) -> list[str]:
    """Say what the limit is and, where people travel, how the way was measured."""
    limit = threshold_words(answer, words)
    return [limit] if answer.question.only_field else [limit, way_words(answer, words)]


def without_limit(kind: ServiceType, words: Words) -> str:
    """Say what stands in place of a limit where nobody travels to a type of service."""
    if kind.anywhere:
        return words.t("given at a distance, where the person is")
    return words.t("served at home")


def ratios_words(question: Question, words: Words) -> list[str]:
    """Write how much capacity is enough by form; nothing where capacity is not judged."""
    return [
        words.t(
            "{form}: at least {count} per 1,000 people",
            form=words.t(FORM_WORDS[limit.form]),
            count=words.n(*UNIT_WORDS[limit.ratio.unit], round(limit.ratio.per_1000)),
        )
        for limit in question.limits
        if limit.ratio is not None
    ]


def _most_used(answer: Answer) -> str:
    gaps = answer.gaps
    by_place = gaps[gaps["beyond_place"] >= 0].groupby("beyond_place")[NOT_COVERED].sum()
    return str(answer.places.at[by_place.index[int(by_place.argmax())], "obec"])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
