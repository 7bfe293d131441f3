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
    """The place with the fewest items on the wrong side: in its own column those above behind it or below before it, of
    other columns those beside it on the left behind it or on the right before it; then with the fewest others so. The
    reading order itself is not touched."""
    own = _upright(box, page)
    sides = [_side(_upright(_box(item), page), own) for item in items]
    wrong = [
        tuple(
            sum(sure is counted and first is (at >= n) for at, (first, sure) in enumerate(sides))
            for counted in (True, False)
        )
        for n in range(len(items) + 1)
    ]
    return wrong.index(min(wrong))


def _box(item: Shown) -> Box:
    return item.parts[0].box if isinstance(item, Table) else item.box


def _side(other: Box, own: Box) -> tuple[bool, bool]:
    """Whether another box comes before a box, and whether that is sure. Both upright."""
    level = other.y0 < own.y1 and own.y0 < other.y1
    if other.x1 <= own.x0 or own.x1 <= other.x0:
        return (other.x0 < own.x0, True) if level else (other.y0 <= own.y0, False)
    return other.y0 <= own.y0, True


def _upright(box: Box, page: Page) -> Box:
    """A source box as it lies once the page stands upright, wherever its origin is."""
    turned = {
        90: Box(-box.y1, box.x0, -box.y0, box.x1),
        180: Box(-box.x1, -box.y1, -box.x0, -box.y0),
        270: Box(box.y0, -box.x1, box.y1, -box.x0),
    }
    return turned.get(page.orientation, box)


def _depth(box: Box, page: Page) -> float:
    """How far down the upright page a source box begins: the page may have been scanned on its side."""
    return _upright(box, page).y0
