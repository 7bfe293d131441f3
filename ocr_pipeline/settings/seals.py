"""How seals are found, and their texts read."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


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
        require(0 < self.min_side_em <= self.min_em < self.max_em, "min_side_em, min_em, max_em must rise")
        require(self.most_ink >= 1, "most_ink must be at least 1")
        require(0 < self.frame_least_lean <= 6, "frame_least_lean must be above 0 and at most 6 degrees")


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
        require(self.least_side >= 32, "least_side must be at least 32 pixels")
        require(0 < self.close_paper < self.wide_paper < 0.5, "close_paper and wide_paper must rise, below a half")
        require(self.tinge >= 1, "tinge must be at least 1")
        require(0 < self.rim_depth < 0.5, "rim_depth must be 0 to a half")
        require(0 < self.usual_strength < 100, "usual_strength is a percentile")
        require(0 < self.foot_from <= self.foot_tall_from < 180, "foot_from and foot_tall_from must rise, below 180")
        require(0 < self.inner_least < self.inner_most, "inner_least and inner_most must rise")
        require(0 <= self.least_inner <= 1, "least_inner must be 0 to 1")
        require(0 < self.figures_ink < 100, "figures_ink is a percentile")
        require(0 < self.star_from < self.star_to < 1, "star_from and star_to must rise within 0 to 1")
        require(-1 <= self.high < self.middle < self.low <= 1, "high, middle and low must rise within -1 to 1")
        require(0 < self.line_least < self.line_most, "line_least and line_most must rise")
        require(0 < self.row_least < 0.5 and 0 < self.row_blank < 1, "row_least and row_blank must be shares")
        require(0 < self.row_gap < 0.5, "row_gap must be 0 to a half")
        require(self.line_gap < self.line_lost, "line_gap and line_lost must rise")
        require(self.line_lopsided > 1 and 0 < self.line_thin < 1, "line_lopsided must be over, line_thin below 1")
        require(self.places * self.line_least >= 1, "places must tell lines of the least height apart")
        require(0 <= self.sure <= 1 and 0 <= self.least_line <= 1, "scores must be 0 to 1")
        require(0 <= self.least_foot <= 1, "least_foot must be 0 to 1")
        require(0 <= self.doubtful <= 1 and 0 <= self.doubtful_share <= 1, "doubtful and its share must be 0 to 1")
        require(0 <= self.page_edge < 0.5, "page_edge must be a share below a half")
        require(0 < self.tinge_near <= self.tinge_far, "tinge_near and tinge_far must rise")
        require(self.darkest > 1 and self.faint > 1, "darkest and faint must be above 1")
        require(0 < self.alike <= self.twin <= 1, "alike and twin must be 0 to 1, in order")
