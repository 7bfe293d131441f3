from dataclasses import replace

import cv2
import numpy as np
from export_samples import HEIGHT, WIDTH, full_document, spans_table, two_page_table

from ocr_pipeline.document import Flag
from ocr_pipeline.export.overlay import BLUE, GREEN, MAGENTA, ORANGE, RED, overlay_page


def near(image, point, colour, reach=2):
    x, y = (round(v) for v in point)
    patch = image[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].reshape(-1, 3).astype(int)
    return bool((np.abs(patch - colour).sum(axis=1) < 30).any())


def middle(box):
    return box.x0, (box.y0 + box.y1) / 2


def test_shapes_have_their_colours_and_the_original_stays():
    document = full_document()
    page, table = document.pages[0], spans_table()
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    drawn = overlay_page(image, page, [table])
    assert (image == 255).all() and drawn.shape == image.shape and drawn.dtype == np.uint8
    flagged = next(cell for cell in table.cells if cell.flags)
    assert near(drawn, middle(page.blocks[0].box), BLUE) and near(drawn, middle(page.seals[0].box), MAGENTA)
    assert near(drawn, middle(table.cells[0].box), GREEN) and near(drawn, middle(flagged.box), ORANGE)


def test_alarming_flags_are_red():
    table = spans_table()
    broken = replace(table.cells[-1], flags=(Flag.RULE_BROKEN,))
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    drawn = overlay_page(image, full_document().pages[1], [])
    assert (drawn != 255).any()  # its one block
    drawn = overlay_page(image, full_document().pages[0], [replace(table, cells=(broken,))])
    assert near(drawn, middle(broken.box), RED)
    inside = drawn[int(broken.box.centre[1]), int(broken.box.centre[0])]
    assert inside[2] > inside[0] > 180  # tinted, and still light


def test_only_the_parts_on_the_page_are_drawn():
    table = two_page_table()
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    drawn = overlay_page(image, replace(full_document().pages[1], blocks=()), [table])
    continued = table.cells[2].continued[0]
    assert near(drawn, middle(continued.box), GREEN)
    assert (drawn[1190:] == 255).all()


def test_places_are_counted_from_one_as_people_do(monkeypatch):
    written, put = [], cv2.putText
    monkeypatch.setattr(cv2, "putText", lambda image, text, *rest: written.append(text) or put(image, text, *rest))
    overlay_page(np.full((HEIGHT, WIDTH, 3), 255, np.uint8), full_document().pages[0], [spans_table()])
    assert written == [f"{cell.row + 1},{cell.col + 1}" for cell in spans_table().cells]
