"""The exact truth of a made document, in the field names of the output contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from .geometry import Matrix, Points, apply, bounds, box_points, skew_at
from .grid import kind_of
from .scan import Scan
from .sheet import Block, Piece, PrintedTable, Sheet
from .stamps import Stamp, touches

SCHEMA = "ocr-pipeline-truth/1"
Json = dict[str, Any]


def _rounded(points: Points) -> list[list[float]]:
    return [[round(float(x), 2), round(float(y), 2)] for x, y in points]


def _place(points: Points, matrix: Matrix) -> Json:
    """`quad` and `box` in pixels of the scan, of four points of the print."""
    carried = apply(matrix, points)
    return {"quad": _rounded(carried), "box": [round(v, 2) for v in bounds(carried)]}


def _quad(points: Points, matrix: Matrix) -> list[list[float]]:
    return _rounded(apply(matrix, points))


def _is_under(points: Points, stamps: Sequence[Stamp]) -> bool:
    return any(touches(stamp.outline(), points) for stamp in stamps)


def _block(block: Block, matrix: Matrix, stamps: Sequence[Stamp]) -> Json:
    boxes = [box_points(line.box()) for line in block.lines]
    whole = box_points(bounds(np.concatenate(boxes)))
    made: Json = {"role": block.role, "text": block.text, **_place(whole, matrix)}
    made["under_seal"] = any(_is_under(box, stamps) for box in boxes)
    if block.continued:
        made["continued"] = True
    made["lines"] = [
        {"text": line.text, "quad": _quad(box, matrix), "under_seal": _is_under(box, stamps)}
        for line, box in zip(block.lines, boxes, strict=True)
    ]
    return made


def _seal(stamp: Stamp, matrix: Matrix) -> Json:
    made = _place(stamp.corners(), matrix)
    # The box is that of the rim: the corners of a round seal's square lie outside its ink.
    made["box"] = [round(v, 2) for v in bounds(apply(matrix, stamp.outline()))]
    return {
        **made, "shape": stamp.shape, "colour": stamp.colour, "text": stamp.text, "kind": stamp.kind,
        "arc": stamp.arc, "lines": list(stamp.lines),
    }  # fmt: skip


def _page(index: int, sheet: Sheet, stamps: Sequence[Stamp], scan: Scan) -> Json:
    mine = [stamp for stamp in stamps if stamp.page == index]
    middle = (sheet.size[0] / 2, sheet.size[1] / 2)
    skew = skew_at(scan.from_points, *middle) - scan.geometry.orientation
    return {
        "index": index,
        "width": scan.geometry.width,
        "height": scan.geometry.height,
        "dpi": scan.dpi,
        "skew": round((skew + 180.0) % 360.0 - 180.0, 4),
        "orientation": scan.geometry.orientation,
        "homography": [[round(float(v), 9) for v in row] for row in scan.from_points],
        "blocks": [_block(b, scan.from_points, mine) for b in sheet.blocks if b.page == index],
        "seals": [_seal(stamp, scan.from_points) for stamp in mine],
    }


def _cell(
    table: PrintedTable,
    index: int,
    pieces: Sequence[Piece],
    scans: Sequence[Scan],
    stamps: Sequence[Stamp],
) -> Json:
    cell = table.grid.cells[index]
    first = pieces[0]
    made: Json = {
        "row": cell.row, "col": cell.col, "row_span": cell.row_span, "col_span": cell.col_span,
        "text": cell.text, "kind": kind_of(cell.text), "role": cell.role, "page": first.page,
        **_place(box_points(first.box), scans[first.page].from_points),
    }  # fmt: skip
    under = False
    parts: list[Json] = []
    for piece in pieces:
        mine = [stamp for stamp in stamps if stamp.page == piece.page]
        under = under or _is_under(box_points(piece.box), mine)
        matrix = scans[piece.page].from_points
        lines = [{"text": line.text, "quad": _quad(box_points(line.box()), matrix)} for line in piece.lines]
        parts.append({"page": piece.page, **_place(box_points(piece.box), matrix), "lines": lines})
    made["under_seal"] = under
    made["lines"] = parts[0]["lines"] if len(parts) == 1 else [ln for part in parts for ln in part["lines"]]
    if len(parts) > 1:
        made["parts"] = parts
    return made


def _table(table: PrintedTable, scans: Sequence[Scan], stamps: Sequence[Stamp]) -> Json:
    parts: list[Json] = []
    for page in sorted({row[0] for row in table.rows}):
        mine = [i for i, row in enumerate(table.rows) if row[0] == page]
        top = min([table.rows[mine[0]][1], *(piece.box[1] for piece in table.repeats if piece.page == page)])
        box = (table.edges[0], top, table.edges[-1], table.rows[mine[-1]][2])
        place = _place(box_points(box), scans[page].from_points)
        parts.append({"page": page, "rows": [mine[0], mine[-1]], **place})
    by_cell: dict[int, list[Piece]] = {}
    for piece in table.pieces:
        by_cell.setdefault(piece.cell, []).append(piece)
    cells = [_cell(table, i, by_cell[i], scans, stamps) for i in range(len(table.grid.cells))]
    return {
        "id": table.id, "title": table.grid.title, "rows": table.grid.rows, "cols": table.grid.cols,
        "header_rows": table.grid.header_rows, "parts": parts, "cells": cells,
    }  # fmt: skip


def build(sheet: Sheet, scans: Sequence[Scan], stamps: Sequence[Stamp], source: Json, filing: Json | None) -> Json:
    """The whole truth of a document."""
    return {
        "schema": SCHEMA,
        "source": source,
        "filing": filing,
        "pages": [_page(i, sheet, stamps, scan) for i, scan in enumerate(scans)],
        "tables": [_table(table, scans, stamps) for table in sheet.tables],
    }


def dumps(truth: Json) -> str:
    """One short line a cell, block or seal, so that a change shows as a small difference."""
    text = json.dumps(truth, ensure_ascii=False, separators=(",", ":"))
    return text.replace(',{"row":', ',\n{"row":').replace(',{"role":', ',\n{"role":') + "\n"
