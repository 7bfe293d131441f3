"""What every source of pages offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ocr_pipeline.errors import InputFileError, TooLargeError
from ocr_pipeline.source.sniff import SourceKind

if TYPE_CHECKING:
    from ocr_pipeline.settings import SourceSettings
    from ocr_pipeline.stages import PageImage

_LONGEST_SIDE = 32_767
"""OpenCV straightens pictures by coordinates of 16 bits; A0 at 600 dpi has 28,000 pixels."""


class Source(ABC):
    """An open file of pages; a context manager. It holds one page at a time and keeps none that it handed out.

    path: the file. kind: what it is. sha256: of its bytes, lower-case hex. page_count: all its pages.
    indices: the 0-based indices of the pages selected, ascending.
    """

    def __init__(self, path: Path, kind: SourceKind, sha256: str, page_count: int, settings: SourceSettings) -> None:
        self.path = path
        self.kind = kind
        self.sha256 = sha256
        self.page_count = page_count
        self.indices: tuple[int, ...] = tuple(range(page_count))
        self._settings = settings

    @abstractmethod
    def read_page(self, index: int) -> PageImage:
        """The page with that 0-based index, in the file's own pixels where the file has pixels.

        Raises PipelineError (InputFileError, TooLargeError) when this one page cannot be read; the others still can.
        IndexError when there is no such page.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the file; may be called twice."""

    def __iter__(self) -> Iterator[PageImage]:
        """The selected pages in order. A page that fails ends the iteration; to go on after one, use read_page."""
        return (self.read_page(index) for index in self.indices)

    def __len__(self) -> int:
        return len(self.indices)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _page_name(self, index: int) -> str:
        return f"Page {index + 1} of {self.path}" if self.page_count > 1 else str(self.path)

    def _check_size(self, index: int, width: int, height: int) -> None:
        """Refuse a page by its size in pixels, before anything of that size is allocated."""
        self._check_pixels(index, width, height)
        if max(width, height) > _LONGEST_SIDE:
            raise TooLargeError(
                f"{self._page_name(index)} has {width} x {height} pixels; no side may be longer than {_LONGEST_SIDE}."
            )
        if min(width, height) < self._settings.min_side:
            raise InputFileError(f"{self._page_name(index)} is too small to read: {width} x {height} pixels.")

    def _check_pixels(self, index: int, width: int, height: int) -> None:
        if width * height > self._settings.max_pixels:
            raise TooLargeError(
                f"{self._page_name(index)} has {width} x {height} pixels; "
                f"the limit is {self._settings.max_pixels // 1_000_000} million in all."
            )
