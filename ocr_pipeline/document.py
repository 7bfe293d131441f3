"""The result: Document > Page > Block | Seal, and Document > Table > Cell.

Everything here is immutable and holds plain values, so that it pickles, compares and serialises without surprises.
Page indices are 0-based; rows and columns are 0-based logical positions of the whole table; boxes and quads are in
pixels of the source page image, origin top left. `text` is the cleaned reading (no blanks between Chinese
characters), `raw` the reading as it came (printed lines separated by a line feed).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ocr_pipeline.geometry import Box, Quad

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "ocr-pipeline/1"


class Flag(StrEnum):
    """Why a reading should not be trusted without a look."""

    LOW_SCORE = "low_score"
    RULE_BROKEN = "rule_broken"
    REPAIRED = "repaired"
    UNDER_SEAL = "under_seal"
    UNREAD_INK = "unread_ink"
    UNPARSED_NUMBER = "unparsed_number"
    INVENTED_EDGE = "invented_edge"
    CORRECTED = "corrected"


class Role(StrEnum):
    """The part a block plays on the page; official documents after GB/T 9704."""

    DOCUMENT_NUMBER = "document_number"
    TITLE = "title"
    RECIPIENT = "recipient"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE_TITLE = "table_title"
    NOTE = "note"
    SIGNATURE = "signature"
    DATE = "date"
    COPIES = "copies"
    PRINTED = "printed"
    HEADER = "header"
    FOOTER = "footer"
    PAGE_NUMBER = "page_number"
    FIGURE = "figure"
    OTHER = "other"


class CellRole(StrEnum):
    """The part a cell plays in its table."""

    COLUMN_HEADER = "column_header"
    ROW_HEADER = "row_header"
    STUB_HEAD = "stub_head"
    SECTION = "section"
    DATA = "data"


class PageStatus(StrEnum):
    OK = "ok"
    BLANK = "blank"
    FAILED = "failed"


class DocumentStatus(StrEnum):
    OK = "ok"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of the same crop, with its probability (0 to 1)."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of running text."""

    text: str
    raw: str
    score: float
    box: Box
    quad: Quad
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, in reading order."""

    role: Role
    text: str
    raw: str
    score: float
    box: Box
    quad: Quad
    flags: tuple[Flag, ...] = ()
    lines: tuple[Line, ...] = ()
    by_person: bool = False
    """A person corrected or confirmed the text."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A stamp on the page. shape: round, oval, square, other; colour: red, blue, violet, grey.

    raw: the lettering as it was read; text differs from it and flags hold REPAIRED where words that stamps have, places
    that there are, or names that the document prints decided between the recogniser's own candidates; LOW_SCORE
    where the text may well be wrong, or not all of it."""

    box: Box
    quad: Quad
    shape: str
    colour: str
    text: str
    score: float
    raw: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture on the page: a photograph, a chart, a code to be scanned. file: where it is cut out to, in the folder
    of results."""

    box: Box
    quad: Quad
    file: str


@dataclass(frozen=True, slots=True)
class CellPart:
    """Where a cell, or the further part of a cell cut by a page break, stands on paper."""

    page: int
    box: Box
    quad: Quad


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell with its span; page, box and quad are those of its first part."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    raw: str
    score: float
    role: CellRole
    page: int
    box: Box
    quad: Quad
    flags: tuple[Flag, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    continued: tuple[CellPart, ...] = ()
    value: float | int | None = None
    unit: str | None = None
    note: str | None = None
    """A plain word on why the reading was changed or is in doubt."""
    raw_score: float | None = None
    """The recogniser's own score where `score` is the probability of being right made of it."""
    by_person: bool = False
    """A person corrected or confirmed the text: nothing alters or doubts it any more."""

    def __post_init__(self) -> None:
        if self.row < 0 or self.col < 0 or self.row_span < 1 or self.col_span < 1:
            raise ValueError(f"impossible cell position: {self.row},{self.col} span {self.row_span}x{self.col_span}")

    def flagged(self, flag: Flag) -> Cell:
        """The same cell with one more flag (once); what a person said is not doubted."""
        return self if self.by_person or flag in self.flags else replace(self, flags=(*self.flags, flag))


@dataclass(frozen=True, slots=True)
class TablePart:
    """The rows of a table (first to last, inclusive) that stand on one page, and the box around them."""

    page: int
    box: Box
    rows: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Check:
    """An arithmetic rule and whether the table obeys it. cells are (row, col); expected and found are printed sums."""

    rule: str
    ok: bool
    cells: tuple[tuple[int, int], ...]
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Table:
    """One logical table, whatever number of pages it was printed on."""

    id: str
    title: str
    profile: str | None
    rows: int
    cols: int
    parts: tuple[TablePart, ...]
    cells: tuple[Cell, ...]
    checks: tuple[Check, ...] = ()

    def cell_at(self, row: int, col: int) -> Cell | None:
        """The cell that covers a position, None where a ragged grid leaves a hole."""
        for cell in self.cells:
            if cell.row <= row < cell.row + cell.row_span and cell.col <= col < cell.col + cell.col_span:
                return cell
        return None

    def to_grid(self, *, fill_spans: bool = True) -> list[list[str]]:
        """The texts as a dense grid of rows x cols; a merged cell's text at each position, or only its first."""
        grid = [[""] * self.cols for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(self.rows, cell.row + cell.row_span)):
                for col in range(cell.col, min(self.cols, cell.col + cell.col_span)):
                    if fill_spans or (row, col) == (cell.row, cell.col):
                        grid[row][col] = cell.text
        return grid

    @property
    def header_rows(self) -> int:
        """How many of the first rows hold no data cell (at most all but one row)."""
        data_rows = [cell.row for cell in self.cells if cell.role is CellRole.DATA]
        return min(data_rows) if data_rows else 0

    def to_dataframe(self) -> pd.DataFrame:
        """The table as a pandas DataFrame; header rows become the (multi-level) column index.

        Raises ModuleNotFoundError with a hint when pandas is not installed.
        """
        try:
            import pandas as pd
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError("to_dataframe() needs pandas: pip install pandas") from error
        grid = self.to_grid()
        depth = self.header_rows
        if depth == 0:
            return pd.DataFrame(grid)
        header = list(zip(*grid[:depth], strict=True))
        columns = pd.Index([h[0] for h in header]) if depth == 1 else pd.MultiIndex.from_tuples(header)
        return pd.DataFrame(grid[depth:], columns=columns)

    def to_html(self) -> str:
        """The table as HTML with real spans; every text escaped."""
        from ocr_pipeline.export.html import table_html

        return table_html(self)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as found. skew: degrees removed, positive where the print runs counter-clockwise; orientation: degrees
    (0, 90, 180, 270) by which the source image has to be turned clockwise to stand upright."""

    index: int
    width: int
    height: int
    dpi: float
    orientation: int
    skew: float
    status: PageStatus
    blocks: tuple[Block, ...] = ()
    seals: tuple[Seal, ...] = ()
    dpi_estimated: bool = False
    skew_confidence: float = 0.0
    message: str = ""
    """Why the page failed, or why nothing could be read of a blank one, in one sentence; empty otherwise."""
    figures: tuple[Figure, ...] = ()
    """Pictures from top to bottom."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What the document says of itself; None where absent. date is ISO (YYYY-MM-DD)."""

    number: str | None = None
    title: str | None = None
    issuer: str | None = None
    date: str | None = None
    recipient: str | None = None
    copies: str | None = None
    printed: str | None = None
    seal: str | None = None
    agrees: bool | None = None
    """Whether issuer, signature and seal name the same office; None where one of them is absent."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """The file that was read: its path as given, its SHA-256 and its number of pages."""

    path: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What read it: model names by task, package versions, settings as JSON-ready values."""

    models: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One thing a person should look at. kind: cell, block, check, seal, page; worst first by severity (0 to 1)."""

    kind: str
    severity: float
    reason: str
    page: int
    box: Box | None = None
    table: str | None = None
    row: int | None = None
    col: int | None = None
    text: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file, read."""

    source: SourceInfo
    engine: EngineInfo
    filing: Filing
    pages: tuple[Page, ...]
    tables: tuple[Table, ...]
    review: tuple[ReviewItem, ...] = ()
    schema: str = SCHEMA

    @property
    def status(self) -> DocumentStatus:
        failed = any(page.status is PageStatus.FAILED for page in self.pages)
        return DocumentStatus.PARTIAL if failed else DocumentStatus.OK

    def to_markdown(self) -> str:
        """The document as Markdown, tables in their place in the text."""
        from ocr_pipeline.export.markdown import document_markdown

        return document_markdown(self)

    def to_html(self) -> str:
        """The document as one HTML page, every text escaped."""
        from ocr_pipeline.export.html import document_html

        return document_html(self)

    def to_json(self) -> str:
        """The document by the output contract, as JSON text."""
        from ocr_pipeline.export.json import document_json

        return document_json(self)
