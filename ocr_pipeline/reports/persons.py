"""What a person said of a cell stays: rules, sums, profiles and repairs reckon with it and hand it back as it was."""

from __future__ import annotations

from dataclasses import replace

from ocr_pipeline.document import Cell, Table


def has_persons(table: Table) -> bool:
    """Whether a person corrected or confirmed a cell of the table."""
    return any(cell.by_person for cell in table.cells)


def with_persons(given: Table, worked: Table) -> Table:
    """The table as it was worked over, in it a person's cells as they were given, but for what they were found to mean:
    value, unit and role."""
    persons = {(cell.row, cell.col): cell for cell in given.cells if cell.by_person}
    if not persons:
        return worked
    cells = (_kept(persons.get((cell.row, cell.col)), cell) for cell in worked.cells)
    return replace(worked, cells=tuple(cells))


def _kept(given: Cell | None, worked: Cell) -> Cell:
    return worked if given is None else replace(given, value=worked.value, unit=worked.unit, role=worked.role)
