"""A small made document, as a truth and as its perfect prediction, to damage at will."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ocr_pipeline.evaluation.records import CellRecord, DocumentRecord, PageRecord, PartRecord, SealRecord, TableRecord
from ocr_pipeline.geometry import Box

ROWS = (
    ("项目", "数量", "金额", "备注"),
    ("受理", "12", "3,400.50", "—"),
    ("办结", "7", "15%", ""),
    ("结转", "0", "", "其他"),
)
WIDTH, HEIGHT = 120.0, 40.0


def cell_box(row: int, col: int, row_span: int = 1, col_span: int = 1) -> Box:
    left, top = 100 + col * WIDTH, 200 + row * HEIGHT
    return Box(left, top, left + col_span * WIDTH, top + row_span * HEIGHT)


def grid(rows: Sequence[Sequence[str]], **fields: Any) -> TableRecord:
    """A table of simple cells."""
    cells = tuple(
        CellRecord(row, col, 1, 1, text, 0, cell_box(row, col))
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
    )
    return TableRecord(id="t1", rows=len(rows), cols=len(rows[0]), cells=cells, **fields)


def table() -> TableRecord:
    """Five rows: a title over all columns, then ROWS; the last number lies under a seal."""
    title = CellRecord(0, 0, 1, 4, "年度情况", 0, cell_box(0, 0, 1, 4))
    body = tuple(
        replace(cell, row=cell.row + 1, box=cell_box(cell.row + 1, cell.col), under_seal=cell.text == "0")
        for cell in grid(ROWS).cells
    )
    box = Box(100, 200, 100 + 4 * WIDTH, 200 + 5 * HEIGHT)
    return TableRecord("t1", 5, 4, (title, *body), (PartRecord(0, (0, 4), box),))


def document() -> DocumentRecord:
    page = PageRecord(
        index=0,
        width=1000,
        height=1400,
        lines=("关于年度情况的报告", "现将有关情况报告如下：", "特此报告。"),
        seals=(SealRecord(Box(600, 900, 800, 1100), "某县人民政府"),),
        skew=0.75,
    )
    return DocumentRecord("made", (page,), (table(),), (("date", "2022-02-18"), ("number", "某政办〔2022〕5号")))


def write_document(path: Path, record: DocumentRecord, *, truth: bool) -> Path:
    """As the JSON file that the project (or the sample maker) writes."""
    content = {
        "schema": "ocr-pipeline-truth/1" if truth else "ocr-pipeline/1",
        "source": {"maker": "test"} if truth else {"path": "scan.pdf", "sha256": "", "pages": 1},
        "filing": {**dict(record.filing), "copies": None},
        "pages": [_page(page) for page in record.pages],
        "tables": [_table(item, truth) for item in record.tables],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def _page(page: PageRecord) -> dict[str, Any]:
    return {
        "index": page.index,
        "width": page.width,
        "height": page.height,
        "skew": page.skew,
        "blocks": [{"role": "paragraph", "text": line, "lines": [{"text": line}]} for line in page.lines],
        "seals": [{**_place(seal.box), "text": seal.text} for seal in page.seals or ()],
    }


def _table(item: TableRecord, truth: bool) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "rows": item.rows,
        "cols": item.cols,
        "parts": [{"page": part.page, "rows": list(part.rows), **_place(part.box)} for part in item.parts],
        "cells": [
            {
                "row": cell.row,
                "col": cell.col,
                "row_span": cell.row_span,
                "col_span": cell.col_span,
                "text": cell.text,
                "page": cell.page,
                **_place(cell.box),
                **({"under_seal": cell.under_seal, "kind": "text"} if truth else {"flags": list(cell.flags)}),
            }
            for cell in item.cells
        ],
    }


def _place(box: Box | None) -> dict[str, Any]:
    assert box is not None
    return {
        "box": [box.x0, box.y0, box.x1, box.y1],
        "quad": [[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]],
    }
