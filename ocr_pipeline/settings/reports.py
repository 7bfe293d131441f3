"""How forms are known and sums checked."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


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
        require(0 < self.label_score <= self.match_score <= 1, "label_score and match_score must be 0 to 1, in order")
        require(0 <= self.low_score <= 1 and 0 <= self.low_label_score <= 1, "low scores must be 0 to 1")
        require(0 < self.min_alternative <= self.min_alternative_single < 1, "min_alternative must be 0 to 1")
        require(0 < self.certain_score <= 1, "certain_score must be 0 to 1")
        require(0 < self.damaged_share <= 1, "damaged_share must be 0 to 1")
        require(self.damaged_least >= 1, "damaged_least must be at least 1")
        require(self.min_ratio >= 1, "min_ratio must be at least 1")
        require(self.max_changes >= 0 and self.max_nodes >= 1, "max_changes and max_nodes must not be negative")
        require(self.inferred_lines >= 2, "inferred_lines must be at least 2")
        require(0 <= self.inferred_breaks < 0.5, "inferred_breaks must be below a half")
