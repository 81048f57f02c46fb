"""A new territory: its obce from a list or a drawn outline, its name, its saved form."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace as with_changes
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely.errors import ShapelyError

from kpss_geo import plan
from kpss_geo.errors import N_, BadTerritory, FileNotUsable
from kpss_geo.plan import Plan
from kpss_geo.schema import X, Y, metric_geometry
from kpss_geo.sources.files import check_readable
from kpss_geo.territory import MAX_SURROUNDINGS_KM, Territory
from kpss_geo.text import fold

UNNAMED: Final = "?"


def codes_within(path: Path, *, obce: pd.DataFrame) -> tuple[str, ...]:
    """Codes of obce whose reference point lies inside a drawn outline (GeoJSON, WGS84).

    Raises
    ------
    FileNotUsable, CrsDisagrees
        The file is no GeoJSON with areas, or it lies outside Czechia.
    BadTerritory
        No obec lies inside.
    """
    check_readable(path)
    try:
        drawn = gpd.read_file(path, engine="pyogrio")
    except (RuntimeError, ValueError, OSError, ShapelyError) as error:
        raise FileNotUsable(file=path.name, why=N_("it is not GeoJSON")) from error
    if not isinstance(drawn, gpd.GeoDataFrame) or drawn.geometry.is_empty.all():
        raise FileNotUsable(file=path.name, why=N_("it holds no geometry"))
    areas = drawn[drawn.geom_type.isin(["Polygon", "MultiPolygon"])]
    if areas.empty:
        raise FileNotUsable(file=path.name, why=N_("it holds no area"))
    metric = metric_geometry(areas.set_geometry(areas.geometry.force_2d()), file=path.name)
    outline = metric.geometry.make_valid().union_all()
    points = gpd.GeoSeries(gpd.points_from_xy(obce[X], obce[Y]), index=obce.index, crs=metric.crs)
    inside = tuple(obce.index[points.intersects(outline)])
    if not inside:
        raise BadTerritory(territory=UNNAMED, file=path.name, why=N_("no obec lies inside"))
    return inside


def new_territory(
    name: str,
    codes: Iterable[str],
    *,
    present: Mapping[str, Territory],
    in_name: str = "",
    surroundings_km: float | None = None,
    replace: bool = False,
) -> Territory:
    """Make a territory; its id is made of its name.

    It gets the working groups of the first territory present, which the team edits to its
    own. With `replace` it takes the id of the territory of the same name.

    Raises
    ------
    BadTerritory
        It has no name, no obec, a distance of surroundings that is not possible, or the
        name of another territory.
    """
    shown = unicodedata.normalize("NFC", " ".join(name.split()))
    where = unicodedata.normalize("NFC", in_name).strip()
    listed = tuple(dict.fromkeys(codes))
    same = [key for key, other in present.items() if fold(other.name) == fold(shown)]
    why = _fault(shown, listed, surroundings_km)
    if not why and same and not replace:
        why = N_("there is a territory of that name; give another name, or add --replace")
    if why:
        raise BadTerritory(territory=shown or UNNAMED, file=plan.PLAN_NAME, why=why)
    usual = next(iter(present.values()), None)
    return Territory(
        id=same[0] if same else _free_id(shown, present),
        name=shown,
        in_name=where or f"v území {shown}",
        plan="",
        codes=listed,
        working_groups=usual.working_groups if usual else (),
        surroundings_km=surroundings_km,
    )


def _fault(name: str, codes: tuple[str, ...], surroundings_km: float | None) -> str:
    """Say why a territory cannot be made; empty when it can."""
    if not fold(name):
        return N_("it has no name")
    if not codes:
        return N_("it lists no obec codes")
    if surroundings_km is not None and not 0 <= surroundings_km <= MAX_SURROUNDINGS_KM:
        return N_("surroundings_km must be a number from 0 to 100")
    return ""


def save_territory(territory: Territory, into: Plan, *, reason: str = "") -> None:
    """Write a territory into the plan file; one of the same id is replaced.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed it after it was read; nothing is written.
    """
    present = plan.own_territories(into).get(territory.id)
    own = plan.OwnTerritory(
        id=territory.id,
        name=territory.name,
        in_name=territory.in_name,
        codes=territory.codes,
        surroundings_km=territory.surroundings_km,
        reason=reason,
    )
    plan.set_territory(into, with_changes(own, revision=present.revision) if present else own)


def _free_id(name: str, taken: Collection[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "uzemi"
    number, free = 2, plain
    while free in taken:
        free, number = f"{plain}-{number}", number + 1
    return free
