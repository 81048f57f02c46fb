"""Address ↔ Question, and what is remembered for the process.

Nothing here knows Streamlit: the pages hand in the parameters of the address and get a
Question back. `address` reads links, `tables` holds data and the plan, `answers` and
`geometry` remember what was reckoned.
"""

from kpss_geo.state import answers, geometry, own_tables, remarks, tables
from kpss_geo.state.address import (
    DAY_MAX,
    DAY_MIN,
    DEFAULT_SERVICE,
    DEFAULT_TARGET,
    DEFAULT_TERRITORY,
    ONE_TYPE,
    PAPERS,
    POINT_DIGITS,
    REACH_MAX,
    REACH_MIN,
    TABS,
    WAYS,
    View,
    needs,
    read_view,
    situation,
)
from kpss_geo.state.answers import (
    answer,
    board,
    compared,
    found,
    measured,
    question,
    roads,
    serving,
    sides,
    usual_limits,
)
from kpss_geo.state.geometry import AREAS_PATH, areas, areas_file, areas_url, around, reach_outline
from kpss_geo.state.remarks import plan_is_there, table
from kpss_geo.state.tables import (
    addresses,
    correct,
    corrections,
    data,
    has_addresses,
    plan_for_writing,
    plan_found,
    plan_to_change,
    served_of_upload,
    statements,
    the_team,
    thresholds,
    try_data,
)


def forget() -> None:
    """Forget everything that was read; for tests, and after a fetch of data."""
    for module in (tables, answers, own_tables, geometry, remarks):
        module.forget()


__all__ = [
    "AREAS_PATH",
    "DAY_MAX",
    "DAY_MIN",
    "DEFAULT_SERVICE",
    "DEFAULT_TARGET",
    "DEFAULT_TERRITORY",
    "ONE_TYPE",
    "PAPERS",
    "POINT_DIGITS",
    "REACH_MAX",
    "REACH_MIN",
    "TABS",
    "WAYS",
    "View",
    "addresses",
    "answer",
    "areas",
    "areas_file",
    "areas_url",
    "around",
    "board",
    "compared",
    "correct",
    "corrections",
    "data",
    "forget",
    "found",
    "has_addresses",
    "measured",
    "needs",
    "plan_for_writing",
    "plan_found",
    "plan_is_there",
    "plan_to_change",
    "question",
    "reach_outline",
    "read_view",
    "roads",
    "served_of_upload",
    "serving",
    "sides",
    "situation",
    "statements",
    "table",
    "the_team",
    "thresholds",
    "try_data",
    "usual_limits",
]
