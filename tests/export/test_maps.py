"""Print maps: opened with Pillow and an XML parser, and measured."""

import io
import itertools
import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.text import Text
from PIL import Image
from pyproj import Proj

from kpss_geo import figures, furniture, labels, map_panel, maps, paper
from kpss_geo.errors import CannotWrite
from kpss_geo.export import print_maps, whole
from kpss_geo.schema import to_degrees, to_metric
from kpss_geo.text import Words

CS = Words("cs")


def _answer(bundle, code):
    return next(a for a in bundle.answers if a.service_type.code == code)


def _one_line(text):
    return text.get_text().replace("\n", " ")


def test_a_sheet_is_a4_at_300_dpi_and_says_what_it_is(bundled):
    bundle = bundled("sluknovsko")
    png, svg = print_maps.map_files(bundle, _answer(bundle, "13"))
    image = Image.open(io.BytesIO(png))
    assert image.size == (round(297 / 25.4 * 300), round(210 / 25.4 * 300))
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert "Šluknovsko" in image.info["Title"]
    assert bundle.question.data_digest in image.info["Description"]
    root = ET.fromstring(svg)  # noqa: S314 - made by ourselves
    assert root.attrib["width"].startswith("841.9")
    assert bundle.question.data_digest in svg.decode()


def test_a_sheet_of_a3_is_larger_and_its_letters_too(bundled, tmp_path):
    bundle = bundled("kaplice")
    one = replace(bundle, answers=(_answer(bundle, "13"),))
    both = {size: print_maps.write_maps(one, tmp_path, size=size)[0] for size in ("a4", "a3")}
    assert both["a3"].name == both["a4"].name.replace(".png", "-a3.png")
    assert Image.open(both["a3"]).size == (round(420 / 25.4 * 300), round(297 / 25.4 * 300))
    letters = {}
    for size, sheet in print_maps.SHEETS.items():
        figure = figures.verdict_map(one.answers[0], one.ground, CS, sheet=sheet)
        letters[size] = {text.get_text(): text.get_size() for text in figure.axes[0].texts}
    assert letters["a3"]["Kaplice"] > 1.2 * letters["a4"]["Kaplice"]


def test_colours_with_the_same_pattern_differ_in_grey_print():
    """Luminance by Pillow's own conversion; a pattern or its lack tells the others apart."""
    drawn = {}
    for key, colour in figures.FILLS.items():
        pattern = figures.HATCHES.get(key.removesuffix("-partly"), ("",))[0]
        drawn.setdefault(pattern, []).append(
            Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
        )
    assert len(drawn) == 5
    assert figures.HATCHES[maps.NOBODY][0]  # plain white is what the data do not hold
    for greys in drawn.values():
        ordered = sorted(greys)
        assert all(b - a > 20 for a, b in itertools.pairwise(ordered))


def test_the_legend_shows_only_signs_that_are_on_the_map(bundled):
    """The homes with a special regime nearest to Šluknovsko lie beyond the edge of its map."""
    bundle = bundled("sluknovsko")
    for code, expected in (("14", False), ("13", True)):
        figure = figures.verdict_map(_answer(bundle, code), bundle.ground, CS)
        named = {text.get_text() for text in figure.legends[0].get_texts()}
        assert ("pobytové místo" in named) is expected


def test_no_name_lies_over_the_scale_or_the_arrow(bundled):
    for territory in ("sluknovsko", "luhacovice", "kaplice", "tanvaldsko"):
        ground = bundled(territory).ground
        figure = figures.location_map(ground, CS)
        axes = figure.axes[0]
        bar = furniture.scale_bar(axes)
        arrow = furniture.north_arrow(axes)
        renderer = figure.canvas.get_renderer()
        for text in axes.texts:
            if _one_line(text) in set(ground.names):
                box = text.get_window_extent(renderer)
                assert not box.overlaps(bar)
                assert not box.overlaps(arrow)


def test_the_same_bundle_gives_the_same_map(bundled):
    bundle = bundled("sluknovsko")
    answer = _answer(bundle, "29")
    assert print_maps.map_files(bundle, answer) == print_maps.map_files(bundle, answer)


@pytest.mark.parametrize("code", ["13", "29"])
def test_each_obec_has_the_colour_of_its_verdict(bundled, code):
    """The colour most frequent inside an obec, read from the drawn pixels."""
    bundle = bundled("sluknovsko")
    answer = _answer(bundle, code)
    nameless = figures.Ground(
        bundle.ground.areas, bundle.ground.around, bundle.ground.names.iloc[:0], real=False
    )
    figure = figures.verdict_map(answer, nameless, CS)
    pixels = np.asarray(Image.open(io.BytesIO(paper.to_png(figure, dpi=100))).convert("RGB"))
    figure.set_dpi(100)
    axes = figure.axes[0]
    for obec, area in bundle.ground.areas.items():
        west, south, east, north = area.buffer(-300).bounds
        grid = np.stack(np.meshgrid(np.linspace(west, east, 60), np.linspace(south, north, 60)), -1)
        points = grid.reshape(-1, 2)
        inside = area.buffer(-300)
        held = points[shapely.contains_xy(inside, points)]
        x, y = axes.transData.transform(held).T
        seen = pixels[(pixels.shape[0] - y).astype(int), x.astype(int)]
        colours, counts = np.unique(seen, axis=0, return_counts=True)
        most = "#" + "".join(f"{v:02x}" for v in colours[counts.argmax()])
        row = answer.obce.loc[obec].to_dict()
        assert most == figures.FILLS[maps.fill_of(row)], obec


@pytest.mark.parametrize("territory", ["sluknovsko", "luhacovice", "kaplice", "tanvaldsko"])
def test_every_obec_has_its_name_and_none_lies_over_another(bundled, territory):
    bundle = bundled(territory)
    for sheet in (paper.A4, paper.IN_TEXT):
        figure = figures.verdict_map(bundle.answers[0], bundle.ground, CS, sheet=sheet)
        texts = {_one_line(text): text for text in figure.axes[0].texts}
        names = list(bundle.ground.names)
        assert set(names) <= set(texts)
        renderer = figure.canvas.get_renderer()
        boxes = [texts[name].get_window_extent(renderer) for name in names]
        for number, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[number + 1 :])


@pytest.mark.parametrize("territory", ["sluknovsko", "luhacovice", "kaplice", "tanvaldsko"])
@pytest.mark.parametrize("code", ["13", "14", "4", "46", "1"])
def test_no_name_lies_over_the_sign_of_a_place(bundled, territory, code):
    bundle = bundled(territory)
    answer = next((a for a in bundle.answers if a.service_type.code == code), bundle.answers[0])
    figure = figures.verdict_map(answer, bundle.ground, CS)
    axes, renderer = figure.axes[0], figure.canvas.get_renderer()
    seen = map_panel.in_view(answer, axes)
    signs = axes.transData.transform(seen[["x", "y"]].to_numpy(dtype=float))
    for text in axes.texts:
        if _one_line(text) in set(bundle.ground.names):
            assert text.get_window_extent(renderer).count_contains(signs) == 0, text.get_text()


def test_nearest_places_off_the_map_are_named_with_their_number(bundled):
    """Each nearest place is either drawn or counted in the line, by the coordinates alone."""
    bundle, said = bundled("sluknovsko"), 0
    for answer in bundle.answers:
        figure = figures.verdict_map(answer, bundle.ground, CS)
        (west, east), (south, north) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
        off = {
            (place["obec"], number)
            for number, place in map_panel.nearest(answer).iterrows()
            if not (west <= place["x"] <= east and south <= place["y"] <= north)
        }
        line = map_panel.off_words(answer, figure.axes[0], CS)
        said += bool(line)
        counted = re.findall(r"\((\d+)\)|další: (\d+)", line)
        assert sum(int(town or rest) for town, rest in counted) == len(off)
        shown = "".join(text.get_text() for text in figure.texts)
        assert ("mimo výřez" in shown) is bool(off)
    assert said


def test_signs_at_the_edge_are_drawn_whole_and_the_bar_covers_none(bundled):
    bundle = bundled("jihomoravsky")
    for answer in bundle.answers:
        figure = figures.verdict_map(answer, bundle.ground, CS)
        axes = figure.axes[0]
        assert all(not drawn.get_clip_on() for drawn in axes.collections[-2:])


def test_the_bar_goes_where_no_sign_is(bundled):
    axes = figures.location_map(bundled("kaplice").ground, CS).axes[0]
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    there = np.array([[west + 0.05 * (east - west), south + 0.03 * (north - south)]])
    usual, moved = furniture.scale_bar(axes), furniture.scale_bar(axes, avoid=there)
    pixels = axes.transData.transform(there)
    assert usual.count_contains(pixels) == 1
    assert moved.count_contains(pixels) == 0


def test_a_map_that_knows_nothing_says_so(bundled):
    bundle = bundled("kaplice")
    silent = [a for a in bundle.answers if a.totals["unknown"] == a.totals["people"]]
    known = [a for a in bundle.answers if a.totals["unknown"] < a.totals["people"]]
    assert silent
    assert known
    for answers, expected in ((silent, True), (known, False)):
        figure = figures.verdict_map(answers[0], bundle.ground, CS)
        said = " ".join(_one_line(text) for text in figure.axes[0].texts)
        assert ("V celém území není známo" in said) is expected


def test_the_legend_counts_obce_and_explains_what_lies_beside(bundled):
    bundle = bundled("kaplice")
    figure = figures.verdict_map(bundle.answers[0], bundle.ground, CS)
    rows = [_one_line(text) for text in figure.legends[0].get_texts()]
    counts = [int(n) for row in rows for n in re.findall(r"\((\d+)\xa0obe?c", row)]
    assert sum(counts) == len(bundle.ground.areas)
    assert any(row.startswith("okolí") for row in rows)


@pytest.mark.parametrize("sheet", [paper.A4, paper.A3, paper.IN_TEXT])
def test_no_letters_are_too_small_or_cut_off(bundled, sheet):
    bundle = bundled("jihomoravsky")
    longest = max(bundle.answers, key=lambda a: len(a.service_type.label))
    texts = print_maps.map_texts(bundle, longest)
    if sheet is paper.IN_TEXT:
        texts = print_maps.in_text(bundle)
    figure = figures.verdict_map(longest, bundle.ground, CS, sheet=sheet, texts=texts)
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible():
            assert text.get_size() >= 7
            box = text.get_window_extent(renderer)
            assert -0.5 <= box.x0 <= box.x1 <= figure.bbox.width + 0.5, text.get_text()
            assert -0.5 <= box.y0 <= box.y1 <= figure.bbox.height + 0.5, text.get_text()


def test_names_in_a_crowd_are_left_out_rather_than_written_over(bundled):
    ground = bundled("jihomoravsky").ground
    names = pd.Series(ground.areas.index, index=ground.areas.index)
    crowd = figures.Ground(ground.areas, ground.around, names, real=False)
    figure = figures.location_map(crowd, CS)
    taken = labels.write(figure.axes[0], crowd.areas, names, avoid=np.empty((0, 2)))
    assert 10 < len(taken) < len(names)


def test_a_region_names_the_seats_of_its_orp(bundled):
    bundle = bundled("jihomoravsky")
    assert set(bundle.ground.names) == set(bundle.obce["orp_name"])
    assert print_maps.map_files(bundle, bundle.answers[0])[0][:4] == b"\x89PNG"


@pytest.mark.parametrize("point", [(-720_000, -940_000), (-480_000, -1_130_000)])
def test_north_is_where_the_meridian_runs(point):
    lon, lat = to_degrees(np.array([point[0]]), np.array([point[1]]))
    convergence = Proj(5514).get_factors(lon[0], lat[0]).meridian_convergence
    x, y = furniture.true_north(*point)
    leaning = math.degrees(math.atan2(x, y))
    assert abs(leaning) == pytest.approx(abs(convergence), abs=0.05)
    # The same meridian ten kilometres farther north by the ellipsoid: no sign left to doubt.
    east, _north = to_metric(lon, lat + 0.09)
    assert (x > 0) == (east[0] - point[0] > 0)
    assert y > 0


def test_cells_are_said_to_be_schematic(bundled):
    ground = bundled("kaplice").ground
    assert not ground.real
    figure = figures.verdict_map(bundled("kaplice").answers[0], ground, CS)
    assert any("chematické hranice" in text.get_text() for text in figure.texts)


def test_one_obec_without_services(one_obec):
    png, svg = print_maps.map_files(one_obec, one_obec.answers[0])
    assert Image.open(io.BytesIO(png)).size[0] == 3508
    ET.fromstring(svg)  # noqa: S314


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path: Path):
    path = tmp_path / "mapa.png"
    whole.write(path, b"old")

    def full(half: Path) -> None:
        half.write_bytes(b"ne")
        raise OSError(28, "No space left on device")

    with pytest.raises(CannotWrite, match="no room left"):
        whole.make(path, full)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path):
    (tmp_path / "mapy").write_text("a file")
    with pytest.raises(CannotWrite, match="map.png"):
        whole.write(tmp_path / "mapy" / "map.png", b"x")
