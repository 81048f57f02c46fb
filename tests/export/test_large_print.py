"""Pages of the catalogue, in large print and not: what stands where, read from the PDF itself."""

import io
from dataclasses import replace
from itertools import combinations

import docx
import numpy as np
import pypdfium2
import pytest

from kpss_geo.export import large_print, pdf, providers, word
from kpss_geo.export.blocks import Card, Heading

PAGE_PT = 842
HEAD_PT = 25 / 297 * PAGE_PT
FOOT_PT = 19 / 297 * PAGE_PT


@pytest.fixture(scope="module")
def document(bundled):
    return providers.catalogue(bundled("sluknovsko"))


@pytest.fixture(scope="module")
def large(document):
    return large_print.large(document)


@pytest.fixture(scope="module")
def opened(large):
    return pypdfium2.PdfDocument(pdf.to_pdf(large))


def _boxes(page):
    """Left, bottom, right and top of each piece of text of a page."""
    text = page.get_textpage()
    return [text.get_rect(n) for n in range(text.count_rects())]


def _text(page):
    return " ".join(page.get_textpage().get_text_bounded().split())


def test_no_page_of_large_print_is_mostly_empty(opened):
    lowest = [min(box[1] for box in _boxes(page) if box[1] > FOOT_PT) for page in opened]
    filled = np.array([(PAGE_PT - HEAD_PT - low) / (PAGE_PT - HEAD_PT - FOOT_PT) for low in lowest])
    assert filled[:-1].min() > 0.5
    assert filled.mean() > 0.8


def test_the_running_head_is_one_line_without_the_day(document, large, opened):
    assert "stav ke dni" in document.running
    assert "stav ke dni" not in large.running
    for page in list(opened)[:5]:
        heads = {round(box[1]) for box in _boxes(page) if box[1] > PAGE_PT - HEAD_PT}
        assert len(heads) == 1


def test_a_long_name_at_the_head_overlaps_nothing(large):
    name = "Dobrovolný svazek obcí Mikroregion Horní Vltava a okolí – katalog poskytovatelů"
    pages = list(pypdfium2.PdfDocument(pdf.to_pdf(replace(large, running=name))))[:4]
    for page in pages:
        boxes = _boxes(page)
        assert max(box[3] for box in boxes) < PAGE_PT - 10
        for one, other in combinations(boxes, 2):
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            assert min(wide, high) < 3


def test_an_entry_is_divided_only_after_who_where_and_how_to_call(large, opened):
    pages = [_text(page) for page in opened]
    cards = [block for block in large.blocks if isinstance(block, Card)]
    divided = 0
    for card in cards:
        kept = card.facts[: card.kept]
        assert not kept or (kept[-1][0] == "Telefon" and len(card.facts) - card.kept >= 3)
        title = f"{card.number}. {' '.join(card.title.split())}"
        page = next(n for n, text in enumerate(pages[2:], start=2) if title in text)
        phone = f"Telefon: {dict(card.facts)['Telefon']}".replace("\u00a0", " ")
        assert phone in pages[page]
        after = pages[page].split(title)[1].split(phone)[1]
        divided += "Pro koho" not in after
    assert divided > 3


def test_no_part_begins_a_page_for_itself(large):
    assert not any(block.new_page for block in large.blocks if isinstance(block, Heading))


def test_the_last_page_of_the_index_has_columns_alike(document):
    pages = list(pypdfium2.PdfDocument(pdf.to_pdf(document)))
    last = max(n for n, page in enumerate(pages) if "Zdroje dat" in _text(page)) - 1
    middle = pages[last].get_width() / 2
    boxes = [box for box in _boxes(pages[last]) if FOOT_PT < box[1] < PAGE_PT - 70]
    left, right = (
        min(box[1] for box in boxes if (box[0] > middle) == second) for second in (False, True)
    )
    assert abs(left - right) < PAGE_PT / 6


def test_in_word_further_lines_of_a_fact_stand_back(large):
    file = docx.Document(io.BytesIO(word.to_docx(large)))
    for name in ("KPSS Údaj", "KPSS Odkaz"):
        form = file.styles[name].paragraph_format
        assert form.left_indent == -form.first_line_indent > 0
