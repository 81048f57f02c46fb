"""Where the places of the register stand: by address code, by parts, and how sure that is.

The first of these that is known is used, and `located` keeps which it was:
`address` (the address code), `parts` (part of the obec, street and number), `street` (the
middle of the street), `obec_part` (the middle of the part of the obec), `obec` (its
reference point), `nowhere`. A secret address is never looked up: it stands for its obec.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpss_geo.errors import N_
from kpss_geo.schema import CODE, NAME, X, Y
from kpss_geo.sources.addresses import Points
from kpss_geo.sources.places import is_astray
from kpss_geo.text import fold

ADDRESS: Final = "address"
PARTS: Final = "parts"
STREET: Final = "street"
OBEC_PART: Final = "obec_part"
OBEC: Final = "obec"
NOWHERE: Final = "nowhere"
LEVELS: Final = (ADDRESS, PARTS, STREET, OBEC_PART, OBEC, NOWHERE)

LOCATED_WORDS: Final = {
    PARTS: N_("found by street and number; the register gives no valid address code"),
    STREET: N_("drawn in the middle of the street"),
    OBEC_PART: N_("drawn in the middle of the part of the obec"),
    OBEC: N_("drawn in the middle of the obec"),
}
"""What is said of a place that does not stand at its address code."""

NO_CODE: Final = "no_code"
CODE_GONE: Final = "code_gone"
CODE_ELSEWHERE: Final = "code_elsewhere"
ASTRAY: Final = "astray"
NO_SUCH_OBEC: Final = "no_such_obec"
NOT_HELD: Final = "not_held"

SAME_HOUSE_M: Final = 100.0
"""Address points of one number that lie nearer to each other than this are one house."""
HOUSE_KINDS: Final = {"1": "č.p.", "2": "č.ev."}
"""The register's codes of kinds of house numbers, in the words of the address points."""

Mask = NDArray[np.bool_]
_KEYS: Final = ["street_key", "part_key", "part_code", "house", "kind", "orientation"]
"""What two spellings of one address share."""


def locate(places: pd.DataFrame, *, obce: pd.DataFrame, points: Points) -> pd.DataFrame:
    """Find every place.

    Returns
    -------
    DataFrame
        On the index of `places`: `x`, `y` (metres, EPSG:5514; NaN when nowhere), `located`,
        `code` (the stated obec, or that of the address code where this was believed),
        `problem` (why it is not simply at its address, else empty), `other` (the obec the
        address code belongs to, where it is another).
    """
    rows = _comparable(places)
    known = points.addresses.set_index("address_code").reindex(rows["address_code"])
    coded = known.set_axis(rows.index)
    public = ~rows["secret"].to_numpy(dtype=bool)
    has_point = coded[X].notna().to_numpy() & public
    same = has_point & (coded[CODE] == rows[CODE]).to_numpy()
    elsewhere = has_point & ~same
    rest = rows[public & ~same]
    near = _keys(points.addresses[points.addresses[CODE].isin(rest[CODE])])
    whole = near[near[CODE].isin(points.held)]
    steps = {
        ADDRESS: coded.loc[same, [X, Y]],
        PARTS: _by_parts(rest, near),
        STREET: _by_street(rest, whole),
        OBEC_PART: _by_part(rest, whole, points.parts),
    }
    stated = rows[CODE].isin(points.held).to_numpy() & _agrees(rows, coded)
    believed = elsewhere & (stated | (rows[CODE] == "").to_numpy())
    believed &= ~rows.index.isin(steps[PARTS].index)
    steps[ADDRESS] = coded.loc[same | believed, [X, Y]]
    code = rows[CODE].where(~believed, coded[CODE])
    home = obce.reindex(code).set_axis(rows.index)
    result = _first_known(steps, home)
    problem = _problems(rows, home, points, same=same, elsewhere=elsewhere, public=public)
    problem = np.where(result.pop("astray"), ASTRAY, problem)
    return result.assign(
        code=code, problem=problem, other=coded[CODE].where(elsewhere, "").fillna("")
    )


def _comparable(places: pd.DataFrame) -> pd.DataFrame:
    """Add keys that two spellings of one address share."""
    return places.assign(
        street_key=_folded(places["street"]),
        part_key=_folded(places["obec_part"]),
        part_code=places["obec_part_code"],
        house=places["house_number"].str.strip(),
        kind=places["house_kind"].map(HOUSE_KINDS).fillna(""),
        orientation=_orientation(places["orientation_number"]),
    )


def _folded(texts: pd.Series) -> pd.Series:
    spelled = {text: " ".join(fold(text).split()) for text in texts.unique()}
    return texts.map(spelled)


def _orientation(texts: pd.Series) -> pd.Series:
    """Orientation number alone: of `568/1A` it is `1a`."""
    return texts.str.lower().str.replace(" ", "").str.replace(r"^.*/", "", regex=True)


def _keys(addresses: pd.DataFrame) -> pd.DataFrame:
    numbers = addresses["orientation_number"] + addresses["orientation_letter"]
    return addresses.assign(
        street_key=_folded(addresses["street"]),
        part_key=_folded(addresses["part"]),
        house=addresses["house_number"].str.strip(),
        kind=addresses["house_kind"],
        orientation=_orientation(numbers),
    ).dropna(subset=[X])[[CODE, *_KEYS, X, Y]]


def _by_parts(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Points of places whose part, street and number name one house."""
    mine = rows[[CODE, *_KEYS]].rename_axis("place").reset_index()
    with_house = mine["house"] != ""
    by_house = mine[with_house].merge(known, on=[CODE, "house"], suffixes=("", "_of"))
    lone = mine[~with_house & (mine["street_key"] != "") & (mine["orientation"] != "")]
    by_street = lone.merge(known, on=[CODE, "street_key", "orientation"], suffixes=("", "_of"))
    pairs = pd.concat([by_house, by_street])
    pairs = pairs[_is_supported(pairs) & _no_contradiction(pairs)]
    grouped = pairs.groupby("place")[[X, Y]]
    spread = grouped.max() - grouped.min()
    one_house = np.hypot(spread[X], spread[Y]) <= SAME_HOUSE_M
    return grouped.first()[one_house]


def _no_contradiction(pairs: pd.DataFrame) -> pd.Series:
    """Whether nothing that both addresses say differs."""
    agree = pd.Series(data=True, index=pairs.index)
    for key in _KEYS:
        if f"{key}_of" in pairs:
            one, other = pairs[key].fillna(""), pairs[f"{key}_of"].fillna("")
            agree &= (one == other) | (one == "") | (other == "")
    return agree


def _is_supported(pairs: pd.DataFrame) -> pd.Series:
    """Whether a street or a part is the same on both sides, or the register names neither."""
    same = pd.Series(data=False, index=pairs.index)
    named = pd.Series(data=False, index=pairs.index)
    for key in ("street_key", "part_key", "part_code"):
        named |= pairs[key] != ""
        other = pairs[f"{key}_of"].fillna(pairs[key])  # merged on this very key
        same |= (pairs[key] == other) & (pairs[key] != "")
    return same | ~named


def _by_street(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Give the address point nearest to the middle of the street, in the stated part first."""
    named = rows[rows["street_key"] != ""]
    steps = [
        _middle_by([CODE, "street_key", *more], named, known)
        for more in (["part_code"], ["part_key"], [])
    ]
    return steps[0].combine_first(steps[1]).combine_first(steps[2])


def _by_part(rows: pd.DataFrame, known: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Give the middle of the part of the obec: its own point, else among its addresses."""
    points = parts.assign(part_key=_folded(parts[NAME]))
    steps = [
        _middle_by([CODE, key], rows, table)
        for table in (points, known)
        for key in ("part_code", "part_key")
    ]
    return steps[0].combine_first(steps[1]).combine_first(steps[2]).combine_first(steps[3])


def _middle_by(by: list[str], rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Give for each row the known point nearest to the median of those with the same keys."""
    full = known[(known[by] != "").all(axis=1)]
    median = full.groupby(by)[[X, Y]].transform("median")
    away = np.hypot(full[X] - median[X], full[Y] - median[Y])
    nearest = full.assign(away=away).sort_values("away").groupby(by)[[X, Y]].first()
    wanted = pd.MultiIndex.from_frame(rows[by])
    return nearest.reindex(wanted).set_axis(rows.index)


def _agrees(rows: pd.DataFrame, coded: pd.DataFrame) -> Mask:
    """Whether the address of the code has the number, and the street, that the register says."""
    there = _folded(coded["street"].fillna(""))
    same_house = (coded["house_number"] == rows["house"]) & (rows["house"] != "")
    same_street = (there == rows["street_key"]) | (there == "") | (rows["street_key"] == "")
    return (same_house & same_street).to_numpy(dtype=bool)


def _first_known(steps: dict[str, pd.DataFrame], home: pd.DataFrame) -> pd.DataFrame:
    xy = np.full((len(home), 2), np.nan)
    located = np.full(len(home), NOWHERE, dtype=object)
    astray = np.zeros(len(home), dtype=bool)
    for level, found in steps.items():
        here = found.reindex(home.index)[[X, Y]].to_numpy(dtype=float)
        far = is_astray(here[:, 0], here[:, 1], home=home)
        astray |= far & (located == NOWHERE)
        use = ~np.isnan(here[:, 0]) & ~far & (located == NOWHERE)
        xy[use], located[use] = here[use], level
    reference = home[[X, Y]].to_numpy(dtype=float)
    use = (located == NOWHERE) & ~np.isnan(reference[:, 0])
    xy[use], located[use] = reference[use], OBEC
    return pd.DataFrame(
        {X: xy[:, 0], Y: xy[:, 1], "located": pd.Series(located, index=home.index, dtype="str"),
         "astray": astray},
        index=home.index,
    )  # fmt: skip


def _problems(
    rows: pd.DataFrame, home: pd.DataFrame, points: Points, *, same: Mask, elsewhere: Mask,
    public: Mask,
) -> NDArray[np.object_]:  # fmt: skip
    stated = (rows[CODE] != "").to_numpy()
    no_such = stated & home[X].isna().to_numpy()
    held = rows[CODE].isin(points.held).to_numpy()
    no_code = (rows["address_code"] == "").to_numpy()
    cases = [no_such, ~public | same | ~stated, elsewhere, ~held, no_code]
    names = [NO_SUCH_OBEC, "", CODE_ELSEWHERE, NOT_HELD, NO_CODE]
    return np.select(cases, names, CODE_GONE).astype(object)
