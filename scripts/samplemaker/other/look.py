"""How a page of another form looks: paper, faces, sizes, rulings, alignments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import faces
from ..faces import Face
from ..style import A4

BODIES = (
    faces.SERIF, faces.UMING, faces.SUNGTI, faces.SANS, faces.SANS_MEDIUM, faces.ZENHEI, faces.MICROHEI, faces.UKAI,
    faces.KAITIM,
)  # fmt: skip
HEADS = (faces.SANS_BOLD, faces.SERIF_BOLD, faces.ZENHEI)
DIGITS = (None, None, faces.LIB_SERIF, faces.LIB_SERIF, faces.LIB_SANS, faces.LIB_MONO)


@dataclass(frozen=True)
class Look:
    """Lengths in points. page: width and height; fed: quarter turns (degrees) the sheet is fed in by; margins: left,
    top, right, bottom; head: face of header cells; pitch: line pitch in ems; sides: whether outer upright rulings are
    drawn; repeat: whether header rows come again after a page break."""

    page: tuple[float, float]
    fed: int
    margins: tuple[float, float, float, float]
    body: Face
    head: Face
    title: Face
    digits: Face | None
    size: float
    pad: float
    above: float
    pitch: float
    rule: float
    frame: float
    sides: bool
    numbers: str
    labels: str
    repeat: bool
    text_size: float


def choose(wide: bool, rng: np.random.Generator) -> Look:
    """One office's habits; wide: on a landscape page."""
    body = BODIES[int(rng.integers(len(BODIES)))]
    rule = float(rng.choice([0.4, 0.5, 0.5, 0.75]))
    margin = rng.uniform(38.0, 80.0, 4)
    return Look(
        page=(A4[1], A4[0]) if wide else A4,
        fed=int(rng.choice([0, 90, 270], p=[0.5, 0.3, 0.2])) if wide else 0,
        margins=(float(margin[0]), float(margin[1]), float(margin[2]), float(margin[3])),
        body=body,
        head=HEADS[int(rng.integers(len(HEADS)))] if rng.random() < 0.35 else body,
        title=HEADS[int(rng.integers(len(HEADS)))],
        digits=DIGITS[int(rng.integers(len(DIGITS)))],
        size=float(rng.choice([7.0, 7.5, 8.0, 9.0, 9.0, 10.0, 10.5, 10.5, 12.0])),
        pad=float(rng.uniform(1.5, 4.5)),
        above=float(rng.uniform(0.8, 6.0)),
        pitch=float(rng.uniform(1.12, 1.4)),
        rule=rule,
        frame=float(rng.choice([rule, rule, 1.5, 2.25])),
        sides=bool(rng.random() < 0.85),
        numbers=str(rng.choice(["right", "right", "center"])),
        labels=str(rng.choice(["left", "left", "center"])),
        repeat=bool(rng.random() < 0.7),
        text_size=float(rng.choice([10.5, 12.0, 14.0])),
    )
