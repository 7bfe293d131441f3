"""Labels of a known form: stray marks left out, lost ones put in, and the doubts its wordings settle.

Numbers are never touched. A label loses marks that the form does not print there (a speck before `2.重复申请` is
read as a point) and what stands apart and is hardly to be read; it gains the one mark without which its numbering is
none (`(六其他处理`, `四结转`). Other letters and digits stay as they were read, so that another wording stays one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Flag, Table
from ocr_pipeline.folding import folded
from ocr_pipeline.reports.match import TableMatch

_MOST_MARKS = 2
"""A label with more marks too many was spoilt by something else than a speck."""
_COMMAS = frozenset(",，、;；")
"""Between two words these may be printed, whether the form has them or not: offices word labels with and without."""
_SETTLED = {
    Flag.LOW_SCORE: "read with a low score",
    Flag.UNDER_SEAL: "under a seal",
    Flag.INVENTED_EDGE: "a border not seen",
}
"""What a label that reads as the form has it leaves no doubt of, in words."""
_VOUCHED = "the form has this label"


def with_known_labels(table: Table, match: TableMatch | None) -> Table:
    """The table (with cell roles) with the labels of its form as the form prints them, as far as marks go, and without
    flags where they read so."""
    if match is None:
        return table
    wordings = _wordings(match)
    return replace(table, cells=tuple(_known(cell, wordings) for cell in table.cells))


def _wordings(match: TableMatch) -> frozenset[str]:
    """All labels of the matched table in every accepted wording, folded."""
    blocks = match.profile.blocks
    labels = {text for block in blocks for label in (*block.columns, *block.rows) for text in label.path}
    labels |= {block.title for block in blocks if block.title}
    return frozenset(folded(other) for text in labels for other in match.form.wordings_of(text))


def _known(cell: Cell, wordings: frozenset[str]) -> Cell:
    if cell.role is CellRole.DATA or not cell.text:
        return cell
    cleaned = (
        _without_marks(cell.text, wordings)
        or _with_numbering(cell.text, wordings)
        or (_without_piece(cell.raw, wordings) if Flag.LOW_SCORE in cell.flags else None)
    )
    if cleaned is None:
        return cell
    settled = [words for flag, words in _SETTLED.items() if flag in cell.flags]
    flags = tuple(flag for flag in cell.flags if flag not in _SETTLED)
    cell = replace(cell, text=cleaned, flags=flags)
    if not settled or (cell.note and _VOUCHED in cell.note):
        return cell
    return replace(cell, note="; ".join(word for word in (cell.note, *settled, _VOUCHED) if word))


def _without_marks(text: str, wordings: frozenset[str]) -> str | None:
    """The text with the fewest marks left out so that it is one of the wordings; None where there is no such."""
    if folded(text) in wordings:
        return text
    found = [places for wording in wordings if (places := _marks_beyond(text, wording)) is not None]
    if not found:
        return None
    fewest = min(found, key=len)
    return "".join(character for place, character in enumerate(text) if place not in fewest).strip()


_ORDINAL = re.compile(r"(?P<open>[(（]?)[一二三四五六七八九十]{1,3}|\d{1,2}(?P<colon>[:：])")


def _with_numbering(text: str, wordings: frozenset[str]) -> str | None:
    """The text with the mark behind its ordinal that was lost, or read as a colon, if so it is one of the wordings."""
    ordinal = _ORDINAL.match(text)
    if ordinal is None:
        return None
    number, rest = text[: ordinal.end()], text[ordinal.end() :]
    if ordinal["colon"]:
        whole = f"{number[:-1]}.{rest}"
    else:
        closing = {"(": ")", "（": "）"}.get(ordinal["open"], "、")
        whole = f"{number}{closing}{rest}"
    return whole if folded(whole) in wordings else None


_PIECE = 2
"""Characters that a blot beside a label is read as, at most."""


def _without_piece(raw: str, wordings: frozenset[str]) -> str | None:
    """The reading without the one short piece of it, standing apart on its line or on one of its own, without which it
    is one of the wordings; None where there is no such, or several."""
    pieces = raw.split()
    short = [place for place, piece in enumerate(pieces) if len(piece) <= _PIECE]
    rests = {"".join(pieces[:place] + pieces[place + 1 :]) for place in short}
    found = [rest for rest in rests if rest and folded(rest) in wordings]
    return found[0] if len(found) == 1 else None


def _marks_beyond(text: str, wording: str) -> frozenset[int] | None:
    """Where in a text marks stand that a folded wording has not; None where they differ in anything else."""
    places: list[int] = []
    rest = wording
    for place, character in enumerate(text):
        plain = folded(character)
        if rest.startswith(plain):
            rest = rest[len(plain) :]
        elif _is_stray(text, place) and len(places) < _MOST_MARKS:
            places.append(place)
        else:
            return None
    return None if rest else frozenset(places)


def _is_stray(text: str, place: int) -> bool:
    """Whether a character can be a speck: punctuation or a sign, no comma between two words."""
    if unicodedata.category(text[place])[0] not in "PS":
        return False
    beside = text[:place][-1:], text[place + 1 :][:1]
    return text[place] not in _COMMAS or not all(other.isalpha() for other in beside)
