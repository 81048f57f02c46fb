"""The columns of the data that leave the product: heading, unit, meaning (Czech)."""

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Column:
    """One column: its name in the rows, what people read above it, its unit and meaning."""

    name: str
    heading: str
    unit: str
    meaning: str
    width: int = 12


_PEOPLE = "lidé cílové skupiny"
_FORMS = "pokrytí lidé; jeden může být ve více formách"
_MEAN = "průměr lidí obce; v mezerách jen nepokrytých"
ROW_COLUMNS: Final = (
    Column("code", "Kód obce", "text", "šestimístný kód obce (RÚIAN)", 10),
    Column("name", "Obec", "text", "název obce", 24),
    Column("service_type", "Kód druhu", "text", "kód druhu sociální služby v registru", 8),
    Column("service_name", "Druh služby", "text", "název druhu podle zákona č. 108/2006 Sb.", 34),
    Column("form", "Forma, která pokrývá", "text", "forma pokrývající nejvíc lidí obce", 14),
    Column("form_asked", "Forma v dotazu", "text", "prázdné: všechny formy", 12),
    Column("target", "Cílová skupina", "text", "o koho jde", 24),
    Column("verdict", "Závěr", "text", "závěr pro většinu lidí obce; při shodě ten horší", 14),
    Column("population", "Lidé", _PEOPLE, "počet lidí cílové skupiny; prázdné: nevíme", 9),
    Column("covered", "Pokryto", _PEOPLE, "mají otevřenou službu v dosahu nebo k nim dojíždí", 9),
    Column("on_paper", "Jen na papíře", _PEOPLE, "pokrytí není doloženo kapacitou či územím", 9),
    Column("not_covered", "Nepokryto", _PEOPLE, "je známo, že službu v dosahu nemají", 10),
    Column("unknown", "Nevíme", _PEOPLE, "údaj chybí; nikdy neznamená nulu", 9),
    Column("unknown_reason", "Důvod neznalosti", "text", "proč u většiny lidí nevíme", 90),
    Column("firm", "Jistý závěr", "ano/ne", "závěr se nezmění v žádné zkoušce jistoty", 9),
    Column("firm_lost", "Nejistý ve zkouškách", "text", "zkoušky, ve kterých by byl jiný", 40),
    Column("reason", "Zdůvodnění", "text", "rozhodující skutečnost", 110),
    Column("by_pob", "Pobytovou formou", _PEOPLE, _FORMS, 10),
    Column("by_amb", "Ambulantní formou", _PEOPLE, _FORMS, 10),
    Column("by_ter", "Terénní formou", _PEOPLE, _FORMS, 10),
    Column(
        "minutes_beyond",
        "Hloubka mezery (osoby × min)",
        "osoby × min",
        "nepokrytí × minuty nad mez; prázdné: nikdo není nepokrytý, nebo místo neznáme",
        11,
    ),
    Column("nearest_m", "Cesta k nejbližšímu (m)", "m", _MEAN, 12),
    Column(
        "nearest_min",
        "Čas k nejbližšímu (min)",
        "min",
        _MEAN,
        11,
    ),
    Column("nearest_place", "Nejbližší místo", "text", "místo nejbližší pro nejvíc lidí obce", 44),
    Column("nearest_obec", "Nejbližší v obci", "text", "obec nejbližšího místa", 20),
    Column("nearest_certain", "Bližší vyloučeno", "ano/ne", "mimo data bližší být nemůže", 10),
    Column(
        "reach", "Mez", "km nebo min", "pracovní hodnota, nikoli norma; prázdné: nedojíždí se", 7
    ),
    Column(
        "reach_unit",
        "Jednotka meze",
        "text",
        "km po silnici, minuty, obsluhované území, nebo na dálku",
        18,
    ),
    Column(
        "travel",
        "Způsob cesty",
        "text",
        "odhad ze vzdušné čáry, nebo po silnicích",
        24,
    ),
    Column("roads", "Silnice", "text", "soubor silnic, prázdné bez silnic", 14),
    Column("on", "Stav ke dni", "datum", "den, ke kterému jsou služby otevřené", 11),
    Column("data", "Otisk dat", "text", "otisk všech použitých tabulek", 18),
)
_GAP_HEADINGS: Final = {
    "nearest_m": "Cesta nepokrytých (m)",
    "nearest_min": "Čas nepokrytých (min)",
}
_GAP_MEANINGS: Final = {
    "nearest_place": "místo nejbližší pro nejvíc nepokrytých lidí obce",
    "verdict": "závěr pro lidi, o kterých řádek je: nepokryto",
    "firm": "nezmění se v žádné zkoušce; prázdné: nepokrytá je jen menšina obce",
}
GAP_COLUMNS: Final = tuple(
    replace(
        column,
        heading=_GAP_HEADINGS.get(column.name, column.heading),
        meaning=_GAP_MEANINGS.get(column.name, column.meaning),
    )
    for column in ROW_COLUMNS
)
"""Those of the gaps: the way is that of the people not covered alone."""
SUMMARY_COLUMNS: Final = (
    Column("service_type", "Kód druhu", "text", "kód druhu sociální služby v registru", 8),
    Column("service_name", "Druh služby", "text", "název druhu podle zákona č. 108/2006 Sb.", 44),
    Column("working_group", "Pracovní skupina", "text", "první skupina plánu, které se týká", 30),
    Column("people", "Lidé", _PEOPLE, "lidé cílové skupiny v území", 10),
    Column("covered", "Pokryto", _PEOPLE, "součet přes obce", 10),
    Column("on_paper", "Jen na papíře", _PEOPLE, "součet přes obce", 10),
    Column("not_covered", "Nepokryto", _PEOPLE, "součet přes obce", 10),
    Column("unknown", "Nevíme", _PEOPLE, "součet přes obce", 10),
    Column("obce_not_covered", "Obce s mezerou", "obce", "obce s nepokrytými lidmi", 10),
    Column("not_covered_low", "Nepokryto nejméně", _PEOPLE, "nejmíň ze všech zkoušek jistoty", 11),
    Column("not_covered_high", "Nepokryto nejvíce", _PEOPLE, "nejvíc ze všech zkoušek jistoty", 11),
    Column(
        "minutes_beyond",
        "Hloubka mezery (osoby × min)",
        "osoby × min",
        "nepokrytí × minuty nad mez; prázdné: nikdo není nepokrytý, nebo místo neznáme",
        12,
    ),
)
SERVICE_COLUMNS: Final = (
    Column("service_id", "Registrace", "text", "označení registrace v datech", 14),
    Column("service_name", "Druh služby", "text", "název druhu podle zákona č. 108/2006 Sb.", 34),
    Column("name", "Zařízení", "text", "název zařízení", 36),
    Column("provider", "Poskytovatel", "text", "název poskytovatele", 36),
    Column("forms", "Formy", "text", "formy, kterými se zde poskytuje", 18),
    Column("address", "Adresa", "text", "u terénní služby sídlo", 40),
    Column("obec", "Obec", "text", "obec místa", 22),
    Column("code", "Kód obce", "text", "šestimístný kód obce (RÚIAN)", 10),
    Column("inside", "V území", "ano/ne", "zda je místo v území plánu", 8),
    Column("phone", "Telefon", "text", "kontakt z registru", 16),
    Column("web", "Web", "text", "kontakt z registru", 26),
    Column("capacity", "Kapacita registrace", "text", "celé registrace, nikoli místa", 40),
    Column("addresses", "Počet adres", "adresy", "kolik adres má registrace", 8),
    Column("used", "Nejblíž pro", _PEOPLE, "lidé území, pro které je místo nejbližší", 10),
    Column("located", "Umístění", "text", "jak přesně víme, kde místo stojí", 30),
)
