"""Charts of a chapter: people by age."""

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kpss_geo.export.czech import CZECH
from kpss_geo.population import TargetGroup

_WIDTH_IN, _HEIGHT_IN = 6.3, 3.0


def age_chart(people: pd.Series, group: TargetGroup) -> Figure:
    """Draw people by five-year age as bars; those of the target group are dark and striped."""
    figure = Figure(figsize=(_WIDTH_IN, _HEIGHT_IN), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    mine = [band in group.bands for band in people.index]
    names = [str(band).replace("-", "–") for band in people.index]
    bars = axes.bar(names, people.to_numpy(dtype=float), color="#b5d2ec", edgecolor="#0b4f8a")
    for bar, dark in zip(bars, mine, strict=True):
        if dark:
            bar.set(facecolor="#0b4f8a")
    axes.set_xlabel("věk")
    axes.set_ylabel("lidé")
    axes.yaxis.set_major_formatter(lambda value, _: CZECH.number(value))
    axes.tick_params(axis="x", labelrotation=60, labelsize=7.5)
    axes.tick_params(axis="y", labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(f"tmavě: {group.short}", size=9, loc="right")
    return figure
