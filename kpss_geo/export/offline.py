"""One HTML file with map, search and table that needs neither server nor internet."""

import json
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kpss_geo import maps
from kpss_geo.errors import N_
from kpss_geo.export import listing, whole
from kpss_geo.export.bundle import Bundle, limit_words, question_lines
from kpss_geo.export.czech import first_capital
from kpss_geo.report import reasons, rows, sentences
from kpss_geo.report.rows import Row
from kpss_geo.schema import VERDICTS, to_degrees
from kpss_geo.settings import shipped_root
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kpss_geo.export", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_html(bundle: Bundle, out: Path, *, progress: Progress = silent) -> list[Path]:
    """Write the HTML file of a territory into the folder; give its path."""
    progress(N_("Writing the HTML file"), len(bundle.answers))
    path = out / f"{whole.file_name(bundle.territory.id)}.html"
    return [whole.write(path, page(bundle).encode())]


def page(bundle: Bundle) -> str:
    """Make the page: Leaflet, areas, verdicts of all types, table and sources in one text."""
    leaflet = shipped_root() / "static" / "leaflet"
    script = (leaflet / "leaflet.js").read_text(encoding="utf-8")
    areas = maps.areas_file(bundle.ground.areas, bundle.ground.around, real=bundle.ground.real)
    return _ENVIRONMENT.get_template("offline.html").render(
        title=bundle.title,
        leaflet_css=Markup((leaflet / "leaflet.css").read_text(encoding="utf-8")),  # noqa: S704 - shipped
        leaflet_js=Markup(script.replace("</script", "<\\/script")),  # noqa: S704 - shipped
        data=Markup(_in_script(_facts(bundle))),  # noqa: S704 - escaped by _in_script
        areas=Markup(_in_script(json.loads(areas))),  # noqa: S704 - escaped by _in_script
        types=[(a.service_type.code, first_capital(a.service_type.label)) for a in bundle.answers],
        obce=[(row["code"], row["name"]) for row in rows.rows(bundle.answers[0])],
        verdicts=[(v, bundle.words.t(word)) for v, word in sentences.VERDICT_WORDS.items()],
        question=question_lines(bundle),
        sources=listing.dated_sources(bundle),
        notes=listing.notes(bundle),
        real=bundle.ground.real,
    )


def _in_script(value: object) -> str:
    # </script> inside a name must not end the script it travels in
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _facts(bundle: Bundle) -> dict[str, Any]:
    return {
        "colours": maps.COLOURS,
        "partly": maps.PARTLY,
        "verdicts": VERDICTS,
        "words": {v: bundle.words.t(word) for v, word in sentences.VERDICT_WORDS.items()},
        "types": {a.service_type.code: _type(bundle, a) for a in bundle.answers},
    }


def _type(bundle: Bundle, answer: Answer) -> dict[str, Any]:
    words = bundle.words
    fills = {
        str(code): maps.fill_of(row)
        for code, row in zip(answer.obce.index, answer.obce.to_dict("records"), strict=True)
    }
    near = listing.near(bundle)
    public = answer.places[~answer.places["secret"].astype(bool)]  # the rest is never a point
    places = public[public["code"].isin(near)]
    lon, lat = to_degrees(places["x"].to_numpy(dtype=float), places["y"].to_numpy(dtype=float))
    points = [
        [round(float(y), 5), round(float(x), 5), name, town, form[0]]
        for y, x, name, town, form in zip(
            lat, lon, places["name"], places["obec"], places["forms"], strict=True
        )
    ]
    return {
        "label": first_capital(sentences.service_words(answer, words)),
        "headline": sentences.headline(answer, words),
        "second": sentences.second_line(answer, words),
        "limit": limit_words(answer, words),
        "totals": answer.totals,
        "rows": [_row(row, fills[row["code"]]) for row in rows.rows(answer, words=words)],
        "places": points,
    }


def _row(row: Row, fill: str) -> list[Any]:
    lost = len(row["firm_lost"].split("|")) if row["firm_lost"] else 0
    return [
        row["code"], row["name"], fill, row["population"], *(row[v] for v in VERDICTS),
        row["nearest_m"], row["nearest_place"] or "", reasons.firmness_mark(row["firm"], lost),
        row["reason"],
    ]  # fmt: skip
