"""One frozen, validated dataclass of settings per stage; every threshold states its reason.

Lengths are multiples of the page's own scale (the height of its print, `em` below), never bare pixels, so that the
same settings serve 100 and 400 dpi.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields

from ocr_pipeline.errors import ExitCode, PipelineError


class SettingsError(PipelineError, ValueError):
    """A setting outside its range."""

    exit_code = ExitCode.BAD_ARGUMENTS


def _require(ok: bool, sentence: str) -> None:
    if not ok:
        raise SettingsError(sentence)


@dataclass(frozen=True)
class SourceSettings:
    """How files become page images."""

    render_dpi: float = 200.0
    """PDF pages that are not one scanned image are drawn at this resolution: 10-point print is 28 pixels high there,
    and the recogniser works at 48."""
    max_pixels: int = 120_000_000
    """A page beyond this (A3 at 600 dpi has 70 million) is refused: it would need gigabytes."""
    max_dpi: float = 300.0
    """PDF pages that have to be drawn are drawn at no more than this: more never read better and costs time and
    memory. A page that is one scanned image keeps its own pixels."""
    min_side: int = 16
    """A picture smaller than this cannot hold a character."""

    def __post_init__(self) -> None:
        _require(36 <= self.render_dpi <= 1200, "render_dpi must be 36 to 1200")
        # The image library refuses more than 178 million by itself.
        _require(1_000_000 <= self.max_pixels <= 178_000_000, "max_pixels must be 1 to 178 million")
        _require(self.max_dpi >= self.render_dpi, "max_dpi must be at least render_dpi")
        _require(self.min_side >= 1, "min_side must be positive")


@dataclass(frozen=True)
class CleanSettings:
    """How a page is made ready: light, skew. `em` is the height of the print."""

    default_em_points: float = 12.0
    """The type size taken for granted on a page with hardly any print."""
    min_glyphs: int = 12
    """Fewer parts that look like characters say nothing of the type size."""
    figure_heights: tuple[float, float] = (1.2, 1.7)
    """Characters are so many times as high as the figures beside them (0.72 of the type size, from face to face)."""
    em_per_glyph: float = 1.06
    """Type size over the height of its ink: Chinese faces leave about 6 % of the square blank."""
    paper_tile_inches: float = 0.25
    """Tiles in which the paper's brightness is taken: each holds some bare paper between lines of print."""
    paper_spread: float = 9.0
    """Gray levels by which a tile's paper may be darker than the light's surface; tints are darker by more."""
    darkest_paper: int = 110
    """Paper darker than this is no paper: a photograph, a coloured cell, the scanner's lid."""
    ink_window_em: float = 1.6
    """The neighbourhood that ink is compared with: a character and the paper around it."""
    ink_noise: float = 4.0
    """Ink is darker than its neighbourhood by this many times the paper's grain,"""
    least_contrast: float = 10.0
    """by this many gray levels at least,"""
    ink_contrast: float = 18.0
    """and this are always enough,"""
    ink_mottle: float = 5.0
    """but on paper with fibres or blotches, than which print is so many times as dark,"""
    mottle_contrast: float = 40.0
    """where this is enough: print near the end of its toner has 50 and more."""
    mark_pale: float = 0.45
    """A watermark is paler than this share of the page's print,"""
    mark_depth: float = 32.0
    """is darker than paper by so many gray levels at least, as what stamps leave is not,"""
    mark_em: float = 2.2
    """its characters are this high and wide at least, with blanks of print closed,"""
    mark_largest_em: float = 14.0
    """no larger than this: tints of rows are,"""
    mark_fill: float = 0.3
    """and fill their box less than tints do;"""
    mark_even: float = 0.3
    """Nine in ten of its pixels differ by no more than this share of its depth: it is printed in one gray;"""
    mark_least: int = 4
    """there are so many of them,"""
    mark_crossing: float = 0.15
    """and this share of them lies across print or rulings: large pale headings do not."""
    mark_share: float = 0.002
    """Pages with fewer pale pixels away from print, as a share of all, are not looked at further."""
    darkest_black: int = 40
    """What is no lighter is black,"""
    palest_white: int = 215
    """what is no darker white,"""
    grays_of_bilevel: float = 0.02
    """and of pages that were stored as black or white at most so many pixels for each black one are neither."""
    broken_em: float = 0.04
    """Half the gap across which the parts of a stroke belong together there: figures stand further apart;"""
    soft_em: float = 0.025
    """and the blur that makes such print like the models' own, in standard deviations."""
    ink_ratio: float = 0.94
    """And at most this share of the neighbourhood's mean."""
    max_skew: float = 16.0
    """Degrees searched to either side; pages are laid by hand, not thrown."""
    coarse_step: float = 0.4
    """Degrees between coarse trials: the peak of a table page is about that wide at skew_dpi."""
    skew_dpi: float = 100.0
    """Resolution for the skew search: a tenth of a degree still moves an A4 line's end by 1.4 pixels."""
    skew_points: int = 40_000
    """Ink samples for the skew search; more change nothing."""
    min_skew_points: int = 300
    """Fewer ink samples say nothing of the angle."""
    min_skew: float = 0.06
    """A page straighter than this stays untouched: a line's end moves by less than two pixels at 200 dpi."""
    min_skew_confidence: float = 0.25
    """Below this share of a clear peak the page is left alone."""
    keystone_tolerance_em: float = 0.12
    """Rulings that leave their straight place by more than this are set straight by a projective map."""
    keystone_min_length_em: float = 6.0
    """Rulings shorter than this say too little of the slope."""
    keystone_min_rulings: int = 2
    """So many long rulings either way are needed before a page is set straight by them."""
    keystone_agree: float = 0.02
    """Slopes further than this from the course that most follow are another line's."""
    keystone_steepest: float = 0.23
    """A course of slopes that changes by more than this over the page's longer side is no perspective."""
    blank_ink_share: float = 2e-5
    """A page with a smaller share of ink after specks are gone is blank."""

    def __post_init__(self) -> None:
        _require(0 < self.max_skew <= 45, "max_skew must be 0 to 45 degrees")
        _require(0 < self.coarse_step <= 2, "coarse_step must be 0 to 2 degrees")
        _require(0 < self.least_contrast <= self.ink_contrast, "least_contrast must be at most ink_contrast")
        _require(0 < self.ink_ratio < 1, "ink_ratio must be between 0 and 1")


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
        _require(0 < self.dark < self.bright < 256, "dark must be below bright, both 1 to 255")
        shares = (self.least_dark, self.least_print, self.most_broad)
        _require(all(0 < share < 1 for share in shares), "the shares of a negative must be between 0 and 1")
        _require(self.broad_em > 0, "broad_em must be positive")


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
        _require(0 < self.dark < 255 and 0 < self.contrast < 255 - self.dark, "dark and contrast must fit into 255")
        _require(all(side > 0 for side in (self.stroke_em, *self.least_em, self.rim_em)), "lengths must be positive")
        shares = (self.covered, self.rectangular, self.least_print, self.most_print)
        _require(all(0 < share <= 1 for share in shares), "the shares of a fill must be between 0 and 1")


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
        _require(self.bands >= self.least_bands >= 1, "bands must be least_bands or more, these 1 or more")
        _require(0 <= self.border_em < self.edge_em, "border_em must be below edge_em")
        _require(0 <= self.margin_ink < 1 and 0 < self.across <= 1, "margin_ink and across are shares")


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
        _require(0 <= self.border_em < self.edge_em, "border_em must be below edge_em")
        _require(self.page_em > 2 * self.edge_em, "page_em must be beyond both margins")
        _require(0 < self.seen <= 1 and 0 < self.margin_seen <= 1, "seen and margin_seen are shares")
        _require(0.5 <= self.paper < 1, "paper must be from 0.5 to 1")
        _require(0 < self.least_depth <= 1 <= self.most_depth, "least_depth, 1 and most_depth must be in this order")
        _require(self.most_gain > 1 and 0 < self.dark < 1, "most_gain must be above 1, dark below")


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
        _require(self.step >= 1 and self.least_stripes >= 1, "step and least_stripes must be 1 or more")
        _require(0.5 < self.paper < 1, "paper must be between 0.5 and 1")
        _require(self.widest_em > 0, "widest_em must be positive")
        _require(0 < self.darker < 255, "darker must be between 0 and 255 gray levels")
        _require(0 < self.least_share < 1, "least_share must be between 0 and 1")
        _require(self.most_gain > 1, "most_gain must be above 1")


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
        _require(all(0 < level < 256 for level in levels), "levels of a marker must be 1 to 255")
        _require(self.length_em > 0 and self.height_em > 0, "length_em and height_em must be positive")
        _require(self.edge_em >= 0, "edge_em must not be negative")
        _require(0 < self.share < 1 and 0 < self.most_share < 1, "share and most_share must be between 0 and 1")


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
        _require(all(length > 0 for length in lengths), "the lengths of pen marks must be positive")
        levels = (self.black, self.grayish, self.pure, self.paper)
        _require(all(0 < level < 255 for level in levels), "levels of pen marks must be 1 to 254")
        _require(self.crossings >= 1 and self.rulings >= 2, "crossings must be 1 or more and rulings 2 or more")
        shares = (self.hole, self.beside, self.frame)
        _require(all(0 < share < 1 for share in shares), "the shares of pen marks must be between 0 and 1")
        _require(self.inside > 0, "inside must be positive")


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
        _require(self.band >= 3 and self.every >= 1, "band must be 3 or more and every 1 or more")
        _require(0 < self.pepper_depth < 255, "pepper_depth must be between 0 and 255 gray levels")
        _require(0 < self.least_pepper < 1, "least_pepper must be between 0 and 1")
        _require(self.pepper_pixels >= 1, "pepper_pixels must be 1 or more")
        _require(self.least_grain > 0 and self.grain_levels > 0, "least_grain and grain_levels must be positive")
        _require(self.window >= 3 and self.reach > 0, "window must be 3 or more and reach positive")


@dataclass(frozen=True)
class SheetSettings:
    """What is a sheet photographed on something darker."""

    side: int = 600
    """Pixels of the longer side of the copy that is looked at: its outline is straight over hundreds of them."""
    paper: float = 75.0
    """The percentile of gray levels that is the paper's: print covers less, and the sheet most of the picture."""
    darker: float = 40.0
    """Gray levels by which what lies around the sheet is darker than it."""
    most_at_edge: float = 0.25
    """With more of the picture's edge bright the sheet is not seen whole, or the picture is the sheet."""
    least_area: float = 0.35
    """Share of the picture that a sheet covers at least."""
    straight: float = 0.02
    """What is left of the outline when deviations up to this share of its length are taken for straight: four sides."""
    least_filled: float = 0.97
    """And so much of their quadrangle it fills: a sheet with a corner folded or off the picture does not."""
    least_lean: float = 0.012
    """Radians by which opposite sides are off parallel under perspective; less is left to the rulings."""
    off_picture: float = 0.04
    """A corner may lie off the picture by this share of its shorter side."""
    near_a4: float = 0.18
    """A sheet whose sides are in the ratio of A4's within this is A4: seen from aside it looks shorter."""
    rim: float = 0.006
    """Share by which the sheet is taken smaller than its outline, so that nothing of the desk comes along."""

    def __post_init__(self) -> None:
        _require(self.side >= 100, "side must be at least 100 pixels")
        _require(0 < self.darker < 255, "darker must be between 0 and 255 gray levels")
        shares = (self.most_at_edge, self.least_area, self.straight, self.least_filled)
        _require(all(0 < share < 1 for share in shares), "the shares of a sheet must be between 0 and 1")
        _require(0 <= self.rim < 0.1, "rim must be 0 to 0.1")


@dataclass(frozen=True)
class BendSettings:
    """What paper that arches or curls is. `em` is the height of the print."""

    least_length: float = 0.3
    """Rulings this long, as a share of the page's width, show the paper's course;"""
    least_rulings: int = 3
    """so many of them at least, or it may be one line drawn by hand."""
    least_em: float = 0.3
    """Print that sags by less stays within its cells' straight sides."""
    most_left: float = 0.4
    """What the common curve leaves of the rulings' own deviations from straight lines: they deviate alike, or the
    paper is not what is bent."""
    most_off: float = 4.0
    """A ruling that is so many times further off the common curve than is usual is another thing's."""
    arch_print: float = 10.0
    """Pixels that print is high on the copy on which strongly bent paper is looked for;"""
    arch_strips: int = 24
    """strips of the page in which lines of print are level;"""
    arch_steepest: float = 0.35
    """the steepest course of a line that is looked for, and"""
    most_skew: float = 5.0
    """degrees of skew up to which strips of the page as it lies are upright enough;"""
    arch_em: float = 0.8
    """the least sag: less than that the rulings show better."""
    arch_agree: float = 0.85
    """Of the strips so many fit their neighbours once they are set level."""
    arch_clearer: float = 1.3
    """So much more unevenly ink falls into rows where it is bent paper that was set level."""

    def __post_init__(self) -> None:
        _require(0 < self.least_length < 1, "least_length must be between 0 and 1")
        _require(self.least_rulings >= 2, "least_rulings must be 2 or more")
        _require(self.least_em > 0 and 0 < self.most_left < 1, "least_em must be above 0, most_left between 0 and 1")
        _require(self.most_off > 1, "most_off must be above 1")
        _require(self.arch_print >= 4 and self.arch_strips >= 8, "arch_print must be 4 or more, arch_strips 8 or more")
        _require(0 < self.arch_steepest < 1 and 0 < self.arch_agree < 1, "arch_steepest and arch_agree must be 0 to 1")
        _require(self.arch_clearer > 1, "arch_clearer must be above 1")


@dataclass(frozen=True)
class SealSettings:
    """How stamps are found and taken out. `em` is the height of 12-point print, or what the resolution makes of it."""

    min_em: float = 3.5
    """Seals are at least this wide: the smallest office stamps are 18 mm, print is 4 to 6 mm high."""
    min_side_em: float = 2.1
    """The shorter side of a stamp: 9 mm."""
    max_em: float = 17.0
    """And at most this: 72 mm."""
    chroma: float = 4.5
    """Distance from the paper's tint in the Lab plane that makes a pixel coloured, at the least;"""
    chroma_noise: float = 7.0
    """and this many times the page's own colour noise."""
    residue: float = 0.1
    """Optical density (natural logarithm) that stamp strokes leave at their edges; worn print has 0.5 and more."""
    most_ink: float = 1.25
    """Most ink of a stamp at one place over what six in seven of its places have at most: beneath the darkest print the
    channels' noise passes for twice as much, and the print would go with it."""
    remains_most: float = 0.4
    """What remains is a stroke of print where it is darker than this (optical density),"""
    remains: float = 0.9
    """or than this share of the stamp's own ink: a faint stamp leaves fainter edges,"""
    remains_share: float = 0.45
    """or than this share of the print beside it,"""
    remains_em: float = 0.06
    """and so close to it: strokes are a tenth of an em wide, with soft edges. The rest are edges of the stamp."""
    min_score: float = 0.8
    """Rim and shape together; coloured headings, charts and rings by hand score up to 0.79."""
    clear_score: float = 0.94
    """A group of ink that scores less may be two stamps that touch, and is searched for rims first."""
    max_solid: float = 0.11
    """Radius of the largest filled disc in a stamp over its shorter side: a star's is 0.06, an emblem's 0.2."""
    least_dark: float = 2.0
    """Stamp ink is darker (Lab lightness, 0 to 255) than what is around it by this, however faint."""
    min_lettering: float = 0.015
    """Share of a stamp's middle that has ink of its own; a ring drawn by hand around print has none."""
    min_spread: float = 0.55
    """Share of directions in which a round stamp has lettering; ticks in a ring drawn by hand take three in ten."""
    clear_spread: float = 0.4
    """The same within an outline that is clear by itself: faint lettering along the upper half alone."""
    rim_room: float = 0.1
    """Share of a stamp's shorter side from its outline inward where ink is rim, and no lettering,"""
    clear_rim: float = 0.06
    """and the same within a clear round outline: Latin letters, small, stand close to it."""
    spots: float = 0.004
    """Share of a stamp's area that may be filled areas: where its lettering and another stamp's rim run together."""
    hue_reach: float = 35.0
    """Degrees of hue to either side that still are one ink."""
    hue_apart: float = 1.5
    """Ink out of reach of all inks that makes one more, in squares of an em: a stamp has four and more, the fringes
    that compression leaves around strong ink have half a square, one in ten of them a whole one."""
    flattest: float = 0.52
    """Shorter over longer side of an oval stamp, 0.6 in the flattest; rings drawn around a word are flatter."""
    rim_cover: float = 0.6
    """Share of a round rim among other ink that has ink of its own and blank paper outside;"""
    alone_round: float = 0.66
    """and where no better stamp lies across it: letters of headings reach 0.63."""
    alone_straight: float = 0.78
    """The same of a frame whose sides are not thin: letters of headings reach 0.77."""
    thin_side: float = 0.03
    """Half the width of a frame's sides over its shorter one: 0.014 in stamps, 0.05 in letters."""
    sure_rim: float = 0.85
    """Share of a round rim that makes it one beyond doubt."""
    rim_slack_em: float = 0.2
    """How far outside its outline a stamp's ink is looked for."""
    side_share: float = 0.6
    """Share of each side of a frame among other ink that has ink,"""
    side_cover: float = 0.7
    """of all four together,"""
    corner_share: float = 0.5
    """and of the sides close to a corner, at three corners of four."""
    mostly_on: float = 0.7
    """Share of the smaller of two stamps that lies on the larger one where both are one."""
    gray_depth: float = 0.25
    """Ink of a copied stamp is darker than the paper around it by this share of the paper's level."""
    gray_edge: float = 60.0
    """Sobel strength of an edge of one, gray levels times four: a rim a quarter as dark as the paper is bright."""
    gray_rounds: tuple[float, ...] = (3.6, 3.82, 4.04, 4.26, 4.48, 4.7, 4.92, 5.14, 5.36, 5.58)
    """Radii of round ones tried, in em: 30 to 47 mm across."""
    gray_ovals: tuple[tuple[float, float], ...] = ((6.85, 4.25), (5.3, 3.55), (4.75, 3.55))
    """Half axes of oval ones tried, in em: 58 x 36, 45 x 30, 40 x 30 mm."""
    gray_votes: float = 0.3
    """Votes for the middle of a round outline over its length (a thin rim has two edges), 0.4 and more in stamps,"""
    gray_cover: float = 0.6
    """and of the rim that has ink and little beside it."""
    frame_edge: float = 45.0
    """Sobel strength of an edge of a frame: its sides are thinner than a round rim."""
    frame_votes: float = 0.6
    """Share of a stroke's length over three em whose edges vote for it."""
    frame_alike: float = 0.025
    """Pixels across per pixel along by which two short rulings that are sides of one frame lean alike."""
    frame_least_lean: float = 1.2
    """Degrees by which a frame without colour leans: what is drawn with the page stands level, boxed headings, cells
    and charts, or within half a degree of it on bent paper."""
    frame_across_em: float = 0.4
    """One that leans less has print or rulings across two opposite sides, in so many em of each: half a character."""
    frame_side: float = 0.75
    """Share of each of its sides that has a thin stroke,"""
    frame_cover: float = 0.78
    """of all four, less half of what goes on beyond the corners: print and rulings beneath make up to 0.2,"""
    frame_goes_on: float = 0.88
    """Share of what lies beyond the ends of two opposite sides that makes it a cell of a table;"""
    frame_unbroken: float = 0.88
    """Share of each side that is darker than what is near (of lines through print: 0.8 at the most),"""
    frame_thin: float = 0.78
    """and of all four that is thin."""

    def __post_init__(self) -> None:
        _require(0 < self.min_side_em <= self.min_em < self.max_em, "min_side_em, min_em, max_em must rise")
        _require(self.most_ink >= 1, "most_ink must be at least 1")
        _require(0 < self.frame_least_lean <= 6, "frame_least_lean must be above 0 and at most 6 degrees")


@dataclass(frozen=True)
class SealTextSettings:
    """How the lettering of stamps is told from the print, cut and put together. Shares are of the stamp's own size."""

    least_side: int = 320
    """A stamp's picture is enlarged until its shorter side has so many pixels: its lettering is then some 30 high."""
    wide_paper: float = 0.11
    """Share of the shorter side within which the median is the paper: wider than any stroke but a star,"""
    close_paper: float = 0.06
    """and of the longer side up to which dark strokes are closed over to see the paper beneath: a rim takes 0.03."""
    dark_paper: float = 90.0
    """Gray level of paper below which a channel holds little but noise: a coloured bar of a chart,"""
    dark_noise: float = 0.4
    """and by how much of what is missing to it the noise is allowed for."""
    heavy: float = 1.3
    """Optical density (natural logarithm) of black print through which a stamp's colour does not show."""
    tinge: float = 2.0
    """Times that there may be more ink than a pixel has of its colour: print over a stroke leaves it half of that."""
    faint: float = 1.6
    """Times as dark as a stamp that black is, from where on print is known by how dark it is:"""
    darkest: float = 1.35
    """from so many times as dark on;"""
    print_near: float = 1.5
    """and pixels of the page around print that are its soft edges."""
    tinge_far: float = 16.0
    tinge_faint: float = 0.12
    """Pixels of the page across (JPEG's blocks of colour) in which a faint stamp's ink has this share of its colour;"""
    tinge_near: float = 7.0
    tinge_strong: float = 0.3
    """and the same of a stamp as dark as print, which nothing but its colour tells from print."""
    rim_depth: float = 0.13
    """Share of the shorter side in which a stamp's rim lies, from its outline: there its colour is taken."""
    usual_strength: float = 70.0
    """Percentile of the coloured pixels' strength that is full ink: half of them are soft edges,"""
    strong: float = 0.6
    """and pixels of this share of it tell the colour."""
    least_strength: float = 0.06
    """Difference of the channels' optical densities that is no ink."""
    ruling_length: float = 0.5
    """A ruling shorter than this share of the stamp's longer side may be a stroke of the stamp's own lettering."""
    ruling_thick: float = 0.06
    """One thicker than this share of the shorter side (a stamp's own rim has 0.05 at most) is the edge of a tinted row,
    or more than one ruling: its band would take a line of lettering with it."""
    ruling_near: float = 0.1
    """A ruling that ends so close to the stamp, as a share of its side, may go on in it,"""
    ruling_gap: float = 0.1
    """and has ended where it is lost for longer than this share of its shorter side."""
    ruling_own: float = 0.75
    """Share of a ruling's length with stamp ink that makes it one of the stamp's colour: others were told from it."""
    ruling_slack: float = 2.0
    """Pixels of the page by which a ruling lies beside where it is followed to, and is thicker than measured."""
    star_from: float = 0.12
    star_to: float = 0.36
    """Where a star's points are, in shares of the radius."""
    star_wave: float = 0.16
    """Share of the ink there that comes in five equal waves, 0.3 in stars: other middles have none,"""
    star_ink: float = 0.15
    """and of the place there that has ink."""
    ring_outer: float = 0.55
    """Share of the lettering's height, from the rim, that straight lines inside a stamp do not reach into."""
    ring_gap: float = 1.1
    """Heights of the lettering that a gap is long which parts it into stretches,"""
    ring_far: float = 3.4
    """and those further apart are not one text: ovals are set wide."""
    stop_near: float = 0.6
    """Heights of the lettering from its end within which a full stop stands,"""
    stop_wide: float = 0.34
    """that it is wide and high at the most,"""
    stop_blank: float = 0.3
    """and that nothing stands behind it."""
    foot_from: float = 115.0
    """Degrees from the top from which on a short stretch of low figures stands at the foot, its heads to the middle,"""
    foot_tall_from: float = 150.0
    """and one as tall as the lettering around the top, whose last word may come far down: LTD."""
    foot_least: float = 1.2
    """Heights of the lettering that low figures are wide at least where they join it: none is so low and wide."""
    inner_turn: float = 60.0
    """Degrees to either side of the top within which a second ring of lettering inside the first is looked for,"""
    inner_side: float = 25.0
    """and to which it goes on both at least."""
    inner_deep: float = 0.78
    """Share of the radius from the rim inward in which it lies: there a small star's points may begin."""
    inner_least: float = 0.4
    inner_most: float = 1.15
    """Its height in heights of the outer one,"""
    inner_ink: float = 0.2
    """rows of it over the most inked ones there at least,"""
    inner_cover: float = 0.06
    """and its ink there: print that shows through has less."""
    least_inner: float = 0.85
    """It counts only when it is read well: rays of a star, and print, are not."""
    figures_ink: float = 97.0
    """Percentile of the ink between rim and lettering at the foot that is the figures' own full ink,"""
    figures_least: float = 20.0
    """in gray levels, of 255: fainter ones are what the print left."""
    figures_tall: int = 6
    """Pixels of the picture that figures at the foot are high at least,"""
    figures_wide: float = 4.0
    """so many times their height wide: such numbers have 13 figures,"""
    figures_gap: float = 1.5
    """and heights that two of them are apart at most: some are set wide."""
    middle: float = -0.42
    """Lines inside a ring of lettering begin below this share of the half height (-1 the rim's top, 0 the middle),"""
    high: float = -0.85
    """those of a stamp without a ring below this,"""
    low: float = 0.74
    """and none has its middle below this: there is the rim, or figures along it."""
    line_least: float = 0.05
    line_most: float = 0.6
    """Height of a straight line in shares of the half height: a row of figures has 0.06."""
    line_gap: float = 0.55
    """Blank in heights of a line that ends it,"""
    line_lost: float = 1.6
    """and the wider one, of a lost character, that does not where the line reaches too far to the other side:"""
    line_lopsided: float = 1.5
    """by more than so many heights. With a character lost at one end it does by one."""
    line_thin: float = 0.1
    line_blank: float = 0.1
    """Such a line may be cut at a narrow blank too, and where less than this share of its height is ink."""
    row_least: float = 0.12
    """Share of a frame's height that a line takes at least where a pen's stroke joins it to the next one,"""
    row_blank: float = 0.25
    """ink between the two over that of the lighter one: a stroke or two,"""
    row_gap: float = 0.04
    """and the share of the height that it is so blank for: parts of a character stand closer."""
    square: float = 1.3
    """Longer over shorter side up to which a frame may be set in columns."""
    crossed: float = 0.7
    """Ink on the lines that part a square seal's characters over the usual; more is no raster."""
    finer: float = 0.1
    """A raster may have so much more of it than one of twice as large cells; halves of characters have 0.5 more."""
    places: float = 30.0
    """Straight lines are told apart by their place, counted in so many steps for half the stamp's height;"""
    same_place: int = 4
    """cut in another way, one lies within so many: lines are 8 apart."""
    sure: float = 0.8
    """A character read with this score counts for the way of cutting that it was read in."""
    least_line: float = 0.72
    """Straight lines that read worse than this are the points of a star, rim, or figures too small to read."""
    least_word: float = 0.4
    """But a whole word of stamps, which traces are not read as, counts from here on."""
    least_foot: float = 0.85
    """The small print at a stamp's foot counts only when it is read well."""
    sure_foot: float = 0.95
    """and each of its characters: a number with one wrong figure is worse than none."""
    doubtful: float = 0.9
    """A text with a character read with less than this,"""
    doubtful_share: float = 0.5
    """or with a piece that more of its readings than this share have otherwise, is to be looked at by a person:"""
    page_edge: float = 0.01
    """and that of a stamp so close to the page's edge, in shares of its longer side, is not all of it."""
    alike: float = 0.5
    """Two readings that share so much (twice the shared characters over all) are of the same piece,"""
    twin: float = 0.6
    """two pieces are one, what reads along a line is no lettering around the rim."""
    nothing: float = 0.4
    """What a reading without a character says against one that others have there: characters that look strange are
    passed over,"""
    nothing_at_end: float = 0.95
    """while print beside a piece, and the rim, are read as more characters at its ends."""
    short_figure: int = 3
    """Characters of a figure that stands in a cell, and not in a stamp."""

    def __post_init__(self) -> None:
        _require(self.least_side >= 32, "least_side must be at least 32 pixels")
        _require(0 < self.close_paper < self.wide_paper < 0.5, "close_paper and wide_paper must rise, below a half")
        _require(self.tinge >= 1, "tinge must be at least 1")
        _require(0 < self.rim_depth < 0.5, "rim_depth must be 0 to a half")
        _require(0 < self.usual_strength < 100, "usual_strength is a percentile")
        _require(0 < self.foot_from <= self.foot_tall_from < 180, "foot_from and foot_tall_from must rise, below 180")
        _require(0 < self.inner_least < self.inner_most, "inner_least and inner_most must rise")
        _require(0 <= self.least_inner <= 1, "least_inner must be 0 to 1")
        _require(0 < self.figures_ink < 100, "figures_ink is a percentile")
        _require(0 < self.star_from < self.star_to < 1, "star_from and star_to must rise within 0 to 1")
        _require(-1 <= self.high < self.middle < self.low <= 1, "high, middle and low must rise within -1 to 1")
        _require(0 < self.line_least < self.line_most, "line_least and line_most must rise")
        _require(0 < self.row_least < 0.5 and 0 < self.row_blank < 1, "row_least and row_blank must be shares")
        _require(0 < self.row_gap < 0.5, "row_gap must be 0 to a half")
        _require(self.line_gap < self.line_lost, "line_gap and line_lost must rise")
        _require(self.line_lopsided > 1 and 0 < self.line_thin < 1, "line_lopsided must be over, line_thin below 1")
        _require(self.places * self.line_least >= 1, "places must tell lines of the least height apart")
        _require(0 <= self.sure <= 1 and 0 <= self.least_line <= 1, "scores must be 0 to 1")
        _require(0 <= self.least_foot <= 1, "least_foot must be 0 to 1")
        _require(0 <= self.doubtful <= 1 and 0 <= self.doubtful_share <= 1, "doubtful and its share must be 0 to 1")
        _require(0 <= self.page_edge < 0.5, "page_edge must be a share below a half")
        _require(0 < self.tinge_near <= self.tinge_far, "tinge_near and tinge_far must rise")
        _require(self.darkest > 1 and self.faint > 1, "darkest and faint must be above 1")
        _require(0 < self.alike <= self.twin <= 1, "alike and twin must be 0 to 1, in order")


@dataclass(frozen=True)
class OrientationSettings:
    """How a page that lies on its side or upside down is known. Probabilities are the orientation model's, which
    never says more than 0.94."""

    glance_side: int = 1000
    """Pixels of the longer side that the model's pictures are cut from: lines are still bands, characters are not
    blurred away in a quarter of the page."""
    sure_glance: float = 0.8
    """A page that one look finds upright with this probability is: no turned page of 333 measured came near it."""
    sure: float = 0.7
    """The same for the mean of the looks at the whole page and its quarters."""
    least_vote: float = 0.05
    """Ways less likely than this are not tried by reading."""
    sure_character: float = 0.9
    """A character read with this score counts as read."""
    reads_better: float = 1.25
    """Where the looks do not tell, a page is turned only if so many times as many characters of it then read as when
    it stays as it lies,"""
    least_more: int = 3
    """and so many more. Where they do tell, more must read: recognisers read some print that lies on its side, too."""
    print_em: float = 120.0
    """So much print is read each way, lines laid end to end: ten pieces of lines, or a hundred single digits."""
    word: int = 2
    """Characters of a word: one that stands alone says nothing of the way it is held,"""
    enough_in_words: int = 20
    """where so many sure characters stand in words."""
    longest_em: float = 12.0
    """So much of a long line is enough."""
    join_em: float = 0.45
    """Characters closer than this are one line: those of a line touch almost, lines stand further apart."""

    def __post_init__(self) -> None:
        _require(self.glance_side >= 224, "glance_side must be at least 224")
        _require(0 < self.sure <= 1 and 0 < self.sure_glance <= 1, "sure and sure_glance must be 0 to 1")
        _require(0 <= self.least_vote <= 1 and 0 < self.sure_character <= 1, "probabilities must be 0 to 1")
        _require(self.reads_better >= 1 and self.least_more >= 1, "reads_better and least_more must be at least 1")
        _require(self.word >= 1 and self.enough_in_words >= 1, "word and enough_in_words must be at least 1")
        _require(self.print_em > 0 and self.longest_em > 0 and self.join_em > 0, "lengths must be positive")


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
        _require(0 < self.remains_share <= 1 and 0 < self.remains_depth < 1, "remains_share, remains_depth are shares")
        _require(0 < self.share <= 1, "share must be between 0 and 1")
        _require(self.smooth_em <= self.min_length_em, "smooth_em must be at most min_length_em")


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
        _require(0 < self.doubt_cover <= self.edge_cover <= 1, "0 < doubt_cover <= edge_cover <= 1 must hold")


@dataclass(frozen=True)
class MarkSettings:
    """How marks are told by their shape alone. `em` is the height of the print."""

    alike_em: float = 0.06
    """Marks that were set alike differ by this and a pixel and a half in width and height;"""
    line_em: float = 0.08
    """and lie in one line within this and half a pixel."""
    colon_em: tuple[float, float] = (0.2, 0.75)
    """The points of a colon are so far apart, from middle to middle;"""
    colon_reach_em: float = 1.2
    """and stand this near to print: in the middle of a full width, which is 0.75 em off, more where em is measured on
    small characters."""
    dots_em: tuple[float, float] = (0.15, 0.65)
    """The dots of a row are so far apart from middle to middle;"""
    least_dots: int = 3
    """and there are so many."""
    flat_em: float = 0.26
    """Ink no higher than this is no character: a dash, or dots."""
    rough_em: float = 0.39
    """Smeared strokes have rough edges: in all so high,"""
    rough_ratio: float = 5.0
    """and so many times as long."""
    solid: float = 0.75
    """So much of a stroke's length has ink: two dashes set together leave a little room between them."""
    dash_ratio: float = 1.5
    """A dash is so many times as long as it is high."""
    short_dash_em: float = 0.76
    """A dash up to this long is no 一 (0.85 em and more);"""
    long_dash_em: float = 1.55
    """one this long is two of them set together."""
    least_dash_em: float = 0.16
    """A hyphen of Latin faces is 0.2 to 0.3 em long."""
    minus_level: tuple[float, float] = (0.25, 0.75)
    """A minus stands between these shares of the height of its figures."""
    least_alike: int = 3
    """Below mark_em only such dashes count as print as come so often in one table, alike in size and height,"""
    share_alike: float = 0.6
    """and are so many of all the small flat parts that stand alone in its cells."""
    alone: float = 0.6
    """A mark that is told by its shape is so much of all ink in its cell: elsewhere it may be what is left of print;"""
    off_middle: float = 0.2
    """and the middle of a flat one is no further from the cell's than this share of the cell's height,"""
    off_edge_em: float = 0.45
    """or it is as far from the cell's top and foot as a dash in a line of print is at least."""
    slash_height_em: float = 0.5
    """A slash is this high and more,"""
    slash_width_em: float = 0.8
    """this wide at most,"""
    slash_lean: float = 0.2
    """leans so much to the right for each pixel up (a figure one at most by the page's own skew),"""
    slash_stroke_em: float = 0.18
    """and is one straight stroke, no wider than this and a pixel."""

    def __post_init__(self) -> None:
        _require(self.colon_em[0] < self.colon_em[1] and self.dots_em[0] < self.dots_em[1], "least must be below most")
        _require(self.least_dots >= 3, "two dots make no row")
        _require(self.short_dash_em < self.long_dash_em, "short_dash_em must be below long_dash_em")


@dataclass(frozen=True)
class ReadingSettings:
    """How cells and lines become crops. `em` is the height of the print."""

    margin_side: float = 0.6
    """Blank kept left and right of a crop, in em: cut tight, a 0 reads as O."""
    margin_top: float = 0.17
    """Blank kept above and below, in heights of the ink: right for lines of Chinese."""
    line_em: float = 1.4
    """Digits are lower than characters: their crops get up to twice their height, to this many em, as in a line."""
    near_ruling_em: float = 0.35
    """Traced rulings are erased within this of a cell's side; long strokes elsewhere are print."""
    ruling_core_em: float = 0.16
    """Along a side all ink goes within this (and the ruling's thickness): crumbs of worn rulings."""
    touching_reach_em: float = 0.3
    """Print this near to what is erased may go on there,"""
    touching_print: float = 0.08
    """if within this around there is so much of it, in squares of its height: most of a figure one, no fleck;"""
    touching_edge: float = 0.03
    """or so much if all that is told from the ruling there is as high as a character: most of one lies on the band;"""
    touching_band_em: float = 1.0
    """what is erased of one ruling is no wider than this."""
    touching_free_em: float = 1.5
    """How the ruling looks by itself is seen within this above and below such print,"""
    touching_least_em: float = 0.2
    """if so much of it has none beside it."""
    touching_depth: float = 0.3
    """What is darker than it by so many times as much as the print is dark"""
    touching_usual: float = 0.8
    """and beyond what this share of the ruling varies by,"""
    touching_varied: float = 2.0
    """so many times over, is print,"""
    touching_em: float = 1.1
    """if it is no longer than a character."""
    crumb_em: float = 0.26
    """A flat part that lies within this of a cell's side altogether is a crumb of its ruling."""
    crumb_flat_em: float = 0.17
    """Flat is a part no thicker than this across the side."""
    speck_em: float = 0.09
    """Parts smaller than this in both directions are dust; a full stop is 0.12 em wide."""
    mark_em: float = 0.28
    """Parts smaller than this are marks (points, commas) or dust, not characters or dashes."""
    lonely_em: float = 0.7
    """A mark this far from all print is dust."""
    blob_em: float = 0.45
    """A part smaller than this in both directions is no character of its own: digits are 0.6 em tall and more."""
    lone_blob_em: float = 1.5
    """Such a part this far from every character is a large speck: marks stand close to what they belong to."""
    remains_em: float = 0.15
    """What is left of a character that a ruling was erased with is as large as this; crumbs of rulings lie flat."""
    squeeze_em: float = 0.8
    """Wider blanks inside a line are narrowed to this: cost is width, and spread headers read as one word."""
    apart_em: float = 2.6
    """Blanks wider than this part a line into two readings: two numbers must not run together."""
    short_line_em: float = 2.7
    """Lines of up to two characters one below the other are one word broken by a narrow column: read as one."""
    glyph_gap_em: float = 0.12
    """The blank between lines laid side by side: that between characters."""
    invented_sides: int = 1
    """So many sides of a cell without ruling ink are worth a flag."""
    long_line: float = 3.0
    """Crops of running text wider than this many heights"""
    narrowed: float = 0.8
    """are narrowed to this share of their width, which costs as much less to read."""
    detector_em: float = 18.0
    """Height in pixels at which the detector sees the print: it finds lines from about 10 pixels on."""
    detector_margin_em: float = 5.0
    """So much paper, in ems, is shown beside print (with one em beside it, lines are cut short)"""
    detector_narrow: float = 0.75
    """where that is no more than this share of the page's width; else all of it, which costs little more."""
    detector_little: float = 0.45
    """Where it is no more than this share, a page number or a date,"""
    detector_closer: float = 1.4
    """the print is shown so many times as large: a few strokes alone are easily missed."""
    unseen_em: float = 12.0
    """Print that it saw no line in is shown to it again where there is so much of it, in ems of line:"""
    unseen_word_em: float = 2.5
    """pieces so long,"""
    unseen_high_em: tuple[float, float] = (0.5, 2.2)
    """so high,"""
    unseen_gap_em: float = 0.9
    """with blanks of characters closed,"""
    unseen_around_em: float = 0.5
    """and this far from the lines that it saw."""
    unseen_agreed: float = 0.6
    """What it then finds counts where it is this share of that: paper grain has figures here and there."""
    low_score: float = 0.9
    """Readings below this are flagged."""
    marks: MarkSettings = field(default_factory=MarkSettings)
    slant_least_em: float = 1.8
    """A cell parted by a slanting rule holds a label on each side: it is this high and wide at least;"""
    slant_reach_em: float = 0.14
    """the rule lies this near to the line from corner to corner,"""
    slant_cover: float = 0.9
    """has ink over this share of it (a label or two that happen to lie there over half),"""
    slant_most: float = 1.6
    """and is a thin stroke: no more ink lies there than this, in lengths of the line times the reach."""

    def __post_init__(self) -> None:
        _require(0 <= self.margin_side <= 3, "margin_side must be 0 to 3")
        _require(0 < self.low_score < 1, "low_score must be between 0 and 1")


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
        _require(0 < self.gutter_em <= self.narrow_gutter_em, "gutter_em must be at most narrow_gutter_em")
        _require(all(0 < s <= 1 for s in (self.bar_solid, self.number_share, self.square)), "shares must be 0 to 1")
        _require(2 <= self.least_rows <= self.aligned_rows, "least_rows must be 2 to aligned_rows")


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
        _require(0 <= self.legible < 1, "legible must be 0 to 1")
        _require(self.stray_texts >= 0 and self.stray_length >= 0, "stray_texts, stray_length must not be negative")
        _require(0 < self.figures_share <= 1, "figures_share must be 0 to 1")
        _require(self.sheet_shift >= 0, "sheet_shift must not be negative")
        _require(0 < self.width_tolerance < 0.5, "width_tolerance must be 0 to 0.5")
        _require(0 < self.column_tolerance < 0.5, "column_tolerance must be 0 to 0.5")
        _require(0 < self.column_limit < 0.1, "column_limit must be 0 to 0.1")


@dataclass(frozen=True)
class CascadeSettings:
    """When the draft of the light model stands. Measured on 4,500 crops of bad scans that both models read
    (CHANGELOG.md): scores are those of the draft's least certain character."""

    sure_number: float = 0.9
    """One digit: above this, where the two models differed, the heavy one was wrong (O for 0, specks as points)."""
    sure_numbers: float = 0.99
    """The same for numbers of two digits and more, which score 1.0 where print is clear: on smeared pages the light
    model reads 39 as 30 with 0.96 to 0.99. Below, the heavy one sees hardly any digits of decent scans again."""
    sure_label: float = 0.97
    """Short texts: characters that differ by a stroke (办, 力) and lost brackets score up to 0.96 to 0.99."""
    sure_line: float = 0.9
    """Long lines: most of the columns; one character in doubt among dozens is no reason to read all of them again."""
    line_length: int = 12
    """Characters above which a text is a long line."""
    room: float = 0.35
    """Characters by which a short Chinese text may be longer than its reading; 三、本 read as 三本 is one longer."""
    spacing: float = 0.12
    """The blank between characters, in characters: cells printed one character a line are laid side by side so."""
    widest_digit: float = 0.95
    """A digit's width in its heights: 0.88 at most of 300 in small type, two that touch 1.0 and more."""

    def __post_init__(self) -> None:
        scores = (self.sure_number, self.sure_numbers, self.sure_label, self.sure_line)
        _require(all(0 <= score <= 1 for score in scores), "the scores of a sure draft must be 0 to 1")
        _require(self.line_length >= 1, "line_length must be positive")


@dataclass(frozen=True)
class EngineSettings:
    """Which model reads, on what."""

    engine: str = "onnxruntime"
    device: str = "cpu"
    model: str = "small"
    draft: str = "auto"
    """A lighter model that reads everything first; `model` then reads what it is unsure of. none: `model` reads all;
    auto: tiny before small, none before a model of the user's choice."""
    cascade: CascadeSettings = field(default_factory=CascadeSettings)
    threads: int = 0
    """Threads inside the model; 0 lets the engine take all cores."""
    models_dir: str | None = None
    detector: str = ""
    """Detection model; empty takes the one of the recogniser's size."""
    batch_columns: int = 1024
    """Pixel columns in one batch of crops: the output holds 2300 numbers a column, 9 MB at this size, and
    each lane holds one or two batches."""
    batch_crops: int = 16
    """Crops in one batch. On a CPU the cost of a column is the same from 4 to 64 crops (33 microseconds for small)."""
    alternatives: int = 5
    """Other readings kept of a short text."""
    alternatives_length: int = 16
    """Characters up to which a text counts as short: an amount of 12 digits with its separators."""
    alternatives_score: float = 0.98
    """Short texts that are no numbers get alternatives when a character scores below this."""

    def __post_init__(self) -> None:
        _require(self.engine in ("onnxruntime", "paddle"), "engine must be onnxruntime or paddle")
        _require(self.device == "cpu" or self.device.startswith("gpu"), "device must be cpu or gpu:N")
        _require(self.threads >= 0, "threads must not be negative")
        _require(self.batch_columns >= 64 and self.batch_crops >= 1, "a batch must hold at least one crop")
        _require(self.alternatives >= 0 and self.alternatives_length >= 0, "alternatives must not be negative")
        _require(0 <= self.alternatives_score <= 1, "alternatives_score must be 0 to 1")


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
        _require(0 < self.darkest_paper < 255, "darkest_paper must be between 0 and 255")
        _require(0 < self.grain_em < self.least_em, "0 < grain_em < least_em must hold")
        shares = (self.least_ink, self.least_free, self.least_extent, self.most_text)
        _require(all(0 < share <= 1 for share in shares), "the shares of a picture must be above 0, at most 1")


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
        _require(0 < self.row_overlap <= 1, "row_overlap must be above 0, at most 1")
        _require(self.size_ratio > 1 and self.title_ratio > 1, "ratios of print sizes must be above 1")
        _require(self.pitch_ratio > 1, "pitch_ratio must be above 1")
        _require(0 < self.edge < 0.5, "edge must be between 0 and 0.5")
        _require(0 < self.repeat_likeness <= 1, "repeat_likeness must be above 0, at most 1")
        _require(min(self.gutter, self.indent, self.short_line, self.centre) > 0, "lengths must be positive")


@dataclass(frozen=True)
class ReportSettings:
    """How tables are matched to known forms, checked and mended."""

    match_score: float = 0.6
    """A table is a known form from this likeness on (1 is label for label); other forms reach about 0.4."""
    label_score: float = 0.5
    """Two labels may be the same from this likeness on: a two-character label with one misread has 0.5."""
    low_score: float = 0.9
    """Numbers less sure than this get the flag low_score."""
    low_score_alone: float = 0.98
    """The same for numbers that no sum confirms: where a sum does, hardly any number is wrong, whatever its score."""
    low_score_long: float = 0.998
    """The same for numbers of four characters and more that no sum confirms: each character may be the wrong one."""
    low_label_score: float = 0.7
    """Labels less sure than this get the flag low_score; a misread label is seen, a misread number is believed."""
    certain_score: float = 0.995
    """A cell read with at least this score is never altered: then the print itself is more likely wrong."""
    damaged_share: float = 0.1
    """In a known form's table with more of its numbers in doubt no number is believed without a sum: two in twenty-two
    are in the worst of 400 tables of bad scans, a tenth to a half on faxed and streaked pages;"""
    damaged_least: int = 5
    """so many at least: of a small table's numbers two or three are in doubt on sound pages, too."""
    min_alternative: float = 0.04
    """Where two or more broken rules point at one cell, its alternative must be at least this probable: more probable
    than a sum that the office itself got wrong there."""
    min_alternative_single: float = 0.1
    """The same where one rule alone is broken: any of its cells could then be the wrong one, and what is not among the
    alternatives of the others has to be less likely still."""
    min_ratio: float = 20.0
    """The best mended reading must be this many times as likely as the second best that obeys the rules."""
    max_changes: int = 4
    """Cells altered together, as many as a stamp covers; beyond that the page is too bad to be mended by sums."""
    max_nodes: int = 20_000
    """Size of the search, after which nothing is altered (about half a second)."""
    infer_rules: bool = True
    """Look for sums in tables of no known form."""
    inferred_lines: int = 3
    """A sum no label speaks of counts when this many lines with two or more numbers not zero obey it."""
    inferred_breaks: float = 0.2
    """And when at most this share of the lines it can be tried on breaks it."""

    def __post_init__(self) -> None:
        _require(0 < self.label_score <= self.match_score <= 1, "label_score and match_score must be 0 to 1, in order")
        _require(0 <= self.low_score <= 1 and 0 <= self.low_label_score <= 1, "low scores must be 0 to 1")
        _require(0 < self.min_alternative <= self.min_alternative_single < 1, "min_alternative must be 0 to 1")
        _require(0 < self.certain_score <= 1, "certain_score must be 0 to 1")
        _require(0 < self.damaged_share <= 1, "damaged_share must be 0 to 1")
        _require(self.damaged_least >= 1, "damaged_least must be at least 1")
        _require(self.min_ratio >= 1, "min_ratio must be at least 1")
        _require(self.max_changes >= 0 and self.max_nodes >= 1, "max_changes and max_nodes must not be negative")
        _require(self.inferred_lines >= 2, "inferred_lines must be at least 2")
        _require(0 <= self.inferred_breaks < 0.5, "inferred_breaks must be below a half")


@dataclass(frozen=True)
class BatchSettings:
    """How many files are read side by side, and within which limits. None of it changes what is read."""

    jobs: int = 0
    """Worker processes; 0 takes one for each core."""
    recognisers: int = 0
    """Recognition processes beside the workers. 0 on the CPU: each worker reads its own pages, which spares the
    transport of the crops. On GPUs there is one for each device, whatever is set here."""
    page_timeout: float = 120.0
    """Seconds for one page: some fifty times what a dense table page takes with the small model on one core."""
    page_memory: int = 4096
    """Megabytes a worker may occupy: the largest page let in (120 million pixels) needs 3 GB with working copies."""
    start_timeout: float = 300.0
    """Seconds a worker may take to load its models: the first run fetches them first."""
    recycle_pages: int = 500
    """A worker is replaced after so many pages, so that whatever a library leaks stays small; loading the models
    again costs about two pages' time."""
    files_ahead: int = 4
    """Files open at once beyond the number of workers: enough that no worker waits for the last page of a file."""
    pages_waiting: int = 8
    """Analysed pages that may wait for one recognition process (2 MB each); beyond that analysis pauses."""
    pages_together: int = 8
    """Pages whose crops a recognition process reads in one go: its batches are full from some 300 crops on."""
    gpu_batch_columns: int = 65_536
    """Pixel columns in one batch on a GPU: 600 MB of output at 2300 numbers a column; halved when memory runs out."""
    fail_fast: bool = False
    """Stop at the first failure."""
    retry_failed: bool = False
    """Read pages and files again that failed in an earlier run."""

    def __post_init__(self) -> None:
        _require(self.jobs >= 0 and self.recognisers >= 0, "numbers of processes must not be negative")
        _require(self.page_timeout > 0 and self.start_timeout > 0, "time limits must be positive")
        _require(self.page_memory >= 64, "page_memory must be at least 64 MB")
        _require(self.recycle_pages >= 1 and self.files_ahead >= 0, "recycle_pages must be positive")
        _require(self.pages_waiting >= 1 and self.pages_together >= 1, "at least one page must be let through")
        _require(self.gpu_batch_columns >= 64, "a batch must hold at least one crop")


@dataclass(frozen=True)
class Settings:
    """All stages' settings."""

    source: SourceSettings = field(default_factory=SourceSettings)
    orientation: OrientationSettings = field(default_factory=OrientationSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    sheet: SheetSettings = field(default_factory=SheetSettings)
    negative: NegativeSettings = field(default_factory=NegativeSettings)
    fill: FillSettings = field(default_factory=FillSettings)
    stripe: StripeSettings = field(default_factory=StripeSettings)
    feeder_line: FeederLineSettings = field(default_factory=FeederLineSettings)
    fold: FoldSettings = field(default_factory=FoldSettings)
    marker: MarkerSettings = field(default_factory=MarkerSettings)
    pen: PenSettings = field(default_factory=PenSettings)
    grain: GrainSettings = field(default_factory=GrainSettings)
    bend: BendSettings = field(default_factory=BendSettings)
    seal: SealSettings = field(default_factory=SealSettings)
    seal_text: SealTextSettings = field(default_factory=SealTextSettings)
    ruling: RulingSettings = field(default_factory=RulingSettings)
    table: TableSettings = field(default_factory=TableSettings)
    open: OpenTableSettings = field(default_factory=OpenTableSettings)
    stitch: StitchSettings = field(default_factory=StitchSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    figures: FigureSettings = field(default_factory=FigureSettings)
    layout: LayoutSettings = field(default_factory=LayoutSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    reports: ReportSettings = field(default_factory=ReportSettings)
    batch: BatchSettings = field(default_factory=BatchSettings)

    def as_json(self) -> dict[str, object]:
        """The settings as plain values, for the record in document.json; those of the batch change no reading."""
        return {item.name: asdict(getattr(self, item.name)) for item in fields(self) if item.name != "batch"}
