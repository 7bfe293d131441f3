"""RapidOCR on the page, then RapidTable (SLANet-plus) on each table cut out. Weights: argument of the environment."""

from __future__ import annotations

import os
from typing import Any

from common import cut, read_image, within
from protocol import Read, Region, serve


def load() -> Read:
    from rapid_table import ModelType, RapidTable, RapidTableInput
    from rapidocr import RapidOCR

    engine = RapidOCR()
    structure = RapidTable(
        RapidTableInput(
            model_type=ModelType.SLANETPLUS,
            model_dir_or_path=os.environ["BENCHMARK_WEIGHTS"],
            ocr_params={"Global.log_level": "error"},
        )
    )

    def read(image: str, regions: list[Region]) -> dict[str, Any]:
        page = read_image(image)
        text = engine(page)
        tables = []
        for region in regions:
            crop, corner = cut(page, region)
            boxes, texts, scores = within(text, corner, crop.shape)
            if texts:
                found = structure(crop, ocr_results=[(boxes, tuple(texts), tuple(scores))]).pred_htmls
                tables += [{"html": html, "box": region} for html in found]
        return {"tables": tables, "lines": list(text.txts or ())}

    return read


if __name__ == "__main__":
    serve(load)
