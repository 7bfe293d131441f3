"""What is taken off a page that is no print: grain, fills, stripes, dust, pens and markers."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


@dataclass(frozen=True)
class NegativeSettings:
    """What is a page white on black."""

    dark: int = 90
    """Gray levels up to which the ground of a negative goes,"""
    bright: int = 160
    """and from which on its print is bright."""
    least_dark: float = 0.7
    """So much of the picture is ground; the print of full pages covers a sixth."""
    least_print: float = 0.002
    """So much is print at least: what is dark all over is no page."""
    broad_em: float = 0.7
    """What is brighter over a square of this many heights of the print is paper or a lamp, no print;"""
    most_broad: float = 0.1
    """so much of what is bright is such at most."""

    def __post_init__(self) -> None:
        require(0 < self.dark < self.bright < 256, "dark must be below bright, both 1 to 255")
        shares = (self.least_dark, self.least_print, self.most_broad)
        require(all(0 < share < 1 for share in shares), "the shares of a negative must be between 0 and 1")
        require(self.broad_em > 0, "broad_em must be positive")


@dataclass(frozen=True)
class FillSettings:
    """What is a dark rectangle with bright print on it, as heads of tables are drawn. Lengths in heights of print."""

    dark: int = 160
    """Gray levels up to which a fill goes, on even paper."""
    stroke_em: float = 0.35
    """Bright strokes and rulings are no broader than this;"""
    least_em: tuple[float, float] = (2.5, 1.3)
    """a fill is at least so wide and so high: higher than a line of print whose strokes run together,"""
    covered: float = 0.6
    """and itself dark over so much of it; bold print is over less than half,"""
    rectangular: float = 0.85
    """and fills so much of the rectangle around it;"""
    uneven: float = 24.0
    """the middle half of its grays differ by no more than this: those of pictures do,"""
    contrast: int = 60
    """Print on it is so much brighter,"""
    least_print: float = 0.01
    """on so much of it at least,"""
    most_print: float = 0.4
    """and at most."""
    rim_em: float = 0.08
    """So much of its border stays dark: a fill is framed by its own edge."""

    def __post_init__(self) -> None:
        require(0 < self.dark < 255 and 0 < self.contrast < 255 - self.dark, "dark and contrast must fit into 255")
        require(all(side > 0 for side in (self.stroke_em, *self.least_em, self.rim_em)), "lengths must be positive")
        shares = (self.covered, self.rectangular, self.least_print, self.most_print)
        require(all(0 < share <= 1 for share in shares), "the shares of a fill must be between 0 and 1")


@dataclass(frozen=True)
class FeederLineSettings:
    """What is a line drawn down a whole sheet by dust in the feeder."""

    page_em: float = 45.0
    """A picture at least this high shows a page (A4: 50 to 80), not a table cut out of one,"""
    least_em_pixels: float = 13.0
    """and print as large as this was scanned (90 dpi), not drawn on a screen."""
    darker: float = 8.0
    """A line is darker than what lies beside it by so many gray levels (grain and print make no column darker than its
    neighbours by more than 3 over a whole page; lines found: 21 to 98)"""
    seen: float = 0.3
    """and in so large a share of the rows (dashed lines of faxes: 0.5),"""
    bands: int = 12
    """in the mean over the first of so many parts of the page, one after the other (one left out),"""
    least_bands: int = 3
    """over so many at least,"""
    border_em: float = 1.0
    """and in the margin, from here, as the sheet may end a little before the picture,"""
    edge_em: float = 2.5
    """to here, where tables do not begin,"""
    start_em: float = 1.0
    """It is dark there before this"""
    start_part_em: float = 0.2
    """(one that ends on the page before this)"""
    gap_em: float = 2.0
    """and without a blank longer than this;"""
    most_lines: int = 12
    """there are so many of them at most;"""
    across: float = 0.2
    """it is no margin if so much of one of its rows is dark."""
    widest_em: float = 0.2
    """It is no wider than this"""
    widest_pixels: int = 4
    """or so many pixels."""
    margin_em: float = 1.0
    """Beside it the page is blank for as much as this at that edge,"""
    ink: float = 40.0
    """where what is darker than beside it by so much is ink,"""
    margin_ink: float = 0.01
    """but for this share."""
    print_darker: float = 40.0
    """Print on a line is darker than the line by so much; else it cannot be told from it."""

    def __post_init__(self) -> None:
        require(self.bands >= self.least_bands >= 1, "bands must be least_bands or more, these 1 or more")
        require(0 <= self.border_em < self.edge_em, "border_em must be below edge_em")
        require(0 <= self.margin_ink < 1 and 0 < self.across <= 1, "margin_ink and across are shares")


@dataclass(frozen=True)
class FoldSettings:
    """What is a fold of the sheet: a straight dark line from edge to edge."""

    page_em: float = 30.0
    """A picture at least this large each way shows a page (A4: 45 and more wide), not a table cut out of one."""
    border_em: float = 0.3
    """A fold runs through both margins, from here, as the sheet may end a little before the picture,"""
    edge_em: float = 1.8
    """to here, where tables do not begin,"""
    margin_seen: float = 0.9
    """dark in so large a share of them;"""
    most_lines: int = 8
    """of so many lines at most: a picture that shows a table alone has a margin full of rulings."""
    darker: float = 7.0
    """A fold is darker than what lies beside it by so many gray levels (what is paler passes for no ruling)"""
    smooth_em: float = 0.1
    """(in the mean over so much of it to either side)"""
    widest_em: float = 0.4
    """within so much of its crease,"""
    least_lean_em: float = 0.15
    """leans or bends by more than this over the whole sheet"""
    thin_em: float = 0.14
    """or is wider than this (dust in a scanner draws what is thin, and straight to the pixel),"""
    most_lean: float = 0.09
    """leans by no more than this (5 degrees),"""
    seen: float = 0.8
    """is dark over so much of its length (high print hides it)"""
    gap_em: float = 6.0
    """and nowhere hidden for longer than this."""
    follow_em: float = 0.25
    """The crease leaves its straight line by no more than this."""
    reach_em: float = 0.8
    """Its shade is taken off as far as this to either side; what is broader is uneven light."""
    window_em: float = 6.0
    """How deep it is, is measured in parts of this length:"""
    paper: float = 0.7
    """the brightest of them but for so many are paper, where print stands on it."""
    bright: float = 0.85
    """Of the parts so many are no brighter than the one that its profile is taken from: rulings lie along others."""
    least_depth: float = 0.3
    """A part is no less deep than so many times the whole,"""
    most_depth: float = 3.0
    """and no deeper than so many times."""
    most_gain: float = 4.0
    """What is darker than a quarter of the paper holds nothing to be made brighter."""
    rest: float = 0.2
    """What is paler than the paper less so much of it, when the fold is taken off, is paper (edges of print are
    darker),"""
    rest_core: float = 0.6
    """and so much where it is deepest: strokes of print are darker still."""
    dark: float = 0.75
    """Print is doubted where a fold leaves less than so much of the light."""

    def __post_init__(self) -> None:
        require(0 <= self.border_em < self.edge_em, "border_em must be below edge_em")
        require(self.page_em > 2 * self.edge_em, "page_em must be beyond both margins")
        require(0 < self.seen <= 1 and 0 < self.margin_seen <= 1, "seen and margin_seen are shares")
        require(0.5 <= self.paper < 1, "paper must be from 0.5 to 1")
        require(0 < self.least_depth <= 1 <= self.most_depth, "least_depth, 1 and most_depth must be in this order")
        require(self.most_gain > 1 and 0 < self.dark < 1, "most_gain must be above 1, dark below")


@dataclass(frozen=True)
class StripeSettings:
    """What is a picture striped all over by rollers, drums and sensors."""

    step: int = 48
    """Every so many rows are looked at first: 50 of a page of 200 dpi, which is done in 2 ms."""
    paper: float = 0.97
    """Of a column so many pixels are no brighter than its paper. Frames end before the sheet does, by its margins;
    where one does not, it is one column of hundreds."""
    widest_em: float = 1.5
    """Stripes are narrower than this; what is wider is uneven light."""
    darker: float = 12.0
    """Gray levels by which a stripe is darker than the paper beside it. JPEG makes rows of print darker than the paper
    by up to 9 (4 % of the rows of a page of samples/gangcha-office.pdf), moire by 11."""
    least_share: float = 0.05
    """Of the columns so many are dark where a sheet is striped all over: 30 to 55 % of them, 3 % at most where it is
    not (real pages, made ones, and those of other programs);"""
    least_stripes: int = 8
    """in so many places: a scanner's lid and the shadow of an edge are one or two."""
    most_gain: float = 4.0
    """What is darker than a quarter of the paper around it holds nothing to be made brighter."""

    def __post_init__(self) -> None:
        require(self.step >= 1 and self.least_stripes >= 1, "step and least_stripes must be 1 or more")
        require(0.5 < self.paper < 1, "paper must be between 0.5 and 1")
        require(self.widest_em > 0, "widest_em must be positive")
        require(0 < self.darker < 255, "darker must be between 0 and 255 gray levels")
        require(0 < self.least_share < 1, "least_share must be between 0 and 1")
        require(self.most_gain > 1, "most_gain must be above 1")


@dataclass(frozen=True)
class MarkerSettings:
    """What is the band of a text marker. Levels are gray levels, lengths multiples of the print's height."""

    chroma: int = 40
    """By so much its brightest channel is brighter than its darkest: yellowed paper and the tints of table heads have
    10 to 30."""
    brightest: int = 215
    """So bright the brightest is at least; stamps on print are darker."""
    bright: int = 165
    """So bright it is in gray: white print stands on darker fills (142, a common one of table heads)."""
    length_em: float = 5.0
    """So long a band is at least: the star of a stamp (3.3) does not fill it;"""
    height_em: float = 0.6
    """so high: higher than the rim of a stamp, lower than the felt of a marker (0.8 and more)."""
    share: float = 0.65
    """Of such a place so much is pale: print covers a third of a band, and the edges of a stamp's strokes, pale too,
    a fifth of the stamp."""
    edge_em: float = 0.3
    """So wide are its soft edges, and strokes of print on it."""
    paper: float = 200.0
    """So bright in its brightest channel it is paper, from which on to black the levels are spread."""
    most_share: float = 0.4
    """With more of the page pale and coloured it is the paper that is: stamps are told from it by their colour."""

    def __post_init__(self) -> None:
        levels = (self.chroma, self.brightest, self.bright, self.paper)
        require(all(0 < level < 256 for level in levels), "levels of a marker must be 1 to 255")
        require(self.length_em > 0 and self.height_em > 0, "length_em and height_em must be positive")
        require(self.edge_em >= 0, "edge_em must not be negative")
        require(0 < self.share < 1 and 0 < self.most_share < 1, "share and most_share must be between 0 and 1")


@dataclass(frozen=True)
class PenSettings:
    """What is a mark of a coloured pen. Lengths are multiples of the print's height."""

    length_em: float = 2.0
    """A mark is longer: strokes of characters are not."""
    pen_em: float = 0.5
    """A line is thinner, all in all: words are as high as their characters."""
    black: int = 170
    """Print is no brighter in its brightest channel, hairlines too,"""
    grayish: int = 50
    """and its darkest is darker by no more;"""
    pure: int = 60
    """a pen's is by more (76 and more after JPEG): the edges of black lines on tinted paper are coloured as well."""
    paper: int = 40
    """Paper more coloured than this has no pen marks that could be told."""
    beside_em: float = 0.1
    """The edges of strokes are so wide, where colour and black are mixed."""
    beside: float = 0.15
    """So much of what is next to a line is of its colour at most, where a ring touches it."""
    crossings: int = 3
    """A line has black print next to it in so many places, a ruling that it crosses being two; what stands beside print
    may have it in one or two."""
    gap_em: float = 0.5
    """A ring may be open by so much,"""
    hole: float = 0.4
    """and is hollow for so much of its box: an ellipse is for 0.7, a word nowhere for more than a character."""
    inside: float = 0.1
    """So many squares of the print's height are black inside a ring: a figure is 0.15."""
    frame: float = 0.7
    """What is level or upright for more of its strokes is the frame of a box; a ring is for a third."""
    ruling_em: float = 8.0
    """A form's own coloured rulings are so long,"""
    rulings: int = 3
    """and so many begin and end"""
    same_em: float = 0.5
    """at the same places within this."""

    def __post_init__(self) -> None:
        lengths = (self.length_em, self.pen_em, self.beside_em, self.gap_em, self.ruling_em, self.same_em)
        require(all(length > 0 for length in lengths), "the lengths of pen marks must be positive")
        levels = (self.black, self.grayish, self.pure, self.paper)
        require(all(0 < level < 255 for level in levels), "levels of pen marks must be 1 to 254")
        require(self.crossings >= 1 and self.rulings >= 2, "crossings must be 1 or more and rulings 2 or more")
        shares = (self.hole, self.beside, self.frame)
        require(all(0 < share < 1 for share in shares), "the shares of pen marks must be between 0 and 1")
        require(self.inside > 0, "inside must be positive")


@dataclass(frozen=True)
class GrainSettings:
    """What is a page covered with the grain of a sensor or the pepper of a copier. Both are of single pixels, whatever
    the resolution, so lengths are in pixels of the scan."""

    band: int = 16
    """Pepper is looked for in bands of so many rows,"""
    every: int = 8
    """one of so many: an eighth of the page."""
    pepper_depth: int = 60
    """Gray levels by which a pixel of pepper is darker than those around it: print is as dark, and has neighbours."""
    least_pepper: float = 0.002
    """Of a page's pixels so many are lone dark ones where it is peppered: 0.9 to 2.7 % on pages that are, 0.03 % at
    most on others (dots between words, real pages)."""
    pepper_pixels: int = 3
    """So few dark pixels in five by five are no print: points have four at 150 dpi."""
    least_grain: float = 7.0
    """Standard deviation of the paper, in gray levels, from which grain is smoothed: rulings and print are hardly told
    from it above. Scans of paper have 1 to 5."""
    grain_levels: float = 3.5
    """Differences of so many standard deviations are evened out: nearly all of the grain's."""
    window: int = 7
    """Pixels of the filter's neighbourhood,"""
    reach: float = 2.0
    """and the standard deviation of its weights: two or three pixels of a stroke are averaged along it."""

    def __post_init__(self) -> None:
        require(self.band >= 3 and self.every >= 1, "band must be 3 or more and every 1 or more")
        require(0 < self.pepper_depth < 255, "pepper_depth must be between 0 and 255 gray levels")
        require(0 < self.least_pepper < 1, "least_pepper must be between 0 and 1")
        require(self.pepper_pixels >= 1, "pepper_pixels must be 1 or more")
        require(self.least_grain > 0 and self.grain_levels > 0, "least_grain and grain_levels must be positive")
        require(self.window >= 3 and self.reach > 0, "window must be 3 or more and reach positive")
