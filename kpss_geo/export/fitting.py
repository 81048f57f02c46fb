"""Typst → PDF, with pictures that leave no half of a page empty; a script of its own process.

What is set is asked where its pictures stand. One that was pushed to the next page is made
a little smaller where that brings it back; else the text goes on and it opens the next page.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

STANDARD: Final = "ua-1"
LEAST_SCALE: Final = 0.82
"""Smaller than this part of its size no picture is made: its letters must be read."""
CAPTION_MM: Final = 15.0
"""Caption of a picture of up to three lines, and the space above and below it."""
TOP_MM: Final = 25.0
BOTTOM_MM: Final = 297.0 - 20.0
WORTH_MM: Final = 20.0
"""Less than this may stay empty at the end of a page."""
MOVED_MM: Final = 70.0
"""A heading, and a short table, so near to the end of a page goes to the next one."""
REST_MM: Final = 30.0
"""A rest of a table, with its head and note, no higher than this is brought back."""
SQUEEZED_PT: Final = (2.7, 2.2, 1.8)
"""Above and below the letters of a row, instead of 3.2; tried from the least narrow on."""
ABOVE_SCALE: Final = 0.88
"""To this part of its size a picture is made smaller for the rest of the table below it."""
SPLIT_MM: Final = 35.0
"""A table that has more room than this at the end of a page begins there, and goes on; with
less it begins the next page, a longer one than a page (`later`) too."""
HEAD_MM: Final = 8.0
"""A heading of the second level and the space above it."""
MIDDLE_MM: Final = 210.0 / 2
MOST_PASSES: Final = 90
Fit = dict[str, Any]
Spots = Sequence[Mapping[str, Any]]


def next_fit(spots: Spots, fits: Mapping[str, Fit]) -> tuple[str, Fit] | None:
    """Give the first picture or table that stands badly, and how it is to be set.

    `spots` tell in the order of the document where a heading stands (`head`), a text before
    a picture ends (`before`), a picture or a table stands (`picture`, `table`), a table
    ends with the note under it (`end`) and a part in columns ends (`columns`): number, page,
    x, y and height in mm. None where all
    stand well.

    >>> before = {"edge": "before", "number": 4, "page": 1, "y": 170.0, "height": 0}
    >>> picture = {"edge": "picture", "number": 5, "page": 2, "y": 25.0, "height": 100.0}
    >>> next_fit([before, picture], {})
    ('5', {'scale': 0.92})
    >>> next_fit([{**before, "y": 200.0}, picture], {})
    ('5', {'top': True})
    >>> next_fit([before, {**picture, "page": 1}], {}) is None
    True
    """
    at = {(spot["edge"], spot["number"]): spot for spot in spots}
    head: Mapping[str, Any] | None = None
    for spot in spots:
        number, found = spot["number"], None
        if spot["edge"] == "head":
            head = spot
        elif spot["edge"] == "picture" and str(number) not in fits:
            found = _pushed(spot, at.get(("before", number - 1)), head)
        elif spot["edge"] == "end":
            top = _below_picture(spots, fits, spot["page"])
            found = _broken(at["table", number], spot, fits.get(str(number), {}), top)
            picture = at.get(("picture", number - 1), spot)
            later = bool(fits.get(str(number - 1), {}).get("top"))
            in_vain = later and (found is None or "wide" in found[1])
            if in_vain and _around(picture, at["table", number], spot):
                found = (str(number), {"whole": True})
            elif found and _nearly(found[1]) and picture["page"] == at["table", number]["page"]:
                smaller = (str(number - 1), {"scale": ABOVE_SCALE})
                found = found if smaller[0] in fits else smaller
        if found is not None and fits.get(found[0]) != found[1]:
            return found
    return None


def columns_fit(spots: Spots, fits: Mapping[str, Fit]) -> tuple[str, Fit] | None:
    """Say which heading is to open the second column of the last page of a part in two columns.

    The one that makes the columns most alike; None where they are, or no heading helps.

    >>> end = {"edge": "columns", "number": 9, "first": 1, "page": 2, "x": 25.0, "y": 225.0}
    >>> at = {"edge": "head", "page": 2, "x": 25.0}
    >>> spots = [{**at, "number": 2, "page": 1, "y": 40.0}, {**at, "number": 4, "y": 60.0},
    ...          {**at, "number": 6, "y": 120.0}, end]
    >>> columns_fit(spots, {}), columns_fit(spots[:2] + [end], {})
    (('6', {'column': True}), ('4', {'column': True}))
    >>> columns_fit(spots, {"6": {"column": True}}) is None
    True
    """
    end = next((spot for spot in spots if spot["edge"] == "columns"), None)
    if end is None:
        return None
    heads = [s for s in spots if s["edge"] == "head" and end["first"] < s["number"] < end["number"]]
    if any("column" in fits.get(str(spot["number"]), {}) for spot in heads):
        return None
    top = TOP_MM if heads[0]["page"] < end["page"] else heads[0]["y"] - HEAD_MM
    highest = (BOTTOM_MM if end["x"] > MIDDLE_MM else end["y"]) - top
    both = highest + (end["y"] - top if end["x"] > MIDDLE_MM else 0)
    higher = {
        spot["number"]: max(spot["y"] - HEAD_MM - top, both - (spot["y"] - HEAD_MM - top))
        for spot in heads
        if spot["page"] == end["page"] and spot["x"] < MIDDLE_MM
    }
    best = min(higher, key=lambda number: higher[number], default=None)
    if best is None or higher[best] > highest - HEAD_MM:
        return None
    return str(best), {"column": True}


def _pushed(
    picture: Mapping[str, Any], before: Mapping[str, Any] | None, head: Mapping[str, Any] | None
) -> tuple[str, Fit] | None:
    """Say how a picture on a later page than its text is to be set: smaller, moved or later."""
    room = BOTTOM_MM - before["y"] if before and before["page"] < picture["page"] else 0.0
    scale = (room - CAPTION_MM) / picture["height"]
    if LEAST_SCALE <= scale < 1:
        return str(picture["number"]), {"scale": round(scale, 3)}
    parted = head is not None and head["page"] + 1 == picture["page"]
    if head is not None and parted and BOTTOM_MM - head["y"] <= MOVED_MM:
        return str(head["number"]), {"new_page": True}
    return (str(picture["number"]), {"top": True}) if room >= WORTH_MM else None


def _below_picture(spots: Spots, fits: Mapping[str, Fit], page: int) -> float:
    """Give where the text of a page begins: below the picture that opens it, if one does."""
    opening = [
        spot["y"] + spot["height"] + CAPTION_MM
        for spot in spots
        if spot["edge"] == "picture" and spot["page"] == page
        if fits.get(str(spot["number"]), {}).get("top")
    ]
    return max(opening, default=TOP_MM)


def _around(picture: Mapping[str, Any], start: Mapping[str, Any], end: Mapping[str, Any]) -> bool:
    """Whether a table that a page could hold begins before the map that it belongs to."""
    short = start["height"] <= BOTTOM_MM - TOP_MM - CAPTION_MM
    return short and bool(start["page"] < picture["page"] == end["page"])


def _nearly(fit: Fit) -> bool:
    """Whether the rows would have to be the narrowest: a smaller picture above them is better."""
    return fit.get("inset") == SQUEEZED_PT[-1]


def _broken(
    start: Mapping[str, Any], end: Mapping[str, Any], fit: Fit, top: float
) -> tuple[str, Fit] | None:
    """Say how a table that goes over the end of a page is to be set: narrower rows or whole."""
    if end["page"] == start["page"] or not fit.keys().isdisjoint(("whole", "wide", "later")):
        return None
    rest, number = end["y"] - top, str(start["number"])
    inset_pt = fit.get("inset", start.get("inset", SQUEEZED_PT[0] + 1))
    narrower = [inset for inset in SQUEEZED_PT if inset < inset_pt]
    if rest <= REST_MM and end["page"] == start["page"] + 1 and narrower:
        return number, {"inset": narrower[0]}
    short = start["height"] <= BOTTOM_MM - TOP_MM - CAPTION_MM
    room = BOTTOM_MM - start["y"]
    if room <= SPLIT_MM:
        return number, {"whole" if short else "later": True}
    return (number, {"wide": True}) if "inset" in fit else None  # narrow rows were in vain


def compiled(file: Path, options: Mapping[str, Any]) -> bytes:
    """Compile a file again and again until its pictures stand well, one after another."""
    import typst  # noqa: PLC0415 - only the process of its own needs it

    fits: dict[str, Fit] = {}
    for last in (*[False] * MOST_PASSES, True):
        (file.parent / "fits.json").write_text(json.dumps(fits), encoding="utf-8")
        compiler = typst.Compiler(str(file), ignore_system_fonts=True, **options)
        spots = json.loads(compiler.query("<spot>", field="value"))
        better = columns_fit(spots, fits) or next_fit(spots, fits)
        if better is None or last:
            break
        fits[better[0]] = better[1]
    made: bytes = compiler.compile(format="pdf", pdf_standards=STANDARD)  # type: ignore[assignment]
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(compiled(Path(sys.argv[1]), json.loads(sys.argv[2])))
