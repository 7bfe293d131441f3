"""Makes sample scans of Chinese government reports, each with its exact truth beside it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parent))

from samplemaker import content, faces, filing, output  # noqa: E402

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


class LevelName(StrEnum):
    """How bad the paper and the scanner are."""

    clean = "clean"
    office = "office"
    bad = "bad"


class Format(StrEnum):
    """What is written."""

    pdf = "pdf"
    png = "png"
    jpg = "jpg"
    tiff = "tiff"


OutDir = Annotated[Path, typer.Option("-o", "--out", help="Folder to write into.")]
Level = Annotated[LevelName, typer.Option(help="Kind of paper and scanner.")]
Seed = Annotated[int, typer.Option(help="Everything random follows from it.")]
Form = Annotated[Format, typer.Option("--format", help="A scan PDF, or one image a page.")]


@app.callback()
def _about() -> None:
    """Makes sample scans of Chinese government reports, each with its exact truth beside it."""


def _say(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(path)


@app.command()
def reports(
    out: OutDir,
    report: Annotated[list[str] | None, typer.Option(help="One report; all five without it.")] = None,
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """The five reports, complete."""
    for name in report or content.REPORT_NAMES:
        if name not in content.REPORT_NAMES:
            raise typer.BadParameter(f"no report {name!r}; there are: {', '.join(content.REPORT_NAMES)}")
        made = filing.make(content.load(name), level.value, seed, {"maker": "reports"})
        _say(output.write(out, f"{name}-{level.value}", made.scans, made.truth, form.value))


def main() -> None:
    """Run the commands; a missing typeface ends in one line that says what to install."""
    try:
        faces.require()
        app()
    except faces.MissingFont as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(3) from error


if __name__ == "__main__":
    main()
