from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from ocr_pipeline.assemble.seal_doubts import is_cut_off, is_doubted, lacks_number
from ocr_pipeline.assemble.seals import page_seals, seal_text
from ocr_pipeline.document import Document, Flag, Page, PageStatus, Seal
from ocr_pipeline.geometry import Box, PageTransform, Quad
from ocr_pipeline.reports.review import build_review
from ocr_pipeline.seals.cut import CLOSE, FOOT_LINE
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import Crop, CropAddress, CropKind, PageAnalysis, RawReading, SealRegion

SETTINGS = SealTextSettings()
OFFICE = "某县人民政府"


def read(text: str, *less: float, score: float = 0.99) -> RawReading:
    """A reading with so sure characters, the first ones less so."""
    scores = (*less, *(score,) * (len(text) - len(less)))
    return RawReading(text, sum(scores) / max(1, len(scores)), scores)


def at(line: int, attempt: int = 0) -> CropAddress:
    return CropAddress(0, CropKind.SEAL, -1, 0, line, attempt)


@pytest.mark.parametrize(
    ("readings", "doubted"),
    [
        ([read(OFFICE), read(OFFICE)], False),
        ([read(OFFICE), read("某县人民政")], False),
        ([read(OFFICE), read("某县人民政"), read("县人民政府")], True),
        ([read(OFFICE, 0.6), read(OFFICE, 0.7)], True),
        ([read(f"{OFFICE}。"), read(f" {OFFICE}")], False),
    ],
)
def test_a_piece_is_doubted_by_its_characters_and_its_other_readings(
    readings: list[RawReading], *, doubted: bool
) -> None:
    assert is_doubted(readings[0], readings, SETTINGS) == doubted


def test_an_uncertain_stop_is_no_doubt() -> None:
    reading = RawReading("CO., LTD.", 0.9, (0.99, 0.99, 0.5, 0.6, 0.3, 0.99, 0.99, 0.99, 0.4))
    assert not is_doubted(reading, [reading], SETTINGS)


def test_a_number_that_stands_at_the_foot_is_missed() -> None:
    assert lacks_number(OFFICE, {"6957940741205", "69579407A1205"})
    assert not lacks_number(OFFICE + "6957940741205", {"6957940741205", "69579407A1205"})
    assert not lacks_number(OFFICE, {"EaskeRec1kd", ""})

    foot = {at(0): read(OFFICE), at(FOOT_LINE): read("6957940741205"), at(FOOT_LINE, CLOSE): read("6957940741208")}
    assert seal_text(foot, SETTINGS).text == OFFICE and seal_text(foot, SETTINGS).doubted
    assert not seal_text({at(0): read(OFFICE)}, SETTINGS).doubted


@pytest.mark.parametrize(
    ("box", "cut"),
    [(Box(0, 40, 300, 340), True), (Box(40, 40, 340, 340), False), (Box(698, 40, 998, 340), True)],
)
def test_a_stamp_at_the_pages_edge_is_not_whole(box: Box, *, cut: bool) -> None:
    assert is_cut_off(box, (1000, 1400), SETTINGS) == cut


def test_a_lone_star_is_no_lettering() -> None:
    said = seal_text({at(0): read(OFFICE), at(35): read("★"), at(35, CLOSE): read("女")}, SETTINGS)
    assert said.text == OFFICE


def stamped(box: Box, *readings: RawReading) -> tuple[Seal, ...]:
    """The stamps of a page with one in a box, its ring read so."""
    region = SealRegion(Quad.of_box(box), "round", "red", 0.9, box)
    addresses = [at(0, CLOSE * way) for way in range(len(readings))]
    crops = tuple(Crop(address, np.full((9, 9), 255, np.uint8), box) for address in addresses)
    page = PageAnalysis(
        0, PageTransform.identity(1000, 1400), 150, False, 0, 1, 0, 25, False, (), (), (region,), crops
    )  # fmt: skip
    return page_seals(page, dict(zip(addresses, readings, strict=True)), SETTINGS)


def test_a_doubted_stamp_is_flagged_and_asked_about() -> None:
    sure = stamped(Box(40, 40, 340, 340), read(OFFICE), read(OFFICE))
    doubted = stamped(
        Box(40, 40, 340, 340), read(OFFICE), read("某县人民证存", score=0.95), read("某具人民政府", score=0.9)
    )
    cut = stamped(Box(0, 40, 300, 340), read(OFFICE), read(OFFICE))
    assert [seals[0].flags for seals in (sure, doubted, cut)] == [(), (Flag.LOW_SCORE,), (Flag.LOW_SCORE,)]

    pages = [Page(i, 1000, 1400, 150, 0, 0, PageStatus.OK, (), seals) for i, seals in enumerate((sure, doubted, cut))]
    asked = build_review(cast(Document, SimpleNamespace(tables=(), pages=tuple(pages))))
    assert [(item.kind, item.page, item.text) for item in asked] == [("seal", 1, OFFICE), ("seal", 2, OFFICE)]
    assert all("doubt" in item.reason and item.flags == (Flag.LOW_SCORE,) for item in asked)
