"""Official data for a territory: fetch all it needs, say how old each source is, tell the news."""

from kpss_geo.official.news import Change
from kpss_geo.official.status import SourceStatus, status
from kpss_geo.official.territory_fetch import FetchReport, Outcome, fetch_territory

__all__ = ["Change", "FetchReport", "Outcome", "SourceStatus", "fetch_territory", "status"]
