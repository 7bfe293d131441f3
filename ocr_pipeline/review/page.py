"""The review page: one self-contained HTML file, offline, that nothing read from a scan can script.

Texts reach the page only as JSON in an inert script element and the screen only by `textContent`; the page's content
policy allows its own style and script by their hashes and nothing else, no network included.
"""

from __future__ import annotations

import base64
import hashlib
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from ocr_pipeline.document import Document
from ocr_pipeline.export.atomic import make_folder, write_atomic
from ocr_pipeline.review.corrections import Corrections
from ocr_pipeline.review.data import page_data, script_json
from ocr_pipeline.review.pictures import PagePictures, picture_script

_PAGE_SCRIPTS = (
    "words.js", "dom.js", "model.js", "checks.js", "paper.js", "results.js", "choice.js", "crop.js", "panel.js",
    "edit.js", "save.js", "main.js",
)  # fmt: skip
_SHELF_SCRIPTS = ("words.js", "dom.js", "shelf.js")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a served page saves: the address to post corrections to, the session's token, the list of filings."""

    save_url: str
    token: str
    list_url: str


def write_review(document: Document, images: PagePictures, path: Path | str) -> None:
    """Writes the review page of a document to path, atomically.

    images gives the JPEG of a page by its index (see `pictures.page_jpeg`), in the source frame at any resolution.
    Pages that failed or whose size is zero get no picture. OutputError when the file cannot be written.
    """
    path = Path(path)
    make_folder(path.parent)
    # Piece by piece: the pictures of a hundred pages are 30 MB.
    write_atomic(path, (piece.encode() for piece in _review_pieces(document, images, None, None)))


def review_html(
    document: Document, images: PagePictures, corrections: Corrections | None = None, desk: Desk | None = None
) -> str:
    """The review page as text: alone, or served (with a desk) and with the corrections saved so far."""
    return "".join(_review_pieces(document, images, corrections, desk))


def _review_pieces(
    document: Document, images: PagePictures, corrections: Corrections | None, desk: Desk | None
) -> Iterator[str]:
    data = page_data(document, corrections)
    data["desk"] = {"save": desk.save_url, "token": desk.token, "list": desk.list_url} if desk else None
    shown = (page.index for page in document.pages if page.width > 0 and page.height > 0)
    return _assemble("page.html", ("base.css", "page.css"), _PAGE_SCRIPTS, data, shown, images, desk is not None)


def shelf_html(data: object) -> str:
    """The list of filings as text; data is what shelf.js reads."""
    return "".join(_assemble("shelf.html", ("base.css", "shelf.css"), _SHELF_SCRIPTS, data, (), None, served=True))


def _assemble(
    template: str,
    styles: Iterable[str],
    scripts: Iterable[str],
    data: object,
    shown: Iterable[int],
    images: PagePictures | None,
    served: bool,
) -> Iterator[str]:
    """The page in pieces, one for each picture."""
    style = "\n".join(_asset(name) for name in styles)
    script = '"use strict";\n(() => {\n' + "\n".join(_asset(name) for name in scripts) + "\n})();\n"
    values = {"policy": _policy(style, script, served), "style": style, "script": script, "data": script_json(data)}
    before, _, after = _asset(template).partition("$pictures")
    yield string.Template(before).substitute(values)
    for number, index in enumerate(shown if images else ()):
        assert images is not None, "there are no pictures to show"
        yield ("\n" if number else "") + picture_script(index, images(index))
    yield string.Template(after).substitute(values)


def _policy(style: str, script: str, served: bool) -> str:
    rules = {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": _hash(style),
        "script-src": _hash(script),
        "connect-src": "'self'" if served else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",  # a slip to innerHTML would throw
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii") + "'"


@cache
def _asset(name: str) -> str:
    return (files("ocr_pipeline.review") / "assets" / name).read_text(encoding="utf-8")
