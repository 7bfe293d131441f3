"""The pages to read: of made samples and of labelled real pages, each an image with its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from ocr_pipeline.errors import InputFileError
from ocr_pipeline.evaluation.loading import load_truth
from ocr_pipeline.evaluation.page_images import PageImages, ScanFile, find_scan
from ocr_pipeline.evaluation.page_slice import slice_page
from ocr_pipeline.evaluation.pairing import stem_of, truth_files
from ocr_pipeline.evaluation.records import DocumentRecord
from ocr_pipeline.geometry import Box

REAL = "real"


@dataclass(frozen=True)
class PageCase:
    """One page. group: the level of a made sample, or real; regions: where its tables are, pixels of the image."""

    name: str
    group: str
    image: Path
    truth: DocumentRecord

    @property
    def regions(self) -> tuple[Box, ...]:
        return tuple(part.box for table in self.truth.tables for part in table.parts if part.box is not None)


def sample_pages(folder: Path, work: Path, limit: int) -> list[PageCase]:
    """Pages of the made samples in a folder and its sub-folders (levels), limit of each group (0: all)."""
    cases: list[PageCase] = []
    folders = sorted({path.parent for path in folder.rglob("*.truth.json")})
    for place in folders:
        documents = [_document_pages(truth, place.name, work) for truth in truth_files(place)]
        cases += _choose(documents, limit)
    return cases


def real_pages(folder: Path, limit: int) -> list[PageCase]:
    """The labelled pages of a folder (labels/ beside the images)."""
    cases = []
    for label in truth_files(folder):
        image = find_scan(stem_of(label), (folder, label.parent))
        if image is not None:
            cases.append(PageCase(stem_of(label), REAL, image, load_truth(label)))
    return cases[: limit or None]


def _document_pages(truth: Path, group: str, work: Path) -> list[PageCase]:
    """A made document's pages, each written as a PNG of its source frame. InputFileError where the scan is not there or
    is not the one of the truth."""
    import cv2

    document = load_truth(truth)
    scan = find_scan(stem_of(truth), (truth.parent,))
    if scan is None:
        raise InputFileError(f"There is no scan beside {truth}.")
    images = PageImages((ScanFile(document.name, scan, tuple((p.index, p.width) for p in document.pages)),))
    cases = []
    for page in document.pages:
        pixels = images.page(document.name, page.index)
        if pixels is None or pixels.shape[1::-1] != (page.width, page.height):
            raise InputFileError(f"Page {page.index + 1} of {scan} has not the size that its truth says.")
        sliced = slice_page(document, page)
        image = work / f"{sliced.name}.png"
        cv2.imwrite(str(image), pixels)
        cases.append(PageCase(sliced.name, group, image, sliced))
    return cases


def _choose(documents: Sequence[Sequence[PageCase]], limit: int) -> list[PageCase]:
    """So many pages, one document after the other; pages with tables first, but every fourth one of running text."""
    tables = _in_turn([[case for case in pages if case.truth.tables] for pages in documents])
    prose = _in_turn([[case for case in pages if not case.truth.tables] for pages in documents])
    if not limit:
        return tables + prose
    prose_share = min(limit // 4, len(prose))
    return [*tables[: limit - prose_share], *prose[:prose_share]]


def _in_turn(documents: Sequence[Sequence[PageCase]]) -> list[PageCase]:
    return [case for turn in zip_longest(*documents) for case in turn if case is not None]
