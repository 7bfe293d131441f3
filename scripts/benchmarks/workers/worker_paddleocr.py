"""PaddleOCR's own pipeline on ONNX Runtime with this project's weights: text lines only."""

from __future__ import annotations

import os
from typing import Any

from protocol import Read, Region, serve

os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
DETECTION, RECOGNITION = "PP-OCRv6_small_det", "PP-OCRv6_small_rec"


def load() -> Read:
    from paddleocr import PaddleOCR

    from ocr_pipeline.ocr.weights import model_dir

    pipeline = PaddleOCR(
        text_detection_model_name=DETECTION,
        text_detection_model_dir=str(model_dir(DETECTION)),
        text_recognition_model_name=RECOGNITION,
        text_recognition_model_dir=str(model_dir(RECOGNITION)),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
    )

    def read(image: str, regions: list[Region]) -> dict[str, Any]:
        return {"tables": [], "lines": [text for page in pipeline.predict(image) for text in page["rec_texts"]]}

    return read


if __name__ == "__main__":
    serve(load)
