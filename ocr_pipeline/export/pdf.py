"""The source as a PDF whose text can be selected and searched, its page images as they were."""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pymupdf
from PIL import Image

from ocr_pipeline.document import Document
from ocr_pipeline.errors import InputFileError, OutputError
from ocr_pipeline.export.archive import mark_archival
from ocr_pipeline.export.atomic import write_atomic
from ocr_pipeline.export.glyphless import GlyphlessFont, text_length
from ocr_pipeline.export.textlayer import Piece, text_pieces
from ocr_pipeline.geometry import ColourImage, Point
from ocr_pipeline.settings import SourceSettings
from ocr_pipeline.source import Source, SourceKind, open_source
from ocr_pipeline.source.pdf import open_pdf
from ocr_pipeline.source.scanned import placed_images

_FONT_NAME = "OcrPipelineText"
_MARK = "OcrPipelineLayer"
"""A key in the streams added, by which a later run finds and replaces them."""
_EXIF_ORIENTATION = 0x0112
_TURNS = {1: 0, 3: 180, 6: 90, 8: 270}
"""Degrees clockwise by EXIF orientation; the mirrored ones (2, 4, 5, 7) no scanner writes."""


def write_searchable_pdf(document: Document, source: Path | str, path: Path | str) -> None:
    """Write the source file as a PDF with the document's text laid invisibly over the print.

    A PDF keeps its pages, images, labels and sizes as they are; text laid over it by an earlier run is replaced, any
    other text in it stays. Pictures become one page each: a JPEG by its own bytes, others without loss. The text of
    each cell lies inside the cell, one line a printed line. The file is PDF/A-2b where everything in the source allows
    it (see archive).
    Raises InputFileError, EncryptedError or UnsupportedError for the source, OutputError naming the path.
    """
    source, path = Path(source), Path(path)
    if path.exists() and path.samefile(source):
        raise OutputError(f"{path} is the source itself and is not overwritten.", "Choose another name.")
    with open_source(source, SourceSettings()) as opened:
        is_pdf = opened.kind is SourceKind.PDF
        with _naming(source), closing(open_pdf(source) if is_pdf else _bound(opened)) as pdf:
            font, streams = _add_text(pdf, document, source)
            mark_archival(pdf, font, streams)
            named = _identify(pdf, document, streams)
            # Nothing is collected, recompressed or renumbered: what was in the file stays as it was.
            content = pdf.tobytes(garbage=0, deflate=False, encryption=pymupdf.PDF_ENCRYPT_KEEP, no_new_id=named)
    write_atomic(path, content)


@contextmanager
def _naming(source: Path) -> Iterator[None]:
    """PyMuPDF's exceptions as a sentence that names the file."""
    try:
        yield
    except (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError) as error:
        raise InputFileError(f"{source} is damaged: no text can be added to it.") from error


def _identify(pdf: pymupdf.Document, document: Document, streams: set[int]) -> bool:
    """Give the file the number that its content asks for, in place of one by chance: the same document makes the same
    file. Not where a key for decryption depends on it."""
    if pdf.metadata.get("encryption"):
        return False
    layers = b"".join(pdf.xref_stream_raw(xref) for xref in sorted(streams))
    own = hashlib.sha256(document.source.sha256.encode() + layers).hexdigest()[:32]
    first = re.match(r"\[\s*<([0-9A-Fa-f]+)>", pdf.xref_get_key(-1, "ID")[1])
    pdf.xref_set_key(-1, "ID", f"[<{first.group(1) if first else own}><{own}>]")
    return True


# --- the text layer ----------------------------------------------------------------------------------------------


def _add_text(pdf: pymupdf.Document, document: Document, source: Path) -> tuple[int | None, set[int]]:
    """The font and the streams added, by their numbers."""
    for page in pdf:
        _drop_earlier_layer(pdf, page)
    font = GlyphlessFont()
    sizes = {page.index: (page.width, page.height) for page in document.pages}
    layers = {
        index: _layer(pieces, _to_pdf(pdf[index], *sizes[index]), font)
        for index, pieces in text_pieces(document).items()
        if _has_page(pdf, index, source) and sizes.get(index, (0, 0)) > (0, 0)
    }
    if not layers:
        return None, set()
    font_xref = font.write(pdf)
    streams: set[int] = set()
    for index, layer in layers.items():
        streams |= _append(pdf, pdf[index], layer, font_xref)
    return font_xref, streams


def _has_page(pdf: pymupdf.Document, index: int, source: Path) -> bool:
    if index >= pdf.page_count:
        raise InputFileError(
            f"{source} has {pdf.page_count} pages, but the document speaks of page {index + 1}.",
            "Give the file that the document was read from.",
        )
    return True


def _to_pdf(page: pymupdf.Page, width: int, height: int) -> pymupdf.Matrix:
    """Source pixels to the page's own PDF coordinates."""
    frame = _image_frame(page, width, height)
    shown = pymupdf.Matrix(frame.width / width, 0, 0, frame.height / height, frame.x0, frame.y0)
    box, transform = pymupdf.mupdf.FzRect(), pymupdf.mupdf.FzMatrix()
    pymupdf.mupdf.pdf_page_transform(pymupdf.mupdf.pdf_page_from_fz_page(page.this), box, transform)
    back = ~pymupdf.Matrix(transform.a, transform.b, transform.c, transform.d, transform.e, transform.f)
    return shown * back


def _image_frame(page: pymupdf.Page, width: int, height: int) -> pymupdf.Rect:
    """The rectangle (points, page as displayed) that the source pixels fill: the one scan's, which may miss the
    page's edge by a few points, else the page."""
    images = placed_images(page)
    if len(images) == 1 and {images[0].width, images[0].height} == {width, height}:
        frame = pymupdf.Rect(0, 0, 1, 1) * pymupdf.Matrix(images[0].matrix)
        near = max(abs(a - b) for a, b in zip(frame, page.rect, strict=True))
        if near <= 0.01 * max(page.rect.width, page.rect.height):
            return frame
    return page.rect


def _layer(pieces: Sequence[Piece], to_pdf: pymupdf.Matrix, font: GlyphlessFont) -> bytes:
    """The drawing commands of a page's text, drawn in no colour (mode 3)."""
    lines = ["q", "BT", "3 Tr"]
    lines += [command for piece in pieces for command in _commands(piece, to_pdf, font)]
    return "\n".join([*lines, "ET", "Q", ""]).encode("ascii")


def _commands(piece: Piece, to_pdf: pymupdf.Matrix, font: GlyphlessFont) -> Iterator[str]:
    start, end = (pymupdf.Point(point) * to_pdf for point in (piece.start, piece.end))
    length = max(math.dist(start, end), 1e-3)
    size = max(piece.height * math.sqrt(abs(to_pdf.a * to_pdf.d - to_pdf.b * to_pdf.c)), 1e-3)
    along: Point = ((end.x - start.x) / length, (end.y - start.y) / length)
    stretch = 100 * length / (size * text_length(piece.text))
    yield f"/{_FONT_NAME} {size:.4f} Tf"
    yield f"{along[0]:.6f} {along[1]:.6f} {-along[1]:.6f} {along[0]:.6f} {start.x:.3f} {start.y:.3f} Tm"
    yield f"{stretch:.4f} Tz {font.encode(piece.text)} Tj"
    if piece.parted:
        # A thin blank in the margin: without it some readers join the numbers of neighbouring cells.
        yield f"10 Tz {font.encode(' ')} Tj"


def _append(pdf: pymupdf.Document, page: pymupdf.Page, layer: bytes, font_xref: int) -> set[int]:
    page.wrap_contents()
    _register_font(pdf, page.xref, font_xref)
    # The page's own commands may end with a changed frame of reference: they are put in brackets.
    before, after = _new_stream(pdf, b"q\n"), _new_stream(pdf, b"\nQ\n" + layer)
    _set_contents(pdf, page, [before, *page.get_contents(), after])
    return {before, after}


def _drop_earlier_layer(pdf: pymupdf.Document, page: pymupdf.Page) -> None:
    parts = page.get_contents()
    kept = [xref for xref in parts if pdf.xref_get_key(xref, _MARK)[0] == "null"]
    if len(kept) < len(parts):
        _set_contents(pdf, page, kept)


def _set_contents(pdf: pymupdf.Document, page: pymupdf.Page, parts: Sequence[int]) -> None:
    pdf.xref_set_key(page.xref, "Contents", "[" + " ".join(f"{xref} 0 R" for xref in parts) + "]")


def _new_stream(pdf: pymupdf.Document, content: bytes) -> int:
    xref: int = pdf.get_new_xref()
    pdf.update_object(xref, f"<</{_MARK} true>>")
    pdf.update_stream(xref, content)
    return xref


def _register_font(pdf: pymupdf.Document, page_xref: int, font_xref: int) -> None:
    """Name the font in the page's resources, which may be its own, another object's or inherited."""
    owner, path = _resolve(pdf, page_xref, "Resources")
    if path and pdf.xref_get_key(owner, path)[0] == "null":
        pdf.xref_set_key(page_xref, "Resources", _inherited_resources(pdf, page_xref))
        owner, path = _resolve(pdf, page_xref, "Resources")
    owner, path = _resolve(pdf, owner, f"{path}/Font".lstrip("/"))
    if path and pdf.xref_get_key(owner, path)[0] == "null":
        pdf.xref_set_key(owner, path, "<<>>")
    pdf.xref_set_key(owner, f"{path}/{_FONT_NAME}".lstrip("/"), f"{font_xref} 0 R")


def _resolve(pdf: pymupdf.Document, owner: int, path: str) -> tuple[int, str]:
    """The object that holds an entry and the path within it; the path is empty where the entry is an object."""
    kind, value = pdf.xref_get_key(owner, path)
    return (int(value.split()[0]), "") if kind == "xref" else (owner, path)


def _inherited_resources(pdf: pymupdf.Document, xref: int) -> str:
    seen: set[int] = set()
    while xref not in seen:
        seen.add(xref)
        kind, value = pdf.xref_get_key(xref, "Resources")
        if kind in ("xref", "dict"):
            return str(value)
        kind, parent = pdf.xref_get_key(xref, "Parent")
        if kind != "xref":
            break
        xref = int(parent.split()[0])
    return "<<>>"


# --- pictures ----------------------------------------------------------------------------------------------------


def _bound(source: Source) -> pymupdf.Document:
    """The pictures of a file as a PDF, one page each, at their size on paper."""
    pdf = pymupdf.open()
    for index in range(source.page_count):
        read = source.read_page(index)
        height, width = read.image.shape[:2]
        scale = 72 / read.dpi
        content, turn = _picture(source, read.image)
        size = (height, width) if turn in (90, 270) else (width, height)
        page = pdf.new_page(width=size[0] * scale, height=size[1] * scale)
        page.insert_image(page.rect, stream=content, keep_proportion=False)
        page.set_rotation(turn)
    return pdf


def _picture(source: Source, image: ColourImage) -> tuple[bytes, int]:
    """The bytes to embed, and the degrees clockwise by which they are to be shown turned."""
    if source.kind is SourceKind.JPEG:
        content = source.path.read_bytes()
        with Image.open(io.BytesIO(content)) as picture:
            turn = _TURNS.get(picture.getexif().get(_EXIF_ORIENTATION, 1))
        if turn is not None:
            return content, turn
    return _png(image), 0


def _png(image: ColourImage) -> bytes:
    """The pixels as PNG, gray or black and white where they are."""
    gray = image[:, :, 0]
    if (image != gray[:, :, None]).any():
        picture = Image.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
    elif ((gray == 0) | (gray == 255)).all():
        picture = Image.fromarray(np.ascontiguousarray(gray)).convert("1", dither=Image.Dither.NONE)
    else:
        picture = Image.fromarray(np.ascontiguousarray(gray))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
