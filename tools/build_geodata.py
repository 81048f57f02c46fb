"""Make the tables of `geodata/` from a folder of source files.

Run by a developer when a source changes: `python tools/build_geodata.py SOURCE_FOLDER`.
Only figures are carried over (codes, names, points, areas, counts, register facts);
boundary polygons, road lines and grids never are. What each source file is and its
licence stand in `geodata/README.md`.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

TARGET = Path(__file__).parent.parent / "geodata"
PRECINCTS_AROUND_M = 20_000
TANVALDSKO = (
    "Harrachov", "Kořenov", "Desná", "Jiřetín pod Bukovou", "Albrechtice v Jizerských horách",
    "Josefův Důl", "Plavy", "Velké Hamry", "Zlatá Olešnice", "Zásada", "Tanvald", "Smržovka",
)  # fmt: skip


def build_obce(source: Path) -> pd.DataFrame:
    """Codes, names, membership, area (from the attributes) and reference points."""
    attributes = gpd.read_parquet(source / "municipalities.parquet").drop(columns="geometry")
    points = gpd.read_parquet(source / "municipality_points.parquet").set_index("code")
    table = pd.DataFrame(attributes).set_index("code").sort_index()
    table["x"] = points.geometry.x.reindex(table.index).round().astype(int)
    table["y"] = points.geometry.y.reindex(table.index).round().astype(int)
    table["area_km2"] = table["area_km2"].round(3)
    areas = gpd.read_parquet(source / "municipalities.parquet").set_index("code").geometry
    centre = shapely.points(table[["x", "y"]].to_numpy(dtype=float))
    farthest = shapely.hausdorff_distance(np.asarray(areas.reindex(table.index)), centre)
    # A round figure upwards: the sources are generalised to 50 and 100 m.
    table["extent_m"] = (np.ceil((farthest + 100) / 100) * 100).astype(int)
    table.to_csv(TARGET / "obce.csv")
    return table


def build_population(source: Path) -> None:
    """People by sex and five-year band; the total row and column are dropped, being sums."""
    table = pd.read_parquet(source / "population_2020_age_sex.parquet")
    bands = [c for c in table.columns if c not in ("sex", "code", "name", "total")]
    if not (table[bands].sum(axis=1) == table["total"]).all():
        raise SystemExit("population: bands do not add up to the total")
    by_sex = table.set_index(["code", "sex"])[bands]
    men, women, everyone = (
        pd.DataFrame(by_sex.xs(sex, level="sex")) for sex in ("male", "female", "all")
    )
    both = men + women
    if not both.equals(everyone.reindex(both.index)):
        raise SystemExit("population: men and women do not add up to all")
    sexes = table.loc[table["sex"].isin(["male", "female"]), ["code", "sex", *bands]]
    sexes.sort_values(["code", "sex"]).to_csv(TARGET / "population.csv", index=False)


def territory_codes(obce: pd.DataFrame) -> dict[str, list[str]]:
    """Obec codes of the five plans."""
    liberecky = obce[obce["region_name"].str.startswith("Liberecký")]
    tanvaldsko = liberecky[liberecky["name"].isin(TANVALDSKO)]
    return {
        "sluknovsko": list(obce.index[obce["orp_name"].isin(["Rumburk", "Varnsdorf"])]),
        "luhacovice": list(obce.index[obce["orp_name"] == "Luhačovice"]),
        "kaplice": list(obce.index[obce["orp_name"] == "Kaplice"]),
        "jihomoravsky": list(obce.index[obce["region_name"].str.startswith("Jihomoravský")]),
        "tanvaldsko": list(tanvaldsko.index),
    }


def build_precincts(source: Path, obce: pd.DataFrame, codes: list[str]) -> None:
    """Precinct points of the territories and 20 km around; those outside their obec dropped."""
    points = gpd.read_parquet(source / "polling_precinct_points.parquet")
    areas = gpd.read_parquet(source / "municipalities.parquet").set_index("code").geometry
    own = gpd.GeoSeries(
        np.asarray(areas.reindex(points["code"])), index=points.index, crs=areas.crs
    )
    outside = points.geometry.distance(own) > 100  # the polygons are generalised to 50 m
    print(
        "precinct points outside their obec, dropped:", list(points.loc[outside, "precinct_code"])
    )
    tree = cKDTree(obce.loc[codes, ["x", "y"]].to_numpy())
    near, _ = tree.query(obce[["x", "y"]].to_numpy(), distance_upper_bound=PRECINCTS_AROUND_M)
    kept = points[points["code"].isin(obce.index[np.isfinite(near)]) & ~outside]
    table = pd.DataFrame(kept.drop(columns=["geometry", "buildings_2011"]))
    table["x"] = kept.geometry.x.round().astype(int)
    table["y"] = kept.geometry.y.round().astype(int)
    for column in ("voters_2023", "residents_2011", "children_2011", "seniors_2011"):
        table[column] = table[column].astype("Int64")
    table.sort_values(["code", "precinct_code"]).to_csv(TARGET / "precincts.csv", index=False)


def build_register(source: Path) -> None:
    """Write the register extract as it is, in the order of districts and services."""
    table = pd.read_csv(source / "register_2026-09.csv", dtype=str, keep_default_na=False)
    table.to_csv(TARGET / "register.csv", index=False)


def build_exclusion(source: Path) -> None:
    """Index of social exclusion per obec; the counts it is made of are left out."""
    table = pd.read_csv(source / "social_exclusion_2023.csv", dtype={"code": str})
    kept = table.rename(columns={"exclusion_index_0_30": "exclusion_index"})
    kept[["code", "exclusion_index"]].sort_values("code").to_csv(
        TARGET / "exclusion.csv", index=False
    )


def main() -> None:
    """Write every table and print what the five territories hold."""
    source = Path(sys.argv[1])
    obce = build_obce(source)
    build_population(source)
    territories = territory_codes(obce)
    for name, codes in territories.items():
        print(name, len(codes), codes if len(codes) < 30 else "")
    build_precincts(source, obce, sorted({c for codes in territories.values() for c in codes}))
    build_register(source)
    build_exclusion(source)


if __name__ == "__main__":
    main()
