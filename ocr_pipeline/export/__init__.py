"""The document written out: JSON by the published contract, Markdown, HTML, CSV, XLSX, DOCX, searchable PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from json import loads
from pathlib import Path
from typing import Any

from ocr_pipeline.document import Document
from ocr_pipeline.errors import ExitCode, PipelineError
from ocr_pipeline.export.atomic import make_folder, remove_stale, write_atomic
from ocr_pipeline.export.json import TABLE_ID, document_from_dict, document_json, document_to_dict, load_document

__all__ = [
    "FILES",
    "FORMATS",
    "ON_DEMAND",
    "FormatError",
    "document_from_dict",
    "document_json",
    "document_to_dict",
    "load_document",
    "schema",
    "write_document",
]

FORMATS = ("json", "md", "html", "xlsx", "csv")
ON_DEMAND = ("docx",)
"""Written only when asked for."""
TABLES = "tables"
FILES = {
    "json": "document.json",
    "md": "document.md",
    "html": "document.html",
    "xlsx": "tables.xlsx",
    "docx": "document.docx",
    "csv": TABLES,
}
"""What each format writes in a document's folder: a file, or (csv) a folder of them."""
_OTHER_WRITERS = {
    "pdf": "ocr_pipeline.export.pdf.write_searchable_pdf(document, source, path)",
    "review": "ocr_pipeline.review.page.write_review(document, images, path)",
    "figures": "ocr_pipeline.export.figures.write_figures(document, page_image, folder)",
}
"""What writes the formats that are made of the pages, too."""
_TABLE_FILE = re.compile(r"t[1-9][0-9]*\.csv")


class FormatError(PipelineError, ValueError):
    """There is no such format, or it cannot be made of the document alone."""

    exit_code = ExitCode.BAD_ARGUMENTS


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of document.json."""
    text = files("ocr_pipeline.export").joinpath("schema.json").read_text(encoding="utf-8")
    published: dict[str, Any] = loads(text)
    return published


def write_document(document: Document, folder: Path | str, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write document.json, .md, .html and .docx, tables.xlsx and tables/<id>.csv, as asked, into a folder.

    Everything is rendered before anything is written, each file is written whole or not at all, and document.json
    comes last: where it is new, all the others are. CSV files of tables that are no more are removed. Returns the
    paths written. Raises OutputError naming the path that cannot be written, FormatError for a format that is unknown
    or needs more than the document, ValueError for a table id that is none of ours and for cells that overlap.
    """
    folder = Path(folder)
    _require_known(formats)
    ids = [table.id for table in document.tables]
    if not all(TABLE_ID.fullmatch(name) for name in ids) or len(set(ids)) < len(ids):
        raise ValueError(f"table ids must be t1, t2, ..., each once: {ids}")

    wanted = [name for name in ("csv", "xlsx", "docx", "html", "md", "json") if name in formats]
    contents = [(name, _RENDERERS[name](document, folder)) for name in wanted]
    make_folder(folder)
    written: list[Path] = []
    for name, files_of_format in contents:
        if name == "csv":
            make_folder(folder / TABLES)
        written += [write_atomic(path, content) for path, content in files_of_format.items()]
        if name == "csv":
            remove_stale(folder / TABLES, _TABLE_FILE, keep=written)
    return written


def _require_known(formats: Sequence[str]) -> None:
    known = (*FORMATS, *ON_DEMAND)
    for name in formats:
        if name in _OTHER_WRITERS:
            raise FormatError(f"The format {name} needs more than the document.", f"Use {_OTHER_WRITERS[name]}.")
        if name not in known:
            raise FormatError(f"There is no format {name!r}.", f"Known are {', '.join(known)}.")


def _json(document: Document, folder: Path) -> dict[Path, bytes]:
    return {folder / FILES["json"]: document_json(document).encode("utf-8")}


def _markdown(document: Document, folder: Path) -> dict[Path, bytes]:
    from ocr_pipeline.export.markdown import document_markdown

    return {folder / FILES["md"]: document_markdown(document).encode("utf-8")}


def _html(document: Document, folder: Path) -> dict[Path, bytes]:
    from ocr_pipeline.export.html import document_html

    return {folder / FILES["html"]: document_html(document).encode("utf-8")}


def _xlsx(document: Document, folder: Path) -> dict[Path, bytes]:
    from ocr_pipeline.export.links import links_in
    from ocr_pipeline.export.xlsx import xlsx_bytes

    return {folder / FILES["xlsx"]: xlsx_bytes(document, links_in(folder))}


def _docx(document: Document, folder: Path) -> dict[Path, bytes]:
    from ocr_pipeline.export.docx import docx_bytes

    return {folder / FILES["docx"]: docx_bytes(document)}


def _csv(document: Document, folder: Path) -> dict[Path, bytes]:
    from ocr_pipeline.export.csv import table_csv_bytes

    return {folder / TABLES / f"{table.id}.csv": table_csv_bytes(table) for table in document.tables}


_RENDERERS: dict[str, Callable[[Document, Path], dict[Path, bytes]]] = {
    "json": _json,
    "md": _markdown,
    "html": _html,
    "xlsx": _xlsx,
    "docx": _docx,
    "csv": _csv,
}
