"""Question → Answer: the one pure path from the tables to what everything is drawn from."""

from kpss_geo.study.answer import CHECKS, NOBODY, NOTHING_SAID, Answer, answer
from kpss_geo.study.compared import (
    Comparison,
    Line,
    changed_obce,
    changed_services,
    compare,
)
from kpss_geo.study.measured import Measured, measure
from kpss_geo.study.outline import reach_outline
from kpss_geo.study.question import (
    NO_LIMITS,
    Limits,
    Note,
    Question,
    ask,
    forms_offered,
    registered_forms,
    today,
    travel_of,
)

__all__ = [
    "CHECKS",
    "NOBODY",
    "NOTHING_SAID",
    "NO_LIMITS",
    "Answer",
    "Comparison",
    "Limits",
    "Line",
    "Measured",
    "Note",
    "Question",
    "answer",
    "ask",
    "changed_obce",
    "changed_services",
    "compare",
    "forms_offered",
    "measure",
    "reach_outline",
    "registered_forms",
    "today",
    "travel_of",
]
