"""Tables as offices write them, made for tests."""

import csv
import io
from datetime import date

import pandas as pd
import xlsxwriter

from kpss_geo import dataset
from kpss_geo.settings import Settings, shipped_root

from facts import EMPTY_FOLDER

SHIPPED = shipped_root() / "geodata"
FORM_WORDS = {"pob": "pobytová", "amb": "ambulantní", "ter": "terénní"}
UNIT_WORDS = {
    "luzka": "lůžek",
    "klient": "klientů",
    "kontakt": "kontaktů",
    "interv": "intervencí",
    "hovor": "hovorů",
}
NOWHERE = Settings(geo_data=EMPTY_FOLDER)
TODAY = date(2026, 11, 22)


def write_csv(path, rows, *, encoding="cp1250", separator=";"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(path, rows):
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("List1")
        sheet.merge_range(0, 0, 0, 5, "Naše tabulka, stav 2026")
        for r, row in enumerate(rows, start=1):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
    return path


def loaded(folder):
    return dataset.load(Settings(geo_data=folder))


def as_own_list(register: pd.DataFrame) -> list[list[str]]:
    """Real rows of the register as an office would write them down."""
    heading = [
        "Poskytovatel", "Název služby", "IČO", "Druh služby", "Forma služby", "Kapacita", "Ulice",
        "Č.p.", "Č.o.", "PSČ", "Obec", "Kód obce", "Část obce", "GPS šířka", "GPS délka",
        "Cílová skupina", "Kód adresy",
    ]  # fmt: skip
    types = pd.read_csv(SHIPPED / "types.csv", dtype=str).set_index("type_code")
    rows = [heading]
    for row in register.to_dict("records"):
        parts = [part.partition(":") for part in row["forms"].split(";")]
        kind = types.loc[row["type_code"]]
        amounts = [
            f"{FORM_WORDS[form]} {amount.partition('=')[2]} {UNIT_WORDS[amount.partition('=')[0]]}"
            for form, _, text in parts
            for amount in filter(None, text.split("+"))
        ]
        rows.append([
            row["provider"], row["name"], row["ico"].lstrip("0"), kind["name"],
            ", ".join(FORM_WORDS[form] for form, _, _ in parts), "; ".join(amounts), row["street"],
            row["house_number"], row["orientation_number"], row["postcode"], row["obec"],
            row["code"], row["obec_part"], row["lat"].replace(".", ","),
            row["lon"].replace(".", ","), "senioři", row["address_code"],
        ])  # fmt: skip
    return rows
