"""Styles that QGIS takes from the `layer_styles` table of a GeoPackage when it opens it."""

from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import quoteattr

import pandas as pd

from kpss_geo import figures, maps, paper
from kpss_geo.report.sentences import VERDICT_WORDS
from kpss_geo.schema import VERDICTS
from kpss_geo.text import Words

STYLE: Final = "styl"
"""The column by which areas are coloured: a verdict, with `-partly` where not all share it."""


def styles(layers: list[str], *, outline: str, points: str, words: Words) -> pd.DataFrame:
    """Give the rows of `layer_styles`: verdict layers, the outline with names, the places."""
    documents = {
        outline: ("outline", _outline()),
        **{layer: ("verdicts", _verdicts(words)) for layer in layers},
        points: ("places", _points()),
    }
    return pd.DataFrame(
        [
            {
                "f_table_catalog": "",
                "f_table_schema": "",
                "f_table_name": layer,
                "f_geometry_column": "geom",
                "styleName": name,
                "styleQML": document,
                "styleSLD": "",
                "useAsDefault": True,
                "description": "kpss-geo",
                "owner": "",
                "ui": "",
                "update_time": datetime.now(UTC),
            }
            for layer, (name, document) in documents.items()
        ]
    )


def _verdicts(words: Words) -> str:
    keys = [
        *(f"{verdict}{part}" for verdict in VERDICTS for part in ("", "-partly")),
        maps.NOBODY,
    ]
    categories, symbols = [], []
    for number, key in enumerate(keys):
        label = quoteattr(_label(key, words))
        value = quoteattr(key)
        categories.append(
            f'<category render="true" type="string" symbol="{number}" value={value} label={label}/>'
        )
        symbols.append(_fill(number, key))
    return _document(
        f'<renderer-v2 type="categorizedSymbol" attr="{STYLE}" enableorderby="0" forceraster="0"'
        f' symbollevels="0"><categories>{"".join(categories)}</categories>'
        f"<symbols>{''.join(symbols)}</symbols></renderer-v2>"
    )


def _label(key: str, words: Words) -> str:
    if key == maps.NOBODY:
        return words.t("nobody of the target group lives here")
    word = words.t(VERDICT_WORDS[key.removesuffix("-partly")])
    if key.endswith("-partly"):
        return words.t("{verdict}: most people of the obec", verdict=word)
    return words.t("{verdict}: all people of the obec", verdict=word)


def _fill(number: int, key: str) -> str:
    layers = [
        _layer(
            "SimpleFill",
            {"color": rgb(figures.FILLS[key]), "style": "solid", "outline_color": rgb(paper.LINE),
             "outline_style": "solid", "outline_width": "0.2", "outline_width_unit": "MM"},
        )
    ]  # fmt: skip
    hatch, colour = figures.HATCHES.get(key.removesuffix("-partly"), ("", ""))
    if hatch:
        style = {"/": "b_diagonal", "\\": "f_diagonal"}.get(hatch[0], "dense6")
        layers.append(
            _layer("SimpleFill", {"color": rgb(colour), "style": style, "outline_style": "no"})
        )
    return _symbol(number, "fill", "".join(layers))


def _outline() -> str:
    layer = _layer(
        "SimpleFill",
        {"style": "no", "outline_color": rgb("#111111"), "outline_style": "solid",
         "outline_width": "0.3", "outline_width_unit": "MM"},
    )  # fmt: skip
    return _document(
        '<renderer-v2 type="singleSymbol" enableorderby="0" forceraster="0" symbollevels="0">'
        f"<symbols>{_symbol(0, 'fill', layer)}</symbols></renderer-v2>"
        '<labeling type="simple"><settings><text-style fieldName="nazev" fontSize="8"'
        ' textColor="17,17,17,255"><text-buffer bufferDraw="1" bufferSize="0.8"'
        ' bufferColor="255,255,255,255"/></text-style></settings></labeling>'
    )


def _points() -> str:
    layer = _layer(
        "SimpleMarker",
        {"name": "circle", "color": rgb("#111111"), "outline_color": rgb("#ffffff"),
         "outline_width": "0.4", "size": "2.4", "size_unit": "MM"},
    )  # fmt: skip
    return _document(
        '<renderer-v2 type="singleSymbol" enableorderby="0" forceraster="0" symbollevels="0">'
        f"<symbols>{_symbol(0, 'marker', layer)}</symbols></renderer-v2>"
    )


def _document(inside: str) -> str:
    return (
        '<qgis version="3.28.0" styleCategories="Symbology|Labeling" labelsEnabled="1">'
        f"{inside}</qgis>"
    )


def _symbol(number: int, kind: str, layers: str) -> str:
    return (
        f'<symbol type="{kind}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f"{layers}</symbol>"
    )


def _layer(kind: str, options: dict[str, str]) -> str:
    inside = "".join(
        f'<Option name="{name}" type="QString" value="{value}"/>' for name, value in options.items()
    )
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0"><Option type="Map">{inside}'
        "</Option></layer>"
    )


def rgb(colour: str) -> str:
    """Write a colour as QGIS does: red, green, blue, opacity.

    >>> rgb("#0b4f8a")
    '11,79,138,255'
    """
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return ",".join(map(str, (*parts, 255)))
