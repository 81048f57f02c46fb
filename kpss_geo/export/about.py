"""What every output for other programs says of itself: question, data, program."""

from typing import Any

import kpss_geo
from kpss_geo.export import listing
from kpss_geo.export.bundle import Bundle, question_lines


def made_from(bundle: Bundle) -> dict[str, Any]:
    """Give the question, what it does not say, sources, data digest and version.

    The same Question and data give the same output again.
    """
    return {
        "program": "kpss-geo",
        "version": kpss_geo.__version__,
        "data_digest": bundle.question.data_digest,
        "served_digest": bundle.question.said_digest,
        "question": dict(question_lines(bundle)),
        "notes": listing.notes(bundle),
        "sources": listing.sources(bundle),
    }
