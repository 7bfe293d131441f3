"""A pipeline that opens files for real and finds one table of one cell on each, without reading anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from ocr_pipeline.document import (
    Cell,
    CellRole,
    Document,
    EngineInfo,
    Filing,
    Page,
    PageStatus,
    SourceInfo,
    Table,
    TablePart,
)
from ocr_pipeline.errors import PipelineError
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import PageSelection, open_source

BOX = Box(1, 2, 30, 40)


class FakePipeline:
    """made and closed count the instances; error, if set, is raised by read."""

    made = 0
    closed = 0
    settings: Settings
    error: BaseException | None = None

    def __init__(self, settings: Settings, forms: object = None) -> None:
        type(self).made += 1
        type(self).settings = settings

    def read(
        self,
        path: Path,
        pages: PageSelection | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Document:
        print("a greeting from an engine")
        os.write(1, b"a greeting from an engine in C\n")
        if self.error is not None:
            raise self.error
        found = []
        with open_source(path, settings=self.settings.source, pages=pages) as source:
            for index in source.indices:
                found.append(_read_page(source, index))
                if progress:
                    progress(len(found), len(source))
            info = SourceInfo(str(path), source.sha256, source.page_count)
        first = found[0].index
        cell = Cell(0, 0, 1, 1, f"第{first + 1}页", "第 1 页", 0.9, CellRole.DATA, first, BOX, Quad.of_box(BOX))
        table = Table("t1", "表", None, 1, 1, (TablePart(first, BOX, (0, 0)),), (cell,))
        return Document(info, EngineInfo(), Filing(), tuple(found), (table,))

    def close(self) -> None:
        type(self).closed += 1


def _read_page(source: object, index: int) -> Page:
    try:
        image = source.read_page(index)  # type: ignore[attr-defined]
    except PipelineError as error:
        return Page(index, 0, 0, 0, 0, 0, PageStatus.FAILED, message=str(error))
    height, width = image.image.shape[:2]
    return Page(index, width, height, image.dpi, 0, 0.0, PageStatus.OK)


def install(monkeypatch: pytest.MonkeyPatch) -> type[FakePipeline]:
    """Put a fresh fake in place of ocr_pipeline.pipeline.Pipeline."""
    fresh = type("FreshFakePipeline", (FakePipeline,), {"made": 0, "closed": 0, "error": None})
    module = ModuleType("ocr_pipeline.pipeline")
    module.Pipeline = fresh  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ocr_pipeline.pipeline", module)
    return fresh


def scan(folder: Path, name: str, shade: int = 255) -> Path:
    """A file with a page of one shade; other shades are other content."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (60, 80), shade).save(path, "PNG")
    return path
