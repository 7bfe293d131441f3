"""Holds the dataset of processed samples against their truth: every value, its unit and its labels.

    ocr-pipeline batch samples/ -o out/            (or: run, file by file)
    python scripts/measure_dataset.py out/ samples/

The truth of a value and its labels comes from the truth files alone (`*.truth.json`, as make_samples.py writes them):
the header cells above it and the label cells left of it. Ends with 1 where a value, a unit or a label differs.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ocr_pipeline.reports.dataset import PATH_SEPARATOR, DataRow, collect
from ocr_pipeline.reports.labels import bare
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import ReportSettings

_UNIT = "万元"


@dataclass(frozen=True)
class TrueValue:
    """A data cell: its place, its number (None for a blank or a dash) and unit, the labels nearest to it."""

    table: int
    row: int
    col: int
    value: float | None
    unit: str | None
    row_label: str
    column_label: str


def main(
    out: Annotated[Path, typer.Argument(help="Folder of processed files.")],
    truth: Annotated[Path, typer.Argument(help="Folder of truth files.")],
) -> None:
    """Count what differs and show it."""
    profiles = load_profiles()
    rows: dict[str, list[DataRow]] = {}
    for row in collect(out, profiles, ReportSettings()):
        rows.setdefault(Path(row.source).stem, []).append(row)
    counts: Counter[str] = Counter()
    for path in sorted(truth.glob("*.truth.json")):
        stem = path.name.removesuffix(".truth.json")
        if stem in rows:
            counts += _compare(stem, rows[stem], list(_values(json.loads(path.read_text("utf-8")))), profiles)
    wrong = {what: count for what, count in counts.items() if what not in ("files", "values") and count}
    print(f"{counts['files']} files, {counts['values']} values; differing: {wrong or 'none'}")
    raise typer.Exit(1 if wrong or not counts["values"] else 0)


def _compare(
    stem: str, rows: list[DataRow], values: list[TrueValue], profiles: tuple[FormProfile, ...]
) -> Counter[str]:
    tables = {name: number for number, name in enumerate(dict.fromkeys(row.table_id for row in rows))}
    found = {(tables[row.table_id], row.row, row.col): row for row in rows}
    counts = Counter(files=1, values=len(values))
    for true in values:
        row = found.pop((true.table, true.row, true.col), None)
        for what in ["missing"] if row is None else _differences(row, true, profiles):
            counts[what] += 1
            print(f"{stem}: {what}: {true} {row.text if row else ''}")
    counts["beyond the truth"] += len(found)
    return counts


def _differences(row: DataRow, true: TrueValue, profiles: tuple[FormProfile, ...]) -> Iterator[str]:
    if row.value != true.value:
        yield "value"
    if true.value is not None and row.unit != true.unit:
        yield "unit"
    if row.form is None:
        yield "form"
    for what, path, label in (("row", row.row_path, true.row_label), ("column", row.column_path, true.column_label)):
        if label and not _same(path.split(PATH_SEPARATOR)[-1], label, profiles):
            yield f"{what} label"


def _same(known: str, printed: str, profiles: tuple[FormProfile, ...]) -> bool:
    """Whether a label of a profile is the one printed, in any wording the profile accepts."""
    wordings = {bare(text) for form in profiles for text in form.wordings_of(known)}
    return bare(printed) in wordings | {bare(known)}


def _values(truth: dict[str, Any]) -> Iterator[TrueValue]:
    for number, table in enumerate(truth["tables"]):
        for cell in table["cells"]:
            if cell["role"] == "data":
                yield _value(number, table["cells"], cell)


def _value(number: int, cells: list[dict[str, Any]], cell: dict[str, Any]) -> TrueValue:
    above = [c for c in cells if c["role"] == "header" and c["row"] < cell["row"] and _covers(c, "col", cell["col"])]
    left = [c for c in cells if c["role"] == "stub" and c["col"] < cell["col"] and _covers(c, "row", cell["row"])]
    column = max(above, key=lambda c: c["row"])["text"] if above else ""
    row = max(left, key=lambda c: c["col"])["text"] if left else ""
    text = cell["text"].replace(",", "")
    value = None if text in ("", "—", "——", "-", "/") else float(text.removesuffix(_UNIT))
    unit = _UNIT if _UNIT in text or f"单位：{_UNIT}" in column or f"（{_UNIT}）" in column else None
    return TrueValue(number, cell["row"], cell["col"], value, unit or _known_unit(column), row, column)


def _known_unit(column: str) -> str | None:
    """Two columns of the form are in 万元 whether their header says so or not."""
    return _UNIT if column.startswith(("本年收费金额", "采购总金额")) else None


def _covers(cell: dict[str, Any], axis: str, place: int) -> bool:
    return bool(cell[axis] <= place < cell[axis] + cell[f"{axis}_span"])


if __name__ == "__main__":
    typer.run(main)
