"""`ocr-pipeline apply`: a person's corrections into the folder of a processed document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ocr_pipeline.document import Document
from ocr_pipeline.export import load_document, write_document
from ocr_pipeline.review.corrections import Recheck, apply_corrections, read_corrections
from ocr_pipeline.review.page import write_review
from ocr_pipeline.review.pictures import pictures_of

Writer = Callable[[Document, Path], object]
"""Writes one more export of a document into a folder."""


def apply_command(
    corrections: Path, folder: Path, recheck: Recheck | None = None, writers: Sequence[Writer] = (write_document,)
) -> Document:
    """Corrects the document in a folder and writes its exports again; gives the corrected document.

    folder holds document.json; its review.html, where there is one, is written again with the pictures it holds.
    recheck does the arithmetic again (see `apply_corrections`). Nothing is written unless everything fits:
    CorrectionsError for corrections that do not, InputFileError for a folder without a good document.json, OutputError
    when an export cannot be written.
    """
    document = load_document(folder / "document.json")
    corrected = apply_corrections(document, read_corrections(corrections), recheck)
    page = folder / "review.html"
    if page.exists():
        write_review(corrected, pictures_of(page), page)
    for write in writers:
        write(corrected, folder)
    return corrected
