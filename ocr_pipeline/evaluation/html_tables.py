"""HTML tables to trees and records, and back."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ocr_pipeline.evaluation.records import CellRecord, TableRecord

_CELLS = ("td", "th")
_KEPT = ("thead", "tbody", "tfoot", "tr")


@dataclass(eq=False)
class Node:
    """A node of a table's tree: table, thead, tbody, tfoot, tr or td (th counts as td). content: a cell's characters
    and inner tags, one token each."""

    tag: str
    col_span: int = 0
    row_span: int = 0
    content: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def size(self) -> int:
        return 1 + sum(child.size for child in self.children)


class _Reader(HTMLParser):
    """Builds the tree of every table met; a table inside a cell is read as that cell's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Node] = []
        self._open: list[Node] = []
        self._nested = 0

    @property
    def _cell(self) -> Node | None:
        return self._open[-1] if self._open and self._open[-1].tag == "td" else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._start_table()
        elif self._nested or not self._open:
            return
        elif tag in _CELLS:
            self._start_cell(dict(attrs))
        elif tag in _KEPT:
            self._start_row(tag)
        elif self._cell is not None:
            self._cell.content.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._end_table()
        elif self._nested or not self._open:
            return
        elif tag in _CELLS or tag in _KEPT:
            self._close_to("td" if tag in _CELLS else tag)
        elif self._cell is not None:
            self._cell.content.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.content.extend(data)

    def _start_table(self) -> None:
        if self._open:
            self._nested += 1
            return
        table = Node("table")
        self.tables.append(table)
        self._open = [table]

    def _end_table(self) -> None:
        if self._nested:
            self._nested -= 1
        else:
            self._open = []

    def _start_row(self, tag: str) -> None:
        while self._open[-1].tag in ("td", "tr") or (tag != "tr" and self._open[-1].tag in _KEPT):
            self._open.pop()
        self._push(Node(tag))

    def _start_cell(self, attrs: dict[str, str | None]) -> None:
        if self._cell is not None:
            self._open.pop()
        self._push(Node("td", _span(attrs.get("colspan")), _span(attrs.get("rowspan"))))

    def _push(self, node: Node) -> None:
        self._open[-1].children.append(node)
        self._open.append(node)

    def _close_to(self, tag: str) -> None:
        if any(node.tag == tag for node in self._open):
            while self._open.pop().tag != tag:
                pass


def _span(value: str | None) -> int:
    return max(1, int(value)) if value and value.strip().isdigit() else 1


def parse_tables(markup: str) -> tuple[Node, ...]:
    """The trees of all tables in a piece of HTML, in order."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return tuple(reader.tables)


def tree_of(table: TableRecord) -> Node:
    """A record as the tree table > tr > td, its texts normalised."""
    root = Node("table", children=[Node("tr") for _ in range(table.rows)])
    for cell in sorted(table.cells, key=lambda cell: cell.anchor):
        if cell.row < table.rows:
            root.children[cell.row].children.append(Node("td", cell.col_span, cell.row_span, list(cell.norm)))
    return root


def record_of(root: Node, table_id: str = "0") -> TableRecord:
    """A tree as a record: each cell goes to the next place of its row that no span above occupies."""
    rows = list(_rows(root))
    taken: set[tuple[int, int]] = set()
    cells: list[CellRecord] = []
    for row, node in enumerate(rows):
        col = 0
        for cell in node.children:
            while (row, col) in taken:
                col += 1
            height = min(cell.row_span, len(rows) - row)
            taken.update((row + r, col + c) for r in range(height) for c in range(cell.col_span))
            text = "".join(token for token in cell.content if len(token) == 1)
            cells.append(CellRecord(row, col, height, cell.col_span, text))
            col += cell.col_span
    cols = max((cell.col + cell.col_span for cell in cells), default=0)
    return TableRecord(id=table_id, rows=len(rows), cols=cols, cells=tuple(cells))


def _rows(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in node.children:
        found.extend([child] if child.tag == "tr" else _rows(child))
    return found


def html_of(table: TableRecord) -> str:
    """A record as HTML, its texts normalised and escaped."""
    rows = []
    for row in tree_of(table).children:
        cells = (
            f'<td rowspan="{cell.row_span}" colspan="{cell.col_span}">{html.escape("".join(cell.content))}</td>'
            for cell in row.children
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<html><body><table>{''.join(rows)}</table></body></html>"
