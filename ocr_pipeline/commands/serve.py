"""ocr-pipeline serve: the review pages of a folder of results, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ocr_pipeline.commands.options import Verbose, a_path


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=a_path, help="The folder that 'ocr-pipeline run' wrote into.")
    ],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8765,
    verbose: Verbose = False,
) -> None:
    """Show the review pages of many documents in the browser, and save corrections beside them (until Ctrl-C)."""
    from ocr_pipeline.review.serve import serve as serve_folder

    serve_folder(folder, port, announce=lambda address: typer.echo(f"Open {address} (Ctrl-C ends it)"))
