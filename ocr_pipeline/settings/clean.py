"""How a page is set upright and its light evened."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


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
        require(0 < self.max_skew <= 45, "max_skew must be 0 to 45 degrees")
        require(0 < self.coarse_step <= 2, "coarse_step must be 0 to 2 degrees")
        require(0 < self.least_contrast <= self.ink_contrast, "least_contrast must be at most ink_contrast")
        require(0 < self.ink_ratio < 1, "ink_ratio must be between 0 and 1")


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
        require(self.glance_side >= 224, "glance_side must be at least 224")
        require(0 < self.sure <= 1 and 0 < self.sure_glance <= 1, "sure and sure_glance must be 0 to 1")
        require(0 <= self.least_vote <= 1 and 0 < self.sure_character <= 1, "probabilities must be 0 to 1")
        require(self.reads_better >= 1 and self.least_more >= 1, "reads_better and least_more must be at least 1")
        require(self.word >= 1 and self.enough_in_words >= 1, "word and enough_in_words must be at least 1")
        require(self.print_em > 0 and self.longest_em > 0 and self.join_em > 0, "lengths must be positive")


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
        require(self.side >= 100, "side must be at least 100 pixels")
        require(0 < self.darker < 255, "darker must be between 0 and 255 gray levels")
        shares = (self.most_at_edge, self.least_area, self.straight, self.least_filled)
        require(all(0 < share < 1 for share in shares), "the shares of a sheet must be between 0 and 1")
        require(0 <= self.rim < 0.1, "rim must be 0 to 0.1")


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
        require(0 < self.least_length < 1, "least_length must be between 0 and 1")
        require(self.least_rulings >= 2, "least_rulings must be 2 or more")
        require(self.least_em > 0 and 0 < self.most_left < 1, "least_em must be above 0, most_left between 0 and 1")
        require(self.most_off > 1, "most_off must be above 1")
        require(self.arch_print >= 4 and self.arch_strips >= 8, "arch_print must be 4 or more, arch_strips 8 or more")
        require(0 < self.arch_steepest < 1 and 0 < self.arch_agree < 1, "arch_steepest and arch_agree must be 0 to 1")
        require(self.arch_clearer > 1, "arch_clearer must be above 1")
