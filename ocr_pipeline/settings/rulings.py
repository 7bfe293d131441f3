"""How rulings are found."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


@dataclass(frozen=True)
class RulingSettings:
    """How ruled lines are told from print. `em` is the height of the print."""

    max_thickness_em: float = 0.4
    """A ruling is thinner than this; thicker dark bars are fills."""
    frame_thickness_em: float = 0.72
    """A table's frame may be as thick as this: 2.25 points around print of 7 points, and the scanner's blur; or two
    such lines around print of 8;"""
    frame_length_em: float = 11.0
    """it is this long and nothing but ink."""
    contrast: float = 14.0
    """Gray levels by which a ruling is darker than the paper beside it: a hairline at 150 dpi has 25 and more,
    the grain of an office scan stays below 12."""
    grain_depth: float = 3.5
    """Where paper has more grain, a ruling is so many times as deep as the middle of all depths around it: of noise,
    whose middle lies 1.2 standard deviations from the lightest beside it, one pixel in a thousand is;"""
    grain_window_em: float = 2.0
    """around it means a square so wide: most of it lies inside a tinted row;"""
    grain_tint: float = 2.0
    """and the middle counts so many times the page's own at most: in tints noise is not clipped at white, as it is on
    paper, and is twice as deep; print makes no more of it."""
    smooth_em: float = 1.0
    """The window along the line in which the share of dark pixels is taken: about one character."""
    share: float = 0.8
    """Of that window this much is dark: worn rulings have gaps, rows of print are at most half dark."""
    min_length_em: float = 1.4
    """Shorter pieces are strokes of characters,"""
    hairline_depth: float = 70.0
    """Rulings that are darker than the paper by no more than this are hairlines (found: 25 to 60),"""
    hairlines_em: float = 20.0
    """and where they make up so much in all and most of what is ruled, paler stretches of them are looked for"""
    faint_window_em: float = 0.3
    """in a mean along the line, over this;"""
    faint_contrast: float = 5.0
    """there they are darker by so many gray levels,"""
    faint_print: float = 2.0
    """and no stroke of print near, which is so many times as dark as the hairlines,"""
    faint_off_em: float = 0.1
    """this near."""
    faint_gain_em: float = 1.0
    """A line so followed takes the place of what was traced of it where it is longer by this."""
    rung_rail_em: float = 5.0
    """but where several run from one horizontal ruling of this length to the next one"""
    rung_least_em: float = 0.7
    """that lies so far below it at least, as rows of small print are high,"""
    rung_most_em: float = 1.6
    """and at most: longer ones are traced;"""
    rung_cover: float = 0.97
    """without a gap, which print has before it meets a ruling;"""
    rung_near_em: float = 0.5
    """no nearer than this to a ruling that was traced or to the horizontal ones' ends;"""
    rung_free_em: float = 0.2
    """and with nothing near them on one side, this far,"""
    rung_beside: float = 0.15
    """over all but this share of their length."""
    crossings: int = 3
    """A line that so many rulings cross"""
    crossing_inner_em: float = 0.5
    """further from its ends than this"""
    crossings_free: float = 0.7
    """and that has a gap beside so many of them (worn rulings: at most half, one of 4,400 seven of eight; strokes in
    line: all)"""
    crossing_gap_em: float = 0.12
    """within this distance (two pixels at least),"""
    crossing_depth: float = 0.25
    """where it is less than this share as dark as it usually is,"""
    crossing_solid: float = 0.92
    """is print if it has gaps over more than the rest of its length (strokes in line: 0.71 to 0.91; dashed rulings of
    which each gap is narrow: 0.9 to 0.99)"""
    strokes_beside: float = 0.3
    """and strokes run along so much of one side (strokes of figures: 0.3 to 0.9)."""
    sure_length_em: float = 10.0
    """No run of strokes in print is this long: such a piece needs no look at its flanks."""
    flank_em: float = 0.22
    """How far above and below a piece other strokes are looked for."""
    flanked_both: float = 0.9
    """Sum of the shares of a piece's length with strokes above and below: inside a line of print it is over one."""
    flanked_one: float = 0.75
    """Share on one side alone: the top or bottom strokes of a line of print."""
    flanked_long: float = 0.45
    """Share on either side alike that gives away a long piece: the print of tight cells comes near a ruling from one
    side or the other, seldom from both at the same places."""
    even_em: float = 4.0
    """A piece of this length with strokes around it is no print where it is drawn as one stroke: this tells long ones,
    shorter ones where they begin and end at a ruling,"""
    even_near_em: float = 0.1
    """within this."""
    held_near_em: float = 0.25
    """A ruling ends on another one within this: both may be worn, and lean a little."""
    even_filled: float = 0.95
    """One stroke has ink over so much of its length,"""
    even_thickness: float = 0.33
    """varies by no more than so many times its thickness (root mean square; found: 0.13 to 0.30, print 0.32 and more
    but for long numbers whose figures run together),"""
    even_rough_em: float = 0.03
    """and strays no further from its course (found: 0.010 to 0.025; lines of print 0.04 and more)."""
    ragged_em: float = 0.18
    """A piece so thick is a line of print that runs together where it varies by more than"""
    ragged_thickness: float = 0.3
    """so many times its thickness (root mean square) and"""
    ragged_rough_em: float = 0.05
    """strays so far from its course (found: print 0.054 and more, most rulings with print on them 0.044 and less),"""
    core_thin: float = 0.8
    """A tenth of the core of a line of print is thinner than this share of a quarter of it,"""
    core_thick: float = 1.5
    """and a quarter of it so many times as thick;"""
    straight_edge: float = 0.9
    """and where neither edge is straight over so much of it (found: print up to 0.89, rulings 0.9 to 0.99)."""
    flank_depth: float = 0.4
    """Beside a long piece only what is so many times as dark as it counts as strokes."""
    double_em: float = 0.5
    """The two lines of a double ruling flank each other: they are this near,"""
    double_ends_em: float = 0.3
    """and begin and end alike within this."""
    in_line_thin_em: float = 0.14
    """Short pieces with strokes along one side are a ruling's where each is as thin as this,"""
    in_line_rough_em: float = 0.026
    """strays no further than this from its course,"""
    in_line_free: float = 0.05
    """has nothing along the other side but for this share,"""
    in_line_em: float = 0.06
    """each lies level with the one before within this,"""
    in_line_gap_em: float = 3.0
    """no further behind it than this,"""
    in_line_share: float = 0.6
    """and they make up so much of the line from the first to the last, and sure_length_em."""
    dash_em: float = 1.1
    """Dashes of dashed and dotted rulings are no longer than this,"""
    dash_thick_em: float = 0.36
    """no thicker than this,"""
    dash_least_em: float = 0.035
    """no smaller than a square of this,"""
    dash_solid: float = 0.6
    """and fill their box by this share;"""
    dash_gap_em: float = 0.7
    """the blanks between them are no longer than this: figures one below the other are further apart,"""
    dash_lost_em: float = 4.0
    """but for dashes that were lost: those that other rulings or print run into;"""
    dashes_lost: int = 1
    """where more than so many are lost in a row, nobody drew them."""
    dash_line_em: float = 0.08
    """The dashes of a ruling lie within this of each other across it,"""
    dashes_even: float = 0.8
    """this share of them is alike and evenly spaced;"""
    dashes_sure: int = 8
    """so many make a ruling;"""
    dot_em: float = 0.16
    """what is no longer than this may be a dot between two dashes,"""
    fine_dot_em: float = 0.085
    """or, no longer than this, a speck of dust:"""
    dots_sure: int = 20
    """so many of these make a ruling, and"""
    dots_least: int = 8
    """so many with the rhythm of longer ones,"""
    dots_near: float = 0.45
    """of which so large a share has the next one at the usual distance (of dust in a line a quarter has);"""
    dashes_least: int = 3
    """so few with the rhythm of longer ones do, too."""
    dash_closer: float = 0.6
    """A dash is of the row across whose dashes are closer than this share of those along: a dotted grid's are alike."""
    solidity_slack: float = 0.13
    """A short piece may be so much more broken than the page's long rulings usually are."""
    roughness_factor: float = 2.0
    """And so many times as rough,"""
    roughness_floor: float = 0.5
    """plus this in pixels, the error of the pixel grid;"""
    rough_along_em: float = 0.026
    """but no rougher than this (found: 0.010; feet of long numbers 0.027 and more),"""
    solidity_along: float = 0.05
    """and no more broken than so much beyond the page's most broken ones, where strokes run"""
    strokes_along: float = 0.52
    """along more than this share of one side;"""
    rough_length_em: float = 8.0
    """of a piece as long as this that has print near it over no more than flanked_long on either side"""
    rough_slack: float = 1.3
    """so many times that."""
    tied_em: float = 0.5
    """A part this much higher than thick may be several rulings that print between them touches:"""
    tied_run_em: float = 3.0
    """runs of ink this long are left of them then,"""
    tied_beside_em: float = 5.0
    """and two run beside each other over this length."""
    through_share: float = 0.75
    """Of a part that looks like print no more of the ink than this is in such runs where a ruling runs through it,"""
    through_length: float = 0.8
    """over this share of its length."""
    unbroken: float = 0.98
    """A line of print has gaps: it is dark over less than this of its length (found: up to 0.95). On a line without,"""
    hung_on: float = 1.5
    """what is this many times as thick as the line and a pixel is print that touches it,"""
    bare: float = 0.3
    """where so much of it is no thicker."""
    own_thickness: float = 25.0
    """A line that is unbroken is as thick as this percentile of its columns, as print may hang on most of it:"""
    own_most: float = 1.35
    """no more than so many times that and a pixel,"""
    own_more: float = 2.0
    """or so many pixels more, be it ever so thick,"""
    own_least: float = 0.5
    """and no less than this of it, as crumbs are."""
    shine_usual: float = 0.85
    """The page's own rulings are as dark as what this share of the length of all is paler than;"""
    faintest: float = 0.1
    """A ruling is so many times as dark as most of the page's are: worn ones of bad scans 0.29 and more, light gray
    ones 0.15; what is left of the back of the sheet 0.07."""
    shine_depth: float = 0.3
    """what shines through from the back is less dark than this share of that: 0.07 to 0.2,
    worn rulings 0.45 and more; hairlines beside bold frames may be as pale,"""
    shine_breadth: float = 1.15
    """but not so many times as broad: paper scatters what it lets through."""
    shine_length_em: float = 2.2
    """Strokes of print that lie one below another by chance can be as pale, but are not as long"""
    shine_rough_em: float = 0.06
    """or stray further from their course than this (found: rulings of the back up to 0.04, strokes 0.12);"""
    shine_seen_em: float = 8.0
    """upright lines of this length in all, and so far apart, prove it,"""
    shine_edge_em: float = 4.0
    """if they are further from the sheet's edges than the shadow there falls."""
    shine_margin: float = 1.2
    """Where there is any, what is not so many times as dark is no evidence of a ruling,"""
    shine_near_em: float = 0.12
    """and nothing but the soft edges of darker print, this near to it, is ink."""
    shine_through: float = 0.9
    """A line as long as this share of the page is a streak or a fold, however pale."""
    remains_share: float = 0.7
    """A line so much of which lies in the crease of a fold that was taken off is what that left,"""
    remains_depth: float = 0.5
    """if it is no more than so many times as dark as the page's rulings."""
    stray_piece_em: float = 6.0
    """Streaks and folds are looked for from pieces of this length on;"""
    stray_off_em: float = 0.4
    """other pieces so close to the course of one belong to it,"""
    stray_seen: float = 0.5
    """if together they are this share of its length."""
    stray_edge_em: float = 3.0
    """A line that ends this close to both edges of the sheet runs from edge to edge,"""
    stray_border_em: float = 0.5
    """(what lies no further than this from an edge all along is the edge of the sheet itself)"""
    stray_past_em: float = 2.0
    """and if it goes so far past all rulings it meets, on both sides, it is no ruling of a table,"""
    stray_met_em: float = 4.0
    """(rulings across a table are this long and longer)"""
    stray_print: float = 1.35
    """Print on it is so many times as dark as the line, where the line is no darker than that."""
    stray_inpaint: float = 3.0
    """What a streak hid is painted from its surroundings, this many pixels around: strokes that cross it go on."""
    beneath_em: float = 0.35
    """A ruling along which a streak runs lies this near to it somewhere in the table;"""
    beneath_most_em: float = 4.0
    """and no further over all of the table's height: the streak leaves it, and is traced by itself."""
    beneath_table_em: float = 4.0
    """There is a table where another ruling this long stands beside it;"""
    beneath_cover: float = 0.8
    """So much of what shows of it is dark (between rows of numbers in line a third);"""
    beneath_seen: float = 0.3
    """and so much of it shows beside the streak, of a row of the table at least."""
    stray_share: float = 0.34
    """if no more than this share of the long ones do: a picture may show an open table and nothing else;"""
    stray_margin_ink: float = 0.004
    """or if no more than this share of the margins they run through is dark: then it shows a page."""
    max_lean: float = 0.02
    """Pixels across per pixel along that an upright page's rulings may still lean or bend."""
    largest_em_points: float = 12.5
    """Tables are set no larger than this; a page of large body text must not hide a small table's rulings."""
    smallest_share: float = 0.7
    """Where the resolution is only estimated, a table's print is taken to be at least this share of the page's."""
    small_print: float = 0.8
    """Where the print beside a page's upright rulings is smaller than this share of the scale they were traced in, they
    are traced again in its own: a row of 8 point print is not as high as 1.4 em of the running text at 16."""
    slant_em: float = 4.0
    """What leans by its thickness over less than this runs across at a slant: the rim of a stamp, a pen stroke."""
    crossed_length_em: float = 15.0
    """A ruling that something runs across at a slant is at least this long: opened like it, print leaves up to 10."""
    hop_em_pixels: float = 18.0
    """Below this print size neighbouring strokes are too close for lines to be thickened before tracing."""
    gap_em: float = 0.12
    """Hairlines of pages that are black or white fall to dots: gaps as short as this are closed there."""
    bilevel: bool = False
    """Whether the page is black or white; told from the page itself."""

    def __post_init__(self) -> None:
        require(0 < self.remains_share <= 1 and 0 < self.remains_depth < 1, "remains_share, remains_depth are shares")
        require(0 < self.share <= 1, "share must be between 0 and 1")
        require(self.smooth_em <= self.min_length_em, "smooth_em must be at most min_length_em")
