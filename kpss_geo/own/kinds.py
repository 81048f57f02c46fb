"""The kinds of tables a team has, and the columns each may hold.

Headings are Czech, as in the tables of Czech offices; the keys are the product's own. The
synonyms come from catalogues of providers, exports of the register and tables of ČSÚ.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from kpss_geo.errors import N_, BadOption
from kpss_geo.own.columns import Column

Kind = Literal["providers", "served", "population", "obce"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_TYPE: Final = N_("Name of the type, its paragraph (§ 49), or the register's code.")
_OBEC: Final = (
    Column(
        "obec", "Obec", N_("Name of the obec; where several bear it, add the code or district."),
        "Rumburk",
        ("název obce", "obec název", "jméno obce", "město", "obec/město", "obec (město)",
         "municipality", "město/obec", "sídlo", "naz_obec", "nazob", "uzemi_txt", "území"),
    ),
    Column(
        "code", "Kód obce", N_("Six-digit code of the obec (RÚIAN, ČSÚ)."), "562777",
        ("kod_obce", "obec kód", "kód", "IČOB", "IČZÚJ", "ZÚJ", "kód ZÚJ", "LAU2", "LAU_ID",
         "kod_obec", "uzemi_kod", "kód obce (ZÚJ)"),
    ),
    Column(
        "district", "Okres", N_("Name of the district or ORP; tells obce of one name apart."),
        "Děčín", ("název okresu", "okres název", "ORP", "SO ORP", "název ORP", "nazok"),
    ),
)  # fmt: skip

_PROVIDERS: Final = (
    Column(
        "provider", "Poskytovatel", N_("Name of the organisation that provides the service."),
        "Vzorová charita",
        ("název poskytovatele", "organizace", "název organizace", "provozovatel", "subjekt",
         "poskytovatel služby", "poskytovatel sociální služby"), needed=True,
    ),
    Column(
        "name", "Název služby", N_("Name of the service or facility; else that of the provider."),
        "Domov pro seniory Na Vzoru",
        ("název", "název zařízení", "zařízení", "jméno služby", "název sociální služby",
         "zařízení poskytovatele", "name of service"),
    ),
    Column("ico", "IČO", N_("Eight-digit number of the organisation."), "00000019",
           ("IČ", "identifikační číslo", "IČ poskytovatele", "IČO poskytovatele", "IC")),
    Column(
        "type", "Druh služby", _TYPE,
        "domovy pro seniory",
        ("druh sociální služby", "typ služby", "služba", "sociální služba", "druh", "paragraf",
         "typ", "type_code", "druh služby (§)", "kód druhu služby"), needed=True,
    ),
    Column("forms", "Forma", N_("Residential, ambulatory, field; several with commas."),
           "pobytová",
           ("forma služby", "formy", "forma poskytování", "forma poskytování služby",
            "forma sociální služby", "formy poskytování")),
    Column(
        "capacity", "Kapacita", N_("Number with its unit: lůžek, klientů, kontaktů, intervencí."),
        "24 lůžek", ("kapacita služby", "počet lůžek / klientů", "registrovaná kapacita",
                     "okamžitá kapacita", "maximální kapacita"),
    ),
    Column("unit", "Jednotka kapacity", N_("Unit of the capacity where it stands alone."), "",
           ("jednotka", "typ kapacity", "druh kapacity")),
    Column("beds", "Počet lůžek", N_("Capacity in beds."), "",
           ("lůžka", "lůžek", "kapacita lůžek", "kapacita (lůžka)", "kapacita - lůžka")),
    Column("clients", "Počet klientů", N_("Capacity in clients."), "",
           ("klienti", "klientů", "kapacita klientů", "kapacita (klienti)", "počet uživatelů",
            "kapacita - klienti", "uživatelé")),
    Column("address", "Adresa", N_("Whole address in one cell, where it is not in parts."),
           "Jiráskova 4, 408 01 Rumburk",
           ("adresa zařízení", "místo poskytování", "adresa služby", "adresa poskytování",
            "místo poskytování služby", "kontaktní adresa")),
    Column("street", "Ulice", N_("Street, without the number."), "", ("název ulice", "ul.")),
    Column("house_number", "Číslo popisné", N_("House number (č. p.)."), "",
           ("č.p.", "čp", "čp.", "číslo domovní", "číslo domu", "číslo", "č. popisné")),
    Column("orientation_number", "Číslo orientační", N_("Number in the street (č. o.)."), "",
           ("č.o.", "čo", "č. orientační")),
    Column("postcode", "PSČ", N_("Postcode."), "", ("poštovní směrovací číslo", "PSC", "ZIP")),
    *_OBEC,
    Column("obec_part", "Část obce", N_("Part of the obec."), "", ("místní část", "část")),
    Column("lat", "Zeměpisná šířka", N_("Latitude in degrees (WGS84), such as 50,9516."),
           "50,9516", ("lat", "latitude", "šířka", "GPS šířka", "gps lat", "N", "GPS N")),
    Column("lon", "Zeměpisná délka", N_("Longitude in degrees (WGS84), such as 14,5570."),
           "14,5570", ("lon", "lng", "longitude", "délka", "GPS délka", "gps lon", "E", "GPS E")),
    Column("groups", "Cílová skupina", N_("Target groups, separated by semicolons."), "senioři",
           ("cílové skupiny", "cílová skupina osob", "okruh osob", "skupina", "komu je určeno",
            "cílová skupina klientů")),
    Column("since", "Poskytuje od", N_("First day of the service."), "",
           ("od", "datum od", "zahájení", "vznik", "datum zahájení", "platnost od")),
    Column("until", "Poskytuje do", N_("Last day of the service, if it ended."), "",
           ("do", "datum do", "ukončení", "zánik", "datum ukončení", "platnost do")),
    Column("phone", "Telefon", N_("Phone of the service (not of a person)."), "",
           ("tel", "tel.", "telefonní číslo", "mobil", "telefon služby")),
    Column("web", "Web", N_("Website of the service."), "", ("www", "internet", "webové stránky",
           "odkaz", "url")),
    Column("secret", "Utajená adresa",
           N_("“ano” where the address is secret: only the obec is kept."), "",
           ("utajeno", "adresa utajena", "utajená")),
    Column("service_id", "Číslo služby", N_("Number of the registration, if it has one."), "",
           ("identifikátor", "identifikátor služby", "id služby", "id", "číslo registrace",
            "registrační číslo", "číslo služby v registru")),
    Column("address_code", "Kód adresy", N_("Code of the address point (RÚIAN)."), "",
           ("kód adresního místa", "kód ADM", "RÚIAN", "kod_adm", "adresní místo")),
)  # fmt: skip

_SERVED: Final = (
    Column("service_id", "Číslo služby", N_("Number of the service in the data, such as mpsv-845."),
           "", ("identifikátor", "id služby", "id", "identifikátor služby")),
    Column("provider", "Poskytovatel", N_("Name of the provider, where the number is not known."),
           "Vzorová charita", ("název poskytovatele", "organizace", "provozovatel")),
    Column("type", "Druh služby", _TYPE,
           "pečovatelská služba",
           ("druh sociální služby", "typ služby", "služba", "druh", "paragraf", "typ")),
    Column("area", "Obec",
           N_("Obec that is served: name or code; also “ORP Rumburk”, “okres Děčín”."), "Rumburk",
           ("název obce", "obec název", "město", "území", "obsluhovaná obec", "působnost",
                       "obec působnosti", "kód obce", "kod_obce", "code", "obce"), needed=True),
    Column("serves", "Obsluhuje", N_("“ano” or “ne”; empty means “ano”."), "ano",
           ("slouží", "působí", "ano/ne", "poskytuje")),
)  # fmt: skip

_POPULATION: Final = (
    *_OBEC,
    Column("sex", "Pohlaví", N_("muži, ženy, or celkem; without the column all people."), "celkem",
           ("pohlaví", "pohlavi_txt", "sex", "muži/ženy")),
    Column("age", "Věk", N_("Age or ages, where they stand in rows: 65–69, 85 a více."), "",
           ("věková skupina", "věk (roky)", "vek_txt", "věkové skupiny", "skupina", "vek")),
    Column("count", "Počet", N_("Number of people, where ages stand in rows."), "",
           ("počet obyvatel", "hodnota", "počet osob", "obyvatel", "obyvatelé")),
    Column("total", "Celkem", N_("All people of the row; it must equal the sum of the ages."), "",
           ("úhrn", "součet", "celkem obyvatel", "obyvatelstvo celkem")),
)  # fmt: skip

COLUMNS: Final[Mapping[Kind, tuple[Column, ...]]] = {
    "providers": _PROVIDERS,
    "served": _SERVED,
    "population": _POPULATION,
    "obce": _OBEC,
}
TITLES: Final[Mapping[Kind, str]] = {
    "providers": N_("Providers and places of services"),
    "served": N_("Obce that services serve"),
    "population": N_("People by age"),
    "obce": N_("List of obce"),
}
FILES: Final[Mapping[Kind, str]] = {
    "providers": "providers.csv",
    "population": "population.csv",
}
"""Kinds that become a table of the data folder."""


def choose_kind(given: str) -> Kind:
    """Give the kind of that name.

    Raises
    ------
    BadOption
        There is no such kind.
    """
    for kind in KINDS:
        if given.strip().lower() == kind:
            return kind
    raise BadOption(given=given, option="KIND", possible=", ".join(KINDS))
