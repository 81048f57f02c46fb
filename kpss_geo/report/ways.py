"""How far somebody has it, in kilometres and in the unit of the limit beside it."""

from typing import Final

from kpss_geo.distance import Reach
from kpss_geo.text import NBSP, Words

WRITTEN_AS_ZERO_M: Final = 50.0
"""Below it a way would be written as 0.0 km."""


def way(
    metres: float, minutes: float | None, reach: Reach | None, words: Words, *, beyond: bool = False
) -> str:
    r"""Write a way in kilometres, and in minutes too where the limit is in minutes.

    One that is `beyond` the limit gets a decimal more where rounding would hide it; what
    would round to nothing is said to be less than the smallest number written.

    >>> way(13_800.0, 16.56, Reach(30, "min"), Words("cs"))
    '13,8\xa0km (17\xa0min)'
    >>> way(25_200.0, 30.24, Reach(30, "min"), Words("cs"), beyond=True)
    '25,2\xa0km (30,2\xa0min)'
    >>> way(17_044.0, 20.4528, Reach(20, "min"), Words("cs"), beyond=True)
    '17,0\xa0km (21\xa0min)'
    >>> way(240.0, 0.29, Reach(20, "min"), Words("cs"))
    '0,2\xa0km (méně než 1\xa0min)'
    >>> way(40.0, 0.05, Reach(20, "min"), Words("cs"))
    'méně než 0,1\xa0km (méně než 1\xa0min)'
    >>> way(40.0, None, None, Words("cs"))
    'méně než 0,1\xa0km'
    >>> way(15_040.0, None, Reach(15, "km"), Words("cs"), beyond=True)
    '15,04\xa0km'
    """
    near = words.km(metres) if metres >= WRITTEN_AS_ZERO_M else _less_than(words.km(100.0), words)
    if reach is None or reach.unit == "km" or minutes is None:
        over = 0.0 if reach is None or reach.unit == "min" else metres / 1000 - reach.value
        return _km(metres, words) if beyond and 0 < over < 0.05 else near
    shown = (
        words.minutes(minutes)
        if round(minutes, 1) >= 0.5
        else _less_than(words.minutes(1.0), words)
    )
    # tenths, as the data carry them: a table and a sentence never differ by a minute
    if beyond and minutes > reach.value and round(minutes, 1) - reach.value < 0.5:
        shown = f"{words.number(minutes, digits=1)}{NBSP}{words.t('min')}"
    return f"{near} ({shown})"


def _less_than(smallest: str, words: Words) -> str:
    return words.t("less than {share}", share=smallest)


def _km(metres: float, words: Words) -> str:
    return f"{words.number(metres / 1000, digits=2)}{NBSP}{words.t('km')}"
