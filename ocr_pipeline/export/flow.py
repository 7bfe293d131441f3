"""The document in reading order: blocks as layout ordered them, each table and picture where it stands among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocr_pipeline.document import Block, Document, Figure, Page, Role, Table
from ocr_pipeline.geometry import Box

Item = Block | Table
Shown = Item | Figure


def reading_flow(document: Document, *, repeated_titles: bool = False) -> Iterator[tuple[Page | None, list[Item]]]:
    """Each page with its items in reading order; tables that belong to no page come last, with None for the page.

    A table belongs to the page of its first part. A title block that only repeats the title of a table of its page
    is left out unless asked for, as the table brings its title along.
    """
    waiting = list(document.tables)
    for page in document.pages:
        here = [table for table in waiting if table.parts and table.parts[0].page == page.index]
        waiting = [table for table in waiting if table not in here]
        yield page, _page_items(page, here, repeated_titles)
    if waiting:
        yield None, list(waiting)


def with_figures(page: Page | None, items: Sequence[Item]) -> list[Shown]:
    """A page's items in reading order with its pictures among them."""
    shown: list[Shown] = list(items)
    if page is not None:
        for figure in page.figures:
            shown.insert(_place(figure.box, shown, page), figure)
    return shown


def _page_items(page: Page, tables: list[Table], repeated_titles: bool) -> list[Item]:
    titles = set() if repeated_titles else {table.title for table in tables if table.title}
    items: list[Item] = [b for b in page.blocks if not (b.role is Role.TABLE_TITLE and b.text in titles)]
    for table in sorted(tables, key=lambda table: _depth(table.parts[0].box, page)):
        items.insert(_place(table.parts[0].box, items, page), table)
    return items


def _place(box: Box, items: Sequence[Shown], page: Page) -> int:
    """The place with the fewest items on the wrong side; the reading order itself is not touched."""
    top = _depth(box, page)
    above = [_depth(item.parts[0].box if isinstance(item, Table) else item.box, page) <= top for item in items]
    wrong = [above[:n].count(False) + above[n:].count(True) for n in range(len(items) + 1)]
    return wrong.index(min(wrong))


def _depth(box: Box, page: Page) -> float:
    """How far down the upright page a source box begins: the page may have been scanned on its side."""
    return {0: box.y0, 90: box.x0, 180: -box.y1, 270: -box.x1}.get(page.orientation, box.y0)
