"""What a headline says of a service, by the verdict it leads with."""

from typing import Final

from kpss_geo.errors import N_
from kpss_geo.schema import COVERED, NOT_COVERED, UNKNOWN

MOSTLY_UNKNOWN: Final = "mostly_unknown"
"""Key of a headline where of more than half of the people it is not known."""

WITHIN: Final = {
    MOSTLY_UNKNOWN: N_(
        "{name}, {group}: of {share} we do not know whether they have “{service}” within {reach} "
        "({count} of {total} people; {rest})."
    ),
    UNKNOWN: N_(
        "{name}, {group}: we do not know how many of {total} people have “{service}” within "
        "{reach}."
    ),
    NOT_COVERED: N_(
        "{name}, {group}: {share} have no “{service}” within {reach} ({count} of {total} people)."
    ),
    COVERED: N_(
        "{name}, {group}: {share} have “{service}” within {reach} ({count} of {total} people)."
    ),
}
IN_ANY_FORM: Final = {
    UNKNOWN: N_("{name}, {group}: we do not know how many of {total} people have “{service}”."),
}
"""Where nothing is known, and it may be a form that the data hold nowhere: no limit is said."""
AT_HOME: Final = {
    MOSTLY_UNKNOWN: N_(
        "{name}, {group}: of {share} we do not know whether “{service}” comes to them "
        "({count} of {total} people; {rest})."
    ),
    UNKNOWN: N_(
        "{name}, {group}: we do not know how many of {total} people have “{service}” come to them."
    ),
    NOT_COVERED: N_(
        "{name}, {group}: to {share} no “{service}” comes ({count} of {total} people)."
    ),
    COVERED: N_("{name}, {group}: to {share} “{service}” comes ({count} of {total} people)."),
}
ANYWHERE: Final = {
    MOSTLY_UNKNOWN: N_(
        "{name}, {group}: of {share} we do not know whether “{service}” serves their obec "
        "({count} of {total} people; {rest})."
    ),
    UNKNOWN: N_(
        "{name}, {group}: we do not know how many of {total} people “{service}” serves; nobody "
        "has said yet which obce it serves."
    ),
    NOT_COVERED: N_(
        "{name}, {group}: no “{service}” serves the obec of {share} ({count} of {total} people)."
    ),
    COVERED: N_(
        "{name}, {group}: “{service}” serves the obec of {share} ({count} of {total} people)."
    ),
}
"""Of services that do not travel: they are given where the person is (`ServiceType.anywhere`)."""
