"""A new territory: its obce from a list or a drawn outline, its name, its saved form."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import tomlkit
from shapely.errors import ShapelyError
from tomlkit.exceptions import ParseError, TOMLKitError

from kpss_geo.errors import N_, BadTerritory, FileNotUsable
from kpss_geo.schema import X, Y, metric_geometry
from kpss_geo.sources.files import check_readable
from kpss_geo.territory import MAX_SURROUNDINGS_KM, Territory
from kpss_geo.text import fold

OWN_FILE: Final = "territories.toml"


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
        raise BadTerritory(territory="?", file=path.name, why=N_("no obec lies inside"))
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
    shown = " ".join(name.split())
    listed = tuple(dict.fromkeys(codes))
    same = [key for key, other in present.items() if fold(other.name) == fold(shown)]
    why = _fault(shown, listed, surroundings_km)
    if not why and same and not replace:
        why = N_("there is a territory of that name; give another name, or add --replace")
    if why:
        raise BadTerritory(territory=shown or "?", file=OWN_FILE, why=why)
    usual = next(iter(present.values()), None)
    return Territory(
        id=same[0] if same else _free_id(shown, present),
        name=shown,
        in_name=in_name or f"v území {shown}",
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


def save_territory(territory: Territory, *, folder: Path) -> Path:
    """Write a territory into the data folder's own list, whole or not at all; gives the path.

    Other territories of the list, and the comments in it, stay as they are; one of the same
    id is replaced.

    Raises
    ------
    FileNotUsable
        The list that is there cannot be read; it is left as it is.
    """
    target = folder / OWN_FILE
    present = _present_list(target)
    present[territory.id] = _as_table(territory)
    folder.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".part")
    half.write_text(tomlkit.dumps(present), encoding="utf-8", newline="")
    half.replace(target)
    return target


def _present_list(target: Path) -> tomlkit.TOMLDocument:
    if not target.is_file():
        return tomlkit.document()
    try:
        return tomlkit.parse(target.read_text(encoding="utf-8-sig"))
    except (ParseError, TOMLKitError, UnicodeDecodeError) as error:
        raise FileNotUsable(file=target.name, why=str(error)) from error


def _as_table(territory: Territory) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": territory.name, "in_name": territory.in_name}
    if territory.plan:
        facts["plan"] = territory.plan
    if territory.surroundings_km is not None:
        facts["surroundings_km"] = float(territory.surroundings_km)
    if territory.working_groups:
        facts["working_groups"] = [
            {"name": group.name, "keys": list(group.keys)} for group in territory.working_groups
        ]
    return {**facts, "codes": list(territory.codes)}


def _free_id(name: str, taken: Collection[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "uzemi"
    number, free = 2, plain
    while free in taken:
        free, number = f"{plain}-{number}", number + 1
    return free
