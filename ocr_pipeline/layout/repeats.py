"""What only the whole document shows: running heads and feet, and which title is the document's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ocr_pipeline.document import Block, Role
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.lines import LayoutPage
from ocr_pipeline.settings import LayoutSettings

PageBlocks = tuple[LayoutPage, tuple[Block, ...]]

# Roles whose wording is proof enough; unit notes do repeat on the pages of a long table.
_SETTLED = frozenset(
    {Role.PAGE_NUMBER, Role.DOCUMENT_NUMBER, Role.RECIPIENT, Role.COPIES, Role.PRINTED}
    | {Role.DATE, Role.NOTE, Role.FIGURE}
)
# Roles of what may be a table's title where it stands right above one: those of a long table repeat on its pages, those
# of a form on every copy of it.
_TITLES = frozenset({Role.TABLE_TITLE, Role.TITLE, Role.HEADING})
_BODY = frozenset({Role.PARAGRAPH, Role.RECIPIENT, Role.HEADING})
_DIGITS = re.compile(r"\d+")
# The same place: this part of the page's height or width apart at most.
_SAME_PLACE = 0.02


# Running heads return within so many pages; it also keeps the work in proportion to the number of pages.
_NEIGHBOURS = 6
# A table's title stands so near to it at most, in heights of print: a line that names its unit fits in between.
_ABOVE_EM = 5.0
# Characters of a page number, dashes and all.
_NUMBER_LENGTH = 6


@dataclass(frozen=True)
class _Candidate:
    page: int
    block: int
    text: str
    x: float
    y: float
    parity: int
    role: Role
    columns: int
    """How many columns the page's first table has, if the text is a title right above it; else 0."""


def assign_document_roles(pages: Sequence[PageBlocks], settings: LayoutSettings) -> tuple[tuple[Block, ...], ...]:
    """The blocks of every page with their final roles, in the same order.

    A block at one place near the edge of several pages with the same text (numbers aside) becomes header or footer; a
    very short one where other pages have their number becomes a page number, whatever it was read as. A title on a
    page after the body has begun becomes a heading, unless that page has a document number of its own.
    """
    repeated = _repeated(pages, settings)
    result: list[tuple[Block, ...]] = []
    body_begun = False
    for number, (page, blocks) in enumerate(pages):
        own_head = any(block.role is Role.DOCUMENT_NUMBER for block in blocks)
        settled = []
        for position, block in enumerate(blocks):
            role = repeated.get((number, position), block.role)
            if role is Role.TITLE and body_begun and not own_head:
                role = Role.HEADING
            settled.append(block if role is block.role else replace(block, role=role))
        result.append(tuple(settled))
        body_begun = body_begun or bool(page.obstacles) or any(block.role in _BODY for block in settled)
    return tuple(result)


def _repeated(pages: Sequence[PageBlocks], settings: LayoutSettings) -> dict[tuple[int, int], Role]:
    """(page, block) of running heads and feet, with their role."""
    candidates = [c for number, item in enumerate(pages) for c in _candidates(number, item, settings)]
    numbers = [c for c in candidates if c.role is Role.PAGE_NUMBER]
    roles: dict[tuple[int, int], Role] = {}
    for candidate in candidates:
        if candidate.role in _SETTLED:
            continue
        # Where other pages have their number, something as short is this page's, however it was read.
        if len(candidate.text) <= _NUMBER_LENGTH and any(_same_place(candidate, other) for other in numbers):
            roles[candidate.page, candidate.block] = Role.PAGE_NUMBER
        elif _runs(candidate, [c for c in candidates if _same(candidate, c, settings.repeat_likeness)]):
            roles[candidate.page, candidate.block] = Role.HEADER if candidate.y < 0.5 else Role.FOOTER
    return roles


def _runs(candidate: _Candidate, same: Sequence[_Candidate]) -> bool:
    """Whether a text is a running head or foot, given the same text at its place on other pages. Where each of them
    stands above a table with as many columns it is the title of a long one, or of many; an office signs at no page's
    head."""
    if candidate.y > 0.5 and candidate.role in (Role.SIGNATURE, Role.TABLE_TITLE):
        return False
    return any(not candidate.columns or other.columns != candidate.columns for other in same)


def _candidates(number: int, item: PageBlocks, settings: LayoutSettings) -> list[_Candidate]:
    page, blocks = item
    upright = {line.quad_source: line.box for line in page.lines}
    found = []
    for position, block in enumerate(blocks):
        boxes = [upright[line.quad] for line in block.lines if line.quad in upright]
        if not boxes or len(boxes) > 2:
            continue
        box = Box.around(boxes)
        x, y = box.centre[0] / page.width, box.centre[1] / page.height
        if y < settings.edge or y > 1 - settings.edge:
            columns = page.first_columns if _heads_table(position, box, item) else 0
            found.append(
                _Candidate(number, position, _DIGITS.sub("0", block.text), x, y, number % 2, block.role, columns)
            )
    return found


def _heads_table(position: int, box: Box, item: PageBlocks) -> bool:
    """Whether a block may be the title of the topmost table on its page. box: of its lines, upright pixels."""
    page, blocks = item
    if blocks[position].role is Role.TABLE_TITLE:
        return True
    top = min((table.y0 for table in page.obstacles), default=0.0)
    upright = {line.quad_source: line.box for line in page.lines}
    between = [
        other.role
        for other in blocks
        for line in other.lines
        if line.quad in upright and box.y1 <= upright[line.quad].centre[1] <= top
    ]
    near = 0.0 <= top - box.y1 <= _ABOVE_EM * page.text_height
    return blocks[position].role in _TITLES and near and set(between) <= {Role.NOTE}


def _same_place(a: _Candidate, b: _Candidate) -> bool:
    """Whether two candidates stand at one place of two pages. Left and right pages may be mirror images."""
    if not 0 < abs(a.page - b.page) <= _NEIGHBOURS or abs(a.y - b.y) > _SAME_PLACE:
        return False
    return abs(a.x - b.x) <= _SAME_PLACE or (a.parity != b.parity and abs(a.x - (1 - b.x)) <= 2 * _SAME_PLACE)


def _same(a: _Candidate, b: _Candidate, likeness: float) -> bool:
    """Whether two candidates are one running head."""
    if b.role in _SETTLED or not _same_place(a, b):
        return False
    return SequenceMatcher(None, a.text, b.text, autojunk=False).ratio() >= likeness
