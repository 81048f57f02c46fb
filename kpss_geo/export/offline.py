"""One HTML file with map, search and table that needs neither server nor internet."""

import json
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kpss_geo import labels, maps
from kpss_geo.coverage import FIELD_OPEN
from kpss_geo.errors import N_
from kpss_geo.export import listing, whole
from kpss_geo.export.bundle import Bundle, limit_words, question_lines
from kpss_geo.export.czech import CZECH, first_capital
from kpss_geo.export.typeset import hard_spaces
from kpss_geo.report import glossary, reasons, rows, sentences
from kpss_geo.report.definitions import BY_KEY
from kpss_geo.report.rows import Row
from kpss_geo.schema import PEOPLE, UNKNOWN, VERDICTS, to_degrees
from kpss_geo.settings import shipped_root
from kpss_geo.sources.segments import Progress, silent
from kpss_geo.study import Answer
from kpss_geo.text import in_order

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kpss_geo.export", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


FORMS: Final = {"pob": "pobytově", "amb": "ambulantně"}
DOUBT: Final = "* V okresech, které v datech nejsou, může být bližší."


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
        obce=list(distinct_names(bundle).values()),
        verdicts=[(v, bundle.words.t(word)) for v, word in sentences.VERDICT_WORDS.items()],
        nobody=_nobody(bundle),
        question=[(name, hard_spaces(value)) for name, value in question_lines(bundle)],
        sources=[
            {name: hard_spaces(text) for name, text in source.items()}
            for source in listing.dated_sources(bundle)
        ],
        notes=[hard_spaces(note) for note in listing.notes(bundle)],
        meanings=_meanings(bundle),
        doubt=hard_spaces(DOUBT),
        real=bundle.ground.real,
    )


def _nobody(bundle: Bundle) -> str:
    """Say what a white obec is, where there is one."""
    people = (count for answer in bundle.answers for count in answer.obce[PEOPLE])
    return bundle.words.t("nobody of the target group lives here") if 0 in people else ""


def _meanings(bundle: Bundle) -> list[tuple[str, str]]:
    """Say what the four verdicts and the dots of firmness mean."""
    entries = [
        glossary.entry(BY_KEY[key], bundle.data.sources, bundle.words)
        for key in (*VERDICTS, "firmness")
    ]
    return [(each["term"], hard_spaces(each["meaning"])) for each in entries]


def _in_script(value: object) -> str:
    # </script> inside a name must not end the script it travels in
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def distinct_names(bundle: Bundle) -> dict[str, str]:
    """Names of the obce by code, in the Czech alphabet; no two are the same."""
    names = bundle.names
    return {str(code): str(names[code]) for code in in_order(names.index, key=lambda c: names[c])}


def _facts(bundle: Bundle) -> dict[str, Any]:
    return {
        "colours": maps.COLOURS,
        "partly": maps.PARTLY,
        "verdicts": VERDICTS,
        "names": _names(bundle),
        "words": {v: bundle.words.t(word) for v, word in sentences.VERDICT_WORDS.items()},
        "types": {a.service_type.code: _type(bundle, a) for a in bundle.answers},
    }


def _names(bundle: Bundle) -> list[tuple[str, float, float]]:
    """Give the names to write on the map, largest obce first, and where each stands."""
    data, codes = bundle.data, tuple(map(str, bundle.ground.areas.index))
    names = maps.labelled(data.obce, data.population, codes, most=None)
    return maps.label_points(bundle.ground.areas, names.map(labels.on_lines))


def _type(bundle: Bundle, answer: Answer) -> dict[str, Any]:
    words, names = bundle.words, distinct_names(bundle)
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
        "headline": hard_spaces(sentences.headline(answer, words)),
        "second": hard_spaces(sentences.second_line(answer, words)),
        "limit": hard_spaces(limit_words(answer, words)),
        "totals": answer.totals,
        "rows": [
            _row(answer, {**row, "name": names[row["code"]]}, fills[row["code"]])
            for row in rows.rows(answer, words=words)
        ],
        "places": points,
    }


def _row(answer: Answer, row: Row, fill: str) -> list[Any]:
    lost = len(row["firm_lost"].split(rows.BETWEEN)) if row["firm_lost"] else 0
    return [
        row["code"], row["name"], fill, row["population"], *(row[v] for v in VERDICTS),
        *_nearest(answer, row), reasons.firmness_mark(row["firm"], lost),
        hard_spaces(row["reason"]),
    ]  # fmt: skip


def _nearest(answer: Answer, row: Row) -> tuple[str, str]:
    """Write the way and the nearest place, of a type with more forms with the form of that place.

    Both are a dash where there is none, and where the verdict hangs on whom field services
    serve, not on a way. A star: districts that the data do not hold may have a nearer one.
    """
    open_ = row["verdict"] == UNKNOWN and row["unknown_reason"] in FIELD_OPEN
    if open_ or row["nearest_m"] is None or row["nearest_place"] is None:
        return "–", "–"
    way = rows.way_of(row, CZECH)
    if len(answer.question.limits) == 1:
        return way, row["nearest_place"]
    form = reasons.nearest_form(answer.obce.loc[row["code"]].to_dict())
    return way, f"{FORMS[form]}: {row['nearest_place']}"
