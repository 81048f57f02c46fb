"""Styles that QGIS takes from the `layer_styles` table of a GeoPackage when it opens it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import quoteattr

import pandas as pd

from kpss_geo import figures, maps, paper
from kpss_geo.errors import N_
from kpss_geo.export.columns import Column
from kpss_geo.export.described import STYLED
from kpss_geo.report.sentences import VERDICT_WORDS
from kpss_geo.schema import VERDICTS
from kpss_geo.text import Words

MOST_PEOPLE: Final = "scale_linear(log10(max(coalesce(population, 1), 1)), 1, 4.5, 0, 10)"
"""Priority of a name: 0 for 10 people of the group, 10 for 30 000 and more."""
LARGE: Final = "@map_scale < 250000 OR coalesce(population, 0) >= @map_scale / 1000"
"""Which names are written: near, all; at 1 : 600 000 those of 600 people of the group."""


def styles(
    columns: Mapping[str, Sequence[Column]], *, outline: str, points: str, words: Words
) -> pd.DataFrame:
    """Give the rows of `layer_styles`: verdict layers, the outline with names, the places.

    `columns` of every layer get their Czech aliases. Areas are coloured by the column
    `described.STYLED`: a verdict, with `-partly` where not all share it.
    """
    documents = {layer: ("verdicts", _verdicts(words, columns[layer])) for layer in columns}
    documents[outline] = ("outline", _outline(columns[outline]))
    documents[points] = ("places", _points(words, columns[points]))
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


def _verdicts(words: Words, columns: Sequence[Column]) -> str:
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
        f'<renderer-v2 type="categorizedSymbol" attr="{STYLED.name}" enableorderby="0"'
        f' forceraster="0" symbollevels="0"><categories>{"".join(categories)}</categories>'
        f"<symbols>{''.join(symbols)}</symbols></renderer-v2>",
        columns,
    )


def _label(key: str, words: Words) -> str:
    if key == maps.NOBODY:
        return words.t("nobody of the target group lives here")
    word = words.t(VERDICT_WORDS[key.removesuffix("-partly")])
    if key.endswith("-partly"):
        return words.t("{verdict}: most people of the obec", verdict=word)
    return words.t("{verdict}: all people of the obec", verdict=word)


_STYLES: Final = {"/": "b_diagonal", "\\": "f_diagonal", "-": "horizontal"}
"""The pattern of QGIS for that of paper; any other is dots."""


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
        style = _STYLES.get(hatch[0], "dense6")
        layers.append(
            _layer("SimpleFill", {"color": rgb(colour), "style": style, "outline_style": "no"})
        )
    return _symbol(number, "fill", "".join(layers))


def _outline(columns: Sequence[Column]) -> str:
    layer = _layer(
        "SimpleFill",
        {"style": "no", "outline_color": rgb("#111111"), "outline_style": "solid",
         "outline_width": "0.3", "outline_width_unit": "MM"},
    )  # fmt: skip
    return _document(
        '<renderer-v2 type="singleSymbol" enableorderby="0" forceraster="0" symbollevels="0">'
        f"<symbols>{_symbol(0, 'fill', layer)}</symbols></renderer-v2>{_LABELS}",
        columns,
    )


def _defined(name: str, expression: str) -> str:
    """Give a property of a label that an expression of QGIS decides."""
    return (
        f'<Option name="{name}" type="Map"><Option name="active" type="bool" value="true"/>'
        f'<Option name="expression" type="QString" value={quoteattr(expression)}/>'
        '<Option name="type" type="int" value="3"/></Option>'
    )


_LABELS: Final = (
    '<labeling type="simple"><settings><text-style fieldName="name" fontSize="8.5"'
    ' fontWeight="75" namedStyle="Bold"'
    ' textColor="17,17,17,255"><text-buffer bufferDraw="1" bufferSize="0.8"'
    ' bufferColor="255,255,255,255"/></text-style>'
    '<placement placement="1" centroidInside="1" centroidWhole="1" priority="5"/>'
    '<rendering obstacle="0" displayAll="0"/>'
    '<dd_properties><Option type="Map"><Option name="name" type="QString" value=""/>'
    f'<Option name="properties" type="Map">{_defined("Priority", MOST_PEOPLE)}'
    f"{_defined('Show', LARGE)}</Option>"
    '<Option name="type" type="QString" value="collection"/></Option></dd_properties>'
    "</settings></labeling>"
)
"""Names over the middle of their obec; where there is no room for all, those of most people."""


def _points(words: Words, columns: Sequence[Column]) -> str:
    kinds = (
        ("#111111", "#ffffff", "circle", N_("residential place"), "\"forms\" LIKE '%pobyt%'"),
        ("#ffffff", "#111111", "circle", N_("ambulatory place"), "\"forms\" LIKE '%ambul%'"),
        ("#8a939b", "#111111", "square", N_("seat of a field service"), "ELSE"),
    )
    rules, symbols = [], []
    for number, (fill, line, shape, text, when) in enumerate(kinds):
        first = "" if number != 1 else " AND \"forms\" NOT LIKE '%pobyt%'"
        rules.append(
            f'<rule key="{{{number}}}" symbol="{number}" label={quoteattr(words.t(text))}'
            f" filter={quoteattr(when + first)}/>"
        )
        marker = _layer(
            "SimpleMarker",
            {"name": shape, "color": rgb(fill), "outline_color": rgb(line),
             "outline_width": "0.4", "size": "2.4", "size_unit": "MM"},
        )  # fmt: skip
        symbols.append(_symbol(number, "marker", marker))
    return _document(
        '<renderer-v2 type="RuleRenderer" enableorderby="0" forceraster="0" symbollevels="0">'
        f'<rules key="{{root}}">{"".join(rules)}</rules>'
        f"<symbols>{''.join(symbols)}</symbols></renderer-v2>",
        columns,
    )


def _document(inside: str, columns: Sequence[Column]) -> str:
    aliases = "".join(
        f"<alias index={quoteattr(str(number))} field={quoteattr(column.name)}"
        f" name={quoteattr(column.heading)}/>"
        for number, column in enumerate(columns, start=1)
    )
    return (
        '<qgis version="3.28.0" styleCategories="Symbology|Labeling|Fields" labelsEnabled="1">'
        f"{inside}<aliases>{aliases}</aliases></qgis>"
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
