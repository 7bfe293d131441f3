"""ocr-pipeline page: one page's result on standard output, and nothing else there."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr_pipeline.commands.options import (
    Device,
    Draft,
    Engine,
    EngineName,
    Model,
    ModelsDir,
    OwnProfiles,
    Verbose,
    a_path,
    make_settings,
    own_profiles,
)
from ocr_pipeline.errors import ExitCode, InputFileError, PipelineError
from ocr_pipeline.wording import shown

if TYPE_CHECKING:
    from ocr_pipeline.document import Document

STDIN = Path("-")

_PIPED_WIDTH = 200
"""Columns of text that is not for a terminal: the widest table in print (A3 across, 20 columns) needs about these."""


class PageFormat(StrEnum):
    TEXT = "text"
    MARKDOWN = "md"
    JSON = "json"
    HTML = "html"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    app.command("page")(page)


def page(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", parser=a_path, help="A PDF, TIFF, JPEG or PNG file; - is standard input."),
    ],
    number: Annotated[int, typer.Option("--page", "-p", min=1, help="Which page, from 1.")] = 1,
    output: Annotated[PageFormat, typer.Option("--format", "-f", help="What to print.")] = PageFormat.TEXT,
    engine: Engine = EngineName.ONNXRUNTIME,
    device: Device = "cpu",
    model: Model = "small",
    draft: Draft = "auto",
    models: ModelsDir = None,
    profiles: OwnProfiles = None,
    verbose: Verbose = False,
) -> None:
    """Read one page and print its tables."""
    from ocr_pipeline.commands.quiet import output_kept_clean
    from ocr_pipeline.commands.reading import make_pipeline
    from ocr_pipeline.source.selection import PageSelection

    settings, forms = make_settings(engine, device, model, models, draft), own_profiles(profiles)
    try:
        with output_kept_clean(), _as_file(file) as path:
            pipeline = make_pipeline(settings, forms)
            try:
                document = pipeline.read(path, PageSelection(((number, number),)))
            except PipelineError as error:
                # People know what they piped in as standard input, not as a file of ours.
                error.message = error.message.replace(str(path), _name(file))
                raise
            finally:
                pipeline.close()
    except KeyboardInterrupt:
        typer.echo(
            f"ocr-pipeline: Interrupted: nothing of {shown(_name(file))} was printed. The same command starts over.",
            err=True,
        )
        raise
    document = replace(document, source=replace(document.source, path=str(file)))
    _write(_RENDERERS[output](document))
    messages = [item.message for item in document.pages if item.message]
    if document.status != "ok":
        typer.echo(
            f"ocr-pipeline: {shown(' '.join(messages) or f'A page of {_name(file)} could not be read.')}", err=True
        )
        raise typer.Exit(ExitCode.PARTIAL)
    for sentence in messages:
        typer.echo(f"ocr-pipeline: {shown(sentence)}", err=True)


def _name(file: Path) -> str:
    return "standard input" if file == STDIN else str(file)


@contextmanager
def _as_file(file: Path) -> Iterator[Path]:
    """The file itself; standard input as a file that is gone afterwards."""
    if file != STDIN:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="ocr-pipeline-") as folder:
        path = Path(folder) / "stdin"
        _keep_standard_input(path)
        if not path.stat().st_size:
            raise InputFileError("Nothing came on standard input.", "Pipe a file in: ocr-pipeline page - < scan.pdf")
        yield path


def _keep_standard_input(path: Path) -> None:
    if sys.stdin is None:
        raise InputFileError("Standard input is closed.", "Pipe a file in: ocr-pipeline page - < scan.pdf")
    try:
        with path.open("wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputFileError(
            f"Standard input cannot be kept in {path.parent}: {reason}.", "Name a file instead."
        ) from error


def _write(text: str) -> None:
    """To standard output in UTF-8, whatever the locale, and out at once: a closed pipe must show here."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    if not text.endswith("\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.flush()


def _text(document: Document) -> str:
    from ocr_pipeline.export.text import document_text

    terminal = sys.stdout.isatty()
    # COLUMNS goes before either: who sets it for a pipe knows what is at its end.
    width = shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns
    return document_text(document, width, colour=terminal and "NO_COLOR" not in os.environ)


def _without_figures(document: Document) -> Document:
    """Nothing is written here that a link to a picture could lead to."""
    return replace(document, pages=tuple(replace(page, figures=()) for page in document.pages))


def _markdown(document: Document) -> str:
    from ocr_pipeline.export.markdown import document_markdown

    return document_markdown(_without_figures(document))


def _json(document: Document) -> str:
    from ocr_pipeline.export.json import document_json

    return document_json(document)


def _html(document: Document) -> str:
    from ocr_pipeline.export.html import document_html

    return document_html(_without_figures(document))


def _csv(document: Document) -> str:
    """All tables, a blank line between two."""
    from ocr_pipeline.export.csv import table_csv

    return "\n".join(table_csv(table) for table in document.tables)


_RENDERERS: dict[PageFormat, Callable[[Document], str]] = {
    PageFormat.TEXT: _text,
    PageFormat.MARKDOWN: _markdown,
    PageFormat.JSON: _json,
    PageFormat.HTML: _html,
    PageFormat.CSV: _csv,
}
