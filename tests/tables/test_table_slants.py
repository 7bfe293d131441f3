"""Header cells parted by a slanting rule: the rule goes, the labels on both sides stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.tables.slants import without_slant

EM = 25.0


@pytest.mark.parametrize("rising", [False, True])
@pytest.mark.parametrize("worn", [False, True])
def test_the_rule_goes_and_the_labels_stay(rising: bool, worn: bool) -> None:
    gray = np.full((110, 220), 250, np.uint8)
    ends = ((0, 109), (219, 0)) if rising else ((0, 0), (219, 109))
    cv2.line(gray, *ends, 30, 2)
    if worn:
        gray[:, 60:66] = 250
    spots = [(20, 20), (150, 70)] if rising else [(150, 15), (15, 75)]
    for x, y in spots:
        gray[y : y + 20, x : x + 45] = 30
    ink = np.where(gray < 128, 255, 0).astype(np.uint8)
    cleaned, rest = without_slant(gray, ink, EM, ReadingSettings())
    kept = np.zeros_like(ink)
    for x, y in spots:
        kept[y : y + 20, x : x + 45] = 255
    assert np.count_nonzero(rest & ~kept) < 20
    assert np.count_nonzero(rest & kept) > 0.97 * np.count_nonzero(kept)
    assert np.count_nonzero(cleaned[kept == 0] < 128) < 20


def test_print_alone_is_left_as_it_is() -> None:
    gray = np.full((110, 220), 250, np.uint8)
    for row in range(3):
        gray[10 + 32 * row : 33 + 32 * row, 10:200] = 40
    ink = np.where(gray < 128, 255, 0).astype(np.uint8)
    assert without_slant(gray, ink, EM, ReadingSettings())[1] is ink
    small = ink[:30, :30]
    assert without_slant(gray[:30, :30], small, EM, ReadingSettings())[1] is small
