"""TEDS against the authors' example and against the reference package on generated tables."""

import random

import pytest
from evaluation_samples import table
from table_recognition_metric import TEDS

from ocr_pipeline.evaluation.html_tables import html_of, parse_tables, record_of
from ocr_pipeline.evaluation.teds import teds, teds_html

ROWS_OF_BOTH = (
    "<tr><td>MACS [23]</td><td>Uses both a control library and local statistics to minimize bias</td></tr>",
    "<tr><td>SISSRs [25]</td><td>High resolution, precise identification of binding-site location</td></tr>"
    "<tr><td>F-seq [26]</td><td>Uses kernel density estimation</td></tr>",
)
HISTONE = "<td>Designed for detecting diffusely enriched regions; for example, histone modification</td></tr>"
PUBLISHED = (
    "<html><body><table><thead><tr><td><b>Name of algori</b></td><td><b>Notablefeatures</b></td></tr></thead><tbody>"
    + ROWS_OF_BOTH[0]
    + "<tr><td>SICER [15]</td>"
    + HISTONE
    + "<tr><td>PeakSEQ [24]</td><td>Corrects for reference genome mappability and local statistics</td></tr>"
    + ROWS_OF_BOTH[1]
    + "</tbody></table></body></html>",
    "<html><body><table><thead><tr><td><b>Name of algorithm</b></td><td><b>Notable features</b></td></tr></thead>"
    "<tbody>"
    + ROWS_OF_BOTH[0]
    + "<tr><td>SICER [14]</td>"
    + HISTONE
    + "<tr><td>PeakSeq [24]</td><td>Corrects for reference genome mappability and local statistics</td></tr>"
    + ROWS_OF_BOTH[1]
    + "</tbody></table></body></html>",
)
"""Prediction and truth of the worked example beside PubTabNet's metric (src/demo.ipynb)."""


def random_table(seed: int) -> tuple[str, str]:
    """A random HTML table with spans, inner tags, entities and head, and a damaged copy of it."""
    rng = random.Random(seed)
    words = [
        "",
        "0",
        "12",
        "结果维持",
        "三、本年度办理结果",
        "<b>总计</b>",
        "a&amp;b",
        "1,234.5",
        "商业 企业",
        "x<i>y</i>z",
    ]
    rows = [
        [(rng.choice(words), rng.choice([1, 1, 1, 2, 3]), rng.choice([1, 1, 1, 2])) for _ in range(rng.randint(1, 5))]
        for _ in range(rng.randint(1, 7))
    ]
    copy = [list(row) for row in rows]
    for _ in range(rng.randint(0, 5)):
        row = rng.choice(copy)
        damage = rng.randrange(4)
        if damage == 0 and len(row) > 1:
            row.pop(rng.randrange(len(row)))
        elif damage == 1 and len(copy) > 1:
            copy.remove(row)
        else:
            text, col_span, row_span = row[0]
            row[0] = (rng.choice(words), col_span, row_span) if damage == 2 else (text, col_span + 1, row_span)
    head = rng.random() < 0.5
    return markup(rows, head), markup(copy, head and rng.random() < 0.8)


def markup(rows: list[list[tuple[str, int, int]]], head: bool) -> str:
    lines = [
        "<tr>" + "".join(f'<td colspan="{c}" rowspan="{r}">{text}</td>' for text, c, r in row) + "</tr>" for row in rows
    ]
    body = f"<thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody>" if head else "".join(lines)
    return f"<html><body><table>{body}</table></body></html>"


def test_published_example() -> None:
    # The script beside PubTabNet divides the edit distance by the elements inside the table, two <b> among them (22);
    # the reference package, and we, by the nodes of the tree, table itself included (21). The distance is one.
    assert (1 - teds_html(*PUBLISHED)) * 21 / 22 == pytest.approx(1 - 0.9781765018607124, abs=1e-12)
    assert teds_html(*PUBLISHED) == pytest.approx(TEDS()(*PUBLISHED), abs=1e-12)
    assert teds_html(*PUBLISHED, structure_only=True) == 1.0


@pytest.mark.parametrize("structure_only", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_agrees_with_reference_package(seed: int, structure_only: bool) -> None:
    true, predicted = random_table(seed)
    reference = TEDS(structure_only=structure_only)(predicted, true)
    assert teds_html(predicted, true, structure_only=structure_only) == pytest.approx(reference, abs=1e-6)


def test_generated_tables_are_not_all_alike() -> None:
    scores = {round(teds_html(*reversed(random_table(seed))), 6) for seed in range(40)}
    assert len(scores) > 20


def test_known_value_by_hand() -> None:
    true = "<table><tr><td>ab</td><td>c</td></tr></table>"
    # Four nodes in each tree; one of two characters differs in one cell: half a node of four.
    assert teds_html("<table><tr><td>ax</td><td>c</td></tr></table>", true) == pytest.approx(1 - 0.5 / 4)
    # A lost cell is one node of four.
    assert teds_html("<table><tr><td>ab</td></tr></table>", true) == pytest.approx(1 - 1 / 4)


def test_no_table_is_zero() -> None:
    assert teds_html("<p>nothing</p>", "<table><tr><td>1</td></tr></table>") == 0.0


def test_record_to_html_and_back() -> None:
    record = table()
    again = record_of(parse_tables(html_of(record))[0])
    assert [(c.place, c.norm) for c in again.cells] == [(c.place, c.norm) for c in record.cells]
    assert teds(again, record) == 1.0


def test_html_cells_skip_places_taken_from_above() -> None:
    record = record_of(parse_tables("<table><tr><th rowspan=2>a<th>b<tr><td>c</table>")[0])
    assert [(c.place, c.text) for c in record.cells] == [((0, 0, 2, 1), "a"), ((0, 1, 1, 1), "b"), ((1, 1, 1, 1), "c")]


def test_markup_in_a_cell_text_stays_text() -> None:
    record = record_of(parse_tables("<table><tr><td>&lt;/td&gt;&lt;b&gt;</td></tr></table>")[0])
    assert record.cells[0].text == "</td><b>"
    assert len(parse_tables(html_of(record))[0].children[0].children) == 1
