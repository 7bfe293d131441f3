"""Read predictions and truths from their JSON files into records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ocr_pipeline.errors import InputFileError
from ocr_pipeline.evaluation.pairing import stem_of
from ocr_pipeline.evaluation.records import (
    CellPartRecord,
    CellRecord,
    DocumentRecord,
    PageRecord,
    PartRecord,
    SealRecord,
    TableRecord,
)
from ocr_pipeline.geometry import Box

PREDICTION_SCHEMA = "ocr-pipeline/1"
TRUTH_SCHEMA = "ocr-pipeline-truth/1"

_REMEDY = (
    "Give a document.json written by ocr-pipeline run, a .truth.json of the sample maker, or a label of a real page."
)


def load_prediction(path: Path) -> DocumentRecord:
    """A document.json. InputFileError when it is missing, damaged or of another schema."""
    return _load(path, PREDICTION_SCHEMA)


def load_truth(path: Path) -> DocumentRecord:
    """A made truth or the label of a real page. InputFileError when it is missing, damaged or neither."""
    return _load(path, TRUTH_SCHEMA)


def _load(path: Path, schema: str) -> DocumentRecord:
    content = _read(path)
    try:
        if content.get("schema") == schema:
            return document_from_json(content, _stem(path))
        if schema == TRUTH_SCHEMA and "schema" not in content and "tables" in content:
            return label_from_json(content, _stem(path))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputFileError(f"{path} is not a whole {schema} file ({error}).", _REMEDY) from error
    raise InputFileError(f"{path} is not of schema {schema}.", _REMEDY)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputFileError(f"{path} cannot be read ({error.strerror}).", _REMEDY) from error
    except ValueError as error:
        raise InputFileError(f"{path} is not JSON ({error}).", _REMEDY) from error
    if not isinstance(content, dict):
        raise InputFileError(f"{path} holds no JSON object.", _REMEDY)
    return content


def _stem(path: Path) -> str:
    """The document's name: the folder of a document.json, else the file name without its ending."""
    return path.parent.name if path.name == "document.json" else stem_of(path)


def document_from_json(content: dict[str, Any], name: str) -> DocumentRecord:
    """From a prediction or a made truth, which share their field names."""
    filing = content.get("filing") or {}
    source = content.get("source")
    return DocumentRecord(
        name=name,
        pages=tuple(_page(item) for item in content.get("pages", ())),
        tables=tuple(_table(item, number) for number, item in enumerate(content.get("tables", ()))),
        filing=tuple((key, _plain(value)) for key, value in sorted(filing.items()) if value),
        source=str(source.get("path", "")) if isinstance(source, dict) else str(source or ""),
    )


def _plain(value: Any) -> str:
    return "".join(_plain(item) for item in value) if isinstance(value, list) else str(value)


def _page(item: dict[str, Any]) -> PageRecord:
    seals = item.get("seals")
    skew = item.get("skew")
    return PageRecord(
        index=int(item["index"]),
        width=int(item["width"]),
        height=int(item["height"]),
        lines=tuple(line for block in item.get("blocks", ()) for line in _lines(block)),
        seals=None if seals is None else tuple(SealRecord(_box(s), str(s.get("text") or "")) for s in seals),
        skew=None if skew is None else float(skew),
    )


def _lines(block: dict[str, Any]) -> tuple[str, ...]:
    lines = tuple(str(line["text"] if isinstance(line, dict) else line) for line in block.get("lines") or ())
    return lines or (str(block["text"]),)


def _box(item: dict[str, Any]) -> Box:
    """The item's box; the box around its quad where only that is given."""
    if item.get("box") is not None:
        return Box(*(float(v) for v in item["box"]))
    xs, ys = zip(*item["quad"], strict=True)
    return Box(float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)))


def _box_if_any(item: dict[str, Any]) -> Box | None:
    return _box(item) if item.get("box") is not None or item.get("quad") is not None else None


def _table(item: dict[str, Any], number: int) -> TableRecord:
    return TableRecord(
        id=str(item.get("id", number)),
        title=str(item.get("title") or ""),
        rows=int(item["rows"]),
        cols=int(item["cols"]),
        cells=tuple(_cell(cell) for cell in item["cells"]),
        parts=tuple(_part(part) for part in item.get("parts", ())),
    )


def _part(item: dict[str, Any]) -> PartRecord:
    return PartRecord(int(item["page"]), (int(item["rows"][0]), int(item["rows"][1])), _box_if_any(item))


def _cell(item: dict[str, Any]) -> CellRecord:
    return CellRecord(
        row=int(item["row"]),
        col=int(item["col"]),
        row_span=int(item["row_span"]),
        col_span=int(item["col_span"]),
        text=str(item["text"]),
        page=int(item.get("page", 0)),
        box=_box_if_any(item),
        flags=tuple(str(flag) for flag in item.get("flags", ())),
        under_seal=bool(item.get("under_seal", False)),
        parts=tuple(
            CellPartRecord(int(part["page"]), "".join(str(line["text"]) for line in part["lines"]), _box_if_any(part))
            for part in item.get("parts", ())
        ),
    )


def label_from_json(content: dict[str, Any], name: str) -> DocumentRecord:
    """From the hand-typed label of a real page: one page, no boxes of cells, some of its running text as `title`."""
    lines = tuple(line for line in str(content.get("title") or "").splitlines() if line.strip())
    return DocumentRecord(
        name=name,
        pages=(PageRecord(index=0, width=0, height=0, lines=lines, complete=False),),
        tables=tuple(_labelled_table(item, number) for number, item in enumerate(content["tables"])),
    )


def _labelled_table(item: dict[str, Any], number: int) -> TableRecord:
    rows = int(item["rows"])
    bbox = item.get("bbox")
    box = Box(*(float(v) for v in bbox)) if bbox else None
    return TableRecord(
        id=str(number),
        rows=rows,
        cols=int(item["cols"]),
        cells=tuple(
            CellRecord(int(c["row"]), int(c["col"]), int(c["rowspan"]), int(c["colspan"]), str(c["text"]))
            for c in item["cells"]
        ),
        parts=(PartRecord(0, (0, rows - 1), box),),
        unruled_row_groups=tuple((int(g[0]), int(g[1])) for g in item.get("unruled_row_groups", ())),
        continues_previous=bool(item.get("continues_previous", False)),
    )
