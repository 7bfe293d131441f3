"""One table as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from ocr_pipeline.document import Table
from ocr_pipeline.export.json import well_formed
from ocr_pipeline.export.numbers import plain_number

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
"""A spreadsheet takes a text that starts so for a formula; some take the full-width forms as well."""
HARMLESS = ("-", "－")
"""A dash alone says `none` in a table, and is no formula."""


def table_csv(table: Table) -> str:
    """The table as CSV text, rows x cols; a merged cell's text stands in its first position, the others are empty.

    A text that a spreadsheet would run as a formula gets an apostrophe in front, unless it is a plain number.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in table.to_grid(fill_spans=False):
        writer.writerow([neutral(well_formed(text)) for text in row])
    return stream.getvalue()


def table_csv_bytes(table: Table) -> bytes:
    """The same as a file's content: UTF-8 with a byte order mark, without which Excel takes it for another code."""
    return table_csv(table).encode("utf-8-sig")


def neutral(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    suspicious = text.startswith(tuple(FORMULA_STARTS)) or text.strip().startswith(tuple(FORMULA_STARTS))
    if not suspicious or text in HARMLESS or plain_number(text) is not None:
        return text
    return "'" + text
