"""What the cell that a bare side would leave whole says of that side.

Sides are weighed one by one; a cell merged by design shows as a whole: somebody wrote something in it, the row that it
stands in holds other such cells or none, and labels of two columns are merged where some have groups before them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.tables.edges import BoolGrid
from ocr_pipeline.tables.merge import label_squares
from ocr_pipeline.tables.parted import Extents

# The weights come from logistic regression on 8,400 bare upright sides and 4,600 level ones of made tables with 15 and
# 30 % of every ruling missing, beside the odds by all else.

# Hardly anybody merges blank squares.
_BLANK = 2.3
# Of a row's bare sides the more are by design the more of them there are: times the logarithm of the others' share, of
# which a bare one that was likely ruled is this much of one; the odds where all of the row is bare; and in a table of
# so few columns, where the others can say little.
_ROW, _LIKELY, _WHOLE_ROW = -1.25, 0.35, -0.5
_NARROW, _FEW = -1.5, 3
# A label alone, the next column of labels blank beside it, where some labels of its column span several rows: it spans
# both columns.
_LABEL = -4.5
_LABEL_EM, _GROUPED = 2.0, 0.1
# Level sides that are bare by design have more beside them that says so.
_LEVEL = 1.6


@dataclass(frozen=True)
class Squares:
    """A grid's squares and what parts them. blank: which hold no print, shape (rows, columns); rows, columns: which
    sides are likely ruled; inked: which of the columns' are for certain; shapes as in Edges."""

    blank: BoolGrid
    rows: BoolGrid
    columns: BoolGrid
    inked: BoolGrid


def whole_cell_odds(squares: Squares, across: Extents, em: float) -> tuple[FloatArray, FloatArray]:
    """What is to be added to the odds (logarithms) that each side was ruled, for rows and columns; shapes as in Edges.

    across: the print of the squares across; em: height of the print in pixels.
    """
    rows, columns = np.zeros(squares.rows.shape), np.zeros(squares.columns.shape)
    unprinted = _in_blank_cells(squares)
    rows[1:-1] = _LEVEL + _BLANK * (unprinted[:-1] & unprinted[1:])
    columns[:, 1:-1] = _BLANK * (unprinted[:, :-1] & unprinted[:, 1:]) + _by_row(squares)
    if len(squares.blank.T) > 1:
        columns[:, 1] += _LABEL * _lone_labels(squares, across, em)
    return rows, columns


def _in_blank_cells(squares: Squares) -> BoolGrid:
    """Which squares are of cells in which there is no print."""
    labels = label_squares(squares.rows, squares.columns)
    printed = np.bincount(labels.ravel(), ~squares.blank.ravel())
    unprinted: BoolGrid = printed[labels] == 0
    return unprinted


def _by_row(squares: Squares) -> FloatArray:
    """What the other inner sides of its row say of each that parts columns, shape (rows, columns - 1)."""
    absent, bare = ~squares.columns[:, 1:-1], ~squares.inked[:, 1:-1]
    each = np.where(absent, 1.0, np.where(bare, _LIKELY, 0.0))
    others = each.sum(axis=1, keepdims=True) - each
    inner = absent.shape[1]
    odds: FloatArray = _WHOLE_ROW + _ROW * np.log((others + 0.5) / (inner + 1.5))
    return odds + (_NARROW if inner < _FEW else 0.0)


def _lone_labels(squares: Squares, across: Extents, em: float) -> BoolGrid:
    """In which rows a label stands in the first column, ruled above and below, the second one being blank, where the
    second one holds labels as well and some of the first span several rows; shape (rows,)."""
    ruled, blank = squares.rows[:, 0], squares.blank
    widths = (across.last - across.first)[:, 1][~blank[:, 1]]
    inner = ruled[1:-1]  # none in a table of one row
    if not len(widths) or np.median(widths) <= _LABEL_EM * em or not len(inner) or np.mean(~inner) <= _GROUPED:
        return np.zeros(len(blank), bool)
    lone: BoolGrid = ~blank[:, 0] & blank[:, 1] & ruled[:-1] & ruled[1:]
    return lone
