"""Words for the program's own sentences."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def at_cell(row: int, col: int) -> str:
    """A cell's place (0-based) as people count it: from 1, as spreadsheets do."""
    return f"row {row + 1}, column {col + 1}"
