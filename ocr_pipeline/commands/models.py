"""ocr-pipeline models: the weights on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from ocr_pipeline.commands.options import ModelsDir, Verbose
from ocr_pipeline.errors import ModelError

models_app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def register(app: typer.Typer) -> None:
    app.add_typer(models_app, name="models", help="List, fetch and verify the model weights.")


@models_app.command("list")
def list_command(models: ModelsDir = None, verbose: Verbose = False) -> None:
    """The models known, and which of them are on this machine."""
    from ocr_pipeline.ocr import weights

    states = weights.list_models(_folder(models))
    width = max((len(state.entry.name) for state in states), default=0)
    for state in states:
        here = "here" if state.present else "default, not fetched" if state.entry.default else "not fetched"
        short = state.entry.short or "-"
        typer.echo(f"{state.entry.name:<{width}}  {short:<12} {state.entry.task:<12} {here}")


@models_app.command("fetch")
def fetch_command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Full or short names; the default ones if absent.")
    ] = None,
    models: ModelsDir = None,
    verbose: Verbose = False,
) -> None:
    """Fetch the models that are missing, checked by their SHA-256."""
    from ocr_pipeline.ocr import weights

    for folder in weights.fetch(names or None, _folder(models)):
        typer.echo(str(folder))


@models_app.command("verify")
def verify_command(models: ModelsDir = None, verbose: Verbose = False) -> None:
    """Hash every file of the models that are here."""
    from ocr_pipeline.ocr import weights

    checks = weights.verify(_folder(models))
    for check in checks:
        typer.echo(f"{check.state.value:<8} {check.path}")
    bad = [check for check in checks if check.state is not weights.FileState.OK]
    if not checks:
        raise ModelError("No models are on this machine.")
    if bad:
        raise ModelError(
            f"{len(bad)} of {len(checks)} model files are missing or not the ones expected, first {bad[0].path}.",
            f"Delete the folder {bad[0].path.parent} and run: ocr-pipeline models fetch",
        )


def _folder(models: object) -> str | None:
    return None if models is None else str(models)
