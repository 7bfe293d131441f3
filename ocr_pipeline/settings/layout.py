"""How running text and figures are found."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


@dataclass(frozen=True)
class FigureSettings:
    """What is a picture on the page. `em` is the height of the print."""

    darkest_paper: int = 190
    """Gray level below which a tone is no paper, once the light is evened out."""
    grain_em: float = 0.15
    """Ink is looked at by squares of this side: dots of a halftone hang together there, lines of print stand further
    apart."""
    least_em: float = 5.0
    """A picture is at least this wide and high: three lines of print; signatures and initials are smaller."""
    edge_em: float = 1.5
    """A strip that lies this near to the page's edge is the sheet's edge, its shadow or the scanner's lid;"""
    touch_em: float = 0.5
    """so is whatever reaches it within this."""
    strip: float = 3.0
    """A strip is more than so many times as long as wide."""
    least_ink: float = 0.02
    """A picture's ink without rulings covers this share of its box at least: a thin curve in a chart does."""
    least_free: float = 0.3
    """Of its ink this share is no ruling: a frame around print has none."""
    least_extent: float = 0.6
    """What is no ruling reaches over this share of the box both ways."""
    most_text: float = 0.4
    """With more of its box covered by lines of text it is text that ran together."""

    def __post_init__(self) -> None:
        require(0 < self.darkest_paper < 255, "darkest_paper must be between 0 and 255")
        require(0 < self.grain_em < self.least_em, "0 < grain_em < least_em must hold")
        shares = (self.least_ink, self.least_free, self.least_extent, self.most_text)
        require(all(0 < share <= 1 for share in shares), "the shares of a picture must be above 0, at most 1")


@dataclass(frozen=True)
class LayoutSettings:
    """How read lines become blocks. `em` is the size of the print: the width of a Chinese character."""

    row_overlap: float = 0.5
    """Boxes that share this part of the lower one's height stand in one row."""
    band_overlap: float = 0.3
    """Boxes of neighbouring rows may overlap by this (em): detectors draw them a little large."""
    gutter: float = 1.0
    """White between two columns (em); Chinese print leaves two, the boxes eat some of it."""
    column_width: float = 8.0
    """A column of running text is at least this wide (em); labels and values of forms are narrower."""
    column_rows: float = 3.0
    """A column is at least this high (em): two lines side by side are options or signatures."""
    fragment_gap: float = 3.0
    """Pieces of a row further apart than this (em) are things of their own."""
    indent: float = 1.2
    """A line that starts this far in (em) starts a paragraph; the usual indent is 2, boxes are off by half."""
    short_line: float = 1.6
    """A line that ends this far before the margin (em), and could have taken the next word, ends a paragraph."""
    size_ratio: float = 1.33
    """Heights of print that differ by more belong to different blocks; 16 and 22 point differ by 1.38."""
    title_ratio: float = 1.15
    """Print this much larger than the usual is a title's."""
    pitch_ratio: float = 1.6
    """A line further down than this many usual line distances starts a block."""
    centre: float = 1.2
    """A line is centred when its two side gaps differ by less than this (em) and hold `centre_gap` each."""
    centre_gap: float = 3.0
    """Wider than the usual indent of 2 em, which a short paragraph could show on both sides by chance."""
    beside_table: float = 2.5
    """A title or note stands at most this far from its table (em)."""
    edge: float = 0.12
    """Page numbers and running heads stand within this part of the page's height from its edge."""
    repeat_likeness: float = 0.85
    """Texts at one place of several pages that agree this much (numbers aside) are running heads."""
    heading_length: int = 45
    """Characters a heading has at most."""
    signature_length: int = 40
    """Characters the name of an office has at most."""

    def __post_init__(self) -> None:
        require(0 < self.row_overlap <= 1, "row_overlap must be above 0, at most 1")
        require(self.size_ratio > 1 and self.title_ratio > 1, "ratios of print sizes must be above 1")
        require(self.pitch_ratio > 1, "pitch_ratio must be above 1")
        require(0 < self.edge < 0.5, "edge must be between 0 and 0.5")
        require(0 < self.repeat_likeness <= 1, "repeat_likeness must be above 0, at most 1")
        require(min(self.gutter, self.indent, self.short_line, self.centre) > 0, "lengths must be positive")
