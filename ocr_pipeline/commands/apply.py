"""ocr-pipeline apply: a person's corrections into a folder of results."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr_pipeline.commands.options import OwnProfiles, Verbose
from ocr_pipeline.commands.results import SEARCHABLE
from ocr_pipeline.wording import counted

if TYPE_CHECKING:
    from ocr_pipeline.document import Document


def register(app: typer.Typer) -> None:
    app.command("apply")(apply)


def apply(
    corrections: Annotated[Path, typer.Argument(metavar="CORRECTIONS", help="corrections.json of the review page.")],
    folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The document's folder, DIR/<name> of run.")
    ],
    profiles: OwnProfiles = None,
    verbose: Verbose = False,
) -> None:
    """Put corrections into a document: checks are done again, and every export in its folder is written again."""
    from ocr_pipeline.reports.apply import apply_reports
    from ocr_pipeline.reports.loader import load_profiles
    from ocr_pipeline.review.apply import apply_command
    from ocr_pipeline.settings import ReportSettings

    forms, settings = load_profiles(profiles or ()), ReportSettings()
    document = apply_command(
        corrections,
        folder,
        lambda document: apply_reports(document, settings, forms),
        [_searchable_again, _plain_again],
    )
    corrected = sum(cell.by_person for table in document.tables for cell in table.cells)
    corrected += sum(block.by_person for page in document.pages for block in page.blocks)
    broken = sum(not check.ok for table in document.tables for check in table.checks)
    done = f"{counted(corrected, 'reading')} corrected or confirmed, {counted(broken, 'check')} broken"
    typer.echo(f"{folder}: {done}.", err=True)


def _plain_again(document: Document, folder: Path) -> None:
    """The exports that are there already, and document.json."""
    from ocr_pipeline.export import FILES, write_document

    there = [name for name, file in FILES.items() if name == "json" or (folder / file).exists()]
    write_document(document, folder, there)


def _searchable_again(document: Document, folder: Path) -> None:
    """The PDF made before is its own source: it holds the page images, and its text layer is replaced."""
    path = folder / SEARCHABLE
    if not path.exists():
        return
    from ocr_pipeline.export.pdf import write_searchable_pdf

    with tempfile.TemporaryDirectory(prefix="ocr-pipeline-") as scratch:
        earlier = Path(scratch) / SEARCHABLE
        shutil.copyfile(path, earlier)
        write_searchable_pdf(document, earlier, path)
