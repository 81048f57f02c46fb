"""How tables of a PDF are fitted to its pages, from where they stand."""

from kpss_geo.export.fitting import SQUEEZED_PT, next_fit


def _spots(*, rest: float, start: float = 180.0, height: float = 100.0):
    return [
        {"edge": "table", "number": 5, "page": 1, "y": start, "height": height},
        {"edge": "end", "number": 5, "page": 2, "y": 25.0 + rest, "height": 0},
    ]


def test_a_short_rest_narrows_the_rows_a_little_at_a_time_and_not_in_vain():
    fits, tried = {}, []
    while (better := next_fit(_spots(rest=15.0), fits)) is not None:
        fits[better[0]] = better[1]
        tried.append(better[1])
    assert [fit["inset"] for fit in tried[:-1]] == list(SQUEEZED_PT)
    assert tried[-1] == {"wide": True}


def test_rows_are_not_made_the_narrowest_while_the_picture_above_may_be_smaller():
    picture = {"edge": "picture", "number": 4, "page": 1, "y": 60.0, "height": 100.0}
    spots = [picture, *_spots(rest=15.0)]
    number, fit = next_fit(spots, {"5": {"inset": SQUEEZED_PT[-2]}})
    assert number == "4"
    assert fit["scale"] < 1
    assert next_fit(spots, {"4": fit, "5": {"inset": SQUEEZED_PT[-2]}})[0] == "5"


def test_below_a_picture_that_opens_the_page_the_rest_is_measured_from_it():
    picture = {"edge": "picture", "number": 4, "page": 2, "y": 25.0, "height": 100.0}
    spots = [picture, *_spots(rest=130.0, start=150.0, height=130.0)]
    assert next_fit(spots, {"4": {"top": True}}) == ("5", {"inset": SQUEEZED_PT[0]})
    assert next_fit(spots, {"4": {"scale": 0.9}}) is None


def test_a_table_is_moved_whole_only_from_the_very_end_of_a_page():
    assert next_fit(_spots(rest=60.0, start=250.0), {}) == ("5", {"whole": True})
    assert next_fit(_spots(rest=60.0, start=230.0), {}) is None


def test_a_table_longer_than_a_page_begins_on_the_next_one_rather_than_with_one_row():
    spots = _spots(rest=60.0, start=250.0, height=300.0)
    assert next_fit(spots, {}) == ("5", {"later": True})
    assert next_fit(spots, {"5": {"later": True}}) is None


def test_a_table_does_not_begin_before_the_map_it_belongs_to():
    picture = {"edge": "picture", "number": 4, "page": 2, "y": 25.0, "height": 100.0}
    spots = [picture, *_spots(rest=160.0, start=180.0, height=130.0)]
    assert next_fit(spots, {"4": {"top": True}}) == ("5", {"whole": True})
    assert next_fit(spots, {"4": {"top": True}, "5": {"whole": True}}) is None
    longer = [picture, *_spots(rest=160.0, start=180.0, height=300.0)]
    assert next_fit(longer, {"4": {"top": True}}) is None
