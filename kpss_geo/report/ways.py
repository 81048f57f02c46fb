"""How far somebody has it, in kilometres and in the unit of the limit beside it."""

from kpss_geo.distance import Reach
from kpss_geo.text import NBSP, Words


def way(
    metres: float, minutes: float | None, reach: Reach | None, words: Words, *, beyond: bool = False
) -> str:
    r"""Write a way in kilometres, and in minutes too where the limit is in minutes.

    One that is `beyond` the limit gets a decimal more where rounding would hide it.

    >>> way(13_800.0, 16.56, Reach(30, "min"), Words("cs"))
    '13,8\xa0km (17\xa0min)'
    >>> way(25_200.0, 30.24, Reach(30, "min"), Words("cs"), beyond=True)
    '25,2\xa0km (30,2\xa0min)'
    >>> way(17_044.0, 20.4528, Reach(20, "min"), Words("cs"), beyond=True)
    '17,0\xa0km (21\xa0min)'
    >>> way(15_040.0, None, Reach(15, "km"), Words("cs"), beyond=True)
    '15,04\xa0km'
    """
    if reach is None or (reach.unit == "min" and minutes is None):
        return words.km(metres)
    if reach.unit == "km" or minutes is None:
        close = beyond and 0 < metres / 1000 - reach.value < 0.05
        return _km(metres, words) if close else words.km(metres)
    shown = words.minutes(minutes)
    if beyond and 0 < round(minutes, 1) - reach.value < 0.5:  # tenths, as the data carry them
        shown = f"{words.number(minutes, digits=1)}{NBSP}{words.t('min')}"
    return f"{words.km(metres)} ({shown})"


def _km(metres: float, words: Words) -> str:
    return f"{words.number(metres / 1000, digits=2)}{NBSP}{words.t('km')}"
