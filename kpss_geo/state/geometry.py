"""Areas of territories as the browser and the maps take them, remembered for the process."""

from functools import lru_cache

import geopandas as gpd
import pandas as pd

from kpss_geo import dataset, maps, settings, study, territory
from kpss_geo.state.answers import answer, roads
from kpss_geo.state.tables import data
from kpss_geo.study import Question

AREAS_PATH = "/kpss/areas/{territory}/{digest}.json"


@lru_cache(maxsize=64)
def reach_outline(asked: Question) -> gpd.GeoSeries:
    """Outline of everywhere within reach of the places near a territory, EPSG:5514.

    By road only for a reach in minutes; empty where it cannot be drawn.
    """
    places = answer(asked).places
    near = places[places["code"].isin(around(asked.territory).union(list(_codes(asked))))]
    return study.reach_outline(asked, near, roads=roads(asked.travel.mode))


def _codes(asked: Question) -> tuple[str, ...]:
    return data().territories[asked.territory].codes


@lru_cache(maxsize=16)
def around(territory_id: str) -> pd.Index:
    """Obec codes of the surroundings of a territory."""
    tables = data()
    where = tables.territories[territory_id]
    km = territory.km_around(where, usual_km=settings.current().surroundings_km)
    return territory.surroundings(where, obce=tables.obce, km=km)


@lru_cache(maxsize=16)
def areas(territory_id: str) -> tuple[gpd.GeoSeries, bool]:
    """Areas of a territory in EPSG:5514, and whether they are real boundaries."""
    codes = pd.Index(data().territories[territory_id].codes, name="code")
    return dataset.areas_of(codes, data())


@lru_cache(maxsize=16)
def areas_file(territory_id: str) -> bytes:
    """GeoJSON of a territory and its surroundings, as the browser keeps it.

    Raises
    ------
    KeyError
        There is no such territory.
    """
    codes = pd.Index(data().territories[territory_id].codes, name="code")
    both, real = dataset.areas_of(codes.append(around(territory_id)), data())
    inside, outside = gpd.GeoSeries(both.loc[codes]), gpd.GeoSeries(both.drop(codes))
    return maps.areas_file(inside, outside, real=real)


def areas_url(territory_id: str) -> str:
    """Address of the areas of a territory for this state of the data."""
    return AREAS_PATH.format(territory=territory_id, digest=data().digest)


def forget() -> None:
    """Forget what was drawn."""
    for remembered in (reach_outline, around, areas, areas_file):
        remembered.cache_clear()
