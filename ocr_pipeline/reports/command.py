"""ocr-pipeline profiles and ocr-pipeline dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr_pipeline.errors import ProfileError
from ocr_pipeline.wording import counted

if TYPE_CHECKING:
    from ocr_pipeline.reports.profile import Block, FormProfile, Label

profiles_app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

OwnProfiles = Annotated[
    list[Path] | None,
    typer.Option("--profiles", metavar="PATH", help="A profile file of your own, or a folder of them; repeatable."),
]


def register(app: typer.Typer) -> None:
    """Add both commands to the program."""
    app.add_typer(profiles_app, name="profiles", help="List, show and check the profiles of known forms.")
    app.command("dataset")(dataset_command)


@profiles_app.command("list")
def list_command(profiles: OwnProfiles = None) -> None:
    """The forms known, their tables and where their profiles are."""
    from ocr_pipeline.reports.loader import load_profiles

    for form in load_profiles(profiles or ()):
        typer.echo(f"{form.id}  {form.title}  ({form.source})")
        for table in form.tables:
            typer.echo(f"  {table.key}  {table.title}")


@profiles_app.command("show")
def show_command(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of a form, as 'profiles list' prints it.")],
    profiles: OwnProfiles = None,
) -> None:
    """The tables, labels and rules of a form."""
    from ocr_pipeline.reports.loader import load_profiles

    forms = load_profiles(profiles or ())
    form = next((form for form in forms if form.id == name), None)
    if form is None:
        known = ", ".join(form.id for form in forms)
        raise ProfileError(f"No form has the id {name!r}.", f"Known are: {known}.")
    for line in _described(form):
        typer.echo(line)


@profiles_app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The profile file to check.")],
) -> None:
    """Check a profile file; what is wrong is told with its line."""
    from ocr_pipeline.reports.loader import load_profile

    form = load_profile(file)
    blocks = [block for table in form.tables for block in table.blocks]
    labels = sum(len(block.columns) + len(block.rows) for block in blocks)
    rules = sum(len(block.rules) for block in blocks)
    parts = counted(len(form.tables), "table"), counted(labels, "label"), counted(rules, "rule")
    typer.echo(f"{file}: fine. Form {form.id}: {', '.join(parts)}.")


def dataset_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that 'ocr-pipeline run' wrote into.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Ends in .csv, .parquet, .xlsx or .sqlite.")
    ],
    profiles: OwnProfiles = None,
) -> None:
    """One table out of many filings: a row for each value, with its labels and its place on paper."""
    from ocr_pipeline.reports.dataset import collect, write_dataset
    from ocr_pipeline.reports.loader import load_profiles
    from ocr_pipeline.settings import ReportSettings

    rows = collect(folder, load_profiles(profiles or ()), ReportSettings())
    count = write_dataset(rows, output)
    typer.echo(f"{output}: {count} values.")


def _described(form: FormProfile) -> list[str]:
    lines = [f"{form.id}  {form.title}"]
    for edition in form.editions:
        lines.append(f"  edition {edition.id}: {edition.first} to {edition.last or 'now'}")
    for table in form.tables:
        lines += ["", f"{table.key}  {table.title}"]
        for block in table.blocks:
            lines += _described_block(block)
    return lines


def _described_block(block: Block) -> list[str]:
    head = [*([block.title] if block.title else []), *(f"[{name}]" for name in block.editions)]
    lines = [f"  {' '.join(head)}"] if head else []
    lines += [_described_label("column", label) for label in block.columns]
    lines += [_described_label("row", label) for label in block.rows]
    return lines + [f"    rule    along each {rule.along}: {rule.printed}" for rule in block.rules]


def _described_label(kind: str, label: Label) -> str:
    extra = [label.holds.value] if kind == "column" else []
    extra += [label.unit] if label.unit else []
    extra += ["optional"] if label.optional else []
    remark = f"  ({', '.join(extra)})" if extra else ""
    return f"    {kind:<7} {label.id:<20} {' > '.join(label.path)}{remark}"
