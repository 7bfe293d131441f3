"""How crops are cut, read and put back."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr_pipeline.settings.checks import require


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
        require(self.colon_em[0] < self.colon_em[1] and self.dots_em[0] < self.dots_em[1], "least must be below most")
        require(self.least_dots >= 3, "two dots make no row")
        require(self.short_dash_em < self.long_dash_em, "short_dash_em must be below long_dash_em")


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
        require(0 <= self.margin_side <= 3, "margin_side must be 0 to 3")
        require(0 < self.low_score < 1, "low_score must be between 0 and 1")


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
        require(all(0 <= score <= 1 for score in scores), "the scores of a sure draft must be 0 to 1")
        require(self.line_length >= 1, "line_length must be positive")


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
        require(self.engine in ("onnxruntime", "paddle"), "engine must be onnxruntime or paddle")
        require(self.device == "cpu" or self.device.startswith("gpu"), "device must be cpu or gpu:N")
        require(self.threads >= 0, "threads must not be negative")
        require(self.batch_columns >= 64 and self.batch_crops >= 1, "a batch must hold at least one crop")
        require(self.alternatives >= 0 and self.alternatives_length >= 0, "alternatives must not be negative")
        require(0 <= self.alternatives_score <= 1, "alternatives_score must be 0 to 1")
