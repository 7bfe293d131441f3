"""A document as it was read, made fit to rely on: forms, values, checks, repair, flags, review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Document, Flag, Table
from ocr_pipeline.reports.calibrate import with_calibrated_scores, with_raw_scores
from ocr_pipeline.reports.checks import Vouchers, checked, equations_of, open_checks, vouchers_of
from ocr_pipeline.reports.complete import flagged_merged, missing_parts, missing_tables
from ocr_pipeline.reports.equations import Equation
from ocr_pipeline.reports.headers import assign_cell_roles
from ocr_pipeline.reports.known_labels import with_known_labels
from ocr_pipeline.reports.loose import loose_ends, with_parts_said
from ocr_pipeline.reports.match import TableMatch, match_table
from ocr_pipeline.reports.misfit import in_doubt, misfits
from ocr_pipeline.reports.parted_cells import with_cells_parted
from ocr_pipeline.reports.patterned import with_patterns
from ocr_pipeline.reports.persons import has_persons, with_persons
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.reports.repair import repaired
from ocr_pipeline.reports.reshape import reshaped
from ocr_pipeline.reports.review import build_review
from ocr_pipeline.reports.typed import with_values
from ocr_pipeline.reports.values import parse
from ocr_pipeline.settings import ReportSettings


def apply_reports(document: Document, settings: ReportSettings, profiles: Sequence[FormProfile]) -> Document:
    """The document with roles, profile, values, checks, repairs and flags of its tables, a review list, and scores that
    are probabilities.

    Pure, and idempotent: applied to its own result it changes nothing. What a person corrected or confirmed keeps its
    text and flags whatever the rules say of it; they may doubt the cells beside it.
    """
    document = with_raw_scores(document)
    worked = with_parts_said([apply_to_table(table, settings, profiles) for table in document.tables], profiles)
    tables = tuple(with_persons(*pair) for pair in zip(document.tables, worked, strict=True))
    document = replace(document, tables=tables)
    document = replace(document, review=build_review(document, missing_tables(document, profiles)))
    return with_calibrated_scores(document)


def apply_to_table(table: Table, settings: ReportSettings, profiles: Sequence[FormProfile]) -> Table:
    """One table: match, values, checks, repair, checks again, flags."""
    table, match = in_shape(table, settings, profiles)
    table = with_cells_parted(table, match)
    missing = missing_parts(table, match)
    out_of_shape = misfits(table, match) if match is not None else loose_ends(table)
    table = with_values(flagged_merged(table, missing), match)
    table, equations = _mended(table, match, settings)
    table = checked(table, equations, settings)
    vouchers = vouchers_of(table.checks)
    scored = (_with_low_score(cell, vouchers, settings) for cell in table.cells)
    cells = tuple(_trusted(cell, vouchers, settings) for cell in scored)
    if match is not None:
        cells = tuple(_doubted_alike(cells, vouchers, settings))
    table = with_patterns(with_known_labels(replace(table, cells=cells), match))
    table = in_doubt(table, out_of_shape)
    checks = table.checks + missing + out_of_shape + open_checks(table, match)
    return replace(table, cells=tuple(_in_order(cell) for cell in table.cells), checks=checks)


def _mended(table: Table, match: TableMatch | None, settings: ReportSettings) -> tuple[Table, tuple[Equation, ...]]:
    """The table repaired as far as its rules go, and the rules: in a form not known mended numbers bring out more."""
    while True:
        equations = equations_of(table, match, settings)
        mended = repaired(table, equations, settings)
        if mended is table or (mended := with_values(mended, match)) == table:
            return table, equations
        table = mended


_MOST_LINES = 12
"""Lines put in or taken out of one table; beyond that its shape is no form's."""


def in_shape(
    table: Table, settings: ReportSettings, profiles: Sequence[FormProfile]
) -> tuple[Table, TableMatch | None]:
    """The table with cell roles, in the shape of its form as far as that is certain, and the match.

    One that a person corrected stays in the shape they saw: corrections name cells by their place."""
    found, match = matched(table, settings, profiles)
    if has_persons(table):
        return found, match
    for _ in range(_MOST_LINES):
        mended = reshaped(found, match)
        if mended is found:
            break
        again, rematch = matched(mended, settings, profiles)
        if again.profile != found.profile:
            break  # whatever was mended, it made it less like the form
        found, match = again, rematch
    return found, match


def matched(table: Table, settings: ReportSettings, profiles: Sequence[FormProfile]) -> tuple[Table, TableMatch | None]:
    """The table with cell roles and the key of its profile, and the match itself (None for an unknown form)."""
    table = assign_cell_roles(table)
    match = match_table(table, profiles, settings)
    return replace(table, profile=match.profile.key if match else None), match


_TWO_SUMS, _ONE_SUM = "two sums confirm it", "a sum confirms it"


def _trusted(cell: Cell, vouchers: Vouchers, settings: ReportSettings) -> Cell:
    """A number that two sums confirm is not in doubt for its score, a speck taken off it, a seal over it or a border
    not seen; one sum is enough where it was read well."""
    place = cell.row, cell.col
    if place in vouchers.two:
        lifted = {Flag.LOW_SCORE, Flag.CORRECTED, Flag.UNDER_SEAL}
        # Over several squares it is several numbers, whatever the sums.
        lifted |= {Flag.INVENTED_EDGE} if cell.row_span == cell.col_span == 1 else set()
        return _lifted(cell, lifted, _TWO_SUMS)
    if place in vouchers.one and cell.score >= settings.low_score:
        return _lifted(cell, {Flag.CORRECTED, Flag.UNDER_SEAL}, _ONE_SUM)
    return cell


_DAMAGED = frozenset((Flag.LOW_SCORE, Flag.UNPARSED_NUMBER, Flag.UNREAD_INK))
"""What the readings of a damaged table say of themselves."""


def _doubted_alike(cells: Sequence[Cell], vouchers: Vouchers, settings: ReportSettings) -> Iterator[Cell]:
    """The cells of a known form, in a table of which many numbers are in doubt with every number in doubt that no sum
    confirms: what damaged these (streaks, a fax) makes a recogniser certain of wrong figures, too."""
    numbers = [cell for cell in cells if cell.role is CellRole.DATA and cell.text.strip()]
    doubted = sum(not _DAMAGED.isdisjoint(cell.flags) for cell in numbers)
    damaged = doubted > max(settings.damaged_share * len(numbers), settings.damaged_least - 1)
    for cell in cells:
        alone = cell.role is CellRole.DATA and cell.text.strip() and (cell.row, cell.col) not in vouchers.one
        yield cell.flagged(Flag.LOW_SCORE) if damaged and alone and Flag.REPAIRED not in cell.flags else cell


def _lifted(cell: Cell, flags: set[Flag], why: str) -> Cell:
    if parse(cell.text).unit is not None:
        flags = flags - {Flag.CORRECTED}  # sums speak for the number, not for what stands behind it
    if cell.value is None or not flags & set(cell.flags):
        return cell
    under_seal = Flag.UNDER_SEAL in cell.flags
    cell = replace(cell, flags=tuple(flag for flag in cell.flags if flag not in flags))
    if cell.note is not None and cell.note.endswith((_TWO_SUMS, _ONE_SUM)):
        return cell
    said = (cell.note, "under a seal" if under_seal else None, why)
    return replace(cell, note="; ".join(word for word in said if word))


def _in_order(cell: Cell) -> Cell:
    """The cell's flags in the order of their definition, so that the result does not tell how it was reached."""
    if len(cell.flags) < 2:
        return cell
    return replace(cell, flags=tuple(flag for flag in Flag if flag in cell.flags))


_LONG = 4


def _with_low_score(cell: Cell, vouchers: Vouchers, settings: ReportSettings) -> Cell:
    if not cell.text.strip() or Flag.REPAIRED in cell.flags:
        return cell
    limit = settings.low_label_score
    if cell.role is CellRole.DATA:
        alone = cell.value is not None and (cell.row, cell.col) not in vouchers.one
        limit = settings.low_score
        if alone:
            limit = settings.low_score_long if len(cell.text) >= _LONG else settings.low_score_alone
    # A number's score has changed by the readings that mean the same, so that an earlier flag may not hold any more.
    if cell.value is not None:
        cell = replace(cell, flags=tuple(flag for flag in cell.flags if flag is not Flag.LOW_SCORE))
    return cell if cell.score >= limit else cell.flagged(Flag.LOW_SCORE)
