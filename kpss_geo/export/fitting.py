"""Typst → PDF, with pictures that leave no half of a page empty; a script of its own process.

What is set is asked where its pictures stand. One that was pushed to the next page is made
a little smaller where that brings it back; else the text goes on and it opens the next page.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

LEAST_SCALE: Final = 0.82
"""Smaller than this part of its size no picture is made: its letters must be read."""
CAPTION_MM: Final = 15.0
"""Caption of a picture of up to three lines, and the space above and below it."""
BOTTOM_MM: Final = 297.0 - 20.0
WORTH_MM: Final = 20.0
"""Less than this may stay empty at the end of a page."""
STANDARD: Final = "ua-1"
Fit = dict[str, Any]


def next_fit(
    spots: Sequence[Mapping[str, Any]], fits: Mapping[str, Fit]
) -> tuple[str, Fit] | None:
    """Give the first picture that was pushed to another page, and how it is to be set.

    `spots` tell in order where the text before a picture ends (`before`) and where the
    picture stands: number, page, and y and height in mm. None where all stand well.

    >>> before = {"edge": "before", "number": 4, "page": 1, "y": 170.0, "height": 0}
    >>> picture = {"edge": "picture", "number": 5, "page": 2, "y": 25.0, "height": 100.0}
    >>> next_fit([before, picture], {})
    ('5', {'scale': 0.92, 'top': False})
    >>> next_fit([{**before, "y": 200.0}, picture], {})
    ('5', {'scale': 1, 'top': True})
    >>> next_fit([before, {**picture, "page": 1}], {}) is None
    True
    """
    ends = {spot["number"]: spot for spot in spots if spot["edge"] == "before"}
    for spot in spots:
        number, before = str(spot["number"]), ends.get(spot["number"] - 1)
        if spot["edge"] != "picture" or before is None or number in fits:
            continue
        room = BOTTOM_MM - before["y"]
        if spot["page"] != before["page"] and room >= WORTH_MM:
            scale = (room - CAPTION_MM) / spot["height"]
            small = LEAST_SCALE <= scale < 1
            return number, {"scale": round(scale, 3) if small else 1, "top": not small}
    return None


def compiled(file: Path, options: Mapping[str, Any]) -> bytes:
    """Compile a file again and again until its pictures stand well, one after another."""
    import typst  # noqa: PLC0415 - only the process of its own needs it

    fits: dict[str, Fit] = {}
    while True:
        (file.parent / "fits.json").write_text(json.dumps(fits), encoding="utf-8")
        compiler = typst.Compiler(str(file), ignore_system_fonts=True, **options)
        better = next_fit(json.loads(compiler.query("<spot>", field="value")), fits)
        if better is None:
            return bytes(compiler.compile(format="pdf", pdf_standards=STANDARD))
        fits[better[0]] = better[1]


if __name__ == "__main__":
    sys.stdout.buffer.write(compiled(Path(sys.argv[1]), json.loads(sys.argv[2])))
