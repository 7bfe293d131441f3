"""RapidOCR on the page, then wired-table-rec (UNet) on each table cut out. Weights: argument of the environment."""

from __future__ import annotations

import os
from typing import Any

from common import cut, read_image, within
from protocol import Read, Region, serve


def load() -> Read:
    from rapidocr import RapidOCR
    from wired_table_rec.main import WiredTableInput, WiredTableRecognition

    engine = RapidOCR()
    structure = WiredTableRecognition(WiredTableInput(model_path=os.environ["BENCHMARK_WEIGHTS"]))

    def read(image: str, regions: list[Region]) -> dict[str, Any]:
        page = read_image(image)
        text = engine(page)
        tables = []
        for region in regions:
            crop, corner = cut(page, region)
            boxes, texts, scores = within(text, corner, crop.shape)
            ocr = [[box.tolist(), line, score] for box, line, score in zip(boxes, texts, scores)]  # noqa: B905
            html = structure(crop, ocr_result=ocr).pred_html
            if html:
                tables.append({"html": html, "box": region})
        return {"tables": tables, "lines": list(text.txts or ())}

    return read


if __name__ == "__main__":
    serve(load)
