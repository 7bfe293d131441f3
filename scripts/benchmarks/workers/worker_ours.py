"""This project through its Python API: pages, tables, text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from protocol import Read, Region, serve


def load() -> Read:
    from ocr_pipeline.export.json import document_json
    from ocr_pipeline.pipeline import Pipeline
    from ocr_pipeline.settings import Settings

    pipeline = Pipeline(Settings())

    def read(image: str, regions: list[Region]) -> dict[str, Any]:
        return {"document": json.loads(document_json(pipeline.read(Path(image))))}

    return read


if __name__ == "__main__":
    serve(load)
