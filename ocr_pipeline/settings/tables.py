"""How rulings become grids, and parts of tables whole ones."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


@dataclass(frozen=True)
class TableSettings:
    """How rulings become grids. `em` is the height of the print."""

    min_width_em: float = 5.0
    """A table is at least this wide;"""
    min_height_em: float = 1.1
    """and this high: one row of print. Strokes of large titles cross like rulings, but enclose less."""
    snap_em: float = 0.35
    """Rulings of one boundary lie within this of each other; the narrowest columns are over 1 em wide."""
    double_em: float = 0.5
    """The two lines of a double ruling are no further apart than this; no row is as low;"""
    double_widest_em: float = 0.85
    """or than this (print of such a row would not fit) where all but"""
    double_usual: float = 0.7
    """less than this share of the page's rulings have another beside them at the same distance;"""
    double_share: float = 0.5
    """and run beside each other over this share of their length, worn as they may be."""
    double_stroke: float = 0.2
    """Pieces shorter than this share of the longest beside them are none of two lines without them."""
    join_em: float = 0.7
    """A ruling's end this near to a crossing ruling meets it: corners wear off first."""
    bridge_em: float = 2.5
    """Pieces in one line with a gap up to this belong to one table."""
    free_length_em: float = 8.0
    """A ruling this long needs no crossing ruling to vouch for it."""
    open_em: float = 1.0
    """Rulings that run on beyond the outermost crossing ruling by this much leave an open side behind."""
    open_row: float = 0.9
    """A single one runs on for this share of a usual row at least."""
    open_share: float = 0.25
    """So many of the long ones run on: those of merged cells do not;"""
    open_framed: int = 3
    """where the table's first and last one do, so many are enough."""
    hanging_least: int = 3
    """So many short pieces that begin at one ruling and end alike part the columns of a row without a bottom."""
    level_least: int = 2
    """So many rulings that are tied to a table show where a ruling lies that is worn away beside them."""
    stack_row: float = 1.3
    """A row of one cell across a table with open sides is so many times as high as its other rows at most,"""
    stack_centre: float = 0.15
    """and its print stands in its middle within this share of it: a title stands nearer to its own table."""
    stack_frame: float = 0.3
    """Of a worn frame this share of such a row's height is left, both sides taken together."""
    stack_specks: float = 0.06
    """What is dark in a row of pixels is specks below this share of what the line's darkest row has."""
    follow_em: float = 0.08
    """A ruling's pixels lie within this of the boundary's curve."""
    corner_em: float = 0.15
    """Next to a corner the crossing ruling would count as evidence: this much is left aside."""
    strip_width_em: float = 12.0
    """A single ruled cell this wide"""
    strip_height_em: float = 4.0
    """and no higher than this can be the one row of a table that stands before or after a page break."""
    strip_outline: float = 0.82
    """So much of the top and bottom of a single row is ruled: the tops of a line of print make up to 0.8."""
    residue_share: float = 0.8
    """A piece with so much of its length along stamp ink is what the stamp left behind (its rim: 0.94 and more),"""
    residue_gap_em: float = 8.0
    """unless a ruling beside the stamp is in line with it this near: stamps hide no more of one."""
    straight_em: float = 10.0
    """Rulings as long as this are no side of a stamp;"""
    leaning_em: float = 3.0
    """shorter ones from this length on"""
    leaning: float = 0.035
    """that lean away from the long one next to them by so many pixels across per pixel along are no rulings of the
    table: stamps are set down two degrees off and more, bent paper leaves 0.01 from one ruling to the next."""
    dash_room_em: float = 0.9
    """A ruling worn to dashes leaves this room for print on both sides,"""
    dash_cover: float = 0.35
    """has ink over this share of a row of the table (a figure one covers 0.4, but reaches neither end),"""
    dash_traces: float = 0.2
    """(over this share at least in the row above or below),"""
    dash_end_em: float = 0.15
    """within this of the row's two ends as well,"""
    dash_beside: float = 0.08
    """stands free but for so much ink beside it (print: 0.2 to 0.3),"""
    dash_ink_em: float = 0.95
    """and has this much ink in rows where it does: no free stroke that reaches both ends of its row is as long."""
    line_em: float = 0.12
    """Pieces in one line lie within this of each other across it;"""
    chain_em: float = 5.0
    """and together with its neighbours a piece of a ruling is this long."""
    chain_gap_em: float = 4.0
    """Pieces of one worn ruling lie this near to each other;"""
    chain_alone_em: float = 1.0
    """a wider gap only where another ruling runs past it: a title between two tables needs 1.5;"""
    chain_share: float = 0.4
    """together they are this share of it;"""
    chain_piece_em: float = 3.0
    """one of them is as long as this;"""
    chain_stroke_em: float = 2.0
    """or as long as this where they run from ruling to ruling: the strokes of characters in one line are shorter;"""
    short_piece_em: float = 1.3
    """All are longer than this where none is as long as that: a stroke of print is one em at the most."""
    chain_lean: float = 0.015
    """and each may lie so many pixels further across per pixel of the gap, as bent paper makes them."""
    tied_free: float = 0.25
    """A line of pieces beyond a table belongs to it where of two rulings that run up to it so much is left at least;"""
    tied_height: float = 1.2
    """where it is no further away than so many times the usual height of a row, of one."""
    tied_most: int = 3
    """where it is so many they need not be dark next to both."""
    next_row: float = 0.2
    """Beyond a worn table there may be a row of one cell as high as its other rows within this share,"""
    next_length: float = 0.6
    """its ruling so much of the table's in length,"""
    worn_corners: float = 0.1
    """where so many of the corners in the two rulings are bare."""
    corridor_em: float = 0.25
    """What stands on a lost ruling of a worn table is no wider than this: print keeps away from it"""
    corridor_print_em: float = 0.3
    """and covers this much at least on either side,"""
    corridor_least: int = 2
    """in so many squares,"""
    corridor_share: float = 2.0
    """so many times as many as those with print across the line."""
    touch_em: float = 0.2
    """A short piece that is a ruling ends this near to the rulings it runs between; print keeps further away."""
    lone_share: float = 0.25
    """Rulings shorter than this share of their table are looked at closely: feet of numbers in line look the same,"""
    lone_free: float = 0.2
    """and are strokes where less of a side than this stands free; rulings in tight cells are free over a third,"""
    through_cover: float = 0.95
    """unless so much is dark from corner to corner (print keeps away from the rulings around it)"""
    through_em: float = 1.3
    """over at least this length: the lowest rows there are;"""
    unbroken_cover: float = 0.96
    """or so much from the middle of one crossing ruling to that of the next, in two rows that follow each other"""
    unbroken_columns: int = 2
    """or at so many places of one row."""
    runs_on_em: float = 1.4
    """A ruling that stands free in one cell runs on into the next where that is so high, for there the tallest strokes
    keep a fifth of a character away from both corners,"""
    runs_on_cover: float = 0.85
    """and so much of the side is dark: dashes and gaps."""
    stroke_em: float = 2.0
    """No stroke of print that stands free is longer than this."""
    stroke_run_em: float = 2.3
    """Nor do strokes of one character run down further than this, in rows that follow each other."""
    stroke_beside_em: float = 0.5
    """A stroke has the rest of its character on both sides within this,"""
    stroke_beside: float = 0.03
    """along this share of its row each (found: 0.04 and more, the thin stroke across a 十; rulings of single rows have
    no print on one side)."""
    wide_dash_em: float = 2.6
    """A dash two characters wide, its ends blurred, is no longer than this,"""
    most_dashes: float = 0.67
    """and of the cells of one row no more than this share hold one."""
    stroke_free: float = 0.3
    """A ruling that keeps away from its corners stands free over more than this in one cell at least (found: 0.65;
    lines of print up to 0.24)."""
    end_em: float = 0.3
    """The stretch next to a corner in which a short side must show ink at one end at least."""
    end_cover: float = 0.35
    """Of that stretch so much must be dark."""
    sound_end: float = 0.75
    """A side that is this dark next to both corners is ruled, whatever is worn away between."""
    free_em: float = 0.22
    """Ink on a side stands free where there is none beside it within this."""
    free_cover: float = 0.45
    """A side with so much free ink is ruled: of 7,000 that are not, none has more than 0.4."""
    free_share: float = 1.5
    """Where there is so many times as much ink as free ink it may be strokes of print,"""
    free_in_print: float = 0.35
    """and the free ink counts by this."""
    buried_free: float = 0.03
    """A side of any length that is ruled at neither end and of which less than this stands free is a line of print."""
    attached_em: float = 0.1
    """How far beside a short side strokes that run across it are looked for."""
    attached_share: float = 0.1
    """With strokes joined on both sides along more than this a side is a stroke itself."""
    print_cover: float = 0.5
    """Print that happens to lie on a side darkens up to this share of it."""
    worn_outline: float = 0.35
    """So much of a worn table's top or bottom is ruled at least."""
    least_supported: float = 0.75
    """Of the sides of a table's cells so many have ruling ink: badly worn tables have over two thirds."""
    chart_bar_em: float = 0.45
    """In a chart bars at least as wide as this run"""
    chart_away_em: float = 0.25
    """from so far above a line to so far below it, as no print of a table does,"""
    chart_crossed: float = 0.34
    """through this share of the lines and more: the upper ones are reached by few bars."""
    torn_bare: float = 0.5
    """Of a side that a table may be cut off at this share and more has no rulings;"""
    torn_near_em: float = 0.4
    """print stands beyond, no nearer than this,"""
    torn_far_em: float = 4.0
    """no further than this,"""
    torn_ink_em: float = 0.3
    """so much of a row's length: a digit has 0.4,"""
    torn_inline: float = 0.7
    """and in this share of the rows; or another table has this share of its rows in line with it"""
    torn_gap_em: float = 12.0
    """and stands this near."""
    worn_ends: int = 3
    """A ruling of which no side is whole reaches so many corners: dashes in its cells reach none."""
    sliver_em: float = 0.8
    """Rows lower than this hold no print,"""
    sliver_row: float = 0.6
    """nor such as are lower than this share of the table's usual row (its print may be smaller):"""
    sliver_share: float = 0.25
    """what parts them and is ruled over less than this is a stroke of print;"""
    sliver_whole: float = 1.2
    """so is what parts a row in two that is no higher than this many usual ones."""
    outer_gap: float = 0.5
    """The outer line of a double frame is no further from the inner one than this many usual rows (columns),"""
    outer_share: float = 0.8
    """which is one line over this share of its length."""
    sliver_rows: int = 5
    """In a table of more rows than this a column that is ruled in one low cell alone is a stroke, too; and of so many
    whole rows the usual height is known."""
    edge_cover: float = 0.62
    """A cell's side counts as ruled when this share of it is dark: strokes of print that happen to lie on the line
    cover at most half, worn rulings at least two thirds."""
    parted_margin_em: float = 0.35
    """Print is looked for this far from a square's sides, half on each: nearer is what crumbles off rulings."""
    dust_em: float = 0.45
    """Ink at the ends of print that is shorter and lower than this is dust;"""
    small_print: float = 0.8
    """where a table's print is smaller than this share of the page's, em is that of the table."""
    worn_odds: float = 0.3
    """Natural logarithm of the odds from which on a bare side is taken to be worn, not absent by design;"""
    suspect_odds: float = -2.0
    """and from which on a merged cell is suspected of a lost ruling."""
    lost_cover: float = 0.12
    """Ruling ink inside a merged cell from which on a lost ruling is suspected; clean merged cells have less."""
    doubt_cover: float = 0.3
    """Sides with less ink than this are marked as invented."""

    def __post_init__(self) -> None:
        require(0 < self.doubt_cover <= self.edge_cover <= 1, "0 < doubt_cover <= edge_cover <= 1 must hold")


@dataclass(frozen=True)
class StitchSettings:
    """How parts of a table on successive pages are found to belong together."""

    width_tolerance: float = 0.03
    """Parts of one table are equally wide but for what scanning stretches."""
    column_tolerance: float = 0.35
    """Boundaries agree within this share of the narrower column beside them;"""
    column_limit: float = 0.03
    """and within this share of the table's width: five millimetres on A4."""
    column_same: float = 0.008
    """Where all of several agree within this, nothing but the scale of the pictures differs (photographs):"""
    width_of_photographs: float = 0.12
    """then by so much at most."""
    sheet_shift: float = 0.4
    """Inches by which the sheets of one file lie apart on the scanner at most: a centimetre."""
    title_gap_em: float = 2.5
    """A title or heading stands no further above its table than this."""
    stray_texts: int = 4
    """Beside a part that begins with figures so many texts may stand by chance, as what an unknown stamp says;"""
    stray_length: int = 24
    """each of so many characters at most;"""
    stray_note: int = 10
    """(longer ones that end like a sentence are sentences)"""
    figures_share: float = 0.4
    """of its columns so many begin with one: labels and sums fill the rest."""
    legible: float = 0.5
    """A text between two parts counts as one when it is read with this score: the grain of a bad copy and the rims of
    stains are read with 0.1 to 0.5, the worst print with 0.75."""

    def __post_init__(self) -> None:
        require(0 <= self.legible < 1, "legible must be 0 to 1")
        require(self.stray_texts >= 0 and self.stray_length >= 0, "stray_texts, stray_length must not be negative")
        require(0 < self.figures_share <= 1, "figures_share must be 0 to 1")
        require(self.sheet_shift >= 0, "sheet_shift must not be negative")
        require(0 < self.width_tolerance < 0.5, "width_tolerance must be 0 to 0.5")
        require(0 < self.column_tolerance < 0.5, "column_tolerance must be 0 to 0.5")
        require(0 < self.column_limit < 0.1, "column_limit must be 0 to 0.1")
