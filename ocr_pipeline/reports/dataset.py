"""One tidy table out of many filings: a row for each data cell, with everything needed to find and judge it."""

from __future__ import annotations

import io
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocr_pipeline.document import Cell, CellRole, Document, Table
from ocr_pipeline.errors import InputFileError, OutputError, PipelineError
from ocr_pipeline.reports.match import TableMatch, match_table
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.reports.structure import bands
from ocr_pipeline.settings import ReportSettings

if TYPE_CHECKING:
    import pandas as pd

PATH_SEPARATOR = " > "
FORMATS = (".csv", ".parquet", ".xlsx", ".sqlite")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XLSX_ROWS = 1_048_576


@dataclass(frozen=True)
class DataRow:
    """One data cell. Labels are the profile's own words where the table is known, so that filings line up; value is
    None for a blank, a dash, or what is no number; page is 0-based, box in pixels of the source page image."""

    filing: str | None
    title: str | None
    issuer: str | None
    year: int | None
    form: str | None
    table: str | None
    table_id: str
    table_title: str
    row: int
    col: int
    row_path: str
    column_path: str
    value: float | int | None
    unit: str | None
    text: str
    score: float
    flags: str
    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    source: str


def collect(folder: Path, profiles: Sequence[FormProfile], settings: ReportSettings) -> Iterator[DataRow]:
    """The rows of every document.json in a folder and below, in the order of their paths.

    Raises InputFileError when there is none, or one cannot be read: a dataset that lacks filings silently is wrong.
    """
    from ocr_pipeline.export.json import load_document

    if not folder.is_dir():
        raise InputFileError(f"{folder} is no folder.", "Give the folder that 'ocr-pipeline run' wrote into.")
    paths = sorted(folder.glob("**/document.json"))
    if not paths:
        raise InputFileError(f"{folder} holds no document.json.", "Give the folder that 'ocr-pipeline run' wrote into.")
    for path in paths:
        yield from document_rows(load_document(path), profiles, settings)


def document_rows(document: Document, profiles: Sequence[FormProfile], settings: ReportSettings) -> Iterator[DataRow]:
    """The rows of one document, table by table, cells in reading order."""
    year = year_of(document)
    for table in document.tables:
        match = match_table(table, profiles, settings)
        labels = _labels(table, match)
        for cell in sorted(table.cells, key=lambda item: (item.row, item.col)):
            if cell.role is CellRole.DATA:
                yield _row(document, year, table, match, cell, labels.get((cell.row, cell.col), ((), ())))


def year_of(document: Document) -> int | None:
    """The year a filing reports on, which its title names; None where it names none."""
    match = _YEAR.search(document.filing.title or "")
    return int(match[1]) if match else None


_Paths = tuple[tuple[str, ...], tuple[str, ...]]


def _labels(table: Table, match: TableMatch | None) -> dict[tuple[int, int], _Paths]:
    """The row and column labels of every data cell: the profile's, else as printed, the section first."""
    found: dict[tuple[int, int], _Paths] = {}
    data = [cell for cell in table.cells if cell.role is CellRole.DATA]
    for band in bands(table):
        title = (band.title,) if band.title else ()
        rows = {row.row: row.path for row in band.rows}
        for cell in data:
            if cell.row in rows:
                leaf = next((leaf for leaf in band.columns if leaf.first <= cell.col <= leaf.last), None)
                found[cell.row, cell.col] = ((*title, *rows[cell.row]), leaf.path if leaf else ())
    for cell in data if match is not None else ():
        paths = match.paths(cell) if match is not None else None
        if paths is not None:
            found[cell.row, cell.col] = paths
    return found


def _row(
    document: Document, year: int | None, table: Table, match: TableMatch | None, cell: Cell, paths: _Paths
) -> DataRow:
    filing = document.filing
    return DataRow(
        filing=filing.number,
        title=filing.title,
        issuer=filing.issuer,
        year=year,
        form=match.form.id if match else None,
        table=match.profile.key.split("/")[-1] if match else None,
        table_id=table.id,
        table_title=table.title,
        row=cell.row,
        col=cell.col,
        row_path=PATH_SEPARATOR.join(paths[0]),
        column_path=PATH_SEPARATOR.join(paths[1]),
        value=cell.value,
        unit=cell.unit,
        text=cell.text,
        score=round(cell.score, 4),
        flags=" ".join(cell.flags),
        page=cell.page,
        x0=cell.box.x0,
        y0=cell.box.y0,
        x1=cell.box.x1,
        y1=cell.box.y1,
        source=document.source.path,
    )


def to_frame(rows: Iterable[DataRow]) -> pd.DataFrame:
    """The rows as a pandas DataFrame; whole values stay whole. Raises PipelineError when pandas is not installed."""
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        raise PipelineError(
            "A dataset needs pandas, which is not installed.", 'Run: python -m pip install "ocr-pipeline[pandas]".'
        ) from error
    names = [item.name for item in fields(DataRow)]
    frame = pd.DataFrame([astuple(row) for row in rows], columns=names, dtype=object)
    text = ("filing", "title", "issuer", "form", "table", "unit")
    numbers = {"year": "Int64", "row": "int64", "col": "int64", "page": "int64", "score": "float64"}
    boxes = dict.fromkeys(("x0", "y0", "x1", "y1"), "float64")
    frame = frame.astype({**numbers, **boxes})
    for name in (*text, "text", "row_path", "column_path", "table_title", "flags", "source", "table_id"):
        frame[name] = frame[name].map(_clean, na_action="ignore")
    return frame


def _clean(text: object) -> object:
    """A text without control characters and broken surrogates, which no format can hold."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else text


def write_dataset(rows: Iterable[DataRow], path: Path) -> int:
    """Write the rows in the format that the name's ending says, whole or not at all; returns how many.

    Raises OutputError for another ending, too many rows for a sheet, or a path that cannot be written.
    """
    from ocr_pipeline.export.atomic import write_atomic

    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise OutputError(f"{path}: a dataset is one of {', '.join(FORMATS)}.", "Choose one of these endings.")
    frame = to_frame(rows)
    content = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx, ".sqlite": _sqlite}[kind](frame)
    write_atomic(path, content)
    return len(frame)


def _csv(frame: pd.DataFrame) -> bytes:
    import pandas as pd

    from ocr_pipeline.export.csv import neutral

    safe = frame.copy()
    for name in safe.columns:
        if name == "value" or pd.api.types.is_numeric_dtype(safe[name]):
            continue  # mapping would turn whole values into decimals
        safe[name] = safe[name].map(lambda value: neutral(value) if isinstance(value, str) else value)
    text: str = safe.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    try:
        frame.astype({"value": "float64"}).to_parquet(stream, index=False)
    except ImportError as error:
        raise PipelineError(
            "Parquet needs pyarrow, which is not installed.", 'Run: python -m pip install "ocr-pipeline[pandas]".'
        ) from error
    return stream.getvalue()


def _xlsx(frame: pd.DataFrame) -> bytes:
    import pandas as pd

    if len(frame) >= _XLSX_ROWS:
        raise OutputError(f"{len(frame)} rows are too many for one sheet.", "Write .csv, .parquet or .sqlite.")
    stream = io.BytesIO()
    with pd.ExcelWriter(stream, engine="openpyxl") as writer:
        frame.to_excel(writer, sheet_name="dataset", index=False, freeze_panes=(1, 0))
        _without_formulas(writer.sheets["dataset"])
    return stream.getvalue()


def _without_formulas(sheet: Any) -> None:
    """Openpyxl takes a text that begins with `=` for a formula; what a scan says is text."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
                cell.quotePrefix = True


def _sqlite(frame: pd.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dataset.sqlite"
        connection = sqlite3.connect(file)
        try:
            frame.astype({"value": "float64"}).to_sql("dataset", connection, index=False)
            connection.commit()
        finally:
            connection.close()
        return file.read_bytes()
