"""What each number on the pages means: one catalogue, in the same words everywhere.

A heading names a definition by its `key`; the panel behind the heading, the glossary and
the workbook's sheet all write what stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kpss_geo.errors import N_
from kpss_geo.provenance import Source

PLAN: Final = "plan"
"""Beside the ids of `Data.sources`: what the team itself has written into its plan."""
PLAN_WORDS: Final = N_("the team's plan (who, when and why: page Plan)")
RECKONED: Final = N_("reckoned here from what the other definitions name")
PEOPLE, SUPPLY = ("population", "precincts"), ("register",)

VERDICTS: Final = N_("Four verdicts")
SURENESS: Final = N_("How sure it is")
WAYS: Final = N_("Distance and time")
CAPACITY: Final = N_("Capacity and limits")
PLACES: Final = N_("Obce, people, services")
SECTIONS: Final = (VERDICTS, SURENESS, WAYS, CAPACITY, PLACES)


@dataclass(frozen=True)
class Definition:
    """One number: its heading, what it is, what it does not say, and where it comes from.

    `sources` are ids of `Data.sources`, or `PLAN`; none when it is only reckoned.
    """

    key: str
    section: str
    term: str
    meaning: str
    not_said: str
    sources: tuple[str, ...] = ()


DEFINITIONS: Final = (
    Definition(
        "covered", VERDICTS, N_("covered"),
        N_("People of the target group who have an open service of this type: the nearest place "
           "is within the limit, or a field service is known to come to their obec."),
        N_("It does not say that the service has a free place, can be paid for, or is good."),
        (*PEOPLE, *SUPPLY, PLAN),
    ),
    Definition(
        "on_paper", VERDICTS, N_("on paper only"),
        N_("People who have a service within the limit, or one that states their whole region, "
           "but it is not shown that its capacity suffices or that it really comes."),
        N_("It is no promise of help. Ask the provider and write the answer into the plan."),
        (*PEOPLE, *SUPPLY, PLAN),
    ),
    Definition(
        "not_covered", VERDICTS, N_("not covered"),
        N_("People of whom it is known that no open place is within the limit and that no field "
           "service comes to their obec."),
        N_("It does not say how many of them need the service, nor that a place must be built "
           "there."),
        (*PEOPLE, *SUPPLY, PLAN),
    ),
    Definition(
        "unknown", VERDICTS, N_("not known"),
        N_("People for whom a fact is missing: whom a field service serves, what is in districts "
           "that the data do not hold, or a capacity that the register does not give."),
        N_("It is never zero, and it does not say that there is no service."),
        (*PEOPLE, *SUPPLY, PLAN),
    ),
    Definition(
        "verdict", VERDICTS, N_("Verdict"),
        N_("Verdict of most people of the target group in the obec; of two equal ones the worse. "
           "The four verdicts always add up to everyone."),
        N_("Not everyone in the obec need have it; the numbers of people stand in the table."),
    ),
    Definition(
        "lacking", VERDICTS, N_("people without it"),
        N_("People not covered and people covered on paper only, together. A question mark is "
           "added where a part of the people is not known."),
        N_("It does not say how many of them want or need the service."),
    ),
    Definition(
        "obce_not_covered", VERDICTS, N_("obce not covered"),
        N_("How many obce have at least one person of the target group who is not covered."),
        N_("It does not say for how many people; a large and a small obec count the same."),
    ),
    Definition(
        "types_by_verdict", VERDICTS, N_("Types of services by verdict"),
        N_("How many of the types of services that the data hold are covered in the obec for "
           "everyone of the group, for a part of them, or have another verdict for most."),
        N_("A type counts as one whether thousands need it or nobody does."),
    ),
    Definition(
        "firmness", SURENESS, N_("Firmness"),
        N_("Whether the verdict holds when it is reckoned otherwise: a limit a fifth shorter and "
           "longer, straight lines × 1.3 in place of the ways, without places outside the "
           "territory. ●●● holds in all checks, ●●○ fails in one, ●○○ in more."),
        N_("It does not check whether the register and the numbers of people are right."),
    ),
    Definition(
        "bounds", SURENESS, N_("not covered in the checks of firmness"),
        N_("The fewest and the most people not covered that came out of the checks of firmness."),
        N_("It is no confidence interval of statistics; the truth may lie outside."),
    ),
    Definition(
        "holds", SURENESS, N_("does the difference hold?"),
        N_("Whether one side has more in every check of firmness; else the difference is within "
           "the uncertainty."),
        N_("It does not say why the sides differ, nor that the difference is large."),
    ),
    Definition(
        "why", SURENESS, N_("Why"),
        N_("The fact that decides the verdict: which place is the nearest, who comes, or which "
           "fact is missing and whom to ask."),
        N_("It is not the whole reckoning; that stands under “How this was counted”."),
        (*SUPPLY, PLAN),
    ),
    Definition(
        "as_of", SURENESS, N_("as of"),
        N_("The day on which services are looked at: those that had begun and had not ended."),
        N_("It is not the day of the data: each source has its own, on the page Data."),
        SUPPLY,
    ),
    Definition(
        "digest", SURENESS, N_("data digest"),
        N_("A mark reckoned from all tables used. Two results with the same question and the same "
           "mark are the same."),
        N_("It says nothing of how good the data are."),
    ),
    Definition(
        "nearest", WAYS, N_("most often nearest"),
        N_("The place that is the nearest for most people of the obec. A star: a nearer one may "
           "be in districts that the data do not hold."),
        N_("People may use another one, and it need not have a free place."),
        (*SUPPLY, "precincts"),
    ),
    Definition(
        "way", WAYS, N_("mean way"),
        N_("Mean length of the way from where people of the obec live to the nearest place; in "
           "the table of gaps only of people not covered. Without roads it is estimated: a "
           "straight line × a detour factor that the page names."),
        N_("It is not the way of one person. An estimate does not see hills, rivers or borders."),
        (*SUPPLY, "precincts"),
    ),
    Definition(
        "time", WAYS, N_("mean time"),
        N_("Mean time of the same way: by the roads at their usual speed, or estimated from its "
           "length at the speed that the page names."),
        N_("It counts no waiting, no parking, no snow and no timetable of buses."),
        (*SUPPLY, "precincts"),
    ),
    Definition(
        "depth", WAYS, N_("people × minutes beyond the limit"),
        N_("People not covered times the minutes that they have beyond the limit, added up. It "
           "puts gaps in order: many people a little too far, or few people very far."),
        N_("It has no unit that a law or a norm knows; compare it only within one question."),
    ),
    Definition(
        "border", WAYS, N_("The nearest across the border of the obec"),
        N_("The way from the obec to the nearest place of a type that is in another obec."),
        N_("It does not say that the place takes people from here."),
        (*SUPPLY, "precincts"),
    ),
    Definition(
        "your_way", WAYS, N_("your way"),
        N_("The way from one point to a place: from the point or address you gave, or from a "
           "point in the middle of where people of the obec live. “About” means an estimate."),
        N_("It is no timetable and no navigation; ask by telephone how to get there."),
        (*SUPPLY, "precincts"),
    ),
    Definition(
        "seat", WAYS, N_("seat about … away"),
        N_("How far the office of a field service is from you, estimated."),
        N_("It does not say whether they come to you: that is what to ask."),
        SUPPLY,
    ),
    Definition(
        "limit", CAPACITY, N_("limit"),
        N_("How near is near enough: kilometres or minutes for each type and form of service. A "
           "working value, not a norm: the team sets it on the page Plan."),
        N_("No law and no regulation gives minutes or kilometres. Another limit gives other "
           "numbers."),
        (PLAN,),
    ),
    Definition(
        "capacity", CAPACITY, N_("capacity per 1,000 people"),
        N_("Registered capacity of a form of service for 1,000 people of the target group. Beds, "
           "clients, contacts, interventions and calls are never added to each other."),
        N_("It is the registered maximum, not free places."),
        ("register", "population"),
    ),
    Definition(
        "registration", CAPACITY, N_("capacity of the registration"),
        N_("What the register allows the whole registration at most, in one form, at all its "
           "addresses together."),
        N_("It does not say how much of it is at this address, nor how much is free."),
        SUPPLY,
    ),
    Definition(
        "people", PLACES, N_("people of the target group"),
        N_("People of the obec whose age belongs to the group. Inside the obec they stand on the "
           "points of polling precincts. Shares are of this number."),
        N_("It is the day of the source, not today, and not the number of those who need help."),
        PEOPLE,
    ),
    Definition(
        "inhabitants", PLACES, N_("all people of the obec"),
        N_("All inhabitants of the obec, of every age."),
        N_("It is the day of the source, not today; people who live there without registration "
           "are not in it."),
        ("population",),
    ),
    Definition(
        "share", PLACES, N_("share"),
        N_("People of the line as a part of all people of the target group, in whole per cent; "
           "“less than 1 %” and “more than 99 %” stand where rounding would say none or all."),
        N_("It does not say how many people that is; the number stands beside it."),
        PEOPLE,
    ),
    Definition(
        "points", PLACES, N_("percentage points"),
        N_("Share of side B minus share of side A."),
        N_("It is no growth in per cent: from 10 % to 15 % is 5 points."),
        PEOPLE,
    ),
    Definition(
        "peers", PLACES, N_("Obce of similar size"),
        N_("Obce of the same territory in the same class of size; where they are few, the next "
           "class on each side too."),
        N_("Similar size does not mean similar needs, roads or money."),
        ("population",),
    ),
    Definition(
        "service_type", PLACES, N_("type of service"),
        N_("Type of social service by the Act on Social Services, with its paragraph; the types "
           "that the register in the data does not hold are named, not counted as missing."),
        N_("Two services of one type may differ in whom they take and what they do."),
        ("types", "register"),
    ),
    Definition(
        "working_group", PLACES, N_("Working group"),
        N_("The first working group of the plan that talks about the type."),
        N_("The grouping is the team's own and may be changed."),
        ("types", PLAN),
    ),
    Definition(
        "served", PLACES, N_("served obce"),
        N_("To which obce a field service comes: yes, no, or not known. The register does not "
           "give it; the team has it from the providers."),
        N_("It does not say how often they come, nor that they take a new client."),
        (PLAN,),
    ),
)  # fmt: skip
BY_KEY: Final = {definition.key: definition for definition in DEFINITIONS}


def sources_of(definition: Definition, sources: Sequence[Source]) -> list[Source]:
    """Give those sources of the data that a definition names, in their order there."""
    return [source for source in sources if source.id in definition.sources]
