"""Each deliberate damage moves exactly the measures it should."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from evaluation_samples import WIDTH, cell_box, document, grid

from ocr_pipeline.evaluation import evaluate_records, summarise
from ocr_pipeline.evaluation.records import CellRecord, DocumentRecord, PageRecord, PartRecord, TableRecord
from ocr_pipeline.geometry import Box

Damage = Callable[[DocumentRecord], DocumentRecord]


def measure(predicted: DocumentRecord) -> dict[str, float]:
    """All measures as numbers that are 1 for a perfect prediction."""
    summary = summarise([evaluate_records(predicted, document())])
    assert summary.grits is not None and summary.adjacency is not None
    values = {
        "teds": summary.teds,
        "teds_struct": summary.teds_struct,
        "grits_top": summary.grits.topology,
        "grits_con": summary.grits.content,
        "exact": summary.cells.exact_share,
        "exact_f1": summary.cells.exact_f1,
        "placed": summary.cells.placed_f1,
        "text": summary.cells.text_f1,
        "adjacency": summary.adjacency_f1,
        "silent": 1 - summary.silent.silent / summary.silent.numbers,
        "cer": 1 - (summary.lines.cer or 0),
        "ordered": 1 - (summary.ordered.cer or 0),
        "seals": summary.seals.f1,
        "seal_text": summary.seals.read / summary.seals.true,
        "skew": 1 - (summary.skew_mean or 0),
        "filing": summary.filing.exact / summary.filing.true,
        "tables": 1 / (1 + summary.invented_tables),
    }
    values.update({f"kind {score.kind.value}": score.exact / score.cells for score in summary.kinds})
    return {name: value for name, value in values.items() if value is not None}


def on_table(change: Callable[[TableRecord], TableRecord]) -> Damage:
    return lambda record: replace(record, tables=(change(record.tables[0]),))


def on_page(change: Callable[[PageRecord], PageRecord]) -> Damage:
    return lambda record: replace(record, pages=(change(record.pages[0]),))


def retext(**texts: str) -> Damage:
    """Other texts at r<row>c<col>."""

    def change(item: TableRecord) -> TableRecord:
        return replace(item, cells=tuple(replace(c, text=texts.get(f"r{c.row}c{c.col}", c.text)) for c in item.cells))

    return on_table(change)


def flagged_digit(record: DocumentRecord) -> DocumentRecord:
    wrong = retext(r2c1="13")(record)
    return on_table(
        lambda item: replace(
            item, cells=tuple(replace(c, flags=("low_score",)) if c.text == "13" else c for c in item.cells)
        )
    )(wrong)


def lost_row(item: TableRecord) -> TableRecord:
    return replace(item, rows=4, cells=tuple(cell for cell in item.cells if cell.row < 4))


def lost_column(item: TableRecord) -> TableRecord:
    return replace(item, cols=3, cells=tuple(replace(c, col_span=min(c.col_span, 3)) for c in item.cells if c.col < 3))


def slid_down(item: TableRecord) -> TableRecord:
    """The numbers of one column one row down, the last one pushed out, a blank at the top."""
    texts = {cell.row: cell.text for cell in item.cells if cell.col == 1}
    return replace(
        item,
        cells=tuple(
            replace(c, text=texts[c.row - 1] if c.row > 2 else "") if c.col == 1 and c.row >= 2 else c
            for c in item.cells
        ),
    )


def split_title(item: TableRecord) -> TableRecord:
    title, *rest = item.cells
    halves = (
        replace(title, col_span=2, box=cell_box(0, 0, 1, 2)),
        CellRecord(0, 2, 1, 2, "", 0, cell_box(0, 2, 1, 2)),
    )
    return replace(item, cells=(*halves, *rest))


def moved_boxes(item: TableRecord) -> TableRecord:
    """Every box a third of a column to the right: IoU 0.5."""
    shift = WIDTH / 3
    boxes = [Box(c.box.x0 + shift, c.box.y0, c.box.x1 + shift, c.box.y1) for c in item.cells if c.box]
    return replace(item, cells=tuple(replace(c, box=b) for c, b in zip(item.cells, boxes, strict=True)))


def invented_table(record: DocumentRecord) -> DocumentRecord:
    extra = grid([("甲", "乙"), ("丙", "5")], parts=(PartRecord(0, (0, 1), Box(100, 1200, 300, 1300)),))
    return replace(record, tables=(*record.tables, replace(extra, id="t2")))


TEXTUAL = {"teds", "grits_con", "exact", "exact_f1", "text"}
STRUCTURAL = {"teds", "teds_struct", "grits_top", "grits_con", "exact", "exact_f1", "placed"}
DAMAGES: dict[str, tuple[Damage, set[str]]] = {
    "one digit": (retext(r2c1="13"), TEXTUAL | {"silent", "kind number"}),
    "one digit, flagged": (flagged_digit, TEXTUAL | {"kind number"}),
    "two values swapped": (
        retext(r2c1="7", r3c1="12"),
        (TEXTUAL - {"text"}) | {"silent", "kind number", "kind one character"},
    ),
    "one word": (retext(r4c0="结案"), TEXTUAL | {"kind text"}),
    "a dash read as nothing": (retext(r2c3=""), TEXTUAL | {"kind text", "kind one character", "adjacency"}),
    "a blank read as zero": (retext(r4c2="0"), TEXTUAL | {"silent", "kind empty", "adjacency"}),
    "a zero under the seal lost": (
        retext(r4c1=""),
        TEXTUAL | {"silent", "kind number", "kind one character", "kind under a seal", "adjacency"},
    ),
    "last row lost": (
        on_table(lost_row),
        STRUCTURAL
        | {"text", "silent", "adjacency", "kind number", "kind text", "kind empty"}
        | {"kind one character", "kind under a seal"},
    ),
    "last column lost": (
        on_table(lost_column),
        STRUCTURAL | {"text", "adjacency", "kind text", "kind empty", "kind one character"},
    ),
    "a column slid down": (
        on_table(slid_down),
        (TEXTUAL | {"silent", "adjacency"}) | {"kind number", "kind one character", "kind under a seal"},
    ),
    "wrong span": (on_table(split_title), STRUCTURAL | {"adjacency", "kind text"}),
    "boxes moved": (on_table(moved_boxes), {"adjacency"}),
    "a table invented": (invented_table, {"exact_f1", "placed", "text", "silent", "tables"}),
    "skew wrong": (on_page(lambda page: replace(page, skew=0.5)), {"skew"}),
    "seal not found": (on_page(lambda page: replace(page, seals=())), {"seals", "seal_text"}),
    "seal misread": (
        on_page(lambda page: replace(page, seals=tuple(replace(s, text="某县政府") for s in page.seals or ()))),
        {"seal_text"},
    ),
    "a character of the text": (
        on_page(lambda page: replace(page, lines=(page.lines[0].replace("告", "吿"), *page.lines[1:]))),
        {"cer", "ordered"},
    ),
    "lines out of order": (on_page(lambda page: replace(page, lines=page.lines[::-1])), {"ordered"}),
    "date misread": (
        lambda record: replace(record, filing=(("date", "2022-02-19"), record.filing[1])),
        {"filing"},
    ),
}


def test_perfect_prediction_is_one_everywhere() -> None:
    assert set(measure(document()).values()) == {1.0}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_moves_exactly_its_measures(name: str) -> None:
    damage, expected = DAMAGES[name]
    moved = {measured for measured, value in measure(damage(document())).items() if value < 1 - 1e-9}
    assert moved == expected


def test_lost_table_takes_everything_but_the_page() -> None:
    values = measure(replace(document(), tables=()))
    untouched = {name for name, value in values.items() if value == 1.0}
    assert untouched == {"cer", "ordered", "seals", "seal_text", "skew", "filing", "tables"}
    assert values["teds"] == values["exact"] == values["silent"] == 0.0
