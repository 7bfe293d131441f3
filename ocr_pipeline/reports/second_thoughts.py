"""What else a cell may say: the recogniser's own other readings, and numbers that sums demand of a cell in doubt.

What a person said of a cell is nothing else and not in doubt."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ocr_pipeline.document import Alternative, Cell, Flag
from ocr_pipeline.reports.equations import Figure, figure_of
from ocr_pipeline.reports.values import Holds, Parsed, fold, on_two_lines, parse_in
from ocr_pipeline.settings import ReportSettings

_LEAST = 1e-6
"""Scores below this are taken for this; a recogniser's own zeros are not to be believed to the last digit."""
_UNSEEN = 0.01
"""Of what is misread this share stands for a number that the recogniser did not think of, as under a stamp."""


@dataclass(frozen=True)
class SecondThought:
    """Another reading of a cell. cost: minus the log of its likelihood against the first reading's."""

    text: str
    value: int | float
    score: float
    figure: Figure
    cost: float


_DAMAGE = (Flag.UNDER_SEAL, Flag.UNREAD_INK, Flag.CORRECTED)


def is_damaged(cell: Cell) -> bool:
    """Whether something hides print in a cell, or hid it before: a stamp, ink that was not read, dirt."""
    return not cell.by_person and any(flag in _DAMAGE for flag in cell.flags)


def is_open(cell: Cell, settings: ReportSettings) -> bool:
    """Whether a cell is in doubt by itself: not readable as a number, or hardly, or under a stamp, which may hide a
    number altogether. Not so a number altered before, and print on two lines or over several squares, which is two
    numbers rather than one; but under a stamp one of the lines may be the stamp's."""
    if cell.by_person or Flag.REPAIRED in cell.flags or cell.row_span > 1 or cell.col_span > 1:
        return False
    if on_two_lines(cell) and Flag.UNDER_SEAL not in cell.flags:
        return False
    if cell.value is None:
        return is_damaged(cell) or not figure_of(cell).readable
    return cell.score < (settings.certain_score if is_damaged(cell) else settings.low_score)


def worked_out(cell: Cell, number: Fraction) -> SecondThought | None:
    """The number that a sum demands of an open cell as a reading; None where it cannot stand there: it is negative or
    a fraction where a count is wanted, or longer than what was read, or of two lines read in neither."""
    if number < 0 or (number.denominator > 1 and not isinstance(cell.value, float)):
        return None
    value = int(number) if number.denominator == 1 else float(number)
    text = str(value)
    read = fold(cell.text)
    if read and len(text) > len(read) + 1:
        return None
    if on_two_lines(cell) and text not in cell.raw:
        return None
    doubt = 1.0 - cell.score if cell.value is not None else 1.0
    return _thought(cell, value, [(_UNSEEN * doubt, text)])


def second_thoughts(cell: Cell, settings: ReportSettings) -> tuple[SecondThought, ...]:
    """The recogniser's other readings of a cell that are numbers; none where the first reading is certain or was
    altered before."""
    if cell.by_person or Flag.REPAIRED in cell.flags or not (cell.alternatives or cell.value is None):
        return ()
    if cell.value is not None and cell.score >= settings.certain_score:
        return ()
    if cell.value is None and figure_of(cell).readable:
        return ()  # a blank or a dash is not turned into a number by arithmetic
    holds = Holds.INTEGER if isinstance(cell.value, int) else Holds.DECIMAL
    shares: dict[int | float, list[tuple[float, str]]] = defaultdict(list)
    for other in (*cell.alternatives, *_by_shape(cell)):
        parsed = parse_in(other.text, holds)
        if parsed.value is not None and parsed.value != cell.value:
            shares[parsed.value].append((other.score, _bare_number(parsed, other.text, cell)))
    return tuple(_thought(cell, value, found) for value, found in shares.items())


_ROUND = frozenset("UuCcGgDdnaoOeqQ日囗口回臼①②⊙∩し()")
_SHAPE_SHARE = 0.2
"""How likely a lone round letter is a damaged zero; a guess that counts for nothing unless sums confirm it."""


def _by_shape(cell: Cell) -> tuple[Alternative, ...]:
    """A zero, for an unreadable cell that holds one round letter."""
    # The first character of the decomposed form is the letter without its accents.
    letter = unicodedata.normalize("NFD", fold(cell.text))[:1]
    if cell.value is None and len(fold(cell.text)) == 1 and letter in _ROUND:
        return (Alternative("0", _SHAPE_SHARE),)
    return ()


_WHOLE = re.compile(r"\d+\.0*")


def _bare_number(parsed: Parsed, text: str, cell: Cell) -> str:
    """The alternative's text, without a unit or a point and zeros that the first reading has no trace of."""
    text = parsed.corrected or text
    if _WHOLE.fullmatch(text) and "." not in fold(cell.text):
        return text.partition(".")[0]
    if parsed.unit is None or parsed.unit in fold(cell.text):
        return text
    return fold(text)[: -len(parsed.unit)]


def _thought(cell: Cell, value: int | float, found: Sequence[tuple[float, str]]) -> SecondThought:
    """All alternatives of one value together, in the words of the likeliest."""
    score = sum(share for share, _ in found)
    cost = math.log(max(_LEAST, cell.score)) - math.log(max(_LEAST, score))
    return SecondThought(max(found)[1], value, score, figure_of(replace(cell, value=value)), cost)
