"""The roles of a page's blocks, in the terms of GB/T 9704.

Order matters: wording that leaves no doubt first (a number, 抄送, 印发), then what the place on the page tells of the
rest (head of the document, beside a table, its end), and paragraph last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr_pipeline.document import Block, Role
from ocr_pipeline.layout import patterns
from ocr_pipeline.layout.blocks import Draft, block_of, drafts_of
from ocr_pipeline.layout.lines import LayoutPage
from ocr_pipeline.layout.rows import columns_of
from ocr_pipeline.settings import LayoutSettings

_COLON_END = re.compile(r"[:：;；]$")
_SENTENCE = re.compile(r"[。；！？，,;!?]")
_CLAUSE = re.compile(r"[，；,;]")
_CLAUSES = 2
"""Marks between clauses that no title has."""
_CHINESE_LEVELS = (0, 1)
_PART_LEVEL = 2
# How far down its page the head of a document may reach; a title further down has text before it.
_HEAD = 0.75


def build_blocks(page: LayoutPage, settings: LayoutSettings) -> tuple[Block, ...]:
    """The page's blocks in reading order, each with the role that this page alone can tell.

    Every line of the page is in exactly one block. A paragraph cut by the page's end stays one block on each page; it
    is never joined across pages, since every block has one box on one page. `assign_document_roles` then settles what
    only the whole document shows (running heads, titles further on).
    """
    drafts = [draft for column in columns_of(page, settings) for draft in drafts_of(column, page, settings)]
    drafts = _with_head(drafts, page, settings)
    drafts = _with_table_roles(drafts, settings)
    drafts = _with_end(drafts, page, settings)
    drafts = _with_margins(drafts, page, settings)
    return tuple(block_of(draft, draft.role or _body_role(draft, settings)) for draft in drafts)


def _body_role(draft: Draft, settings: LayoutSettings) -> Role:
    return Role.HEADING if _is_heading(draft, settings) else Role.PARAGRAPH


def _is_heading(draft: Draft, settings: LayoutSettings) -> bool:
    """A short numbered text that is no sentence, or a short text in the middle of the line."""
    text = draft.text
    if len(text) > settings.heading_length or _COLON_END.search(text):
        return False
    level = patterns.marker_level(text)
    if level is None:
        return draft.centred and not _SENTENCE.search(text) and sum(ch.isalpha() for ch in text) > 1
    if level in _CHINESE_LEVELS and text.endswith("。") and len(text) <= settings.heading_length // 2:
        # （一）主动公开方面。 printed as a heading with a stop.
        text = text[:-1]
    if _SENTENCE.search(text):
        return False
    return level in (*_CHINESE_LEVELS, _PART_LEVEL) or len(draft.rows) == 1


# --- The head: letterhead, number, title, recipient ---


def _with_head(drafts: list[Draft], page: LayoutPage, settings: LayoutSettings) -> list[Draft]:
    end = _end_of_head(drafts, page, settings)
    centred = [i for i in range(end) if drafts[i].role is None and _in_title_place(drafts[i])]
    number = next((i for i in range(end) if drafts[i].role is Role.DOCUMENT_NUMBER), None)
    titles = centred
    if number is not None and any(i > number for i in centred):
        titles = [i for i in centred if i > number]
    titles = [i for i in titles if not patterns.LETTERHEAD.fullmatch(drafts[i].text) or len(titles) == 1]
    result = list(drafts)
    large = any(drafts[i].large for i in titles)
    for i in centred:
        role = _role_in_head(drafts[i], large) if i in titles else Role.HEADER
        result[i] = drafts[i].with_role(role)
    if end < len(drafts) and (titles or page.index == 0) and _is_recipient(drafts[end]):
        result[end] = drafts[end].with_role(Role.RECIPIENT)
    return result


def _role_in_head(draft: Draft, large: bool) -> Role:
    """Title, unless the title is set large and this is not: then who wrote it, or some other line under the title."""
    if draft.large or not large or draft.text.startswith("—"):
        return Role.TITLE
    return Role.SIGNATURE if patterns.OFFICE_END.search(draft.text) else Role.OTHER


def _end_of_head(drafts: Sequence[Draft], page: LayoutPage, settings: LayoutSettings) -> int:
    """The first block of the body: text that is neither centred, nor large, nor told by its wording. On pages after
    the first a head needs large print."""
    for i, draft in enumerate(drafts):
        if draft.below_table is not None or draft.box.y0 > _HEAD * page.height:
            return i
        if draft.role is not None:
            continue
        in_place = _in_title_place(draft) and (page.index == 0 or draft.large)
        beside = draft.above_table is not None and draft.above_table <= settings.beside_table
        # What is large and has no table's number is the document's title, be it right above its only table.
        of_table = _is_table_title(draft, settings, beside=beside and not draft.large)
        if not in_place or patterns.marker_level(draft.text) is not None or of_table:
            return i
    return len(drafts)


def _in_title_place(draft: Draft) -> bool:
    """In the middle or large, and no sentence, which a title may name but is not."""
    return (draft.centred or draft.large) and not _is_prose(draft.text)


def _is_prose(text: str) -> bool:
    return text.endswith("。") or len(_CLAUSE.findall(text)) >= _CLAUSES


def _is_recipient(draft: Draft) -> bool:
    text = draft.text
    at_margin = draft.indent < 1.2
    plain = patterns.marker_level(text) is None and not re.search(r"[。！？]", text)
    return draft.role is None and at_margin and plain and _COLON_END.search(text) is not None and len(text) > 2


# --- Beside tables ---


def _with_table_roles(drafts: list[Draft], settings: LayoutSettings) -> list[Draft]:
    result = list(drafts)
    near = settings.beside_table
    distance: float | None = None
    for i in range(len(result) - 1, -1, -1):
        draft = result[i]
        if draft.above_table is not None:
            distance = draft.above_table
        elif distance is not None and i + 1 < len(result):
            distance = (result[i + 1].box.y0 - draft.box.y1) / draft.column.em
        if distance is None or distance > near:
            distance = None
            if draft.role is None and _is_table_title(draft, settings, beside=False):
                result[i] = draft.with_role(Role.TABLE_TITLE)
            continue
        result[i] = _beside(draft, settings)
        if result[i].role is not Role.NOTE:
            distance = None
    return [_below(draft, near) for draft in result]


def _beside(draft: Draft, settings: LayoutSettings) -> Draft:
    """A block right above a table, or above its unit note."""
    if draft.role is not None:
        return draft
    notes = patterns.MAKER_NOTE.match, patterns.TABLE_NOTE.match, patterns.PERIOD_NOTE.fullmatch
    if any(told(draft.text) for told in notes):
        return draft.with_role(Role.NOTE)
    return draft.with_role(Role.TABLE_TITLE) if _is_table_title(draft, settings, beside=True) else draft


def _below(draft: Draft, near: float) -> Draft:
    if draft.role is not None or draft.below_table is None or draft.below_table > near:
        return draft
    return draft.with_role(Role.NOTE) if patterns.TABLE_NOTE.match(draft.text) else draft


def _is_table_title(draft: Draft, settings: LayoutSettings, *, beside: bool) -> bool:
    """A short text that is no sentence: numbered as a table, or in the middle right above one (beside)."""
    text = draft.text
    if len(draft.rows) > 2 or len(text) > settings.heading_length or _SENTENCE.search(text) or _COLON_END.search(text):
        return False
    if patterns.TABLE_NUMBER.match(text) or (beside and patterns.YEARBOOK_NUMBER.match(text)):
        return True
    amid = draft.centred or draft.amid
    return beside and amid and patterns.marker_level(text) is None


# --- The end: signature and date ---


def _with_end(drafts: list[Draft], page: LayoutPage, settings: LayoutSettings) -> list[Draft]:
    result = list(drafts)
    last_body = max((i for i, d in enumerate(drafts) if _is_running_text(d, page, settings)), default=-1)
    for i, draft in enumerate(drafts):
        if draft.role is not None or not _is_name(draft, settings):
            continue
        dated = _beside_date(drafts, i, settings)
        right = draft.box.centre[0] > page.width / 2 and draft.indent > settings.centre_gap
        named = patterns.OFFICE_END.search(draft.text) is not None
        if (dated and draft.indent > settings.indent and (named or right)) or (right and named and i > last_body):
            result[i] = draft.with_role(Role.SIGNATURE)
    return result


def _is_running_text(draft: Draft, page: LayoutPage, settings: LayoutSettings) -> bool:
    if draft.role is not None:
        return draft.role in (Role.TITLE, Role.RECIPIENT)
    return not (_is_name(draft, settings) and draft.box.centre[0] > page.width / 2)


def _is_name(draft: Draft, settings: LayoutSettings) -> bool:
    """Whether a text may be the name of an office: short, unnumbered, no marks. A date may follow it on the row."""
    text = draft.text
    plain = patterns.marker_level(text) is None and not re.search(r"[。；！？，：:;!?]", text)
    return plain and 2 <= len(text) <= settings.signature_length and len(draft.rows) <= 2


def _beside_date(drafts: Sequence[Draft], i: int, settings: LayoutSettings) -> bool:
    """Whether the block belongs to a date: the next block that is no name is one, or the row ends in one."""
    if patterns.ends_with_date(drafts[i].text):
        return True
    for follower in drafts[i + 1 : i + 4]:
        if follower.role is Role.DATE:
            return True
        if follower.role is not None or not _is_name(follower, settings) or follower.indent <= settings.indent:
            return False
    return False


# --- Above and below the body ---


def _with_margins(drafts: list[Draft], page: LayoutPage, settings: LayoutSettings) -> list[Draft]:
    """A small row alone at the very top or bottom, well apart from the text, is a running head or foot."""
    if len(drafts) < 3:
        return drafts
    return [_outside(draft, drafts, page, settings) for draft in drafts]


def _outside(draft: Draft, drafts: Sequence[Draft], page: LayoutPage, settings: LayoutSettings) -> Draft:
    small = draft.column.size(draft.rows[0]) < 0.9
    if draft.role is not None or len(draft.rows) > 1 or not small or _is_heading(draft, settings):
        return draft
    apart = 2.5 * draft.column.em
    others = [d.box for d in drafts if d is not draft] + list(page.obstacles)
    at_top = draft.box.y1 < settings.edge * page.height
    at_bottom = draft.box.y0 > (1 - settings.edge) * page.height
    if at_top and all(box.y0 > draft.box.y1 + apart for box in others):
        return draft.with_role(Role.HEADER)
    if at_bottom and all(box.y1 < draft.box.y0 - apart for box in others):
        return draft.with_role(Role.FOOTER)
    return draft
