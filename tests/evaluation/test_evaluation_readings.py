"""Fair readings: unruled rows, labelled parts, page slices."""

from dataclasses import replace

import pytest
from evaluation_samples import document, grid

from ocr_pipeline.evaluation import evaluate_records
from ocr_pipeline.evaluation.page_slice import slice_page
from ocr_pipeline.evaluation.readings import join_unruled_rows, readings, stack
from ocr_pipeline.evaluation.records import (
    UNREADABLE,
    CellPartRecord,
    CellRecord,
    DocumentRecord,
    PageRecord,
    PartRecord,
    TableRecord,
)
from ocr_pipeline.geometry import Box

UPPER = Box(0, 0, 200, 100)
LOWER = Box(0, 300, 200, 400)


def as_document(*tables: TableRecord) -> DocumentRecord:
    return DocumentRecord("page", (PageRecord(0, 500, 500, complete=False),), tables)


def labelled(rows: list[tuple[str, ...]], box: Box, **fields: object) -> TableRecord:
    return replace(grid(rows), parts=(PartRecord(0, (0, len(rows) - 1), box),), **fields)  # type: ignore[arg-type]


def shares(predicted: DocumentRecord, truth: DocumentRecord) -> tuple[list[str], list[float], list[float]]:
    tables = evaluate_records(predicted, truth).tables
    return [t.reading for t in tables], [t.teds for t in tables], [t.cells.exact_share for t in tables]


def test_joined_rows_are_a_fair_reading() -> None:
    truth = labelled([("甲", "1"), ("乙", "2"), ("丙", "3")], UPPER, unruled_row_groups=((1, 2),))
    strict = labelled([("甲", "1"), ("乙丙", "23")], UPPER)
    apart = labelled([("甲", "1"), ("乙", "2"), ("丙", "3")], UPPER)
    assert shares(as_document(strict), as_document(truth)) == (["unruled rows joined"], [1.0], [1.0])
    assert shares(as_document(apart), as_document(truth)) == (["as labelled"], [1.0], [1.0])


def test_joining_unruled_rows_keeps_spans() -> None:
    tall = TableRecord(
        "t",
        4,
        2,
        (
            CellRecord(0, 0, 3, 1, "左"),
            CellRecord(0, 1, 1, 1, "a"),
            CellRecord(1, 1, 1, 1, "b"),
            CellRecord(2, 1, 1, 1, "c"),
            CellRecord(3, 0, 1, 2, "底"),
        ),
        unruled_row_groups=((1, 2),),
    )
    joined = join_unruled_rows(tall)
    assert (joined.rows, [(c.place, c.text) for c in joined.cells]) == (
        3,
        [((0, 0, 2, 1), "左"), ((0, 1, 1, 1), "a"), ((1, 1, 1, 1), "bc"), ((2, 0, 1, 2), "底")],
    )


@pytest.fixture
def two_parts() -> DocumentRecord:
    upper = labelled([("时间", "内容"), ("一月", "油")], UPPER)
    lower = labelled([("", "品"), ("二月", "水")], LOWER, continues_previous=True)
    return as_document(upper, lower)


def test_parts_apart_stacked_and_mended_are_all_fair(two_parts: DocumentRecord) -> None:
    upper, lower = two_parts.tables
    apart = as_document(upper, replace(lower, continues_previous=False))
    stacked = as_document(stack(two_parts.tables))
    mended = as_document(stack(two_parts.tables, mend=True))
    assert shares(apart, two_parts) == (["as labelled"] * 2, [1.0] * 2, [1.0] * 2)
    assert shares(stacked, two_parts) == (["parts stacked"], [1.0], [1.0])
    assert shares(mended, two_parts) == (["cut row mended"], [1.0], [1.0])
    assert [c.text for c in mended.tables[0].cells] == ["时间", "内容", "一月", "油品", "二月", "水"]


def test_half_a_table_does_not_pass_for_the_whole(two_parts: DocumentRecord) -> None:
    found = as_document(two_parts.tables[0])
    assert shares(found, two_parts)[2] == [1.0, 0.0]


def test_parts_of_different_width_are_not_stacked() -> None:
    wide = labelled([("a", "b", "c")], UPPER)
    narrow = labelled([("d", "e")], LOWER, continues_previous=True)
    assert [reading.name for reading in readings((wide, narrow))] == ["as labelled"]


def test_tables_without_boxes_are_matched_by_content() -> None:
    first, second = grid([("a", "b")]), grid([("c", "d"), ("e", "f")])
    evaluation = evaluate_records(as_document(second, first), as_document(first, second))
    assert [table.teds for table in evaluation.tables] == [1.0, 1.0]


def test_page_slice_has_its_rows_only() -> None:
    tall = CellRecord(0, 0, 3, 1, "三、结果", parts=(CellPartRecord(0, "三、结"), CellPartRecord(1, "果")))
    unknown = CellRecord(1, 1, 2, 1, "x")
    table = TableRecord(
        "t",
        3,
        2,
        (tall, CellRecord(0, 1, 1, 1, "1"), unknown),
        (PartRecord(0, (0, 1), UPPER), PartRecord(1, (2, 2), LOWER)),
    )
    pages = (PageRecord(0, 500, 500, ("上",)), PageRecord(1, 500, 500, ("下",)))
    whole = DocumentRecord("d", pages, (table,))
    first, second = (slice_page(whole, page) for page in pages)
    assert [(c.place, c.text) for c in first.tables[0].cells] == [
        ((0, 0, 2, 1), "三、结"),
        ((0, 1, 1, 1), "1"),
        ((1, 1, 1, 1), UNREADABLE),
    ]
    assert [(c.place, c.text) for c in second.tables[0].cells] == [((0, 0, 1, 1), "果"), ((0, 1, 1, 1), UNREADABLE)]
    assert (second.tables[0].rows, second.pages[0].lines, second.tables[0].parts[0].box) == (1, ("下",), LOWER)


def test_slice_of_a_one_page_document_is_the_document() -> None:
    record = document()
    assert slice_page(record, record.pages[0]).tables == record.tables


def test_page_slice_joins_columns_that_its_rows_do_not_tell_apart() -> None:
    head = tuple(CellRecord(0, col, 1, 1, str(col)) for col in range(4))
    wide = (CellRecord(1, 0, 1, 1, "a"), CellRecord(1, 1, 1, 3, "b"), CellRecord(2, 0, 1, 4, "c"))
    parts = (PartRecord(0, (0, 0), UPPER), PartRecord(1, (1, 2), LOWER))
    pages = (PageRecord(0, 500, 500), PageRecord(1, 500, 500))
    whole = DocumentRecord("d", pages, (TableRecord("t", 3, 4, (*head, *wide), parts),))
    second = slice_page(whole, pages[1]).tables[0]
    assert (second.cols, [cell.place for cell in second.cells]) == (2, [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)])
    assert slice_page(whole, pages[0]).tables[0].cols == 4
