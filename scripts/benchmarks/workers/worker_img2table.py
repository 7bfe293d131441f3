"""img2table with its RapidOCR adapter; it finds the tables itself, on the page turned upright (so are its boxes)."""

from __future__ import annotations

from typing import Any

from protocol import Read, Region, serve


def load() -> Read:
    from img2table.document import Image
    from img2table.ocr import RapidOCR
    from rapidocr import LangRec

    engine = RapidOCR(params={"Rec.lang_type": LangRec.CH})

    def read(image: str, regions: list[Region]) -> dict[str, Any]:
        page = Image(src=image, detect_rotation=True)
        found = page.extract_tables(ocr=engine, implicit_rows=False, implicit_columns=False, borderless_tables=False)
        tables = [
            {"html": table.html, "box": [table.bbox.x1, table.bbox.y1, table.bbox.x2, table.bbox.y2]} for table in found
        ]
        return {"tables": tables, "lines": []}

    return read


if __name__ == "__main__":
    serve(load)
