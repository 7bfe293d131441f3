"""What the review page knows of a document, as JSON-ready values (the page's own format, not the output contract)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import PurePath

from ocr_pipeline.document import Alternative, Block, Cell, Document, Page, ReviewItem, Seal, Table
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.review.corrections import Corrections, corrections_json
from ocr_pipeline.review.formula import signs_of

Json = dict[str, object]


def page_data(document: Document, corrections: Corrections | None = None) -> Json:
    """Everything the page shows. Coordinates are source pixels rounded to a tenth; quads are eight numbers."""
    return {
        "schema": document.schema,
        "name": PurePath(document.source.path.replace("\\", "/")).name,
        "sha256": document.source.sha256,
        "filing": asdict(document.filing),
        "pages": [_page(page) for page in document.pages],
        "tables": [_table(table) for table in document.tables],
        "review": [_review(item) for item in document.review],
        "corrections": json.loads(corrections_json(corrections)) if corrections else None,
    }


def script_json(data: object) -> str:
    """JSON that can stand inside a script element: ASCII, and no character that HTML gives a meaning to."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _page(page: Page) -> Json:
    return {
        "index": page.index,
        "width": page.width,
        "height": page.height,
        "orientation": page.orientation,
        "status": str(page.status),
        "message": page.message,
        "blocks": [_block(block) for block in page.blocks],
        "seals": [_seal(seal) for seal in page.seals],
    }


def _block(block: Block) -> Json:
    return {
        "role": str(block.role),
        "text": block.text,
        "raw": block.raw,
        "score": round(block.score, 4),
        "flags": [str(flag) for flag in block.flags],
        "byPerson": block.by_person,
        "box": _box(block.box),
        "quad": _quad(block.quad),
    }


def _seal(seal: Seal) -> Json:
    return {"text": seal.text, "score": round(seal.score, 4), "box": _box(seal.box), "quad": _quad(seal.quad)}


def _table(table: Table) -> Json:
    return {
        "id": table.id,
        "title": table.title,
        "rows": table.rows,
        "cols": table.cols,
        "parts": [{"page": part.page, "box": _box(part.box), "first": part.rows[0]} for part in table.parts],
        "cells": [_cell(cell) for cell in table.cells],
        "checks": [
            {
                "rule": check.rule,
                "ok": check.ok,
                "cells": [list(place) for place in check.cells],
                "expected": check.expected,
                "found": check.found,
                "signs": signs,
            }
            for check, signs in zip(table.checks, signs_of(table), strict=True)
        ],
    }


def _cell(cell: Cell) -> Json:
    parts = [(cell.page, cell.quad), *((part.page, part.quad) for part in cell.continued)]
    return {
        "row": cell.row,
        "col": cell.col,
        "rowSpan": cell.row_span,
        "colSpan": cell.col_span,
        "text": cell.text,
        "raw": cell.raw,
        "score": round(cell.score, 4),
        "role": str(cell.role),
        "flags": [str(flag) for flag in cell.flags],
        "byPerson": cell.by_person,
        "others": [_alternative(other) for other in cell.alternatives],
        "note": cell.note,
        "parts": [{"page": page, "quad": _quad(quad)} for page, quad in parts],
    }


def _alternative(other: Alternative) -> Json:
    return {"text": other.text, "score": round(other.score, 4)}


def _review(item: ReviewItem) -> Json:
    return {
        "kind": item.kind,
        "severity": round(item.severity, 4),
        "reason": item.reason,
        "page": item.page,
        "box": _box(item.box) if item.box else None,
        "table": item.table,
        "row": item.row,
        "col": item.col,
        "text": item.text,
    }


def _box(box: Box) -> list[float]:
    return [round(value, 1) for value in (box.x0, box.y0, box.x1, box.y1)]


def _quad(quad: Quad) -> list[float]:
    return [round(value, 1) for point in quad.points for value in point]
