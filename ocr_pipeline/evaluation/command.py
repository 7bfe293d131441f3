"""`ocr-pipeline evaluate`: predictions against truths, figures out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ocr_pipeline.commands.options import a_path
from ocr_pipeline.wording import shown

_BOUNDLESS = 10_000
_NEEDED = ("apted", "rapidfuzz")
"""Packages that only measuring needs."""


def register(app: typer.Typer) -> None:
    """Add the command to a program."""
    app.command("evaluate")(evaluate_command)


def evaluate_command(
    predicted: Annotated[Path, typer.Argument(parser=a_path, help="A document.json, or the folder that run wrote to.")],
    truths: Annotated[
        list[Path], typer.Argument(parser=a_path, help="Truth files, or folders of them (paired by stem).")
    ],
    json_out: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", parser=a_path, help="Write all figures to this file.")
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="Write pictures of that many of the worst cells.")] = 0,
    images: Annotated[Path, typer.Option(metavar="DIR", parser=a_path, help="The folder for those pictures.")] = Path(
        "worst-cells"
    ),
) -> None:
    """Measure predictions against truths: cells, tables, text, seals, silent errors."""
    _require_packages()
    from rich.console import Console

    from ocr_pipeline.evaluation.document_scores import evaluate
    from ocr_pipeline.evaluation.pairing import pair_files
    from ocr_pipeline.evaluation.report import kinds_table, text_tables

    pairs = pair_files(predicted, truths)
    evaluations = tuple(evaluate(pair.predicted, pair.truth) for pair in pairs)
    # What reads a pipe has no width; COLUMNS says what people want there all the same.
    bounded = sys.stdout.isatty() or "COLUMNS" in os.environ
    width = Console().width if bounded else None
    # The tables are made to fit: rich would cut figures to a width it thinks of itself.
    console = Console(width=_BOUNDLESS)
    for table in (*text_tables(evaluations, width), kinds_table(evaluations)):
        console.print(table)
    if json_out is not None:
        from ocr_pipeline.evaluation.report import write_json

        write_json(evaluations, json_out)
    if worst:
        from ocr_pipeline.evaluation.page_images import images_of
        from ocr_pipeline.evaluation.worst import worst_cells, write_worst

        index = write_worst(worst_cells(evaluations, worst), images_of(pairs), images)
        console.print(f"Worst cells: {shown(index)}", markup=False, highlight=False, soft_wrap=True)


def _require_packages() -> None:
    from importlib.util import find_spec

    from ocr_pipeline.errors import PipelineError

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise PipelineError(f"Measuring needs the package {' and '.join(missing)}.", f"pip install {' '.join(missing)}")
