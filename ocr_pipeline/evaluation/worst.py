"""Pictures of the worst cells to look at: the crop, the reading, the truth."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.cells import CellFault, Kind
from ocr_pipeline.evaluation.document_scores import Evaluation
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.page_images import PageImages
from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.wording import at_cell

_MARGIN = 0.5
"""Of the cell's height is shown around it: enough to see the rulings and a slipped neighbour."""


@dataclass(frozen=True)
class WorstCell:
    """A wrong cell of a document; badness orders them, larger is worse."""

    document: str
    fault: CellFault
    badness: float


def worst_cells(evaluations: Sequence[Evaluation], count: int) -> tuple[WorstCell, ...]:
    """The worst cells: silent errors in numbers first, then any other unflagged ones, then by share of wrong text."""
    found = [
        WorstCell(item.name, fault, _badness(fault))
        for item in evaluations
        for table in item.tables
        for fault in table.faults
    ]
    found.sort(key=lambda cell: (-cell.badness, cell.document, cell.fault.table, cell.fault.row, cell.fault.col))
    return tuple(found[:count])


def _badness(fault: CellFault) -> float:
    from rapidfuzz.distance import Levenshtein

    distance = Levenshtein.normalized_distance(normalise(fault.expected), normalise(fault.found or ""))
    silent = distance > 0 and not fault.flagged
    return float(distance) + 2 * (silent and Kind.NUMBER in fault.kinds) + silent


def write_worst(cells: Sequence[WorstCell], images: PageImages, folder: Path) -> Path:
    """Write NNN-<document>-<row>-<col>.png (from 1) for each cell whose page image is at hand and place known, and
    index.html with reading and truth of all. Returns the index. OutputError when the folder cannot be written."""
    rows = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, cell in enumerate(cells, 1):
            crop = _crop(cell, images)
            name = f"{number:03}-{_safe(cell.document)}-{cell.fault.row + 1}-{cell.fault.col + 1}.png"
            if crop is not None:
                (folder / name).write_bytes(_png(crop))
            rows.append(_index_row(cell, name if crop is not None else None))
        index = folder / "index.html"
        index.write_text(_INDEX.replace("@ROWS@", "\n".join(rows)), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"The pictures cannot be written to {folder} ({error.strerror}).") from error
    return index


def _crop(cell: WorstCell, images: PageImages) -> ColourImage | None:
    if cell.fault.box is None:
        return None
    page = images.page(cell.document, cell.fault.page)
    if page is None:
        return None
    height, width = page.shape[:2]
    box = cell.fault.box.expanded(cell.fault.box.height * _MARGIN).clipped(width, height)
    crop = page[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
    return crop if crop.size else None


def _png(image: ColourImage) -> bytes:
    import cv2

    return bytes(cv2.imencode(".png", image)[1].tobytes())


def _safe(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name)[:80]


def _index_row(cell: WorstCell, picture: str | None) -> str:
    fault = cell.fault
    shown = f'<img src="{html.escape(picture)}" alt="">' if picture else "no picture"
    found = "(no cell)" if fault.found is None else fault.found
    values = (
        cell.document,
        f"page {fault.page + 1}, table {fault.table}, {at_cell(fault.row, fault.col)}",
        ", ".join(fault.kinds),
        fault.expected,
        found,
        ", ".join(fault.flags) or "none",
    )
    return f"<tr><td>{shown}</td>{''.join(f'<td>{html.escape(value)}</td>' for value in values)}</tr>"


_INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Worst cells</title>
<style>
body { font-family: sans-serif }
table { border-collapse: collapse }
td, th { border: 1px solid #999; padding: .3em .6em }
img { max-width: 30em; max-height: 12em }
</style></head><body>
<table><tr><th>print</th><th>document</th><th>place</th><th>kind</th><th>truth</th><th>reading</th><th>flags</th></tr>
@ROWS@
</table></body></html>
"""
