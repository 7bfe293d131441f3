"""RapidOCR: text lines only."""

from __future__ import annotations

from typing import Any

from protocol import Read, Region, serve


def load() -> Read:
    from rapidocr import RapidOCR

    engine = RapidOCR()

    def read(image: str, regions: list[Region]) -> dict[str, Any]:
        return {"tables": [], "lines": list(engine(image).txts or ())}

    return read


if __name__ == "__main__":
    serve(load)
