"""The data set described for the national catalogue of open data (DCAT-AP-CZ, JSON-LD).

Keys are those of the open formal norm of 28 May 2024. Addresses are relative: the files
are published in one folder with the description. What the product does not know (who
publishes, and terms of use where a source states none) is left out, never invented.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from kpss_geo import settings
from kpss_geo.errors import N_
from kpss_geo.export import terms, whole
from kpss_geo.export.bundle import Bundle, question_lines
from kpss_geo.sources.segments import Progress, silent

CONTEXT: Final = (
    "https://ofn.gov.cz/dcat-ap-cz-rozhraní-katalogů-otevřených-dat/2024-05-28/kontexty/"
    "rozhraní-katalogů-otevřených-dat.jsonld"
)
EU: Final = "http://publications.europa.eu/resource/authority"
IANA: Final = "http://www.iana.org/assignments/media-types"
RUIAN: Final = "https://linked.cuzk.cz/resource/ruian/obec"
OFFICE: Final = "https://rpp-opendata.egon.gov.cz/odrpp/zdroj/orgán-veřejné-moci"
TERMS: Final = "https://data.gov.cz/podmínky-užití"
KINDS: Final = {
    ".csv": ("CSV", "text/csv"),
    ".xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".gpkg": ("GPKG", "application/geopackage+sqlite3"),
    ".parquet": ("PARQUET", "application/vnd.apache.parquet"),
    ".json": ("JSON", "application/json"),
}
"""Data files: the format in the EU's list of file types, and the media type."""
NO_PEOPLE: Final = ("-obce.parquet", "-souhrn.csv", "-pokryti.csv", "-mezery.csv", "-limity.csv")
"""Ends of files that hold counts alone; others name providers, who may be persons."""


def write_dcat(
    bundle: Bundle, out: Path, *, progress: Progress = silent, made: Sequence[Path] = ()
) -> list[Path]:
    """Write the description of the data files that were made; give its path."""
    progress(N_("Describing the data set"), len(made))
    path = out / f"{whole.file_name(bundle.territory.id)}-dcat.jsonld"
    files = [file.relative_to(out) for file in made if _is_data(file)]
    text = json.dumps(dataset(bundle, files), ensure_ascii=False, indent=1)
    return [whole.write(path, text.encode())]


def _is_data(file: Path) -> bool:
    return file.suffix in KINDS and not file.name.endswith("-metadata.json")


def dataset(bundle: Bundle, files: Sequence[Path]) -> dict[str, Any]:
    """Describe the data set, with a distribution for each of the files."""
    day = bundle.question.on.isoformat()
    office = settings.current().operator_ico
    asked = "; ".join(f"{what}: {value}" for what, value in question_lines(bundle))
    known = {"poskytovatel": f"{OFFICE}/{office}"} if office else {}
    return {
        "@context": CONTEXT,
        "iri": "#datova-sada",
        "typ": "Datová sada",
        "název": {"cs": f"Dostupnost sociálních služeb: {bundle.title}"},
        "popis": {"cs": f"{WHAT} {asked}."},
        **known,
        "prvek_rúian": [f"{RUIAN}/{code}" for code in bundle.territory.codes],
        "téma": [f"{EU}/data-theme/SOCI"],
        "periodicita_aktualizace": f"{EU}/frequency/IRREG",
        "klíčové_slovo": {"cs": list(KEYWORDS)},
        "časové_pokrytí": {"typ": "Časový interval", "začátek": day, "konec": day},
        "verze": f"{bundle.question.data_digest}-{day}",
        "distribuce": [_distribution(bundle, file) for file in files],
    }


WHAT: Final = (
    "Kolik lidí cílové skupiny v obcích území má službu v dosahu, kolik jen na papíře, kolik "
    "nemá a o kolika se neví. Hranice dostupnosti jsou pracovní hodnoty, nikoli norma."
)
KEYWORDS: Final = ("sociální služby", "dostupnost", "komunitní plánování", "obce")


def _distribution(bundle: Bundle, file: Path) -> dict[str, Any]:
    kind, media = KINDS[file.suffix]
    address = file.as_posix()
    schema = f"{file.parent.as_posix()}/{whole.file_name(bundle.territory.id)}-csv-metadata.json"
    return {
        "iri": f"#{whole.file_name(address)}",
        "typ": "Distribuce",
        "název": {"cs": file.name},
        "podmínky_užití": _terms(bundle, people=not file.name.endswith(NO_PEOPLE)),
        "soubor_ke_stažení": address,
        "přístupové_url": address,
        "formát": f"{EU}/file-type/{kind}",
        "typ_média": f"{IANA}/{media}",
    } | ({"schéma": schema} if file.suffix == ".csv" else {})


def _terms(bundle: Bundle, *, people: bool) -> dict[str, Any]:
    """Give the four statements of the norm; without a known licence only that of persons."""
    persons = "není-specifikováno-zda-obsahuje" if people else "neobsahuje"
    said: dict[str, Any] = {
        "typ": "Specifikace podmínek užití",
        "osobní_údaje": f"{TERMS}/{persons}-osobní-údaje/",
    }
    allowed = terms.licence(bundle)
    if allowed is None:
        return said
    by = {"cs": terms.authors(bundle)}
    return said | {
        "autorské_dílo": terms.CC_BY,
        "autor": by,
        "databáze_jako_autorské_dílo": allowed,
        "autor_databáze": by,
        "databáze_chráněná_zvláštními_právy": allowed,
    }
