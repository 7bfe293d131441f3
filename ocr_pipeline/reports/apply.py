"""A document as it was read, made fit to rely on: forms, values, checks, repair, flags, review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Document, Flag, Table
from ocr_pipeline.reports.checks import checked, confirmed, equations_of
from ocr_pipeline.reports.complete import flagged_merged, missing_parts
from ocr_pipeline.reports.headers import assign_cell_roles
from ocr_pipeline.reports.match import TableMatch, match_table
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.reports.repair import repaired
from ocr_pipeline.reports.review import build_review
from ocr_pipeline.reports.typed import with_values
from ocr_pipeline.settings import ReportSettings


def apply_reports(document: Document, settings: ReportSettings, profiles: Sequence[FormProfile]) -> Document:
    """The document with roles, profile, values, checks, repairs and flags of every table, and its review list.

    Pure, and idempotent: applied to its own result it changes nothing.
    """
    tables = tuple(apply_to_table(table, settings, profiles) for table in document.tables)
    document = replace(document, tables=tables)
    return replace(document, review=build_review(document))


def apply_to_table(table: Table, settings: ReportSettings, profiles: Sequence[FormProfile]) -> Table:
    """One table: match, values, checks, repair, checks again, flags."""
    table, match = matched(table, settings, profiles)
    table = with_values(flagged_merged(table, match), match)
    equations = equations_of(table, match, settings)
    table = with_values(repaired(table, equations, settings), match)
    table = checked(table, equations, settings)
    sure = confirmed(table.checks)
    cells = (_with_low_score(cell, settings) for cell in table.cells)
    cells = (_trusted(cell) if (cell.row, cell.col) in sure else cell for cell in cells)
    checks = table.checks + missing_parts(table, match)
    return replace(table, cells=tuple(_in_order(cell) for cell in cells), checks=checks)


def matched(table: Table, settings: ReportSettings, profiles: Sequence[FormProfile]) -> tuple[Table, TableMatch | None]:
    """The table with cell roles and the key of its profile, and the match itself (None for an unknown form)."""
    table = assign_cell_roles(table)
    match = match_table(table, profiles, settings)
    return replace(table, profile=match.profile.key if match else None), match


_CONFIRMED = "two sums confirm it"


def _trusted(cell: Cell) -> Cell:
    """A number that two sums confirm is not in doubt for its score, a speck taken off it, or a seal over it."""
    lifted = (Flag.LOW_SCORE, Flag.CORRECTED, Flag.UNDER_SEAL)
    if cell.value is None or not any(flag in lifted for flag in cell.flags):
        return cell
    under_seal = Flag.UNDER_SEAL in cell.flags
    cell = replace(cell, flags=tuple(flag for flag in cell.flags if flag not in lifted))
    if cell.note is not None and cell.note.endswith(_CONFIRMED):
        return cell
    said = (cell.note, "under a seal" if under_seal else None, _CONFIRMED)
    return replace(cell, note="; ".join(word for word in said if word))


def _in_order(cell: Cell) -> Cell:
    """The cell's flags in the order of their definition, so that the result does not tell how it was reached."""
    return replace(cell, flags=tuple(flag for flag in Flag if flag in cell.flags))


def _with_low_score(cell: Cell, settings: ReportSettings) -> Cell:
    limit = settings.low_score if cell.role is CellRole.DATA else settings.low_label_score
    if not cell.text.strip() or Flag.REPAIRED in cell.flags:
        return cell
    # A number's score has grown by the readings that mean the same, so that an earlier flag may not hold any more.
    if cell.value is not None:
        cell = replace(cell, flags=tuple(flag for flag in cell.flags if flag is not Flag.LOW_SCORE))
    return cell if cell.score >= limit else cell.flagged(Flag.LOW_SCORE)
