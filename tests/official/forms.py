"""The world as each official source writes it; `open_offices` puts all behind one server."""

import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from kpss_geo.schema import AGE_BANDS, to_degrees
from kpss_geo.sources.fetch.geofabrik_roads import EXTRACTS
from official.office import Answer, Office, Request, open_office
from official.world import GEODATA, World

JSON = "application/json; charset=utf-8"
ZIP = "application/zip"
LONGEST_TARGET = 2_048
ROWS_OF_A_PAGE = 100
EDITION = "20261031"
NEWEST, OLDER = "2025-12-31", "2024-12-31"
GROUP_CODES = {
    "0-14": "400000610015000", "15-64": "410015610065000", "65+": "410065799999000",
}  # fmt: skip
ADDRESS_HEADING = (
    "Kód ADM;Kód obce;Název obce;Kód MOMC;Název MOMC;Kód obvodu Prahy;Název obvodu Prahy;"
    "Kód části obce;Název části obce;Kód ulice;Název ulice;Typ SO;Číslo domovní;"
    "Číslo orientační;Znak čísla orientačního;PSČ;Souřadnice Y;Souřadnice X;Platí Od"
)


@dataclass(frozen=True)
class Offices:
    """The server and the world behind it."""

    office: Office
    world: World


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def in_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda p: np.column_stack(to_degrees(p[:, 0], p[:, 1])))


# RÚIAN by ArcGIS


def ruian(world: World) -> Callable[[Request], Answer]:
    def query(request: Request) -> Answer:
        if len(request.target) > LONGEST_TARGET:
            return Answer(b"", status=414)
        match = re.fullmatch(
            r"(kod|obec) IN \(([\d,]+)\) AND platido IS NULL", request.query["where"]
        )
        if match is None or request.query.get("f") != "geojson":
            error = {
                "error": {"code": 400, "message": "Unable to complete operation.", "details": []}
            }
            return _json(error)
        codes = sorted(set(match[2].split(",")) & set(world.obce.index))
        rows = [row for code in codes for row in _ruian_rows(world, request.path, code)]
        start = int(request.query.get("resultOffset", 0))
        count = min(int(request.query.get("resultRecordCount", ROWS_OF_A_PAGE)), ROWS_OF_A_PAGE)
        page = rows[start : start + count]
        answer: dict[str, object] = {"type": "FeatureCollection", "features": page}
        if start + count < len(rows):
            answer["properties"] = {"exceededTransferLimit": True}
        return _json(answer)

    return query


def _ruian_rows(world: World, path: str, code: str) -> list[dict[str, object]]:
    name = world.obce.at[code, "name"]
    if path == "/ruian/12/query":
        properties = {"kod": int(code), "nazev": name}
        return [_feature(world.square(code), properties)]
    centre = world.square(code).centroid
    parts = ((1, name, centre), (2, f"{name}-Nová Ves", shapely.affinity.translate(centre, 300)))
    return [
        _feature(point, {"kod": int(code) * 10 + n, "nazev": part, "obec": int(code)})
        for n, part, point in parts
    ]


def _feature(shape: shapely.Geometry, properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(shape),
        "properties": properties,
    }


def _json(thing: object) -> Answer:
    return Answer(json.dumps(thing, ensure_ascii=False).encode(), kind=JSON)


# GISCO


def gisco(world: World) -> bytes:
    rows = [
        _feature(
            in_degrees(world.square(code)),
            {"GISCO_ID": f"CZ_{code}", "CNTR_CODE": "CZ", "LAU_ID": code, "LAU_NAME": row["name"]},
        )
        for code, row in world.obce.iterrows()
    ]
    bautzen = {"GISCO_ID": "DE_14625020", "CNTR_CODE": "DE", "LAU_ID": "14625020"}
    rows.append(_feature(shapely.box(14.3, 51.1, 14.5, 51.2), {**bautzen, "LAU_NAME": "Bautzen"}))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    whole = {"type": "FeatureCollection", "crs": crs, "features": rows}
    return json.dumps(whole, ensure_ascii=False).encode()


# ČSÚ


def yearly_ages(world: World) -> bytes:
    """Three groups per obec at the end of two years, with districts and sexes between them."""
    heading = (
        '"idhod","hodnota","stapro_kod","pohlavi_cis","pohlavi_kod","vek_cis","vek_kod","vek_txt",'
        '"uzemi_cis","uzemi_kod","obdobi","uzemi_txt"\n'
    )
    lines = [heading]
    for day, more in ((OLDER, 0), (NEWEST, 1)):
        for code, row in (world.groups() + more).iterrows():
            name = f"Obec {code}"
            counts = {"": int(row.sum()), **{GROUP_CODES[g]: int(row[g]) for g in GROUP_CODES}}
            lines += [_age_line(n, "", age, "43", code, day, name) for age, n in counts.items()]
            lines.append(_age_line(int(row.sum()) // 2, "1", "", "43", code, day, name))
    lines.append(_age_line(1_000_000, "", "", "101", "40711", NEWEST, "Děčín"))
    return zipped({"OD_DEM05_2026.CSV": "".join(lines).encode()})


def _age_line(n: int, sex: str, age: str, kind: str, code: object, day: str, name: str) -> str:
    cells = (
        1,
        n,
        2406,
        102 if sex else "",
        sex,
        7700 if age else "",
        age,
        "",
        kind,
        code,
        day,
        name,
    )
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def census(world: World) -> bytes:
    """Five-year bands by sex; the open one is written as three, as the census has it."""
    heading = (
        "idhod,hodnota,ukaz_kod,pohlavi_cis,pohlavi_kod,vek_cis,vek_kod,uzemi_cis,uzemi_kod,"
        "sldb_rok,sldb_datum,ukaz_txt,pohlavi_txt,vek_txt,uzemi_txt,uzemi_typ\n"
    )
    lines = [heading]
    for (code, sex), row in world.people.iterrows():
        number = {"male": "1", "female": "2"}[sex]
        name = f"Obec {code}"
        cells = {"": int(row.sum())} | {_band_code(b): int(row[b]) for b in AGE_BANDS[:-1]}
        oldest = int(row["85+"])
        cells |= {"410085610090000": oldest - oldest // 4, "410090610095000": oldest // 4}
        cells |= {"410095799999000": 0}
        lines += [
            f"1,{n},3162,102,{number},7700,{age},43,{code},2021,2021-03-26,,,,{name},obec\n"
            for age, n in cells.items()
        ]
    return "".join(lines).encode()


def _band_code(band: str) -> str:
    low, high = (int(part) for part in band.split("-"))
    first = f"4{'0' if low < 10 else '1'}0{low:03}"
    return f"{first}6{'0' if high + 1 < 10 else '1'}0{high + 1:03}000"


# RÚIAN addresses


def atom() -> bytes:
    entries = "".join(
        f"<entry><id>https://vdp.cuzk.gov.cz/vymenny_format/csv/{day}_OB_ADR_csv.zip</id>"
        f'<link rel="alternate" type="application/zip" '
        f'href="https://vdp.cuzk.gov.cz/vymenny_format/csv/{day}_OB_ADR_csv.zip"/></entry>'
        for day in ("20260930", EDITION, "20260831")
    )
    text = f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    return text.encode()


def addresses(world: World, code: str, *, rows: int = 3) -> bytes:
    """Addresses of an obec in cp1250 with positive Křovák coordinates."""
    row = world.obce.loc[code]
    lines = [ADDRESS_HEADING]
    for n in range(rows):
        y, x = -(row["x"] + 40 * n), -(row["y"] - 25 * n)
        cells = (
            f"{code}{n:02}", code, row["name"], "", "", "", "", f"{code}1", row["name"], "",
            "Žižkova", "č.p.", str(n + 1), "", "", "40747", f"{y:.2f}", f"{x:.2f}",
            "2013-07-01T00:00:00",
        )  # fmt: skip
        lines.append(";".join(cells))
    return ("\r\n".join(lines) + "\r\n").encode("cp1250")


def vdp(world: World) -> Callable[[Request], Answer | None]:
    def file(request: Request) -> Answer | None:
        name = request.path.removeprefix("/vdp/")
        if name == f"{EDITION}_OB_ADR_csv.zip":
            members = {
                f"CSV/{EDITION}_OB_{code}_ADR.csv": addresses(world, code)
                for code in world.obce.index
            }
            return Answer(zipped(members), kind=ZIP)
        match = re.fullmatch(EDITION + r"_OB_(\d{6})_ADR\.csv\.zip", name)
        if match is None or match[1] not in world.obce.index:
            return None
        csv = addresses(world, match[1])
        return Answer(zipped({f"{EDITION}_OB_{match[1]}_ADR.csv": csv}), kind=ZIP)

    return file


# RPSS


def register(rows: pd.DataFrame | None = None) -> bytes:
    """The shipped register facts in the register's own shape, one record per registration."""
    if rows is None:
        rows = pd.read_csv(GEODATA / "register.csv", dtype=str, keep_default_na=False)
        rows = rows[rows["source"] == "MPSV"]
    records = [_record(key, part) for key, part in rows.groupby("service_id", sort=False)]
    return json.dumps({"polozky": records}, ensure_ascii=False).encode()


def _record(key: str, rows: pd.DataFrame) -> dict[str, object]:
    first = rows.iloc[0]
    return {
        "portalId": int(key.rpartition("-")[2]),
        "id": f"RegistrPoskytovateluSocialnichSluzeb/{key}",
        "identifikator": key,
        "datumPoskytovaniOd": first["since"] or None,
        "datumPoskytovaniDo": first["until"] or None,
        "kontaktniAdresy": [],
        "druhSocialniSluzby": {"id": f"DruhSocialniSluzby/{first['type_code']}"},
        "zarizeni": [_facility(row) for _, row in rows.iterrows()],
        "poskytovatel": {
            "nazev": first["provider"], "ico": first["ico"], "dic": None, "adresa": None,
            "weby": [{"web": first["web"], "poznamka": None}], "emaily": [],
            "telefony": [{"telefon": first["phone"], "poznamka": None}],
            "statutarniOrgany": [{"jmeno": "Jan", "prijmeni": "Vymyšlený"}],
        },
        "emaily": [], "telefony": [], "faxy": [], "weby": [],
        "ciloveSkupiny": [{"cilovaSkupina": {"id": "CilovaSkupinaOsoby/24"}}],
        "vekoveSkupiny": [], "doplnujiciInformaceVekoveSkupiny": None,
        "formy": [_form(part) for part in filter(None, first["forms"].split(";"))],
        "rozsirenePusobnostiVKraji": [],
        "doplnkoveUdaje": {},
    }  # fmt: skip


def _facility(row: pd.Series) -> dict[str, object]:
    return {
        "nazev": row["name"],
        "poskytujeOd": row["since"] or None, "poskytujeDo": row["until"] or None,
        "utajenaAdresa": False, "id": None, "portalId": None, "identifikator": None,
        "adresa": {
            "kodAdresnihoMista": _whole(row["address_code"]),
            "cisloDomovni": _whole(row["house_number"]),
            "cisloOrientacni": row["orientation_number"] or None, "dodatekAdresy": None,
            "psc": row["postcode"], "typCislaDomovniho": {"id": "TypStavebnihoObjektu/1"},
            "kraj": None, "okres": None, "obec": {"id": f"Obec/{row['code']}"}, "castObce": None,
            "mestskyObvodMestskaCast": None, "mestskyObvodVPraze": None,
            "ulice": {"nazev": row["street"]} if row["street"] else None,
        },
    }  # fmt: skip


def _whole(text: str) -> int | None:
    match = re.match(r"\d+", text)
    return int(match[0]) if match else None


def _form(text: str) -> dict[str, object]:
    form, _, amounts = text.partition(":")
    pairs = [amount.split("=") for amount in amounts.split("+") if "=" in amount]
    return {
        "forma": {"id": f"FormaSocialniSluzby/{form}"}, "nepretrzitePoskytovani": None,
        "casoveRozsahy": None,
        "kapacity": [
            {"pocet": int(n), "popis": None, "typ": {"id": f"TypKapacitySocialniSluzby/{unit}"}}
            for unit, n in pairs
        ],
    }  # fmt: skip


def code_list(name: str) -> bytes:
    entries = {
        "druhy-socialni-sluzby": ("DruhSocialniSluzby", "types.csv", "type_code"),
        "cilove-skupiny-osoby": ("CilovaSkupinaOsoby", "register_groups.csv", "rpss_code"),
        "obce": ("Obec", "obce.csv", "code"),
    }
    if name not in entries:
        rows = [{"id": f"{name}/1", "nazev": {"cs": name}}]
    else:
        kind, file, key = entries[name]
        table = pd.read_csv(GEODATA / file, dtype=str, keep_default_na=False)
        rows = [
            {"id": f"{kind}/{code}", "nazev": {"cs": text}}
            for code, text in zip(table[key], table["name"], strict=True)
        ]
    return json.dumps({"polozky": rows}, ensure_ascii=False).encode()


def rpss(request: Request) -> Answer | None:
    if request.path == "/od/soubory/rpss/rpss.json":
        return Answer(register(), kind=JSON)
    match = re.fullmatch(r"/od/soubory/ciselniky/([a-z-]+)\.json", request.path)
    return Answer(code_list(match[1]), kind=JSON) if match else None


# Geofabrik and GTFS


def extract(world: World, region: str) -> bytes:
    """Roads of a kraj as PBF: secondary roads between neighbouring obce."""
    import osmium

    points, pieces = world.roads(region)
    at = np.array(list(points.values()))
    lon, lat = to_degrees(at[:, 0], at[:, 1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.osm.pbf"
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", "2026-11-01T21:20:00Z")
        with osmium.SimpleWriter(str(path), header=header) as writer:
            for number, place in zip(points, zip(lon, lat, strict=True), strict=True):
                node = osmium.osm.mutable.Node(id=number, version=1, location=place)
                writer.add_node(node)
            for a, b in pieces:
                tags = {"highway": "secondary"}
                way = osmium.osm.mutable.Way(
                    id=a * 1_000_000 + b, version=1, nodes=[a, b], tags=tags
                )
                writer.add_way(way)
        return path.read_bytes()


def geofabrik(world: World) -> Callable[[Request], Answer | None]:
    region_of = {f"/geofabrik/{name}-latest.osm.pbf": region for region, name in EXTRACTS.items()}
    made = lru_cache(maxsize=None)(lambda region: extract(world, region))

    def file(request: Request) -> Answer | None:
        path = request.path.removesuffix(".md5")
        if path not in region_of:
            return None
        body = made(region_of[path])
        if path == request.path:
            return Answer(body)
        line = (
            f"{hashlib.md5(body, usedforsecurity=False).hexdigest()}  {path.rpartition('/')[2]}\n"
        )
        return Answer(line.encode(), kind="text/plain")

    return file


def feed(world: World) -> bytes:
    """A small GTFS: one bus along the first obce, on working days of 2026."""
    stops = world.obce.head(5)
    lon, lat = to_degrees(stops["x"].to_numpy(dtype=float), stops["y"].to_numpy(dtype=float))
    rows = zip(stops.index, stops["name"], lat, lon, strict=True)
    tables = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,A,http://a,Europe/Prague",
        "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,A,1,3",
        "trips.txt": "route_id,service_id,trip_id\nR,W,T",
        "calendar.txt": (
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
            "W,1,1,1,1,1,0,0,20260101,20261212"
        ),
        "calendar_dates.txt": "service_id,date,exception_type\nW,20270101,2\nW,20261213,1",
        "stops.txt": "\n".join(
            [
                "stop_id,stop_name,stop_lat,stop_lon",
                *(f'S{code},"{name}",{y:.6f},{x:.6f}' for code, name, y, x in rows),
            ]
        ),
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        + "\n".join(
            f"T,08:{5 * n:02}:00,08:{5 * n:02}:00,S{c},{n}" for n, c in enumerate(stops.index)
        ),
    }
    return zipped({name: text.encode() for name, text in tables.items()})


@contextmanager
def open_offices(world: World) -> Iterator[Offices]:
    """Serve the world as all official sources, at the addresses `Office.settings` gives."""
    made: dict[str, bytes] = {}

    def once(make: Callable[[], bytes], kind: str) -> Callable[[Request], Answer]:
        def give(request: Request) -> Answer:
            if request.path not in made:
                made[request.path] = make()
            return Answer(made[request.path], kind=kind)

        return give

    with open_office() as office:
        office.routes = {
            "/ruian/12/query": ruian(world),
            "/ruian/11/query": ruian(world),
            "/gisco/": once(lambda: gisco(world), "application/geo+json"),
            "/csu/130149": once(lambda: yearly_ages(world), ZIP),
            "/csu/sldb2021": once(lambda: census(world), "text/csv"),
            "/atom": once(atom, "application/atom+xml"),
            "/vdp/": vdp(world),
            "/od/": rpss,
            "/geofabrik/": geofabrik(world),
            "/gtfs/": once(lambda: feed(world), ZIP),
        }
        yield Offices(office, world)
