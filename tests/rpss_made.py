"""Made register files in the exact form of RPSS: of any size, with every known trap in them.

What is public comes from the shipped extract and table of obce; persons, secret streets and
documents are made up, and are marked so that a test can look for them afterwards.
"""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from kpss_geo.settings import shipped_root

PERSON = "Osobníková"
"""Stands in every name, note and mailbox of a person."""
SECRET = "Utajená ulička"  # noqa: S105 - the name of a street
"""The street of every secret address; its other parts bear `SECRET_NUMBERS`."""
SECRET_NUMBERS = ("987654321", "98761", "98762x", "98765")
BIRTH = "7551011234"
MARKS = (PERSON, SECRET, *SECRET_NUMBERS, BIRTH)
"""What must never be found in anything made from such a file."""

Record = dict[str, Any]


@cache
def shipped() -> pd.DataFrame:
    """Rows of the shipped extract that come from RPSS."""
    table = pd.read_csv(
        shipped_root() / "geodata" / "register.csv", dtype=str, keep_default_na=False
    )
    return table[table["source"] == "MPSV"].reset_index(drop=True)


@cache
def _obce() -> pd.DataFrame:
    path = shipped_root() / "geodata" / "obce.csv"
    return pd.read_csv(path, dtype=str, usecols=["code", "district_code", "region_code"])


@cache
def kraj_of(code: str) -> str:
    regions = pd.read_csv(shipped_root() / "geodata" / "regions.csv", dtype=str)
    by_region = dict(zip(regions["region_code"], regions["ruian_code"], strict=True))
    own = _obce().set_index("code")["region_code"]
    return by_region.get(own.get(code, ""), "19")


def entry(of: str, code: object) -> Record:
    return {"id": f"{of}/{code}"}


def address(
    code: str = "562777",
    *,
    point: object = None,
    street: str | None = "Lesní",
    house: int | None = 12,
    orientation: str | None = None,
    part: str | None = None,
    postcode: str = "40801",
) -> Record:
    return {
        "cisloDomovni": house,
        "cisloOrientacni": orientation,
        "dodatekAdresy": None,
        "kodAdresnihoMista": point,
        "psc": postcode,
        "typCislaDomovniho": entry("TypStavebnihoObjektu", 1),
        "kraj": entry("Kraj", kraj_of(code)),
        "okres": entry("Okres", 3402),
        "obec": entry("Obec", code),
        "castObce": None if part is None else entry("CastObce", part),
        "mestskyObvodMestskaCast": None,
        "mestskyObvodVPraze": None,
        "ulice": None if street is None else {"nazev": street},
    }


def facility(where: Record | None = None, **changed: object) -> Record:
    made: Record = {
        "nazev": "Domov Pod Lesem",
        "poskytujeOd": "2010-01-01",
        "poskytujeDo": None,
        "utajenaAdresa": False,
        "id": None,
        "portalId": None,
        "identifikator": None,
        "adresa": address() if where is None else where,
    }
    return made | changed


def secret_facility(code: str = "562777", **changed: object) -> Record:
    """A shelter whose address is written in the file although it is secret."""
    where = address(code, point=987654321, street=SECRET, house=98761, orientation="98762x",
                    postcode="98765")  # fmt: skip
    where |= {"dodatekAdresy": f"za rohem, {SECRET}"}
    name = f"Azylový dům, {SECRET} 98761"
    return facility(where, utajenaAdresa=True, nazev=name) | changed


def form(code: str = "pob", *capacities: tuple[str, int | None], **changed: object) -> Record:
    made: Record = {
        "forma": entry("FormaSocialniSluzby", code),
        "nepretrzitePoskytovani": code == "pob",
        "casoveRozsahy": None,
        "kapacity": [
            {
                "pocet": count,
                "popis": f"Maximální kapacita {count}.",
                "typ": entry("TypKapacitySocialniSluzby", unit),
            }
            for unit, count in capacities
        ],
    }
    return made | changed


def service(portal: object = 1, **changed: object) -> Record:
    made: Record = {
        "portalId": portal,
        "id": f"made-{portal}",
        "identifikator": f"900{portal}",
        "datumPoskytovaniOd": "2010-01-01",
        "datumPoskytovaniDo": None,
        "druhSocialniSluzby": entry("DruhSocialniSluzby", 13),
        "poskytovatel": provider(),
        "kontaktniAdresy": [{"adresa": address(street=SECRET, house=98761)}],
        "zarizeni": [facility()],
        "formy": [form("pob", ("luzka", 24))],
        "ciloveSkupiny": [{"cilovaSkupina": entry("CilovaSkupinaOsoby", 24)}],
        "vekoveSkupiny": [],
        "doplnujiciInformaceVekoveSkupiny": f"paní {PERSON} doplní",
        "rozsirenePusobnostiVKraji": [],
        "weby": [],
        "emaily": [],
        "telefony": [],
        "faxy": [],
        "doplnkoveUdaje": _documents(1),
    }
    return made | changed


def provider(name: str = "Domovy, s. r. o.", ico: str = "00666262", **changed: object) -> Record:
    made: Record = {
        "nazev": name,
        "ico": ico,
        "dic": f"CZ{BIRTH}",
        "adresa": address(street=SECRET, house=98761),
        "weby": [{"web": "www.domovy.cz", "poznamka": PERSON}],
        "emaily": [{"email": "info@domovy.cz", "poznamka": PERSON}],
        "telefony": [{"telefon": "387 721 111", "poznamka": PERSON}],
        "statutarniOrgany": [
            {"jmeno": "Jana", "prijmeni": PERSON, "titulPred": "Ing.", "datumNarozeni": BIRTH}
        ],
    }
    return made | changed


def _documents(count: int) -> Record:
    one = [
        {
            "id": number,
            "nazev": f"Příloha {number}, zpracovala {PERSON}",
            "priloha": {"url": f"http://documents/{number}", "velikost": 12_345 + number},
            "platnostOd": "2014-03-01",
            "platnostDo": None,
        }
        for number in range(count)
    ]
    names = ("realizacePoskytovani", "planyFinancnihoZajisteni", "personalniZajisteni")
    return dict.fromkeys(names, one)


def from_shipped() -> list[Record]:
    """The shipped rows of RPSS turned back into the register's own form."""
    records = []
    for key, rows in shipped().groupby("service_id", sort=False):
        first = rows.iloc[0]
        forms = []
        for part in filter(None, first["forms"].split(";")):
            code, _, amounts = part.partition(":")
            pairs = [amount.partition("=") for amount in amounts.split("+") if amount]
            forms.append(form(code, *((unit, int(count)) for unit, _, count in pairs)))
        record = service(
            int(str(key).removeprefix("mpsv-")),
            datumPoskytovaniOd=first["since"] or None,
            datumPoskytovaniDo=first["until"] or None,
            druhSocialniSluzby=entry("DruhSocialniSluzby", first["type_code"]),
            poskytovatel=provider(first["provider"], first["ico"], weby=[], telefony=[]),
            zarizeni=[_facility_of(row) for row in rows.to_dict("records")],
            formy=forms,
            weby=[{"web": first["web"], "poznamka": None}] if first["web"] else [],
            telefony=[{"telefon": first["phone"], "poznamka": None}] if first["phone"] else [],
        )
        records.append(record)
    return records


def _facility_of(row: dict[Any, str]) -> Record:
    where = address(
        row["code"],
        point=int(row["address_code"]) if row["address_code"] else None,
        street=row["street"] or None,
        house=int(row["house_number"]) if row["house_number"] else None,
        orientation=row["orientation_number"] or None,
        postcode=row["postcode"],
    )
    return facility(where, nazev=row["name"], poskytujeOd=row["since"] or None)


def address_points(rows: pd.DataFrame) -> pd.DataFrame:
    """A table of address points, as a fetch keeps it, of the addresses of the extract."""
    from kpss_geo.schema import to_metric

    known = rows[(rows["lat"] != "") & (rows["address_code"] != "")]
    known = known.drop_duplicates("address_code")
    x, y = to_metric(known["lon"].astype(float).to_numpy(), known["lat"].astype(float).to_numpy())
    names = ["address_code", "code", "street", "house_number"]
    table = known[names].assign(
        part_code="", part=known["obec_part"], house_kind="č.p.", orientation_letter="", x=x, y=y
    )
    table["orientation_number"] = known["orientation_number"].str.rpartition("/")[2]
    return table


def made(count: int, *, seed: int = 1, documents: int = 17) -> Iterator[Record]:
    """Give records like those of the real file: unsorted, every trap at about its real rate."""
    chance = random.Random(seed)
    rows = shipped().to_dict("records")
    keys = list(range(1, count + 1))
    chance.shuffle(keys)
    for key in keys:
        facilities = [
            _made_facility(chance, rows) for _ in range(chance.choice((1, 1, 1, 2, 3, 9)))
        ]
        if chance.random() < 0.03:
            facilities.append(secret_facility(chance.choice(rows)["code"]))
        if chance.random() < 0.05:
            facilities.append(dict(facilities[0]))  # the register repeats places
        kind = chance.choice((1, 4, 13, 14, 20, 28, 32))
        ended = chance.random() < 0.15
        yield service(
            key,
            datumPoskytovaniDo="2020-12-31" if ended else None,
            druhSocialniSluzby=entry("DruhSocialniSluzby", kind),
            zarizeni=facilities,
            formy=_made_forms(chance),
            ciloveSkupiny=[{"cilovaSkupina": entry("CilovaSkupinaOsoby", c)}
                           for c in chance.sample(range(1, 31), 3)],
            rozsirenePusobnostiVKraji=[{"kraj": entry("Kraj", 60)}] if key % 4 == 0 else [],
            doplnkoveUdaje=_documents(documents),
            novyKlic={"vedouci": PERSON} if chance.random() < 0.5 else None,
        )  # fmt: skip


def _made_facility(chance: random.Random, rows: list[dict[Any, Any]]) -> Record:
    made_here = _facility_of(chance.choice(rows))
    luck = chance.random()
    if luck < 0.036:
        made_here["adresa"]["kodAdresnihoMista"] = None
    elif luck < 0.06:
        made_here["adresa"]["kodAdresnihoMista"] = chance.randrange(10**7, 10**8)
    elif luck < 0.08:
        made_here["adresa"]["obec"] = entry("Obec", chance.choice(rows)["code"])
    elif luck < 0.09:
        made_here["adresa"] = None
    if chance.random() < 0.2:
        made_here["poskytujeDo"] = "2019-06-30"
    made_here["vedouci"] = {"jmeno": "Jana", "prijmeni": PERSON}
    return made_here


def _made_forms(chance: random.Random) -> list[Record]:
    code = chance.choice(("pob", "amb", "ter"))
    unit = {"pob": "luzka", "amb": "kontakt", "ter": "klient"}[code]
    hours = [
        {"den": entry("DenVTydnu", 1), "od": "08:00", "do": "16:00", "poznamka": PERSON + " X"}
    ]
    one = form(code, (unit, chance.randrange(1, 200)), casoveRozsahy=hours)
    return [one, form("ter", ("klient", 5))] if chance.random() < 0.3 else [one]


def write(path: Path, records: Iterator[Record] | list[Record]) -> Path:
    """Write records as the register does, one by one, however many they are."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"polozky":[')
        for number, record in enumerate(records):
            file.write("," if number else "")
            json.dump(record, file, ensure_ascii=False)
        file.write("]}")
    return path


def write_lists(folder: Path) -> Path:
    """Write code lists in their official form: the shipped ones, each code given."""
    folder.mkdir(parents=True, exist_ok=True)
    types = pd.read_csv(shipped_root() / "geodata" / "types.csv", dtype=str, keep_default_na=False)
    groups = pd.read_csv(
        shipped_root() / "geodata" / "register_groups.csv", dtype=str, keep_default_na=False
    )
    free = iter(sorted(set(range(1, 60)) - {24, 26, 27, 30}))
    lists = {
        "druhy-socialni-sluzby": [
            (f"DruhSocialniSluzby/{35 if code == 'cdz' else code}", name)
            for code, name in zip(types["type_code"], types["name"], strict=True)
        ],
        "cilove-skupiny-osoby": [
            (f"CilovaSkupinaOsoby/{code or next(free)}", name)
            for code, name in zip(groups["rpss_code"], groups["name"], strict=True)
        ],
        "vekove-skupiny-osoby": [("VekovaSkupinaOsoby/9", "starší senioři (nad 80 let)")],
    }
    for name, entries in lists.items():
        items = [{"id": code, "nazev": {"cs": text}} for code, text in entries]
        (folder / f"{name}.json").write_text(
            json.dumps({"polozky": items}, ensure_ascii=False), encoding="utf-8"
        )
    return folder
