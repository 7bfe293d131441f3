"""How one filing looks: faces, sizes, spacing, rulings. Drawn at random from what offices use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from . import faces
from .faces import Face

BODY_FACES = (faces.SERIF, faces.UMING, faces.SUNGTI)
HEAD_FACES = (faces.SANS, faces.ZENHEI, faces.SANS_MEDIUM)
KAI_FACES = (faces.UKAI, faces.KAITIM)
DIGIT_FACES: tuple[Face | None, ...] = (None, faces.LIB_SERIF, faces.LIB_SANS)
A4 = (595.28, 841.89)
T = TypeVar("T")


@dataclass(frozen=True)
class Style:
    """All lengths in points. Margins: left, top, right, bottom of the text area."""

    body: Face
    head: Face
    kai: Face
    title: Face
    digits: Face | None
    table_digits: Face | None
    body_size: float
    title_size: float
    pitch: float
    margins: tuple[float, float, float, float]
    table_size: float
    small_size: float
    cell_pad: float
    min_row: tuple[float, float, float]
    rule: float
    frame: float
    header_mode: str
    split_merged: bool
    stub_center: bool
    page_number: str
    table_widen: float


def choose(rng: np.random.Generator) -> Style:
    """One office's habits."""

    def pick(options: tuple[T, ...]) -> T:
        return options[int(rng.integers(len(options)))]

    digits = pick(DIGIT_FACES)
    body_size = pick((14.0, 15.0, 16.0))
    rule = pick((0.5, 0.5, 0.75, 1.0))
    return Style(
        body=pick(BODY_FACES),
        head=pick(HEAD_FACES),
        kai=pick(KAI_FACES),
        title=pick((faces.SERIF_BOLD, faces.SANS_MEDIUM, faces.SERIF)),
        digits=digits,
        table_digits=pick((digits, *DIGIT_FACES)),
        body_size=body_size,
        title_size=pick((20.0, 22.0)),
        pitch=body_size * 1.75,
        margins=(float(rng.uniform(70, 82)), float(rng.uniform(80, 105)), float(rng.uniform(68, 76)), 92.0),
        table_size=pick((9.0, 10.0, 10.5)),
        small_size=pick((8.5, 9.0, 10.0)),
        cell_pad=pick((2.5, 3.5, 4.5)),
        min_row=(20.0, 18.0, 24.0),
        rule=rule,
        frame=pick((rule, rule, 1.5)),
        header_mode=pick(("natural", "pairs", "singles", "spaced")),
        split_merged=bool(rng.random() < 0.5),
        stub_center=bool(rng.random() < 0.4),
        page_number=pick(("outside", "center")),
        table_widen=pick((0.0, 8.0, 16.0)),
    )


def respaced(style: Style, rng: np.random.Generator) -> Style:
    """The same habits with other spacing, so that pages break elsewhere."""
    left, _, right, _ = style.margins
    size = float(rng.choice([13.0, 14.0, 15.0, 16.0]))
    moved = replace(
        style,
        margins=(left, float(rng.uniform(72, 106)), right, float(rng.uniform(76, 112))),
        body_size=size,
        pitch=size * float(rng.uniform(1.55, 2.05)),
    )
    return reheighted(moved, rng)


def reheighted(style: Style, rng: np.random.Generator) -> Style:
    """The same pages with other row heights in the tables."""
    heights = (float(rng.uniform(17, 32)), float(rng.uniform(15, 31)), float(rng.uniform(20, 36)))
    return replace(style, min_row=heights)
