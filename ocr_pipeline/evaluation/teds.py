"""Tree-edit-distance similarity of tables (TEDS; Zhong, ShafieiBavani, Jimeno Yepes 2020), by the APTED library.

1 - distance / nodes of the larger tree. Inserting or deleting a node costs 1; renaming costs 1 between different
tags or spans, and the normalised edit distance of the texts between cells of equal spans. TEDS-Struct leaves the
texts out. Values agree with the table-recognition-metric package (tests/evaluation/test_evaluation_teds.py), which
counts all nodes of the tree; the script beside PubTabNet divides the same distance by the elements inside the table.
"""

from __future__ import annotations

from ocr_pipeline.evaluation.html_tables import Node, parse_tables, tree_of
from ocr_pipeline.evaluation.records import TableRecord


def teds(predicted: TableRecord, truth: TableRecord, *, structure_only: bool = False) -> float:
    """The similarity of two tables, 0 to 1, texts normalised."""
    return tree_similarity(tree_of(predicted), tree_of(truth), structure_only=structure_only)


def teds_html(predicted: str, truth: str, *, structure_only: bool = False) -> float:
    """The similarity of the first tables of two pieces of HTML, texts as they are; 0 where either has none."""
    trees = (parse_tables(predicted), parse_tables(truth))
    if not trees[0] or not trees[1]:
        return 0.0
    return tree_similarity(trees[0][0], trees[1][0], structure_only=structure_only)


def tree_similarity(predicted: Node, truth: Node, *, structure_only: bool) -> float:
    """The similarity of two trees, 0 to 1."""
    if _outline(predicted, structure_only) == _outline(truth, structure_only):
        return 1.0
    distance = _distance(predicted, truth, structure_only)
    return 1.0 - distance / max(predicted.size, truth.size)


def _outline(node: Node, structure_only: bool) -> tuple[object, ...]:
    """A value equal for equal trees; spares the edit distance for them."""
    content = () if structure_only else tuple(node.content)
    children = tuple(_outline(child, structure_only) for child in node.children)
    return node.tag, node.col_span, node.row_span, content, children


def _distance(predicted: Node, truth: Node, structure_only: bool) -> float:
    from apted import APTED, Config
    from rapidfuzz.distance import Levenshtein

    class TableConfig(Config):  # type: ignore[misc]
        def rename(self, one: Node, other: Node) -> float:
            if (one.tag, one.col_span, one.row_span) != (other.tag, other.col_span, other.row_span):
                return 1.0
            if structure_only or one.content == other.content:
                return 0.0
            return float(Levenshtein.normalized_distance(one.content, other.content))

    return float(APTED(predicted, truth, TableConfig()).compute_edit_distance())
