"""Makes sample scans of Chinese government reports, each with its exact truth beside it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.samplemaker import content, faces, filing, makers, output, seal_set

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


class RuleStyle(StrEnum):
    """How rulings are drawn."""

    solid = "solid"
    dotted = "dotted"
    double = "double"
    frameless = "frameless"
    thick = "thick"
    thin = "thin"


class OpenForm(StrEnum):
    """Which rulings an open table has."""

    three_line = "three-line"
    header_only = "header-only"
    under_header = "under-header"
    horizontal = "horizontal"
    columns = "columns"
    column_header = "column-header"
    bare = "bare"
    open_sides = "open-sides"


class TextKind(StrEnum):
    """What a page without a table holds."""

    prose_columns = "prose-columns"
    contents = "contents"
    list = "list"
    form = "form"
    letter = "letter"
    footnote = "footnote"


class OtherForm(StrEnum):
    """Which form a document of other tables has."""

    yearbook = "yearbook"
    wide = "wide"
    long = "long"
    pair = "pair"
    beside = "beside"
    budget = "budget"
    roster = "roster"
    survey = "survey"
    mixed = "mixed"


class SealShape(StrEnum):
    """Outline of a seal."""

    round = "round"
    oval = "oval"
    square = "square"


class SealStrength(StrEnum):
    """How much ink a seal has."""

    faint = "faint"
    normal = "normal"
    strong = "strong"


OutDir = Annotated[Path, typer.Option("-o", "--out", help="Folder to write into.")]
Level = Annotated[LevelName, typer.Option(help="Kind of paper and scanner.")]
Seed = Annotated[int, typer.Option(help="Everything random follows from it.")]
Name = Annotated[str | None, typer.Option(help="File name without its ending.")]
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
    jpeg: Annotated[int | None, typer.Option(min=20, max=100, help="JPEG quality instead of the level's.")] = None,
) -> None:
    """The five reports, complete."""
    for name in report or content.REPORT_NAMES:
        if name not in content.REPORT_NAMES:
            raise typer.BadParameter(f"no report {name!r}; there are: {', '.join(content.REPORT_NAMES)}")
        made = filing.make(content.load(name), level.value, seed, {"maker": "reports"}, jpeg=jpeg)
        _say(output.write(out, f"{name}-{level.value}", made.scans, made.truth, form.value))


@app.command()
def filings(
    out: OutDir,
    count: Annotated[int, typer.Option(min=1, help="How many.")] = 1,
    seed: Seed = 0,
    level: Level = LevelName.office,
    inconsistent: Annotated[bool, typer.Option(help="Print numbers that do not add up.")] = False,
    form: Form = Format.pdf,
) -> None:
    """Invented filings whose numbers satisfy the form's sum rules."""
    for number in range(count):
        made = makers.filing(number, level.value, seed, inconsistent)
        stem = f"filing-{number:03d}-{'inconsistent-' if inconsistent else ''}{level.value}"
        _say(output.write(out, stem, made.scans, made.truth, form.value))


def _single(kind: str, out: Path, level: LevelName, seed: int, form: Format, name: str | None) -> None:
    made = makers.single(kind, level.value, seed)
    _say(output.write(out, name or f"{kind}-{level.value}", made.scans, made.truth, form.value))


@app.command()
def digits(
    out: OutDir, level: Level = LevelName.office, seed: Seed = 0, form: Form = Format.pdf, name: Name = None
) -> None:
    """A ruled page of 500 one-digit cells, 25 rows of 20."""
    _single("digits", out, level, seed, form, name)


@app.command()
def prose(
    out: OutDir, level: Level = LevelName.office, seed: Seed = 0, form: Form = Format.pdf, name: Name = None
) -> None:
    """A page of running text."""
    _single("prose", out, level, seed, form, name)


@app.command()
def table_page(
    out: OutDir, level: Level = LevelName.office, seed: Seed = 0, form: Form = Format.pdf, name: Name = None
) -> None:
    """One page filled by table three."""
    _single("table-page", out, level, seed, form, name)


@app.command()
def rulings(
    out: OutDir,
    missing: Annotated[float, typer.Option(min=0, max=0.9, help="Share of the rulings left out.")] = 0.0,
    style: Annotated[RuleStyle, typer.Option(help="How the rulings are drawn.")] = RuleStyle.solid,
    keystone: Annotated[float, typer.Option(min=0, max=0.2, help="Share by which one edge is shorter.")] = 0.0,
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """A table page whose rulings are broken or of another style."""
    made = makers.rulings(missing, style.value, keystone, level.value, seed)
    stem = f"rulings-{style.value}-m{round(missing * 100):02d}-k{round(keystone * 100):02d}-{level.value}"
    _say(output.write(out, stem, made.scans, made.truth, form.value))


@app.command()
def rotated(
    out: OutDir,
    turn: Annotated[list[int] | None, typer.Option(help="0, 90, 180, 270; all four without it.")] = None,
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """Table pages fed in turned counter-clockwise by quarter turns."""
    for degrees in turn or [0, 90, 180, 270]:
        if degrees not in (0, 90, 180, 270):
            raise typer.BadParameter("turn is 0, 90, 180 or 270")
        made = makers.turned(degrees, None, level.value, seed)
        _say(output.write(out, f"rotated-{degrees}-{level.value}", made.scans, made.truth, form.value))


@app.command()
def skew(
    out: OutDir,
    angle: Annotated[float, typer.Option(help="Degrees, positive counter-clockwise.")],
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """A table page turned by any angle; beyond 5 degrees the picture grows to keep the corners."""
    made = makers.turned(0, angle, level.value, seed)
    _say(output.write(out, f"skew{angle:+g}-{level.value}", made.scans, made.truth, form.value))


@app.command()
def open_tables(
    out: OutDir,
    kind: Annotated[list[OpenForm] | None, typer.Option(help="All of them without it.")] = None,
    count: Annotated[int, typer.Option(min=1, help="Pages of each kind.")] = 1,
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """Tables without some of their rulings by design: three-line, a rule under the header, between columns, none."""
    for one in kind or list(OpenForm):
        for number in range(count):
            made = makers.open_table(one.value, level.value, seed, number)
            stem = f"open-{one.value}-{number:03d}-{level.value}" if count > 1 else f"open-{one.value}-{level.value}"
            _say(output.write(out, stem, made.scans, made.truth, form.value))


@app.command()
def no_tables(
    out: OutDir,
    kind: Annotated[list[TextKind] | None, typer.Option(help="All of them without it.")] = None,
    count: Annotated[int, typer.Option(min=1, help="Pages of each kind.")] = 1,
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """Pages without a table that look a little like one: two columns of text, lists, forms, letters, footnotes."""
    for one in kind or list(TextKind):
        for number in range(count):
            made = makers.no_table(one.value, level.value, seed, number)
            stem = f"text-{one.value}-{number:03d}-{level.value}" if count > 1 else f"text-{one.value}-{level.value}"
            _say(output.write(out, stem, made.scans, made.truth, form.value))


@app.command()
def statistics(
    out: OutDir,
    kind: Annotated[list[OtherForm] | None, typer.Option(help="All of them without it.")] = None,
    count: Annotated[int, typer.Option(min=1, help="Documents of each kind.")] = 1,
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """Other forms: yearbook tables, budgets, lists of people, questionnaires; long, wide, in pairs, side by side."""
    for one in kind or list(OtherForm):
        for number in range(count):
            made = makers.other(one.value, level.value, seed, number)
            stem = f"{one.value}-{number:03d}-{level.value}"
            _say(output.write(out, stem, made.scans, made.truth, form.value))


@app.command()
def seals(
    out: OutDir,
    shape: Annotated[list[SealShape] | None, typer.Option(help="All three without it.")] = None,
    strength: Annotated[list[SealStrength] | None, typer.Option(help="All three without it.")] = None,
    level: Level = LevelName.office,
    seed: Seed = 0,
    form: Form = Format.pdf,
) -> None:
    """Table pages with a seal over the print."""
    for one in shape or list(SealShape):
        for ink in strength or list(SealStrength):
            made = makers.sealed(one.value, ink.value, level.value, seed)
            stem = f"seal-{one.value}-{ink.value}-{level.value}"
            _say(output.write(out, stem, made.scans, made.truth, form.value))


@app.command(name="seal-set")
def varied_seals(
    out: OutDir,
    count: Annotated[int, typer.Option(min=1, help="How many pages.")] = 120,
    seed: Seed = 0,
    form: Form = Format.jpg,
) -> None:
    """A varied set of stamped pages, and of coloured things that are no stamps, one page a file."""
    for number in range(count):
        made = seal_set.page(number, seed)
        _say(output.write(out, f"seal-set-{number:03d}", made.scans, made.truth, form.value))


def main() -> None:
    """Run the commands; a missing typeface ends in one line that says what to install."""
    try:
        faces.require()
        app()
    except faces.MissingFontError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(3) from error


if __name__ == "__main__":
    main()
