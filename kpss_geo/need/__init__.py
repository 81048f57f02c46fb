"""Supply against need: what capacity people reach, and who bears the distance.

One service type, one form and one unit of capacity at a time: beds, clients, contacts,
interventions and calls are never added to each other.
"""

from kpss_geo.need.burden import LIMITS_MIN, Equity, equity_of
from kpss_geo.need.question import REACH_MIN, NeedQuestion, ask
from kpss_geo.need.share import AccessAnswer, access_of

__all__ = [
    "LIMITS_MIN",
    "REACH_MIN",
    "AccessAnswer",
    "Equity",
    "NeedQuestion",
    "access_of",
    "ask",
    "equity_of",
]
