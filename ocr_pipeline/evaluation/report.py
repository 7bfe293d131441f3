"""Figures for people (a text table) and for programs (JSON)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.document_scores import Evaluation
from ocr_pipeline.evaluation.summary import Summary, summarise
from ocr_pipeline.wording import shown

if TYPE_CHECKING:
    from rich.table import Table

SCHEMA = "ocr-pipeline-evaluation/1"


@dataclass(frozen=True)
class Measure:
    """A column of the text table."""

    title: str
    value: str


def share(value: float | None, digits: int = 3) -> str:
    """A figure with so many digits, a dash for none. A value below 1 is never shown as 1."""
    if value is None:
        return "-"
    shown = f"{value:.{digits}f}"
    return f"<{shown}" if value < 1 and shown == f"{1:.{digits}f}" else shown


def measures(summary: Summary) -> tuple[Measure, ...]:
    """The columns of a document's line, or of the last line."""
    cells, silent, seals = summary.cells, summary.silent, summary.seals
    skew = "-" if summary.skew_mean is None else f"{summary.skew_mean:.2f}°"
    return (
        Measure("cells exact", f"{cells.exact}/{cells.true}"),
        Measure("share", share(cells.exact_share)),
        Measure("text F1", share(cells.text_f1)),
        Measure("TEDS", share(summary.teds)),
        Measure("TEDS-S", share(summary.teds_struct)),
        Measure("adj. F1", share(summary.adjacency_f1)),
        Measure("CER", share(summary.lines.cer, 4)),
        Measure("silent", f"{silent.silent}/{silent.numbers}"),
        Measure("seals", f"{seals.found}/{seals.true}"),
        Measure("skew", skew),
    )


def text_tables(evaluations: Sequence[Evaluation], width: int | None) -> list[Table]:
    """A line for each document and one for all of them; with too many columns for the width, several tables below
    each other. Figures are never cut; long names go over several lines.

    width: columns of the terminal, None where there is no end to a line.
    """
    total = measures(summarise(evaluations))
    lines = [(shown(item.name), measures(summarise([item]))) for item in evaluations]
    lines.append((f"all {len(evaluations)}", total))
    figures = [_column_width([one[n].value for _, one in lines], total[n].title) for n in range(len(total))]
    names = _column_width([name for name, _ in lines], _DOCUMENT)
    room = sum(figures) + names if width is None else width - 1
    names = max(min(names, room - max(figures)), _NARROWEST)
    tables = [_text_table(lines, columns, names) for columns in _shared_out(figures, room - names)]
    tables[0].title = "Evaluation"
    return tables


_DOCUMENT = "document"
_NARROWEST = 10
"""Columns for a name, however narrow the terminal is."""
_PADDING = 3
"""Columns that a table's column takes beside its text: a blank on either side and a line."""


def _column_width(texts: Sequence[str], title: str) -> int:
    from rich.cells import cell_len

    return max(cell_len(text) for text in (*texts, title)) + _PADDING


def _shared_out(widths: Sequence[int], room: int) -> list[list[int]]:
    """The numbers of the columns in as few tables as have room for them, one column in each at least."""
    tables: list[list[int]] = [[]]
    for number, width in enumerate(widths):
        if tables[-1] and sum(widths[n] for n in tables[-1]) + width > room:
            tables.append([])
        tables[-1].append(number)
    return tables


def _text_table(lines: Sequence[tuple[str, tuple[Measure, ...]]], columns: Sequence[int], names: int) -> Table:
    from rich.table import Table

    table = Table(title_justify="left")
    table.add_column(_DOCUMENT, overflow="fold", max_width=names - _PADDING)
    for number in columns:
        table.add_column(lines[0][1][number].title, justify="right", no_wrap=True)
    for name, found in lines:
        if name is lines[-1][0]:
            table.add_section()
        table.add_row(_plain(name), *(found[number].value for number in columns))
    return table


def kinds_table(evaluations: Sequence[Evaluation]) -> Table:
    """Exact cells by kind of cell."""
    from rich.table import Table

    table = Table(title="By kind of cell", title_justify="left")
    for title in ("kind", "cells", "exact", "share"):
        table.add_column(title, justify="left" if title == "kind" else "right")
    for score in summarise(evaluations).kinds:
        table.add_row(
            score.kind.value,
            str(score.cells),
            str(score.exact),
            share(score.exact / score.cells if score.cells else None),
        )
    return table


def _plain(text: str) -> str:
    """A name as data: rich reads [words] as markup otherwise."""
    from rich.markup import escape

    return escape(text)


def as_json(evaluations: Sequence[Evaluation]) -> dict[str, object]:
    """All figures as plain values: {schema, summary, documents[]}."""
    return {
        "schema": SCHEMA,
        "summary": summary_json(summarise(evaluations)),
        "documents": [{**asdict(item), "summary": summary_json(summarise([item]))} for item in evaluations],
    }


def summary_json(summary: Summary) -> dict[str, object]:
    """A summary with its derived figures."""
    return {
        **asdict(summary),
        "exact_share": summary.cells.exact_share,
        "exact_f1": summary.cells.exact_f1,
        "placed_f1": summary.cells.placed_f1,
        "text_f1": summary.cells.text_f1,
        "silent_errors": summary.silent.silent,
        "cer": summary.lines.cer,
        "cer_ordered": summary.ordered.cer,
        "adjacency_f1": summary.adjacency_f1,
        "seal_f1": summary.seals.f1,
    }


def write_json(evaluations: Sequence[Evaluation], path: Path) -> None:
    """Write all figures. OutputError when the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(as_json(evaluations), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}).") from error
