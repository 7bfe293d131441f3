"""Which prediction file belongs to which truth file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.errors import InputFileError

_TRUTH_ENDINGS = (".truth.json", ".json")
_REMEDY = "Name each prediction STEM/document.json or STEM.json and each truth STEM.truth.json or STEM.json."


@dataclass(frozen=True)
class Pair:
    """A document's two files."""

    stem: str
    predicted: Path
    truth: Path


def pair_files(predicted: Path, truths: Sequence[Path]) -> tuple[Pair, ...]:
    """Pair files, or folders by stem; every truth has to have its prediction.

    InputFileError where there is no truth at all or a truth's prediction is missing.
    """
    if predicted.is_file() and len(truths) == 1 and truths[0].is_file():
        return (Pair(stem_of(truths[0]), predicted, truths[0]),)
    files = tuple(file for truth in truths for file in truth_files(truth))
    return tuple(Pair(stem_of(file), _prediction_for(predicted, stem_of(file)), file) for file in files)


def truth_files(place: Path) -> tuple[Path, ...]:
    """A truth file itself; of a folder all *.truth.json, or where it has none the *.json of it or of its labels/."""
    if not place.is_dir():
        return (place,)
    for found in (place.glob("*.truth.json"), (place / "labels").glob("*.json"), place.glob("*.json")):
        files = tuple(sorted(found))
        if files:
            return files
    raise InputFileError(f"{place} holds no truth.", _REMEDY)


def stem_of(truth: Path) -> str:
    """A truth file's name without its ending."""
    ending = next((ending for ending in _TRUTH_ENDINGS if truth.name.endswith(ending)), "")
    return truth.name.removesuffix(ending)


def _prediction_for(folder: Path, stem: str) -> Path:
    if folder.is_file():
        folder = folder.parent.parent if folder.name == "document.json" else folder.parent
    options = (folder / stem / "document.json", folder / f"{stem}.json")
    for option in options:
        if option.is_file():
            return option
    if folder.name == stem and (folder / "document.json").is_file():
        return folder / "document.json"
    raise InputFileError(f"There is no prediction for {stem} ({options[0]} or {options[1].name}).", _REMEDY)
