"""The whole report as a Word document: titles, headings, text by role, tables with real merges, doubts marked."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import docx
from docx.enum.text import WD_COLOR_INDEX

from ocr_pipeline.document import Block, Cell, Document, Page, PageStatus, Role, Table
from ocr_pipeline.export.docxstyle import SEAL, STYLES, set_styles
from ocr_pipeline.export.docxtable import add_table
from ocr_pipeline.export.fixedzip import restamped
from ocr_pipeline.export.flow import reading_flow
from ocr_pipeline.export.json import well_formed
from ocr_pipeline.export.reasons import block_reason, cell_reason

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.run import Run

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for the time of writing, which would make every file differ."""
_AUTHOR = "ocr-pipeline"
_LONGEST_TITLE = 255
"""Characters of a document's property."""
_ONE_LINE = {Role.TITLE, Role.HEADING, Role.TABLE_TITLE}


def docx_bytes(document: Document) -> bytes:
    """The report as a .docx file's content, the same for the same document; page numbers are left out.

    Texts stand in plain runs: no fields, no links. Doubtful cells are tinted, doubtful text is highlighted, and a
    comment says why. Raises ValueError when cells overlap.
    """
    word = docx.Document()
    set_styles(word)
    for page, items in reading_flow(document):
        _page_notice(word, page)
        above = ""
        for item in items:
            if isinstance(item, Table):
                _table(word, item, titled=item.title == above)
            else:
                _block(word, item)
            above = "" if isinstance(item, Table) else item.text
        for seal in page.seals if page else ():
            if seal.text.strip():
                word.add_paragraph(f"〔{_clean(seal.text, ' ')}〕", style=SEAL)
    return _saved(word, document.filing.title or "")


def _page_notice(word: WordDocument, page: Page | None) -> None:
    if page is not None and (page.message or page.status is PageStatus.FAILED):
        said = f"Page {page.index + 1} could not be read. " if page.status is PageStatus.FAILED else ""
        run = word.add_paragraph().add_run(f"{said}{_clean(page.message, ' ')}")
        run.italic = True


def _block(word: WordDocument, block: Block) -> None:
    if block.role is Role.PAGE_NUMBER or not (block.text.strip() or block.flags):
        return
    text = _clean(block.text, " " if block.role in _ONE_LINE else "\n")
    run = word.add_paragraph(style=STYLES.get(block.role, "Normal")).add_run(text)
    if block.flags:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        _comment(word, run, block_reason(block))


def _table(word: WordDocument, table: Table, titled: bool) -> None:
    """titled: its title stands above it already, as a heading."""
    if table.title.strip() and not titled:
        word.add_paragraph(_clean(table.title, " "), style=STYLES[Role.TABLE_TITLE])
    if not table.rows or not table.cols:
        return

    def mark(run: Run, cell: Cell) -> None:
        _comment(word, run, cell_reason(cell))

    add_table(word, table, _clean, mark)
    word.add_paragraph()  # or two tables in a row would become one


def _comment(word: WordDocument, run: Run, reason: str) -> None:
    word.add_comment(run, _clean(reason), author=_AUTHOR, initials="ocr")


def _clean(text: str, line_end: str = "\n") -> str:
    """The text without what XML cannot hold."""
    return line_end.join(_CONTROL.sub("", well_formed(text)).splitlines())


def _saved(word: WordDocument, title: str) -> bytes:
    """The file's bytes without the times of writing."""
    properties = word.core_properties
    properties.title = _clean(title, " ")[:_LONGEST_TITLE]
    properties.author = properties.last_modified_by = _AUTHOR
    properties.comments = ""
    properties.created = properties.modified = _WRITTEN
    for comment in word.comments:
        comment._comment_elm.date = _WRITTEN
    stream = io.BytesIO()
    word.save(stream)
    return restamped(stream.getvalue(), {})
