"""What several workers need: pictures and RapidOCR's result, in the peers' environments."""

from __future__ import annotations

from typing import Any

MARGIN = 0.01
"""Of the page's width is left around a table's place when it is cut out: the outer ruling must be inside."""


def read_image(path: str) -> Any:
    """An image as (height, width, 3) uint8, BGR."""
    import cv2

    image = cv2.imread(path, cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{path} cannot be read")
    return image


def cut(image: Any, region: list[float]) -> tuple[Any, tuple[int, int]]:
    """The picture of a table with a margin, and its top left corner on the page."""
    height, width = image.shape[:2]
    margin = MARGIN * width
    x0, y0 = max(0, int(region[0] - margin)), max(0, int(region[1] - margin))
    x1, y1 = min(width, int(region[2] + margin)), min(height, int(region[3] + margin))
    return image[y0:y1, x0:x1], (x0, y0)


def within(result: Any, corner: tuple[int, int], shape: tuple[int, ...]) -> tuple[Any, list[str], list[float]]:
    """RapidOCR's boxes (n, 4, 2), texts and scores whose centre lies in a cut-out, in its own pixels."""
    import numpy as np

    if result.boxes is None:
        return np.zeros((0, 4, 2), dtype=np.float32), [], []
    boxes = np.asarray(result.boxes, dtype=np.float32) - np.array(corner, dtype=np.float32)
    centres = boxes.mean(axis=1)
    inside = ((centres >= 0) & (centres < (shape[1], shape[0]))).all(axis=1)
    texts = [text for text, keep in zip(result.txts, inside) if keep]  # noqa: B905 (peers may run on 3.9)
    scores = [float(score) for score, keep in zip(result.scores, inside) if keep]  # noqa: B905
    return boxes[inside], texts, scores
