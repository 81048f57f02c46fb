"""Why an obec has its verdict: the deciding fact in one sentence, and how firm it is."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from kpss_geo.catalogue import FIELD
from kpss_geo.coverage import DISTRICT_NOT_HELD, FIELD_NOT_DECLARED, FIELD_NOT_HELD
from kpss_geo.errors import N_
from kpss_geo.report.sentences import (
    FORM_WORDS,
    forms_said,
    limits_of,
    reach_words,
    verdicts_sentence,
)
from kpss_geo.report.unknown import reason_words
from kpss_geo.report.ways import way
from kpss_geo.schema import COVERED, FORMS, NAME, NOT_COVERED, ON_PAPER, PEOPLE, UNKNOWN
from kpss_geo.study import Answer
from kpss_geo.study.answer import CHECKS, ESTIMATED, INSIDE, LONGER, SHORTER
from kpss_geo.text import Words

CHECK_WORDS: Final = {
    SHORTER: N_("with a limit a fifth shorter"),
    LONGER: N_("with a limit a fifth longer"),
    ESTIMATED: N_("with straight lines × 1.3 in place of the ways"),
    INSIDE: N_("without the places outside the territory"),
}
_ON_PAPER: Final = {
    False: N_(
        "Somebody is within reach or serves the obec on paper, but it is not shown that "
        "the capacity suffices or that they come."
    ),
    True: N_(
        "Somebody serves the obec on paper, but it is not shown that the capacity suffices or "
        "that people here really have the service."
    ),
}
_COMES: Final = {
    False: N_("A field service comes: the team has said so."),
    True: N_("A service serves the obec: the team has said so."),
}
_DOES_NOT_COME: Final = {
    False: N_("It is known of every field service nearby that it does not come."),
    True: N_("It is known of every such service that it does not serve the obec."),
}
_NOT_SAID: Final = {
    False: N_("It is not said who comes."),
    True: N_("It is not said who serves the obec."),
}
"""Words of services that travel (False), and of those that do not (`ServiceType.anywhere`)."""
NAMED: Final = 3
"""How many providers a sentence names; of the rest it says how many they are."""


def main_form(obec: Mapping[Hashable, Any]) -> str:
    """Form that covers most people of an obec (a row of `Answer.obce`); empty for nobody."""
    counts = {form: obec[f"by_{form}"] for form in FORMS}
    known = {form: int(count) for form, count in counts.items() if not pd.isna(count)}
    best = max(known, key=lambda form: known[form], default="")
    return best if best and known[best] > 0 else ""


def reason(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say in one sentence which fact decides the verdict of an obec (a row of `Answer.obce`)."""
    if pd.isna(obec[PEOPLE]):
        return words.t("How many people live in {name} is not known.", name=obec[NAME])
    match obec["verdict"]:
        case verdict if verdict == UNKNOWN:
            return _unknown(answer, obec, words)
        case verdict if verdict == ON_PAPER:
            return words.t(_ON_PAPER[answer.service_type.anywhere])
        case verdict if verdict == COVERED and main_form(obec) == FIELD:
            return words.t(_COMES[answer.service_type.anywhere])
        case verdict if verdict in (COVERED, NOT_COVERED):
            return _nearest(answer, obec, words)
        case _:
            return words.t("nobody of the target group lives here")


def _nearest(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say of the place that decides where it is, of which form, how far, and what the limit is."""
    prefix = "beyond" if obec["verdict"] == NOT_COVERED else "within"
    row = obec[f"{prefix}_place"]
    if row < 0:
        if answer.question.only_field:
            return words.t(_DOES_NOT_COME[answer.service_type.anywhere])
        return words.t("No place of this service can be reached at all.")
    place = answer.places.loc[row]
    kind = answer.service_type
    form = form_of_place(answer, obec, prefix, words)
    return words.t(
        "The nearest place of “{service}” is in {town}, {way}; the limit is {limit}.",
        service=f"{kind.name}{form}",
        service_one=f"{kind.name_one}{form}",
        town=place["obec"],
        way=_way(answer, obec, prefix, words),
        limit=_limit(answer, obec, prefix, words),
    )


def form_of_place(answer: Answer, obec: Mapping[Hashable, Any], prefix: str, words: Words) -> str:
    """Name the form of the place told of an obec, after a space; nothing where no other is asked.

    Beside the field form a place says nothing of who comes, so its form must be named.
    """
    form = nearest_form(obec, prefix)
    if not form or len(answer.question.limits) == 1:
        return ""
    return " " + forms_said([form], words)


def _limit(answer: Answer, obec: Mapping[Hashable, Any], prefix: str, words: Words) -> str:
    """Write the limit of the form of the place told of an obec."""
    reach = answer.question.reach_of(nearest_form(obec, prefix))
    return limits_of(answer, words) if reach is None else reach_words(reach, words)


def nearest_form(obec: Mapping[Hashable, Any], prefix: str = "nearest") -> str:
    """Form of the place that is nearest for most people of an obec; empty without any.

    With the prefix `beyond` that of the people not covered, with `within` of those in reach.
    """
    number = int(obec[f"{prefix}_form"])
    return FORMS[number] if number >= 0 else ""


def gap_reason(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say of the people not covered of an obec how far they have it, and how many they are."""
    if obec[NOT_COVERED] == obec[PEOPLE] or obec["beyond_place"] < 0:
        return _nearest(answer, {**obec, "verdict": NOT_COVERED}, words)
    return words.t(
        "Those not covered ({count} of {total}) have it {way} to the nearest{form}, in {town}; the "
        "limit is {limit}.",
        count=words.number(obec[NOT_COVERED]),
        total=words.number(obec[PEOPLE]),
        form=form_of_place(answer, obec, "beyond", words),
        way=_way(answer, obec, "beyond", words),
        town=answer.places.loc[obec["beyond_place"], "obec"],
        limit=_limit(answer, obec, "beyond", words),
    )


def _way(answer: Answer, obec: Mapping[Hashable, Any], prefix: str, words: Words) -> str:
    """Write the way as beside the limit of its form; one beyond it so that this can be seen."""
    reach = answer.question.reach_of(nearest_form(obec, prefix)) or answer.question.reach
    metres, minutes = float(obec[f"{prefix}_m"]), float(obec[f"{prefix}_min"])
    return way(metres, minutes, reach, words, beyond=prefix == "beyond")


def _unknown(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    text = reason_words(answer, obec, words)
    if obec["reason"] != FIELD_NOT_DECLARED:
        return text
    return f"{text} {whom_to_ask(answer, obec, words)}".strip()


def nobody_to_ask(obec: Mapping[Hashable, Any]) -> bool:
    """Whether it is not known who comes, and the data hold no service that might."""
    return obec["reason"] == FIELD_NOT_HELD or bool(obec["field_districts"])


def hangs_on_field(answer: Answer, obec: Mapping[Hashable, Any]) -> bool:
    """Whether the verdict hangs on who comes to the obec, so that no way to a place says it."""
    if obec["verdict"] != UNKNOWN or all(x.form != FIELD for x in answer.question.limits):
        return False
    return obec["reason"] in (FIELD_NOT_DECLARED, FIELD_NOT_HELD, DISTRICT_NOT_HELD)


def whom_to_ask(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    """Name the providers of whom nobody has said whether they come; empty without any."""
    silent = tuple(obec["silent"])
    if not silent:
        return ""
    asked = answer.supply.field.loc[list(silent), "provider"].drop_duplicates()
    return asked_words([str(name).strip() for name in asked], words)


def asked_words(providers: Sequence[str], words: Words) -> str:
    """Say whom to ask: the first providers by name, of the rest how many they are.

    Names have commas of their own (“ABAPO, s.r.o.”), so semicolons stand between them.
    """
    names = "; ".join(providers[:NAMED])
    if len(providers) <= NAMED:
        last = names.rstrip(". ")  # the sentence brings its own dot
        return words.t("Whom to ask: {names}.", names=last)
    rest = words.number(len(providers) - NAMED)
    return words.t("Whom to ask: {names} and {count} more.", names=names, count=rest)


def brief(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say the deciding fact beside the name of the type; of field services only whom to ask."""
    if pd.isna(obec[PEOPLE]):
        return reason(answer, obec, words)
    match obec["verdict"]:
        case verdict if verdict == UNKNOWN and obec["reason"] == FIELD_NOT_DECLARED:
            names = whom_to_ask(answer, obec, words)
            return f"{words.t(_NOT_SAID[answer.service_type.anywhere])} {names}".strip()
        case verdict if verdict == NOT_COVERED and obec["beyond_place"] >= 0:
            return _nearest_brief(answer, obec, "beyond", words)
        case verdict if verdict == COVERED and main_form(obec) != FIELD:
            return _nearest_brief(answer, obec, "within", words)
        case _:
            return reason(answer, obec, words)


def _nearest_brief(answer: Answer, obec: Mapping[Hashable, Any], prefix: str, words: Words) -> str:
    """Say where the place that decides is; a star marks that one not in the data may be nearer."""
    return words.t(
        "Nearest in {town}{form}, {way}; the limit is {limit}.",
        town=answer.places.loc[obec[f"{prefix}_place"], "obec"],
        form=form_of_place(answer, obec, prefix, words),
        way=_way(answer, obec, prefix, words) + ("" if obec["certain"] else " *"),
        limit=_limit(answer, obec, prefix, words),
    )


def obec_sentence(answer: Answer, code: str, words: Words) -> str:
    """Say of one obec its verdicts, the deciding fact, how firm it is and what may be nearer."""
    obec = answer.obce.loc[code].to_dict()
    if pd.isna(obec[PEOPLE]):
        return reason(answer, obec, words)
    parts = [verdicts_sentence(obec, words)]
    if obec[PEOPLE] > 0:
        parts.append(reason(answer, obec, words))
    return " ".join(filter(None, [*parts, caveats(answer, obec, words)]))


def caveats(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say what the deciding fact of an obec leaves open: what may be nearer, how firm it is."""
    parts = []
    if obec["verdict"] in (COVERED, NOT_COVERED) and not obec["certain"]:
        template = N_("In districts that the data do not hold one may be nearer.")
        parts.append(words.t(template))
    if obec["verdict"] in (COVERED, ON_PAPER) and main_form(obec):
        form = words.t(FORM_WORDS[main_form(obec)])
        parts.append(words.t("The form that covers: {form}.", form=form))
    if obec["reason"] and obec["verdict"] != UNKNOWN:
        parts.append(reason_words(answer, obec, words))
    firm = firmness_words(obec, words)
    return " ".join([*parts, firm] if firm else parts)


def firm(obec: Mapping[Hashable, Any]) -> bool | None:
    """Whether the verdict holds under all `CHECKS`; None where nothing is decided."""
    if pd.isna(obec[PEOPLE]) or obec[PEOPLE] == 0 or obec["verdict"] == UNKNOWN:
        return None
    return not obec["shaky"]


def firmness_mark(holds: bool | None, lost: int) -> str:  # noqa: FBT001 - as `firm` gives it
    """Draw firmness: three dots hold under all checks, two fail one, one fails more."""
    if holds is None:
        return "–"
    if holds:
        return "●●●"
    return "●●○" if lost == 1 else "●○○"


def firmness_words(obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say under which checks the verdict would change; empty where nothing is decided."""
    match firm(obec):
        case None:
            return ""
        case True:
            return words.t("The verdict is firm.")
        case _:
            checks = ", ".join(
                words.t(CHECK_WORDS[name]) for name in CHECKS if name in obec["shaky"]
            )
            return words.t("The verdict would change {checks}.", checks=checks)


def bounds_words(answer: Answer, words: Words) -> str:
    """Say between which numbers the people not covered lie under all checks."""
    lacking = [answer.totals[NOT_COVERED], *map(int, answer.bounds[NOT_COVERED])]
    if answer.totals[UNKNOWN] == answer.totals[PEOPLE]:
        return ""
    if min(lacking) == max(lacking):
        return _others_words(answer, words)
    return words.t(
        "Firmness: {low} to {high} people not covered, by a limit a fifth shorter or longer, by "
        "straight lines × 1.3, or without the places outside the territory.",
        low=words.number(min(lacking)),
        high=words.number(max(lacking)),
    )


def _others_words(answer: Answer, words: Words) -> str:
    """Say that the number of those not covered holds in every check, and what does not."""
    covered = [answer.totals[COVERED], *map(int, answer.bounds[COVERED])]
    if min(covered) != max(covered):
        return words.t(
            "Firmness: the number of people not covered is the same in every check; the number of "
            "those covered is {low} to {high}.",
            low=words.number(min(covered)),
            high=words.number(max(covered)),
        )
    if answer.obce["shaky"].map(len).any():
        return words.t(
            "Firmness: the number of people not covered is the same in every check; the verdict of "
            "some obce is not."
        )
    return words.t("Firmness: the number of people not covered is the same in every check.")
