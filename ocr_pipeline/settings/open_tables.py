"""How tables without a full grid are found."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


@dataclass(frozen=True)
class OpenTableSettings:
    """How tables without a full grid are found. `em` is the height of their own print."""

    word_gap_em: float = 1.25
    """A wider blank parts words: a full stop and a bracket leave less between them."""
    least_word_em: float = 0.4
    """A word is wider or higher than this: digits and dashes are, dust is not."""
    tall_em: float = 1.4
    """A detected line higher than this holds several."""
    grain_em2: float = 0.005
    """Parts of ink smaller than this (in square ems) are no points of an ellipsis: these have 0.008,"""
    least_ink_em2: float = 0.02
    """and what has less ink than this is no digit, nor a dash."""
    letter_gap_em: float = 0.35
    """Ink this near on a line is one word, where no line was detected."""
    bar_length_em: float = 8.0
    """A bar that rules off a table is at least this long,"""
    bar_solid: float = 0.5
    """and this share of it is ruled, worn as it may be."""
    bar_in_print: float = 0.4
    """With this share of it inside words it is a row of their strokes."""
    bar_gap_em: float = 2.5
    """Pieces of one bar are no further apart than this,"""
    bar_line_em: float = 0.3
    """nor further across."""
    upright_gap_em: float = 1.5
    """Upright pieces may leave a row of print between them, no title."""
    worn_piece_em: float = 3.0
    """Pieces as long as this are one bar"""
    worn_gap_em: float = 10.0
    """even across so wide a stretch that is worn away, if they lie in one line."""
    bar_ends_em: float = 2.0
    """Bars of one table begin and end alike within this: worn ends, and no more."""
    upright_em: float = 3.5
    """An upright ruling between columns is at least two rows high."""
    label_em: float = 6.0
    """A label over a blank belongs to a column without one no further away than this."""
    label_near_em: float = 0.6
    """A piece of a label nearer to a column than this is that column's;"""
    least_label_em: float = 0.9
    """and one narrower than this is no column's own label."""
    character_em: float = 1.25
    """A word no larger than this is a single character,"""
    least_character_em: float = 0.6
    """and one no smaller than this, if it is about as wide as high;"""
    spread_em: float = 5.0
    """characters of one label are spread no wider than this,"""
    most_characters: int = 6
    """and so many at most:"""
    filled_em: float = 0.5
    """one label, where another word begins and ends at the same places within this;"""
    spread_alike_em: float = 0.6
    """else where they are spread evenly within this;"""
    spread_apart: float = 0.34
    """with words side by side below in more than this share of the lines they are labels of their own."""
    bridge_em: float = 8.0
    """A word no longer than this that stands across the blank between two characters shows that they are in one column;
    longer ones may be titles over several."""
    header_lines: int = 6
    """A header has at most so many printed lines."""
    row_gap_em: float = 2.2
    """A wider blank ends a table without a bar at its foot."""
    title_gap: float = 1.6
    """A single line so many times as far below the last row as rows usually are is a title or a note."""
    prose_em: float = 18.0
    """A line of words without blanks as long as this is running text."""
    gutter_em: float = 0.15
    """A blank between columns is at least this wide, if no word of any line reaches into it."""
    torn_em: float = 0.25
    """Where two words of neighbouring columns were seen as one, there is a blank as wide as this between them."""
    torn_wide_em: float = 0.95
    """Without a label to tell, one as wide as this (、 and ） leave 0.75 behind them)"""
    torn_share: float = 0.6
    """in more than this share of the lines"""
    torn_lines: int = 4
    """of so many at least."""
    narrow_gutter_em: float = 0.5
    """A boundary in a blank narrower than this is in doubt."""
    crossing_cost: int = 3
    """A word that runs across a blank weighs as much as so many lines that have the blank."""
    crossing_lines: float = 0.25
    """At least this share of the lines has words on both sides of a blank that some words cross."""
    wrap_share: float = 0.62
    """Lines closer than this share of the usual blank between rows are one wrapped label,"""
    wrap_closest: float = 0.8
    """and than this share of the narrow ones,"""
    wrap_em: float = 0.75
    """if closer than this,"""
    wrap_sure_em: float = 0.34
    """and where nothing shows the usual blank, closer than this: the line spacing of word processors leaves less."""
    level_em: float = 0.47
    """A label at least this far above another stands over it: the lines of one label are closer."""
    least_rows: int = 2
    """Lines with words side by side that make a table where rulings speak for it;"""
    aligned_rows: int = 4
    """and where none does."""
    small_print: float = 0.75
    """A table's print lower than this share of the page's is measured by itself."""
    split_height_em: float = 3.2
    """A row of a ruled table as high as this may hold several that no ruling parts,"""
    split_rows: int = 3
    """at least so many,"""
    split_level: float = 0.8
    """where this share of the numbers in its columns stand side by side."""
    number_share: float = 0.6
    """A column with at least this share of numbers is one of numbers."""
    square: float = 0.78
    """A line at least so much as wide as high, and as high as wide, is a Chinese character: figures measure 0.5 to 0.7,
    two of them 1.3 and more."""
    prose_fill: float = 0.8
    """Lines of running text fill their column by this share in the middle,"""
    prose_width_em: float = 9.0
    """in columns at least this wide."""

    def __post_init__(self) -> None:
        require(0 < self.gutter_em <= self.narrow_gutter_em, "gutter_em must be at most narrow_gutter_em")
        require(all(0 < s <= 1 for s in (self.bar_solid, self.number_share, self.square)), "shares must be 0 to 1")
        require(2 <= self.least_rows <= self.aligned_rows, "least_rows must be 2 to aligned_rows")
