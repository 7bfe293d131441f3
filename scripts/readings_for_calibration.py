"""The readings of processed filings whose truth is known, as the CSV file that the calibration of scores is fitted to.

    python scripts/make_samples.py filings --count 20 --seed 601 --level office -o filings
    ocr-pipeline run filings/*.pdf -o out --formats json
    python scripts/readings_for_calibration.py out filings > readings.csv
    python -m ocr_pipeline.reports.calibrate readings.csv ocr_pipeline/reports/calibration.json reliability.svg

Cells that stand where the truth has one of the same size count; what the grid got wrong is no fault of a reading.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from ocr_pipeline.document import Cell, Document
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.records import DocumentRecord
from ocr_pipeline.export import load_document


def cells_in_place(document: Document, truth: DocumentRecord) -> Iterator[tuple[Cell, str]]:
    """Every cell that holds text and stands in its true place, with its true text (normalised)."""
    for table in document.tables:
        cells = {(cell.row, cell.col, cell.row_span, cell.col_span): cell for cell in table.cells}
        for true in truth.tables:
            places = {(cell.row, cell.col, cell.row_span, cell.col_span): cell for cell in true.cells}
            like = (table.rows, table.cols) == (true.rows, true.cols)
            if not like or len(places.keys() & cells.keys()) < 0.9 * len(places):
                continue
            for place in places.keys() & cells.keys():
                if cells[place].text.strip():
                    yield cells[place], places[place].norm


def readings(document: Document, truth: DocumentRecord) -> Iterator[tuple[str, float, int]]:
    """Text, the recogniser's score, and 1 where the text is right, of every cell in its true place."""
    for cell, true in cells_in_place(document, truth):
        score = cell.score if cell.raw_score is None else cell.raw_score
        yield cell.text, score, int(normalise(cell.text) == true)


def main() -> None:
    from ocr_pipeline.evaluation.loading import load_truth

    out, truths = Path(sys.argv[1]), Path(sys.argv[2])
    writer = csv.writer(sys.stdout)
    writer.writerow(("text", "score", "right"))
    for path in sorted(truths.glob("*.truth.json")):
        result = out / path.name.removesuffix(".truth.json") / "document.json"
        if result.is_file():
            writer.writerows(readings(load_document(result), load_truth(path)))


if __name__ == "__main__":
    main()
