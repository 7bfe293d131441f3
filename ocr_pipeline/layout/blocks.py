"""From rows to blocks: paragraphs, titles over several rows, single rows that stand for themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ocr_pipeline.document import Block, Flag, Line, Role
from ocr_pipeline.geometry import Box, Point, Quad
from ocr_pipeline.layout import patterns
from ocr_pipeline.layout.lines import LayoutPage, ReadLine
from ocr_pipeline.layout.rows import Column, Row
from ocr_pipeline.layout.text import join_lines
from ocr_pipeline.settings import LayoutSettings

# What word processors never break: numbers and Latin words. A line may end early because the next one did not fit.
_UNBROKEN = re.compile(r"[0-9A-Za-z.%/+-]*")
_ENDS_SENTENCE = re.compile(r"[。；！？：:;.!?][”’）)」』]?$")


@dataclass(frozen=True)
class Draft:
    """Rows that belong together, before and after they got their role. above_table, below_table: distance in em to the
    table that comes next in the column, None where text comes first; amid: whether they stand over the middle of the
    table below."""

    rows: tuple[Row, ...]
    column: Column
    role: Role | None
    centred: bool
    large: bool
    above_table: float | None = None
    below_table: float | None = None
    amid: bool = False

    @cached_property
    def box(self) -> Box:
        return Box.around(row.box for row in self.rows)

    @cached_property
    def text(self) -> str:
        return join_lines([row.text for row in self.rows])

    @property
    def indent(self) -> float:
        """How far the first row starts inside the left margin, in em."""
        return self.column.indent(self.rows[0])

    def with_role(self, role: Role) -> Draft:
        return replace(self, role=role)


def drafts_of(column: Column, page: LayoutPage, settings: LayoutSettings) -> list[Draft]:
    """The column's blocks from top to bottom. Rows whose wording alone tells their role already have it."""
    drafts: list[Draft] = []
    table_before: Box | None = None
    for item in column.items:
        if isinstance(item, Box):
            if drafts and drafts[-1].above_table is None and table_before is None:
                gap = (item.y0 - drafts[-1].box.y1) / column.em
                drafts[-1] = replace(drafts[-1], above_table=gap)
            table_before = item
            continue
        draft = _draft(item, column, page, settings)
        if drafts and table_before is None and _continues(drafts[-1], draft, settings):
            drafts[-1] = replace(drafts[-1], rows=(*drafts[-1].rows, item))
        elif table_before is None:
            drafts.append(draft)
        else:
            drafts.append(replace(draft, below_table=(item.box.y0 - table_before.y1) / column.em))
            table_before = None
    return drafts


def _draft(row: Row, column: Column, page: LayoutPage, settings: LayoutSettings) -> Draft:
    return Draft(
        rows=(row,),
        column=column,
        role=_role_by_wording(row, column, page, settings),
        centred=column.is_centred(row, settings),
        large=column.is_large(row, settings.title_ratio),
        amid=any(_is_amid(row.box, table, column.em, settings) for table in page.obstacles),
    )


def _is_amid(row: Box, table: Box, em: float, settings: LayoutSettings) -> bool:
    """Whether a row stands over the middle of a table, with the notes that go with it at most in between."""
    near = 0 <= table.y0 - row.y1 <= 2 * settings.beside_table * em
    before, after = row.x0 - table.x0, table.x1 - row.x1
    return near and abs(before - after) < settings.centre * em and min(before, after) > settings.centre_gap * em


def _role_by_wording(row: Row, column: Column, page: LayoutPage, settings: LayoutSettings) -> Role | None:
    text = row.text
    if patterns.PAGE_NUMBER.fullmatch(text.replace(" ", "")) and _at_edge(row, column, page, settings):
        return Role.PAGE_NUMBER
    if patterns.parse_document_number(text):
        return Role.DOCUMENT_NUMBER
    if patterns.COPIES.match(text):
        return Role.COPIES
    if patterns.PRINTED.fullmatch(text):
        return Role.PRINTED
    stands_apart = column.indent(row) > settings.centre_gap or row.box.centre[0] > page.width / 2
    if patterns.is_date(text) and stands_apart:
        return Role.DATE
    if patterns.FIGURE_NUMBER.match(text) and column.is_centred(row, settings):
        return Role.FIGURE
    if patterns.UNIT_NOTE.match(text) or patterns.FOOT_NOTE.match(text):
        return Role.NOTE
    return None


def _at_edge(row: Row, column: Column, page: LayoutPage, settings: LayoutSettings) -> bool:
    """Whether a row is the outermost print of the page, near its upper or lower edge."""
    middle = row.box.centre[1]
    others = [line.box.centre[1] for line in page.lines if line not in row.lines]
    others += [y for box in page.obstacles for y in (box.y0, box.y1)]
    apart = 0.5 * column.em
    last = all(y < middle + apart for y in others) and middle > (1 - settings.edge) * page.height
    first = all(y > middle - apart for y in others) and middle < settings.edge * page.height
    return first or last


def _continues(before: Draft, after: Draft, settings: LayoutSettings) -> bool:
    """Whether a row (the only one of `after`) goes on with the block before it."""
    row, last, column = after.rows[0], before.rows[-1], after.column
    step = row.box.centre[1] - last.box.centre[1]
    if after.role is not None or before.role not in (None, Role.COPIES, Role.NOTE):
        return False
    if step < 0.5 * column.em or not _same_size(last, row, settings.size_ratio):
        return False
    if before.centred and after.centred and _is_title_like(before, after):
        return step <= 1.4 * settings.pitch_ratio * max(last.height, row.height)
    if step > settings.pitch_ratio * column.pitch or (before.centred and len(before.rows) > 1 and before.large):
        return False
    if before.role is Role.COPIES:
        return column.slack(last) <= settings.centre_gap
    if _starts_item(before, row, settings):
        return False
    return _runs_on(last, row, column, settings) and not _starts_paragraph(before, row, column, settings)


def _starts_item(before: Draft, row: Row, settings: LayoutSettings) -> bool:
    """Whether a row is the next item of a list: an answer of an exam, or a new number after a numbered text, unless
    the row before was full and its sentence not at an end."""
    if patterns.ANSWER.match(row.text):
        return True
    if patterns.marker_level(row.text) is None:
        return False
    last = before.rows[-1]
    in_list = patterns.marker_level(before.text) is not None or patterns.ANSWER.match(before.text) is not None
    at_end = before.column.slack(last) > settings.short_line or _ENDS_SENTENCE.search(last.text) is not None
    return in_list and at_end


def _is_title_like(before: Draft, after: Draft) -> bool:
    text = after.rows[0].text
    sentence = _ENDS_SENTENCE.search(before.text) or text.startswith("—") or before.text.startswith("—")
    return patterns.marker_level(text) is None and before.role is None and not sentence


def _same_size(a: Row, b: Row, ratio: float) -> bool:
    """Whether two rows may be one print, by their height or by the width of their characters. A row of one or two
    marks is no measure."""
    if min(len(a.text), len(b.text)) <= 2 or max(a.height, b.height) <= ratio * min(a.height, b.height):
        return True
    if a.advance is None or b.advance is None:
        return False
    return max(a.advance, b.advance) <= ratio * min(a.advance, b.advance)


def _runs_on(last: Row, row: Row, column: Column, settings: LayoutSettings) -> bool:
    """Whether a row is so full that the next word had to go to the next line."""
    word = _UNBROKEN.match(row.text)
    needed = settings.short_line + (len(word.group()) if word else 0) * 0.55
    if not _ENDS_SENTENCE.search(last.text):
        # One or two characters more may have been carried over with a mark that must not begin a line.
        needed += 1.0
    return column.slack(last) <= needed


def _starts_paragraph(before: Draft, row: Row, column: Column, settings: LayoutSettings) -> bool:
    """Whether a row is set in as the first of a paragraph is, and not as the rest of a hanging item."""
    first = before.rows[0]
    hanging = len(before.rows) > 1 and abs(row.box.x0 - before.rows[1].box.x0) < 0.8 * column.em
    if column.indent(row) - min(0.0, column.indent(first)) <= settings.indent:
        return False
    if patterns.has_marker(row.text):
        return True
    opens_item = patterns.has_marker(before.text) and row.box.x0 > first.box.x0 + 0.4 * column.em
    return not (opens_item and (hanging or (len(before.rows) == 1 and not _ENDS_SENTENCE.search(before.text))))


def block_of(draft: Draft, role: Role) -> Block:
    """The published block: boxes and quads in source pixels, score the mean of its lines', flags their union."""
    lines = [line for row in draft.rows for line in row.lines]
    flags: dict[Flag, None] = dict.fromkeys(flag for line in lines for flag in line.flags)
    return Block(
        role=role,
        text=draft.text,
        raw="\n".join(line.raw for line in lines),
        score=sum(line.score for line in lines) / len(lines),
        box=Box.around(line.box_source for line in lines),
        quad=around_quads([line.quad_source for line in lines]),
        flags=tuple(flags),
        lines=tuple(_published(line) for line in lines),
    )


def _published(line: ReadLine) -> Line:
    return Line(line.text, line.raw, line.score, line.box_source, line.quad_source, line.flags)


def around_quads(quads: Sequence[Quad]) -> Quad:
    """The smallest rectangle, tilted as the print is, around quads of one frame. ValueError when there are none."""
    if not quads:
        raise ValueError("no quads to go around")
    if len(quads) == 1:
        return quads[0]
    along = _direction([(q.points[0], q.points[1]) for q in quads] + [(q.points[3], q.points[2]) for q in quads])
    if along is None:
        return Quad.of_box(Box.around(q.box for q in quads))
    (ux, uy), (vx, vy) = along, (-along[1], along[0])
    points = [point for quad in quads for point in quad.points]
    us = [x * ux + y * uy for x, y in points]
    vs = [x * vx + y * vy for x, y in points]
    u0, u1, v0, v1 = min(us), max(us), min(vs), max(vs)

    def corner(u: float, v: float) -> Point:
        return u * ux + v * vx, u * uy + v * vy

    return Quad((corner(u0, v0), corner(u1, v0), corner(u1, v1), corner(u0, v1)))


def _direction(edges: Sequence[tuple[Point, Point]]) -> Point | None:
    """The mean direction of edges, long ones weighing more; None when they cancel out."""
    dx = sum(b[0] - a[0] for a, b in edges)
    dy = sum(b[1] - a[1] for a, b in edges)
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length > 1e-9 else None
