"""Everything one file's folder of results can hold: which of it is asked for, and writing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ocr_pipeline.errors import OutputError, PipelineError

if TYPE_CHECKING:
    from ocr_pipeline.document import Document
    from ocr_pipeline.settings import Settings

PLAIN_FORMATS = ("json", "md", "html", "xlsx", "csv")
"""Made of the document alone (export.FORMATS, which may not be imported for the help page)."""
ON_DEMAND = ("docx",)
"""Made of the document alone as well, but written only when named (export.ON_DEMAND)."""
FORMATS = (*PLAIN_FORMATS, "figures", "review", "pdf")
"""All of them are written unless --formats says less: the last three need the page images again, which costs a
twenty-fifth of the reading (CHANGELOG.md)."""
DRAWINGS = ("rulings", "grid", "cells", "lines", "order", "seals")

_Write = Callable[["Document", Path, Path, "Settings"], None]

REVIEW, SEARCHABLE, DRAW = "review.html", "searchable.pdf", "draw"


def parse_list(text: str, known: Sequence[str], option: str) -> tuple[str, ...]:
    """A list of names separated by commas, each once; an unknown one is an argument error (exit code 2)."""
    chosen = [piece.strip().lower() for piece in text.split(",") if piece.strip()]
    for piece in chosen:
        if piece not in known:
            raise typer.BadParameter(f"Not known: {piece!r}. Known are {', '.join(known)}.", param_hint=option)
    if not chosen:
        raise typer.BadParameter(f"Name one or more of {', '.join(known)}.", param_hint=option)
    return tuple(dict.fromkeys(chosen))


def write_results(
    document: Document, source: Path, folder: Path, formats: Sequence[str], drawings: Sequence[str], settings: Settings
) -> list[str]:
    """Write the formats and stage drawings asked for; document.json is the last.

    Returns a sentence for each result that needs the page images again and could not get them; everything else is
    written all the same. Raises OutputError naming the path that cannot be written.
    """
    from ocr_pipeline.export import write_document

    writers: list[_Write] = []
    writers += [_write_figures] if "figures" in formats else []
    writers += [_write_review] if "review" in formats else []
    writers += [_write_searchable] if "pdf" in formats else []
    writers += [partial(_write_drawings, drawings)] if drawings else []
    problems = [said for write in writers for said in _tried(write, document, source, folder, settings)]
    write_document(document, folder, [name for name in formats if name in PLAIN_FORMATS + ON_DEMAND])
    return problems


def _tried(write: _Write, document: Document, source: Path, folder: Path, settings: Settings) -> list[str]:
    try:
        write(document, source, folder, settings)
    except OutputError:
        raise
    except PipelineError as error:
        return [str(error)]
    return []


def _write_figures(document: Document, source: Path, folder: Path, settings: Settings) -> None:
    from ocr_pipeline.export.figures import FIGURES, write_figures
    from ocr_pipeline.source import open_source

    if any(page.figures for page in document.pages) or (folder / FIGURES).is_dir():
        with open_source(source, settings.source) as opened:
            write_figures(document, lambda index: opened.read_page(index).image, folder)


def _write_review(document: Document, source: Path, folder: Path, settings: Settings) -> None:
    """The review page; of the page images one is in memory at a time, and what is kept of each is a small JPEG."""
    from ocr_pipeline.review.page import write_review
    from ocr_pipeline.review.pictures import page_jpeg
    from ocr_pipeline.source import open_source

    with open_source(source, settings.source) as opened:
        write_review(document, lambda index: page_jpeg(opened.read_page(index).image), folder / REVIEW)


def _write_searchable(document: Document, source: Path, folder: Path, settings: Settings) -> None:
    from ocr_pipeline.export.atomic import make_folder
    from ocr_pipeline.export.pdf import write_searchable_pdf

    make_folder(folder)
    write_searchable_pdf(document, source, folder / SEARCHABLE)


def _write_drawings(
    drawings: Sequence[str], document: Document, source: Path, folder: Path, settings: Settings
) -> None:
    from ocr_pipeline.commands.drawing import write_drawings

    write_drawings(document, source, folder / DRAW, drawings, settings)
