"""Why it is not known who is covered, and what to do so that it will be known."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from kpss_geo.coverage import (
    CAPACITY_NOT_GIVEN,
    DAY_NOT_HELD,
    DISTRICT_NOT_HELD,
    FIELD_NOT_DECLARED,
    FIELD_NOT_HELD,
    FORM_NOT_GIVEN,
    GROUP_NOT_HELD,
    NOT_NEAR_A_ROAD,
    PLACE_NOT_LOCATED,
    TYPE_NOT_HELD,
)
from kpss_geo.errors import N_
from kpss_geo.schema import UNKNOWN
from kpss_geo.study import Answer
from kpss_geo.text import Words

REASON_WORDS: Final = {
    NOT_NEAR_A_ROAD: N_("People live too far from any road of the road data."),
    TYPE_NOT_HELD: N_("The register in the data does not hold this type of service."),
    GROUP_NOT_HELD: N_("The register in the data does not hold services for this target group."),
    CAPACITY_NOT_GIVEN: N_(
        "The register gives no capacity for a service within reach, so it is not known for how "
        "many it suffices. Ask the provider."
    ),
    FORM_NOT_GIVEN: N_(
        "A service within reach may count or not: the register does not clearly say its type, "
        "form or target group."
    ),
    FIELD_NOT_DECLARED: N_(
        "For the field form of this service nobody has said yet which obce it serves. Ask the "
        "providers."
    ),
    DAY_NOT_HELD: N_(
        "The register in the data is newer than the day asked about; services that ended before "
        "are not in it."
    ),
    PLACE_NOT_LOCATED: N_(
        "Where a place of this service stands is not known, not even its obec; see the faults of "
        "the data."
    ),
}
AT_A_DISTANCE: Final = {
    FIELD_NOT_DECLARED: N_(
        "Of this service, given at a distance, nobody has said yet which obce it serves. Ask the "
        "providers."
    ),
    FIELD_NOT_HELD: N_(
        "There is no such service in the data to be asked, but one from anywhere in the country "
        "may serve the obec. Ask the region."
    ),
}
"""The same of services that do not travel (`ServiceType.anywhere`)."""
NEAR: Final = (
    N_(
        "The reach crosses into a district whose services are not in the data; one of them may "
        "be near enough. Add the services of the district {districts}."
    ),
    N_(
        "The reach crosses into districts whose services are not in the data; one of them may "
        "be near enough. Add the services of the districts {districts}."
    ),
)
FROM_THERE: Final = (
    N_(
        "There is no field service in the data to be asked, but one from a district that the "
        "data do not hold may come. Add the services of the district {districts}, or ask the "
        "region."
    ),
    N_(
        "There is no field service in the data to be asked, but one from districts that the "
        "data do not hold may come. Add the services of the districts {districts}, or ask the "
        "region."
    ),
)
BOTH: Final = (
    N_(
        "A place in a district whose services are not in the data may be near enough, or a field "
        "service may come from there; the data hold none that could be asked. Add the services "
        "of the district {districts}, or ask the region."
    ),
    N_(
        "A place in districts whose services are not in the data may be near enough, or a field "
        "service may come from there; the data hold none that could be asked. Add the services "
        "of the districts {districts}, or ask the region."
    ),
)
NOT_HELD: Final = (DISTRICT_NOT_HELD, FIELD_NOT_HELD)
DISTRICTS: Final = ("near_districts", "field_districts")
NAMED_DISTRICTS: Final = 5
"""So many districts a sentence names, the nearest first; of the rest how many they are."""


def reason_words(answer: Answer, obec: Mapping[Hashable, Any], words: Words) -> str:
    """Say why people of an obec (a row of `Answer.obce`) are unknown; empty for no reason."""
    near, far = tuple(obec["near_districts"]), tuple(obec["field_districts"])
    return _said(answer, str(obec["reason"]), near, far, words)


def unknown_because(answer: Answer, words: Words) -> str:
    """Name the reasons that leave people unknown, each of how many; empty when nobody is."""
    found = unknown_reasons(answer, words)
    if len(found) <= 1:
        return "".join(found)
    return " ".join(
        words.t("For {people} people: {reason}", people=words.number(count), reason=_inside(reason))
        for reason, count in found.items()
    )


def unknown_reasons(answer: Answer, words: Words) -> dict[str, int]:
    """Give in sentences why people are unknown, each with how many they are, most first."""
    unknown = answer.obce[answer.obce[UNKNOWN].fillna(0) > 0]
    alike: dict[tuple[object, ...], list[pd.DataFrame]] = {}
    for reason, rows in unknown.groupby("reason"):
        districts = tuple(bool(_most_first(rows, name)) for name in DISTRICTS)
        alike.setdefault(districts if reason in NOT_HELD else (reason,), []).append(rows)
    found: dict[str, int] = {}
    for parts in alike.values():
        rows = pd.concat(parts)
        near, far = (_most_first(rows, name) for name in DISTRICTS)
        said = _said(answer, str(rows["reason"].iloc[0]), near, far, words)
        found[said] = found.get(said, 0) + int(rows[UNKNOWN].sum())
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def _inside(text: str) -> str:
    return text[:1].lower() + text[1:]


def _said(
    answer: Answer, reason: str, near: Sequence[str], far: Sequence[str], words: Words
) -> str:
    if answer.service_type.anywhere and reason in AT_A_DISTANCE:
        return words.t(AT_A_DISTANCE[reason])
    if reason not in NOT_HELD:
        return words.t(REASON_WORDS[reason]) if reason else ""
    names = tuple(dict.fromkeys([*near, *far]))
    template = (BOTH if far else NEAR) if near else FROM_THERE
    return words.n(*template, len(names), districts=listed(names, words))


def listed(names: Sequence[str], words: Words) -> str:
    """Write names with “and” before the last; of many the first and how many more they are."""
    if len(names) > NAMED_DISTRICTS + 1:
        rest = words.number(len(names) - NAMED_DISTRICTS)
        shown = ", ".join(names[:NAMED_DISTRICTS])
        return words.t("{names} and {count} more districts", names=shown, count=rest)
    return words.t(" and ").join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _most_first(rows: pd.DataFrame, column: str) -> tuple[str, ...]:
    """Name the districts of some obce, those first that leave most people unknown."""
    people: dict[str, float] = {}
    for names, count in zip(rows[column], rows[UNKNOWN].astype(float), strict=True):
        for name in names:
            people[name] = people.get(name, 0.0) + count
    return tuple(sorted(people, key=lambda name: -people[name]))
