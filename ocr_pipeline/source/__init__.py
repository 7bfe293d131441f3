"""Files to page images: PDF, TIFF, JPEG and PNG, one page in memory at a time."""

from ocr_pipeline.source.base import Source
from ocr_pipeline.source.opening import open_source
from ocr_pipeline.source.selection import PageSelection, PageSelectionError
from ocr_pipeline.source.sniff import SourceKind

__all__ = ["PageSelection", "PageSelectionError", "Source", "SourceKind", "open_source"]
