"""The document as Markdown (CommonMark with pipe tables); a scan's text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr_pipeline.document import Block, Document, Figure, Page, PageStatus, Role, Table
from ocr_pipeline.export.flow import Shown, reading_flow, with_figures
from ocr_pipeline.export.grid import has_spans, head_rows, slots_by_row
from ocr_pipeline.export.html import table_html
from ocr_pipeline.export.json import well_formed

_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_INLINE = re.compile(r"[\\`*_{}\[\]#|~!$@^]|(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
_LINE_START = re.compile(r"^([-+=:]|[0-9]+(?=[.)]))")
_PREFIX = {Role.TITLE: "# ", Role.HEADING: "## "}
_BOLD = {Role.TABLE_TITLE, Role.DOCUMENT_NUMBER}


def document_markdown(document: Document) -> str:
    """The document in reading order, tables and pictures in their place; page numbers are left out.

    Tables without merged cells are pipe tables, the others HTML tables. Raises ValueError when cells overlap.
    """
    pieces: list[str] = []
    for page, items in reading_flow(document):
        pieces += _page_notice(page)
        pieces += _items(with_figures(page, items))
        pieces += [f"*{markdown_text(seal.text)}*" for seal in page.seals if seal.text.strip()] if page else []
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def markdown_text(text: str, line_end: str = "\\\n") -> str:
    """The text escaped so that it renders as itself, in one paragraph: no markup, no link, no HTML."""
    return line_end.join(_LINE_START.sub(_break_start, line) for line in _safe_lines(text))


def _cell_text(text: str) -> str:
    """The same inside a pipe table, where nothing begins a line."""
    return "<br>".join(_safe_lines(text))


def _safe_lines(text: str) -> list[str]:
    lines = [line.strip() for line in _CONTROL.sub("", well_formed(text)).splitlines()]
    return [_escaped(line) for line in lines if line]


def _escaped(line: str) -> str:
    safe = _INLINE.sub(lambda match: "\\" + match.group(), line)
    return re.sub("[&<>]", lambda match: _ENTITIES[match.group()], safe)


def _break_start(match: re.Match[str]) -> str:
    # `1.` would start a list: the dot is escaped, as a digit cannot be.
    return match.group() + "\\" if match.group()[0].isdigit() else "\\" + match.group()


def _page_notice(page: Page | None) -> list[str]:
    if page is None or not (page.message or page.status is PageStatus.FAILED):
        return []
    if page.status is not PageStatus.FAILED:
        return [f"*{markdown_text(page.message, ' ')}*"]
    return [f"*Page {page.index + 1} could not be read. {markdown_text(page.message, ' ')}*"]


def _items(items: Sequence[Shown]) -> Iterator[str]:
    """Each item; a table whose title stands above it as a heading goes without."""
    headings: set[str] = set()
    for item in items:
        if isinstance(item, Table):
            yield _table(replace(item, title="") if item.title in headings else item)
            headings.clear()
        elif isinstance(item, Figure):
            yield f"![]({item.file})"
        else:
            headings |= {item.text} if item.role in _PREFIX else set()
            yield _block(item)


def _block(block: Block) -> str:
    if block.role is Role.PAGE_NUMBER:
        return ""
    if block.role in _PREFIX:
        title = markdown_text(block.text, " ")
        return _PREFIX[block.role] + title if title else ""
    text = markdown_text(block.text)
    return f"**{text}**" if text and block.role in _BOLD else text


def _table(table: Table) -> str:
    if not table.rows or not table.cols:
        return f"**{markdown_text(table.title, ' ')}**" if table.title.strip() else ""
    if has_spans(table):
        return table_html(table).rstrip("\n")
    title = f"**{markdown_text(table.title, ' ')}**\n\n" if table.title.strip() else ""
    return title + _pipe_table(table)


def _pipe_table(table: Table) -> str:
    rows = [[_cell_text(slot.text) for slot in row] for row in slots_by_row(table)]
    # A pipe table cannot do without a head: where the print has none, an empty one.
    head = rows.pop(0) if head_rows(table) else [""] * table.cols
    return "\n".join(["| " + " | ".join(row) + " |" for row in (head, ["---"] * table.cols, *rows)])
