"""Options that several commands share, and the settings made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr_pipeline.errors import ArgumentError

if TYPE_CHECKING:
    from ocr_pipeline.settings import Settings
    from ocr_pipeline.source import PageSelection


@dataclass
class Invocation:
    """What the entry point must know of one call. verbose: show the traceback of a failure."""

    verbose: bool = False


def is_verbose(context: typer.Context) -> bool:
    call = context.find_root().obj
    return isinstance(call, Invocation) and call.verbose


def _note_verbose(context: typer.Context, wanted: bool) -> None:
    call = context.find_root().obj
    if wanted and isinstance(call, Invocation):
        call.verbose = True


class EngineName(StrEnum):
    ONNXRUNTIME = "onnxruntime"
    PADDLE = "paddle"


def a_path(text: str) -> Path:
    """A file or a folder as it was named. To be given as `parser`: typer's own way with paths refuses the whole call
    for one file that may not be read, and takes an empty name for the folder one is in."""
    return Path(named(text))


def named(text: str) -> str:
    """The name, unless it is empty: then ArgumentError."""
    if not text:
        raise ArgumentError(
            "The name of a file or folder is empty.", "Was it to come from a variable that is not set? Give its name."
        )
    return text


Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", callback=_note_verbose, expose_value=True, help="Show the traceback of a failure."),
]
Engine = Annotated[EngineName, typer.Option(help="What runs the models.")]
Device = Annotated[str, typer.Option(metavar="cpu|gpu:N", help="Where the models run.")]
Model = Annotated[str, typer.Option(help="Recogniser: small, tiny, or a full model name.")]
Draft = Annotated[
    str,
    typer.Option(
        metavar="auto|none|MODEL",
        help="A lighter model that reads first; --model reads what it is unsure of. auto: tiny before small.",
    ),
]
ModelsDir = Annotated[
    Path | None,
    typer.Option("--models", metavar="DIR", parser=a_path, help="Folder with the weights; nothing is fetched into it."),
]
OwnProfiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--profiles",
        metavar="PATH",
        parser=a_path,
        help="Profiles of your own forms: a file, or a folder of them; repeatable.",
    ),
]


def make_settings(engine: EngineName, device: str, model: str, models: Path | None, draft: str = "auto") -> Settings:
    """Settings with the engine as asked for; a value out of range is an argument error (exit code 2)."""
    from ocr_pipeline.settings import EngineSettings, Settings, SettingsError

    try:
        chosen = EngineSettings(
            engine=engine.value,
            device=device,
            model=model,
            draft=draft,
            models_dir=str(models) if models is not None else None,
        )
    except SettingsError as error:
        raise typer.BadParameter(f"{error}.") from error
    return Settings(engine=chosen)


def own_profiles(paths: list[Path] | None) -> tuple[Path, ...]:
    """The profiles of the user's own forms, looked at before anything is read. ProfileError says what is wrong."""
    if paths:
        from ocr_pipeline.reports.loader import load_profiles

        load_profiles(paths)
    return tuple(paths or ())


def parse_pages(text: str | None) -> PageSelection | None:
    """The pages asked for, None for all. PageSelectionError names the piece that is wrong."""
    if text is None:
        return None
    from ocr_pipeline.source.selection import PageSelection

    return PageSelection.parse(text)
