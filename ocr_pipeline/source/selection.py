"""Which pages to read, as people write it: 1-based, `2-5,9`, `7-`, `-3`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ocr_pipeline.errors import ExitCode, PipelineError

_PIECE = re.compile(r"(?P<first>[0-9]{1,9})?(?:\s*(?P<dash>-)\s*(?P<last>[0-9]{1,9})?)?", re.ASCII)


class PageSelectionError(PipelineError, ValueError):
    """The selection cannot be understood, or names a page the file does not have."""

    exit_code = ExitCode.BAD_ARGUMENTS
    remedy = "Write pages as in 2-5,9 or 7-; the first page is 1."


@dataclass(frozen=True)
class PageSelection:
    """Ranges of 1-based page numbers, both ends included; None as the last page means the end of the file."""

    ranges: tuple[tuple[int, int | None], ...]

    @classmethod
    def of(cls, pages: PageSelection | str | None) -> PageSelection | None:
        """What is asked for: a selection, its text, or None for all pages. PageSelectionError for anything else."""
        if pages is None or isinstance(pages, cls):
            return pages
        if not isinstance(pages, str):
            raise PageSelectionError(f"Pages are given as text, not as {type(pages).__name__}.")
        return cls.parse(pages)

    @classmethod
    def parse(cls, text: str) -> PageSelection:
        """Read a selection such as `2-5,9` or `7-` (full-width digits and marks too).

        Raises PageSelectionError naming the piece that is wrong.
        """
        # A Chinese keyboard types full-width digits, dashes and commas; NFKC makes them the plain ones.
        plain = unicodedata.normalize("NFKC", text).replace("–", "-").replace("、", ",")
        return cls(tuple(_parse_piece(piece.strip(), text) for piece in plain.split(",")))

    def indices(self, page_count: int, name: str = "the file") -> tuple[int, ...]:
        """The 0-based indices of the pages selected in a file of page_count pages, ascending, each once.

        name: the file's. Raises PageSelectionError when a page is beyond the end.
        """
        chosen: set[int] = set()
        for first, last in self.ranges:
            wanted = first if last is None else last
            if max(first, wanted) > page_count:
                pages = "1 page" if page_count == 1 else f"{page_count} pages"
                raise PageSelectionError(f"Page {wanted} was asked for, but {name} has {pages}.", "")
            chosen.update(range(first - 1, page_count if last is None else last))
        return tuple(sorted(chosen))

    def __str__(self) -> str:
        return ",".join(_piece_text(first, last) for first, last in self.ranges)


def _piece_text(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}-"
    return str(first) if first == last else f"{first}-{last}"


def _parse_piece(piece: str, whole: str) -> tuple[int, int | None]:
    match = _PIECE.fullmatch(piece)
    if not match or (match["first"] is None and match["last"] is None):
        raise PageSelectionError(f"Not a page or a range of pages: {piece!r} in {whole!r}.")
    first = int(match["first"]) if match["first"] else 1
    last = first if not match["dash"] else int(match["last"]) if match["last"] else None
    if first == 0 or last == 0:
        raise PageSelectionError(f"There is no page 0: {piece!r} in {whole!r}.")
    if last is not None and last < first:
        raise PageSelectionError(f"The range runs backwards: {piece!r} in {whole!r}.")
    return first, last
